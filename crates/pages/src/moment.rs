//! Times as people in England and Wales read them: London's clock, GOV.UK's style, month names in the
//! page's language. In flows an instant in UTC (RFC 3339), out flows `23 November 2026 at 2:03:22pm`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::Lang;

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WELSH: [&str; 12] = [
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
];
const WELSH_SHORT: [&str; 12] = [
    "Ion", "Chwe", "Maw", "Ebr", "Mai", "Meh", "Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag",
];

/// How much of the moment is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `23 November 2026 at 2:03:22pm`
    ToTheSecond,
    /// `23 November 2026 at 2:03pm`
    ToTheMinute,
    /// `23 Nov 2026 at 2:03pm`
    Short,
    /// `23 November 2026`
    Day,
    /// `23 Nov 2026`
    ShortDay,
    /// `2:03pm`
    Clock,
}

/// Tells moments in London's time.
#[derive(Debug, Clone)]
pub struct Teller {
    london: TimeZone,
}

impl Teller {
    /// Takes London's rules from the copy built into the program. `None` only if that copy lacks them.
    pub fn new() -> Option<Teller> {
        TimeZone::get("Europe/London")
            .ok()
            .map(|london| Teller { london })
    }

    /// The moment in words.
    pub fn tell(&self, at: Timestamp, form: Form, lang: Lang) -> String {
        told(self.london.to_datetime(at), form, lang)
    }

    /// A moment (RFC 3339) or, for the forms that tell only the day, a date (`2026-11-23`).
    pub fn tell_text(&self, written: &str, form: Form, lang: Lang) -> Option<String> {
        if let Ok(at) = written.parse::<Timestamp>() {
            return Some(self.tell(at, form, lang));
        }
        let only_day = matches!(form, Form::Day | Form::ShortDay);
        let date = written.parse::<Date>().ok().filter(|_| only_day)?;
        Some(day(date, form == Form::ShortDay, lang))
    }
}

fn told(at: DateTime, form: Form, lang: Lang) -> String {
    let joined = match lang {
        Lang::En => "at",
        Lang::Cy => "am",
    };
    let both = |short, seconds| {
        format!(
            "{} {joined} {}",
            day(at.date(), short, lang),
            clock(at.time(), seconds)
        )
    };
    match form {
        Form::ToTheSecond => both(false, true),
        Form::ToTheMinute => both(false, false),
        Form::Short => both(true, false),
        Form::Day => day(at.date(), false, lang),
        Form::ShortDay => day(at.date(), true, lang),
        Form::Clock => clock(at.time(), false),
    }
}

fn day(date: Date, short: bool, lang: Lang) -> String {
    let month = usize::from(date.month().unsigned_abs()) - 1;
    let name = match (lang, short) {
        (Lang::En, false) => ENGLISH[month],
        (Lang::En, true) => &ENGLISH[month][..3],
        (Lang::Cy, false) => WELSH[month],
        (Lang::Cy, true) => WELSH_SHORT[month],
    };
    format!("{} {name} {}", date.day(), date.year())
}

fn clock(time: Time, seconds: bool) -> String {
    let (half, hour) = (
        if time.hour() < 12 { "am" } else { "pm" },
        (time.hour() + 11) % 12 + 1,
    );
    match seconds {
        true => format!("{hour}:{:02}:{:02}{half}", time.minute(), time.second()),
        false => format!("{hour}:{:02}{half}", time.minute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_london_time_in_either_language() {
        let table = [
            (
                "2026-11-23T14:03:22Z",
                Form::ToTheSecond,
                Lang::En,
                "23 November 2026 at 2:03:22pm",
            ),
            (
                "2026-11-23T14:03:22Z",
                Form::ToTheSecond,
                Lang::Cy,
                "23 Tachwedd 2026 am 2:03:22pm",
            ),
            (
                "2026-07-01T23:30:00Z",
                Form::ToTheMinute,
                Lang::En,
                "2 July 2026 at 12:30am",
            ),
            ("2026-10-25T00:59:59Z", Form::Clock, Lang::En, "1:59am"),
            ("2026-10-25T01:00:00Z", Form::Clock, Lang::En, "1:00am"),
            (
                "2026-01-05T12:00:00.5Z",
                Form::Short,
                Lang::Cy,
                "5 Ion 2026 am 12:00pm",
            ),
            ("2026-09-30T12:00:00Z", Form::ShortDay, Lang::En, "30 Sep 2026"),
            ("2026-02-28", Form::Day, Lang::Cy, "28 Chwefror 2026"),
        ];
        let teller = Teller::new().unwrap();
        for (written, form, lang, told) in table {
            assert_eq!(
                teller.tell_text(written, form, lang).as_deref(),
                Some(told),
                "{written}"
            );
        }
        assert_eq!(teller.tell_text("2026-02-28", Form::Clock, Lang::En), None);
        assert_eq!(teller.tell_text("yesterday", Form::Day, Lang::En), None);
    }
}
