//! What holds for any roster and any query.
#![expect(clippy::unwrap_used, reason = "tests")]

use offender::{Alias, BirthDate, Known, Outcome, PrisonerRecord, Roster};
use prison::{PrisonId, PrisonerNumber};
use proptest::prelude::*;

const GIVEN: [&str; 8] = [
    "John",
    "David",
    "Mohammed",
    "Zoltán",
    "Anne-Marie",
    "Lee",
    "Smith",
    "Siân",
];
const FAMILY: [&str; 8] = [
    "Smith",
    "Khan",
    "O'Neill",
    "Kelly-Hammond",
    "Lee",
    "Wiśniewski",
    "David",
    "Ng",
];
const PRISONS: [&str; 4] = ["LEI", "MDI", "OUT", "WDI"];

prop_compose! {
    fn birth_date()(year in 1950u16..2006, month in 1u8..=12, day in 1u8..=28) -> BirthDate {
        BirthDate::new(year, month, day).unwrap()
    }
}

prop_compose! {
    fn name()(given in 0..8usize, family in 0..8usize) -> (&'static str, &'static str) {
        (GIVEN[given], FAMILY[family])
    }
}

prop_compose! {
    fn record(number: u16)(
        (first, last) in name(),
        born in birth_date(),
        prison in 0..4usize,
        aliases in prop::collection::vec(name(), 0..3),
    ) -> PrisonerRecord {
        let mut record = PrisonerRecord::new(prisoner_number(number), first, last);
        record.date_of_birth = Some(born);
        record.prison_id = Some(PRISONS[prison].parse().unwrap());
        record.pnc_number = Some(format!("2001/{number}A"));
        record.aliases = aliases
            .into_iter()
            .map(|(first, last)| Alias { first_name: first.to_owned(), last_name: last.to_owned(), date_of_birth: None })
            .collect();
        record
    }
}

fn prisoner_number(number: u16) -> PrisonerNumber {
    // Far enough apart that no two are one slip away from each other.
    format!("A{:04}BC", u32::from(number) * 111).parse().unwrap()
}

fn records() -> impl Strategy<Value = Vec<PrisonerRecord>> {
    (1u16..12).prop_flat_map(|count| (0..count).map(record).collect::<Vec<_>>())
}

/// The facts of a record in the order in which the bits of `which` say to tell them.
fn told(record: &PrisonerRecord, which: u8) -> Known {
    let tell = |bit: u8| which & (1 << bit) != 0;
    Known {
        first_name: tell(0).then(|| record.first_name.clone()),
        last_name: tell(1).then(|| record.last_name.clone()),
        date_of_birth: tell(2).then_some(record.date_of_birth).flatten(),
        prison_id: tell(3).then_some(record.prison_id).flatten(),
        prisoner_number: tell(4).then(|| record.prisoner_number.to_string()),
        pnc_number: tell(5).then(|| record.pnc_number.clone()).flatten(),
        ..Known::default()
    }
}

fn bits_of(roster: &Roster, known: &Known, number: PrisonerNumber) -> f64 {
    let answer = roster.locate(known, 100);
    let found = answer
        .candidates
        .iter()
        .find(|candidate| candidate.prisoner_number == number);
    found.map_or(0.0, |candidate| candidate.bits)
}

