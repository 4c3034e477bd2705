//! The list on disk: a sealed file that grows by one record with every change, and a high-water mark.
//!
//! Lists and the changes applied to them flow in through [`Hold::keep`]; when it returns, they are stored,
//! and only then may anyone acknowledge them. [`Hold::open`] gives back the list as it was last kept, or says
//! why there is none: never an older list, never half a list. Names: `list` is the file, `mark` the mark,
//! `list.new` a file that is not in place yet. A second mark lies outside the folder, where whoever puts the
//! whole folder back from a copy does not put back the mark as well.

mod journal;
mod mark;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::disk::Disk;
use crate::list::{BarList, Step, Unreadable, WrittenList};
use crate::seams::Seams;
use crate::state_key::StateKey;
use journal::{Place, Records};
use mark::{Found, Mark};

const FILE: &str = "list";
/// A file smaller than this is not written anew only because its changes outgrew its list.
const SMALL_BYTES: u64 = 1024 * 1024;

/// Why there is no list. Everything but always-allowed numbers is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoList {
    /// None was ever kept here.
    #[error("no list was ever received")]
    NeverHeld,
    /// The file cannot be read as far as it was acknowledged, or with this key.
    #[error("the list on disk is damaged, or the key is not the one it was sealed with")]
    Damaged,
    /// The file is whole and older than what was acknowledged from it.
    #[error("the list on disk is older than the one that was acknowledged")]
    OlderThanMark,
}

/// The list's place on disk. One at a time for a folder.
pub struct Hold {
    seams: Seams,
    folder: PathBuf,
    key: StateKey,
    mark: Mark,
    outside: Mark,
    is_marked_outside: bool,
    /// Lists and changes kept since the first one, in any session; never goes back.
    count: u64,
    /// Where the next change goes; `None` if the file must be written whole first.
    tail: Option<Tail>,
}

struct Tail {
    place: Place,
    list_bytes: u64,
    change_bytes: u64,
}

impl Hold {
    /// Opens the folder, which is made if it is not there. `outside` is the file of the second mark.
    pub fn open(
        seams: Seams,
        folder: PathBuf,
        outside: PathBuf,
        key: StateKey,
    ) -> io::Result<(Self, Result<BarList, NoList>)> {
        seams.disk.create_folder(&folder)?;
        let (mark, inside) = Mark::open(&*seams.disk, folder.join("mark"), &key)?;
        let (outside, found_outside) = Mark::open(&*seams.disk, outside, &key)?;
        let marked = inside.count().max(found_outside.count());
        let mut hold = Self {
            seams,
            folder,
            key,
            mark,
            outside,
            is_marked_outside: true,
            count: marked,
            tail: None,
        };
        let file = hold.seams.disk.read(&hold.folder.join(FILE))?;
        let list =
            found(file, inside, found_outside).and_then(|(bytes, marked)| hold.restore(&bytes, marked));
        if list.is_ok() {
            hold.mark_outside()?;
        }
        Ok((hold, list))
    }

    /// Whether the mark outside the state folder can be written. Where it cannot, the folder may be put back
    /// from a copy that is not older than the mark that lies there.
    pub fn is_marked_outside(&self) -> bool {
        self.is_marked_outside
    }

    /// Stores a list. `steps` are the changes that made it from the one kept last; without any, or when the
    /// changes have outgrown the list, the file is written whole.
    pub fn keep(&mut self, list: &BarList, steps: &[Step]) -> io::Result<()> {
        self.count += steps.len().max(1) as u64;
        // Until all is stored it is not known what is: after an error the file is written whole.
        match self.tail.take() {
            Some(tail) if !steps.is_empty() && !tail.is_outgrown() => self.append(tail, steps)?,
            _ => self.replace(list)?,
        }
        let stored = self
            .mark_outside()
            .and_then(|()| self.mark.set(&*self.seams.disk, &self.key, self.count));
        stored.inspect_err(|_| self.tail = None)
    }

