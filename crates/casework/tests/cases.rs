//! The life of a case, step by step.
#![expect(clippy::unwrap_used, reason = "tests")]

use casework::{
    Assessment, BarState, CaseState, Consent, DeclineReason, Ground, Priority, Reference, Relationship,
};
use prison::PrisonerNumber;
use proptest::prelude::*;

fn assessment() -> Assessment {
    Assessment {
        ground: Ground::CourtOrder,
        necessity: "He rings daily.".into(),
        proportionality: "Nothing less stopped it.".into(),
        consent: Consent::Given,
        relationship: Relationship::FormerPartner,
        review_on: "2027-11-23".parse().unwrap(),
    }
}

fn someone() -> PrisonerNumber {
    "A1234BC".parse().unwrap()
}

fn someone_else() -> PrisonerNumber {
    "A5678DE".parse().unwrap()
}

/// One case in each state, from the first to the last.
fn every_state() -> [CaseState; 5] {
    let located = CaseState::Waiting.locate(someone()).unwrap();
    let assessed = located.clone().assess(assessment()).unwrap();
    let confirmed = assessed.clone().confirm().unwrap();
    let declined = CaseState::Waiting.decline(DeclineReason::NotTrue).unwrap();
    [CaseState::Waiting, located, assessed, confirmed, declined]
}

#[test]
fn every_step_is_possible_exactly_where_this_table_says() {
    // From: waiting, located, assessed, confirmed, declined.
    type Step = fn(CaseState) -> bool;
    let steps: [(&str, Step, [bool; 5]); 5] = [
        (
            "locate",
            |case| case.locate(someone()).is_ok(),
            [true, true, true, true, false],
        ),
        (
            "reject_prisoner",
            |case| case.reject_prisoner().is_ok(),
            [false, true, true, true, false],
        ),
        (
            "assess",
            |case| case.assess(assessment()).is_ok(),
            [true, true, true, false, false],
        ),
        (
            "confirm",
            |case| case.confirm().is_ok(),
            [false, false, true, false, false],
        ),
        (
            "decline",
            |case| case.decline(DeclineReason::NotTrue).is_ok(),
            [true, true, true, true, false],
        ),
    ];
    for (name, step, expected) in steps {
        for (state, expected) in every_state().into_iter().zip(expected) {
            let from = state.name();
            assert_eq!(step(state), expected, "{name} from {from}");
        }
    }
}

#[test]
fn a_prisoner_who_is_rejected_leaves_everything_else_of_the_case() {
    let [_, located, assessed, confirmed, _] = every_state();
    assert_eq!(located.reject_prisoner(), Ok(CaseState::Waiting));
    for state in [assessed, confirmed] {
        let (name, before) = (state.name(), state.assessment().cloned());
        let after = state.reject_prisoner().unwrap();
        assert_eq!((after.name(), after.prisoner()), (name, None));
        assert_eq!(after.assessment().cloned(), before);
        assert!(after.reject_prisoner().is_err(), "nobody is left to reject");
    }
}

#[test]
fn who_the_prisoner_is_may_be_corrected_and_the_assessment_stays() {
    let corrected = every_state()[2].clone().locate(someone_else()).unwrap();
    assert_eq!(corrected.prisoner(), Some(someone_else()));
    assert_eq!(corrected.assessment(), Some(&assessment()));
    assert_eq!(corrected.name(), "assessed");
}

#[test]
fn a_case_may_be_assessed_and_confirmed_before_anyone_knows_who_the_prisoner_is() {
    let armed = CaseState::Waiting
        .assess(assessment())
        .unwrap()
        .confirm()
        .unwrap();
    assert_eq!((armed.name(), armed.prisoner()), ("confirmed", None));
    assert_eq!(armed.locate(someone()).unwrap().prisoner(), Some(someone()));
}

#[test]
fn a_step_that_is_not_possible_says_from_where_to_where() {
    let error = CaseState::Waiting.confirm().unwrap_err();
    assert_eq!(error.to_string(), "a case that is waiting cannot be confirmed");
}

#[test]
fn a_bar_is_in_force_until_it_is_lifted() {
    assert!(BarState::Interim.in_force() && BarState::Confirmed.in_force());
    assert!(!BarState::Lifted.in_force());
}

#[test]
fn an_alarm_comes_before_everything_else_in_the_queue() {
    let mut queue = [
        Priority::AskReferrer,
        Priority::Barred,
        Priority::OverCap,
        Priority::LifeAtRisk,
        Priority::HandlerFirst,
    ];
    queue.sort();
    let expected = [
        Priority::LifeAtRisk,
        Priority::OverCap,
        Priority::HandlerFirst,
        Priority::Barred,
        Priority::AskReferrer,
    ];
    assert_eq!(queue, expected);
}

#[test]
fn a_state_is_stored_and_read_back_as_it_was() {
    for state in every_state() {
        let stored = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<CaseState>(&stored).unwrap(), state);
    }
}

#[test]
fn what_belongs_to_a_person_is_not_printed() {
    let printed = format!("{:?}", every_state()[2]);
    assert!(
        !printed.contains("daily") && printed.contains("Personal(..)"),
        "{printed}"
    );
}

proptest! {
    #[test]
    fn a_reference_reads_back_however_it_is_typed(bytes: [u8; 12], lower: bool, spaced: bool) {
        let reference = Reference::from_random(bytes);
        let mut typed = reference.as_str().to_owned();
        if lower { typed = typed.to_lowercase(); }
        if spaced { typed = typed.replace('-', " "); }
        prop_assert_eq!(typed.parse::<Reference>().unwrap(), reference);
    }

    #[test]
    fn anything_may_be_typed_as_a_reference_without_harm(text: String) {
        if let Ok(reference) = text.parse::<Reference>() {
            prop_assert_eq!(reference.as_str().len(), 14);
        }
    }
}
