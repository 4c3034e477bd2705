//! Who may ask for the proof of a bar, and what it says where no gate stands.

use axum::http::StatusCode;
use casework::{OrganisationKind, Role};
use feed::Regime;
use serde_json::json;

use crate::support::{TestHub, police_request};

#[tokio::test]
async fn the_proof_of_a_bar_is_for_its_referrer_and_for_case_handlers() {
    let hub = TestHub::start().await;
    hub.switch_on("LEI", Regime::CallBarring).await;
    let key = hub.police_key().await;
    let path = hub.bar(&key, "07700 900123").await;
    let (_, other) = hub
        .key_of(
            "Severn Police",
            Role::Referrer {
                organisation: OrganisationKind::Police,
            },
        )
        .await;
    let (_, handler) = hub.key_of("Hari Handler", Role::CaseHandler).await;
    let (_, auditor) = hub.key_of("Ana Auditor", Role::Auditor).await;
    assert_eq!(hub.get(&path, Some(&key)).await.status, StatusCode::OK);
    assert_eq!(hub.get(&path, Some(&handler)).await.status, StatusCode::OK);
    let theirs = hub.get(&path, Some(&other)).await;
    let nobodys = hub
        .get(&format!("/v1/bars/{}/in-force", uuid::Uuid::nil()), Some(&other))
        .await;
    assert_eq!(
        (theirs.status, &theirs.text),
        (StatusCode::NOT_FOUND, &nobodys.text)
    );
    assert_eq!(hub.get(&path, Some(&auditor)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(hub.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_prison_without_a_gate_is_red_and_the_others_of_the_register_are_counted_as_not_covered() {
    let hub = TestHub::start().await;
    hub.switch_on("LEI", Regime::CallBarring).await;
    hub.switch_on("MDI", Regime::CallEnabling).await;
    let key = hub.police_key().await;
    let path = hub.bar(&key, "07700 900123").await;
    let json = hub.get(&path, Some(&key)).await.json();
    assert_eq!((&json["prisons"], &json["covered"]), (&json!(2), &json!(0)));
    assert_eq!(json["at"], json!(null));
    assert!(
        json["by_prison"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["why_not"] == "no-gate")
    );
    assert!(json["not_covered"].as_u64().unwrap() > 100);
    assert!(
        json["beyond_reach"]
            .as_array()
            .unwrap()
            .contains(&json!("illicit-mobiles"))
    );
}

#[tokio::test]
async fn a_prisoner_whom_nobody_named_is_refused_before_a_handler_has_looked() {
    use casework::ContactRequest;
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallEnabling).await;
    let mut gate = crate::gate::TestGate::admitted(&hub, &url, leeds, 1).await;
    hub.approve(leeds, "A1234BC", "07700 900123").await;
    let mut lines = gate.follow().await.unwrap();
    gate.apply(&lines.next().await.unwrap());
    let body = crate::support::request_by("protected-person", &["07700 900123"]);
    let request: ContactRequest = serde_json::from_value(body).unwrap();
    let by = hub::callers::public_caller();
    let receipt = hub::intake::take_request(&hub.hub, &by, None, request, None)
        .await
        .unwrap();
    let hub::store::Outcome::Barred(bar) = receipt.targets[0].outcome else {
        panic!("not barred")
    };
    let serial = hub.hub.store.head().await.unwrap();
    gate.reach(&mut lines, serial).await;
    assert_eq!(gate.acknowledge().await, 204);
    assert!(
        !gate.approves("07700 900123"),
        "the holder whom nobody named is suspended at once"
    );
    let proof = hub::proof::in_force(&hub.hub, &hub.handler, bar).await.unwrap();
    assert_eq!((proof.covered, proof.kept), (1, 0));
    assert_eq!(proof.by_prison[0].why_not, None);
}

#[tokio::test]
async fn where_the_gates_stand_is_for_operators_and_each_its_own_for_prisons() {
    let hub = TestHub::start().await;
    hub.switch_on("LEI", Regime::CallBarring).await;
    hub.switch_on("MDI", Regime::CallEnabling).await;
    let prison = "MDI".parse().unwrap();
    let (governor, _) = hub.key_of("Gwen Governor", Role::Governor { prison }).await;
    let all = hub::proof::standings(&hub.hub, &hub.operator).await.unwrap();
    assert_eq!(
        all.iter()
            .map(|standing| standing.prison.as_str())
            .collect::<Vec<_>>(),
        ["LEI", "MDI"]
    );
    let own = hub::proof::standings(&hub.hub, &governor).await.unwrap();
    assert_eq!(
        own.iter()
            .map(|standing| standing.prison.as_str())
            .collect::<Vec<_>>(),
        ["MDI"]
    );
    assert!(hub::proof::standings(&hub.hub, &hub.handler).await.is_err());
}

/// What the hub proves of her bar once a prisoner whom nobody named stands so, and whether his gate lets him ring.
async fn proof_beside_a_holder(regime: Regime, decide: bool) -> (hub::proof::InForce, bool) {
    let hub = TestHub::start().await;
    let url = hub.serve().await;
    let leeds = hub.switch_on("LEI", regime).await;
    let mut gate = crate::gate::TestGate::admitted(&hub, &url, leeds, 1).await;
    hub.approve(leeds, "A1234BC", "07700 900123").await;
    let mut lines = gate.follow().await.unwrap();
    gate.apply(&lines.next().await.unwrap());
    let body = crate::support::request_by("protected-person", &["07700 900123"]);
    let by = hub::callers::public_caller();
    let request = serde_json::from_value(body).unwrap();
    let receipt = hub::intake::take_request(&hub.hub, &by, None, request, None)
        .await
        .unwrap();
    let hub::store::Outcome::Barred(bar) = receipt.targets[0].outcome else {
        panic!("not barred")
    };
    if decide {
        hub.keep_first(receipt.reference, bar).await;
    }
    gate.reach(&mut lines, hub.hub.store.head().await.unwrap()).await;
    assert_eq!(gate.acknowledge().await, 204);
    let proof = hub::proof::in_force(&hub.hub, &hub.handler, bar).await.unwrap();
    let rings = gate.approves("07700 900123") && !gate.bars("07700 900123");
    (proof, rings)
}

#[tokio::test]
async fn who_keeps_the_number_by_two_peoples_decision_is_counted_and_leaves_no_prison_red() {
    let (proof, rings) = proof_beside_a_holder(Regime::CallEnabling, true).await;
    assert!(rings);
    assert_eq!((proof.covered, proof.kept), (1, 1));
    assert_eq!(proof.by_prison[0].why_not, None);
}

#[tokio::test]
async fn under_call_barring_page_proof_and_gate_agree_that_the_bar_holds_for_everyone() {
    let (proof, rings) = proof_beside_a_holder(Regime::CallBarring, false).await;
    assert!(!rings, "the gate refuses him");
    assert_eq!((proof.covered, proof.kept), (1, 0));
    assert_eq!(proof.by_prison[0].why_not, None);
}

#[tokio::test]
async fn times_are_the_hubs_at_receipt_and_a_gate_that_was_revoked_leaves_its_prison_red() {
    let (hub, clock) = crate::alarms::clocked().await;
    let url = hub.serve().await;
    let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
    let mut gate = crate::gate::TestGate::admitted(&hub, &url, leeds, 1).await;
    let mut lines = gate.follow().await.unwrap();
    gate.apply(&lines.next().await.unwrap());
    assert_eq!(gate.acknowledge().await, 204);
    let key = hub.police_key().await;
    let filed = hub
        .post("/v1/requests", Some(&key), &police_request(&["07700 900123"]))
        .await
        .json();
    let bar = filed["targets"][0]["bar"].as_str().unwrap().parse().unwrap();
    gate.reach(&mut lines, hub.hub.store.head().await.unwrap()).await;
    clock.advance(7);
    assert_eq!(gate.acknowledge().await, 204);
    clock.advance(60);
    let proof = hub::proof::in_force(&hub.hub, &hub.handler, bar).await.unwrap();
    assert_eq!(
        (proof.covered, proof.at.unwrap().to_string().as_str()),
        (1, "2026-11-23T09:00:07Z")
    );
    hub.hub.store.revoke_gate(&hub.operator, gate.id).await.unwrap();
    let proof = hub::proof::in_force(&hub.hub, &hub.handler, bar).await.unwrap();
    assert_eq!((proof.covered, proof.at), (0, None));
    assert_eq!(proof.by_prison[0].why_not, Some(hub::proof::WhyNot::GateRevoked));
}
