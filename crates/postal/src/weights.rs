//! The points that each piece of evidence is worth and the two thresholds, from `data/weights.toml`.

use crate::reason::Reason;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Points by reason; a sum of [`Weights::stop_points`] may stop a letter, of [`Weights::hold_points`] hold it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weights {
    /// Raised with every change of the file.
    pub(crate) version: u32,
    pub(crate) stop_points: i32,
    pub(crate) hold_points: i32,
    points: BTreeMap<Reason, i32>,
}

impl Weights {
    /// What `reason` is worth.
    pub(crate) fn of(&self, reason: Reason) -> i32 {
        self.points.get(&reason).copied().unwrap_or(0)
    }
}

impl Weights {
    /// The most that street, house name and place can add.
    pub(crate) fn most_by_words(&self) -> i32 {
        [Reason::StreetSameRare, Reason::NameSame, Reason::PlaceSame]
            .map(|reason| self.of(reason))
            .iter()
            .sum()
    }
}

/// The weights that this build carries.
#[expect(
    clippy::expect_used,
    reason = "the file is part of the build and a test reads it"
)]
pub(crate) static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/weights.toml")).expect("data/weights.toml is checked by a test")
});

/// The version of the weights, to be kept with each verdict.
pub fn weights_version() -> u32 {
    WEIGHTS.version
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn every_reason_has_a_weight_and_holding_takes_less_than_stopping() {
        for reason in Reason::VARIANTS {
            assert!(WEIGHTS.points.contains_key(reason), "{reason:?}");
        }
        assert!(WEIGHTS.hold_points < WEIGHTS.stop_points);
        assert!(WEIGHTS.version > 0);
    }
}
