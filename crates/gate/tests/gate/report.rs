//! Attempts: sealed before they are stored, numbered without gaps but where something was lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use data_encoding::BASE64;
use feed::{Attempt, Reason, SealedBlock, SealingKey, Verdict};
use gate::disk::Disk;
use gate::report::{
    ATTEMPT_BYTES, ATTEMPTS_QUEUED, AttemptQueue, LONG_ATTEMPT_BYTES, Sealing, SpoolState, Spooled,
};
use gate::seams::Seams;

use crate::disk::{Lies, RecordingDisk};
use crate::hub::PATIENCE;

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
    let spooled = Arc::new(Spooled::default());
    let (queue, waiting) = AttemptQueue::new(&spooled);
    (0..count).for_each(|_| queue.push(attempt()));
    assert_eq!(spooled.state(), SpoolState::Absent);
    let sealing = Sealing::start(waiting, spooled.clone(), &seams, spool(), hub().public()).unwrap();
    sealing.drain();
    assert_ne!(spooled.state(), SpoolState::Absent);
    spooled
}

/// A thread over a disk, and the queue before it.
fn start(disk: &Arc<RecordingDisk>) -> (AttemptQueue, Arc<Spooled>, Sealing) {
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let spooled = Arc::new(Spooled::default());
    let (queue, waiting) = AttemptQueue::new(&spooled);
    let sealing = Sealing::start(waiting, spooled.clone(), &seams, spool(), hub().public()).unwrap();
    (queue, spooled, sealing)
}

/// Waits until something has come about.
pub(crate) fn until(what: &str, has_come: impl Fn() -> bool) {
    let late = Instant::now() + PATIENCE;
    while !has_come() {
        assert!(Instant::now() < late, "{what}: not in time");
        std::thread::yield_now();
    }
}

/// The blocks on a disk, in order.
fn blocks(disk: &RecordingDisk) -> Vec<SealedBlock> {
    let mut blocks: Vec<_> = [spool(), spool().join("later")]
        .iter()
        .flat_map(|folder| blocks_in(disk, folder))
        .collect();
    blocks.sort_by_key(|block| block.first);
    blocks
}

fn blocks_in(disk: &RecordingDisk, folder: &Path) -> Vec<SealedBlock> {
    let mut names = disk.names(folder).unwrap();
    names.retain(|name| name.ends_with(".blocks"));
    names.sort();
    let mut blocks = Vec::new();
    for name in names {
        let bytes = disk.read(&folder.join(name)).unwrap().unwrap();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        blocks.extend(lines.map(|line| serde_json::from_slice::<SealedBlock>(line).unwrap()));
    }
    blocks
}

/// The attempts on a disk, as the hub reads them.
fn attempts(disk: &RecordingDisk) -> Vec<Attempt> {
    let open = |block: SealedBlock| {
        let sealed = BASE64.decode(block.sealed.as_bytes()).unwrap();
        let plain = hub().open(Attempt::SEAL_PURPOSE, &sealed).unwrap();
        serde_json::from_slice::<Vec<Attempt>>(&plain).unwrap()
    };
    blocks(disk).into_iter().flat_map(open).collect()
}

