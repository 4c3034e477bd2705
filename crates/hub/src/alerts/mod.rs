//! Alerts: what a case handler is told of at once when somebody in prison tries a barred number.
//!
//! An arrival is an alert too, one for each prisoner and reception ([`crate::custody::arrivals`]).
//!
//! An alert is one for each caller, number and hour, however often he tries, however often the gate reports it
//! and in whatever order: [`Store::record_attempts`](crate::store::Store::record_attempts) raises it in the
//! transaction that stores the attempts. It stands on every case whose bar it met, with the [`Sign`]s that fit
//! that case, until a handler has said that he has seen them; a sign that comes later opens it again. Alerts are
//! for case handlers. What operators are told of, prisons where a bar is not in force, are alarms
//! ([`crate::proof::alarms`]).
//!
//! ```text
//! record_attempts -> Tried -> judge -> Signs -> alerts, alert_cases -> open_alerts -> mark_alert_seen
//! ```

use serde::{Deserialize, Serialize};

/// Refused tries within an hour from which they are called repeated.
pub const REPEATED_TRIES: u64 = 3;
/// How far back another caller's try at the same number is looked for, in hours: a week.
pub const TOGETHER_WITHIN_HOURS: i64 = 7 * 24;

/// One thing that an alert says of a case. The strongest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The number was planted and is nobody's: whoever dials it has read what he should not.
    Canary,
    /// The call was allowed although a bar that met it was imposed before.
    WentThrough,
    /// Somebody has come into prison who may be the prisoner of this case, or is.
    Arrived,
    /// He offers a barred address for his release or leave.
    Offered,
    /// His first try at a number that he was never known to have: he has learned it.
    NewNumber,
    /// Another caller was refused the same number within a week.
    SeveralCallers,
    /// He was refused it [`REPEATED_TRIES`] times or more within the hour.
    Repeated,
    /// He is the prisoner whom the case names.
    Named,
    /// He is not: another prisoner, a first-night PIN, an official phone, or a caller who is nobody.
    Another,
    /// The case names no prisoner yet: this may be he.
    NobodyNamed,
}

impl Sign {
    /// All of them, the strongest first.
    pub const ALL: [Self; 10] = [
        Self::Canary,
        Self::WentThrough,
        Self::Arrived,
        Self::Offered,
        Self::NewNumber,
        Self::SeveralCallers,
        Self::Repeated,
        Self::Named,
        Self::Another,
        Self::NobodyNamed,
    ];

    const fn bit(self) -> i64 {
        1 << self as i64
    }
}

/// Some of the signs. They are kept as one number whose lowest bit is the strongest sign; it only ever grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Signs(i64);

impl Signs {
    /// As they are stored.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// As they were stored; what is no sign is left out.
    pub fn of_bits(bits: i64) -> Self {
        Sign::ALL
            .into_iter()
            .filter(|sign| bits & sign.bit() != 0)
            .collect()
    }

    /// Whether this one is among them.
    pub const fn has(self, sign: Sign) -> bool {
        self.0 & sign.bit() != 0
    }

    /// Each of them, the strongest first.
    pub fn each(self) -> impl Iterator<Item = Sign> {
        Sign::ALL.into_iter().filter(move |sign| self.has(*sign))
    }
}

impl FromIterator<Sign> for Signs {
    fn from_iter<T: IntoIterator<Item = Sign>>(signs: T) -> Self {
        Self(signs.into_iter().fold(0, |bits, sign| bits | sign.bit()))
    }
}

/// Who tried, whatever the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whether he is exactly one prisoner.
    pub is_prisoner: bool,
    /// Whether an attempt of his at the number, or an entry of his list with it, is on record from before.
    pub had_the_number: bool,
    /// Whether another caller was refused the number within [`TOGETHER_WITHIN_HOURS`].
    pub others_were_refused: bool,
    /// How often he was refused it within this hour.
    pub refused: u64,
}

/// What one case knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfCase {
    /// Whether the case is of a planted number.
    pub is_canary: bool,
    /// Whether one of the calls was allowed.
    pub went_through: bool,
    /// Whether a request or a handler names any prisoner.
    pub names_somebody: bool,
    /// Whether it names this caller.
    pub names_caller: bool,
    /// Whether the number came with a request. One that a handler added later is most likely her new one.
    pub came_with_request: bool,
}

/// What an alert says of one case.
pub fn judge(caller: &Caller, case: &OfCase) -> Signs {
    let known = caller.had_the_number || (case.names_caller && case.came_with_request);
    let signs = [
        (Sign::Canary, case.is_canary),
        (Sign::WentThrough, case.went_through),
        (Sign::NewNumber, caller.is_prisoner && !known && !case.is_canary),
        (
            Sign::SeveralCallers,
            caller.others_were_refused && caller.refused > 0,
        ),
        (Sign::Repeated, caller.refused >= REPEATED_TRIES),
        (Sign::Named, case.names_caller),
        (Sign::Another, case.names_somebody && !case.names_caller),
        (Sign::NobodyNamed, !case.names_somebody && !case.is_canary),
    ];
    signs
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(sign, _)| sign)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HE: Caller = Caller {
        is_prisoner: true,
        had_the_number: true,
        others_were_refused: false,
        refused: 1,
    };
    const HIS: OfCase = OfCase {
        is_canary: false,
        went_through: false,
        names_somebody: true,
        names_caller: true,
        came_with_request: true,
    };

    #[test]
    fn each_sign_has_its_own_cause() {
        use Sign::*;
        let new = Caller {
            had_the_number: false,
            ..HE
        };
        let others = OfCase {
            names_caller: false,
            ..HIS
        };
        let table = [
            ("the named prisoner", HE, HIS, vec![Named]),
            (
                "the named prisoner's first, and the request named the number",
                new,
                HIS,
                vec![Named],
            ),
            (
                "his first, at a number that a handler added later",
                new,
                OfCase {
                    came_with_request: false,
                    ..HIS
                },
                vec![NewNumber, Named],
            ),
            ("another who had the number", HE, others, vec![Another]),
            ("another's first", new, others, vec![NewNumber, Another]),
            (
                "a first-night PIN's first",
                Caller {
                    is_prisoner: false,
                    ..new
                },
                others,
                vec![Another],
            ),
            (
                "a case that names nobody",
                HE,
                OfCase {
                    names_somebody: false,
                    ..others
                },
                vec![NobodyNamed],
            ),
            (
                "the second caller",
                Caller {
                    others_were_refused: true,
                    ..HE
                },
                HIS,
                vec![SeveralCallers, Named],
            ),
            (
                "a third try",
                Caller { refused: 3, ..HE },
                HIS,
                vec![Repeated, Named],
            ),
            ("a second try", Caller { refused: 2, ..HE }, HIS, vec![Named]),
            (
                "a call that rang",
                Caller {
                    refused: 0,
                    others_were_refused: true,
                    ..HE
                },
                OfCase {
                    went_through: true,
                    ..HIS
                },
                vec![WentThrough, Named],
            ),
            (
                "a planted number",
                new,
                OfCase {
                    is_canary: true,
                    names_somebody: false,
                    names_caller: false,
                    ..HIS
                },
                vec![Canary],
            ),
        ];
        for (what, caller, case, expected) in table {
            assert_eq!(
                judge(&caller, &case).each().collect::<Vec<_>>(),
                expected,
                "{what}"
            );
        }
    }

    #[test]
    fn signs_are_stored_as_a_number_and_read_back() {
        for bits in 0..512 {
            assert_eq!(Signs::of_bits(bits).bits(), bits);
        }
        assert_eq!(Signs::of_bits(1 << 20), Signs::default());
    }
}
