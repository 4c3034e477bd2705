//! Somebody on the way who has no key, and repeats, leaves out or mixes what he has seen.

use std::time::Instant;

use feed::{FollowRequest, Regime, Scope, Serial};
use gate::status::SILENT_AFTER;

use crate::hub::TestHub;
use crate::place::{Place, Running};
use crate::source::Source;

pub(crate) async fn following() -> (TestHub, Place, Running) {
    let mut source = Source::new(Regime::CallBarring);
    source.serial = Serial(5);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    let hub = TestHub::start(source).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    (hub, place, gate)
}

async fn heartbeat(hub: &TestHub) -> Vec<u8> {
    let heartbeat = hub.with_source(|source| source.heartbeat());
    let line = hub.say(heartbeat).await;
    hub.answered().await;
    line
}

/// Waits until the gate asks anew because of what it was sent, and not because nothing came after it.
pub(crate) async fn refused(hub: &TestHub, sent: impl AsyncFnOnce()) -> FollowRequest {
    let begun = Instant::now();
    let asked = hub.asked_again(sent).await;
    assert!(begun.elapsed() < SILENT_AFTER, "it was taken");
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_that_is_repeated_is_no_word_of_the_hub() {
    let (hub, _place, gate) = following().await;
    let line = heartbeat(&hub).await;
    let asked = refused(&hub, async || hub.send(line).await).await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_left_out_is_noticed() {
    let (hub, _place, gate) = following().await;
    hub.skip_a_line();
    let heartbeat = hub.with_source(|source| source.heartbeat());
    refused(&hub, async || drop(hub.say(heartbeat).await)).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_an_earlier_stream_is_not_taken_in_a_later_one() {
    let (hub, _place, gate) = following().await;
    let first = heartbeat(&hub).await;
    let before = hub.asked_again(async || hub.cut()).await;
    hub.answered().await;
    let after = refused(&hub, async || hub.send(first).await).await;
    assert_ne!(before.stream, after.stream, "each stream has a name of its own");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_acknowledged_by_its_own_number() {
    let (hub, _place, gate) = following().await;
    let first = hub.answered().await;
    heartbeat(&hub).await;
    let second = hub.answered().await;
    assert_eq!(first.turn.next(), Some(second.turn));
    assert_eq!((first.serial, first.hash), (second.serial, second.hash));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_somebody_lets_through_late_do_not_keep_a_gate_in_sync() {
    let (hub, _place, gate) = following().await;
    assert_eq!(gate.get("/health").await.0, 200);
    hub.send_late();
    let begun = Instant::now();
    let mut every = tokio::time::interval(SILENT_AFTER / 10);
    while gate.get("/health").await.0 == 200 {
        every.tick().await;
        heartbeat(&hub).await;
        assert!(begun.elapsed() < SILENT_AFTER * 4, "it believes what is old");
    }
    assert_eq!(gate.get("/status").await.1["in_sync"], false);
    heartbeat(&hub).await;
    gate.stop().await;
}
