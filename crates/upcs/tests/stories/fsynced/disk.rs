//! A disk as it is and as a power cut would leave it, replayed from a recorder's log.
//!
//! Stored is what was fsynced and nothing else. A file's bytes, its length with them, are stored by a sync of
//! that file. A name that was made, changed or removed is stored by a sync of the folder it stands in; a sync of
//! a new file does not store its name. Real disks keep more than that; none promises more.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::log::Did;
use crate::chance::Chance;

/// The folders that are recorded, with everything in them.
#[derive(Clone)]
pub(crate) struct Disk {
    roots: Vec<PathBuf>,
    files: Vec<File>,
    /// An inode's number is used again once its file is gone.
    by_inode: HashMap<u64, usize>,
    names: BTreeMap<PathBuf, Node>,
    stored_names: BTreeMap<PathBuf, Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Folder,
    /// An index into the files.
    File(usize),
}

#[derive(Clone, Default)]
struct File {
    stored: Vec<u8>,
    unstored: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Wrote(usize, Vec<u8>),
    Cut(usize),
}

impl Disk {
    /// Takes the folders as they are now; nothing writes there, and all of it counts as stored.
    pub(crate) fn of(roots: &[PathBuf]) -> Result<Self> {
        let (files, by_inode, names) = (Vec::new(), HashMap::new(), BTreeMap::new());
        let mut disk = Self {
            roots: roots.to_vec(),
            files,
            by_inode,
            names,
            stored_names: BTreeMap::new(),
        };
        for path in walk(roots)? {
            if path.is_dir() {
                disk.names.insert(path, Node::Folder);
            } else {
                disk.add_file(fs::metadata(&path)?.ino(), path.clone());
                let stored = fs::read(&path)?;
                disk.files.push(File {
                    stored,
                    unstored: Vec::new(),
                });
            }
        }
        disk.stored_names = disk.names.clone();
        Ok(disk)
    }

    /// The next file is the one with this inode and name.
    fn add_file(&mut self, inode: u64, path: PathBuf) {
        self.by_inode.insert(inode, self.files.len());
        self.names.insert(path, Node::File(self.files.len()));
    }

    /// Does what was recorded.
    pub(crate) fn play(&mut self, did: &Did) -> Result<()> {
        match did {
            Did::Made { file, path } => {
                self.add_file(*file, path.clone());
                self.files.push(File::default());
            }
            Did::Cut { file, bytes } => self.change(*file, Change::Cut(usize::try_from(*bytes)?))?,
            Did::Wrote {
                file, place, bytes, ..
            } => {
                self.change(*file, Change::Wrote(usize::try_from(*place)?, bytes.clone()))?;
            }
            Did::Synced { file, .. } => {
                let file = self.file(*file)?;
                let unstored = std::mem::take(&mut file.unstored);
                unstored
                    .into_iter()
                    .for_each(|change| change.apply(&mut file.stored));
            }
            Did::SyncedFolder(path) => self.store_names_of(path),
            Did::Renamed { from, to } => {
                let node = self
                    .names
                    .remove(from)
                    .with_context(|| format!("no name {}", from.display()))?;
                ensure!(node != Node::Folder, "the renaming of a folder is not understood");
                self.names.insert(to.clone(), node);
            }
            Did::Removed(path) => {
                self.names
                    .remove(path)
                    .with_context(|| format!("no name {}", path.display()))?;
            }
            Did::MadeFolder(path) => drop(self.names.insert(path.clone(), Node::Folder)),
            Did::Sent(_) | Did::Marked(_) => {}
        }
        Ok(())
    }

    fn file(&mut self, inode: u64) -> Result<&mut File> {
        let at = self
            .by_inode
            .get(&inode)
            .context("a file that was neither there nor made")?;
        Ok(&mut self.files[*at])
    }

    fn change(&mut self, inode: u64, change: Change) -> Result<()> {
        self.file(inode)?.unstored.push(change);
        Ok(())
    }

    fn store_names_of(&mut self, folder: &Path) {
        let in_it = |path: &Path| path.parent() == Some(folder);
        self.stored_names.retain(|path, _| !in_it(path));
        let now = self
            .names
            .iter()
            .filter(|(path, _)| in_it(path))
            .map(|(path, node)| (path.clone(), *node));
        self.stored_names.extend(now);
    }

