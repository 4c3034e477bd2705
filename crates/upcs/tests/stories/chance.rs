//! Chance that a seed gives again.

use anyhow::{Context, Result};
use hub::seams::Seams;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use upcs::say;

/// A source of chance for one story.
pub(crate) struct Chance(StdRng);

impl Chance {
    /// Takes the seed from `UPCS_SEED`, or a fresh one, and prints it.
    pub(crate) fn seeded() -> Result<Self> {
        let seed = match std::env::var("UPCS_SEED") {
            Ok(text) => text.parse().context("UPCS_SEED is a whole number")?,
            Err(_) => u64::from(u32::from_le_bytes(Seams::real().bytes())),
        };
        say::line(&format!(
            "  seed {seed}; UPCS_SEED={seed} gives the same chances again"
        ));
        Ok(Self(StdRng::seed_from_u64(seed)))
    }

    /// Another source, for another thread.
    pub(crate) fn split(&mut self) -> Self {
        Self(StdRng::seed_from_u64(self.0.random()))
    }

    /// From `least` to one below `end`.
    pub(crate) fn between(&mut self, least: usize, end: usize) -> usize {
        self.0.random_range(least..end)
    }

    /// One of several.
    pub(crate) fn one_of<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.between(0, several.len())]
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.between(0, 100) < percent
    }

    /// Puts them in any order.
    pub(crate) fn shuffle<T>(&mut self, several: &mut [T]) {
        for last in (1..several.len()).rev() {
            several.swap(last, self.between(0, last + 1));
        }
    }

    /// So many lower-case letters.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'a' + u8::try_from(self.between(0, 26)).unwrap_or(0)))
            .collect()
    }
}