proptest! {
    // Each case lays out a whole vocabulary, so fewer are run than usual.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_text_whatever_makes_it_fail(
        first in any::<Option<String>>(), last in any::<Option<String>>(), others in any::<Option<String>>(),
        number in any::<Option<String>>(), pnc in any::<Option<String>>(),
        from in any::<Option<u16>>(), to in any::<Option<u16>>(), top in 0usize..200,
        recorded in any::<(String, String, String)>(),
    ) {
        let mut record = PrisonerRecord::new(prisoner_number(1), &recorded.0, &recorded.1);
        record.middle_names = Some(recorded.2.clone());
        record.pnc_number = Some(recorded.2);
        let roster = Roster::build(vec![record]);
        let known = Known {
            first_name: first, last_name: last, other_names: others, prisoner_number: number, pnc_number: pnc,
            birth_year_from: from, birth_year_to: to, ..Known::default()
        };
        let answer = roster.locate(&known, top);
        prop_assert!(answer.candidates.len() <= top);
        prop_assert!(answer.candidates.iter().all(|candidate| candidate.bits.is_finite()));
    }

    #[test]
    fn one_more_agreeing_fact_never_weighs_against_the_right_record(
        records in records(), at in any::<prop::sample::Index>(), which in 0u8..64, more in 0u8..6,
    ) {
        let right = records[at.index(records.len())].clone();
        let roster = Roster::build(records);
        let before = bits_of(&roster, &told(&right, which), right.prisoner_number);
        let after = bits_of(&roster, &told(&right, which | 1 << more), right.prisoner_number);
        prop_assert!(after >= before - 1e-6, "{before} bits became {after}");
    }

    #[test]
    fn a_full_and_exact_query_is_sure(records in records(), at in any::<prop::sample::Index>()) {
        let right = records[at.index(records.len())].clone();
        let answer = Roster::build(records).locate(&told(&right, 0b11_1111), 5);
        prop_assert_eq!(answer.outcome, Outcome::Sure);
        prop_assert_eq!(answer.candidates[0].prisoner_number, right.prisoner_number);
    }

    #[test]
    fn a_name_alone_is_never_sure(records in records(), at in any::<prop::sample::Index>()) {
        let right = records[at.index(records.len())].clone();
        prop_assert_ne!(Roster::build(records).locate(&told(&right, 0b11), 5).outcome, Outcome::Sure);
    }

    #[test]
    fn the_answer_does_not_depend_on_the_order_of_the_roster(
        records in records(), at in any::<prop::sample::Index>(), which in 1u8..64,
    ) {
        let query = told(&records[at.index(records.len())], which);
        let mut turned = records.clone();
        turned.reverse();
        let (one, other) = (Roster::build(records).locate(&query, 20), Roster::build(turned).locate(&query, 20));
        let order = |answer: &offender::Answer| answer.candidates.iter().map(|c| c.prisoner_number).collect::<Vec<_>>();
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(order(&one), order(&other));
    }

    #[test]
    fn a_record_is_read_back_as_it_was_written(record in record(7)) {
        let text = serde_json::to_string(&record).unwrap();
        prop_assert!(serde_json::from_str::<PrisonerRecord>(&text).unwrap() == record);
        let prison: Option<PrisonId> = record.prison_id;
        prop_assert!(prison.is_some());
    }

    #[test]
    fn a_roster_that_was_updated_answers_as_one_that_was_built_anew(
        before in records(), changed in records(), at in any::<prop::sample::Index>(), which in 1u8..64,
        offence in any::<bool>(),
    ) {
        let mut roster = Roster::build(before.clone());
        for (n, record) in changed.iter().enumerate() {
            let mut once = record.clone();
            once.most_serious_offence = offence.then(|| "Stalking".to_owned());
            // One after the other, some twice, and some in company.
            roster.update(vec![once]);
            roster.update(changed[n..].to_vec());
        }
        let anew = Roster::build(before.iter().chain(&changed).cloned());
        prop_assert_eq!(roster.len(), anew.len());
        let all: Vec<PrisonerRecord> = before.iter().chain(&changed).cloned().collect();
        let query = told(&all[at.index(all.len())], which);
        let (one, other) = (roster.locate(&query, 100), anew.locate(&query, 100));
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(one.would_decide, other.would_decide);
        prop_assert_eq!(one.candidates.len(), other.candidates.len());
        for (one, other) in one.candidates.iter().zip(&other.candidates) {
            prop_assert!((one.bits - other.bits).abs() < 1e-9, "{} or {}", one.bits, other.bits);
            let found = bits_of(&anew, &query, one.prisoner_number);
            prop_assert!((one.bits - found).abs() < 1e-9, "{} or {}", one.bits, found);
        }
        let mut held: Vec<_> = roster.records().map(|record| record.prisoner_number).collect();
        held.sort_unstable();
        held.dedup();
        prop_assert_eq!(held.len(), roster.len());
    }
}
