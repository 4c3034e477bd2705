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
    let filed = hub.post("/v1/requests", Some(&key), &police_request(&["07700 900123"])).await.json();
    let path = format!("/v1/bars/{}/in-force", filed["targets"][0]["bar"].as_str().unwrap());
    let (_, other) = hub.key_of("Severn Police", Role::Referrer { organisation: OrganisationKind::Police }).await;
    let (_, handler) = hub.key_of("Hari Handler", Role::CaseHandler).await;
    let (_, auditor) = hub.key_of("Ana Auditor", Role::Auditor).await;
    assert_eq!(hub.get(&path, Some(&key)).await.status, StatusCode::OK);
    assert_eq!(hub.get(&path, Some(&handler)).await.status, StatusCode::OK);
    let theirs = hub.get(&path, Some(&other)).await;
    let nobodys = hub.get(&format!("/v1/bars/{}/in-force", uuid::Uuid::nil()), Some(&other)).await;
    assert_eq!((theirs.status, &theirs.text), (StatusCode::NOT_FOUND, &nobodys.text));
    assert_eq!(hub.get(&path, Some(&auditor)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(hub.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_prison_without_a_gate_is_red_and_the_others_of_the_register_are_counted_as_not_covered() {
    let hub = TestHub::start().await;
    hub.switch_on("LEI", Regime::CallBarring).await;
    hub.switch_on("MDI", Regime::CallEnabling).await;
    let key = hub.police_key().await;
    let filed = hub.post("/v1/requests", Some(&key), &police_request(&["07700 900123"])).await.json();
    let path = format!("/v1/bars/{}/in-force", filed["targets"][0]["bar"].as_str().unwrap());
    let json = hub.get(&path, Some(&key)).await.json();
    assert_eq!((&json["prisons"], &json["covered"]), (&json!(2), &json!(0)));
    assert_eq!(json["at"], json!(null));
    assert!(json["by_prison"].as_array().unwrap().iter().all(|row| row["why_not"] == "no-gate"));
    assert!(json["not_covered"].as_u64().unwrap() > 100);
    assert!(json["beyond_reach"].as_array().unwrap().contains(&json!("illicit-mobiles")));
}
