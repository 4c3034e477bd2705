//! Which INVITEs were recorded a moment ago: a switch that heard no answer sends the same one again, up to ten
//! times in 32 seconds, and that is one attempt.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    now: HashSet<SeenCall>,
    before: HashSet<SeenCall>,
}

impl Seen {
    /// Whether this one was not seen lately; from now on it was.
    pub fn is_new(&self, call: SeenCall, at: Instant) -> bool {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.move_to(at);
        if spans.now.contains(&call) || spans.before.contains(&call) {
            return false;
        }
        if spans.now.len() < MAX_REMEMBERED {
            spans.now.insert(call);
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
        self.before = std::mem::take(&mut self.now);
        if passed >= 2 * REMEMBERED_FOR {
            self.before.clear();
        }
        self.begun = Some(at);
    }
}