    /// The same with some of what was not stored kept by chance: any sectors of a file, all the new names of a
    /// folder or none. A power cut may leave that too.
    pub(crate) fn torn(&self, chance: &mut Chance) -> Self {
        let mut torn = self.clone();
        torn.files.iter_mut().for_each(|file| file.tear(chance));
        let folders = self.names.iter().filter(|(_, node)| **node == Node::Folder);
        folders
            .filter(|_| chance.percent(50))
            .for_each(|(folder, _)| torn.store_names_of(folder));
        torn
    }

    /// Writes what a power cut would leave of one recorded folder into a new one.
    pub(crate) fn leave(&self, of: &Path, to: &Path) -> Result<()> {
        let of = &fs::canonicalize(of)?;
        fs::create_dir_all(to)?;
        // Folders come before what is in them; what is in a folder whose own name is not stored is lost.
        let mut left = BTreeSet::from([of.to_owned()]);
        for (path, node) in &self.stored_names {
            let Ok(inside) = path.strip_prefix(of) else {
                continue;
            };
            if inside.as_os_str().is_empty() || !path.parent().is_some_and(|parent| left.contains(parent)) {
                continue;
            }
            match node {
                Node::Folder => {
                    left.insert(path.clone());
                    fs::create_dir(to.join(inside))?;
                }
                Node::File(at) => fs::write(to.join(inside), &self.files[*at].stored)?,
            }
        }
        Ok(())
    }

    /// Fails unless the folders hold what the log says, byte by byte: then the recorder missed nothing. Gives
    /// the numbers of files and bytes compared.
    pub(crate) fn is_as_on_disk(&self) -> Result<(usize, usize)> {
        let (mut files, mut bytes) = (0, 0);
        let there: BTreeSet<PathBuf> = walk(&self.roots)?.into_iter().collect();
        let known: BTreeSet<PathBuf> = self.names.keys().cloned().collect();
        if let Some(path) = there.symmetric_difference(&known).next() {
            bail!("only one of disk and log knows of {}", path.display());
        }
        for (path, node) in &self.names {
            let Node::File(at) = node else { continue };
            let held = self.files[*at].held();
            ensure!(
                fs::read(path)? == held,
                "{} holds other bytes than the log says",
                path.display()
            );
            (files, bytes) = (files + 1, bytes + held.len());
        }
        Ok((files, bytes))
    }
}

impl File {
    /// Its bytes, stored or not.
    fn held(&self) -> Vec<u8> {
        let mut held = self.stored.clone();
        self.unstored
            .iter()
            .cloned()
            .for_each(|change| change.apply(&mut held));
        held
    }
}

impl Change {
    fn apply(self, to: &mut Vec<u8>) {
        match self {
            Self::Cut(bytes) => to.resize(bytes, 0),
            Self::Wrote(place, bytes) => {
                let end = place + bytes.len();
                if to.len() < end {
                    to.resize(end, 0);
                }
                to[place..end].copy_from_slice(&bytes);
            }
        }
    }
}

/// What a disk stores whole or not at all.
const SECTOR_BYTES: usize = 512;

impl File {
    fn tear(&mut self, chance: &mut Chance) {
        for change in std::mem::take(&mut self.unstored) {
            for part in change.parts() {
                if chance.percent(50) {
                    part.apply(&mut self.stored);
                }
            }
        }
    }
}

impl Change {
    /// One change for each sector that it touches.
    fn parts(self) -> Vec<Self> {
        let Self::Wrote(mut place, bytes) = self else {
            return vec![self];
        };
        let (mut rest, mut parts) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(rest.len().min(SECTOR_BYTES - place % SECTOR_BYTES));
            parts.push(Self::Wrote(place, part.to_vec()));
            (place, rest) = (place + part.len(), behind);
        }
        parts
    }
}

/// Everything in some folders, the folders themselves among it. SQLite's shared memory is not a file that a power
/// cut could leave.
fn walk(roots: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), roots.to_vec());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("no folder {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().ends_with("-shm") {
                found.push(path);
            }
        }
        found.push(folder);
    }
    Ok(found)
}
