//! What a contact application must have.
#![expect(clippy::unwrap_used, reason = "tests")]

use casework::{Contact, ProblemKind};

fn contact(numbers: &[&str]) -> Contact {
    serde_json::from_value(serde_json::json!({
        "first_name": "Ann", "last_name": "Example", "numbers": numbers,
    }))
    .unwrap()
}

#[test]
fn one_or_two_numbers_are_taken_and_none_or_three_are_not() {
    let problem = |numbers: &[&str]| contact(numbers).problems().first().map(|found| found.problem);
    assert_eq!(problem(&["01632 960001"]), None);
    assert_eq!(problem(&["01632 960001", "01632 960002"]), None);
    assert_eq!(
        problem(&["not a number at all"]),
        None,
        "it is refused with the others, not told apart"
    );
    assert_eq!(problem(&[]), Some(ProblemKind::Missing));
    assert_eq!(problem(&[" ", ""]), Some(ProblemKind::Missing));
    assert_eq!(problem(&["1", "2", "3"]), Some(ProblemKind::TooMany));
}

#[test]
fn a_name_is_needed_and_text_has_limits() {
    let mut nameless = contact(&["01632 960001"]);
    nameless.last_name = " ".into();
    assert_eq!(nameless.problems()[0].field, "last_name");
    let mut long = contact(&["01632 960001"]);
    long.relationship = Some("x".repeat(200).as_str().into());
    assert_eq!(long.problems(), []);
    long.relationship = Some("x".repeat(201).as_str().into());
    assert_eq!(long.problems()[0].problem, ProblemKind::TooLong);
}
