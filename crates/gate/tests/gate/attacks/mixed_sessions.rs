//! Two hubs on copies of one store, or a thief of the feed key with a hub of his own: both sign rightly, and the gate
//! is led back and forth between them. It takes the words of one session alone; another needs a certificate of two
//! root keys, neither of which is on a hub, under an epoch that it has not seen.

use feed::{Serial, Session, SigningKey};

use super::{BARRED, CALLER, a_new_bar_reaches, bar_on_two};
use crate::hub::TestHub;
use crate::place::{Place, roots};
use crate::turns::{following, refused};

/// The hub begins another session, at serial 1 and with nothing on its list.
fn begin(hub: &TestHub, session: u8) {
    hub.with_source(|source| {
        source.session = Session::from_bytes([session; 16]);
        source.serial = Serial(1);
        source.entries.clear();
    });
}

/// The gate, started anew, comes twice and takes nothing.
async fn stays_where_it_was(hub: &TestHub, place: &Place, serial: u64, what: &str) {
    hub.cut();
    let gate = place.run().await;
    hub.asked_again(async || ()).await;
    hub.asked_again(async || ()).await;
    assert_eq!(hub.last_acknowledged(), Some(Serial(serial)), "{what}");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_another_session_between_two_of_this_one_is_not_taken() {
    let (hub, _place, gate) = following().await;
    let other = hub.with_source(|source| {
        let mut other = source.clone();
        other.session = Session::from_bytes([2; 16]);
        other
    });
    let change = other.clone().change(&[bar_on_two(&hub)], &[1], &[]);
    for message in [change, other.snapshot(), other.heartbeat()] {
        let asked = refused(&hub, async || drop(hub.say(message).await)).await;
        assert_eq!(asked.from, Some((Session::from_bytes([1; 16]), Serial(5))));
    }
    assert!(!gate.allows(CALLER, BARRED).await);
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_session_is_believed_by_a_certificate_of_two_roots_and_by_nothing_less() {
    let (hub, place, gate) = following().await;
    let [one, two] = roots();
    let stranger = SigningKey::from_bytes(&[77; 32]);
    gate.stop().await;
    begin(&hub, 2);
    stays_where_it_was(&hub, &place, 5, "no certificate").await;
    hub.certify_with(1, [&one, &one]);
    stays_where_it_was(&hub, &place, 5, "one root twice").await;
    hub.certify_with(1, [&one, &stranger]);
    stays_where_it_was(&hub, &place, 5, "one root and a stranger").await;
    hub.certify(0);
    stays_where_it_was(&hub, &place, 5, "the epoch of the first session").await;
    hub.show(Some(vec![b'a'; 1 << 20]));
    stays_where_it_was(&hub, &place, 5, "a certificate without end").await;
    hub.certify_with(1, [&two, &one]);
    let gate = place.run().await;
    let word = hub.acknowledged(Serial(1)).await;
    assert_eq!(word.held_without_record, 1);
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
    let gate = place.run().await;
    hub.answered().await;
    assert!(!gate.allows(CALLER, BARRED).await, "after a restart as well");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_under_one_epoch_are_two_hubs_and_the_second_is_not_believed() {
    let (hub, place, gate) = following().await;
    begin(&hub, 2);
    hub.certify(7);
    hub.cut();
    hub.acknowledged(Serial(1)).await;
    let serial = a_new_bar_reaches(&hub, &gate).await;
    begin(&hub, 3);
    hub.certify(7);
    gate.stop().await;
    stays_where_it_was(&hub, &place, serial.0, "another session under the same epoch").await;
    let gate = place.run().await;
    for dialled in [BARRED, "07700900002"] {
        assert!(!gate.allows(CALLER, dialled).await, "{dialled}");
    }
    hub.certify(8);
    hub.acknowledged_without_record().await;
    gate.stop().await;
}
