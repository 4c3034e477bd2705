//! A key is made anew because somebody may have learnt it: the gate's fingerprint key, or the hub's feed key.

use std::time::Instant;

use feed::{BarId, Entry, FingerprintKey, Limits, Regime, Scope, Serial, SigningKey};
use gate::list::NotUsable;
use phone::PhoneNumber;

use crate::attacks::{BARRED, CALLER, a_new_bar_reaches};
use crate::source::{Source, apply, list_of, number, prisoner};
use crate::turns::{following, refused};

fn key(n: u8) -> FingerprintKey {
    FingerprintKey::from_bytes([n; 32])
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_new_fingerprint_key_old_bars_hold_and_new_ones_come() {
    let (hub, place, gate) = following().await;
    hub.with_source(|source| {
        source.key = key(100);
        source.serial = Serial(6);
        source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    });
    hub.cut();
    let word = hub.acknowledged(Serial(6)).await;
    assert_eq!(word.held_without_record, 0, "the hub names the bar");
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
    let mut restarted = None;
    hub.asked_again(async || restarted = Some(place.run().await))
        .await;
    let gate = restarted.unwrap();
    for dialled in [BARRED, "07700900002"] {
        assert!(!gate.allows(CALLER, dialled).await, "{dialled}, after a restart");
    }
    let lifted = hub.change(&[], &[1], &[]).await;
    hub.acknowledged(lifted).await;
    assert!(
        gate.allows(CALLER, BARRED).await,
        "lifted under every key that it was held under"
    );
    gate.stop().await;
}

#[test]
fn a_list_knows_as_many_keys_as_the_limit_and_is_kept_as_it_is_at_one_more() {
    let mut source = Source::new(Regime::CallBarring);
    source.key = key(0);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    let mut list = list_of(&source);
    source.entries.clear();
    let most = u8::try_from(Limits::DEFAULT.fingerprint_keys).unwrap();
    for n in 1..most {
        source.key = key(n);
        list = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    }
    source.key = key(most);
    assert_eq!(
        apply(Some(&list), &source.snapshot()).unwrap_err(),
        NotUsable::TooManyKeys
    );
    assert!(
        list.asked(&number(1)).is_barred(Some(prisoner(1))),
        "under the first key"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_feed_key_of_the_hub_is_believed_by_a_certificate_and_the_old_one_no_longer() {
    let (hub, place, gate) = following().await;
    hub.sign_with(SigningKey::from_bytes(&[13; 32]));
    hub.asked_again(async || hub.cut()).await;
    hub.asked_again(async || ()).await;
    assert_eq!(hub.last_acknowledged(), Some(Serial(5)));
    hub.certify(1);
    hub.with_source(|source| source.change(&[], &[], &[]));
    hub.acknowledged(Serial(6)).await;
    a_new_bar_reaches(&hub, &gate).await;
    hub.sign_with(SigningKey::from_bytes(&[11; 32]));
    let lift = hub.with_source(|source| source.clone().change(&[], &[1], &[]));
    refused(&hub, async || drop(hub.say(lift).await)).await;
    assert!(!gate.allows(CALLER, BARRED).await);
    gate.stop().await;
    drop(place);
}

/// Numbers that end in these seven digits; they are looked at here and kept nowhere.
fn many(n: u32) -> PhoneNumber {
    PhoneNumber::parse_canonical(&format!("+44770{n:07}")).unwrap()
}

fn barring(source: &Source, count: u32) -> Vec<Entry> {
    let bar = |n: u32| Entry::Bar {
        bar: BarId::from_bytes(u128::from(n).to_le_bytes()),
        number: source.key.fingerprint(&many(n)),
        scope: Scope::Everyone,
    };
    (0..count).map(bar).collect()
}

/// Entries under a new key; `UPCS_FULL=1` takes 200,000, and with a release build
/// and `--nocapture` says how long that takes.
const ENTRIES: (u32, u32) = (200_000, 20_000);

#[test]
fn a_long_list_is_taken_under_a_new_key_and_every_bar_holds() {
    let is_full = std::env::var_os("UPCS_FULL").is_some();
    let count = if is_full { ENTRIES.0 } else { ENTRIES.1 };
    let mut source = Source::new(Regime::CallBarring);
    source.entries = barring(&source, count);
    let list = list_of(&source);
    source.key = key(100);
    let begun = Instant::now();
    source.entries = barring(&source, count);
    let fingerprinted = begun.elapsed();
    let snapshot = source.snapshot();
    let begun = Instant::now();
    let list = apply(Some(&list), &snapshot).unwrap().unwrap();
    println!(
        "{count} entries: fingerprinted in {fingerprinted:.0?}, taken in {:.0?}",
        begun.elapsed()
    );
    assert!((0..count).all(|n| list.asked(&many(n)).is_barred(None)));
    assert!(!list.asked(&many(count)).is_barred(None), "and no number besides");
}
