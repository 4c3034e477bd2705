//! What the prison service sends and nobody can act upon is kept, counted, tried again or dismissed, and never lost.

use std::sync::{Arc, Mutex};

use aws_sdk_sqs::config::Credentials;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use hub::custody::queue::{Queue, asked_in};
use hub::custody::{MessageTaken, take_message, try_again};
use hub::store::{CameBy, SET_ASIDE_WAITING, StoreError};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::stories;
use crate::support::{TestStore, mdi, prisoner};

const POISON: &str = r#"{"eventType":"prisoner-offender-search.prisoner.received","occurredAt":"2026-11-23T08:00:00Z",
    "additionalInformation":{"nomsNumber":"A1234","prisonId":"MDI","reason":"TRANSFERRED"}}"#;
/// Of a clock that is ahead: in an hour it can be read.
const EARLY: &str = r#"{"eventType":"prisoner-offender-search.prisoner.received","occurredAt":"2026-11-23T09:30:00Z",
    "additionalInformation":{"nomsNumber":"A1234BC","prisonId":"MDI","reason":"TRANSFERRED"}}"#;

impl TestStore {
    async fn message(&self, text: &str) -> MessageTaken {
        let at = (&self.store, &self.seams);
        take_message(at, &self.store.itself(), CameBy::Queue, text.as_bytes())
            .await
            .unwrap()
    }
}

/// So many messages wait already.
async fn fill_up_to(place: &TestStore, count: u64) {
    let db = place.past_the_store().await;
    let fill = format!(
        "INSERT INTO custody_set_aside (id, digest, body, why, via, came_at, state) \
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count}) \
         SELECT '00000000-0000-4000-8000-' || SUBSTR(CAST(1000000000000 + n AS TEXT), 2), CAST(n AS TEXT), '', \
         'envelope', 'post', 0, 'waiting' FROM n"
    );
    db.execute_unprepared(&fill).await.unwrap();
}

/// A message that can be acted upon.
const MOVED: &str = r#"{"eventType":"prisoner-offender-search.prisoner.received","occurredAt":"2026-11-23T08:00:00Z",
    "additionalInformation":{"nomsNumber":"A1234BC","prisonId":"MDI","reason":"TRANSFERRED"}}"#;

