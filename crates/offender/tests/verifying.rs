//! When a prison number stands by itself, and when a person has to look.
#![expect(clippy::unwrap_used, reason = "tests")]

use offender::{Agreement, Doubt, Field, Known, PrisonerRecord, Roster, Verified};

/// One Zebedee Quillfeather with another recorded name, and people around him.
fn roster(others: &[&str]) -> Roster {
    let him = r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","middleNames":"Orlando","lastName":"Quillfeather",
        "dateOfBirth":"1985-03-27","pncNumber":"2012/394773H","prisonId":"LEI","status":"ACTIVE IN",
        "mostSeriousOffence":"Robbery","aliases":[{"firstName":"Zachary","lastName":"Inkwell"}]}"#;
    let stranger =
        r#"{"prisonerNumber":"B1111AA","firstName":"Ivan","lastName":"Invented","dateOfBirth":"1985-03-27"}"#;
    let nameless = r#"{"prisonerNumber":"C2222BB","firstName":"Noel","lastName":"Dateless"}"#;
    let placeholder =
        r#"{"prisonerNumber":"D3333CC","firstName":"Abel","lastName":"Newyear","dateOfBirth":"1990-01-01"}"#;
    let all = [him, stranger, nameless, placeholder];
    let read = |text: &&str| serde_json::from_str::<PrisonerRecord>(text).unwrap();
    Roster::build(all.iter().chain(others).map(read))
}

fn asked(json: &str) -> Known {
    serde_json::from_str(json).unwrap()
}

fn verify(others: &[&str], json: &str) -> Result<Agreement, Doubt> {
    let verified = roster(others).verify(&asked(json));
    verified.map(|Verified { agrees, .. }| agrees)
}

const BOTH: Agreement = Agreement {
    name: true,
    date_of_birth: true,
};
const NAME: Agreement = Agreement {
    name: true,
    date_of_birth: false,
};
const BORN: Agreement = Agreement {
    name: false,
    date_of_birth: true,
};

const HIS_NAME: &str = r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Quillfeather"}"#;

#[test]
fn a_number_stands_where_its_record_agrees_in_the_whole_name_or_the_date_of_birth() {
    for (agrees, query) in [
        (NAME, HIS_NAME),
        (
            NAME,
            r#"{"prisonerNumber":"a7777qz ","firstName":"ZEBEDEE","lastName":"Quillfeather"}"#,
        ),
        (
            NAME,
            r#"{"prisonerNumber":"A7777QZ","firstName":"Zachary","lastName":"Inkwell"}"#,
        ),
        (BORN, r#"{"prisonerNumber":"A7777QZ","dateOfBirth":"1985-03-27"}"#),
        (
            BORN,
            r#"{"prisonerNumber":"A7777QZ","lastName":"Quillfeather","dateOfBirth":"1985-03-27"}"#,
        ),
        (
            BOTH,
            r#"{"prisonerNumber":"A7777QZ","firstName":"Zac","lastName":"Inkwell","dateOfBirth":"1985-03-27"}"#,
        ),
        (
            BOTH,
            r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Quilfeather","dateOfBirth":"1985-03-27"}"#,
        ),
        // Where he is changes, what he did is hearsay, and further names only help.
        (
            NAME,
            r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Quillfeather","prisonId":"MDI",
            "offence":"Arson","otherNames":"Rex","pncNumber":"12/394773H","birthYearFrom":1984,"birthYearTo":1987}"#,
        ),
        (
            NAME,
            r#"{"prisonerNumber":"D3333CC","firstName":"Abel","lastName":"Newyear"}"#,
        ),
    ] {
        assert_eq!(verify(&[], query), Ok(agrees), "{query}");
    }
    let verified = roster(&[]).verify(&asked(HIS_NAME)).unwrap();
    assert_eq!(verified.candidate.prisoner_number.as_str(), "A7777QZ");
    assert!(
        verified
            .candidate
            .evidence
            .iter()
            .any(|piece| piece.field == Field::PrisonerNumber)
    );
    assert!(!verified.model.to_string().is_empty());
}

#[test]
fn a_number_that_is_not_quite_one_or_nobodys_does_not() {
    for (doubt, query) in [
        (
            Doubt::NoNumber,
            r#"{"firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1985-03-27"}"#,
        ),
        (
            Doubt::NoNumber,
            r#"{"prisonerNumber":"A7777Q","dateOfBirth":"1985-03-27"}"#,
        ),
        (
            Doubt::NoNumber,
            r#"{"prisonerNumber":"A7777-QZ","dateOfBirth":"1985-03-27"}"#,
        ),
        (
            Doubt::NotOnRoster,
            r#"{"prisonerNumber":"A7778QZ","firstName":"Zebedee","lastName":"Quillfeather",
            "dateOfBirth":"1985-03-27"}"#,
        ),
    ] {
        assert_eq!(verify(&[], query), Err(doubt), "{query}");
    }
}

