//! A gate's fingerprint key made anew by one operator: its stream ends, it gets its whole list under the new key, and
//! the hub never mistakes where it stood under the old one for where it stands.

use feed::{Body, Regime};
use reqwest::StatusCode;

use crate::feed_stream::an_hour_later;
use crate::gate::TestGate;
use crate::support::{TestHub, police_request};

#[tokio::test]
async fn a_gate_whose_key_was_made_anew_gets_its_list_under_the_new_one_and_cannot_resume() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, _) = TestGate::following(&hub, &url, leeds, 1).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    let before = gate.key.clone().unwrap();

    let store = &hub.hub.store;
    assert_eq!(store.renew_fingerprint_key(&hub.operator, gate.id).await, Ok(1));
    lines.end().await;
    // An empty list has one hash under every key: only that the key is another tells that it must not resume.
    let mut lines = gate.follow().await.unwrap();
    let taken = gate.apply(&lines.next().await.unwrap());
    assert!(matches!(taken.body, Body::Snapshot(_)));
    assert_ne!(gate.key.clone().unwrap(), before);
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&["07700 900123"]))
        .await;
    let head = hub.hub.store.head().await.unwrap();
    gate.reach(&mut lines, head).await;
    assert!(gate.bars("07700 900123"));
    assert!(hub.handler_may_not_renew(gate.id).await);
}

#[tokio::test]
async fn a_hub_that_restarts_does_not_let_a_gate_resume_under_an_earlier_key() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, _lines, _) = TestGate::following(&hub, &url, leeds, 1).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    let store = &hub.hub.store;
    store.renew_fingerprint_key(&hub.operator, gate.id).await.unwrap();
    let hub = hub.restarted_with(an_hour_later()).await;
    gate.url = hub.serve().await;
    let mut lines = gate.follow().await.unwrap();
    let taken = gate.apply(&lines.next().await.unwrap());
    assert!(matches!(taken.body, Body::Snapshot(_)));
}

#[tokio::test]
async fn a_gate_has_as_many_keys_as_it_can_know_and_no_further_one() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let store = &hub.hub.store;
    let most = feed::Limits::DEFAULT.fingerprint_keys as u64;
    for generation in 1..most {
        let renewed = store.renew_fingerprint_key(&hub.operator, gate.id).await;
        assert_eq!(renewed, Ok(generation));
    }
    assert!(store.renew_fingerprint_key(&hub.operator, gate.id).await.is_err());
}

impl TestHub {
    async fn handler_may_not_renew(&self, gate: feed::GateId) -> bool {
        let renewed = self.hub.store.renew_fingerprint_key(&self.handler, gate).await;
        renewed.is_err()
    }
}
