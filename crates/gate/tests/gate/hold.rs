//! The list on disk: read back as it was, and never when it is damaged, older or another key's.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use feed::{Regime, Scope};
use gate::hold::{Hold, NoList};
use gate::list::BarList;
use gate::seams::Seams;
use gate::state_key::StateKey;

use crate::crash::{folder, open_hold, outside, step_of};
use crate::disk::RecordingDisk;
use crate::source::{Source, apply, list_of, number};

/// A disk on which a list and two changes were kept.
fn kept() -> (Arc<RecordingDisk>, Source, BarList) {
    let disk = Arc::new(RecordingDisk::new());
    let mut hold = open_hold(&disk).0;
    let mut source = Source::new(Regime::CallBarring);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    let mut list = list_of(&source);
    hold.keep(&list, &[]).unwrap();
    for id in 2..4 {
        let bar = source.bar(id, u16::from(id), Scope::Everyone);
        let change = source.change(&[bar], &[], &[]);
        list = apply(Some(&list), &change).unwrap().unwrap();
        hold.keep(&list, &[step_of(&change)]).unwrap();
    }
    (disk, source, list)
}

#[test]
fn a_list_is_read_back_as_it_was_kept() {
    let (disk, _, list) = kept();
    let restored = open_hold(&disk).1.unwrap();
    assert_eq!(restored.standing(), list.standing());
    for n in 1..4 {
        assert!(restored.asked(&number(n)).is_barred(None), "{n}");
    }
}

#[test]
fn a_file_that_was_put_back_from_a_copy_counts_as_no_list() {
    let (disk, mut source, list) = kept();
    let [_, _, older] = disk.image();
    let change = source.change(&[], &[], &[]);
    let list = apply(Some(&list), &change).unwrap().unwrap();
    open_hold(&disk).0.keep(&list, &[step_of(&change)]).unwrap();
    let file = folder().join("list");
    disk.tamper(&file, |bytes| *bytes = older[&file].clone());
    assert_eq!(open_hold(&disk).1.unwrap_err(), NoList::OlderThanMark);
}

/// The disk with its state folder as it was in an image; what lies outside the folder stays as it is.
fn folder_put_back(disk: &RecordingDisk, older: &BTreeMap<PathBuf, Vec<u8>>) {
    for (name, bytes) in older.iter().filter(|(name, _)| name.starts_with(folder())) {
        disk.tamper(name, |now| *now = bytes.clone());
    }
}

#[test]
fn a_whole_folder_that_was_put_back_from_a_copy_counts_as_no_list() {
    let (disk, mut source, list) = kept();
    let [_, _, older] = disk.image();
    let bar = source.bar(9, 9, Scope::Everyone);
    let change = source.change(&[bar], &[], &[]);
    let list = apply(Some(&list), &change).unwrap().unwrap();
    open_hold(&disk).0.keep(&list, &[step_of(&change)]).unwrap();
    folder_put_back(&disk, &older);
    let (mut hold, found) = open_hold(&disk);
    assert_eq!(found.unwrap_err(), NoList::OlderThanMark);
    hold.keep(&list, &[]).unwrap();
    assert_eq!(
        open_hold(&disk).1.unwrap().standing(),
        list.standing(),
        "the hub's list is kept again"
    );
}

#[test]
fn without_a_mark_outside_the_list_counts_and_the_mark_is_made() {
    let (disk, _, list) = kept();
    let [_, _, mut files] = disk.image();
    files.remove(&outside());
    let disk = Arc::new(RecordingDisk::from_image(&files));
    let (hold, found) = open_hold(&disk);
    assert_eq!(found.unwrap().standing(), list.standing());
    assert!(hold.is_marked_outside() && disk.image()[2].contains_key(&outside()));
}

#[test]
fn where_no_mark_can_be_written_outside_the_list_is_kept_and_the_lack_is_told() {
    let (disk, source, _) = kept();
    disk.fail_outside(folder(), io::ErrorKind::ReadOnlyFilesystem);
    let (mut hold, found) = open_hold(&disk);
    assert!(found.is_ok() && !hold.is_marked_outside());
    hold.keep(&list_of(&source), &[]).unwrap();
    disk.fail_outside(folder(), io::ErrorKind::StorageFull);
    assert!(
        hold.keep(&list_of(&source), &[]).is_err(),
        "a mark that is not stored is no mark"
    );
}