#[test]
fn a_number_with_half_a_name_or_a_short_form_alone_does_not() {
    for query in [
        r#"{"prisonerNumber":"A7777QZ"}"#,
        r#"{"prisonerNumber":"A7777QZ","lastName":"Quillfeather"}"#,
        r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee"}"#,
        r#"{"prisonerNumber":"A7777QZ","firstName":"Zac","lastName":"Inkwell"}"#,
        r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Quilfeather"}"#,
        r#"{"prisonerNumber":"A7777QZ","firstName":"Quillfeather","lastName":"Zebedee"}"#,
        r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Inkwell"}"#,
        r#"{"prisonerNumber":"A7777QZ","firstName":"Orlando","lastName":"Quillfeather"}"#,
        r#"{"prisonerNumber":"A7777QZ","birthYearFrom":1984,"birthYearTo":1987}"#,
        // The first of January is what is written when the day is not known.
        r#"{"prisonerNumber":"D3333CC","lastName":"Newyear","dateOfBirth":"1990-01-01"}"#,
    ] {
        assert_eq!(verify(&[], query), Err(Doubt::NothingAgrees), "{query}");
    }
}

#[test]
fn anything_given_that_the_record_says_otherwise_is_a_doubt() {
    for (field, said) in [
        (Field::DateOfBirth, r#""dateOfBirth":"1985-03-28""#),
        (Field::DateOfBirth, r#""dateOfBirth":"1986-03-27""#),
        (Field::DateOfBirth, r#""dateOfBirth":"1985-01-01""#),
        (Field::DateOfBirth, r#""dateOfBirth":"1962-11-05""#),
        (Field::BirthYear, r#""birthYearFrom":1986,"birthYearTo":1989"#),
        (
            Field::BirthYear,
            r#""dateOfBirth":"1985-03-27","birthYearFrom":1960,"birthYearTo":1963"#,
        ),
        (Field::PncNumber, r#""pncNumber":"2012/394774H""#),
        (Field::PncNumber, r#""pncNumber":"2001/1A""#),
        (Field::PncNumber, r#""pncNumber":"not a number""#),
    ] {
        let query = HIS_NAME.replace('}', &format!(",{said}}}"));
        assert_eq!(verify(&[], &query), Err(Doubt::Disagrees(field)), "{query}");
    }
    for (field, name) in [
        (
            Field::FirstName,
            r#""firstName":"Ivan","lastName":"Quillfeather""#,
        ),
        (Field::LastName, r#""firstName":"Zebedee","lastName":"Ovenden""#),
    ] {
        let query = format!(r#"{{"prisonerNumber":"A7777QZ",{name},"dateOfBirth":"1985-03-27"}}"#);
        assert_eq!(verify(&[], &query), Err(Doubt::Disagrees(field)), "{query}");
    }
}

#[test]
fn somebody_who_looks_like_him_is_a_doubt() {
    let full = r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1985-03-27"}"#;
    for other in [
        // A twin, himself under another number, one spelt alike, a sharer of his other name.
        r#"{"prisonerNumber":"E1000AA","firstName":"Ezekiel","lastName":"Quillfeather","dateOfBirth":"1985-03-27"}"#,
        r#"{"prisonerNumber":"E1000AA","firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1985-03-27"}"#,
        r#"{"prisonerNumber":"E1000AA","firstName":"Ezekiel","lastName":"Quilfeather","dateOfBirth":"1985-03-27"}"#,
        r#"{"prisonerNumber":"E1000AA","firstName":"Ezra","lastName":"Inkwell","dateOfBirth":"1985-03-27"}"#,
        // One slip away, and of the same name, or born on the same day.
        r#"{"prisonerNumber":"A7778QZ","firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1970-02-03"}"#,
        r#"{"prisonerNumber":"A7778QZ","firstName":"Ivor","lastName":"Example","dateOfBirth":"1985-03-27"}"#,
    ] {
        assert_eq!(verify(&[other], full), Err(Doubt::LookAlike), "{other}");
    }
    for other in [
        r#"{"prisonerNumber":"E1000AA","firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1970-02-03"}"#,
        r#"{"prisonerNumber":"A7778QZ","firstName":"Ivor","lastName":"Example","dateOfBirth":"1970-02-03"}"#,
    ] {
        assert_eq!(verify(&[other], full), Ok(BOTH), "{other}");
    }
    let dateless = r#"{"prisonerNumber":"C2222BB","firstName":"Noel","lastName":"Dateless"}"#;
    assert_eq!(verify(&[], dateless), Err(Doubt::LookAlike), "nobody can tell");
}

#[test]
fn what_he_was_on_record_before_does_not_look_like_him() {
    let mut roster = roster(&[]);
    let full = asked(
        r#"{"prisonerNumber":"A7777QZ","firstName":"Zebedee","lastName":"Quillfeather","dateOfBirth":"1985-03-27"}"#,
    );
    let mut moved = roster.record(&"A7777QZ".parse().unwrap()).unwrap();
    moved.prison_id = Some("MDI".parse().unwrap());
    roster.update([moved]);
    assert_eq!(roster.verify(&full).map(|verified| verified.agrees), Ok(BOTH));
}
