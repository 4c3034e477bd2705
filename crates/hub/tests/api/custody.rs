//! The prison service's own system posts its events; each message of a body is answered.

use axum::http::StatusCode;
use casework::Role;
use serde_json::{Value, json};

use crate::support::TestHub;

const PATH: &str = "/v1/custody/events";

fn received(number: &str, prison: &str) -> Value {
    json!({
        "eventType": "prisoner-offender-search.prisoner.received", "version": 1,
        "occurredAt": "2026-11-23T08:00:00Z",
        "additionalInformation": {"nomsNumber": number, "prisonId": prison, "reason": "NEW_ADMISSION"}
    })
}

#[tokio::test]
async fn each_message_of_a_body_is_answered() {
    let hub = TestHub::start().await;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    let body = json!({"messages": [
        received("A1234BC", "LEI"), received("A1234BC", "LEI"), received("A12", "LEI"),
        {"eventType": "prison-offender-events.prisoner.cell-move"},
        {"Type": "Notification", "Message": received("A5678DE", "MDI").to_string()},
    ]});
    let answer = hub.post(PATH, Some(&key), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let expected = json!({"answers": [
        {"outcome": "taken"}, {"outcome": "repeated"}, {"outcome": "set-aside", "why": "prisoner"},
        {"outcome": "passed"}, {"outcome": "taken"},
    ]});
    assert_eq!(answer.json(), expected);
    let moorland = hub.hub.store.prisoner("A5678DE".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(moorland.prison_id, "MDI".parse().ok());
}

#[tokio::test]
async fn nobody_else_may_and_the_key_may_nothing_else() {
    let hub = TestHub::start().await;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    let body = json!({"messages": [received("A1234BC", "LEI")]});
    assert_eq!(hub.post(PATH, None, &body).await.status, StatusCode::UNAUTHORIZED);
    let police = hub.police_key().await;
    assert_eq!(hub.post(PATH, Some(&police), &body).await.status, StatusCode::FORBIDDEN);
    for path in ["/v1/requests", "/v1/letters", "/v1/intelligence"] {
        let answer = hub.post(path, Some(&key), &json!({})).await;
        assert!(answer.status.is_client_error(), "{path}");
    }
    let request = crate::support::police_request(&["07700 900001"]);
    assert_eq!(hub.post("/v1/requests", Some(&key), &request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_body_holds_between_one_and_a_hundred_messages() {
    let hub = TestHub::start().await;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    let of = |count: usize| json!({"messages": vec![json!({"eventType": "of-no-concern"}); count]});
    for (count, expected) in [(0, 422), (1, 200), (100, 200), (101, 422)] {
        let answer = hub.post(PATH, Some(&key), &of(count)).await;
        assert_eq!(answer.status.as_u16(), expected, "{count}");
    }
}