#[test]
fn every_single_damaged_byte_of_the_list_or_both_marks_is_found() {
    let (disk, ..) = kept();
    let [_, _, whole] = disk.image();
    let list = folder().join("list");
    for at in 0..whole[&list].len() {
        let damaged = RecordingDisk::from_image(&whole);
        damaged.tamper(&list, |bytes| bytes[at] ^= 1);
        let found = open_hold(&Arc::new(damaged)).1;
        assert_eq!(found.unwrap_err(), NoList::Damaged, "byte {at}");
    }
    for mark in [folder().join("mark"), outside()] {
        let damaged = RecordingDisk::from_image(&whole);
        damaged.tamper(&mark, |bytes| bytes.iter_mut().for_each(|byte| *byte ^= 1));
        assert_eq!(open_hold(&Arc::new(damaged)).1.unwrap_err(), NoList::Damaged);
    }
}

#[test]
fn a_list_cut_short_at_any_byte_is_not_read_as_a_shorter_list() {
    let (disk, ..) = kept();
    let [_, _, whole] = disk.image();
    let list = folder().join("list");
    for length in 0..whole[&list].len() {
        let cut = RecordingDisk::from_image(&whole);
        cut.tamper(&list, |bytes| bytes.truncate(length));
        let found = open_hold(&Arc::new(cut)).1;
        assert!(
            matches!(found.unwrap_err(), NoList::Damaged | NoList::OlderThanMark),
            "{length} bytes"
        );
    }
}

#[test]
fn a_missing_file_or_mark_is_damage_and_not_a_fresh_start() {
    for missing in ["list", "mark"] {
        let (disk, ..) = kept();
        let [_, _, mut files] = disk.image();
        files.remove(&folder().join(missing));
        let found = open_hold(&Arc::new(RecordingDisk::from_image(&files))).1;
        assert_eq!(found.unwrap_err(), NoList::Damaged, "{missing}");
    }
}

#[test]
fn another_key_opens_nothing_and_the_disk_shows_no_fingerprint() {
    let (disk, source, _) = kept();
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let other = StateKey::new(&[2; 32], seams.random.clone());
    assert_eq!(
        Hold::open(seams, folder(), outside(), other)
            .unwrap()
            .1
            .unwrap_err(),
        NoList::Damaged
    );
    let [_, _, files] = disk.image();
    let fingerprint = source.key.fingerprint(&number(1));
    let text = String::from(fingerprint);
    for (name, bytes) in &files {
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        let shown = has(text.as_bytes()) || has(fingerprint.as_bytes()) || has(source.key.as_bytes());
        assert!(!shown, "{}", name.display());
    }
}

#[test]
fn after_damage_a_new_list_is_kept_and_read_back() {
    let (disk, source, _) = kept();
    disk.tamper(&folder().join("list"), |bytes| bytes[40] ^= 1);
    let (mut hold, found) = open_hold(&disk);
    assert_eq!(found.unwrap_err(), NoList::Damaged);
    let list = list_of(&source);
    hold.keep(&list, &[]).unwrap();
    assert_eq!(open_hold(&disk).1.unwrap().standing(), list.standing());
}

#[test]
fn changes_that_outgrew_the_list_are_folded_into_it() {
    let (disk, mut source, mut list) = kept();
    let mut hold = open_hold(&disk).0;
    let size = |disk: &RecordingDisk| disk.image()[2][Path::new("/state/list")].len();
    let mut largest = 0;
    for n in 0..12_u64 {
        // Withdrawals of bars that were never there: changes of some size, and a list that does not grow.
        let mut change = source.change(&[], &[], &[]);
        let feed::Body::Delta(delta) = &mut change.body else {
            unreachable!()
        };
        delta.withdraw = (0..1_000).map(|m| withdrawal(n * 1_000 + m)).collect();
        list = apply(Some(&list), &change).unwrap().unwrap();
        hold.keep(&list, &[step_of(&change)]).unwrap();
        largest = largest.max(size(&disk));
    }
    assert!(size(&disk) < largest / 4, "the file was written anew");
    assert_eq!(open_hold(&disk).1.unwrap().standing(), list.standing());
}

fn withdrawal(n: u64) -> feed::Withdrawal {
    let bar = feed::BarId::from_bytes(u128::from(n).to_le_bytes());
    feed::Withdrawal {
        bar,
        authority: crate::source::two_people(),
    }
}
