//! Where attempts wait for the thread that seals them. Handing one in costs a short lock and, once for many, a
//! wake-up: an answer is never held up by it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use feed::{Attempt, Limits};

use super::Spooled;

/// Attempts that may wait to be sealed. As many more may be in the hands of the thread that seals.
pub const ATTEMPTS_QUEUED: usize = 20_000;
/// Attempts that wake the thread before the gathering time is over: a few blocks, which are fsynced together.
const ENOUGH: usize = 4 * Limits::DEFAULT.block_attempts;

/// Where attempts are handed in.
#[derive(Clone)]
pub struct AttemptQueue {
    waiting: Arc<Waiting>,
    spooled: Arc<Spooled>,
}

/// The attempts that were handed in.
pub struct WaitingAttempts {
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    attempts: Mutex<Attempts>,
    /// The first one came, or enough, or it is time to stop.
    came: Condvar,
}

#[derive(Default)]
struct Attempts {
    handed_in: Vec<Attempt>,
    is_stopping: bool,
    /// Nobody will take them any more.
    is_closed: bool,
}

impl AttemptQueue {
    /// A queue, and its other end.
    pub fn new(spooled: &Arc<Spooled>) -> (Self, WaitingAttempts) {
        let waiting = Arc::<Waiting>::default();
        let queue = Self {
            waiting: Arc::clone(&waiting),
            spooled: Arc::clone(spooled),
        };
        (queue, WaitingAttempts { waiting })
    }

    /// Hands an attempt in; never waits for a disk. One too many is counted as lost at once, whether or not there is
    /// a spool.
    pub fn push(&self, attempt: Attempt) {
        let mut attempts = self.waiting.lock();
        let before = attempts.handed_in.len();
        if before >= ATTEMPTS_QUEUED || attempts.is_closed {
            self.spooled.lost_unnumbered.fetch_add(1, Ordering::Relaxed);
            return;
        }
        attempts.handed_in.push(attempt);
        drop(attempts);
        if before == 0 || before + 1 == ENOUGH {
            self.waiting.came.notify_one();
        }
    }
}

impl WaitingAttempts {
    /// Waits up to `first` for an attempt, and then up to `gather` for enough of them; gives them all, in order,
    /// for the room of those that were taken before. When stopping, it gives what is there.
    pub(super) fn take(&self, first: Duration, gather: Duration, room: Vec<Attempt>) -> Vec<Attempt> {
        let none = |attempts: &mut Attempts| attempts.handed_in.is_empty() && !attempts.is_stopping;
        let few = |attempts: &mut Attempts| attempts.handed_in.len() < ENOUGH && !attempts.is_stopping;
        let came = &self.waiting.came;
        let waited = came.wait_timeout_while(self.waiting.lock(), first, none);
        let (mut attempts, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if !attempts.handed_in.is_empty() {
            let waited = came.wait_timeout_while(attempts, gather, few);
            (attempts, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::replace(&mut attempts.handed_in, room)
    }

    /// Whether it is time to stop.
    pub(super) fn is_stopping(&self) -> bool {
        self.waiting.lock().is_stopping
    }

    /// What tells the thread that it is time to stop.
    pub(super) fn stopper(&self) -> impl FnOnce() + Send + Sync + use<> {
        let waiting = Arc::clone(&self.waiting);
        move || {
            waiting.lock().is_stopping = true;
            waiting.came.notify_all();
        }
    }
}

impl Drop for WaitingAttempts {
    fn drop(&mut self) {
        self.waiting.lock().is_closed = true;
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
