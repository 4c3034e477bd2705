//! The high-water mark: how far the list on disk had come when it was last acknowledged. A list that is
//! behind it was put back from somewhere and counts as none. There are two, in the same form: one beside the
//! list, and one outside the state folder, so that a copy of the whole folder is found out as well.
//!
//! Two places in one small file, written in turn and fsynced, so that one of them is whole at any moment.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::state_key::StateKey;

/// Bytes of one place: nonce, eight bytes of count, tag.
const PLACE_BYTES: usize = 24 + 8 + 16;
const CONTEXT: &[u8] = b"upcs gate high-water mark v1";

/// The mark on disk.
pub(super) struct Mark {
    file: PathBuf,
    /// The place to be written next; `None` before the file is there.
    next: Option<u8>,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// There is no mark.
    None,
    /// There is a file that says nothing under this key.
    Damaged,
    /// The list had come this far, in lists and changes kept.
    At(u64),
}

impl Mark {
    pub(super) fn open(disk: &dyn Disk, file: PathBuf, key: &StateKey) -> io::Result<(Self, Found)> {
        let mut mark = Self { file, next: None };
        let Some(bytes) = disk.read(&mark.file)? else {
            return Ok((mark, Found::None));
        };
        let read = |place: u8| {
            let at = usize::from(place) * PLACE_BYTES;
            let plain = key.open(&bound_to(place), bytes.get(at..at + PLACE_BYTES)?)?;
            Some((u64::from_le_bytes(plain.as_slice().try_into().ok()?), place))
        };
        match read(0).max(read(1)) {
            Some((count, place)) => {
                mark.next = Some(1 - place);
                Ok((mark, Found::At(count)))
            }
            None => Ok((mark, Found::Damaged)),
        }
    }

    /// Moves the mark; returns once it is stored.
    pub(super) fn set(&mut self, disk: &dyn Disk, key: &StateKey, count: u64) -> io::Result<()> {
        let place = self.next.unwrap_or(0);
        let sealed = key.seal(&bound_to(place), &count.to_le_bytes());
        disk.write_at(&self.file, u64::from(place) * PLACE_BYTES as u64, &sealed)?;
        disk.sync_file(&self.file)?;
        if self.next.is_none() {
            disk.sync_folder(self.file.parent().unwrap_or(Path::new(".")))?;
        }
        self.next = Some(1 - place);
        Ok(())
    }
}

impl Found {
    /// How far the list had come; nowhere, as far as is known, if there is no mark.
    pub(super) fn count(self) -> u64 {
        if let Self::At(count) = self { count } else { 0 }
    }
}

fn bound_to(place: u8) -> Vec<u8> {
    [CONTEXT, &[place]].concat()
}
