//! Intelligence over JSON.

use axum::http::StatusCode;
use casework::{OrganisationKind, Role};
use serde_json::json;

use crate::support::TestHub;

#[tokio::test]
async fn intelligence_is_stored_once_and_a_number_in_it_is_not_barred_by_itself() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let before = *hub.hub.store.serial().borrow();
    let body =
        json!({ "kind": "number-that-rang", "number": "07700 900321", "account": "It rang her twice." });
    let first = hub.post_once("/v1/intelligence", &key, "one", &body).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = hub.post_once("/v1/intelligence", &key, "one", &body).await;
    assert_eq!(first.json(), again.json());
    assert_eq!(*hub.hub.store.serial().borrow(), before, "nothing is announced");
}

#[tokio::test]
async fn an_empty_account_is_named_as_the_field_to_mend() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let answer = hub
        .post(
            "/v1/intelligence",
            Some(&key),
            &json!({ "kind": "proxy", "account": " " }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["field"], "account");
}

#[tokio::test]
async fn a_field_that_intelligence_does_not_have_is_refused_and_named() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let body = json!({ "kind": "proxy", "account": "His cousin writes.", "numbre": "07700 900321" });
    let answer = hub.post("/v1/intelligence", Some(&key), &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["field"], "numbre");
    assert!(!answer.text.contains("900321"));
}

#[tokio::test]
async fn only_registered_organisations_and_handlers_file_intelligence() {
    let hub = TestHub::start().await;
    let body = json!({ "kind": "proxy", "account": "His cousin writes for him." });
    let table = [
        (
            Role::Referrer {
                organisation: OrganisationKind::VictimService,
            },
            StatusCode::CREATED,
        ),
        (Role::CaseHandler, StatusCode::CREATED),
        (Role::Auditor, StatusCode::FORBIDDEN),
        (
            Role::Mailroom {
                prison: "LEI".parse().unwrap(),
            },
            StatusCode::FORBIDDEN,
        ),
    ];
    for (role, expected) in table {
        let name = format!("{role:?}");
        let (_, key) = hub.key_of(&name, role).await;
        assert_eq!(
            hub.post("/v1/intelligence", Some(&key), &body).await.status,
            expected,
            "{name}"
        );
    }
}
