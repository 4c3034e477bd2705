//! Contact applications over JSON and as rows.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use casework::Role;
use serde_json::{Value, json};

use crate::support::{TestHub, police_request};

const HERS: &str = "07700 900123";

async fn clerk(hub: &TestHub) -> String {
    let prison = "LEI".parse().unwrap();
    let mut record = offender::PrisonerRecord::new("A1234BC".parse().unwrap(), "Ivan", "Invented");
    record.prison_id = Some(prison);
    hub.hub.store.import_prisoners(vec![record]).await.unwrap();
    hub.key_of("Leeds phones", Role::PinphoneClerk { prison }).await.1
}

fn body(holder: &str, kind: &str, number: &str) -> Value {
    json!({ "applications": [{ "prison_number": holder, "kind": kind,
        "contact": { "first_name": "Ann", "last_name": "Example", "numbers": [number] } }] })
}

#[tokio::test]
async fn what_a_prison_is_answered_at_filing_is_the_same_whatever_is_barred() {
    let hub = TestHub::start().await;
    let (police, clerk) = (hub.police_key().await, clerk(&hub).await);
    hub.post("/v1/requests", Some(&police), &police_request(&[HERS]))
        .await;
    let mut answers = Vec::new();
    for (kind, number) in [
        ("social", HERS),
        ("social", "07700 900124"),
        ("legal", HERS),
        ("legal", "07700 900124"),
    ] {
        let answer = hub
            .post("/v1/applications", Some(&clerk), &body("A1234BC", kind, number))
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let mut json = answer.json();
        assert!(
            json["rows"][0]["received"].is_string() && json["answered_after"].is_string(),
            "{json}"
        );
        json["rows"][0]["received"] = json!("x");
        answers.push(json.to_string());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let listed = hub.get("/v1/applications", Some(&clerk)).await.json();
    let told: Vec<_> = listed["applications"].as_array().unwrap().iter().collect();
    let answer_of = |kind: &str| {
        let mut answers: Vec<_> = told
            .iter()
            .filter(|one| one["kind"] == kind)
            .map(|one| one["answer"].to_string())
            .collect();
        answers.dedup();
        answers
    };
    assert_eq!(
        (answer_of("social"), answer_of("legal")),
        (vec!["\"received\"".into()], vec!["\"with-two-people\"".into()])
    );
}

#[tokio::test]
async fn rows_of_a_file_are_answered_one_by_one() {
    let hub = TestHub::start().await;
    let clerk = clerk(&hub).await;
    let file = "prison_number,kind,last_name,telephone_1\n\
        A1234BC,social,Example,01632 960001\nZ9999ZZ,social,Example,01632 960001\n\
        A1234BC,legal,Example,not a number\nA1234BC,pigeon,Example,01632 960001\n";
    let request = |kind: &str| {
        Request::post("/v1/applications/csv")
            .header("authorization", format!("Bearer {clerk}"))
            .header("content-type", kind)
            .body(Body::from(file))
            .unwrap()
    };
    let answer = hub.send(request("text/csv")).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let rows = answer.json()["rows"].clone();
    assert!(rows[0]["received"].is_string(), "{rows}");
    assert_eq!(rows[1], "not-held-here");
    assert_eq!(
        (&rows[2]["mend"]["field"], &rows[3]["mend"]["field"]),
        (&json!("numbers[0]"), &json!("kind"))
    );
    assert_eq!(
        hub.send(request("text/plain")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn the_same_key_and_body_file_once_and_only_a_prisons_own_people_file() {
    let hub = TestHub::start().await;
    let (police, clerk) = (hub.police_key().await, clerk(&hub).await);
    let one = body("A1234BC", "social", "01632 960001");
    let first = hub.post_once("/v1/applications", &clerk, "one", &one).await;
    let again = hub.post_once("/v1/applications", &clerk, "one", &one).await;
    assert_eq!(first.json()["rows"], again.json()["rows"]);
    let other = body("A1234BC", "social", "01632 960002");
    assert_eq!(
        hub.post_once("/v1/applications", &clerk, "one", &other)
            .await
            .status,
        StatusCode::CONFLICT
    );
    let listed = hub.get("/v1/applications", Some(&clerk)).await.json();
    assert_eq!(listed["applications"].as_array().unwrap().len(), 1);
    assert_eq!(
        hub.post("/v1/applications", Some(&police), &one).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        hub.get("/v1/applications", Some(&police)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        hub.post("/v1/applications", None, &one).await.status,
        StatusCode::UNAUTHORIZED
    );
    let empty = json!({ "applications": [] });
    assert_eq!(
        hub.post("/v1/applications", Some(&clerk), &empty).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}
