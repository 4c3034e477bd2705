//! One working day, in London: from a moment of one weekday to the same moment of the next. What comes in at a weekend
//! counts as having come when Monday begins. Bank holidays count as working days: a letter is then due too early.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// When something that came in at this moment is one working day old.
pub fn due(since: Timestamp) -> Timestamp {
    let from = over_the_weekend(in_london(since), 1);
    let days = if from.weekday() == Weekday::Friday { 3 } else { 1 };
    back(moved(from, days), since)
}

/// What came in at this moment or before is one working day old.
pub fn due_before(now: Timestamp) -> Timestamp {
    let to = over_the_weekend(in_london(now), -1);
    let days = match to.weekday() {
        Weekday::Monday => -3,
        _ => -1,
    };
    back(moved(to, days), now)
}

/// The day that a moment is in, in London.
pub fn day_in_london(at: Timestamp) -> Date {
    in_london(at).date()
}

/// At a weekend, the beginning of the day after it, or the end of the day before it; otherwise the moment itself.
fn over_the_weekend(at: DateTime, direction: i64) -> DateTime {
    let midnight = at.date().to_datetime(Time::midnight());
    match (at.weekday(), direction) {
        (Weekday::Saturday, 1) => moved(midnight, 2),
        (Weekday::Sunday, 1) => moved(midnight, 1),
        // The end of Friday is the beginning of Saturday; one working day before it is the beginning of Friday.
        (Weekday::Saturday, _) => midnight,
        (Weekday::Sunday, _) => moved(midnight, -1),
        _ => at,
    }
}

fn moved(at: DateTime, days: i64) -> DateTime {
    at.saturating_add(Span::new().days(days))
}

fn london() -> TimeZone {
    // Without its rules London is an hour off in summer.
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

fn in_london(at: Timestamp) -> DateTime {
    london().to_datetime(at)
}

fn back(at: DateTime, otherwise: Timestamp) -> Timestamp {
    london().to_timestamp(at).unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_letter_is_due_at_the_same_time_of_the_next_weekday() {
        let table = [
            ("2026-11-24T15:00:00Z", "2026-11-25T15:00:00Z", "Tuesday"),
            ("2026-11-27T15:00:00Z", "2026-11-30T15:00:00Z", "Friday"),
            ("2026-11-28T15:00:00Z", "2026-12-01T00:00:00Z", "Saturday"),
            ("2026-11-29T23:00:00Z", "2026-12-01T00:00:00Z", "Sunday"),
            (
                "2026-10-23T15:00:00Z",
                "2026-10-26T16:00:00Z",
                "Friday before the clocks change",
            ),
        ];
        for (since, expected, what) in table {
            assert_eq!(due(since.parse().unwrap()), expected.parse().unwrap(), "{what}");
        }
    }

    proptest! {
        #[test]
        fn what_came_in_before_is_what_is_due(since in 1_790_000_000_i64..1_800_000_000, wait in 0_i64..600_000) {
            let at = |seconds| Timestamp::from_second(seconds).unwrap();
            let (since, now) = (at(since), at(since + wait));
            prop_assert_eq!(due(since) <= now, since <= due_before(now));
        }
    }
}
