//! The disk under the measurement: its file system, and what one fsync costs there.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::watch::quantile;

/// Times that a block is written and synced.
const SYNCS: usize = 200;
/// Bytes of a block.
const BLOCK: [u8; 4096] = [7; 4096];
/// Kept in memory alone.
const NOT_REAL: [&str; 3] = ["tmpfs", "ramfs", "overlay"];

/// What lies under a folder.
pub(crate) struct Disk {
    /// The file system, as `ext4`.
    pub(crate) kind: String,
    mounted_at: String,
    /// Median milliseconds of writing 4 KiB and fsync.
    pub(crate) fsync_ms: f64,
}

impl Disk {
    /// Looks up the file system and times fsync.
    pub(crate) fn of(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize()?;
        let mounts = std::fs::read_to_string("/proc/self/mounts").context("the mounts cannot be read")?;
        let under = |line: &str| {
            let mut words = line.split(' ').skip(1);
            let (at, kind) = (words.next()?.to_owned(), words.next()?.to_owned());
            folder.starts_with(&at).then_some((at, kind))
        };
        let found = mounts.lines().filter_map(under).max_by_key(|(at, _)| at.len());
        let (mounted_at, kind) = found.context("the folder lies on no file system that is known")?;
        Ok(Self {
            kind,
            mounted_at,
            fsync_ms: fsync_ms(&folder.join("fsync"))?,
        })
    }

    /// Whether it outlives a power cut.
    pub(crate) fn is_real(&self) -> bool {
        !NOT_REAL.contains(&self.kind.as_str())
    }
}

fn fsync_ms(path: &Path) -> Result<f64> {
    let mut file = File::create(path)?;
    file.write_all(&BLOCK)?;
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let began = Instant::now();
        file.write_all_at(&BLOCK, 0)?;
        file.sync_all()?;
        took.push(began.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(quantile(&took, 0.5))
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            mounted_at,
            fsync_ms,
        } = self;
        write!(
            f,
            "{kind} at {mounted_at}; 4 KiB and fsync {fsync_ms:.2} ms (median of {SYNCS})"
        )
    }
}
