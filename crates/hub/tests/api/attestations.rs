//! The daily attestation: made once a day, checked without the hub, and never made up afterwards.

use std::time::Duration;

use axum::http::StatusCode;
use casework::Role;
use feed::{Attempt, KeyFingerprint, Reason, Regime, Verdict, verify_attestation};
use hub::proof::attest::{SETTLED_AFTER, attest_due, attested_days};

use crate::alarms::clocked;
use crate::gate::TestGate;
use crate::support::police_request;

const TODAY: &str = "/v1/prisons/LEI/attestations/2026-11-23";

#[tokio::test]
async fn a_covered_prison_is_attested_once_a_day_with_its_gates_own_word() {
    let (hub, clock) = clocked().await;
    let url = hub.serve().await;
    let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&["07700 900123"]))
        .await;
    assert_eq!(
        attest_due(&hub.hub).await.unwrap(),
        [],
        "it may be covered in a moment"
    );
    let mut lines = gate.follow().await.unwrap();
    gate.apply(&lines.next().await.unwrap());
    assert_eq!(gate.acknowledge().await, 204);
    let tried = |sequence| Attempt {
        sequence,
        at_ms: 1_795_424_400_000,
        caller: "A1234BC".to_owned(),
        dialled: "07700900777".to_owned(),
        number: Some("+447700900777".to_owned()),
        verdict: Verdict::Refuse(Reason::NotApproved),
    };
    gate.report(&[tried(1), tried(2), tried(1_001)]).await;
    assert_eq!(attest_due(&hub.hub).await.unwrap(), [leeds]);
    let (_, auditor) = hub.key_of("Ana Auditor", Role::Auditor).await;
    let answer = hub.get(TODAY, Some(&auditor)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let line = answer.text.trim_end().as_bytes().to_vec();
    let hub_key = hub.hub.keys.feed_signing_key().verifying_key();
    let shown = KeyFingerprint::of_gate(&gate.signing.verifying_key(), &gate.sealing.public()).to_string();
    let read = verify_attestation(&line, &hub_key, &[shown]).unwrap();
    assert!(read.covered);
    assert_eq!(
        (read.serial, read.gates[0].word.as_ref().unwrap().hash),
        (gate.at.unwrap().1, gate.hash())
    );
    assert_eq!(
        (
            read.gates[0].attempts.missing,
            read.gates[0].attempts.gaps.as_slice()
        ),
        (998, &[(3, 1_000)][..])
    );
    clock.advance(60);
    hub.post("/v1/requests", Some(&key), &police_request(&["07700 900124"]))
        .await;
    hub.instants.advance(SETTLED_AFTER);
    assert_eq!(attest_due(&hub.hub).await.unwrap(), [], "once");
    assert_eq!(
        hub.get(TODAY, Some(&auditor)).await.text,
        answer.text,
        "and never changed"
    );
}

#[tokio::test]
async fn a_prison_that_is_not_covered_is_attested_as_such_once_its_gates_had_time_to_come_back() {
    let (hub, _) = clocked().await;
    let leeds = hub.switch_on("LEI", Regime::CallEnabling).await;
    hub.instants.advance(SETTLED_AFTER - Duration::from_millis(1));
    assert_eq!(attest_due(&hub.hub).await.unwrap(), []);
    hub.instants.advance(Duration::from_millis(1));
    assert_eq!(attest_due(&hub.hub).await.unwrap(), [leeds]);
    let (_, auditor) = hub.key_of("Ana Auditor", Role::Auditor).await;
    let line = hub.get(TODAY, Some(&auditor)).await.text;
    let hub_key = hub.hub.keys.feed_signing_key().verifying_key();
    let read = verify_attestation(line.trim_end().as_bytes(), &hub_key, &[]).unwrap();
    assert_eq!((read.covered, read.why_not.as_deref()), (false, Some("no-gate")));
}

#[tokio::test]
async fn a_day_that_went_by_without_an_attestation_stays_missing() {
    let (hub, clock) = clocked().await;
    hub.switch_on("LEI", Regime::CallEnabling).await;
    hub.instants.advance(SETTLED_AFTER);
    attest_due(&hub.hub).await.unwrap();
    clock.advance(3 * 86_400);
    attest_due(&hub.hub).await.unwrap();
    let days = attested_days(&hub.hub, &hub.operator).await.unwrap();
    let told: Vec<(String, bool)> = days
        .iter()
        .map(|day| (day.date.to_string(), day.attested.is_some()))
        .collect();
    let expected = [
        ("2026-11-26", true),
        ("2026-11-25", false),
        ("2026-11-24", false),
        ("2026-11-23", true),
    ];
    assert_eq!(told, expected.map(|(date, is)| (date.to_owned(), is)));
    let (_, auditor) = hub.key_of("Ana Auditor", Role::Auditor).await;
    let missing = hub
        .get("/v1/prisons/LEI/attestations/2026-11-24", Some(&auditor))
        .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_attestation_is_for_auditors_and_operators_and_for_a_prison_its_own() {
    let (hub, _) = clocked().await;
    hub.switch_on("LEI", Regime::CallEnabling).await;
    hub.instants.advance(SETTLED_AFTER);
    attest_due(&hub.hub).await.unwrap();
    let at = |prison: &str| prison.parse().unwrap();
    let table = [
        (
            "Gwen Governor",
            Role::Governor { prison: at("LEI") },
            StatusCode::OK,
        ),
        (
            "Moor Governor",
            Role::Governor { prison: at("MDI") },
            StatusCode::NOT_FOUND,
        ),
        (
            "Mab Mailroom",
            Role::Mailroom { prison: at("LEI") },
            StatusCode::NOT_FOUND,
        ),
        ("Another Handler", Role::CaseHandler, StatusCode::NOT_FOUND),
        ("Another Operator", Role::Operator, StatusCode::OK),
    ];
    for (name, role, expected) in table {
        let (_, key) = hub.key_of(name, role).await;
        assert_eq!(hub.get(TODAY, Some(&key)).await.status, expected, "{name}");
    }
    assert_eq!(hub.get(TODAY, None).await.status, StatusCode::UNAUTHORIZED);
}
