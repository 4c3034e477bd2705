//! The few things that the gate does with a disk, each of them one call, so that a test can lose everything
//! that was not fsynced and see what is left.
//!
//! What is written is lost in a power cut until [`Disk::sync_file`]; a name that was created, renamed or
//! removed is lost until [`Disk::sync_folder`].

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// A disk. Errors are the machine's own; an error of a sync says nothing about what is stored.
pub trait Disk: Send + Sync {
    /// The whole file, or `None` if there is none.
    fn read(&self, file: &Path) -> io::Result<Option<Vec<u8>>>;
    /// The names in a folder; none if there is no such folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes a folder and those above it; returns once their names are stored.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// Writes a file whole, for this account's eyes only.
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Writes bytes at a place of a file, which is created if it is not there.
    fn write_at(&self, file: &Path, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Adds bytes to the end of a file, which is created if it is not there.
    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Returns once the file's bytes are stored.
    fn sync_file(&self, file: &Path) -> io::Result<()>;
    /// Gives a file another name, in place of any that had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file; none there is no error.
    fn remove(&self, file: &Path) -> io::Result<()>;
    /// Returns once the folder's names are stored.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// The room on the disk that a folder lies on.
    fn room(&self, folder: &Path) -> io::Result<Room>;
}

/// The room on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes that this account may still write.
    pub free_bytes: u64,
    /// Bytes of the whole disk.
    pub total_bytes: u64,
}

/// Bytes that are left free for the list: as many as the largest has, for it is written anew beside the old one.
const LEFT_FREE_BYTES: u64 = 128 * 1024 * 1024;

impl Room {
    /// Whether records may take more of it and the list and its mark can still be written. Of a small disk a
    /// quarter is left free.
    pub fn spares_records(self) -> bool {
        self.free_bytes > LEFT_FREE_BYTES.min(self.total_bytes / 4)
    }
}

/// Puts a file in place so that after a power cut either the old or the new one is there, whole.
pub(crate) fn replace_file(disk: &dyn Disk, folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join(format!("{name}.new"));
    let written = disk
        .write(&temporary, bytes)
        .and_then(|()| disk.sync_file(&temporary));
    // Half a file on a full disk would only take the room of the next one.
    written.inspect_err(|_| drop(disk.remove(&temporary)))?;
    disk.rename(&temporary, &folder.join(name))?;
    disk.sync_folder(folder)
}

/// The machine's disk.
#[derive(Clone, Copy, Debug)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, file: &Path) -> io::Result<Option<Vec<u8>>> {
        absent_is_none(fs::read(file))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let Some(entries) = absent_is_none(fs::read_dir(folder))? else {
            return Ok(Vec::new());
        };
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let missing = folder.ancestors().filter(|folder| !folder.exists()).count();
        builder.recursive(true).create(folder)?;
        // The folder itself in any case: a run that was killed may have made it and no more.
        folder.ancestors().take(missing.max(1)).try_for_each(store_name)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        private().truncate(true).open(file)?.write_all(bytes)
    }

    fn write_at(&self, file: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = private().open(file)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = private().open(file)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(bytes)
    }

    fn sync_file(&self, file: &Path) -> io::Result<()> {
        // Length and content, which is all that reading it back needs: times are not waited for.
        OpenOptions::new().write(true).open(file)?.sync_data()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        absent_is_none(fs::remove_file(file)).map(drop)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn room(&self, folder: &Path) -> io::Result<Room> {
        let found = nix::sys::statvfs::statvfs(folder)?;
        let bytes = |blocks: u64| blocks.saturating_mul(found.fragment_size());
        Ok(Room {
            free_bytes: bytes(found.blocks_available()),
            total_bytes: bytes(found.blocks()),
        })
    }
}

/// Stores the name of a folder in the one above it. A folder that this account may not open is another's, and so
/// is the storing of its names.
fn store_name(folder: &Path) -> io::Result<()> {
    let Some(above) = folder.parent() else {
        return Ok(());
    };
    let above = if above.as_os_str().is_empty() {
        Path::new(".")
    } else {
        above
    };
    match RealDisk.sync_folder(above) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

/// A file to write that only this account may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
