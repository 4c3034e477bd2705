//! Somebody who can make the hub speak, as one who put back an older copy of its store, offers the gate an older
//! list, older changes or an older session, in which a bar was not yet imposed.

use feed::{Serial, Session};

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::turns::{following, refused};

#[tokio::test(flavor = "multi_thread")]
async fn an_older_list_of_the_same_session_is_not_taken() {
    let (hub, _place, gate) = following().await;
    let older = hub.with_source(|source| {
        let mut older = source.clone();
        older.serial = Serial(3);
        older.entries.clear();
        older.snapshot()
    });
    let asked = refused(&hub, async || drop(hub.say(older).await)).await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
    assert!(!gate.allows(CALLER, BARRED).await);
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_applied_before_is_not_applied_again() {
    let (hub, _place, gate) = following().await;
    let change = hub.with_source(|source| source.change(&[], &[], &[]));
    hub.say(change.clone()).await;
    hub.acknowledged(Serial(6)).await;
    let asked = refused(&hub, async || drop(hub.say(change).await)).await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(6)));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_a_lower_epoch_is_not_believed_again_even_after_a_restart() {
    let (hub, place, gate) = following().await;
    let before = hub.with_source(|source| source.clone());
    hub.with_source(|source| {
        source.session = Session::from_bytes([2; 16]);
        source.serial = Serial(9);
    });
    hub.certify(4);
    hub.cut();
    hub.acknowledged(Serial(9)).await;
    let serial = a_new_bar_reaches(&hub, &gate).await;
    // The hub as it was, with a certificate that it might have had then.
    hub.with_source(|source| *source = before);
    hub.certify(3);
    hub.asked_again(async || hub.cut()).await;
    hub.asked_again(async || ()).await;
    assert_eq!(hub.last_acknowledged(), Some(serial), "nothing of it was taken");
    gate.stop().await;
    let gate = place.run().await;
    hub.asked_again(async || ()).await;
    hub.asked_again(async || ()).await;
    assert_eq!(hub.last_acknowledged(), Some(serial), "nor after a restart");
    for dialled in [BARRED, "07700900002"] {
        assert!(!gate.allows(CALLER, dialled).await, "{dialled}");
    }
    gate.stop().await;
}
