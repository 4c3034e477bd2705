//! A hub that is broken, or a thief of its feed key, announces a serial far ahead, so that every true change that
//! follows looks old and is not applied: the gate would be frozen for good.

use feed::{Limits, Serial, Session};

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::hub::TestHub;
use crate::source::Source;
use crate::turns::{following, refused};

fn at(hub: &TestHub, serial: u64) -> Source {
    hub.with_source(|source| {
        let mut ahead = source.clone();
        ahead.serial = Serial(serial);
        ahead
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_or_heartbeat_that_is_not_the_next_is_not_taken() {
    let (hub, _place, gate) = following().await;
    for serial in [6, Limits::DEFAULT.serial, u64::MAX - 1] {
        let mut ahead = at(&hub, serial);
        let leap = ahead.change(&[], &[], &[]);
        for message in [leap, ahead.heartbeat()] {
            let asked = refused(&hub, async || drop(hub.say(message).await)).await;
            assert_eq!(
                asked.from.map(|(_, serial)| serial),
                Some(Serial(5)),
                "after {serial}"
            );
        }
    }
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_at_a_serial_that_no_hub_can_count_to_is_not_taken() {
    let (hub, _place, gate) = following().await;
    for serial in [Limits::DEFAULT.serial + 1, u64::MAX] {
        let beyond = at(&hub, serial).snapshot();
        refused(&hub, async || drop(hub.say(beyond).await)).await;
        assert_eq!(hub.last_acknowledged(), Some(Serial(5)));
    }
    hub.answered().await;
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_was_led_to_the_last_serial_refuses_what_it_refused_and_comes_back_by_a_certificate() {
    let (hub, _place, gate) = following().await;
    let last = Limits::DEFAULT.serial;
    let mut led = at(&hub, last);
    led.entries.clear();
    let snapshot = led.snapshot();
    hub.say(snapshot).await;
    let word = hub.acknowledged(Serial(last)).await;
    assert_eq!(word.held_without_record, 1, "the hub hears of it at once");
    assert!(!gate.allows(CALLER, BARRED).await);
    let change = hub.with_source(|source| source.change(&[], &[], &[]));
    let asked = refused(&hub, async || drop(hub.say(change).await)).await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(last)));
    hub.with_source(|source| source.session = Session::from_bytes([2; 16]));
    hub.certify(1);
    hub.cut();
    hub.acknowledged(Serial(6)).await;
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}
