//! The recorder's log, read back: what was done to the disk, what was sent, and what the story's client marked,
//! in the order in which it happened. The form of a record stands at the head of `recorder.c`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The operation of a mark, which only the story writes.
const MARKED: u8 = 10;

/// One thing that a process did.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) process: u32,
    pub(crate) did: Did,
}

/// What was done. Files are told apart by their inodes, names by their whole paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Did {
    /// A name that was not there was opened and is there now.
    Made {
        file: u64,
        path: PathBuf,
    },
    /// A file has this many bytes from now on.
    Cut {
        file: u64,
        bytes: u64,
    },
    Wrote {
        file: u64,
        path: PathBuf,
        place: u64,
        bytes: Vec<u8>,
    },
    /// A file's bytes were asked to be stored, and that came back.
    Synced {
        file: u64,
        path: PathBuf,
    },
    /// The same of a folder's names.
    SyncedFolder(PathBuf),
    Renamed {
        from: PathBuf,
        to: PathBuf,
    },
    Removed(PathBuf),
    MadeFolder(PathBuf),
    /// These bytes are about to leave through a socket.
    Sent(Vec<u8>),
    /// The client has read an answer and says which.
    Marked(String),
}

/// Reads a whole log.
pub(crate) fn read(log: &Path) -> Result<Vec<Record>> {
    let bytes = fs::read(log).context("the recorder's log cannot be read")?;
    let mut rest = Bytes(&bytes);
    let mut records = Vec::new();
    while !rest.0.is_empty() {
        let length = rest.u32()?;
        let record = Bytes(rest.take(length as usize)?);
        records.push(one(record).with_context(|| format!("record {} of the log", records.len()))?);
    }
    Ok(records)
}

fn one(mut bytes: Bytes<'_>) -> Result<Record> {
    let (process, [operation]) = (bytes.u32()?, bytes.array()?);
    let (file, place) = (
        u64::from_le_bytes(bytes.array()?),
        u64::from_le_bytes(bytes.array()?),
    );
    let path_bytes = bytes.u32()? as usize;
    let path = PathBuf::from(String::from_utf8(bytes.take(path_bytes)?.to_vec())?);
    let held = bytes.0.to_vec();
    let did = match operation {
        1 => Did::Made { file, path },
        2 => Did::Cut { file, bytes: place },
        3 => Did::Wrote {
            file,
            path,
            place,
            bytes: held,
        },
        4 => Did::Synced { file, path },
        5 => Did::SyncedFolder(path),
        6 => Did::Renamed {
            from: path,
            to: String::from_utf8(held)?.into(),
        },
        7 => Did::Removed(path),
        8 => Did::MadeFolder(path),
        9 => Did::Sent(held),
        MARKED => Did::Marked(String::from_utf8(held)?),
        _ => bail!(
            "something was done to {} that the replay does not know",
            path.display()
        ),
    };
    Ok(Record { process, did })
}

/// A mark as it is appended to the log, in one write.
pub(crate) fn mark(text: &str) -> Vec<u8> {
    let mut record = std::process::id().to_le_bytes().to_vec();
    record.push(MARKED);
    record.extend([0; 20]);
    record.extend(text.as_bytes());
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX).to_le_bytes();
    [length.as_slice(), &record].concat()
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        ensure!(self.0.len() >= count, "the log ends within a record");
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.take(N)?.try_into()?)
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }
}
