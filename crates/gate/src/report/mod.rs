//! What was asked of the gate goes to the hub, sealed, without an answer ever waiting for it.
//!
//! [`AttemptQueue::push`] hands an attempt to a thread and returns at once; when the queue is full the
//! attempt is counted as lost. The thread ([`Sealing`]) gathers what comes within 200 ms, numbers it, seals it to
//! the hub's public key and fsyncs it. From then on the gate itself cannot read what was dialled. A task posts
//! the oldest blocks, and what the hub has stored is removed. One caller's redials lie in a lane of their own and
//! hold up no other attempt. Lost attempts, whether by a full queue, a full
//! spool or a crash, show at the hub as a gap in the numbers.

mod lanes;
mod post;
mod seal;
mod sequence;
mod spool;
mod waiting;

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use lanes::Lanes;

pub use lanes::PROMPT_PER_HOUR;
pub use post::post_reports;
pub use seal::{ATTEMPT_BYTES, LONG_ATTEMPT_BYTES, Sealing};
pub use spool::SPOOL_BYTES;
pub use waiting::{ATTEMPTS_QUEUED, AttemptQueue, WaitingAttempts};

/// The spool as the sealing thread and the posting task share it, and what a person may know of it. Who asks how
/// it stands waits for no disk.
#[derive(Default)]
pub struct Spooled {
    spool: Mutex<Option<Lanes>>,
    /// Something new lies in the spool.
    added: Notify,
    /// The state, as it was last looked at: a [`SpoolState`].
    state: AtomicU8,
    /// Attempts lost since the start before they had a number: the queue was full. Their numbers are left out.
    lost_unnumbered: AtomicU64,
    /// Attempts lost since the start with their numbers: the spool was full, or the disk failed.
    lost_numbered: AtomicU64,
    /// Blocks that the hub could not open.
    aside: AtomicU64,
    /// The highest sequence that the hub has.
    at_hub: AtomicU64,
}

/// The state of the spool, for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum SpoolState {
    /// There is no spool yet: the gate is not enrolled, has no key, or the disk fails. Attempts wait in memory,
    /// and are lost when there are too many.
    Absent,
    /// Attempts are kept until the hub has them.
    Keeping,
    /// The spool is full; new attempts are lost.
    Full,
}

impl Spooled {
    /// The state of the spool.
    pub fn state(&self) -> SpoolState {
        let state = self.state.load(Ordering::Relaxed);
        let states = [SpoolState::Absent, SpoolState::Keeping, SpoolState::Full];
        states
            .into_iter()
            .find(|known| *known as u8 == state)
            .unwrap_or(SpoolState::Absent)
    }

    /// Attempts lost since the start.
    pub fn lost(&self) -> u64 {
        self.lost_unnumbered.load(Ordering::Relaxed) + self.lost_numbered.load(Ordering::Relaxed)
    }

    /// Blocks that the hub could not open and that are kept apart.
    pub fn aside(&self) -> u64 {
        self.aside.load(Ordering::Relaxed)
    }

    /// Looks how the spool stands, for those who ask.
    fn look(&self) {
        let (state, aside) = match &mut *self.lock() {
            None => (SpoolState::Absent, 0),
            Some(spool) => {
                let state = if spool.has_room() {
                    SpoolState::Keeping
                } else {
                    SpoolState::Full
                };
                (state, spool.count_aside().unwrap_or(0))
            }
        };
        self.state.store(state as u8, Ordering::Relaxed);
        self.aside.store(aside, Ordering::Relaxed);
    }

    fn stored_at_hub(&self, highest: u64) {
        self.at_hub.fetch_max(highest, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Lanes>> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
