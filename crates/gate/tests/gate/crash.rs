//! Power cuts: after every single thing that the gate does with its disk, the disk is rebuilt from what was
//! fsynced, and must give back a list that is no older than the one acknowledged last. A disk that lies about
//! fsync must be caught by the same test.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use feed::{Body, Message, Regime, Scope, Serial};
use gate::hold::{Hold, NoList};
use gate::list::{BarList, Step};
use gate::seams::Seams;
use gate::state_key::StateKey;

use crate::disk::{Lies, RecordingDisk};
use crate::source::{Source, apply, list_of};

pub(crate) fn folder() -> PathBuf {
    PathBuf::from("/state")
}

/// The mark outside the state folder.
pub(crate) fn outside() -> PathBuf {
    PathBuf::from("/keys/state.key.mark")
}

pub(crate) fn open_hold(disk: &Arc<RecordingDisk>) -> (Hold, Result<BarList, NoList>) {
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let key = StateKey::new(&[1; 32], seams.random.clone());
    Hold::open(seams, folder(), outside(), key).unwrap()
}

pub(crate) fn step_of(message: &Message) -> Step {
    let Body::Delta(delta) = &message.body else {
        panic!("not a change")
    };
    Step {
        session: message.session,
        serial: message.serial,
        delta: delta.clone(),
    }
}

/// Runs a story over a disk; says at which moments a power cut would lose what was acknowledged.
fn losses(lies: Lies) -> Vec<String> {
    let disk = Arc::new(RecordingDisk::watched(lies));
    let (mut hold, list) = open_hold(&disk);
    assert_eq!(list.unwrap_err(), NoList::NeverHeld);
    let mut source = Source::new(Regime::CallBarring);
    source.serial = Serial(10);
    let mut list = list_of(&source);
    let mut lost = Vec::new();
    let mut acknowledged = None;
    let mut keep = |hold: &mut Hold, list: &BarList, steps: &[Step], what: String| {
        hold.keep(list, steps).unwrap();
        for (moment, image) in disk.take_images().iter().enumerate() {
            lost.extend(losses_of(
                image,
                acknowledged,
                &format!("{what}, moment {moment}"),
            ));
        }
        acknowledged = Some(list.standing().serial);
        lost.extend(losses_of(
            &disk.image(),
            acknowledged,
            &format!("{what}, acknowledged"),
        ));
    };
    keep(&mut hold, &list, &[], "first snapshot".to_owned());
    for n in 0..6 {
        let bar = source.bar(n, u16::from(n), Scope::Everyone);
        let change = source.change(&[bar], &[], &[]);
        list = apply(Some(&list), &change).unwrap().unwrap();
        keep(&mut hold, &list, &[step_of(&change)], format!("change {n}"));
    }
    source.serial = Serial(40);
    list = apply(Some(&list), &source.snapshot()).unwrap().unwrap();
    keep(&mut hold, &list, &[], "second snapshot".to_owned());
    let (first, second) = (source.change(&[], &[1], &[]), source.change(&[], &[], &[]));
    for change in [&first, &second] {
        list = apply(Some(&list), change).unwrap().unwrap();
    }
    keep(
        &mut hold,
        &list,
        &[step_of(&first), step_of(&second)],
        "two changes at once".to_owned(),
    );
    lost
}

fn losses_of(image: &[BTreeMap<PathBuf, Vec<u8>>], acknowledged: Option<Serial>, when: &str) -> Vec<String> {
    let lost = image.iter().filter_map(|files| {
        let disk = Arc::new(RecordingDisk::from_image(files));
        let (mut hold, list) = open_hold(&disk);
        let restored = list.as_ref().ok().map(|list| list.standing().serial);
        if restored < acknowledged {
            return Some(format!("{when}: {restored:?} instead of {acknowledged:?}"));
        }
        // And the gate goes on from there.
        let mut source = Source::new(Regime::CallBarring);
        source.serial = Serial(50);
        let next = apply(list.as_ref().ok(), &source.snapshot()).unwrap().unwrap();
        hold.keep(&next, &[]).unwrap();
        let again = open_hold(&disk).1.ok().map(|list| list.standing().serial);
        (again != Some(Serial(50))).then(|| format!("{when}: the next list was not kept"))
    });
    lost.collect()
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged() {
    assert_eq!(losses(Lies::default()), Vec::<String>::new());
}

#[test]
fn a_disk_that_does_not_store_files_is_caught() {
    assert!(
        !losses(Lies {
            of_files: true,
            of_folders: false
        })
        .is_empty()
    );
}

#[test]
fn a_disk_that_does_not_store_names_is_caught() {
    assert!(
        !losses(Lies {
            of_files: false,
            of_folders: true
        })
        .is_empty()
    );
}
