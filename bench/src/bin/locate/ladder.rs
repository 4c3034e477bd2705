//! The match ladder of the HMPPS prisoner search, emulated: exact tokens only, the first rung that finds anybody answers.
//!
//! Rungs: all that was supplied, the same under an alias, prison number, PNC number, name with date of birth, family name
//! with date of birth, family name with a lenient date (day and month exchanged, another month, one day off).

use std::collections::HashMap;

use offender::{BirthDate, Known, PrisonerRecord};
use prison::PrisonerNumber;

/// Most that an answer holds.
const MOST: usize = 5;

/// What the rungs look up.
#[derive(Default)]
pub(crate) struct Ladder {
    /// By folded family name and date, and by given and family name: who, and the folded given name.
    by_family_and_date: HashMap<(u64, BirthDate), Vec<(PrisonerNumber, u64)>>,
    by_name: HashMap<(u64, u64), Vec<(PrisonerNumber, BirthDate)>>,
    by_pnc: HashMap<String, PrisonerNumber>,
    numbers: std::collections::HashSet<PrisonerNumber>,
}

impl Ladder {
    pub(crate) fn add(&mut self, record: &PrisonerRecord) {
        let Some(born) = record.date_of_birth else { return };
        let mut names = vec![(&record.first_name, &record.last_name)];
        names.extend(
            record
                .aliases
                .iter()
                .map(|alias| (&alias.first_name, &alias.last_name)),
        );
        for (first, last) in names {
            let (first, last) = (folded(first), folded(last));
            self.by_family_and_date
                .entry((last, born))
                .or_default()
                .push((record.prisoner_number, first));
            self.by_name
                .entry((first, last))
                .or_default()
                .push((record.prisoner_number, born));
        }
        self.by_pnc
            .extend(record.pnc_number.clone().map(|pnc| (pnc, record.prisoner_number)));
        self.numbers.insert(record.prisoner_number);
    }

    pub(crate) fn locate(&self, known: &Known) -> Vec<PrisonerNumber> {
        let number = known
            .prisoner_number
            .as_deref()
            .and_then(|text| text.parse().ok());
        if let Some(number) = number.filter(|number| self.numbers.contains(number)) {
            return vec![number];
        }
        if let Some(found) = known.pnc_number.as_ref().and_then(|pnc| self.by_pnc.get(pnc)) {
            return vec![*found];
        }
        let first = known.first_name.as_deref().map(folded);
        let Some(last) = known.last_name.as_deref().map(folded) else {
            return Vec::new();
        };
        let Some(born) = known.date_of_birth else {
            let named = first.and_then(|first| self.by_name.get(&(first, last)));
            return some(named.into_iter().flatten().map(|(number, _)| *number));
        };
        let on = |date: BirthDate| {
            self.by_family_and_date
                .get(&(last, date))
                .map_or(&[][..], Vec::as_slice)
        };
        let exact = some(
            on(born)
                .iter()
                .filter(|(_, given)| Some(*given) == first)
                .map(|(number, _)| *number),
        );
        if !exact.is_empty() {
            return exact;
        }
        let partial = some(on(born).iter().map(|(number, _)| *number));
        if !partial.is_empty() {
            return partial;
        }
        some(lenient(born).into_iter().flat_map(on).map(|(number, _)| *number))
    }
}

fn some(found: impl Iterator<Item = PrisonerNumber>) -> Vec<PrisonerNumber> {
    let mut kept = Vec::new();
    for number in found {
        if !kept.contains(&number) {
            kept.push(number);
        }
        if kept.len() == MOST {
            break;
        }
    }
    kept
}

fn lenient(born: BirthDate) -> Vec<BirthDate> {
    let (year, month, day) = (born.year(), born.month(), born.day());
    let swapped = BirthDate::new(year, day, month);
    let months = (1..=12).map(|other| BirthDate::new(year, other, day));
    let days = [day.saturating_sub(1), day + 1].map(|other| BirthDate::new(year, month, other));
    let all = [swapped].into_iter().chain(months).chain(days);
    all.filter_map(Result::ok).filter(|date| *date != born).collect()
}

/// A name as one number, letter case aside.
fn folded(name: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.to_lowercase().hash(&mut hasher);
    hasher.finish()
}
