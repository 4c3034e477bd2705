//! Which bars do not meet which prisoner, because two people said so.
//!
//! There are few of them, and most lists hold none: then nothing is looked up. Otherwise every call costs one look-up,
//! by its caller, whatever is dialled and whatever stands against it: how long an answer takes tells of no exception.

use std::sync::Arc;

use feed::{BarId, EntryId, Exception};
use hashbrown::HashMap;
use prison::PrisonerNumber;

/// The exceptions on record. A copy is cheap.
#[derive(Clone, Default)]
pub(super) struct Exceptions(Arc<Held>);

#[derive(Clone, Default)]
struct Held {
    all: HashMap<EntryId, Exception>,
    /// Of each prisoner, the bars that do not meet him. What was revoked once is on record and not here.
    honoured: HashMap<PrisonerNumber, Vec<(BarId, EntryId)>>,
}

/// The bars that do not meet one caller.
#[derive(Clone, Copy)]
pub(super) struct Excepted<'a>(&'a [(BarId, EntryId)]);

impl Excepted<'_> {
    pub(super) fn from(&self, bar: &BarId) -> bool {
        self.0.iter().any(|(excepted, _)| excepted == bar)
    }
}

impl Exceptions {
    /// Those of a caller; of one who is not exactly one known prisoner, none.
    pub(super) fn of(&self, caller: Option<PrisonerNumber>) -> Excepted<'_> {
        let honoured = &self.0.honoured;
        if honoured.is_empty() {
            return Excepted(&[]);
        }
        let his = caller.and_then(|caller| honoured.get(&caller));
        Excepted(his.map_or(&[], Vec::as_slice))
    }

    pub(super) fn len(&self) -> usize {
        self.0.all.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Exception> {
        self.0.all.values()
    }

    pub(super) fn has_id(&self, entry: &EntryId) -> bool {
        self.0.all.contains_key(entry)
    }

    pub(super) fn insert(&mut self, exception: Exception, is_honoured: bool) {
        let held = Arc::make_mut(&mut self.0);
        held.all.insert(exception.entry, exception);
        if is_honoured {
            let his = held.honoured.entry(exception.prisoner).or_default();
            his.push((exception.bar, exception.entry));
        }
    }

    /// Takes one out, and gives it.
    pub(super) fn remove(&mut self, entry: &EntryId) -> Option<Exception> {
        if !self.has_id(entry) {
            return None;
        }
        let held = Arc::make_mut(&mut self.0);
        let gone = held.all.remove(entry)?;
        if let Some(his) = held.honoured.get_mut(&gone.prisoner) {
            his.retain(|(_, other)| other != entry);
            if his.is_empty() {
                held.honoured.remove(&gone.prisoner);
            }
        }
        Some(gone)
    }

    /// What both lists allow: the exceptions that are honoured in both, and those of `older` from a bar for which
    /// `is_lifted` holds, since that meets nobody any more.
    pub(super) fn also_in(&self, older: &Self, is_lifted: impl Fn(&BarId) -> bool) -> Self {
        if Arc::ptr_eq(&self.0, &older.0) {
            return self.clone();
        }
        let mut both = Self::default();
        for one in older.iter().filter(|one| older.honours(one)) {
            if self.honours(one) || is_lifted(&one.bar) {
                both.insert(*one, true);
            }
        }
        both
    }

    fn honours(&self, one: &Exception) -> bool {
        let his = self.0.honoured.get(&one.prisoner);
        his.is_some_and(|his| his.contains(&(one.bar, one.entry)))
    }
}
