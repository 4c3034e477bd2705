//! What the prison service sends and nobody can act upon is kept, counted, tried again or dismissed, and never lost.

use hub::custody::{MessageTaken, take_message, try_again};
use hub::store::{CameBy, SET_ASIDE_WAITING, StoreError};
use sea_orm::{ConnectionTrait, Statement};

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
        let db = place.past_the_store().await;
        let fill = format!(
            "INSERT INTO custody_set_aside (id, digest, body, why, via, came_at, state) \
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {}) \
             SELECT CAST(n AS TEXT), CAST(n AS TEXT), '', 'envelope', 'post', 0, 'waiting' FROM n",
            SET_ASIDE_WAITING - 1
        );
        db.execute_unprepared(&fill).await.unwrap();
        assert_eq!(place.message(POISON).await, MessageTaken::SetAside { why: "prisoner" });
        let at = (&place.store, &place.seams);
        let one_past = take_message(at, &place.store.itself(), CameBy::Post, b"{}").await;
        assert!(matches!(one_past, Err(StoreError::Refused(_))), "{one_past:?}");
        assert_eq!(place.message(POISON).await, MessageTaken::SetAside { why: "prisoner" }, "kept already");
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
