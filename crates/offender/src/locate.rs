//! One pass over the roster: what is known of a prisoner becomes a ranking, each place with its reasons.
//!
//! prepare (compare each distinct name and date once) -> shortlist (sum over every record) -> explain -> decide.

use crate::asked_facts::{AskedBirth, AskedNumber, AskedPrison};
use crate::asked_names::AskedNames;
use crate::decide::{decide, too_little};
use crate::evidence::{Answer, Candidate, Evidence, Field, Level};
use crate::offences::AskedOffence;
use crate::other_names::OtherNames;
use crate::reach::{Column, within_reach};
use crate::roster::{Held, RecordedName, Roster};
use crate::{Known, Outcome, PrisonerRecord};
use prison::PrisonerNumber;

/// Candidates of one answer; more are never given.
pub const MOST_CANDIDATES: usize = 100;
/// Records that are explained even where fewer candidates are asked for, so that a near rival is seen.
const LEAST_SHORTLIST: usize = 16;
/// How far below the last floor the next one lies.
const STEP_BITS: f32 = 10.0;
/// What sums of single-precision bits may be off by, with room to spare.
const ROUNDING_BITS: f32 = 0.01;
/// Less than anything else weighs.
const CUSTODY_BITS: f32 = ROUNDING_BITS / 4.0;

impl Roster {
    /// Ranks the prisoners that may be meant, at most `top` and at most [`MOST_CANDIDATES`].
    ///
    /// Costs one comparison for each distinct name and a few additions for each record.
    pub fn locate(&self, known: &Known, top: usize) -> Answer {
        let asked = Asked::prepare(self, known);
        let top = top.min(MOST_CANDIDATES);
        if asked.is_empty() {
            return Answer {
                outcome: Outcome::None,
                would_decide: too_little(known),
                candidates: Vec::new(),
                model: self.weights.version.clone(),
            };
        }
        let shortlist = asked.shortlist(self, top.max(LEAST_SHORTLIST));
        let mut candidates: Vec<(u32, Candidate)> = shortlist
            .into_iter()
            .map(|at| (at, asked.explain(self, at as usize)))
            .collect();
        candidates.retain(|(_, candidate)| candidate.bits >= self.weights.settings.least_bits);
        candidates.sort_by(|(a, left), (b, right)| {
            let custody = |at: u32| self.held[at as usize].in_custody;
            let by_bits = right.bits.total_cmp(&left.bits);
            by_bits
                .then(custody(*b).cmp(&custody(*a)))
                .then(left.prisoner_number.cmp(&right.prisoner_number))
        });
        decide(self, known, candidates, top)
    }

    /// Those of these prisoners who weigh at least so many bits, by how rare names and dates are on the whole roster;
    /// in the order in which they are given.
    pub fn among(&self, known: &Known, numbers: &[PrisonerNumber], least_bits: f64) -> Vec<Candidate> {
        let asked = Asked::prepare(self, known);
        if asked.is_empty() {
            return Vec::new();
        }
        let at_all = |at: &u32| asked.may_weigh(self, *at as usize, least_bits as f32);
        numbers
            .iter()
            .filter_map(|number| self.at_number(*number))
            .filter(at_all)
            .map(|at| asked.explain(self, at as usize))
            .filter(|candidate| candidate.bits >= least_bits)
            .collect()
    }
}

/// All that was asked, compared with the distinct values of the roster.
pub(crate) struct Asked {
    pub(crate) names: AskedNames,
    pub(crate) others: Option<OtherNames>,
    pub(crate) birth: Option<AskedBirth>,
    pub(crate) prison: Option<AskedPrison>,
    pub(crate) number: Option<AskedNumber>,
    pub(crate) pnc: Option<AskedNumber>,
    offence: Option<AskedOffence>,
    /// log2 m of a given name of one recorded name with the family name of another.
    crossed: f32,
}

impl Asked {
    pub(crate) fn prepare(roster: &Roster, known: &Known) -> Self {
        Self {
            names: AskedNames::new(roster, known.first_name.as_deref(), known.last_name.as_deref()),
            others: OtherNames::new(roster, known),
            birth: AskedBirth::new(roster, known),
            prison: known.prison_id.map(|prison| AskedPrison::new(roster, prison)),
            number: known
                .prisoner_number
                .as_deref()
                .and_then(|text| AskedNumber::prison_number(roster, text)),
            pnc: known
                .pnc_number
                .as_deref()
                .and_then(|text| AskedNumber::pnc(roster, text)),
            offence: known
                .offence
                .as_deref()
                .and_then(|text| AskedOffence::new(roster, text)),
            crossed: roster.weights.m(Field::RecordedAs, Level::Crossed).log2() as f32,
        }
    }

