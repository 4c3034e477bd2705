//! What was asked of the gate goes to the hub, sealed, without an answer ever waiting for it.
//!
//! [`AttemptQueue::push`] hands an attempt to a thread and returns at once; when the queue is full the
//! attempt is counted as lost. The thread gathers what comes within 200 ms, numbers it, seals it to the hub's
//! public key and fsyncs it. From then on the gate itself cannot read what was dialled. A task posts the
//! oldest blocks, and what the hub has stored is removed. Lost attempts, whether by a full queue, a full
//! spool or a crash, show at the hub as a gap in the numbers.

mod post;
mod sequence;
mod spool;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use feed::{Attempt, Limits, SealedBlock, SealingPublicKey};
use rand::rngs::StdRng;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::seams::Seams;
use sequence::Sequence;
use spool::Spool;

pub use post::post_reports;
pub use spool::SPOOL_BYTES;

/// Attempts that may wait to be sealed.
pub const ATTEMPTS_QUEUED: usize = 20_000;
/// How long attempts are gathered before they are sealed and fsynced together.
const GATHER: Duration = Duration::from_millis(200);
/// How often a quiet thread looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Attempts in one block; far fewer bytes than a report may have.
const BLOCK_ATTEMPTS: usize = Limits::DEFAULT.block_attempts;

/// Where attempts are handed in.
#[derive(Clone)]
pub struct AttemptQueue {
    sender: SyncSender<Attempt>,
    lost: Arc<AtomicU64>,
}

impl AttemptQueue {
    /// A queue, and its other end.
    pub fn new() -> (Self, WaitingAttempts) {
        let (sender, receiver) = sync_channel(ATTEMPTS_QUEUED);
        let lost = Arc::new(AtomicU64::new(0));
        (
            Self {
                sender,
                lost: Arc::clone(&lost),
            },
            WaitingAttempts { receiver, lost },
        )
    }

    /// Hands an attempt in; never waits.
    pub fn push(&self, attempt: Attempt) {
        if self.sender.try_send(attempt).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The attempts that were handed in.
pub struct WaitingAttempts {
    receiver: Receiver<Attempt>,
    lost: Arc<AtomicU64>,
}

/// The spool as the sealing thread and the posting task share it, and what a person may know of it.
pub struct Spooled {
    spool: Mutex<Option<Spool>>,
    /// Something new lies in the spool.
    added: Notify,
    /// Attempts lost since the start: the queue or the spool was full, or the disk failed.
    lost: AtomicU64,
}

/// The state of the spool, for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpoolState {
    /// Attempts are kept until the hub has them.
    Keeping,
    /// The spool is full; new attempts are lost.
    Full,
    /// There is no spool yet: the gate is not enrolled or has no key. Attempts are lost.
    Absent,
}

impl Default for Spooled {
    fn default() -> Self {
        Self {
            spool: Mutex::new(None),
            added: Notify::new(),
            lost: AtomicU64::new(0),
        }
    }
}

impl Spooled {
    /// The state of the spool.
    pub fn state(&self) -> SpoolState {
        match &*self.lock() {
            None => SpoolState::Absent,
            Some(spool) if spool.has_room() => SpoolState::Keeping,
            Some(_) => SpoolState::Full,
        }
    }

    /// Attempts lost since the start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Spool>> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that seals.
pub struct Sealing {
    thread: JoinHandle<()>,
    stop: Arc<AtomicBool>,
}

impl Sealing {
    /// Starts the thread over the spool in `folder`. Attempts that came before are sealed first.
    pub fn start(
        attempts: WaitingAttempts,
        spooled: Arc<Spooled>,
        seams: &Seams,
        folder: PathBuf,
        to: SealingPublicKey,
    ) -> std::io::Result<Self> {
        let spool = Spool::open(seams.clone(), folder.clone(), SPOOL_BYTES)?;
        let at_least = spool.last().map_or(1, |last| last + 1);
        let sequence = Sequence::open(seams.clone(), folder, at_least)?;
        *spooled.lock() = Some(spool);
        let stop = Arc::new(AtomicBool::new(false));
        let random = seams.generator();
        let mut sealer = Sealer {
            attempts,
            spooled,
            sequence,
            to,
            random,
            lost_before: 0,
        };
        let stopping = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("spool".to_owned()).spawn(move || {
            sealer.run(&stopping);
            if let Err(error) = sealer.sequence.close() {
                tracing::warn!(%error, "the sequence of attempts could not be closed; the hub will see a gap");
            }
        })?;
        Ok(Self { thread, stop })
    }

