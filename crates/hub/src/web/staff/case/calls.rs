//! By the call: "my phone rang at about ten past nine". The handler who has the case in hand searches what gates
//! recorded, and takes whom he finds as the prisoner of the case. The answer is the page itself: what was asked
//! stands in no address.

use casework::Personal;
use jiff::civil::{DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use pages::FieldErrors;
use phone::PhoneNumber;
use serde::Serialize;
use uuid::Uuid;

use super::{Posted, Shown, attempts, locate, show};
use crate::store::{CallSearch, CaseFile, FoundCalls};
use crate::web::staff::desk::{Answer, Desk, Told};
use crate::web::staff::fields::Fields;
use crate::web::staff::{Item, refusal, words};

/// Minutes either side of the time that a form offers.
const SPANS_MINUTES: [u8; 6] = [5, 10, 30, 60, 120, 180];
/// The span that a fresh form proposes.
const USUAL_SPAN: &str = "10";

/// What a search found, as the page shows it.
#[derive(Serialize)]
pub(super) struct Found {
    search: String,
    number: String,
    from: Timestamp,
    to: Timestamp,
    rows: Vec<Call>,
    more: bool,
}

/// One call, or several alike in a row.
#[derive(Serialize)]
struct Call {
    #[serde(flatten)]
    row: attempts::Row,
    /// The caller as he is on record, where he is exactly one prisoner.
    prisoner: Option<locate::Prisoner>,
}

/// A search that was made before.
#[derive(Serialize)]
pub(super) struct Made {
    number: String,
    from: Timestamp,
    to: Timestamp,
    reason: Personal,
    by: String,
    at: Timestamp,
    found: u64,
}

/// The form and its record, as the page shows them.
#[derive(Serialize)]
pub(super) struct Panel {
    /// The name of the handler who has the case in hand, and since when.
    in_hand: Option<(String, Timestamp)>,
    mine: bool,
    numbers: Vec<Item>,
    spans: Vec<Item>,
    usual_span: &'static str,
    made: Vec<Made>,
    more_made: bool,
}

/// Takes the case in hand.
pub(super) async fn take(posted: Posted) -> Answer {
    let desk = &posted.desk;
    let taken = desk.store().take_in_hand(&desk.actor, posted.case).await;
    posted
        .answer(taken.map(|()| ("calls", "taken-in-hand")), "in-hand")
        .await
}

/// Searches, and shows what was found.
pub(super) async fn search(mut posted: Posted) -> Answer {
    let Some(search) = read(&posted.fields, &mut posted.errors) else {
        return posted.again().await;
    };
    let Posted { desk, case, .. } = &posted;
    let found = match desk.store().search_calls(&desk.actor, *case, &search).await {
        Ok(found) => found,
        Err(error) => {
            let sentence = refusal::sentence(&error).ok_or(error)?;
            posted.errors.add("call-number", sentence);
            return posted.again().await;
        }
    };
    let shown = Shown {
        calls: Some(told(desk, &search, &found)),
        told: Told::mend(posted.fields.clone(), FieldErrors::new()),
        ..Shown::default()
    };
    show(desk, posted.key(), shown).await
}

/// The form, whose it is to fill in, and the searches that were made.
pub(super) fn panel(desk: &Desk, file: &CaseFile) -> Panel {
    let number = |number: &PhoneNumber| Item {
        value: number.expose().to_owned(),
        text: words::written(number),
    };
    let span = |minutes: u8| Item {
        value: minutes.to_string(),
        text: desk.say(pages::Sentence::new("calls-span").with("minutes", minutes.to_string())),
    };
    let in_hand = file.in_hand.as_ref();
    Panel {
        in_hand: in_hand.map(|hand| (hand.name.clone(), hand.since)),
        mine: in_hand.is_some_and(|hand| hand.handler == desk.actor.account),
        numbers: file.numbers().iter().map(number).collect(),
        spans: SPANS_MINUTES.map(span).to_vec(),
        usual_span: USUAL_SPAN,
        made: file.searches.rows.iter().map(made).collect(),
        more_made: file.searches.more,
    }
}

fn made(made: &crate::store::MadeSearch) -> Made {
    Made {
        number: words::written(&made.search.number),
        from: made.search.from,
        to: made.search.to,
        reason: made.search.reason.clone(),
        by: made.by.clone(),
        at: made.at,
        found: made.found,
    }
}

fn told(desk: &Desk, search: &CallSearch, found: &FoundCalls) -> Found {
    let rows = attempts::all_rows(&found.calls.rows).into_iter().map(|row| {
        let number = row.caller().parse().ok();
        Call {
            prisoner: number.map(|number| locate::on_record(&desk.site, number)),
            row,
        }
    });
    Found {
        search: found.search.to_string(),
        number: words::written(&search.number),
        from: search.from,
        to: search.to,
        rows: rows.collect(),
        more: found.calls.more,
    }
}

/// What was asked; what cannot be read is told beside its field.
fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<CallSearch> {
    let number = PhoneNumber::parse_canonical(fields.text("call-number")).ok();
    if number.is_none() {
        errors.add("call-number", "calls-error-number");
    }
    let date = fields.date("call").ok().flatten();
    if date.is_none() {
        errors.add("call-day", "calls-error-date");
    }
    let time = clock_time(fields.text("call-time"));
    if time.is_none() {
        errors.add("call-time", "calls-error-time");
    }
    let minutes: Option<u8> = fields.parsed("call-within", "calls-error-within", errors);
    let offered = minutes.filter(|minutes| SPANS_MINUTES.contains(minutes));
    if minutes.is_some() && offered.is_none() {
        errors.add("call-within", "calls-error-within");
    }
    let reason = fields.words("call-reason", "call-reason", "calls-error-reason", errors);
    let (from, to) = window(date?.to_datetime(time?), offered?)?;
    Some(CallSearch {
        number: number?,
        from,
        to,
        reason: reason?,
    })
}

/// The evidence that is kept when a caller is confirmed: the search by which he was found, beside what the names say.
pub(super) fn as_evidence(fields: &Fields) -> Option<Uuid> {
    fields.text("call-search").parse().ok()
}

/// So many minutes either side of a time on London's clock. A time that comes twice in the night when clocks go back is
/// searched both times, and one that is left out in spring as the clocks before and after it read it.
fn window(at: DateTime, minutes: u8) -> Option<(Timestamp, Timestamp)> {
    let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let offsets = match london.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => [offset, offset],
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => [before, after],
    };
    let [one, other] = offsets.map(|offset| offset.to_timestamp(at).ok());
    let (one, other) = (one?, other?);
    let span = SignedDuration::from_mins(i64::from(minutes));
    let from = one.min(other).checked_sub(span).ok()?;
    Some((from, one.max(other).checked_add(span).ok()?))
}

