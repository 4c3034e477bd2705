//! The prison service's own system fetches on whose record it is to raise an alert, and what it gets names nobody else.

use axum::http::StatusCode;
use casework::{Reference, Role};
use hub::store::{AlertDecision, CaseKey};
use serde_json::{Value, json};

use crate::support::{TestHub, police_request};

const PATH: &str = "/v1/custody/alerts-to-raise";

/// A case with everything in it that a request can hold, about this prisoner.
async fn barred(hub: &TestHub, prisoner: &str) -> Reference {
    let mut request = police_request(&["07700 900123"]);
    request["people"][0]["name"] = json!("Canaria Unspoken");
    request["people"][0]["other_names"] = json!(["Canny"]);
    request["people"][0]["addresses"] = json!([{"lines": "14 Canary Road, Leeds, LS1 1AA"}]);
    request["why"] = json!("Canaria said so.");
    let answer = hub
        .post("/v1/requests", Some(&hub.police_key().await), &request)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let reference: Reference = answer.json()["reference"].as_str().unwrap().parse().unwrap();
    let store = &hub.hub.store;
    let file = store
        .open_case(&hub.handler, CaseKey::from(reference.clone()))
        .await
        .unwrap();
    let number = prisoner.parse().unwrap();
    store
        .import_prisoners(vec![offender::PrisonerRecord::new(number, "Ivan", "Invented")])
        .await
        .unwrap();
    store
        .locate_prisoner(&hub.handler, file.case, number, &"{}".into(), "test")
        .await
        .unwrap();
    reference
}

/// Every key and every text of an answer, however deep.
fn said(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            into.push(key.clone());
            said(value, into);
        }),
        Value::Array(values) => values.iter().for_each(|value| said(value, into)),
        Value::String(text) => into.push(text.clone()),
        other => into.push(other.to_string()),
    }
}

impl TestHub {
    async fn asks_for_all(&self) {
        self.hub
            .store
            .note_alert_requests(self.hub.raise_alerts)
            .await
            .unwrap();
        for request in self.hub.store.alert_requests(&self.handler).await.unwrap().rows {
            let asked = self
                .hub
                .store
                .decide_alert_request(&self.handler, request.id, AlertDecision::Ask)
                .await;
            asked.unwrap();
        }
    }
}

#[tokio::test]
async fn an_alert_to_be_raised_holds_a_prison_number_a_code_and_an_identifier_and_nothing_else() {
    let hub = TestHub::start().await;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    let case = barred(&hub, "A1234BC").await;
    let before = hub.get(PATH, Some(&key)).await;
    assert_eq!(
        before.json(),
        json!({"alerts": [], "more": false}),
        "a handler is asked first"
    );
    hub.asks_for_all().await;
    let answer = hub.get(PATH, Some(&key)).await;
    let mut all = Vec::new();
    said(&answer.json(), &mut all);
    let reference = answer.json()["alerts"][0]["reference"]
        .as_str()
        .unwrap()
        .to_owned();
    all.sort();
    let mut expected = vec![
        "A1234BC",
        "ONCR",
        "alert_code",
        "alerts",
        "false",
        "more",
        "prison_number",
        "reference",
    ];
    expected.push(&reference);
    expected.sort_unstable();
    assert_eq!(all, expected);
    let text = answer.text.to_lowercase();
    for canary in [
        "canar",
        "canny",
        "900123",
        "ls1",
        "said",
        "ada",
        &case.to_string().to_lowercase(),
    ] {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
}

#[tokio::test]
async fn one_that_was_raised_is_told_no_more_and_may_be_said_again() {
    let hub = TestHub::start().await;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    barred(&hub, "A1234BC").await;
    hub.asks_for_all().await;
    let fetched = hub.get(PATH, Some(&key)).await.json();
    let done = format!(
        "{PATH}/{}/done",
        fetched["alerts"][0]["reference"].as_str().unwrap()
    );
    for _ in 0..2 {
        assert_eq!(
            hub.post(&done, Some(&key), &json!({})).await.status,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(hub.get(PATH, Some(&key)).await.json()["alerts"], json!([]));
    for nobodys in ["00000000-0000-0000-0000-000000000007", "A1234BC"] {
        let path = format!("{PATH}/{nobodys}/done");
        assert_eq!(
            hub.post(&path, Some(&key), &json!({})).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn nobody_else_fetches_them() {
    let hub = TestHub::start().await;
    barred(&hub, "A1234BC").await;
    hub.asks_for_all().await;
    assert_eq!(hub.get(PATH, None).await.status, StatusCode::UNAUTHORIZED);
    let police = hub.police_key().await;
    assert_eq!(hub.get(PATH, Some(&police)).await.status, StatusCode::FORBIDDEN);
    let (_, operator) = hub.key_of("Another operator", Role::Operator).await;
    assert_eq!(hub.get(PATH, Some(&operator)).await.status, StatusCode::FORBIDDEN);
    let done = format!("{PATH}/00000000-0000-0000-0000-000000000007/done");
    assert_eq!(
        hub.post(&done, Some(&police), &json!({})).await.status,
        StatusCode::FORBIDDEN
    );
}