    fn is_empty(&self) -> bool {
        self.names.is_empty()
            && self.others.is_none()
            && self.birth.is_none()
            && self.prison.is_none()
            && self.number.is_none()
            && self.pnc.is_none()
            && self.offence.is_none()
    }

    /// The records that weigh most, in no order, and all whose number is near the one asked.
    ///
    /// Looks first at the few that could come near the most that is possible, and further down only until there
    /// are enough.
    fn shortlist(&self, roster: &Roster, most: usize) -> Vec<u32> {
        let columns = self.columns(roster);
        let others = self.others.as_ref().map_or(0.0, OtherNames::most_bits) + self.most_of_offence();
        let least = roster.weights.settings.least_bits as f32 - ROUNDING_BITS;
        let mut floor = columns.iter().map(Column::most_bits).sum::<f32>() + others;
        let mut kept = Vec::new();
        while kept.len() < most && floor > least {
            floor = (floor - STEP_BITS).max(least);
            let reached = within_reach(&columns, floor - others - ROUNDING_BITS, roster.places());
            kept = self.heaviest(roster, most, floor, reached);
        }
        kept.extend(
            self.number
                .iter()
                .chain(&self.pnc)
                .flat_map(|number| number.near.iter().map(|(at, _)| *at)),
        );
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    /// Of the records within reach, or else of all, the heaviest that weigh more than the floor.
    fn heaviest(&self, roster: &Roster, most: usize, floor: f32, reached: Option<Vec<u32>>) -> Vec<u32> {
        let mut kept = Shortlist::new(most, floor);
        let prison_bits = self.prison.as_ref().map_or(0.0, AskedPrison::most_bits) as f32;
        let prison_bits = CUSTODY_BITS + prison_bits + self.most_of_offence();
        let all = reached.is_none().then(|| 0..roster.places() as u32);
        for at in reached.into_iter().flatten().chain(all.into_iter().flatten()) {
            let names = roster.names_of(at as usize);
            let bits = self.names_and_birth(names) + prison_bits;
            if bits > kept.floor && !roster.is_superseded(at) {
                let held = roster.held[at as usize];
                // Of many who weigh the same, those in custody come first.
                let first = if held.in_custody { CUSTODY_BITS } else { 0.0 };
                kept.offer(bits - prison_bits + self.facts(held) + first, at);
            }
        }
        kept.finish()
    }

    /// What each distinct value can weigh at most, fact by fact.
    fn columns<'a>(&self, roster: &'a Roster) -> [Column<'a>; 4] {
        let by = &roster.by;
        let agreeing = self.names.agreeing();
        let bounds = |part: fn((f32, f32)) -> f32| -> Vec<(u32, f32)> {
            agreeing
                .iter()
                .map(|name| (name.0, part(self.names.bound(*name))))
                .collect()
        };
        let (given, family) = self.names.bound_of_others();
        let dates = self.birth.as_ref().map(AskedBirth::of_each).unwrap_or_default();
        let places = self
            .prison
            .as_ref()
            .map(|prison| prison.of_each(roster))
            .unwrap_or_default();
        [
            Column::new(&by.given, bounds(|bound| bound.0), Some(given)),
            Column::new(&by.family, bounds(|bound| bound.1), Some(family)),
            Column::new(&by.place, places, None),
            Column::new(&by.date, dates, None),
        ]
    }

    /// Whether a record may weigh so much: all but near numbers, which few have.
    fn may_weigh(&self, roster: &Roster, at: usize, least_bits: f32) -> bool {
        let has_number = self.number.is_some() || self.pnc.is_some();
        let bits = || self.names_and_birth(roster.names_of(at)) + self.facts(roster.held[at]);
        has_number || bits() + ROUNDING_BITS >= least_bits
    }

    /// What names and birth weigh.
    fn names_and_birth(&self, names: &[RecordedName]) -> f32 {
        let others = self
            .others
            .as_ref()
            .map_or(0.0, |others| best(names, |name| others.bits(*name)));
        // Which of his names is meant weighs nothing where no name was asked.
        let best = if self.names.is_empty() {
            0.0
        } else {
            self.best_name(names).0
        };
        best + others + self.birth_bits(names)
    }

    /// What the other facts weigh, near numbers left aside.
    fn facts(&self, held: Held) -> f32 {
        let prison = self.prison.as_ref().map_or(0.0, |prison| prison.bits(held));
        // A number that differs weighs the same on all: only whether there is one tells.
        let pnc = self.pnc.as_ref().filter(|_| held.has_pnc);
        let offence = self
            .offence
            .as_ref()
            .map_or(0.0, |asked| asked.bits(held.offence));
        (prison + offence + pnc.map_or(0.0, AskedNumber::bits_of_others)) as f32
    }

