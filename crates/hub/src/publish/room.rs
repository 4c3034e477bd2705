//! Whether a gate can hold its list: what it announced against what it would have to hold.
//!
//! A bar is never refused for want of room. It is imposed, goes to every gate that can hold it, and a gate that
//! cannot is red; well before that the operators are told.

use feed::Limits;
use serde::Serialize;

/// From this share of what a gate can hold on, operators are alarmed, in hundredths.
pub const ALARM_FROM_PERCENT: u64 = 80;

/// How much room a gate has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Room {
    /// Enough.
    #[default]
    Enough,
    /// From 80% of what it can hold on: the operators act before it is full.
    Short,
    /// It would have to hold more than it can. It keeps what it has, gets nothing more, and is red.
    Full,
}

impl Room {
    /// Of a gate that can hold `capacity` entries and would have to hold `entries`.
    pub(crate) fn of(entries: usize, capacity: u64) -> Self {
        let (entries, capacity) = (entries as u128, u128::from(capacity));
        if entries > capacity {
            Self::Full
        } else if entries > 0 && entries * 100 >= capacity * u128::from(ALARM_FROM_PERCENT) {
            Self::Short
        } else {
            Self::Enough
        }
    }
}

/// What a gate can hold that announced this; never more than the feed allows.
pub(super) fn capacity(announced: Option<u64>) -> u64 {
    let most = Limits::DEFAULT.entries as u64;
    announced.map_or(most, |announced| announced.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_alarmed_from_four_fifths_on_and_a_gate_is_full_one_past_what_it_can_hold() {
        let table = [
            (0, 1_000, Room::Enough),
            (799, 1_000, Room::Enough),
            (800, 1_000, Room::Short),
            (1_000, 1_000, Room::Short),
            (1_001, 1_000, Room::Full),
            (799_999, 1_000_000, Room::Enough),
            (0, 0, Room::Enough),
            (1, 0, Room::Full),
        ];
        for (entries, can_hold, expected) in table {
            assert_eq!(Room::of(entries, can_hold), expected, "{entries} of {can_hold}");
        }
    }

    #[test]
    fn a_gate_that_announces_more_than_the_feed_allows_is_not_sent_more() {
        let most = Limits::DEFAULT.entries as u64;
        assert_eq!(
            [None, Some(7), Some(most), Some(most + 1)].map(capacity),
            [most, 7, most, most]
        );
    }
}
