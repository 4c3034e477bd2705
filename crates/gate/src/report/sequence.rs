//! The numbers of attempts. They are reserved ahead of use, so that after a crash the next number lies behind
//! every one that may have been given out: the hub sees a gap where attempts may be lost. A clean stop leaves
//! no gap.

use std::io;
use std::path::PathBuf;

use crate::disk::replace_file;
use crate::seams::Seams;

const FILE: &str = "sequence";
/// Numbers reserved at a time: the size of the gap that a crash leaves.
const RESERVED_AT_ONCE: u64 = 1_000;

/// Gives out sequence numbers.
pub(super) struct Sequence {
    seams: Seams,
    folder: PathBuf,
    next: u64,
    reserved_below: u64,
}

impl Sequence {
    /// Goes on where the last run stopped, but never below `at_least`.
    pub(super) fn open(seams: Seams, folder: PathBuf, at_least: u64) -> io::Result<Self> {
        let stored = seams.disk.read(&folder.join(FILE))?;
        let stored = stored.and_then(|text| String::from_utf8(text).ok()?.trim().parse::<u64>().ok());
        let next = stored.unwrap_or(1).max(at_least);
        Ok(Self {
            seams,
            folder,
            next,
            reserved_below: next,
        })
    }

    /// The next number, after leaving out as many as attempts were lost.
    pub(super) fn take_after(&mut self, lost: u64) -> io::Result<u64> {
        let taken = self.next + lost;
        if taken >= self.reserved_below {
            let below = taken + RESERVED_AT_ONCE;
            self.store(below)?;
            self.reserved_below = below;
        }
        self.next = taken + 1;
        Ok(taken)
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
