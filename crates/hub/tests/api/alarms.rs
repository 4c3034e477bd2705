//! Alarms: a bar that is not in force everywhere after two minutes, by the hub's clock.

use std::sync::Arc;
use std::time::Duration;

use casework::Role;
use feed::Regime;
use hub::custody::queue::QueueStanding;
use hub::proof::WhyNot;
use hub::proof::alarms::late_prisons;
use hub::seams::{Seams, SetClock};
use serde_json::json;

use crate::gate::{Lines, TestGate};
use crate::support::{TestHub, police_request};

/// A hub whose clock a test moves.
pub(crate) async fn clocked() -> (TestHub, Arc<SetClock>) {
    let (seams, clock) = Seams::seeded(7, "2026-11-23T09:00:00Z".parse().unwrap());
    (TestHub::start().await.restarted_with(seams).await, clock)
}

async fn late(hub: &TestHub) -> Vec<(String, WhyNot)> {
    let late = late_prisons(&hub.hub, &hub.operator).await.unwrap();
    late.into_iter()
        .map(|prison| (prison.prison.to_string(), prison.why_not))
        .collect()
}

/// A prison switched on long ago whose gate follows.
async fn followed(hub: &TestHub, clock: &SetClock) -> (TestGate, Lines) {
    let url = hub.serve().await;
    let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
    let mut gate = TestGate::admitted(hub, &url, leeds, 1).await;
    let mut lines = gate.follow().await.unwrap();
    gate.apply(&lines.next().await.unwrap());
    assert_eq!(gate.acknowledge().await, 204);
    clock.advance(1_000);
    (gate, lines)
}

async fn bar(hub: &TestHub, key: &str, number: &str) {
    hub.post("/v1/requests", Some(key), &police_request(&[number]))
        .await;
}

#[tokio::test]
async fn a_bar_that_a_gate_has_not_acknowledged_after_two_minutes_is_an_alarm_until_it_has() {
    let (hub, clock) = clocked().await;
    let (mut gate, mut lines) = followed(&hub, &clock).await;
    let key = hub.police_key().await;
    bar(&hub, &key, "07700 900123").await;
    for (seconds, expected) in [(119, 0), (1, 0), (1, 1)] {
        clock.advance(seconds);
        assert_eq!(late(&hub).await.len(), expected, "{seconds} s later");
    }
    assert_eq!(late(&hub).await, [("LEI".to_owned(), WhyNot::NotAcknowledged)]);
    bar(&hub, &key, "07700 900124").await;
    assert_eq!(
        late(&hub).await.len(),
        1,
        "a newer bar does not hide an older one"
    );
    gate.reach(&mut lines, hub.hub.store.head().await.unwrap()).await;
    assert_eq!(gate.acknowledge().await, 204);
    assert_eq!(late(&hub).await, [], "covered");
}

#[tokio::test]
async fn a_gate_unheard_for_two_minutes_is_an_alarm_and_one_that_speaks_again_is_none() {
    let (hub, clock) = clocked().await;
    let (mut gate, mut lines) = followed(&hub, &clock).await;
    let key = hub.police_key().await;
    bar(&hub, &key, "07700 900123").await;
    gate.reach(&mut lines, hub.hub.store.head().await.unwrap()).await;
    assert_eq!(gate.acknowledge().await, 204);
    clock.advance(1_000);
    assert_eq!(late(&hub).await, []);
    hub.instants.advance(Duration::from_secs(120));
    assert_eq!(late(&hub).await, []);
    hub.instants.advance(Duration::from_millis(1));
    assert_eq!(late(&hub).await, [("LEI".to_owned(), WhyNot::GateSilent)]);
    gate.newest(&mut lines).await;
    assert_eq!(gate.acknowledge().await, 204);
    assert_eq!(late(&hub).await, []);
}

#[tokio::test]
async fn a_prison_without_a_gate_is_an_alarm_two_minutes_after_it_was_switched_on_and_not_before() {
    let (hub, clock) = clocked().await;
    let key = hub.police_key().await;
    bar(&hub, &key, "07700 900123").await;
    clock.advance(1_000);
    hub.switch_on("MDI", Regime::CallEnabling).await;
    clock.advance(120);
    assert_eq!(late(&hub).await, []);
    clock.advance(1);
    assert_eq!(late(&hub).await, [("MDI".to_owned(), WhyNot::NoGate)]);
}

#[tokio::test]
async fn alarms_are_for_operators_and_handlers_and_no_prison_sees_them() {
    let (hub, _) = clocked().await;
    assert!(late_prisons(&hub.hub, &hub.handler).await.is_ok());
    let prison = "LEI".parse().unwrap();
    let (governor, _) = hub.key_of("Gwen Governor", Role::Governor { prison }).await;
    assert!(late_prisons(&hub.hub, &governor).await.is_err());
}

#[tokio::test]
async fn a_queue_that_is_not_read_any_more_is_an_alarm_of_the_hubs_health() {
    let (hub, clock) = clocked().await;
    let store = &hub.hub.store;
    let alarms = async || hub.get("/v1/health", None).await.json()["alarms"].clone();
    let standing = QueueStanding {
        waiting: 0,
        oldest: None,
    };
    store.note_custody_queue(&store.itself(), standing).await.unwrap();
    clock.advance(300);
    assert_eq!(alarms().await, json!([]));
    clock.advance(1);
    assert_eq!(alarms().await, json!(["queue-unread"]));
}