    fn most_of_offence(&self) -> f32 {
        self.offence.as_ref().map_or(0.0, AskedOffence::most_bits) as f32
    }

    #[inline]
    fn birth_bits(&self, names: &[RecordedName]) -> f32 {
        self.birth
            .as_ref()
            .map_or(0.0, |birth| best(names, |name| birth.bits(name.date)))
    }

    /// The recorded name that fits best, with its bits: one as it stands, or a given and a family name of two.
    pub(crate) fn best_name(&self, names: &[RecordedName]) -> (f32, RecordedName) {
        let weigh = |name: RecordedName| (self.names.weigh(name.given, name.family).bits + name.m, name);
        let mut found = weigh(names[0]);
        for name in &names[1..] {
            let other = weigh(*name);
            found = if other.0 > found.0 { other } else { found };
        }
        let crossed = names
            .iter()
            .flat_map(|given| names.iter().map(move |family| (given, family)));
        for (given, family) in crossed {
            let bits = self.names.weigh(given.given, family.family).bits + self.crossed;
            if bits > found.0 {
                let name = RecordedName {
                    family: family.family,
                    recorded_as: Level::Crossed,
                    m: self.crossed,
                    ..*given
                };
                found = (bits, name);
            }
        }
        found
    }

    pub(crate) fn explain(&self, roster: &Roster, at: usize) -> Candidate {
        let names = roster.names_of(at);
        let record = roster.record_at(at);
        let mut evidence = self.explain_names(roster, &record, names);
        evidence.extend(self.others.as_ref().and_then(|others| others.explain(names)));
        if let Some(birth) = &self.birth {
            let best = birth.best_of(names);
            evidence.extend(best.map(|date| birth.explain(roster, date)));
        }
        evidence.extend(self.prison.as_ref().map(|prison| prison.explain(roster.held[at])));
        if let Some(offence) = &self.offence {
            let recorded = record.most_serious_offence.as_deref();
            evidence.push(offence.explain(roster.held[at].offence, recorded));
        }
        if let Some(number) = &self.number {
            evidence.push(number.explain(number.level(at as u32), Some(record.prisoner_number.as_str())));
        }
        if let Some(pnc) = &self.pnc {
            let level = if roster.held[at].has_pnc {
                pnc.level(at as u32)
            } else {
                Level::NotRecorded
            };
            evidence.push(pnc.explain(level, record.pnc_number.as_deref()));
        }
        let bits = evidence.iter().map(|piece| piece.bits).sum();
        Candidate {
            prisoner_number: record.prisoner_number,
            bits,
            evidence,
        }
    }

    fn explain_names(
        &self,
        roster: &Roster,
        record: &PrisonerRecord,
        names: &[RecordedName],
    ) -> Vec<Evidence> {
        if self.names.is_empty() {
            return Vec::new();
        }
        let (_, name) = self.best_name(names);
        let mut evidence = self.names.explain(roster, record, name);
        if names.len() > 1 {
            let (field, level, bits) = (Field::RecordedAs, name.recorded_as, f64::from(name.m));
            evidence.push(Evidence {
                field,
                level,
                asked: None,
                recorded: None,
                m: bits.exp2(),
                u: 1.0,
                bits,
            });
        }
        evidence
    }
}

/// The most that any of a record's names weighs. Most records have one name.
#[inline]
fn best(names: &[RecordedName], bits: impl Fn(&RecordedName) -> f32) -> f32 {
    match names {
        [only] => bits(only),
        names => names.iter().map(bits).fold(f32::NEG_INFINITY, f32::max),
    }
}

/// The heaviest so far: collects twice as many as are wanted, then keeps the heavier half.
struct Shortlist {
    most: usize,
    floor: f32,
    kept: Vec<(f32, u32)>,
}

impl Shortlist {
    fn new(most: usize, floor: f32) -> Self {
        Self {
            most,
            floor,
            kept: Vec::with_capacity(2 * most),
        }
    }

    #[inline]
    fn offer(&mut self, bits: f32, at: u32) {
        if bits > self.floor {
            self.kept.push((bits, at));
            if self.kept.len() == 2 * self.most {
                self.halve();
            }
        }
    }

    fn halve(&mut self) {
        self.kept
            .select_nth_unstable_by(self.most - 1, |a, b| b.0.total_cmp(&a.0));
        self.kept.truncate(self.most);
        self.floor = self.kept[self.most - 1].0;
    }

