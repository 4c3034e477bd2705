//! Somebody who can make the hub speak excepts a prisoner from a bar: alone, ahead of the bar, for another gate, or by
//! saying again what was taken away.

use feed::{Body, GateId, Message, Serial};

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::hub::TestHub;
use crate::source::{Source, one_person};
use crate::turns::{following, refused};

/// The next change, by which a bar would leave the caller alone.
fn excepted(hub: &TestHub, bar: u8, tampered: impl FnOnce(&mut Source, &mut Message)) -> Message {
    let mut source = hub.with_source(|source| source.clone());
    let mut message = source.except(&[(9, bar, 1)]);
    tampered(&mut source, &mut message);
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exception_of_one_person_for_another_gate_or_ahead_of_its_bar_is_not_taken() {
    let (hub, _place, gate) = following().await;
    let alone = excepted(&hub, 1, |_, message| {
        if let Body::Delta(delta) = &mut message.body {
            delta.except[0].authority = one_person();
        }
    });
    let of_another_gate = excepted(&hub, 1, |_, message| message.gate = GateId::from_bytes([8; 16]));
    let ahead = excepted(&hub, 2, |_, _| ());
    let whole_list = excepted(&hub, 1, |source, message| {
        source.serial = Serial(6);
        *message = source.snapshot();
        if let Body::Snapshot(snapshot) = &mut message.body {
            snapshot.exceptions[0].authority = one_person();
        }
    });
    for message in [alone, of_another_gate, ahead, whole_list] {
        refused(&hub, async || drop(hub.say(message).await)).await;
        assert!(!gate.allows(CALLER, BARRED).await);
        assert_eq!(
            hub.last_acknowledged(),
            Some(Serial(5)),
            "nothing of it was taken"
        );
    }
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exception_rings_until_it_is_taken_away_and_never_again_also_after_a_restart() {
    let (hub, place, gate) = following().await;
    let except = async || {
        let message = hub.with_source(|source| source.except(&[(9, 1, 1)]));
        let serial = message.serial;
        hub.say(message).await;
        hub.acknowledged(serial).await;
    };
    except().await;
    assert!(gate.allows(CALLER, BARRED).await, "two people excepted him");
    for other in ["A0002BC", "generic", "official-chapel", "A0001BC,A0002BC"] {
        assert!(!gate.allows(other, BARRED).await, "{other}");
    }
    gate.stop().await;
    let mut again = None;
    hub.asked_again(async || again = Some(place.run().await)).await;
    let gate = again.take().unwrap();
    assert!(gate.allows(CALLER, BARRED).await, "it was stored");
    let serial = hub.change(&[], &[], &[9]).await;
    hub.acknowledged(serial).await;
    assert!(!gate.allows(CALLER, BARRED).await, "taken away");
    except().await;
    assert!(!gate.allows(CALLER, BARRED).await, "said again");
    gate.stop().await;
    hub.asked_again(async || again = Some(place.run().await)).await;
    let gate = again.unwrap();
    assert!(!gate.allows(CALLER, BARRED).await, "nor after a restart");
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}
