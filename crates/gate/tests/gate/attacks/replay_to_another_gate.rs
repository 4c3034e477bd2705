//! Somebody on the way, or a hub that mixes up its connections, gives one gate what was signed for another: the other
//! gate's list need not hold the bars of this one.

use feed::{GateId, Serial};

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::turns::{following, refused};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_for_another_gate_or_prison_is_not_taken() {
    let (hub, _place, gate) = following().await;
    let mut other = hub.with_source(|source| source.clone());
    other.gate = GateId::from_bytes([8; 16]);
    other.entries.clear();
    let of_another_prison = {
        let mut own = hub.with_source(|source| source.clone());
        own.entries.clear();
        own.snapshot_for("WWI".parse().unwrap())
    };
    let lift = other.clone().change(&[], &[1], &[]);
    for message in [lift, other.snapshot(), other.heartbeat(), of_another_prison] {
        let asked = refused(&hub, async || drop(hub.say(message).await)).await;
        assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
        assert!(!gate.allows(CALLER, BARRED).await);
    }
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}