    /// Seals what still waits, and ends.
    pub fn drain(self) {
        self.stop.store(true, Ordering::Relaxed);
        if self.thread.join().is_err() {
            tracing::error!("the thread that seals attempts had ended by a fault of the program");
        }
    }
}

struct Sealer {
    attempts: WaitingAttempts,
    spooled: Arc<Spooled>,
    sequence: Sequence,
    to: SealingPublicKey,
    random: StdRng,
    /// Lost attempts whose numbers were left out already.
    lost_before: u64,
}

impl Sealer {
    fn run(&mut self, stop: &AtomicBool) {
        loop {
            match self.attempts.receiver.recv_timeout(LOOK_EVERY) {
                Ok(first) => {
                    let block = self.gather(first, stop);
                    self.keep(block);
                }
                Err(RecvTimeoutError::Timeout) if !stop.load(Ordering::Relaxed) => {}
                Err(_) => return,
            }
        }
    }

    /// What comes within the gathering time; when stopping, what is there.
    fn gather(&self, first: Attempt, stop: &AtomicBool) -> Vec<Attempt> {
        let until = Instant::now() + GATHER;
        let mut block = vec![first];
        while block.len() < BLOCK_ATTEMPTS {
            let left = until.saturating_duration_since(Instant::now());
            let left = if stop.load(Ordering::Relaxed) {
                Duration::ZERO
            } else {
                left
            };
            let Ok(attempt) = self.attempts.receiver.recv_timeout(left) else {
                break;
            };
            block.push(attempt);
        }
        block
    }

    fn keep(&mut self, attempts: Vec<Attempt>) {
        let count = attempts.len() as u64;
        if let Err(error) = self.try_keep(attempts) {
            self.spooled.lost.fetch_add(count, Ordering::Relaxed);
            tracing::error!(%error, count, "attempts were lost");
        }
        self.spooled.added.notify_one();
    }

    fn try_keep(&mut self, mut attempts: Vec<Attempt>) -> std::io::Result<()> {
        let lost = self.attempts.lost.load(Ordering::Relaxed);
        let mut to_skip = lost.saturating_sub(std::mem::replace(&mut self.lost_before, lost));
        self.spooled.lost.fetch_add(to_skip, Ordering::Relaxed);
        for attempt in &mut attempts {
            attempt.sequence = self.sequence.take_after(std::mem::take(&mut to_skip))?;
        }
        let block = self.seal(&attempts)?;
        let mut spool = self.spooled.lock();
        match spool.as_mut() {
            Some(spool) if spool.has_room() => spool.add(&block),
            _ => Err(std::io::Error::new(
                std::io::ErrorKind::StorageFull,
                "the spool is full",
            )),
        }
    }

    fn seal(&mut self, attempts: &[Attempt]) -> std::io::Result<SealedBlock> {
        let plain = serde_json::to_vec(attempts)
            .map(Zeroizing::new)
            .map_err(std::io::Error::other)?;
        let sealed = feed::seal(&self.to, Attempt::SEAL_PURPOSE, &plain, &mut self.random)
            .map_err(std::io::Error::other)?;
        let sequence = |attempt: Option<&Attempt>| attempt.map_or(0, |attempt| attempt.sequence);
        Ok(SealedBlock {
            first: sequence(attempts.first()),
            last: sequence(attempts.last()),
            sealed: BASE64.encode(&sealed),
        })
    }
}
