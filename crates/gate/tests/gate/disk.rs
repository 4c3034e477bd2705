//! A disk that remembers what a power cut would leave: only bytes that were fsynced, under names whose folder
//! was fsynced. It can be made to lie about either.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use gate::disk::{Disk, Room};

/// How a disk lies.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lies {
    /// It says that a file is stored, and does nothing.
    pub(crate) of_files: bool,
    /// It says that a folder is stored, and does nothing.
    pub(crate) of_folders: bool,
}

/// A file: its bytes now, and those that a power cut would leave.
#[derive(Clone, Default)]
struct Inode {
    now: Vec<u8>,
    stored: Vec<u8>,
}

#[derive(Clone, Default)]
struct Content {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    stored_names: BTreeMap<PathBuf, usize>,
    images: Vec<Image>,
}

/// What a power cut leaves of bytes that were written and not fsynced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Luck {
    /// Nothing.
    None,
    /// Half of what was added.
    Half,
    /// Everything.
    All,
}

/// The disk as a power cut at one moment would leave it.
pub(crate) type Image = [BTreeMap<PathBuf, Vec<u8>>; 3];

/// The disk.
#[derive(Default)]
pub(crate) struct RecordingDisk {
    lies: Lies,
    /// Whether an image is kept of every moment.
    is_watched: bool,
    content: Mutex<Content>,
    /// What every attempt to write outside a folder fails with.
    fails: Mutex<Option<(PathBuf, io::ErrorKind)>>,
    free_bytes: Mutex<Option<u64>>,
}

impl RecordingDisk {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A disk that keeps an image of every moment.
    pub(crate) fn watched(lies: Lies) -> Self {
        Self {
            lies,
            is_watched: true,
            ..Self::default()
        }
    }

    /// From now on nothing can be written outside a folder.
    pub(crate) fn fail_outside(&self, folder: PathBuf, with: io::ErrorKind) {
        *self.fails.lock().unwrap() = Some((folder, with));
    }

    /// Everything can be written again.
    pub(crate) fn recover(&self) {
        *self.fails.lock().unwrap() = None;
    }

    /// So many bytes are free of 8 GiB.
    pub(crate) fn leave_free(&self, free_bytes: u64) {
        *self.free_bytes.lock().unwrap() = Some(free_bytes);
    }

    fn check(&self, file: &Path) -> io::Result<()> {
        match &*self.fails.lock().unwrap() {
            Some((folder, kind)) if !file.starts_with(folder) => Err((*kind).into()),
            _ => Ok(()),
        }
    }

    /// A disk that holds what an image holds.
    pub(crate) fn from_image(files: &BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let disk = Self::default();
        for (place, (name, bytes)) in files.iter().enumerate() {
            let mut content = disk.content();
            content.inodes.push(Inode {
                now: bytes.clone(),
                stored: bytes.clone(),
            });
            content.names.insert(name.clone(), place);
            content.stored_names.insert(name.clone(), place);
        }
        disk
    }

    /// The images since the last call, one for each thing that was done.
    pub(crate) fn take_images(&self) -> Vec<Image> {
        std::mem::take(&mut self.content().images)
    }

    /// What a power cut now would leave.
    pub(crate) fn image(&self) -> Image {
        self.content().image()
    }

    /// Changes a file behind everyone's back.
    pub(crate) fn tamper(&self, name: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut content = self.content();
        let place = content.names[name];
        change(&mut content.inodes[place].now);
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap()
    }

    fn done(&self, mut content: MutexGuard<'_, Content>) {
        if self.is_watched {
            let image = content.image();
            content.images.push(image);
        }
    }
}

impl Content {
    fn image(&self) -> Image {
        [Luck::None, Luck::Half, Luck::All].map(|luck| {
            let left = |(name, place): (&PathBuf, &usize)| (name.clone(), self.inodes[*place].after(luck));
            self.stored_names.iter().map(left).collect()
        })
    }

    fn inode(&mut self, file: &Path) -> &mut Inode {
        let next = self.inodes.len();
        let place = *self.names.entry(file.to_owned()).or_insert(next);
        if place == next {
            self.inodes.push(Inode::default());
        }
        &mut self.inodes[place]
    }
}

impl Inode {
    fn after(&self, luck: Luck) -> Vec<u8> {
        let same = self
            .now
            .iter()
            .zip(&self.stored)
            .take_while(|(now, stored)| now == stored)
            .count();
        match luck {
            Luck::None => self.stored.clone(),
            Luck::All => self.now.clone(),
            Luck::Half => {
                let mut bytes = self.now[..same + (self.now.len() - same) / 2].to_vec();
                bytes.extend(self.stored.iter().skip(bytes.len()));
                bytes
            }
        }
    }
}

impl Disk for RecordingDisk {
    fn read(&self, file: &Path) -> io::Result<Option<Vec<u8>>> {
        let content = self.content();
        Ok(content
            .names
            .get(file)
            .map(|place| content.inodes[*place].now.clone()))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let content = self.content();
        let inside = content.names.keys().filter(|name| name.parent() == Some(folder));
        Ok(inside
            .filter_map(|name| Some(name.file_name()?.to_string_lossy().into_owned()))
            .collect())
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.check(folder)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        self.check(file)?;
        let mut content = self.content();
        content.inode(file).now = bytes.to_vec();
        self.done(content);
        Ok(())
    }

    fn write_at(&self, file: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check(file)?;
        let mut content = self.content();
        let inode = content.inode(file);
        let offset = usize::try_from(offset).unwrap();
        let length = inode.now.len().max(offset + bytes.len());
        inode.now.resize(length, 0);
        inode.now[offset..offset + bytes.len()].copy_from_slice(bytes);
        self.done(content);
        Ok(())
    }

    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        self.check(file)?;
        let mut content = self.content();
        content.inode(file).now.extend_from_slice(bytes);
        self.done(content);
        Ok(())
    }

    fn sync_file(&self, file: &Path) -> io::Result<()> {
        let mut content = self.content();
        if !self.lies.of_files {
            let inode = content.inode(file);
            inode.stored = inode.now.clone();
        }
        self.done(content);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut content = self.content();
        let place = content.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        content.names.insert(to.to_owned(), place);
        self.done(content);
        Ok(())
    }

    fn room(&self, _folder: &Path) -> io::Result<Room> {
        let total_bytes = 8 << 30;
        let free_bytes = self.free_bytes.lock().unwrap().unwrap_or(total_bytes);
        Ok(Room {
            free_bytes,
            total_bytes,
        })
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let mut content = self.content();
        content.names.remove(file);
        self.done(content);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut content = self.content();
        if !self.lies.of_folders {
            let elsewhere = |name: &PathBuf| name.parent() != Some(folder);
            let mut stored: BTreeMap<_, _> = content
                .stored_names
                .iter()
                .filter(|(name, _)| elsewhere(name))
                .map(|(n, p)| (n.clone(), *p))
                .collect();
            let here = content.names.iter().filter(|(name, _)| !elsewhere(name));
            stored.extend(here.map(|(name, place)| (name.clone(), *place)));
            content.stored_names = stored;
        }
        self.done(content);
        Ok(())
    }
}
