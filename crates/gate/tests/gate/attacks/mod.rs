//! One file an attack on the feed, each tried on a whole gate that follows a hub over real sockets and answers real
//! calls. What the attacker has is said in each: the wire, the disk, the hub's feed key, or another gate's lines.
//!
//! | Attack | File |
//! |---|---|
//! | an older list or session is passed off as the newest | [`rollback`] |
//! | the hub's words stop, or come late, while connections stay open | [`freeze`], and `turns` for lines kept back |
//! | a serial far ahead makes every true one look old | [`fast_forward`] |
//! | lines of another session, or of a hub on a copy of the store | [`mixed_sessions`] |
//! | lines are cut short | [`truncated`] |
//! | lines, changes and lists above their limits | [`oversized`] |
//! | lines that another key signed | [`wrong_key`] |
//! | lines of another gate, another prison, an earlier stream or a moment before | [`replay_to_another_gate`], `turns` |
//! | somebody is excepted from a bar by one person, ahead of it, or again | [`exceptions`] |
//! | an older file is put under a running gate, or under a stopped one | [`old_file`], `hold`, `story` |
//!
//! What goes wrong without an attacker is in `mishaps`.

mod exceptions;
mod fast_forward;
mod freeze;
mod mixed_sessions;
mod old_file;
mod oversized;
mod replay_to_another_gate;
mod rollback;
mod truncated;
mod wrong_key;

use feed::{Entry, Scope, Serial};

use crate::hub::TestHub;
use crate::place::Running;

/// A caller under call barring, and the number that is barred for everyone since serial 5.
pub(crate) const CALLER: &str = "A0001BC";
pub(crate) const BARRED: &str = "07700900001";

/// The bar on number 2, not announced yet.
pub(crate) fn bar_on_two(hub: &TestHub) -> Entry {
    hub.with_source(|source| source.bar(2, 2, Scope::Everyone))
}

/// A new bar still reaches the gate, and the old one still holds.
pub(crate) async fn a_new_bar_reaches(hub: &TestHub, gate: &Running) -> Serial {
    let bar = bar_on_two(hub);
    let serial = hub.change(&[bar], &[], &[]).await;
    hub.acknowledged(serial).await;
    assert!(!gate.allows(CALLER, "07700900002").await, "the new bar");
    assert!(!gate.allows(CALLER, BARRED).await, "the old bar");
    serial
}
