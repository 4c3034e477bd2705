//! What a case handler may expect of locating, on a small roster of invented people.
#![expect(clippy::unwrap_used, reason = "tests")]

use offender::{BirthDate, Fact, Field, Known, Level, Outcome, PrisonerRecord, Roster};

/// number, given names, family name, date of birth, prison, other recorded name
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 14] = [
    ("A1000AA", "David", "Hutchinson", "1984-03-07", "LEI", ""),
    ("A1001AA", "Muhammad", "Qureshi", "1990-11-21", "MDI", ""),
    (
        "A1002AA",
        "Marek",
        "Wiśniewski",
        "1979-08-02",
        "OUT",
        "Mark Cooper",
    ),
    ("A1003AA", "Anne-Marie", "Kelly-Hammond", "1988-01-01", "LEI", ""),
    ("A1004AA", "Daniel", "Barton", "1990-05-26", "LEI", ""),
    ("A1005AA", "Jamie", "Sorensen", "1995-06-14", "MDI", ""),
    ("A1006AA", "Aaron", "Sorensen", "1995-06-14", "MDI", ""),
    ("A1007AA", "John", "Smith", "1980-02-02", "LEI", ""),
    ("A1008AA", "John", "Smith", "1991-09-12", "MDI", ""),
    ("A1009AA", "John", "Smith", "1970-12-30", "WDI", ""),
    ("A1010AA", "Suharto", "", "1975-04-09", "OUT", ""),
    ("A1011AA", "Stephen Lee", "O'Brien", "1986-10-05", "MDI", ""),
    ("A1012AA", "Zeynep", "Erdoğan", "1997-12-11", "WDI", ""),
    ("A1013AA", "Peter", "Ovenden", "1969-07-23", "OUT", ""),
];

fn roster() -> Roster {
    let record = |(number, first, last, born, prison, alias): &(&str, &str, &str, &str, &str, &str)| {
        let aliases = match alias.split_once(' ') {
            Some((first, last)) => format!(r#"[{{"firstName":"{first}","lastName":"{last}"}}]"#),
            None => "[]".to_owned(),
        };
        let text = format!(
            r#"{{"prisonerNumber":"{number}","pncNumber":"2012/{}H","firstName":"{first}","lastName":"{last}",
            "dateOfBirth":"{born}","status":"ACTIVE IN","prisonId":"{prison}","aliases":{aliases},"bookingId":1}}"#,
            &number[1..5],
        );
        serde_json::from_str::<PrisonerRecord>(&text).unwrap()
    };
    Roster::build(PEOPLE.iter().map(record))
}

fn known(json: &str) -> Known {
    serde_json::from_str(json).unwrap()
}

fn name_and_birth(first: &str, last: &str, born: &str) -> Known {
    Known {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        date_of_birth: Some(born.parse().unwrap()),
        ..Known::default()
    }
}

#[test]
fn the_right_prisoner_comes_first_however_the_name_and_date_are_written() {
    let roster = roster();
    for (why, first, last, born, number) in [
        ("as recorded", "David", "Hutchinson", "1984-03-07", "A1000AA"),
        ("typing slip", "David", "Hutchinsno", "1984-03-07", "A1000AA"),
        ("two typing slips", "Davdi", "Hutchimson", "1984-03-07", "A1000AA"),
        ("nickname", "Dave", "Hutchinson", "1984-03-07", "A1000AA"),
        ("as it sounds", "David", "Huchinson", "1984-03-07", "A1000AA"),
        ("names swapped", "Barton", "Daniel", "1990-05-26", "A1004AA"),
        ("swapped and a slip", "Bartn", "Daniel", "1990-05-26", "A1004AA"),
        (
            "day and month swapped",
            "David",
            "Hutchinson",
            "1984-07-03",
            "A1000AA",
        ),
        ("a year off", "David", "Hutchinson", "1985-03-07", "A1000AA"),
        (
            "a wrong digit in the day",
            "David",
            "Hutchinson",
            "1984-03-17",
            "A1000AA",
        ),
        ("a wrong month", "David", "Hutchinson", "1984-06-07", "A1000AA"),
        (
            "only the year is on record",
            "Anne-Marie",
            "Kelly-Hammond",
            "1988-06-19",
            "A1003AA",
        ),
        ("other spelling", "Mohammed", "Kureshi", "1990-11-21", "A1001AA"),
        ("accents left out", "Zeynep", "Erdogan", "1997-12-11", "A1012AA"),
        ("another alphabet", "Мухаммад", "Qureshi", "1990-11-21", "A1001AA"),
        ("another recorded name", "Mark", "Cooper", "1979-08-02", "A1002AA"),
        (
            "given name of one, family name of the other",
            "Mark",
            "Wisniewski",
            "1979-08-02",
            "A1002AA",
        ),
        (
            "one half of a hyphenated name",
            "Anne-Marie",
            "Hammond",
            "1988-01-01",
            "A1003AA",
        ),
        (
            "halves exchanged",
            "Anne-Marie",
            "Hammond Kelly",
            "1988-01-01",
            "A1003AA",
        ),
        ("apostrophe left out", "Steve", "OBrien", "1986-10-05", "A1011AA"),
        (
            "single name as the family name",
            "",
            "Suharto",
            "1975-04-09",
            "A1010AA",
        ),
        ("first letter only", "D", "Hutchinson", "1984-03-07", "A1000AA"),
    ] {
        let answer = roster.locate(&name_and_birth(first, last, born), 5);
        let found = answer
            .candidates
            .first()
            .map(|candidate| candidate.prisoner_number.to_string());
        assert_eq!(found.as_deref(), Some(number), "{why}");
    }
}

