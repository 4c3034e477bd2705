//! What re-estimating the weights finds out, where it is known how often people write what.
#![expect(clippy::unwrap_used, reason = "tests")]

use offender::{BirthDate, Estimate, Known, PrisonerRecord, Roster, Weights};

const PEOPLE: usize = 3_000;
const ASKED: usize = 600;
const SYLLABLES: [&str; 16] = [
    "ba", "den", "fo", "gar", "hul", "jem", "ka", "lor", "mi", "nev", "po", "rut", "sy", "tam", "vex", "wil",
];
const PRISONS: [&str; 4] = ["LEI", "MDI", "WDI", "BXI"];

/// How often each fact is written in each way; what is left over is written as it is.
const GIVEN_SLIP: f64 = 0.15;
const GIVEN_OTHER: f64 = 0.08;
const SURNAME_SLIP: f64 = 0.10;
const DAY_AND_MONTH: f64 = 0.06;
const YEAR_OFF: f64 = 0.08;
const DATE_OTHER: f64 = 0.05;
const PRISON_SAME: f64 = 0.70;
const PNC_SLIP: f64 = 0.10;

/// Numbers that follow from a seed (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn is(&mut self, share: f64) -> bool {
        self.below(1_000_000) as f64 / 1e6 < share
    }

    fn name(&mut self) -> String {
        (0..4).map(|_| SYLLABLES[self.below(16)]).collect()
    }

    fn born(&mut self) -> BirthDate {
        let (year, month) = (1950 + self.below(50) as u16, 2 + self.below(11) as u8);
        BirthDate::new(year, month, 2 + self.below(11) as u8).unwrap()
    }

    fn prison(&mut self) -> prison::PrisonId {
        PRISONS[self.below(4)].parse().unwrap()
    }

    /// One letter exchanged for one that names here do not have, so that it sounds like nothing else.
    fn slip(&mut self, name: &str) -> String {
        let mut letters = name.to_owned().into_bytes();
        let at = 1 + self.below(letters.len() - 1);
        letters[at] = b'q';
        String::from_utf8(letters).unwrap()
    }
}

fn person(number: usize, chance: &mut Chance) -> PrisonerRecord {
    let number = format!("A{:04}BC", number).parse().unwrap();
    let mut record = PrisonerRecord::new(number, &chance.name(), &chance.name());
    record.date_of_birth = Some(chance.born());
    record.prison_id = Some(chance.prison());
    record.pnc_number = Some(format!("2001/{:07}A", chance.below(10_000_000)));
    record
}

/// What is written of a person, with every error as often as planted.
fn written(record: &PrisonerRecord, chance: &mut Chance) -> Known {
    let mut known = Known {
        first_name: Some(record.first_name.clone()),
        last_name: Some(record.last_name.clone()),
        date_of_birth: record.date_of_birth,
        pnc_number: record.pnc_number.clone(),
        ..Known::default()
    };
    let born = record.date_of_birth.unwrap();
    let throw = chance.below(1_000_000) as f64 / 1e6;
    if throw < GIVEN_SLIP {
        known.first_name = Some(chance.slip(&record.first_name));
    } else if throw < GIVEN_SLIP + GIVEN_OTHER {
        known.first_name = Some(chance.name());
    }
    if chance.is(SURNAME_SLIP) {
        known.last_name = Some(chance.slip(&record.last_name));
    }
    let throw = chance.below(1_000_000) as f64 / 1e6;
    known.date_of_birth = if throw < DAY_AND_MONTH && born.day() != born.month() {
        BirthDate::new(born.year(), born.day(), born.month()).ok()
    } else if throw < DAY_AND_MONTH + YEAR_OFF {
        BirthDate::new(born.year() + 1, born.month(), born.day()).ok()
    } else if throw < DAY_AND_MONTH + YEAR_OFF + DATE_OTHER {
        Some(chance.born())
    } else {
        Some(born)
    };
    known.prison_id = if chance.is(PRISON_SAME) {
        record.prison_id
    } else {
        Some(chance.prison())
    };
    if chance.is(PNC_SLIP) {
        let mut text = known.pnc_number.unwrap().into_bytes();
        text[8] = b'0' + (text[8] - b'0' + 1) % 10;
        known.pnc_number = String::from_utf8(text).ok();
    }
    known
}

fn people(chance: &mut Chance) -> Vec<PrisonerRecord> {
    (0..PEOPLE).map(|number| person(number, chance)).collect()
}

/// m and u of one row of the file.
fn row(weights: &Weights, name: &str) -> (f64, f64) {
    let file = weights.to_string();
    let line = file
        .lines()
        .find(|line| line.starts_with(&format!("{name},")))
        .unwrap();
    let cells: Vec<&str> = line.split(',').collect();
    (cells[2].parse().unwrap(), cells[4].parse().unwrap())
}

