//! Two spools, so that one caller's redials hold up nobody else's attempts: the first of each caller in an hour go
//! into the prompt one, the rest into the other. Every attempt is kept, and sent; what is prompt is sent first, and
//! of the rest one block at a time. Which lane an attempt takes depends on who calls and how often, never on what
//! was dialled or answered.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use feed::{Attempt, BlockName, Limits, SealedBlock};

use super::spool::{SPOOL_BYTES, Spool};
use crate::seams::Seams;

/// Attempts of one caller in an hour that are prompt.
pub const PROMPT_PER_HOUR: u32 = 100;
/// Callers that are counted; who comes when there are so many is prompt.
const CALLERS_COUNTED: usize = 20_000;
const HOUR: Duration = Duration::from_secs(3_600);
/// The folder of the second lane, below the spool's.
const LATER: &str = "later";
/// Blocks of the second lane in one report: what is prompt waits for no more than one of them.
const LATER_BLOCKS: usize = 1;

/// Which of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lane {
    #[default]
    Prompt,
    Later,
}

impl Lane {
    pub(super) const BOTH: [Self; 2] = [Self::Prompt, Self::Later];
}

/// The two spools.
pub(super) struct Lanes {
    prompt: Spool,
    later: Spool,
}

impl Lanes {
    /// Opens both, below `folder`. Neither can fill the other's room.
    pub(super) fn open(seams: &Seams, folder: PathBuf) -> io::Result<Self> {
        let later = folder.join(LATER);
        Ok(Self {
            prompt: Spool::open(seams.clone(), folder, SPOOL_BYTES / 2)?,
            later: Spool::open(seams.clone(), later, SPOOL_BYTES / 2)?,
        })
    }

    pub(super) fn of(&mut self, lane: Lane) -> &mut Spool {
        match lane {
            Lane::Prompt => &mut self.prompt,
            Lane::Later => &mut self.later,
        }
    }

    /// The highest sequence that waits.
    pub(super) fn last(&self) -> Option<u64> {
        self.prompt.last().max(self.later.last())
    }

    /// Whether both have room.
    pub(super) fn has_room(&self) -> bool {
        self.prompt.has_room() && self.later.has_room()
    }

    pub(super) fn count_aside(&mut self) -> io::Result<u64> {
        Ok(self.prompt.count_aside()? + self.later.count_aside()?)
    }

    /// What is to be sent next, and of which lane; no blocks if nothing waits.
    pub(super) fn next(&self) -> io::Result<(Lane, Vec<SealedBlock>)> {
        let prompt = self.prompt.oldest(Limits::DEFAULT.report_blocks)?;
        if !prompt.is_empty() {
            return Ok((Lane::Prompt, prompt));
        }
        Ok((Lane::Later, self.later.oldest(LATER_BLOCKS)?))
    }

    /// Sets aside what the hub cannot open and removes what it has.
    pub(super) fn taken(
        &mut self,
        lane: Lane,
        sent: &[SealedBlock],
        not_opened: &[BlockName],
        accepted_through: u64,
    ) -> io::Result<()> {
        let spool = self.of(lane);
        spool.set_aside(sent, not_opened)?;
        spool.forget_through(accepted_through)
    }
}

/// How often each caller has called within the hour.
pub(super) struct Callers {
    counted: HashMap<String, u32>,
    since: Instant,
}

impl Callers {
    pub(super) fn new() -> Self {
        Self {
            counted: HashMap::new(),
            since: Instant::now(),
        }
    }

    /// The lane of an attempt, which is counted.
    pub(super) fn lane(&mut self, attempt: &Attempt) -> Lane {
        if self.since.elapsed() >= HOUR {
            *self = Self::new();
        }
        if !self.counted.contains_key(&attempt.caller) && self.counted.len() >= CALLERS_COUNTED {
            return Lane::Prompt;
        }
        let count = self.counted.entry(attempt.caller.clone()).or_default();
        *count = count.saturating_add(1);
        if *count <= PROMPT_PER_HOUR {
            Lane::Prompt
        } else {
            Lane::Later
        }
    }
}
