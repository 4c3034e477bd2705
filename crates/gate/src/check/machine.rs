//! What the machine says of a file: whether a reboot takes it away, and how old it is.

use std::path::{Path, PathBuf};

use nix::sys::statfs::{FsType, TMPFS_MAGIC, statfs};

/// A file system in memory without a limit; systemd's credentials lie on one.
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);

/// Whether a file lies, or would lie, on a file system that is empty after a reboot.
pub(super) fn is_in_memory(file: &Path) -> bool {
    statfs(&nearest(file)).is_ok_and(|found| [TMPFS_MAGIC, RAMFS_MAGIC].contains(&found.filesystem_type()))
}

/// The path itself, or the nearest folder above it that is there.
pub(super) fn nearest(path: &Path) -> PathBuf {
    let there = path.ancestors().find(|above| above.exists());
    there
        .filter(|above| !above.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// Seconds since a file was changed, at a time in milliseconds since 1970; `None` if there is no such file.
pub(super) fn seconds_old(file: &Path, now_ms: i64) -> Option<u64> {
    let changed = std::fs::metadata(file).and_then(|found| found.modified()).ok()?;
    let changed = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
    let changed_ms = i64::try_from(changed.as_millis()).ok()?;
    u64::try_from(now_ms.saturating_sub(changed_ms) / 1_000)
        .ok()
        .or(Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_memory_is_gone_after_a_reboot_and_a_file_of_the_kernels_is_not() {
        assert!(is_in_memory(Path::new("/dev/shm/not/there/yet")));
        assert!(!is_in_memory(Path::new("/proc/self/status")));
    }
}
