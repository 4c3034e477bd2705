//! Sealed blocks that wait for the hub: one file for a few blocks, one line for each, oldest first. What the
//! hub has stored is removed. What the hub cannot open is set aside in a folder of its own, in the same form:
//! moved back, it is reported again.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;

use feed::{BlockName, SealedBlock};

use crate::disk::Room;
use crate::seams::Seams;

/// Bytes of sealed blocks that may wait, half of them in each lane; fewer where the disk would have no room for the list. When they are
/// reached, new attempts are dropped and counted, and the hub sees the gap.
pub const SPOOL_BYTES: u64 = 256 * 1024 * 1024;
/// Blocks in one file.
const SEGMENT_BLOCKS: usize = 64;
/// Bytes of one file after which another is begun. A report reads whole files.
const SEGMENT_BYTES: u64 = 1024 * 1024;
/// Bytes of blocks in one report, far fewer than the hub takes in one line: while the hub is away, every attempt to
/// report holds as much in memory several times over, and the spool for as long as it takes to read.
const REPORT_BYTES: u64 = 1024 * 1024;
const SUFFIX: &str = ".blocks";
/// The folder of what is set aside.
const ASIDE: &str = "aside";

/// The waiting blocks.
pub(super) struct Spool {
    seams: Seams,
    folder: PathBuf,
    /// Oldest first; the last one may grow.
    segments: VecDeque<Segment>,
    /// No more is added to the newest file: it was read from disk, or an append to it failed.
    is_closed: bool,
    limit_bytes: u64,
    /// Files that are set aside, and their bytes, which count as waiting.
    aside: (u64, u64),
    /// Files that were appended to since [`Spool::sync`].
    unsynced: Vec<PathBuf>,
    /// One of them is new.
    is_folder_unsynced: bool,
}

struct Segment {
    name: String,
    blocks: VecDeque<Waiting>,
    bytes: u64,
    written: usize,
}

/// One block by where it lies; its sealed bytes stay on disk.
#[derive(Clone, Copy)]
struct Waiting {
    last: u64,
    bytes: u64,
}

impl Spool {
    /// Opens the folder, which is made if it is not there. A line torn by a crash is left out.
    pub(super) fn open(seams: Seams, folder: PathBuf, limit_bytes: u64) -> io::Result<Self> {
        seams.disk.create_folder(&folder)?;
        let mut names = seams.disk.names(&folder)?;
        names.retain(|name| name.ends_with(SUFFIX));
        names.sort();
        let mut spool = Self {
            seams,
            folder,
            segments: VecDeque::new(),
            is_closed: true,
            limit_bytes,
            aside: (0, 0),
            unsynced: Vec::new(),
            is_folder_unsynced: false,
        };
        for name in names {
            let blocks = spool.read(&name)?;
            let waiting = |block: &SealedBlock| Waiting {
                last: block.last,
                bytes: block.sealed.len() as u64,
            };
            let blocks: VecDeque<Waiting> = blocks.iter().map(waiting).collect();
            let bytes = blocks.iter().map(|block| block.bytes).sum();
            let written = blocks.len();
            spool.segments.push_back(Segment {
                name,
                blocks,
                bytes,
                written,
            });
        }
        spool.forget_through(0)?;
        spool.count_aside()?;
        Ok(spool)
    }

    /// The highest sequence that waits.
    pub(super) fn last(&self) -> Option<u64> {
        self.segments.back()?.blocks.back().map(|block| block.last)
    }

    /// Whether another block fits, and leaves room on the disk for the list.
    pub(super) fn has_room(&self) -> bool {
        let room = self.seams.disk.room(&self.folder);
        self.waiting_bytes() < self.limit_bytes && room.is_ok_and(Room::spares_records)
    }

    /// Bytes that wait.
    pub(super) fn waiting_bytes(&self) -> u64 {
        let waiting: u64 = self.segments.iter().map(|segment| segment.bytes).sum();
        waiting + self.aside.1
    }

    /// Counts the files that are set aside; a person may have taken some away.
    pub(super) fn count_aside(&mut self) -> io::Result<u64> {
        let mut names = self.seams.disk.names(&self.folder.join(ASIDE))?;
        names.retain(|name| name.ends_with(SUFFIX));
        let count = names.len() as u64;
        if count != self.aside.0 {
            let mut bytes = 0;
            for name in &names {
                let blocks = self.read(&format!("{ASIDE}/{name}"))?;
                bytes += blocks.iter().map(|block| block.sealed.len() as u64).sum::<u64>();
            }
            self.aside = (count, bytes);
        }
        Ok(count)
    }