    fn finish(mut self) -> Vec<u32> {
        if self.kept.len() > self.most {
            self.halve();
        }
        self.kept.into_iter().map(|(_, at)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alias, BirthDate};

    const GIVEN: [&str; 8] = [
        "John",
        "Jon",
        "David",
        "Dave",
        "Mohammed",
        "Ann-Marie",
        "Zoltan",
        "",
    ];
    const FAMILY: [&str; 8] = [
        "Smith",
        "Smyth",
        "Kelly-Hammond",
        "Hammond",
        "David",
        "Khan",
        "Ovenden",
        "Jones",
    ];
    const OFFENCES: [&str; 3] = ["Robbery", "Murder", "Theft from a shop"];
    const PRISONS: [&str; 4] = ["LEI", "MDI", "OUT", "WDI"];

    /// Records of few names, dates and prisons, so that many weigh nearly the same.
    fn records() -> Vec<PrisonerRecord> {
        let record = |n: usize| {
            let number = format!("A{n:04}BC").parse().unwrap();
            let mut record = PrisonerRecord::new(number, GIVEN[n % 8], FAMILY[n / 8 % 8]);
            record.date_of_birth = BirthDate::new(
                1970 + (n * 7 % 23) as u16,
                1 + (n % 5) as u8,
                1 + (n * 3 % 7) as u8,
            )
            .ok();
            record.prison_id = PRISONS[n * 5 % 4].parse().ok();
            record.most_serious_offence = (!n.is_multiple_of(5)).then(|| OFFENCES[n % 3].to_owned());
            if n.is_multiple_of(3) {
                let (first_name, last_name) = (GIVEN[n * 3 % 7].to_owned(), FAMILY[n * 5 % 8].to_owned());
                record.aliases = vec![Alias {
                    first_name,
                    last_name,
                    date_of_birth: None,
                }];
            }
            record
        };
        (0..1500).map(record).collect()
    }

    fn queries() -> Vec<Known> {
        let query = |n: usize| Known {
            first_name: (n & 1 == 0).then(|| GIVEN[n * 3 % 7].to_owned()),
            last_name: (n & 2 == 0).then(|| FAMILY[n % 8].to_owned()),
            date_of_birth: (n & 4 == 0).then(|| BirthDate::new(1970 + (n % 23) as u16, 2, 4).unwrap()),
            birth_year_from: (n & 8 == 0).then_some(1975),
            birth_year_to: (n & 8 == 0).then_some(1979),
            prison_id: (n & 16 == 0).then(|| PRISONS[n % 4].parse().unwrap()),
            offence: (n & 192 == 64).then(|| "robbed a bank".to_owned()),
            other_names: (n & 96 == 0).then(|| "Zoltan Khan".to_owned()),
            ..Known::default()
        };
        (0..256).map(query).collect()
    }

    #[test]
    fn whoever_is_weighed_among_a_few_weighs_as_in_the_whole_ranking() {
        let roster = Roster::build(records());
        let all: Vec<PrisonerNumber> = roster.records().map(|record| record.prisoner_number).collect();
        let mut found = 0;
        for known in queries() {
            for candidate in roster.locate(&known, 5).candidates {
                let least = candidate.bits - 0.001;
                let among = roster.among(&known, &all, least);
                assert!(among.contains(&candidate), "{known:?}");
                assert!(among.iter().all(|other| other.bits >= least));
                found += 1;
            }
        }
        assert!(found > 100, "{found}");
        assert!(roster.among(&Known::default(), &all, 0.0).is_empty());
    }

    #[test]
    fn nobody_who_weighs_enough_is_out_of_reach() {
        let roster = Roster::build(records());
        let least = roster.weights.settings.least_bits as f32;
        let mut looked_at_few = 0;
        for known in queries() {
            let asked = Asked::prepare(&roster, &known);
            let weigh = |at: &u32| {
                asked.names_and_birth(roster.names_of(*at as usize)) + asked.facts(roster.held[*at as usize])
            };
            let heaviest = |kept: Vec<u32>| -> Vec<i64> {
                let mut bits: Vec<f32> = kept.iter().map(weigh).filter(|bits| *bits > least).collect();
                bits.sort_by(|a, b| b.total_cmp(a));
                bits.iter().take(16).map(|bits| (bits * 100.0) as i64).collect()
            };
            let all: Vec<u32> = (0..roster.len() as u32).collect();
            assert_eq!(heaviest(asked.shortlist(&roster, 16)), heaviest(all));
            let columns = asked.columns(&roster);
            looked_at_few += usize::from(within_reach(&columns, 20.0, roster.len()).is_some());
        }
        assert!(looked_at_few > 100, "{looked_at_few}");
    }
}
