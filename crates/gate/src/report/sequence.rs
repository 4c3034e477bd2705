//! The numbers of attempts. They are reserved ahead of use, so that after a crash the next number lies behind
//! every one that may have been given out: the hub sees a gap where attempts may be lost. A clean stop leaves
//! no gap. When it cannot be read how far they had come, they go on far behind every number that may have been
//! given out: from the clock, in millionths of a second since 1970, and behind what the hub says it has.

use std::io;
use std::path::PathBuf;

use crate::disk::replace_file;
use crate::seams::Seams;

const FILE: &str = "sequence";
/// Numbers reserved at a time: the size of the gap that a crash leaves.
const RESERVED_AT_ONCE: u64 = 1_000;
/// No number is as high as this; the hub keeps them as signed numbers.
const MOST: u64 = 1 << 62;

/// Gives out sequence numbers.
pub(super) struct Sequence {
    seams: Seams,
    folder: PathBuf,
    next: u64,
    reserved_below: u64,
}

impl Sequence {
    /// Goes on where the last run stopped, but never below `at_least`.
    pub(super) fn open(seams: Seams, folder: PathBuf, at_least: u64) -> Self {
        let next = match seams.disk.read(&folder.join(FILE)) {
            Ok(None) => 1,
            Ok(Some(text)) => read(&text).unwrap_or_else(|| afresh(&seams)),
            Err(_) => afresh(&seams),
        };
        let next = next.max(at_least);
        Self {
            seams,
            folder,
            next,
            reserved_below: next,
        }
    }

    /// Numbers for `count` attempts, after leaving out as many as were lost; the first of them. They are given
    /// out though they cannot be reserved, so that what is lost with the error shows as a gap.
    pub(super) fn take(&mut self, lost: u64, count: u64) -> io::Result<u64> {
        let first = self.next + lost;
        self.next = first + count;
        if self.next > self.reserved_below {
            let below = self.next + RESERVED_AT_ONCE;
            self.store(below)?;
            self.reserved_below = below;
        }
        Ok(first)
    }

    /// Goes on behind a number that is taken.
    pub(super) fn go_behind(&mut self, taken: u64) {
        if taken < MOST {
            self.next = self.next.max(taken + 1);
        }
    }

    /// Gives back what was reserved and not used: a clean stop.
    pub(super) fn close(self) -> io::Result<()> {
        self.store(self.next)
    }

    fn store(&self, below: u64) -> io::Result<()> {
        replace_file(
            &*self.seams.disk,
            &self.folder,
            FILE,
            format!("{below}\n").as_bytes(),
        )
    }
}

fn read(text: &[u8]) -> Option<u64> {
    let number = std::str::from_utf8(text).ok()?.trim().parse().ok()?;
    (number < MOST).then_some(number)
}

/// A number behind all that were given out, as far as the clock can be believed.
fn afresh(seams: &Seams) -> u64 {
    let next = u64::try_from((seams.now_ms)()).unwrap_or(1).saturating_mul(1_000);
    let next = next.min(MOST / 2);
    tracing::error!(
        next,
        "the sequence of attempts cannot be read; the hub will see a gap"
    );
    next
}
