//! From a key to the places on a list where it is filed: one flat table, so that it stays small and is quickly read.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys with the places where they are filed.
pub(crate) struct Index {
    /// Where in `places` a key's places start, and how many there are.
    spans: HashMap<u64, (u32, u32), BuildHasherDefault<Plain>>,
    places: Vec<u32>,
}

impl Index {
    /// Files every place under its keys.
    pub(crate) fn build(keys: impl Iterator<Item = (u64, u32)>) -> Self {
        let mut filed: Vec<(u64, u32)> = keys.collect();
        filed.sort_unstable();
        let count = filed.chunk_by(|a, b| a.0 == b.0).count();
        let mut spans = HashMap::with_capacity_and_hasher(count, BuildHasherDefault::default());
        let mut start = 0;
        for run in filed.chunk_by(|a, b| a.0 == b.0) {
            let length = u32::try_from(run.len()).unwrap_or(u32::MAX);
            spans.insert(run[0].0, (start, length));
            start += length;
        }
        let places = filed.into_iter().map(|(_, place)| place).collect();
        Self { spans, places }
    }

    /// The places filed under `key`, in order.
    pub(crate) fn at(&self, key: u64) -> &[u32] {
        self.spans.get(&key).map_or(&[], |&(start, length)| {
            &self.places[start as usize..(start + length) as usize]
        })
    }
}

/// The keys are hashes already.
#[derive(Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
