//! The identifiers of approved entries that were taken away once, in parts that copies share.

use std::sync::Arc;

use feed::EntryId;
use hashbrown::HashSet;

const PARTS: usize = 256;

/// A set of identifiers of which a copy is cheap.
#[derive(Clone)]
pub(super) struct Revoked {
    parts: Box<[Arc<HashSet<EntryId>>]>,
}

impl Revoked {
    pub(super) fn new() -> Self {
        let empty = Arc::new(HashSet::new());
        Self {
            parts: (0..PARTS).map(|_| Arc::clone(&empty)).collect(),
        }
    }

    pub(super) fn contains(&self, entry: &EntryId) -> bool {
        self.parts[part_of(entry)].contains(entry)
    }

    pub(super) fn insert(&mut self, entry: EntryId) {
        // A part that holds it already is not copied for nothing.
        if !self.contains(&entry) {
            Arc::make_mut(&mut self.parts[part_of(&entry)]).insert(entry);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = EntryId> {
        self.parts.iter().flat_map(|part| part.iter().copied())
    }
}

/// These identifiers are random.
fn part_of(entry: &EntryId) -> usize {
    usize::from(entry.as_bytes()[0])
}
