//! Which INVITEs were recorded a moment ago: a switch that heard no answer sends the same one again, up to ten
//! times in 32 seconds, and that is one attempt.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hashbrown::HashTable;

/// How long an INVITE is remembered at least; twice as long at most. RFC 3261's timer B.
pub const REMEMBERED_FOR: Duration = Duration::from_secs(32);
/// INVITEs that are remembered in that time. Of more, a retransmission is recorded again.
pub const MAX_REMEMBERED: usize = 1 << 16;

/// A request by its keyed hash, and whether it was allowed: a call whose verdict has changed since is recorded
/// again.
pub type SeenCall = ([u8; 32], bool);

/// The INVITEs of the last seconds.
#[derive(Default)]
pub struct Seen {
    spans: Mutex<Spans>,
}

/// Two spans of time; what stands in the older one is forgotten with the next.
#[derive(Default)]
struct Spans {
    begun: Option<Instant>,
    now: Names,
    before: Names,
}

impl Seen {
    /// Whether this one was not seen lately; from now on it was.
    pub fn is_new(&self, call: SeenCall, at: Instant) -> bool {
        let name = name_of(&call);
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.move_to(at);
        if spans.now.contains(name) || spans.before.contains(name) {
            return false;
        }
        if spans.now.0.len() < MAX_REMEMBERED {
            spans.now.insert(name);
        }
        true
    }
}

impl Spans {
    fn move_to(&mut self, at: Instant) {
        let passed = at.saturating_duration_since(*self.begun.get_or_insert(at));
        if passed < REMEMBERED_FOR {
            return;
        }
        std::mem::swap(&mut self.before, &mut self.now);
        self.now.0.clear();
        if passed >= 2 * REMEMBERED_FOR {
            self.before.0.clear();
        }
        self.begun = Some(at);
    }
}

/// Names of INVITEs: already hashes, so they are not hashed again. Room is made once and kept.
struct Names(HashTable<u64>);

impl Default for Names {
    fn default() -> Self {
        Self(HashTable::with_capacity(MAX_REMEMBERED))
    }
}

impl Names {
    fn contains(&self, name: u64) -> bool {
        self.0.find(name, |known| *known == name).is_some()
    }

    fn insert(&mut self, name: u64) {
        self.0.insert_unique(name, name, |known| *known);
    }
}

/// 63 bits of the hash and one of the verdict: that two of the calls remembered share them is less likely than one
/// in a hundred million million.
fn name_of((hash, is_allowed): &SeenCall) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    u64::from_le_bytes(first) << 1 | u64::from(*is_allowed)
}
