//! The prison service's own system posts its events; each message of a body is answered.

use axum::http::StatusCode;
use casework::Role;
use serde_json::{Value, json};

use hub::alerts::Sign;
use hub::custody::arrivals;
use offender::PrisonerRecord;

use crate::support::{TestHub, police_request};

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
    let moorland = hub
        .hub
        .store
        .prisoner("A5678DE".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(moorland.prison_id, "MDI".parse().ok());
}

#[tokio::test]
async fn nobody_else_may_and_the_key_may_nothing_else() {
    let hub = TestHub::start().await;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    let body = json!({"messages": [received("A1234BC", "LEI")]});
    assert_eq!(hub.post(PATH, None, &body).await.status, StatusCode::UNAUTHORIZED);
    let police = hub.police_key().await;
    assert_eq!(
        hub.post(PATH, Some(&police), &body).await.status,
        StatusCode::FORBIDDEN
    );
    for path in ["/v1/requests", "/v1/letters", "/v1/intelligence"] {
        let answer = hub.post(path, Some(&key), &json!({})).await;
        assert!(answer.status.is_client_error(), "{path}");
    }
    let request = police_request(&["07700 900001"]);
    assert_eq!(
        hub.post("/v1/requests", Some(&key), &request).await.status,
        StatusCode::FORBIDDEN
    );
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

/// A case about somebody who is in no prison yet.
async fn armed(hub: &TestHub) -> String {
    let key = hub.police_key().await;
    let mut request = police_request(&["07700 900001"]);
    request["prisoner"] =
        json!({"first_name": "Bartholomew", "last_name": "Invented", "date_of_birth": "1984-02-03"});
    let answer = hub.post("/v1/requests", Some(&key), &request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()["reference"].as_str().unwrap().to_owned()
}

fn record(number: &str, first: &str, last: &str, born: &str) -> PrisonerRecord {
    let mut record = PrisonerRecord::new(number.parse().unwrap(), first, last);
    record.date_of_birth = born.parse().ok();
    record.prison_id = "LEI".parse().ok();
    record
}

impl TestHub {
    /// What a running hub does by itself: reads the roster again and compares whoever came.
    async fn compare_arrivals(&self) {
        self.hub.custody.refresh(&self.hub.store).await.unwrap();
        arrivals::tend_once(&self.hub).await.unwrap();
        assert!(self.hub.store.arrivals_waiting().await.unwrap().is_empty());
    }

    /// The open alerts: whom they are about, and what they say.
    async fn alerts(&self) -> Vec<(String, Vec<Sign>)> {
        let open = self.hub.store.open_alerts(&self.handler).await.unwrap().rows;
        let alerts = open
            .iter()
            .map(|alert| (alert.caller.expose().to_owned(), alert.signs.each().collect()));
        alerts.collect()
    }
}

#[tokio::test]
async fn a_likely_arrival_is_told_once_on_the_case_that_waits_and_a_wrong_person_is_not() {
    let hub = TestHub::start().await;
    armed(&hub).await;
    let store = &hub.hub.store;
    let (_, key) = hub.key_of("Prison service", Role::PrisonService).await;
    let mut others: Vec<PrisonerRecord> = (0..40)
        .map(|n| record(&format!("B{n:04}BC"), "Ivan", "Example", "1990-01-02"))
        .collect();
    others.push(record("B9001BC", "Bartholomew", "Example", "1991-05-06"));
    store.import_prisoners(others).await.unwrap();
    hub.compare_arrivals().await;
    assert!(hub.alerts().await.is_empty(), "nobody of these is he");

    let body = json!({"messages": [received("A1234BC", "MDI")]});
    hub.post(PATH, Some(&key), &body).await;
    hub.compare_arrivals().await;
    assert!(
        hub.alerts().await.is_empty(),
        "a number without a name says nothing yet"
    );
    let him = record("A1234BC", "Bart", "Invented", "1984-02-03");
    store.import_prisoners(vec![him.clone()]).await.unwrap();
    hub.compare_arrivals().await;
    let expected = vec![("A1234BC".to_owned(), vec![Sign::Arrived])];
    assert_eq!(hub.alerts().await, expected);

    let open = store.open_alerts(&hub.handler).await.unwrap().rows.remove(0);
    store
        .mark_alert_seen(&hub.handler, open.case, open.alert, open.signs)
        .await
        .unwrap();
    hub.post(PATH, Some(&key), &body).await;
    store.import_prisoners(vec![him]).await.unwrap();
    hub.compare_arrivals().await;
    assert!(hub.alerts().await.is_empty(), "said again, it is no other alert");
}

#[tokio::test]
async fn a_prisoner_of_a_case_who_comes_back_is_told_and_one_who_was_there_is_not() {
    let hub = TestHub::start().await;
    let store = &hub.hub.store;
    let him = record("A1234BC", "Bartholomew", "Invented", "1984-02-03");
    store.import_prisoners(vec![him.clone()]).await.unwrap();
    let reference: casework::Reference = armed(&hub).await.parse().unwrap();
    let case = store.open_case(&hub.handler, reference).await.unwrap().case;
    hub.compare_arrivals().await;
    assert!(
        hub.alerts().await.is_empty(),
        "he was there when she asked: locating finds him"
    );
    let evidence = "{}".into();
    store
        .locate_prisoner(&hub.handler, case, him.prisoner_number, &evidence, "v1")
        .await
        .unwrap();
    for prison in ["TRN", "MDI", "OUT"] {
        store
            .record_transfer(him.prisoner_number, prison.parse().unwrap())
            .await
            .unwrap();
        hub.compare_arrivals().await;
        assert!(hub.alerts().await.is_empty(), "{prison}");
    }
    store
        .record_transfer(him.prisoner_number, "LEI".parse().unwrap())
        .await
        .unwrap();
    hub.compare_arrivals().await;
    let expected = vec![("A1234BC".to_owned(), vec![Sign::Arrived, Sign::Named])];
    assert_eq!(hub.alerts().await, expected);
}
