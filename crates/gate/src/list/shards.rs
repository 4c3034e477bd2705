//! A map in 256 parts that share what they do not change.
//!
//! A delta is applied to a copy of the list, so that it is taken whole or not at all and calls are answered
//! from the old list meanwhile. Copying a map of a million entries for each delta would cost a tenth of a
//! second; copying 256 pointers and the one or two parts that change costs microseconds.

use std::hash::Hash;
use std::sync::Arc;

use feed::{BarId, EntryId, Fingerprint};
use hashbrown::HashMap;
use prison::PrisonerNumber;

const SHARDS: usize = 256;

/// A key whose first byte is as good as random.
pub(crate) trait Spread: Eq + Hash + Clone {
    fn spread(&self) -> u8;
}

impl Spread for Fingerprint {
    fn spread(&self) -> u8 {
        self.as_bytes()[0]
    }
}

impl Spread for BarId {
    fn spread(&self) -> u8 {
        self.as_bytes()[0]
    }
}

impl Spread for EntryId {
    fn spread(&self) -> u8 {
        self.as_bytes()[0]
    }
}

impl Spread for (PrisonerNumber, Fingerprint) {
    fn spread(&self) -> u8 {
        self.1.spread()
    }
}

/// A map of which a copy is cheap.
pub(crate) struct Shards<K, V> {
    parts: Box<[Arc<HashMap<K, V>>]>,
}

impl<K: Spread, V: Clone> Shards<K, V> {
    pub(crate) fn new() -> Self {
        let empty = Arc::new(HashMap::new());
        Self {
            parts: (0..SHARDS).map(|_| Arc::clone(&empty)).collect(),
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.parts[usize::from(key.spread())].get(key)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.part(&key).insert(key, value)
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        // A part that does not hold the key is not copied for nothing.
        if !self.contains(key) {
            return None;
        }
        self.part(key).remove(key)
    }

    /// Changes the value of a key, starting from the default one; a value that is then empty goes.
    pub(crate) fn change(&mut self, key: K, change: impl FnOnce(&mut V), is_empty: impl FnOnce(&V) -> bool)
    where
        V: Default,
    {
        let part = self.part(&key);
        let mut value = part.remove(&key).unwrap_or_default();
        change(&mut value);
        if !is_empty(&value) {
            part.insert(key, value);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    fn part(&mut self, key: &K) -> &mut HashMap<K, V> {
        Arc::make_mut(&mut self.parts[usize::from(key.spread())])
    }
}

impl<K, V> Clone for Shards<K, V> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
        }
    }
}