    /// Moves the mark outside. That its folder is not this account's to write in is no error: a key may come from
    /// a folder that is made anew with every start.
    fn mark_outside(&mut self) -> io::Result<()> {
        use io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem};
        let moved = self.outside.set(&*self.seams.disk, &self.key, self.count);
        self.is_marked_outside = moved.is_ok();
        match moved {
            Err(error) if [NotFound, PermissionDenied, ReadOnlyFilesystem].contains(&error.kind()) => Ok(()),
            moved => moved,
        }
    }

    fn append(&mut self, mut tail: Tail, steps: &[Step]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for step in steps {
            journal::add(&mut bytes, &mut tail.place, &self.key, &as_json(step)?)?;
        }
        let file = self.folder.join(FILE);
        self.seams.disk.append(&file, &bytes)?;
        self.seams.disk.sync_file(&file)?;
        tail.change_bytes += bytes.len() as u64;
        self.tail = Some(tail);
        Ok(())
    }

    fn replace(&mut self, list: &BarList) -> io::Result<()> {
        let mut name = [0; 16];
        name.copy_from_slice(&(self.seams.random)()[..16]);
        let mut place = Place { file: name, index: 0 };
        let mut bytes = journal::heading(name);
        let first = First {
            count: self.count,
            list: list.write(),
        };
        journal::add(&mut bytes, &mut place, &self.key, &as_json(&first)?)?;
        crate::disk::replace_file(&*self.seams.disk, &self.folder, FILE, &bytes)?;
        self.tail = Some(Tail {
            place,
            list_bytes: bytes.len() as u64,
            change_bytes: 0,
        });
        Ok(())
    }

    fn restore(&mut self, bytes: &[u8], marked: u64) -> Result<BarList, NoList> {
        let Restored { records, count, list } = restored(bytes, marked, &self.key)?;
        self.count = count;
        // A record torn by a power cut lies beyond the mark, and nobody was told of it: the file is written
        // whole with the next change.
        if records.ends_clean {
            let tail = Tail {
                place: records.next,
                list_bytes: 0,
                change_bytes: bytes.len() as u64,
            };
            self.tail = Some(tail);
        }
        Ok(list)
    }
}

/// Looks what [`Hold::open`] would find, and changes nothing: a gate may be running on the folder.
pub fn look(
    disk: &dyn Disk,
    folder: &Path,
    outside: PathBuf,
    key: &StateKey,
) -> io::Result<Result<BarList, NoList>> {
    // The marks first: a gate that runs moves them after the list.
    let (_, inside) = Mark::open(disk, folder.join("mark"), key)?;
    let (_, outside) = Mark::open(disk, outside, key)?;
    let file = disk.read(&folder.join(FILE))?;
    Ok(match found(file, inside, outside) {
        Ok((bytes, marked)) => restored(&bytes, marked, key).map(|restored| restored.list),
        Err(none) => Err(none),
    })
}

/// The bytes of the list and how far they must reach, by what was found of file and marks.
fn found(file: Option<Vec<u8>>, inside: Found, outside: Found) -> Result<(Vec<u8>, u64), NoList> {
    match (file, inside, outside) {
        (None, Found::None, _) => Err(NoList::NeverHeld),
        (None, ..) | (_, Found::None | Found::Damaged, _) | (.., Found::Damaged) => Err(NoList::Damaged),
        (Some(bytes), Found::At(_), _) => Ok((bytes, inside.count().max(outside.count()))),
    }
}

/// What a file gives back.
struct Restored {
    records: Records,
    count: u64,
    list: BarList,
}

fn restored(bytes: &[u8], marked: u64, key: &StateKey) -> Result<Restored, NoList> {
    let records = journal::read(bytes, key).ok_or(NoList::Damaged)?;
    let (count, list) = rebuild(&records).map_err(|Unreadable| NoList::Damaged)?;
    if count >= marked {
        return Ok(Restored { records, count, list });
    }
    Err(if records.ends_clean {
        NoList::OlderThanMark
    } else {
        NoList::Damaged
    })
}

impl Tail {
    fn is_outgrown(&self) -> bool {
        self.change_bytes > self.list_bytes.max(SMALL_BYTES)
    }
}

/// The first record of a file.
#[derive(Serialize, Deserialize)]
struct First {
    count: u64,
    list: WrittenList,
}

fn rebuild(records: &Records) -> Result<(u64, BarList), Unreadable> {
    let (first, steps) = records.records.split_first().ok_or(Unreadable)?;
    let First { count, list } = serde_json::from_slice(first).map_err(|_| Unreadable)?;
    let list = steps.iter().try_fold(BarList::read(list)?, |list, step| {
        list.again(&serde_json::from_slice(step).map_err(|_| Unreadable)?)
    })?;
    Ok((count + steps.len() as u64, list))
}

fn as_json(value: &impl Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .map_err(io::Error::other)
}