#[test]
fn how_often_people_write_what_is_found_out_from_what_they_wrote() {
    let mut chance = Chance(42);
    let people = people(&mut chance);
    let mut asked: Vec<Known> = people[..ASKED]
        .iter()
        .map(|record| written(record, &mut chance))
        .collect();
    // Half as many ask for somebody who is not there.
    asked.extend((0..ASKED / 2).map(|_| written(&person(9_999, &mut chance), &mut chance)));
    let roster = Roster::build(people);
    let mut heard = 0;
    let learned = Estimate::of_asked(&roster, asked.clone(), usize::MAX, 7)
        .run(&mut |done, _| heard = done)
        .unwrap();
    assert_eq!(heard, ASKED + ASKED / 2);
    let other_prison = (1.0 - PRISON_SAME) * 0.25;
    for (name, planted) in [
        ("givenName,exact", 1.0 - GIVEN_SLIP - GIVEN_OTHER),
        ("givenName,different", GIVEN_OTHER),
        ("givenName,oneTypo", GIVEN_SLIP),
        ("surname,exact", 1.0 - SURNAME_SLIP),
        (
            "dateOfBirth,exact",
            1.0 - DAY_AND_MONTH * 10.0 / 11.0 - YEAR_OFF - DATE_OTHER,
        ),
        ("dateOfBirth,dayMonthSwapped", DAY_AND_MONTH * 10.0 / 11.0),
        ("dateOfBirth,yearOff", YEAR_OFF),
        ("dateOfBirth,different", DATE_OTHER),
        ("prisonId,same", PRISON_SAME + other_prison),
        ("prisonId,different", 1.0 - PRISON_SAME - other_prison),
        ("pncNumber,exact", 1.0 - PNC_SLIP),
        ("pncNumber,oneEdit", PNC_SLIP),
    ] {
        let (m, _) = row(&learned.weights, name);
        assert!((m - planted).abs() < 0.04, "{name}: {m:.3}, planted {planted:.3}");
    }
    let (_, prison) = row(&learned.weights, "prisonId,same");
    assert!((prison - 0.25).abs() < 0.01, "{prison}");
    let (_, born) = row(&learned.weights, "dateOfBirth,exact");
    let by_chance = 1.0 / (50.0 * 11.0 * 11.0);
    assert!((born / by_chance).log2().abs() < 0.7, "{born} for {by_chance}");
    let prior = learned.weights.prior().unwrap() * PEOPLE as f64;
    assert!(
        (prior - 2.0 / 3.0).abs() < 0.03,
        "{prior} of what was asked is on the roster"
    );

    let again = Estimate::of_asked(&roster, asked, usize::MAX, 7).run(&mut |_, _| ());
    assert_eq!(again.unwrap().weights.to_string(), learned.weights.to_string());
}

#[test]
fn one_person_who_is_recorded_twice_teaches_too() {
    let mut chance = Chance(11);
    let mut people = people(&mut chance);
    let twice: Vec<PrisonerRecord> = people[..ASKED]
        .iter()
        .zip(0..)
        .map(|(record, number)| {
            let known = written(record, &mut chance);
            let number = format!("B{number:04}BC").parse().unwrap();
            let (first, last) = (known.first_name.unwrap(), known.last_name.unwrap());
            let mut twin = PrisonerRecord::new(number, &first, &last);
            (twin.date_of_birth, twin.prison_id, twin.pnc_number) =
                (known.date_of_birth, known.prison_id, known.pnc_number);
            twin
        })
        .collect();
    people.extend(twice);
    let roster = Roster::build(people);
    let learned = Estimate::of_roster(&roster, 1_000, 3)
        .run(&mut |_, _| ())
        .unwrap();
    for (name, planted) in [
        ("surname,exact", 1.0 - SURNAME_SLIP),
        ("dateOfBirth,yearOff", YEAR_OFF),
        ("pncNumber,exact", 1.0 - PNC_SLIP),
    ] {
        let (m, _) = row(&learned.weights, name);
        assert!((m - planted).abs() < 0.05, "{name}: {m:.3}, planted {planted:.3}");
    }
    // Nobody asked by age here: what is not learned stays as it was.
    assert!(
        learned
            .weights
            .to_string()
            .contains("birthYear,inRange,0.930000,1,\n")
    );
}

#[test]
fn where_nobody_is_meant_nothing_is_learned() {
    let mut chance = Chance(5);
    let roster = Roster::build(people(&mut chance));
    let strangers = (0..200)
        .map(|_| written(&person(9_999, &mut chance), &mut chance))
        .collect();
    let refused = Estimate::of_asked(&roster, strangers, usize::MAX, 1).run(&mut |_, _| ());
    assert!(refused.unwrap_err().matches < 20);
    let nobody = Roster::build(Vec::new());
    assert!(Estimate::of_roster(&nobody, 10, 1).run(&mut |_, _| ()).is_err());
}

#[test]
fn answers_name_the_weights_that_were_learned() {
    let file = Weights::default().to_string();
    let other: Weights = file
        .replacen("upcs-offender", "another model", 1)
        .parse()
        .unwrap();
    let mut chance = Chance(9);
    let roster = Roster::build_with(std::sync::Arc::new(other), people(&mut chance));
    let answer = roster.locate(&Known::default(), 1);
    assert!(answer.model.to_string().starts_with("another model"));
}
