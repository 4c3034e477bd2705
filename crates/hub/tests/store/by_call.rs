//! By the call: who dialled a protected person's number at a time that she remembers. Only her numbers, only for the
//! handler who has her open case in hand, with a reason that is kept.

use casework::{CaseId, ProposedChange, RuleOutcome};
use feed::{Attempt, GateId, Reason, SealingKey, SigningKey, Verdict};
use hub::store::{
    AuditFilter, CALLS_FOUND, CallSearch, FoundCalls, Outcome, Page, Refusal, SEARCH_WINDOW_HOURS, StoreError,
};
use jiff::{SignedDuration, Timestamp};
use prison::PrisonId;

use crate::stories;
use crate::support::{TestStore, filing_as, lei, mdi, number, prisoner, public};

const HERS: &str = "+447700900001";
const ANOTHERS: &str = "+447700900777";

fn ten_past_nine() -> Timestamp {
    "2026-11-22T21:10:00Z".parse().unwrap()
}

async fn gate(place: &TestStore, prison: PrisonId, seed: u8) -> GateId {
    let code = place
        .store
        .issue_enrolment_code(&place.operator, prison)
        .await
        .unwrap();
    let verifying = SigningKey::from_bytes(&[seed; 32]).verifying_key();
    let sealing = SealingKey::from_secret(&[seed; 32]).public();
    place
        .store
        .enrol_gate(prison, code, verifying, sealing)
        .await
        .unwrap()
}

fn rang(sequence: u64, minutes: i64, caller: &str, number: &str, verdict: Verdict) -> Attempt {
    let at = ten_past_nine() + SignedDuration::from_mins(minutes);
    Attempt {
        sequence,
        at_ms: at.as_millisecond(),
        caller: caller.to_owned(),
        dialled: number.to_owned(),
        number: Some(number.to_owned()),
        verdict,
    }
}

fn asked(hers: &str, minutes: i64) -> CallSearch {
    let span = SignedDuration::from_mins(minutes);
    CallSearch {
        number: number(hers),
        from: ten_past_nine() - span,
        to: ten_past_nine() + span,
        reason: "Her telephone rang at about ten past nine.".into(),
    }
}

/// A friend's request: nothing is barred until a handler has looked.
async fn unbarred_case(place: &TestStore) -> CaseId {
    let filing = filing_as(RuleOutcome::HandlerFirst, &[HERS]);
    let receipt = place.store.file_request(&public(), None, filing).await.unwrap();
    assert!(matches!(receipt.targets[0].outcome, Outcome::Handler));
    place.case_of(&receipt).await
}

async fn search(place: &TestStore, case: CaseId, asked: &CallSearch) -> Result<FoundCalls, StoreError> {
    place.store.search_calls(&place.handler, case, asked).await
}

async fn take(place: &TestStore, case: CaseId) {
    place.store.take_in_hand(&place.handler, case).await.unwrap();
}

async fn audited(place: &TestStore, case: Option<CaseId>) -> Vec<String> {
    let filter = AuditFilter {
        case,
        verb: Some("search-calls".to_owned()),
        ..AuditFilter::default()
    };
    let rows = place
        .store
        .audit(&place.auditor, &filter, Page::NEWEST)
        .await
        .unwrap();
    rows.iter()
        .map(|row| format!("{} {}", row.name, row.detail))
        .collect()
}

