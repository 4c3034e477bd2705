//! Calls to the numbers of a case as its page shows them. Redials in a row are one row with a count, so that a
//! night of them does not push everything else off the page.

use jiff::Timestamp;
use serde::Serialize;

use crate::store::ShownAttempt;
use crate::web::staff::{frame, words};

/// Rows that the page shows, the newest.
const ROWS: usize = 50;

/// One attempt, or several alike with no other between them.
#[derive(Serialize, PartialEq, Eq, Clone)]
pub(super) struct Row {
    /// The newest of them.
    at: Timestamp,
    /// The oldest of them.
    since: Timestamp,
    times: usize,
    #[serde(flatten)]
    alike: Alike,
}

#[derive(Serialize, PartialEq, Eq, Clone)]
struct Alike {
    prison: String,
    caller: String,
    official: Option<String>,
    number: String,
    answer: &'static str,
    because: Option<String>,
}

impl Row {
    /// The caller, as the switch named him.
    pub(super) fn caller(&self) -> &str {
        &self.alike.caller
    }
}

/// The rows of attempts, which come newest first.
pub(super) fn rows(attempts: &[ShownAttempt]) -> Vec<Row> {
    gathered(attempts, ROWS)
}

/// As many rows as there are, of attempts that come earliest or newest first.
pub(super) fn all_rows(attempts: &[ShownAttempt]) -> Vec<Row> {
    gathered(attempts, usize::MAX)
}

fn gathered(attempts: &[ShownAttempt], most: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for attempt in attempts {
        let alike = alike(attempt);
        let full = rows.len() == most;
        match rows.last_mut() {
            Some(row) if row.alike == alike => {
                row.times += 1;
                row.since = row.since.min(attempt.at);
                row.at = row.at.max(attempt.at);
            }
            _ if full => break,
            _ => rows.push(Row {
                at: attempt.at,
                since: attempt.at,
                times: 1,
                alike,
            }),
        }
    }
    rows
}

fn alike(shown: &ShownAttempt) -> Alike {
    let attempt = &shown.attempt;
    let number = attempt
        .number
        .as_deref()
        .and_then(|text| phone::PhoneNumber::parse_canonical(text).ok());
    Alike {
        prison: frame::prison_name(shown.prison),
        caller: attempt.caller.clone(),
        official: attempt.caller.strip_prefix("official-").map(str::to_owned),
        number: number.map_or_else(|| attempt.dialled.clone(), |number| words::written(&number)),
        answer: answer(attempt.verdict),
        because: because(attempt.verdict).map(words::code),
    }
}

/// What became of the call, by code; the pages have the words.
fn answer(verdict: feed::Verdict) -> &'static str {
    match verdict {
        feed::Verdict::Allow => "allow",
        feed::Verdict::Refuse(_) => "refuse",
        feed::Verdict::Ended(_) => "ended",
        feed::Verdict::NotEnded(_) => "not-ended",
    }
}

fn because(verdict: feed::Verdict) -> Option<feed::Reason> {
    match verdict {
        feed::Verdict::Allow => None,
        feed::Verdict::Refuse(reason) | feed::Verdict::Ended(reason) | feed::Verdict::NotEnded(reason) => {
            Some(reason)
        }
    }
}

#[cfg(test)]
mod tests {
    use feed::{Attempt, GateId, Reason, Verdict};

    use super::*;

    fn tried(second: i64, caller: &str, verdict: Verdict) -> ShownAttempt {
        ShownAttempt {
            gate: GateId::from_bytes([0; 16]),
            prison: "LEI".parse().unwrap(),
            at: Timestamp::from_second(second).unwrap(),
            attempt: Attempt {
                sequence: second.unsigned_abs(),
                at_ms: second * 1_000,
                caller: caller.to_owned(),
                dialled: "07700 900123".to_owned(),
                number: Some("+447700900123".to_owned()),
                verdict,
            },
        }
    }

    #[test]
    fn redials_in_a_row_are_one_row_and_another_callers_or_an_allowed_one_is_not() {
        let refused = Verdict::Refuse(Reason::Barred);
        let newest_first = [
            tried(9, "A1234BC", refused),
            tried(8, "A1234BC", refused),
            tried(7, "A4567EF", refused),
            tried(6, "A1234BC", refused),
            tried(5, "A1234BC", Verdict::Allow),
        ];
        let counted: Vec<_> = rows(&newest_first)
            .iter()
            .map(|row| (row.at.as_second(), row.since.as_second(), row.times))
            .collect();
        assert_eq!(counted, [(9, 8, 2), (7, 7, 1), (6, 6, 1), (5, 5, 1)]);
    }

    #[test]
    fn a_night_of_redials_takes_one_row_and_there_are_never_more_than_the_page_shows() {
        let redials: Vec<_> = (0..400)
            .rev()
            .map(|at| tried(at, "A1234BC", Verdict::Allow))
            .collect();
        assert_eq!(rows(&redials).len(), 1);
        let by_turns: Vec<_> = (0..400)
            .rev()
            .map(|at| {
                tried(
                    at,
                    ["A1234BC", "A4567EF"][usize::from(at % 2 == 0)],
                    Verdict::Allow,
                )
            })
            .collect();
        assert_eq!(rows(&by_turns).len(), ROWS);
    }
}
