//! The thread that numbers, seals and spools what was asked.
//!
//! A spool that cannot be opened is tried again and again; until then attempts wait in the queue.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use feed::{Attempt, Limits, SealedBlock, SealingPublicKey};
use rand::rngs::StdRng;
use zeroize::Zeroizing;

use super::lanes::{Callers, Lane, Lanes};
use super::sequence::Sequence;
use super::{Spooled, WaitingAttempts};
use crate::seams::Seams;

/// How long attempts are gathered before they are sealed and fsynced together.
const GATHER: Duration = Duration::from_millis(200);
/// How often a quiet thread looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often a spool that cannot be opened is tried again, and one that is open looked at.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Attempts in one block; far fewer bytes than a report may have.
const BLOCK_ATTEMPTS: usize = Limits::DEFAULT.block_attempts;
/// Bytes of an attempt before it is sealed, whatever was answered and why.
pub const ATTEMPT_BYTES: usize = 256;
/// Bytes of one whose caller and dialled text together are longer than [`TEXT_BYTES`], or hold signs that JSON escapes.
pub const LONG_ATTEMPT_BYTES: usize = 512;
/// What is left of an attempt's bytes for text, however long all else is.
const TEXT_BYTES: usize = 80;

/// The thread that seals.
pub struct Sealing {
    thread: JoinHandle<()>,
    stop: Box<dyn FnOnce() + Send + Sync>,
}

impl Sealing {
    /// Starts the thread over the spool in `folder`. Attempts that came before are sealed first.
    pub fn start(
        attempts: WaitingAttempts,
        spooled: Arc<Spooled>,
        seams: &Seams,
        folder: PathBuf,
        to: SealingPublicKey,
    ) -> io::Result<Self> {
        let stop = Box::new(attempts.stopper());
        let mut sealer = Sealer {
            attempts,
            spooled,
            sequence: None,
            seams: seams.clone(),
            folder,
            to,
            random: seams.generator(),
            callers: Callers::new(),
            lost_before: 0,
            looked: Instant::now(),
        };
        sealer.open();
        let thread = std::thread::Builder::new()
            .name("spool".to_owned())
            .spawn(move || sealer.run())?;
        Ok(Self { thread, stop })
    }

    /// Seals what still waits, and ends.
    pub fn drain(self) {
        (self.stop)();
        if self.thread.join().is_err() {
            tracing::error!("the thread that seals attempts had ended by a fault of the program");
        }
    }
}

struct Sealer {
    attempts: WaitingAttempts,
    spooled: Arc<Spooled>,
    /// The numbers; `None` until the spool could be opened.
    sequence: Option<Sequence>,
    seams: Seams,
    folder: PathBuf,
    to: SealingPublicKey,
    random: StdRng,
    callers: Callers,
    /// Lost attempts whose numbers were left out already.
    lost_before: u64,
    looked: Instant,
}

impl Sealer {
    fn run(&mut self) {
        let mut attempts = Vec::new();
        loop {
            self.look_again();
            if self.sequence.is_none() {
                if self.attempts.is_stopping() {
                    break;
                }
                std::thread::park_timeout(LOOK_EVERY);
                continue;
            }
            attempts = self.attempts.take(LOOK_EVERY, GATHER, attempts);
            if attempts.is_empty() && self.attempts.is_stopping() {
                break;
            }
            self.keep(&mut attempts);
        }
        self.close();
    }

    /// Opens the spool, or looks how it stands, every second.
    fn look_again(&mut self) {
        if self.looked.elapsed() < AGAIN_AFTER {
            return;
        }
        self.looked = Instant::now();
        if self.sequence.is_none() {
            self.open();
        } else {
            self.spooled.look();
        }
    }

    fn open(&mut self) {
        match Lanes::open(&self.seams, self.folder.clone()) {
            Ok(lanes) => {
                let at_least = lanes.last().map_or(1, |last| last + 1);
                self.sequence = Some(Sequence::open(self.seams.clone(), self.folder.clone(), at_least));
                *self.spooled.lock() = Some(lanes);
                self.spooled.look();
                self.spooled.added.notify_one();
            }
            Err(error) => {
                tracing::error!(%error, "THERE IS NO SPOOL: attempts wait in memory; it is tried again")
            }
        }
    }

    /// Keeps what came, each lane's attempts in blocks of their own.
    fn keep(&mut self, attempts: &mut Vec<Attempt>) {
        let (prompt, later): (Vec<_>, Vec<_>) = attempts
            .drain(..)
            .partition(|attempt| self.callers.lane(attempt) == Lane::Prompt);
        for (lane, mut attempts) in Lane::BOTH.into_iter().zip([prompt, later]) {
            let mut appended = 0;
            for block in attempts.chunks_mut(BLOCK_ATTEMPTS) {
                let count = block.len() as u64;
                match self.append(lane, block) {
                    Ok(()) => appended += count,
                    Err(error) => self.lose(count, &error),
                }
            }
            if appended > 0 {
                self.sync(lane)
                    .unwrap_or_else(|error| self.lose(appended, &error));
                self.spooled.added.notify_one();
            }
        }
    }

