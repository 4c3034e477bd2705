//! A date of birth, and how one written by a referrer may relate to the one on record.
//!
//! In: `YYYY-MM-DD`. Out: a checked calendar date, and the [`Level`] at which two of them agree.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::evidence::Level;

/// A calendar date between 1 January 1850 and 31 December 2150.
///
/// Serialises as `YYYY-MM-DD`. Its `Debug` shows nothing, as it may be what a referrer told us.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BirthDate {
    year: u16,
    month: u8,
    day: u8,
}

/// The text is not a date of birth; whoever wrote it corrects it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date of birth is written YYYY-MM-DD and must exist in the calendar")]
pub struct NotADate;

impl BirthDate {
    /// A date, if there is such a day and the year is within 1850 to 2150.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, NotADate> {
        let exists = (1850..=2150).contains(&year) && day >= 1 && day <= days_in(year, month);
        if exists {
            Ok(Self { year, month, day })
        } else {
            Err(NotADate)
        }
    }

    /// The year, 1850 to 2150.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// How `self`, as a referrer wrote it, relates to a date on record.
    pub(crate) fn compared_with(self, recorded: Self) -> Level {
        let years_apart = self.year.abs_diff(recorded.year);
        let same_day = (self.month, self.day) == (recorded.month, recorded.day);
        let swapped = (self.month, self.day) == (recorded.day, recorded.month);
        match (years_apart, same_day, swapped) {
            (0, true, _) => Level::Exact,
            (0, _, true) => Level::DayMonthSwapped,
            (1, true, _) => Level::YearOff,
            (1, _, true) => Level::SwappedAndYearOff,
            (_, true, _) if years_differ_by_a_slip(self.year, recorded.year) => Level::YearDigit,
            (0, _, _) => self.within_the_year(recorded),
            _ => Level::Different,
        }
    }

    fn within_the_year(self, recorded: Self) -> Level {
        if self.is_placeholder() || recorded.is_placeholder() {
            Level::Placeholder
        } else if self.day == recorded.day && a_digit_differs(self.month, recorded.month) {
            Level::MonthDigit
        } else if self.day == recorded.day {
            Level::MonthDiffers
        } else if self.month == recorded.month && a_digit_differs(self.day, recorded.day) {
            Level::DayDigit
        } else if self.month == recorded.month {
            Level::DayDiffers
        } else {
            Level::SameYear
        }
    }

    /// 1 January is what gets written down when only the year is known.
    fn is_placeholder(self) -> bool {
        (self.month, self.day) == (1, 1)
    }
}

/// Of two that differ: whether in one of their two digits alone.
fn a_digit_differs(one: u8, other: u8) -> bool {
    one / 10 == other / 10 || one % 10 == other % 10
}

/// One digit of the year was mistyped, or its last two were exchanged.
fn years_differ_by_a_slip(asked: u16, recorded: u16) -> bool {
    let digits = |year: u16| [year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
    let (a, b) = (digits(asked), digits(recorded));
    let wrong = a.iter().zip(b).filter(|(x, y)| **x != *y).count();
    wrong == 1 || (wrong == 2 && (a[2], a[3]) == (b[3], b[2]))
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => 0,
    }
}

impl FromStr for BirthDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes = text.trim().as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(NotADate);
        }
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0u16, |sum, digit| match digit {
                b'0'..=b'9' => Ok(sum * 10 + u16::from(digit - b'0')),
                _ => Err(NotADate),
            })
        };
        let (month, day) = (number(&bytes[5..7])?, number(&bytes[8..10])?);
        Self::new(number(&bytes[..4])?, month as u8, day as u8)
    }
}

impl TryFrom<String> for BirthDate {
    type Error = NotADate;

    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl From<BirthDate> for String {
    fn from(date: BirthDate) -> String {
        date.to_string()
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(..)")
    }
}