/// A time of day as people write it: `21:10`, `21.10`, `9:10pm`, `9pm`.
fn clock_time(written: &str) -> Option<Time> {
    let written = written.to_lowercase().replace([' ', '.'], ":");
    let (digits, half) = match written.strip_suffix("pm") {
        Some(digits) => (digits, Some(12)),
        None => match written.strip_suffix("am") {
            Some(digits) => (digits, Some(0)),
            None => (written.as_str(), None),
        },
    };
    let digits = digits.trim_end_matches(':');
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (hour.parse::<i8>().ok()?, minute.parse().ok()?),
        None if half.is_some() => (digits.parse::<i8>().ok()?, 0),
        _ => return None,
    };
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it_and_nothing_is_guessed() {
        for (written, expected) in [
            ("21:10", Some(time(21, 10, 0, 0))),
            ("21.10", Some(time(21, 10, 0, 0))),
            ("9:10pm", Some(time(21, 10, 0, 0))),
            ("9.10 PM", Some(time(21, 10, 0, 0))),
            ("9pm", Some(time(21, 0, 0, 0))),
            ("12am", Some(time(0, 0, 0, 0))),
            ("12:05pm", Some(time(12, 5, 0, 0))),
            ("0:05", Some(time(0, 5, 0, 0))),
            ("9", None),
            ("13:00pm", None),
            ("24:00", None),
            ("21:1", None),
            ("ten past nine", None),
            ("", None),
        ] {
            assert_eq!(clock_time(written), expected, "{written}");
        }
    }

    #[test]
    fn a_time_is_londons_and_the_hour_that_comes_twice_is_searched_twice() {
        for (at, minutes, from, to) in [
            (
                date(2026, 11, 23).at(21, 10, 0, 0),
                10,
                "2026-11-23T21:00:00Z",
                "2026-11-23T21:20:00Z",
            ),
            (
                date(2026, 7, 1).at(21, 10, 0, 0),
                10,
                "2026-07-01T20:00:00Z",
                "2026-07-01T20:20:00Z",
            ),
            (
                date(2026, 10, 25).at(1, 30, 0, 0),
                5,
                "2026-10-25T00:25:00Z",
                "2026-10-25T01:35:00Z",
            ),
            (
                date(2026, 3, 29).at(1, 30, 0, 0),
                5,
                "2026-03-29T00:25:00Z",
                "2026-03-29T01:35:00Z",
            ),
        ] {
            let expected = (from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(window(at, minutes), Some(expected), "{at}");
        }
    }
}