#[test]
fn what_is_known_decides_how_sure_the_answer_is() {
    let roster = roster();
    for (why, query, outcome, would_decide) in [
        ("nothing known", r#"{}"#, Outcome::None, Some(Fact::LastName)),
        (
            "blank name",
            r#"{"firstName":" ","lastName":"-"}"#,
            Outcome::None,
            Some(Fact::Age),
        ),
        (
            "a name alone",
            r#"{"firstName":"David","lastName":"Hutchinson"}"#,
            Outcome::Choose,
            Some(Fact::Age),
        ),
        (
            "a rare name alone",
            r#"{"firstName":"Zeynep","lastName":"Erdoğan"}"#,
            Outcome::Choose,
            Some(Fact::Age),
        ),
        (
            "three of one name",
            r#"{"firstName":"John","lastName":"Smith"}"#,
            Outcome::Choose,
            Some(Fact::Age),
        ),
        (
            "three of one name, one prison",
            r#"{"firstName":"John","lastName":"Smith","prisonId":"WDI"}"#,
            Outcome::Choose,
            Some(Fact::Age),
        ),
        (
            "three of one name, one date",
            r#"{"firstName":"John","lastName":"Smith","dateOfBirth":"1991-09-12"}"#,
            Outcome::Sure,
            None,
        ),
        (
            "nickname, slip, age and prison",
            r#"{"firstName":"Dave","lastName":"Hutchinsn","birthYearFrom":1982,"birthYearTo":1988,"prisonId":"LEI"}"#,
            Outcome::Sure,
            None,
        ),
        (
            "nickname, slip and age",
            r#"{"firstName":"Dave","lastName":"Hutchinsn","birthYearFrom":1982,"birthYearTo":1988}"#,
            Outcome::Choose,
            Some(Fact::Prison),
        ),
        (
            "twins, given name unknown",
            r#"{"lastName":"Sorensen","dateOfBirth":"1995-06-14"}"#,
            Outcome::Choose,
            Some(Fact::FirstName),
        ),
        (
            "twins, given name known",
            r#"{"firstName":"Aaron","lastName":"Sorensen","dateOfBirth":"1995-06-14"}"#,
            Outcome::Sure,
            None,
        ),
        (
            "a third of the family, not on the roster",
            r#"{"firstName":"Wilfred","lastName":"Erdoğan","dateOfBirth":"1997-12-11","prisonId":"WDI"}"#,
            Outcome::Choose,
            Some(Fact::PrisonerNumber),
        ),
        (
            "mistyped number and the name",
            r#"{"firstName":"Peter","lastName":"Ovenden","prisonerNumber":"A1031AA"}"#,
            Outcome::Sure,
            None,
        ),
        (
            "the number of one and the name of another",
            r#"{"firstName":"Peter","lastName":"Ovenden","prisonerNumber":"A1000AA"}"#,
            Outcome::Choose,
            Some(Fact::Age),
        ),
        (
            "nobody like it",
            r#"{"firstName":"Xerxes","lastName":"Quillfeather"}"#,
            Outcome::None,
            Some(Fact::Age),
        ),
    ] {
        let answer = roster.locate(&known(query), 5);
        assert_eq!(
            (answer.outcome, answer.would_decide),
            (outcome, would_decide),
            "{why}"
        );
    }
}

#[test]
fn a_person_who_is_not_on_the_roster_is_never_sure() {
    let roster = roster();
    for (first, last, born) in [
        ("Thomas", "Smith", "1987-09-09"),
        ("John", "Smith", "1984-03-07"),
        ("David", "Qureshi", "1984-03-07"),
        ("Jane", "Sorensen", "1995-06-14"),
        ("Daniel", "Barton", "1961-11-03"),
        ("Toby", "Andra", "1982-08-20"),
    ] {
        let answer = roster.locate(&name_and_birth(first, last, born), 5);
        assert_ne!(answer.outcome, Outcome::Sure, "{first} {last}");
    }
}

#[test]
fn a_pnc_number_is_found_however_it_is_written() {
    let roster = roster();
    for written in ["2012/1013H", "12/1013H", "12/0001013h", "2012/1013 H"] {
        let query = Known {
            pnc_number: Some(written.to_owned()),
            last_name: Some("Ovenden".to_owned()),
            ..Known::default()
        };
        let answer = roster.locate(&query, 1);
        assert_eq!(
            answer.candidates[0].prisoner_number.as_str(),
            "A1013AA",
            "{written}"
        );
        assert_eq!(answer.candidates[0].evidence[1].level, Level::Exact);
    }
}

#[test]
fn the_evidence_names_each_fact_and_adds_up() {
    let roster = roster();
    let mut query = name_and_birth("Cooper", "Mark", "1979-02-08");
    query.other_names = Some("Marek".to_owned());
    let answer = roster.locate(&query, 1);
    let candidate = &answer.candidates[0];
    let read: Vec<(Field, Level)> = candidate
        .evidence
        .iter()
        .map(|piece| (piece.field, piece.level))
        .collect();
    let expected = [
        (Field::FirstName, Level::Exact),
        (Field::LastName, Level::Exact),
        (Field::NameOrder, Level::Swapped),
        (Field::RecordedAs, Level::Alias),
        (Field::OtherNames, Level::Agrees),
        (Field::DateOfBirth, Level::DayMonthSwapped),
    ];
    assert_eq!(read, expected);
    assert_eq!(candidate.evidence[0].recorded.as_deref(), Some("Cooper"));
    assert!((candidate.bits - candidate.evidence.iter().map(|piece| piece.bits).sum::<f64>()).abs() < 1e-9);
    for piece in &candidate.evidence {
        assert!(
            (piece.bits - (piece.m / piece.u).log2()).abs() < 0.01,
            "{piece:?}"
        );
    }
    assert!(answer.model.to_string().starts_with("upcs-offender "));
}

#[test]
fn gender_and_an_unknown_prison_rule_nobody_out() {
    let mut record = roster().records().next().unwrap();
    record.gender = Some("Female".to_owned());
    record.prison_id = None;
    let roster = Roster::build(vec![record]);
    let mut query = name_and_birth("David", "Hutchinson", "1984-03-07");
    query.prison_id = Some("MDI".parse().unwrap());
    assert_eq!(roster.locate(&query, 5).outcome, Outcome::Sure);
}

#[test]
fn a_record_that_comes_twice_counts_as_it_came_last() {
    let first = roster().records().next().unwrap();
    let mut last = first.clone();
    last.last_name = "Ovenden".to_owned();
    let roster = Roster::build(vec![first.clone(), last]);
    assert_eq!(roster.len(), 1);
    assert_eq!(
        roster.record(&first.prisoner_number).unwrap().last_name,
        "Ovenden"
    );
    assert!(
        Roster::build(Vec::new())
            .locate(&name_and_birth("a", "b", "1990-01-01"), 5)
            .candidates
            .is_empty()
    );
}

#[test]
fn no_more_candidates_come_than_are_asked_for() {
    let roster = roster();
    let query = known(r#"{"firstName":"John","lastName":"Smith"}"#);
    assert_eq!(roster.locate(&query, 2).candidates.len(), 2);
    assert_eq!(roster.locate(&query, 0).candidates.len(), 0);
    assert_eq!(roster.locate(&query, 0).outcome, Outcome::Choose);
}

#[test]
fn nothing_that_was_told_or_recorded_shows_in_debug() {
    let roster = roster();
    let query = name_and_birth("David", "Hutchinson", "1984-03-07");
    let shown = format!(
        "{query:?} {:?} {:?} {roster:?}",
        roster.locate(&query, 5),
        roster.records().next().unwrap()
    );
    for silent in ["David", "Hutchinson", "1984"] {
        assert!(!shown.contains(silent), "{silent}");
    }
    assert!(format!("{:?}", "1984-03-07".parse::<BirthDate>().unwrap()).starts_with("BirthDate(.."));
}

#[test]
fn a_date_must_exist_in_the_calendar() {
    for right in ["1984-02-29", "2000-02-29", "1990-12-31"] {
        assert_eq!(right.parse::<BirthDate>().unwrap().to_string(), right);
    }
    for wrong in [
        "1985-02-29",
        "1900-02-29",
        "1990-13-01",
        "1990-00-10",
        "1990-1-1",
        "01-01-1990",
        "1990-04-31",
        "199é-1-1",
    ] {
        assert!(wrong.parse::<BirthDate>().is_err(), "{wrong}");
    }
}
