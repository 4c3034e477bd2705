//! When the daily batch is answered: a time of day in London, whatever the season.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// When batches are answered. A batch answers what came in before its moment, also if it runs later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerTimes {
    /// Once a day, at this time in London.
    Daily(Time),
    /// Every so many seconds: in a demonstration, whose days are short.
    Every {
        /// Seconds.
        seconds: u32,
    },
}

/// The text is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written like 07:00")]
pub struct ParseTimeError;

impl AnswerTimes {
    /// The moment of the last batch that is due.
    pub fn latest(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Daily(time) => {
                let today = at(now, 0, time);
                if today <= now { today } else { at(now, -1, time) }
            }
            Self::Every { seconds } => stepped(now, seconds, 0),
        }
    }

    /// The moment of the batch that answers what comes in at this moment.
    pub fn next(self, after: Timestamp) -> Timestamp {
        match self {
            Self::Daily(time) => {
                let today = at(after, 0, time);
                if today > after { today } else { at(after, 1, time) }
            }
            Self::Every { seconds } => stepped(after, seconds, 1),
        }
    }
}

impl Default for AnswerTimes {
    fn default() -> Self {
        Self::Daily(jiff::civil::time(7, 0, 0, 0))
    }
}

impl FromStr for AnswerTimes {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        let (hour, minute) = text.split_once(':').ok_or(ParseTimeError)?;
        let read = |part: &str| (part.len() == 2).then(|| part.parse().ok()).flatten();
        let (hour, minute) = (
            read(hour).ok_or(ParseTimeError)?,
            read(minute).ok_or(ParseTimeError)?,
        );
        let time = Time::new(hour, minute, 0, 0).map_err(|_| ParseTimeError)?;
        Ok(Self::Daily(time))
    }
}

/// A time of day in London, so many days from the day of `near`. A time that a change of the clocks leaves out is the
/// moment after it.
fn at(near: Timestamp, days: i64, time: Time) -> Timestamp {
    // Without its rules London is an hour off in summer; no answer is lost by it.
    let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let day = london.to_datetime(near).date();
    let day = day.saturating_add(jiff::Span::new().days(days));
    london.to_timestamp(day.to_datetime(time)).unwrap_or(near)
}

fn stepped(now: Timestamp, seconds: u32, steps: i64) -> Timestamp {
    let seconds = i64::from(seconds.max(1));
    let step = now.as_second().div_euclid(seconds).saturating_add(steps);
    Timestamp::from_second(step.saturating_mul(seconds)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_has_one_batch_in_londons_time_in_summer_and_in_winter() {
        let seven: AnswerTimes = "07:00".parse().unwrap();
        assert_eq!(seven, AnswerTimes::default());
        for (now, latest, next) in [
            (
                "2026-11-24T06:59:59Z",
                "2026-11-23T07:00:00Z",
                "2026-11-24T07:00:00Z",
            ),
            (
                "2026-11-24T07:00:00Z",
                "2026-11-24T07:00:00Z",
                "2026-11-25T07:00:00Z",
            ),
            (
                "2026-07-01T06:00:00Z",
                "2026-07-01T06:00:00Z",
                "2026-07-02T06:00:00Z",
            ),
            (
                "2026-07-01T05:59:59Z",
                "2026-06-30T06:00:00Z",
                "2026-07-01T06:00:00Z",
            ),
            (
                "2026-03-29T05:00:00Z",
                "2026-03-28T07:00:00Z",
                "2026-03-29T06:00:00Z",
            ),
        ] {
            assert_eq!(seven.latest(moment(now)), moment(latest), "{now}");
            assert_eq!(seven.next(moment(now)), moment(next), "{now}");
        }
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for text in ["", "7", "7:00", "24:00", "07:60", "07:00:00", "ab:cd"] {
            assert_eq!(text.parse::<AnswerTimes>(), Err(ParseTimeError), "{text}");
        }
    }

    #[test]
    fn a_demonstrations_day_is_as_short_as_it_is_told() {
        let every = AnswerTimes::Every { seconds: 10 };
        assert_eq!(
            every.latest(moment("2026-11-24T07:00:09Z")),
            moment("2026-11-24T07:00:00Z")
        );
        assert_eq!(
            every.next(moment("2026-11-24T07:00:00Z")),
            moment("2026-11-24T07:00:10Z")
        );
    }
}
