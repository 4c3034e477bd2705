//! Attempts: sealed before they are stored, numbered without gaps but where something was lost.

use std::path::PathBuf;
use std::sync::Arc;

use data_encoding::BASE64;
use feed::{Attempt, SealedBlock, SealingKey, Verdict};
use gate::disk::Disk;
use gate::report::{ATTEMPTS_QUEUED, AttemptQueue, Sealing, SpoolState, Spooled};
use gate::seams::Seams;

use crate::disk::{Lies, RecordingDisk};

fn attempt() -> Attempt {
    Attempt {
        sequence: 0,
        at_ms: 1,
        caller: "A0001BC".to_owned(),
        dialled: "07700900001".to_owned(),
        number: Some("+447700900001".to_owned()),
        verdict: Verdict::Allow,
    }
}

fn hub() -> SealingKey {
    SealingKey::from_secret(&[12; 32])
}

fn spool() -> PathBuf {
    PathBuf::from("/state/spool")
}

/// Runs the sealing thread over `count` attempts and stops it cleanly.
pub(crate) fn seal(disk: &Arc<RecordingDisk>, count: usize) -> Arc<Spooled> {
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let (queue, waiting) = AttemptQueue::new();
    (0..count).for_each(|_| queue.push(attempt()));
    let spooled = Arc::new(Spooled::default());
    assert_eq!(spooled.state(), SpoolState::Absent);
    let sealing = Sealing::start(waiting, spooled.clone(), &seams, spool(), hub().public()).unwrap();
    sealing.drain();
    assert_ne!(spooled.state(), SpoolState::Absent);
    spooled
}

/// The sequences on a disk, in order.
fn sequences(disk: &RecordingDisk) -> Vec<u64> {
    let mut names = disk.names(&spool()).unwrap();
    names.retain(|name| name.ends_with(".blocks"));
    names.sort();
    let mut sequences = Vec::new();
    for name in names {
        let bytes = disk.read(&spool().join(name)).unwrap().unwrap();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let block: SealedBlock = serde_json::from_slice(line).unwrap();
            let plain = hub()
                .open(
                    Attempt::SEAL_PURPOSE,
                    &BASE64.decode(block.sealed.as_bytes()).unwrap(),
                )
                .unwrap();
            let attempts: Vec<Attempt> = serde_json::from_slice(&plain).unwrap();
            sequences.extend(attempts.iter().map(|attempt| attempt.sequence));
        }
    }
    sequences
}

#[test]
fn a_clean_stop_leaves_no_gap() {
    let disk = Arc::new(RecordingDisk::new());
    seal(&disk, 3);
    seal(&disk, 2);
    assert_eq!(sequences(&disk), [1, 2, 3, 4, 5]);
}

#[test]
fn a_crash_shows_as_a_gap_and_no_number_is_given_out_twice() {
    let disk = Arc::new(RecordingDisk::watched(Lies::default()));
    seal(&disk, 3);
    for image in disk.take_images().into_iter().flatten() {
        let restored = Arc::new(RecordingDisk::from_image(&image));
        let before = sequences(&restored);
        seal(&restored, 1);
        let after = sequences(&restored);
        assert_eq!(after.len(), before.len() + 1);
        assert!(after.is_sorted_by(|a, b| a < b), "{after:?}");
    }
    let [_, _, mut killed] = disk.image();
    // As the file stands while the thread runs: numbers are reserved ahead.
    killed.insert(spool().join("sequence"), b"1001\n".to_vec());
    let restored = Arc::new(RecordingDisk::from_image(&killed));
    seal(&restored, 1);
    assert_eq!(sequences(&restored), [1, 2, 3, 1001]);
}

#[test]
fn what_is_stored_shows_no_digit_of_what_was_dialled() {
    let disk = Arc::new(RecordingDisk::new());
    seal(&disk, 2);
    for (name, bytes) in &disk.image()[2] {
        for digits in ["7700900001", "A0001BC"] {
            let shows = bytes
                .windows(digits.len())
                .any(|window| window == digits.as_bytes());
            assert!(!shows, "{}", name.display());
        }
    }
}

#[test]
fn a_full_queue_never_blocks_and_what_it_lost_shows_as_a_gap() {
    let disk = Arc::new(RecordingDisk::new());
    let spooled = seal(&disk, ATTEMPTS_QUEUED + 5);
    assert_eq!(spooled.lost(), 5);
    let sequences = sequences(&disk);
    assert_eq!(sequences.len(), ATTEMPTS_QUEUED);
    assert_eq!(sequences.last(), Some(&(ATTEMPTS_QUEUED as u64 + 5)));
}
