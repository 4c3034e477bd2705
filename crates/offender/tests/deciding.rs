//! Where several may be meant: which one fact would decide, and when an answer may be relied on at all.
#![expect(clippy::unwrap_used, reason = "tests")]

use offender::{Fact, Field, Known, Level, Outcome, PrisonerRecord, Roster};

/// Three of one name who differ in nothing but what `differ` puts into each record.
fn alike(differ: [&str; 3]) -> Roster {
    let record = |(at, own): (usize, &str)| {
        let own = if own.is_empty() {
            String::new()
        } else {
            format!(",{own}")
        };
        let text = format!(
            r#"{{"prisonerNumber":"A{at}000AA","firstName":"John","lastName":"Smith","status":"ACTIVE IN"{own}}}"#
        );
        serde_json::from_str::<PrisonerRecord>(&text).unwrap()
    };
    Roster::build(differ.into_iter().enumerate().map(record))
}

fn known(json: &str) -> Known {
    serde_json::from_str(json).unwrap()
}

fn would_decide(roster: &Roster, query: &str) -> Option<Fact> {
    let answer = roster.locate(&known(query), 5);
    assert_eq!(answer.outcome, Outcome::Choose, "{query}");
    answer.would_decide
}

const JOHN_SMITH: &str = r#"{"firstName":"John","lastName":"Smith"}"#;

#[test]
fn the_one_fact_in_which_those_who_may_be_meant_differ_is_asked_for() {
    for (fact, differ) in [
        (
            Fact::Prison,
            [
                r#""prisonId":"LEI""#,
                r#""prisonId":"MDI""#,
                r#""prisonId":"WDI""#,
            ],
        ),
        (
            Fact::Age,
            [
                r#""dateOfBirth":"1971-04-05""#,
                r#""dateOfBirth":"1985-04-05""#,
                r#""dateOfBirth":"1999-04-05""#,
            ],
        ),
        (
            Fact::DateOfBirth,
            [
                r#""dateOfBirth":"1985-04-05""#,
                r#""dateOfBirth":"1985-06-07""#,
                r#""dateOfBirth":"1985-11-23""#,
            ],
        ),
        (
            Fact::MiddleName,
            [
                r#""middleNames":"Alan""#,
                r#""middleNames":"Brian""#,
                r#""middleNames":"Craig""#,
            ],
        ),
        (
            Fact::Offence,
            [
                r#""mostSeriousOffence":"Robbery""#,
                r#""mostSeriousOffence":"Arson""#,
                r#""mostSeriousOffence":"Stalking""#,
            ],
        ),
        (Fact::PrisonerNumber, ["", "", ""]),
    ] {
        assert_eq!(would_decide(&alike(differ), JOHN_SMITH), Some(fact), "{differ:?}");
    }
}

#[test]
fn a_pnc_number_is_asked_for_where_the_prison_number_told_nothing() {
    let roster = alike([
        r#""pncNumber":"2001/1A""#,
        r#""pncNumber":"2002/2B""#,
        r#""pncNumber":"2003/3C""#,
    ]);
    let query = r#"{"firstName":"John","lastName":"Smith","prisonerNumber":"Z9999ZZ"}"#;
    assert_eq!(would_decide(&roster, query), Some(Fact::PncNumber));
}