/// The sequences on a disk, in order.
pub(crate) fn sequences(disk: &RecordingDisk) -> Vec<u64> {
    attempts(disk).iter().map(|attempt| attempt.sequence).collect()
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

/// What one attempt alone takes before it is sealed, without the brackets around it.
fn sealed_bytes(attempt: Attempt) -> usize {
    let disk = Arc::new(RecordingDisk::new());
    let (queue, _, sealing) = start(&disk);
    queue.push(attempt);
    sealing.drain();
    let sealed = BASE64.decode(blocks(&disk)[0].sealed.as_bytes()).unwrap();
    // The key, the tag, and the brackets of the array.
    sealed.len() - (32 + 16 + 2)
}

fn asked(caller: &str, dialled: &str) -> Attempt {
    Attempt {
        caller: caller.to_owned(),
        dialled: dialled.to_owned(),
        ..attempt()
    }
}

#[test]
fn a_sealed_attempt_has_the_same_size_whatever_was_answered() {
    let reasons = [
        Reason::NoList,
        Reason::Unresolvable,
        Reason::Barred,
        Reason::NotApproved,
        Reason::ClassRefused,
    ];
    let refusals = reasons
        .iter()
        .flat_map(|reason| [Verdict::Refuse, Verdict::Ended, Verdict::NotEnded].map(|as_to| as_to(*reason)));
    let numbers = [None, Some("+1"), Some("+123456789012345")];
    let long = "1".repeat(100);
    for (dialled, bytes) in [("07700900001", ATTEMPT_BYTES), (&*long, LONG_ATTEMPT_BYTES)] {
        for verdict in refusals.clone().chain([Verdict::Allow]) {
            for number in numbers {
                let attempt = Attempt {
                    // The longest that can be written.
                    at_ms: i64::MIN,
                    number: number.map(str::to_owned),
                    verdict,
                    ..asked("A0001BC", dialled)
                };
                assert_eq!(sealed_bytes(attempt), bytes, "{verdict:?} {number:?}");
            }
        }
    }
}

#[test]
fn an_attempt_is_larger_for_long_text_or_text_that_is_escaped_and_never_larger_than_that() {
    let table = [
        (asked("", ""), ATTEMPT_BYTES),
        (asked("A0001BC", &"1".repeat(73)), ATTEMPT_BYTES),
        (asked("A0001BC", &"1".repeat(74)), LONG_ATTEMPT_BYTES),
        (asked("A0001BC", "\""), LONG_ATTEMPT_BYTES),
        (asked("A0001BC", "\\"), LONG_ATTEMPT_BYTES),
        (asked("A0001BC", "\u{7f}"), LONG_ATTEMPT_BYTES),
        (asked("é", ""), LONG_ATTEMPT_BYTES),
        (
            asked(&"\u{1}".repeat(64), &"\u{1}".repeat(128)),
            LONG_ATTEMPT_BYTES,
        ),
    ];
    for (attempt, bytes) in table {
        assert_eq!(
            sealed_bytes(attempt.clone()),
            bytes,
            "{} {}",
            attempt.caller,
            attempt.dialled
        );
    }
}

#[test]
fn a_sequence_that_cannot_be_read_goes_on_far_behind_every_number_given_out() {
    let disk = Arc::new(RecordingDisk::new());
    seal(&disk, 3);
    disk.tamper(&spool().join("sequence"), |bytes| *bytes = b"4\0\0".to_vec());
    seal(&disk, 1);
    let sequences = sequences(&disk);
    assert_eq!(sequences[..3], [1, 2, 3]);
    assert!(sequences[3] > 1_000_000_000_000_000, "{sequences:?}");
}

#[test]
fn while_there_is_no_spool_attempts_wait_and_those_too_many_are_counted_and_leave_a_gap() {
    let disk = Arc::new(RecordingDisk::new());
    disk.fail_outside(PathBuf::from("/elsewhere"), std::io::ErrorKind::StorageFull);
    let (queue, spooled, sealing) = start(&disk);
    (0..ATTEMPTS_QUEUED + 7).for_each(|_| queue.push(attempt()));
    assert_eq!((spooled.state(), spooled.lost()), (SpoolState::Absent, 7));
    disk.recover();
    until("the spool is tried again", || {
        spooled.state() == SpoolState::Keeping
    });
    sealing.drain();
    assert_eq!(spooled.lost(), 7);
    let sequences = sequences(&disk);
    assert_eq!(sequences.len(), ATTEMPTS_QUEUED);
    assert_eq!(sequences.last(), Some(&(ATTEMPTS_QUEUED as u64 + 7)), "the gap");
}

#[test]
fn what_a_gate_that_never_had_a_spool_could_not_keep_is_counted() {
    let disk = Arc::new(RecordingDisk::new());
    disk.fail_outside(PathBuf::from("/elsewhere"), std::io::ErrorKind::StorageFull);
    let (queue, spooled, sealing) = start(&disk);
    (0..3).for_each(|_| queue.push(attempt()));
    sealing.drain();
    assert_eq!(spooled.lost(), 3);
}

#[test]
fn attempts_lost_because_no_number_could_be_reserved_leave_a_gap() {
    let disk = Arc::new(RecordingDisk::new());
    seal(&disk, 3);
    let (queue, spooled, sealing) = start(&disk);
    disk.fail_outside(PathBuf::from("/elsewhere"), std::io::ErrorKind::StorageFull);
    (0..2).for_each(|_| queue.push(attempt()));
    until("both are lost", || spooled.lost() == 2);
    disk.recover();
    queue.push(attempt());
    sealing.drain();
    assert_eq!(sequences(&disk), [1, 2, 3, 6]);
}
