//! The alerts on a prisoner's own record that are of concern here: whom he may not contact, or whom he has hurt. All
//! others (his health, his safety) are neither kept nor read any further.

use jiff::civil::Date;
use offender::RecordedAlert;
use serde::{Deserialize, Serialize};

/// A code of the prison service's alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertCode {
    /// Somebody has asked that he make no contact.
    #[serde(rename = "ONCR")]
    NoContactRequest,
    /// Harassment offences or a court's order.
    #[serde(rename = "OHCO")]
    CourtOrder,
    /// Domestic violence.
    #[serde(rename = "RDV")]
    DomesticViolence,
    /// Stalking.
    #[serde(rename = "RSP")]
    Stalking,
}

impl AlertCode {
    /// All of them, the plainest sign first.
    pub const ALL: [Self; 4] = [
        Self::NoContactRequest,
        Self::CourtOrder,
        Self::Stalking,
        Self::DomesticViolence,
    ];

    /// As the prison service writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoContactRequest => "ONCR",
            Self::CourtOrder => "OHCO",
            Self::DomesticViolence => "RDV",
            Self::Stalking => "RSP",
        }
    }

    /// The alert of this code; none for one that is of no concern here.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }
}

/// An alert that stands, as a file of the prison service has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledAlert {
    /// Which.
    pub code: AlertCode,
    /// Since when, if the file says.
    pub since: Option<Date>,
    /// From which day it stands no more, if one was set.
    pub ends: Option<Date>,
}

/// Those of a record's alerts that are of concern and stand, one for each code: of several with one code the time from
/// the first to the last.
pub fn standing(recorded: &[RecordedAlert]) -> Vec<FiledAlert> {
    let of_code = |code: AlertCode| {
        let live = recorded.iter().filter(|one| {
            one.alert_code == code.as_str() && one.active != Some(false) && one.expired != Some(true)
        });
        live.map(|one| FiledAlert {
            code,
            since: date(one.date_created.as_deref()),
            ends: date(one.date_expires.as_deref()),
        })
        .reduce(|one, other| FiledAlert {
            code,
            since: one.since.zip(other.since).map(|(one, other)| one.min(other)),
            ends: one.ends.zip(other.ends).map(|(one, other)| one.max(other)),
        })
    };
    AlertCode::ALL.into_iter().filter_map(of_code).collect()
}

/// A day, as `2026-03-03` or with a time behind it. What is none is not known: the alert stands all the same.
fn date(written: Option<&str>) -> Option<Date> {
    written?.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(code: &str) -> RecordedAlert {
        RecordedAlert {
            alert_code: code.to_owned(),
            ..RecordedAlert::default()
        }
    }

    #[test]
    fn alerts_that_ended_and_those_of_no_concern_are_left_out() {
        let ended = RecordedAlert {
            active: Some(false),
            ..recorded("RDV")
        };
        let expired = RecordedAlert {
            expired: Some(true),
            ..recorded("RSP")
        };
        let codes = |alerts: &[RecordedAlert]| -> Vec<_> {
            standing(alerts).iter().map(|alert| alert.code.as_str()).collect()
        };
        assert_eq!(
            codes(&[recorded("HA"), recorded("ONCR"), ended, expired]),
            ["ONCR"]
        );
        assert_eq!(
            codes(&[recorded("RDV"), recorded("OHCO"), recorded("RSP")]),
            ["OHCO", "RSP", "RDV"]
        );
        assert!(codes(&[recorded(""), recorded("oncr")]).is_empty());
    }

    #[test]
    fn several_of_one_code_stand_from_the_first_to_the_last_and_an_odd_date_ends_nothing() {
        let from_to = |from: &str, to: Option<&str>| RecordedAlert {
            date_created: Some(from.to_owned()),
            date_expires: to.map(str::to_owned),
            ..recorded("ONCR")
        };
        let day = |text: &str| text.parse().ok();
        let both = [
            from_to("2026-03-03", Some("2026-12-01")),
            from_to("2025-01-02T10:00:00", Some("2026-05-01")),
        ];
        let [alert] = standing(&both)[..] else {
            panic!("one")
        };
        assert_eq!((alert.since, alert.ends), (day("2025-01-02"), day("2026-12-01")));
        let [alert] = standing(&[from_to("lately", Some("never"))])[..] else {
            panic!("one")
        };
        assert_eq!((alert.since, alert.ends), (None, None));
    }
}
