//! Puts in force what the feed made of the list, and brings it to the disk.
//!
//! What refuses more is in force at once, from memory: a bar waits for no disk. What lifts a bar, excepts somebody
//! from one or loosens the regime waits until it is stored, and so does the acknowledgement. A number that two people
//! approved may ring before: after a power cut it is refused again until the hub tells of it. A disk that fails is tried again with
//! every word from the hub, and without a hub with every attempt to reach it.

use std::io;
use std::sync::Arc;

use crate::answer::InForce;
use crate::hold::Hold;
use crate::list::{BarList, Standing, Step};
use crate::status::{self, Trouble};

/// The list as the feed made it, the disk that keeps it, and the list that calls are answered from.
pub struct Keeper {
    hold: Hold,
    in_force: InForce,
    standing: Arc<status::Standing>,
    /// The list as the feed made it; the disk may be behind.
    followed: Option<Arc<BarList>>,
    /// The changes that are not stored yet; none of them, if the file must be written whole.
    unkept: Option<Vec<Step>>,
}

impl Keeper {
    /// Begins with what is in force, which was read from the disk.
    pub fn new(hold: Hold, in_force: InForce, standing: Arc<status::Standing>) -> Self {
        let followed = in_force.load_full();
        Self {
            hold,
            in_force,
            standing,
            followed,
            unkept: None,
        }
    }

    /// The list as the feed made it.
    pub(super) fn followed(&self) -> Option<Arc<BarList>> {
        self.followed.clone()
    }

    /// Goes on to the next list. `steps` are the changes that made it; none stand for a whole list.
    pub(super) fn go_on(&mut self, list: BarList, steps: Vec<Step>) {
        let list = Arc::new(list);
        let lifts = steps.is_empty() || steps.iter().any(|step| step.delta.lifts());
        // Before there is a list everything is refused, and any list lets something through.
        if let Some(in_force) = self.in_force.load_full() {
            let stricter = if lifts || self.unkept.is_some() {
                Arc::new(list.withholding(&in_force))
            } else {
                Arc::clone(&list)
            };
            self.in_force.store(Some(stricter));
        }
        // Behind a store that failed the file is written whole.
        self.unkept = Some(if self.unkept.is_some() { Vec::new() } else { steps });
        self.followed = Some(list);
    }

    /// Stores what is not stored yet; says where the list stands if all of it is on disk and in the answers.
    pub(super) fn store(&mut self) -> Option<Standing> {
        let list = self.followed.clone()?;
        if let Some(steps) = &mut self.unkept {
            if let Err(error) = self.hold.keep(&list, steps) {
                steps.clear();
                self.tell(&error);
                return None;
            }
            self.unkept = None;
            self.standing.kept();
            self.standing.marked_outside(self.hold.is_marked_outside());
            self.in_force.store(Some(Arc::clone(&list)));
        }
        Some(list.standing())
    }

    fn tell(&self, error: &io::Error) {
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        let trouble = if full.contains(&error.kind()) {
            Trouble::DiskFull
        } else {
            Trouble::DiskFailing
        };
        if self.standing.not_kept(trouble) {
            tracing::error!(%error, "THE LIST CANNOT BE STORED: new bars are in force from memory alone");
        }
    }
}