/// A queue that gives a message that cannot be acted upon and one that can, and what it was told to delete.
async fn queue_with_poison(place: &TestStore) -> (Queue, Arc<Mutex<Vec<String>>>) {
    let deleted = Arc::new(Mutex::new(Vec::new()));
    let deletes = Arc::clone(&deleted);
    let answer = move |headers: HeaderMap, asked: String| {
        let asked: Value = serde_json::from_str(&asked).unwrap();
        let deletes = Arc::clone(&deletes);
        async move {
            Json(match headers["x-amz-target"].to_str().unwrap() {
                "AmazonSQS.ReceiveMessage" => json!({"Messages": [
                    {"ReceiptHandle": "poison", "Body": POISON}, {"ReceiptHandle": "moved", "Body": MOVED}
                ]}),
                "AmazonSQS.DeleteMessage" => {
                    deletes
                        .lock()
                        .unwrap()
                        .push(asked["ReceiptHandle"].as_str().unwrap().to_owned());
                    json!({})
                }
                _ => json!({"Attributes": {"ApproximateNumberOfMessages": "1"}}),
            })
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/123456789012/upcs", listener.local_addr().unwrap());
    let app = Router::new().route("/", post(answer));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let keys = Credentials::new("a-key", "a-secret", None, None, "a test");
    let asked = asked_in("eu-west-2".to_owned()).credentials_provider(keys);
    (
        Queue::at(url.parse().unwrap(), asked, place.seams.clone()).await,
        deleted,
    )
}

stories! {
    async fn poison_is_kept_once_and_counted_each_time(place: &TestStore) {
        for _ in 0..3 {
            assert_eq!(place.message(POISON).await, MessageTaken::SetAside { why: "prisoner" });
        }
        assert_eq!(place.message("not even words").await, MessageTaken::SetAside { why: "envelope" });
        let shown = place.store.custody_messages(&place.operator).await.unwrap();
        let kept: Vec<_> = shown.set_aside.rows.iter().map(|kept| kept.why.as_str()).collect();
        assert_eq!((kept.len(), shown.waiting), (2, 2));
        assert!(kept.contains(&"prisoner") && kept.contains(&"envelope"));
        assert_eq!(shown.counts.iter().map(|count| count.messages).sum::<u64>(), 4);
        let id = shown.set_aside.rows.iter().find(|kept| kept.why == "prisoner").unwrap().id;
        let body = place.store.message_set_aside(&place.operator, id).await.unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), POISON);
        assert!(place.store.custody_messages(&place.handler).await.is_err());
    }

    async fn a_message_that_can_be_read_later_is_taken_then(place: &TestStore) {
        assert_eq!(place.message(EARLY).await, MessageTaken::SetAside { why: "time" });
        let waiting = place.store.custody_messages(&place.operator).await.unwrap();
        let id = waiting.set_aside.rows[0].id;
        let at = (&place.store, &place.seams);
        assert!(try_again(at, &place.operator, id).await.unwrap().is_err(), "it is still early");
        place.clock.advance(1800);
        assert_eq!(try_again(at, &place.operator, id).await, Ok(Ok(())));
        let record = place.store.prisoner(prisoner("A1234BC")).await.unwrap().unwrap();
        assert_eq!(record.prison_id, Some(mdi()));
        assert_eq!(place.store.custody_messages(&place.operator).await.unwrap().waiting, 0);
        assert_eq!(try_again(at, &place.operator, id).await, Err(StoreError::NotFound), "once");
    }

    async fn what_an_operator_dismisses_waits_no_more_and_is_kept(place: &TestStore) {
        place.message(POISON).await;
        let id = place.store.custody_messages(&place.operator).await.unwrap().set_aside.rows[0].id;
        assert!(place.store.dismiss_message(&place.handler, id).await.is_err());
        place.store.dismiss_message(&place.operator, id).await.unwrap();
        place.message(POISON).await;
        assert_eq!(place.store.custody_messages(&place.operator).await.unwrap().waiting, 0);
        let db = place.past_the_store().await;
        let kept = Statement::from_string(db.get_database_backend(), "SELECT body FROM custody_set_aside");
        assert_eq!(db.query_all_raw(kept).await.unwrap().len(), 1);
    }

    async fn one_past_the_limit_stays_with_its_sender(place: &TestStore) {
        fill_up_to(place, SET_ASIDE_WAITING - 1).await;
        assert_eq!(place.message(POISON).await, MessageTaken::SetAside { why: "prisoner" });
        let at = (&place.store, &place.seams);
        let one_past = take_message(at, &place.store.itself(), CameBy::Post, b"{}").await;
        assert!(matches!(one_past, Err(StoreError::Refused(_))), "{one_past:?}");
        assert_eq!(place.message(POISON).await, MessageTaken::SetAside { why: "prisoner" }, "kept already");
    }

    async fn what_the_store_does_not_take_stays_in_the_queue_and_holds_up_nothing(place: &TestStore) {
        let (queue, deleted) = queue_with_poison(place).await;
        fill_up_to(place, SET_ASIDE_WAITING).await;
        assert_eq!(queue.take_some(&place.store).await.unwrap(), 2);
        assert_eq!(*deleted.lock().unwrap(), ["moved"], "the other comes again");
        let id = place.store.custody_messages(&place.operator).await.unwrap().set_aside.rows[0].id;
        place.store.dismiss_message(&place.operator, id).await.unwrap();
        queue.take_some(&place.store).await.unwrap();
        assert_eq!(*deleted.lock().unwrap(), ["moved", "poison", "moved"], "once it is kept");
    }

    async fn kinds_of_no_concern_are_counted_and_passed(place: &TestStore) {
        for n in 0..205 {
            let name: String = format!("{n:03}").bytes().map(|digit| char::from(digit + 49)).collect();
            assert_eq!(place.message(&format!(r#"{{"eventType":"of-kind.{name}"}}"#)).await, MessageTaken::Passed);
        }
        let shown = place.store.custody_messages(&place.operator).await.unwrap();
        assert_eq!((shown.counts.len(), shown.waiting), (201, 0));
        let others = shown.counts.iter().find(|count| count.kind == "others").unwrap();
        assert_eq!(others.messages, 5);
    }
}
