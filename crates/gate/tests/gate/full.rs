//! A disk that takes nothing more: new bars are in force all the same, nothing is lifted, nothing acknowledged.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use feed::{ContactKind, Regime, Scope, Serial};
use gate::disk::{Disk, RealDisk, Room};
use gate::report::SpoolState;
use gate::seams::Seams;
use serde_json::json;

use crate::disk::RecordingDisk;
use crate::hub::{PATIENCE, TestHub};
use crate::place::{Place, Running};
use crate::report::seal;
use crate::source::Source;

/// The machine's disk, until it is full.
#[derive(Default)]
struct FullDisk {
    is_full: AtomicBool,
}

impl FullDisk {
    fn check(&self) -> io::Result<()> {
        if self.is_full.load(Ordering::Relaxed) {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }
}

impl Disk for FullDisk {
    fn read(&self, file: &Path) -> io::Result<Option<Vec<u8>>> {
        RealDisk.read(file)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        RealDisk.names(folder)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.create_folder(folder)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        // As a full disk does: the file is there, its bytes are not.
        RealDisk.write(file, &bytes[..bytes.len() / 2])?;
        self.check()?;
        RealDisk.write(file, bytes)
    }

    fn write_at(&self, file: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check()?;
        RealDisk.write_at(file, offset, bytes)
    }

    fn append(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let fits = if self.check().is_ok() {
            bytes.len()
        } else {
            bytes.len() / 2
        };
        RealDisk.append(file, &bytes[..fits])?;
        self.check()
    }

    fn sync_file(&self, file: &Path) -> io::Result<()> {
        RealDisk.sync_file(file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        RealDisk.remove(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }

    fn room(&self, folder: &Path) -> io::Result<Room> {
        RealDisk.room(folder)
    }
}

fn barring() -> Source {
    let mut source = Source::new(Regime::CallBarring);
    source.serial = Serial(5);
    source.entries = vec![
        source.bar(1, 1, Scope::Everyone),
        source.approved(1, 3, 1, ContactKind::Social),
    ];
    source
}

/// Waits until the gate has taken a serial, stored or not.
async fn taken(gate: &Running, serial: Serial) {
    let taken = async {
        while gate.get("/status").await.1["serial"] != serial.0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, taken)
        .await
        .expect("taken in time");
}

/// Waits until the gate says that it is unwell, and why: it tries to store only once calls are answered from the bar.
async fn unwell(gate: &Running, why: &str) {
    let unwell = async {
        while gate.get("/health").await.1["why"] != why {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, unwell)
        .await
        .expect("unwell in time");
    assert_eq!(gate.get("/health").await.0, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_a_new_bar_is_in_force_and_nothing_is_lifted_or_acknowledged() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let disk = Arc::new(FullDisk::default());
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let gate = place.run_with(seams).await;
    hub.acknowledged(Serial(5)).await;
    disk.is_full.store(true, Ordering::Relaxed);
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    let barred = hub.change(&[bar], &[], &[]).await;
    taken(&gate, barred).await;
    assert!(!gate.allows("A0001BC", "07700900002").await, "barred from memory");
    unwell(&gate, "disk-full").await;
    let lifted = hub.change(&[], &[1], &[1]).await;
    taken(&gate, lifted).await;
    for number in ["07700900001", "07700900002"] {
        assert!(
            !gate.allows("A0001BC", number).await,
            "{number}: nothing is lifted from memory"
        );
    }
    assert_eq!(hub.last_acknowledged(), Some(Serial(5)), "only what is stored");
    let half = place.state("list.new");
    let removed = async {
        while half.exists() {
            tokio::task::yield_now().await
        }
    };
    tokio::time::timeout(PATIENCE, removed)
        .await
        .expect("half a file takes no room");

    disk.is_full.store(false, Ordering::Relaxed);
    hub.heartbeat().await;
    hub.acknowledged(lifted).await;
    assert!(
        gate.allows("A0001BC", "07700900001").await,
        "lifted once it is stored"
    );
    assert!(!gate.allows("A0001BC", "07700900002").await);
    gate.stop().await;
    hub.stop();
    let gate = place.run().await;
    assert!(!gate.allows("A0001BC", "07700900002").await, "stored in the end");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_full_disk_did_not_take_is_stored_when_it_has_room_though_the_hub_is_gone() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let disk = Arc::new(FullDisk::default());
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let gate = place.run_with(seams).await;
    hub.acknowledged(Serial(5)).await;
    disk.is_full.store(true, Ordering::Relaxed);
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    let barred = hub.change(&[bar], &[], &[]).await;
    taken(&gate, barred).await;
    hub.stop();
    disk.is_full.store(false, Ordering::Relaxed);
    let stored = async {
        while gate.get("/health").await.1["why"] != json!("not-following") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, stored)
        .await
        .expect("stored in time");
    gate.stop().await;
    let gate = place.run().await;
    assert!(!gate.allows("A0001BC", "07700900002").await);
    gate.stop().await;
}

#[test]
fn records_leave_room_on_the_disk_for_the_list() {
    let disk = Arc::new(RecordingDisk::new());
    disk.leave_free(128 << 20);
    let spooled = seal(&disk, 3);
    assert_eq!((spooled.state(), spooled.lost()), (SpoolState::Full, 3));
    disk.leave_free((128 << 20) + 1);
    let spooled = seal(&disk, 3);
    assert_eq!((spooled.state(), spooled.lost()), (SpoolState::Keeping, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nobody_is_excepted_from_a_bar_and_what_he_was_excepted_from_meets_him_at_once() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let disk = Arc::new(FullDisk::default());
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let gate = place.run_with(seams).await;
    hub.acknowledged(Serial(5)).await;
    let except = async |id, prisoner| {
        let message = hub.with_source(|source| source.except(&[(id, 1, prisoner)]));
        let serial = message.serial;
        hub.say(message).await;
        serial
    };
    hub.acknowledged(except(9, 1).await).await;
    assert!(gate.allows("A0001BC", "07700900001").await);
    disk.is_full.store(true, Ordering::Relaxed);
    taken(&gate, except(8, 2).await).await;
    assert!(!gate.allows("A0002BC", "07700900001").await, "not from memory");
    assert!(
        gate.allows("A0001BC", "07700900001").await,
        "who was excepted before still is"
    );
    let ended = hub.change(&[], &[], &[9]).await;
    taken(&gate, ended).await;
    assert!(!gate.allows("A0001BC", "07700900001").await, "from memory");

    disk.is_full.store(false, Ordering::Relaxed);
    hub.heartbeat().await;
    hub.acknowledged(ended).await;
    assert!(gate.allows("A0002BC", "07700900001").await, "once it is stored");
    assert!(!gate.allows("A0001BC", "07700900001").await);
    gate.stop().await;
}