    /// Keeps blocks that the hub cannot open, each in a file of its own; returns once they are on disk.
    pub(super) fn set_aside(&mut self, sent: &[SealedBlock], not_opened: &[BlockName]) -> io::Result<()> {
        let folder = self.folder.join(ASIDE);
        for block in sent.iter().filter(|block| not_opened.contains(&block.name())) {
            self.seams.disk.create_folder(&folder)?;
            let name = format!("{:020}-{}{SUFFIX}", block.first, block.last);
            crate::disk::replace_file(&*self.seams.disk, &folder, &name, line_of(block).as_bytes())?;
        }
        if !not_opened.is_empty() {
            self.count_aside()?;
        }
        Ok(())
    }

    /// Appends a block. It is on disk once [`Spool::sync`] says so.
    pub(super) fn append(&mut self, block: &SealedBlock) -> io::Result<()> {
        if self.is_closed || self.segments.back().is_none_or(Segment::is_full) {
            self.segments.push_back(Segment {
                name: format!("{:020}{SUFFIX}", block.first),
                blocks: VecDeque::new(),
                bytes: 0,
                written: 0,
            });
            self.is_folder_unsynced = true;
        }
        self.is_closed = true;
        let Some(segment) = self.segments.back_mut() else {
            return Ok(());
        };
        let file = self.folder.join(&segment.name);
        self.seams.disk.append(&file, line_of(block).as_bytes())?;
        if self.unsynced.last() != Some(&file) {
            self.unsynced.push(file);
        }
        let bytes = block.sealed.len() as u64;
        segment.blocks.push_back(Waiting {
            last: block.last,
            bytes,
        });
        segment.bytes += bytes;
        segment.written += 1;
        self.is_closed = false;
        Ok(())
    }

    /// Returns once all that was appended is on disk. Nothing more is added to a file of which that is not known.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        let was_closed = std::mem::replace(&mut self.is_closed, true);
        for file in std::mem::take(&mut self.unsynced) {
            self.seams.disk.sync_file(&file)?;
        }
        if std::mem::take(&mut self.is_folder_unsynced) {
            self.seams.disk.sync_folder(&self.folder)?;
        }
        self.is_closed = was_closed;
        Ok(())
    }

    /// The oldest blocks, as many as one report holds and no more than `most`.
    pub(super) fn oldest(&self, most: usize) -> io::Result<Vec<SealedBlock>> {
        let mut oldest = Vec::new();
        let mut bytes = 0;
        for segment in &self.segments {
            let skip = segment.written - segment.blocks.len();
            for block in self.read(&segment.name)?.into_iter().skip(skip) {
                bytes += block.sealed.len() as u64;
                let fits = bytes <= REPORT_BYTES && oldest.len() < most;
                if !fits && !oldest.is_empty() {
                    return Ok(oldest);
                }
                oldest.push(block);
            }
        }
        Ok(oldest)
    }

    /// Removes what the hub has stored: every block up to this sequence.
    pub(super) fn forget_through(&mut self, accepted: u64) -> io::Result<()> {
        while let Some(segment) = self.segments.front_mut() {
            while segment.blocks.front().is_some_and(|block| block.last <= accepted) {
                segment.bytes -= segment.blocks.pop_front().map_or(0, |block| block.bytes);
            }
            if !segment.blocks.is_empty() {
                break;
            }
            let file = self.folder.join(&segment.name);
            self.seams.disk.remove(&file)?;
            self.unsynced.retain(|unsynced| *unsynced != file);
            self.segments.pop_front();
        }
        Ok(())
    }

    fn read(&self, name: &str) -> io::Result<Vec<SealedBlock>> {
        let bytes = self.seams.disk.read(&self.folder.join(name))?.unwrap_or_default();
        let lines = bytes.split(|byte| *byte == b'\n');
        Ok(lines
            .map_while(|line| serde_json::from_slice(line).ok())
            .collect())
    }
}

/// A block as its line: JSON, written out here because base64 has nothing to escape and there is much of it.
fn line_of(block: &SealedBlock) -> String {
    let SealedBlock { first, last, sealed } = block;
    format!("{{\"first\":{first},\"last\":{last},\"sealed\":\"{sealed}\"}}\n")
}

impl Segment {
    fn is_full(&self) -> bool {
        self.written >= SEGMENT_BLOCKS || self.bytes >= SEGMENT_BYTES
    }
}
