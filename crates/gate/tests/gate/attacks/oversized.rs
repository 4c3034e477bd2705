//! A hub that is broken, or a thief of its feed key, sends more than a gate can take: a change or a list above its
//! limit, to fill memory or to make the gate drop what it holds. How long a line may be is tried in `follow::lines`.

use feed::{Body, Delta, EntryId, Limits, ListHash, Scope};
use gate::list::NotUsable;

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::source::{apply, list_of};
use crate::turns::following;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_one_past_the_limit_is_refused_whole_and_a_list_is_asked_for() {
    let (hub, _place, gate) = following().await;
    let too_many = Limits::DEFAULT.delta_changes + 1;
    let change = hub.with_source(|source| {
        let mut ahead = source.clone();
        ahead.serial = ahead.serial.next().unwrap();
        let revoke = (0..too_many)
            .map(|n| EntryId::from_bytes((n as u128).to_le_bytes()))
            .collect();
        let hash = ListHash::of(&source.entries);
        ahead.message(Body::Delta(Delta {
            revoke,
            hash,
            ..Delta::default()
        }))
    });
    let asked = hub.asked_again(async || drop(hub.say(change).await)).await;
    assert_eq!(asked.from, None, "a whole list is asked for");
    hub.answered().await;
    assert!(!gate.allows(CALLER, BARRED).await);
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[test]
fn a_list_one_past_the_limit_is_refused_before_any_of_it_is_taken() {
    let mut source = crate::source::Source::new(feed::Regime::CallBarring);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    let held = list_of(&source);
    let most = Limits::DEFAULT.entries;
    let again = source.bar(2, 2, Scope::Everyone);
    let with = |count| {
        let mut message = source.snapshot();
        let Body::Snapshot(snapshot) = &mut message.body else {
            unreachable!()
        };
        snapshot.entries = vec![again; count];
        message
    };
    assert_eq!(
        apply(Some(&held), &with(most + 1)).unwrap_err(),
        NotUsable::TooLarge
    );
    assert_eq!(
        apply(Some(&held), &with(most)).unwrap_err(),
        NotUsable::Twice,
        "at the limit it is read, and found to name one bar again and again"
    );
}