stories! {
    async fn a_call_is_found_by_number_and_time_though_it_was_allowed_and_nothing_is_barred(place: &TestStore) {
        let (leeds, moorland) = (gate(place, lei(), 1).await, gate(place, mdi(), 2).await);
        let case = unbarred_case(place).await;
        let refused = Verdict::Refuse(Reason::NotApproved);
        place.store.record_attempts(leeds, &[
            rang(1, -11, "A5678DE", HERS, Verdict::Allow),
            rang(2, 0, "A1234BC", HERS, Verdict::Allow),
            rang(3, 1, "A9012FG", ANOTHERS, Verdict::Allow),
        ]).await.unwrap();
        place.store.record_attempts(moorland, &[rang(1, 10, "generic", HERS, refused)]).await.unwrap();
        take(place, case).await;
        let found = search(place, case, &asked(HERS, 10)).await.unwrap();
        let told: Vec<_> = found.calls.rows.iter()
            .map(|call| (call.prison, call.attempt.caller.as_str(), call.attempt.verdict))
            .collect();
        assert_eq!(told, [(lei(), "A1234BC", Verdict::Allow), (mdi(), "generic", refused)], "both ends of the span count");
        assert!(!found.calls.more);
        place.locate(case, "A1234BC").await;
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert_eq!(file.state.prisoner(), Some(prisoner("A1234BC")));
        let made: Vec<_> = file.searches.rows.iter().map(|made| (made.by.as_str(), made.found, made.search.clone())).collect();
        assert_eq!(made, [("Hazel Handler", 2, asked(HERS, 10))], "what was asked and why is kept");
        assert_eq!(audited(place, Some(case)).await, ["Hazel Handler found=2 more=false"]);
    }

    async fn only_the_handler_who_has_the_open_case_in_hand_may_search_its_calls(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = unbarred_case(place).await;
        place.store.record_attempts(gate, &[rang(1, 0, "A1234BC", HERS, Verdict::Allow)]).await.unwrap();
        let refused = Err(StoreError::Refused(Refusal::NotInHand));
        assert_eq!(search(place, case, &asked(HERS, 10)).await, refused, "nobody has it in hand");
        place.store.take_in_hand(&place.second_handler, case).await.unwrap();
        assert_eq!(search(place, case, &asked(HERS, 10)).await, refused, "another has it in hand");
        for other in [&place.police, &place.operator, &place.auditor, &place.security] {
            let theirs = Err(StoreError::Refused(Refusal::NotTheirs));
            assert_eq!(place.store.take_in_hand(other, case).await, theirs, "{}", other.name);
            let calls = place.store.search_calls(other, case, &asked(HERS, 10)).await;
            assert_eq!(calls, Err(StoreError::Refused(Refusal::NotTheirs)), "{}", other.name);
        }
        take(place, case).await;
        assert_eq!(search(place, case, &asked(HERS, 10)).await.unwrap().calls.rows.len(), 1);
        let change = place.decline(case).await;
        place.agree(change).await;
        assert_eq!(search(place, case, &asked(HERS, 10)).await, refused, "the case is closed");
        assert!(place.store.take_in_hand(&place.handler, case).await.is_err(), "and nobody takes it in hand");
        let refusals = audited(place, None).await.iter().filter(|row| row.ends_with("refused")).count();
        assert_eq!(refusals, 7, "every search that was refused is audited");
    }

    async fn no_number_is_searched_but_those_of_the_cases_protected_people(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = place.case_of(&place.refer(&[HERS]).await).await;
        let elsewhere = place.case_of(&place.refer(&[ANOTHERS]).await).await;
        place.store.record_attempts(gate, &[rang(1, 0, "A1234BC", ANOTHERS, Verdict::Allow)]).await.unwrap();
        take(place, case).await;
        take(place, elsewhere).await;
        let refused = Err(StoreError::Refused(Refusal::NotTheirNumber));
        assert_eq!(search(place, case, &asked(ANOTHERS, 10)).await, refused);
        assert_eq!(search(place, elsewhere, &asked(ANOTHERS, 10)).await.unwrap().calls.rows.len(), 1);
        let file = place.store.open_case(&place.handler, case).await.unwrap();
        assert!(file.searches.rows.is_empty(), "nothing was searched");
    }

    async fn a_number_that_two_people_found_not_to_be_hers_is_searched_no_more(place: &TestStore) {
        let receipt = place.refer(&[HERS]).await;
        let case = place.case_of(&receipt).await;
        take(place, case).await;
        assert!(search(place, case, &asked(HERS, 10)).await.is_ok());
        let Outcome::Barred(bar) = receipt.targets[0].outcome else { panic!("barred") };
        place.agree(ProposedChange::LiftBar { bar }).await;
        assert_eq!(search(place, case, &asked(HERS, 10)).await, Err(StoreError::Refused(Refusal::NotTheirNumber)));
    }

    async fn a_search_says_why_and_its_window_has_a_limit(place: &TestStore) {
        let case = unbarred_case(place).await;
        take(place, case).await;
        for silent in ["", "  \n"] {
            let asked = CallSearch { reason: silent.into(), ..asked(HERS, 10) };
            assert!(matches!(search(place, case, &asked).await, Err(StoreError::Invalid(_))));
        }
        let widest = SignedDuration::from_hours(SEARCH_WINDOW_HOURS);
        let from = ten_past_nine();
        for (to, taken) in [
            (from + widest, true),
            (from + widest + SignedDuration::from_millis(1), false),
            (from - SignedDuration::from_millis(1), false),
        ] {
            let asked = CallSearch { from, to, ..asked(HERS, 10) };
            assert_eq!(search(place, case, &asked).await.is_ok(), taken, "{to}");
        }
    }

    async fn a_search_tells_so_many_calls_and_whether_there_are_more(place: &TestStore) {
        let gate = gate(place, lei(), 1).await;
        let case = unbarred_case(place).await;
        take(place, case).await;
        let most = u64::try_from(CALLS_FOUND).unwrap();
        for (sequences, more) in [(1..=most, false), (most + 1..=most + 1, true)] {
            let calls: Vec<_> = sequences.map(|n| rang(n, 0, "A1234BC", HERS, Verdict::Allow)).collect();
            place.store.record_attempts(gate, &calls).await.unwrap();
            let found = search(place, case, &asked(HERS, 0)).await.unwrap().calls;
            assert_eq!((found.rows.len(), found.more), (most as usize, more));
        }
    }
}