    fn lose(&self, count: u64, error: &io::Error) {
        self.spooled.lost_numbered.fetch_add(count, Ordering::Relaxed);
        tracing::error!(%error, count, "attempts were lost");
        self.spooled.look();
    }

    fn sync(&self, lane: Lane) -> io::Result<()> {
        let mut lanes = self.spooled.lock();
        lanes.as_mut().map_or(Ok(()), |lanes| lanes.of(lane).sync())
    }

    /// Numbers, seals and appends one block.
    fn append(&mut self, lane: Lane, attempts: &mut [Attempt]) -> io::Result<()> {
        let lost = self.spooled.lost_unnumbered.load(Ordering::Relaxed);
        let to_skip = lost.saturating_sub(std::mem::replace(&mut self.lost_before, lost));
        let Some(sequence) = &mut self.sequence else {
            return Err(io::Error::other("there is no spool"));
        };
        sequence.go_behind(self.spooled.at_hub.load(Ordering::Relaxed));
        let first = sequence.take(to_skip, attempts.len() as u64)?;
        for (attempt, sequence) in attempts.iter_mut().zip(first..) {
            attempt.sequence = sequence;
        }
        let block = self.seal(attempts)?;
        let mut lanes = self.spooled.lock();
        match lanes.as_mut().map(|lanes| lanes.of(lane)) {
            Some(spool) if spool.has_room() => spool.append(&block),
            _ => Err(io::Error::new(io::ErrorKind::StorageFull, "the spool is full")),
        }
    }

    fn seal(&mut self, attempts: &mut [Attempt]) -> io::Result<SealedBlock> {
        let plain = padded(attempts)?;
        let sealed = feed::seal(&self.to, Attempt::SEAL_PURPOSE, &plain, &mut self.random)
            .map_err(io::Error::other)?;
        let sequence = |attempt: Option<&Attempt>| attempt.map_or(0, |attempt| attempt.sequence);
        Ok(SealedBlock {
            first: sequence(attempts.first()),
            last: sequence(attempts.last()),
            sealed: BASE64.encode(&sealed),
        })
    }

    /// A clean stop: numbers that were not used are given back, and what could not be kept is counted.
    fn close(&mut self) {
        let left = self
            .attempts
            .take(Duration::ZERO, Duration::ZERO, Vec::new())
            .len() as u64;
        if left > 0 {
            self.spooled.lost_unnumbered.fetch_add(left, Ordering::Relaxed);
            tracing::error!(
                count = left,
                "attempts were lost: there was no spool until the end"
            );
        }
        if let Some(Err(error)) = self.sequence.take().map(Sequence::close) {
            tracing::warn!(%error, "the sequence of attempts could not be closed; the hub will see a gap");
        }
    }
}

/// The attempts as a JSON array, and behind it as much white space as gives every attempt its size.
fn padded(attempts: &mut [Attempt]) -> io::Result<Zeroizing<Vec<u8>>> {
    let bytes = attempts.iter().map(bytes_of).sum::<usize>() + 2;
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes));
    for attempt in attempts {
        let before = if plain.is_empty() { b'[' } else { b',' };
        plain.push(before);
        put(&mut plain, attempt)?;
    }
    plain.push(b']');
    plain.resize(bytes, b' ');
    Ok(plain)
}

/// The size follows from what was asked, which its asker knows, and from nothing of the answer.
fn bytes_of(attempt: &Attempt) -> usize {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    let mut text = attempt.caller.bytes().chain(attempt.dialled.bytes());
    let short = attempt.caller.len() + attempt.dialled.len() <= TEXT_BYTES && text.all(is_plain);
    if short { ATTEMPT_BYTES } else { LONG_ATTEMPT_BYTES }
}

/// Writes one attempt. What was dialled, and then the caller's text, is cut until the attempt has no more than its
/// bytes. Only text full of signs that JSON escapes is ever cut.
fn put(plain: &mut Vec<u8>, attempt: &mut Attempt) -> io::Result<()> {
    let (from, most) = (plain.len(), bytes_of(attempt));
    loop {
        serde_json::to_writer(&mut *plain, attempt)?;
        if plain.len() - from < most {
            return Ok(());
        }
        plain.truncate(from);
        let text = if attempt.dialled.is_empty() {
            &mut attempt.caller
        } else {
            &mut attempt.dialled
        };
        if text.is_empty() {
            return Err(io::Error::other("an attempt is too long"));
        }
        text.truncate(text.floor_char_boundary(text.len() / 2));
    }
}
