//! Reports of attempts, sealed and signed by a gate.

use casework::Role;
use feed::{Attempt, Reason, Regime, SealedBlock, SigningKey, Verdict};
use hub::store::{AuditFilter, Page};
use reqwest::StatusCode;

use crate::gate::TestGate;
use crate::support::{TestHub, police_request};

const HERS: &str = "07700 900123";

fn attempt(sequence: u64, verdict: Verdict) -> Attempt {
    Attempt {
        sequence,
        at_ms: 1_800_000_000_000,
        caller: "A1234BC".to_owned(),
        dialled: "141 07700 900123".to_owned(),
        number: Some("+447700900123".to_owned()),
        verdict,
    }
}

#[tokio::test]
async fn an_attempt_at_a_barred_number_shows_on_its_case_once_however_often_it_is_reported() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await;
    let case = hub.queue().await[0].case;
    let attempts = [
        attempt(1, Verdict::Refuse(Reason::Barred)),
        attempt(2, Verdict::Refuse(Reason::Barred)),
    ];
    for _ in 0..2 {
        let (status, text) = gate.report(&attempts).await;
        assert_eq!(
            (status, text.as_str()),
            (StatusCode::OK, r#"{"highest":2,"accepted_through":2}"#)
        );
    }
    let shown = hub
        .hub
        .store
        .attempts_of_case(&hub.handler, case, 10)
        .await
        .unwrap();
    assert_eq!(shown.len(), 2);
}

#[tokio::test]
async fn a_long_report_is_stored_in_parts_so_that_a_bar_need_not_wait_for_all_of_it() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let attempts: Vec<Attempt> = (1..=600).map(|n| attempt(n, Verdict::Allow)).collect();
    let (status, text) = gate.report(&attempts).await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::OK, r#"{"highest":600,"accepted_through":600}"#)
    );
    let (auditor, _) = hub.key_of("Ana Auditor", Role::Auditor).await;
    let stored = AuditFilter {
        verb: Some("record-attempts".to_owned()),
        ..AuditFilter::default()
    };
    let rows = hub
        .hub
        .store
        .audit(&auditor, &stored, Page::NEWEST)
        .await
        .unwrap();
    let details: Vec<&str> = rows.iter().rev().map(|row| row.detail.as_str()).collect();
    let parts = (1..=6).map(|part| format!("stored=100 through={}", 100 * part));
    assert_eq!(details, parts.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_block_that_cannot_be_opened_is_named_and_holds_up_no_other() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let damaged = SealedBlock {
        first: 1,
        last: 3,
        sealed: "AAAA".to_owned(),
    };
    let whole = gate.block(&[attempt(4, Verdict::Allow)]);
    let (status, text) = gate.report_blocks(vec![damaged, whole], &gate.signing).await;
    let named = r#"{"not_opened":[{"first":1,"last":3}],"highest":4,"accepted_through":4}"#;
    assert_eq!((status, text.as_str()), (StatusCode::OK, named));
    let (auditor, _) = hub.key_of("Ana Auditor", Role::Auditor).await;
    let told = AuditFilter {
        verb: Some("record-attempts".to_owned()),
        ..AuditFilter::default()
    };
    let rows = hub.hub.store.audit(&auditor, &told, Page::NEWEST).await.unwrap();
    assert!(
        rows.iter().any(|row| row.detail == "not-opened=1-3"),
        "the gap is told"
    );
    let outside = [
        attempt(1, Verdict::Allow),
        attempt(9, Verdict::Allow),
        attempt(2, Verdict::Allow),
    ];
    assert!(
        gate.report(&outside)
            .await
            .1
            .contains(r#""not_opened":[{"first":1,"last":2}]"#),
        "a sequence outside its block"
    );
}

#[tokio::test]
async fn a_report_is_taken_only_from_the_gate_that_signed_it_and_is_admitted() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::enrol(&hub, &url, leeds, 1).await;
    let stranger = SigningKey::from_bytes(&[9; 32]);
    assert_eq!(
        gate.report(&[attempt(1, Verdict::Allow)]).await.0,
        StatusCode::FORBIDDEN
    );
    hub.admit(gate.id, leeds).await;
    assert_eq!(
        gate.report_blocks(Vec::new(), &stranger).await.0,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_report_at_the_limit_of_blocks_is_taken_and_one_past_it_is_not() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let block = SealedBlock {
        first: 1,
        last: 1,
        sealed: "AAAA".to_owned(),
    };
    let limit = feed::Limits::DEFAULT.report_blocks;
    let at = gate
        .report_blocks(vec![block.clone(); limit], &gate.signing)
        .await;
    assert_eq!(at.0, StatusCode::OK, "read, and found not to open");
    let past = gate.report_blocks(vec![block; limit + 1], &gate.signing).await;
    assert_eq!(past.0, StatusCode::BAD_REQUEST);
}

/// The sequences of a gate that are missing, and how often the number of the case was tried.
async fn known_of(
    hub: &TestHub,
    gate: &TestGate,
    case: casework::CaseId,
) -> (Vec<(u64, u64)>, Vec<(u64, u64)>) {
    let found = hub.hub.store.missing_attempts(gate.id).await.unwrap();
    let alerts = hub
        .hub
        .store
        .alerts_of_case(&hub.handler, case)
        .await
        .unwrap()
        .rows;
    let gaps = found.gaps.iter().map(|gap| (gap.first, gap.last)).collect();
    (gaps, alerts.iter().map(|alert| alert.times).collect())
}

#[tokio::test]
async fn blocks_out_of_order_are_stored_once_and_the_gap_between_them_closes() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await;
    let case = hub.queue().await[0].case;
    let refused = |n| attempt(n, Verdict::Refuse(Reason::Barred));
    gate.report(&[refused(5), refused(6)]).await;
    assert_eq!(known_of(&hub, &gate, case).await, (vec![(1, 4)], vec![(2, 0)]));
    gate.report(&[refused(1), refused(2), refused(3), refused(4)])
        .await;
    gate.report(&[refused(5), refused(6)]).await;
    assert_eq!(known_of(&hub, &gate, case).await, (vec![], vec![(6, 0)]));
}

#[tokio::test]
async fn a_hub_that_was_killed_between_the_commit_and_its_answer_has_the_attempts_and_the_alert_once() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await;
    let case = hub.queue().await[0].case;
    let said = [
        attempt(1, Verdict::Refuse(Reason::Barred)),
        attempt(2, Verdict::Refuse(Reason::Barred)),
    ];
    // Stored, and the answer is lost: the gate keeps its block.
    hub.hub.store.record_attempts(gate.id, &said).await.unwrap();
    let hub = hub.restarted().await;
    gate.url = hub.serve().await;
    let (status, text) = gate.report(&said).await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::OK, r#"{"highest":2,"accepted_through":2}"#)
    );
    assert_eq!(known_of(&hub, &gate, case).await, (vec![], vec![(2, 0)]));
}
