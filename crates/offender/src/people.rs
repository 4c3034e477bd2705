//! People who are not prisoners, compared by the same model: is the contact whom a prisoner applies for one of them?
//!
//! In: [`Person`]s, each under the caller's own id. Out: those whom a [`Known`] name and birth may mean, with the weight
//! of each piece of evidence. How much is enough is the caller's to say.

use std::fmt;

use prison::PrisonerNumber;

use crate::locate::MOST_CANDIDATES;
use crate::{Alias, BirthDate, Evidence, Known, PrisonerRecord, Roster};

/// One person to be recognised: every name that is known, and the date of birth if it is.
#[derive(Clone, Default)]
pub struct Person {
    /// Full names as written, `Rhian Invented`; the first is the usual one. A name's last word is taken as the family name.
    pub names: Vec<String>,
    /// The date of birth.
    pub date_of_birth: Option<BirthDate>,
}

/// People laid out for comparing.
pub struct People<Id> {
    roster: Roster,
    ids: Vec<Id>,
}

/// One person who may be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised<Id> {
    /// Who.
    pub id: Id,
    /// The sum of the evidence, in bits.
    pub bits: f64,
    /// One piece for each fact that was compared.
    pub evidence: Vec<Evidence>,
}

impl<Id: Clone> People<Id> {
    /// Lays them out. Somebody without any name is never recognised.
    pub fn build(people: impl IntoIterator<Item = (Id, Person)>) -> Self {
        let mut ids = Vec::new();
        let mut records = Vec::new();
        for (id, person) in people {
            if let Some(record) = place(ids.len()).and_then(|place| record(place, &person)) {
                ids.push(id);
                records.push(record);
            }
        }
        Self {
            roster: Roster::build(records),
            ids,
        }
    }

    /// How many were laid out.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nobody was.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Everybody who weighs at least so many bits, the heaviest first; at most [`MOST_CANDIDATES`].
    pub fn recognise(&self, known: &Known, least_bits: f64) -> Vec<Recognised<Id>> {
        let answer = self.roster.locate(known, MOST_CANDIDATES);
        let heavy = answer
            .candidates
            .into_iter()
            .filter(|candidate| candidate.bits >= least_bits);
        heavy
            .filter_map(|candidate| {
                Some(Recognised {
                    id: self.ids.get(index_of(candidate.prisoner_number))?.clone(),
                    bits: candidate.bits,
                    evidence: candidate.evidence,
                })
            })
            .collect()
    }
}

impl<Id> fmt::Debug for People<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "People({})", self.ids.len())
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

fn record(place: PrisonerNumber, person: &Person) -> Option<PrisonerRecord> {
    let mut names = person.names.iter().filter_map(|name| split(name));
    let (first, last) = names.next()?;
    let mut record = PrisonerRecord::new(place, &first, &last);
    record.date_of_birth = person.date_of_birth;
    record.aliases = names
        .map(|(first_name, last_name)| Alias {
            first_name,
            last_name,
            date_of_birth: None,
        })
        .collect();
    Some(record)
}

/// Given names and family name of a name as written.
fn split(name: &str) -> Option<(String, String)> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let (last, first) = words.split_last()?;
    Some((first.join(" "), (*last).to_owned()))
}

/// The place on the list in the shape that the roster orders its rows by: `A0000AA`, `A0000AB` ...
fn place(index: usize) -> Option<PrisonerNumber> {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    let (pair, number) = (index % 676, index / 676);
    let text = format!(
        "{}{:04}{}{}",
        letter(number / 10_000),
        number % 10_000,
        letter(pair / 26),
        letter(pair)
    );
    (number / 10_000 < 26).then(|| text.parse().ok()).flatten()
}

fn index_of(place: PrisonerNumber) -> usize {
    let bytes = place.as_str().as_bytes();
    let letter = |at: usize| usize::from(bytes[at] - b'A');
    let digits = bytes[1..5]
        .iter()
        .fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    (letter(0) * 10_000 + digits) * 676 + letter(5) * 26 + letter(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(names: &[&str], born: Option<&str>) -> Person {
        Person {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            date_of_birth: born.map(|born| born.parse().unwrap()),
        }
    }

    fn known(first: &str, last: &str, born: Option<&str>) -> Known {
        Known {
            first_name: Some(first.to_owned()),
            last_name: Some(last.to_owned()),
            date_of_birth: born.map(|born| born.parse().unwrap()),
            ..Known::default()
        }
    }

    #[test]
    fn a_place_on_the_list_is_found_again() {
        for index in [0, 1, 25, 26, 675, 676, 6_759_999, 6_760_000, 175_759_999] {
            assert_eq!(index_of(place(index).unwrap()), index);
        }
        assert!(place(175_760_000).is_none());
    }

    #[test]
    fn a_person_is_recognised_by_any_of_her_names_and_a_short_form() {
        let people = People::build([
            (
                1,
                person(&["Margaret Ann Thorne", "Peggy Hale"], Some("1987-03-14")),
            ),
            (2, person(&["Ivan Invented"], None)),
            (3, person(&[" "], None)),
        ]);
        assert_eq!(people.len(), 2, "without a name nobody is laid out");
        for asked in [
            known("Margaret", "Thorne", Some("1987-03-14")),
            known("Maggie", "Thorne", Some("1987-03-14")),
            known("Peggy", "Hale", None),
            known("Margret", "Thorn", Some("1987-03-14")),
        ] {
            let found = people.recognise(&asked, 8.0);
            assert_eq!(found.iter().map(|found| found.id).collect::<Vec<_>>(), [1]);
        }
        assert!(
            people
                .recognise(&known("Joan", "Example", Some("1960-01-02")), 8.0)
                .is_empty()
        );
    }

    #[test]
    fn a_common_name_alone_weighs_less_than_with_her_birthday() {
        let people = People::build([(1, person(&["Sarah Smith"], Some("1987-03-14")))]);
        let bits = |born| people.recognise(&known("Sarah", "Smith", born), 0.0)[0].bits;
        assert!(
            bits(None) < 24.0 && bits(Some("1987-03-14")) > 24.0,
            "{} {}",
            bits(None),
            bits(Some("1987-03-14"))
        );
    }
}
