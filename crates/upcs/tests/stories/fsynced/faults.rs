//! Faults that a hub or a gate could have, laid over the log of one that has none: the replay must find what
//! they lose, or it could not find it in a real one either.

use std::path::Path;

use super::log::{Did, Record};
use super::words::Word;

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// As it was recorded.
    None,
    /// SQLite at synchronous=NORMAL: the WAL is stored before a checkpoint and where it begins anew, not at a
    /// commit.
    SynchronousNormal,
    /// No folder is ever stored.
    NoFolderStored,
    /// The answer goes out before the commit is stored.
    AnswerBeforeCommit,
}

impl Fault {
    /// All but none.
    pub(crate) const ALL: [Self; 3] = [
        Self::SynchronousNormal,
        Self::NoFolderStored,
        Self::AnswerBeforeCommit,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "as recorded",
            Self::SynchronousNormal => "with synchronous=NORMAL",
            Self::NoFolderStored => "without the directory fsync",
            Self::AnswerBeforeCommit => "with the answer before the commit",
        }
    }

    /// Whether it is a gate's too; a gate has no WAL.
    pub(crate) fn is_a_gates(self) -> bool {
        matches!(self, Self::NoFolderStored | Self::AnswerBeforeCommit)
    }

    /// Whether the record at this place is of a sync that would not have been made.
    pub(crate) fn leaves_out(self, records: &[Record], at: usize) -> bool {
        match (self, &records[at].did) {
            (Self::NoFolderStored, Did::SyncedFolder(_)) => true,
            (Self::SynchronousNormal, Did::Synced { path, .. }) if is_wal(path) => {
                !begins_wal(records, at, path) && !is_for_a_checkpoint(records, at, path)
            }
            _ => false,
        }
    }

    /// Where in the log a word would have been said.
    pub(crate) fn said_at(self, records: &[Record], word: &Word) -> usize {
        if self != Self::AnswerBeforeCommit {
            return word.at;
        }
        let commits = |record: &Record| match &record.did {
            Did::Synced { path, .. } => record.process == word.process && (is_wal(path) || is_list(path)),
            _ => false,
        };
        records[..word.at].iter().rposition(commits).unwrap_or(word.at)
    }
}

/// SQLite's log of commits, which are stored by its sync.
fn is_wal(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-wal")
}

/// A gate's list, changed or written whole.
fn is_list(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == "list" || name == "list.new")
}

/// Bytes of the head of a WAL, which is written and stored by itself.
const WAL_HEAD_BYTES: usize = 32;

fn begins_wal(records: &[Record], at: usize, wal: &Path) -> bool {
    let mut before = records[..at].iter().rev().map(|record| &record.did);
    let last = before.find(|did| matches!(did, Did::Wrote { path, .. } if path == wal));
    matches!(last, Some(Did::Wrote { place: 0, bytes, .. }) if bytes.len() == WAL_HEAD_BYTES)
}

/// The next thing written of the two is the database itself.
fn is_for_a_checkpoint(records: &[Record], at: usize, wal: &Path) -> bool {
    let wal = wal.to_string_lossy();
    let database = Path::new(wal.trim_end_matches("-wal"));
    let mut behind = records[at..].iter().filter_map(|record| match &record.did {
        Did::Wrote { path, .. } if path == database => Some(true),
        Did::Wrote { path, .. } if path.as_os_str() == wal.as_ref() => Some(false),
        _ => None,
    });
    behind.next() == Some(true)
}