#[test]
fn a_fact_that_is_known_or_on_no_record_is_not_asked_for() {
    let roster = alike([
        r#""mostSeriousOffence":"Robbery","prisonId":"LEI""#,
        r#""mostSeriousOffence":"Robbery","prisonId":"MDI""#,
        r#""mostSeriousOffence":"Robbery","prisonId":"MDI""#,
    ]);
    // All are there for one offence, and two prisons leave two of three: their numbers alone tell all apart.
    assert_eq!(would_decide(&roster, JOHN_SMITH), Some(Fact::PrisonerNumber));
    let alone = alike([r#""mostSeriousOffence":"Robbery""#; 3]);
    let alone = Roster::build(alone.records().take(1));
    assert_eq!(would_decide(&alone, JOHN_SMITH), Some(Fact::Offence));
    let told = r#"{"firstName":"John","lastName":"Smith","offence":"robbed a bank"}"#;
    assert_eq!(would_decide(&alone, told), Some(Fact::PrisonerNumber));
}

#[test]
fn an_offence_ranks_and_never_makes_an_answer_sure() {
    let roster = alike([
        r#""mostSeriousOffence":"Robbery","dateOfBirth":"1985-04-05""#,
        r#""mostSeriousOffence":"Arson","dateOfBirth":"1985-04-05""#,
        r#""dateOfBirth":"1985-04-05""#,
    ]);
    let asked = known(r#"{"firstName":"John","lastName":"Smith","offence":"he set fire to a house, arson"}"#);
    let answer = roster.locate(&asked, 5);
    let levels: Vec<Level> = answer
        .candidates
        .iter()
        .map(|candidate| candidate.evidence.last().unwrap().level)
        .collect();
    assert_eq!(levels, [Level::Agrees, Level::NotRecorded, Level::Different]);
    assert_eq!(answer.candidates[0].prisoner_number.as_str(), "A1000AA");

    let rare = r#"{"prisonerNumber":"A1000AA","firstName":"Zebedee","lastName":"Quillfeather","mostSeriousOffence":"Arson"}"#;
    let roster = Roster::build([serde_json::from_str::<PrisonerRecord>(rare).unwrap()]);
    let asked = known(r#"{"firstName":"Zebedee","lastName":"Quillfeather","offence":"arson"}"#);
    let answer = roster.locate(&asked, 1);
    assert!(answer.candidates[0].bits > 30.0);
    assert_eq!(answer.outcome, Outcome::Choose);
}

#[test]
fn a_name_alone_is_never_sure_however_rare() {
    let rare = r#"{"prisonerNumber":"A1000AA","firstName":"Zebedee","lastName":"Quillfeather"}"#;
    let roster = Roster::build([serde_json::from_str::<PrisonerRecord>(rare).unwrap()]);
    let asked = known(r#"{"firstName":"Zebedee","lastName":"Quillfeather","otherNames":"Zeb"}"#);
    let answer = roster.locate(&asked, 1);
    assert!(answer.candidates[0].bits > 25.0);
    assert_eq!(answer.outcome, Outcome::Choose);
}

#[test]
fn an_age_without_a_name_is_never_sure_and_nor_is_a_prison() {
    let rare = r#"{"prisonerNumber":"A1000AA","firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1931-02-03","prisonId":"LEI"}"#;
    let roster = Roster::build([serde_json::from_str::<PrisonerRecord>(rare).unwrap()]);
    for query in [
        r#"{"birthYearFrom":1931,"birthYearTo":1931}"#,
        r#"{"birthYearFrom":1931,"birthYearTo":1931,"prisonId":"LEI"}"#,
        r#"{"prisonId":"LEI"}"#,
    ] {
        assert_ne!(roster.locate(&known(query), 1).outcome, Outcome::Sure, "{query}");
    }
}

/// Who is meant, though another of the same name was born on the day before: no margin, no answer.
#[test]
fn two_who_weigh_nearly_the_same_are_both_shown_and_neither_is_sure() {
    let roster = alike([
        r#""dateOfBirth":"1985-04-05","prisonId":"LEI""#,
        r#""dateOfBirth":"1985-04-05","prisonId":"MDI""#,
        r#""dateOfBirth":"1971-01-30""#,
    ]);
    let asked =
        known(r#"{"firstName":"John","lastName":"Smith","dateOfBirth":"1985-04-05","otherNames":"Smithy"}"#);
    let answer = roster.locate(&asked, 5);
    assert!(answer.candidates[0].bits > 22.0 && answer.candidates[1].bits > 22.0);
    assert!(answer.candidates[0].bits - answer.candidates[1].bits < 3.0);
    assert_eq!(
        (answer.outcome, answer.would_decide),
        (Outcome::Choose, Some(Fact::Prison))
    );
}

#[test]
fn records_that_look_alike_stay_two_people() {
    let same = r#""dateOfBirth":"1985-04-05","pncNumber":"2001/1A""#;
    let roster = alike([same; 3]);
    let asked =
        known(r#"{"firstName":"John","lastName":"Smith","dateOfBirth":"1985-04-05","pncNumber":"2001/1A"}"#);
    let answer = roster.locate(&asked, 5);
    assert_eq!(answer.outcome, Outcome::Choose);
    let numbers: Vec<String> = answer
        .candidates
        .iter()
        .map(|candidate| candidate.prisoner_number.to_string())
        .collect();
    assert_eq!(numbers, ["A0000AA", "A1000AA", "A2000AA"]);
}

/// One family name, one date of birth, another given name: a sibling of the same birth, however much else agrees.
#[test]
fn a_twin_is_never_taken_for_the_other() {
    let twin = r#"{"prisonerNumber":"A1000AA","firstName":"Aaron","lastName":"Sorensen","dateOfBirth":"1995-06-14",
        "prisonId":"LEI","pncNumber":"2001/1A"}"#;
    let roster = Roster::build([serde_json::from_str::<PrisonerRecord>(twin).unwrap()]);
    let asked = known(
        r#"{"firstName":"Jamie","lastName":"Sorensen","dateOfBirth":"1995-06-14","prisonId":"LEI","pncNumber":"2001/1A"}"#,
    );
    let answer = roster.locate(&asked, 1);
    assert!(answer.candidates[0].bits > 25.0, "{:?}", answer.candidates[0]);
    let given = answer.candidates[0]
        .evidence
        .iter()
        .find(|piece| piece.field == Field::FirstName);
    assert_eq!(given.unwrap().level, Level::Different);
    assert_eq!(answer.outcome, Outcome::Choose);
}
