//! What each level of one fact weighs in one query: m, u and their bits.

use crate::evidence::{Evidence, Field, Level};
use strum::VariantArray;

/// How many levels there are.
pub(crate) const LEVELS: usize = Level::VARIANTS.len();

/// m and u for each level of one fact, for one query.
///
/// A level that was not set weighs nothing.
#[derive(Clone)]
pub(crate) struct Scale {
    field: Field,
    m: [f64; LEVELS],
    u: [f64; LEVELS],
    bits: [f64; LEVELS],
}

impl Scale {
    pub(crate) fn new(field: Field) -> Self {
        Self {
            field,
            m: [1.0; LEVELS],
            u: [1.0; LEVELS],
            bits: [0.0; LEVELS],
        }
    }

    pub(crate) fn field(&self) -> Field {
        self.field
    }

    /// Sets a level to `log2(m / u)`, held between `lowest` and `highest` bits.
    pub(crate) fn set(&mut self, level: Level, m: f64, u: f64, (lowest, highest): (f64, f64)) {
        let at = level as usize;
        (self.m[at], self.u[at]) = (m, u);
        self.bits[at] = (m / u.max(f64::MIN_POSITIVE)).log2().clamp(lowest, highest);
    }

    pub(crate) fn bits(&self, level: Level) -> f64 {
        self.bits[level as usize]
    }

    /// The most that any level weighs.
    pub(crate) fn most_bits(&self) -> f64 {
        self.bits.iter().copied().fold(0.0, f64::max)
    }

    /// The piece of evidence for one candidate.
    pub(crate) fn evidence(&self, level: Level, asked: Option<String>, recorded: Option<String>) -> Evidence {
        let at = level as usize;
        Evidence {
            field: self.field,
            level,
            asked,
            recorded,
            m: self.m[at],
            u: self.u[at],
            bits: self.bits[at],
        }
    }
}
