//! By the call: a protected person knows when the telephone rang, and gates record who dialled it.
//!
//! ```text
//! her number, a time, a span, a reason -> every call that gates recorded to it then, allowed or refused
//! ```
//! Only for a number of a protected person of an open case, and only by the handler who has that case in hand. What was
//! asked and why is kept, sealed; that it was asked is audited. Gates record no call to a lawyer or a helpline, so none
//! is found.

use std::collections::BTreeSet;

use casework::{Actor, BarTarget, CaseId, CaseState, Personal, RequestLimits, Verb};
use jiff::{SignedDuration, Timestamp};
use phone::PhoneNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attempts::ShownAttempt;
use super::bars::BarRecord;
use super::bounded::Bounded;
use super::error::{Refusal, StoreError};
use super::open_case::{CaseFile, FiledRequest, HeldTarget};
use super::sql::{micros, values};
use super::tx::{Tx, missing};
use super::{RecordedAlias, Store};

/// The widest window that is searched: three hours either side of a time, and one more for the night when clocks go
/// back and a time comes twice.
pub const SEARCH_WINDOW_HOURS: i64 = 7;
/// Calls that one search tells, the earliest first.
pub const CALLS_FOUND: i64 = 200;
/// Earlier searches that are shown with a case, the newest.
pub const SEARCHES_SHOWN: i64 = 20;

const BODY: (&str, &str) = ("call_searches", "body");

/// What a handler asks of the recorded calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallSearch {
    /// The number that rang.
    #[serde(with = "phone::exposed")]
    pub number: PhoneNumber,
    /// The earliest moment, by the clocks of gates, UTC.
    pub from: Timestamp,
    /// The latest moment.
    pub to: Timestamp,
    /// Why it is searched, in the handler's words.
    pub reason: Personal,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCalls {
    /// The search, as it is kept.
    pub search: Uuid,
    /// The calls, earliest first; at most [`CALLS_FOUND`].
    pub calls: Bounded<ShownAttempt>,
}

/// A search as it stands on its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeSearch {
    /// What was asked.
    pub search: CallSearch,
    /// The name of whoever asked.
    pub by: String,
    /// When, UTC.
    pub at: Timestamp,
    /// How many calls were told.
    pub found: u64,
}

impl CaseFile {
    /// The numbers of this case's protected people: those by which calls to them can be searched.
    pub fn numbers(&self) -> BTreeSet<PhoneNumber> {
        numbers(&self.requests, &self.bars, &self.held, &self.aliases)
    }
}

impl Store {
    /// The calls to a number of a protected person that gates recorded in a window of time, whatever their answer.
    ///
    /// # Errors
    /// [`Refusal::NotInHand`] unless the case is open and in the handler's own hand; [`Refusal::NotTheirNumber`] for a
    /// number that is none of the case's; [`StoreError::Invalid`] for a window that is too wide or without a reason.
    pub async fn search_calls(
        &self,
        by: &Actor,
        case: CaseId,
        search: &CallSearch,
    ) -> Result<FoundCalls, StoreError> {
        check(search)?;
        let tx = self.begin(by, Verb::WorkCases, "search-calls").await?;
        if let Err(refusal) = self.may_search(&tx, case, &search.number).await? {
            return Err(tx.refuse(refusal).await);
        }
        let calls = self.calls_to(&tx, search).await?;
        let id = tx.insert_search(case, search, calls.rows.len()).await?;
        let detail = format!("found={} more={}", calls.rows.len(), calls.more);
        tx.audit(("call-search", &id.to_string()), Some(case), &detail)
            .await?;
        tx.touch_case(case).await?;
        tx.commit().await?;
        Ok(FoundCalls { search: id, calls })
    }

    async fn may_search(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
        number: &PhoneNumber,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let open = !matches!(tx.case(case).await?.state, CaseState::Declined { .. });
        let in_hand = tx.in_hand(case).await?;
        if !open || in_hand.is_none_or(|in_hand| in_hand.handler != tx.by.account) {
            return Ok(Err(Refusal::NotInHand));
        }
        let numbers = numbers(
            &self.requests_of(tx, case).await?,
            &self.bars_of_case(&tx.db, case).await?,
            &self.held_of_case(&tx.db, case).await?,
            &self.aliases_of(tx, case).await?,
        );
        Ok(if numbers.contains(number) {
            Ok(())
        } else {
            Err(Refusal::NotTheirNumber)
        })
    }

    async fn calls_to(&self, tx: &Tx<'_>, search: &CallSearch) -> Result<Bounded<ShownAttempt>, StoreError> {
        let query = "SELECT a.gate, a.sequence, a.digest, a.at, a.body, g.prison FROM attempts a \
             JOIN gates g ON g.id = a.gate WHERE a.number_index = $1 AND a.at BETWEEN $2 AND $3 \
             ORDER BY a.at, a.gate, a.sequence LIMIT $4";
        let asked = values![
            self.keys.blind_index(&search.number),
            micros(search.from),
            micros(search.to),
            CALLS_FOUND + 1
        ];
        let rows = tx.all("attempts", query, asked).await?;
        let calls = rows.iter().map(|row| self.read_attempt(row));
        Ok(Bounded::of(calls.collect::<Result<Vec<_>, _>>()?, CALLS_FOUND))
    }

    /// The newest searches of a case, newest first.
    pub(super) async fn searches_of(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Bounded<MadeSearch>, StoreError> {
        let query = "SELECT s.id, s.body, s.searched_at, s.found, a.name FROM call_searches s \
             JOIN accounts a ON a.id = s.searched_by WHERE s.case_id = $1 \
             ORDER BY s.searched_at DESC, s.id LIMIT $2";
        let asked = values![case.to_string(), SEARCHES_SHOWN + 1];
        let rows = tx.all("call_searches", query, asked).await?;
        let read = rows.iter().map(|row| {
            Ok(MadeSearch {
                search: self.open_sealed(BODY, &row.text("id")?, row)?,
                by: row.text("name")?,
                at: row.time("searched_at")?,
                found: row.count("found")?,
            })
        });
        Ok(Bounded::of(
            read.collect::<Result<Vec<_>, StoreError>>()?,
            SEARCHES_SHOWN,
        ))
    }
}

impl Tx<'_> {
    async fn insert_search(
        &self,
        case: CaseId,
        search: &CallSearch,
        found: usize,
    ) -> Result<Uuid, StoreError> {
        let id = Uuid::from_bytes(self.store.seams.bytes());
        let key = id.to_string();
        let insert = "INSERT INTO call_searches (id, case_id, body, searched_by, searched_at, found) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let row = values![
            key.as_str(),
            case.to_string(),
            self.store.seal(BODY, &key, search)?,
            self.by.account.to_string(),
            micros(self.now),
            i64::try_from(found).map_err(|_| missing("call_searches", &key))?,
        ];
        self.run(insert, row).await?;
        Ok(id)
    }
}

fn check(search: &CallSearch) -> Result<(), StoreError> {
    let reason = search.reason.expose().chars().count();
    if search.reason.is_blank() || reason > RequestLimits::DEFAULT.text_chars {
        return Err(StoreError::Invalid("say why the calls are searched"));
    }
    let window = search.to.duration_since(search.from);
    if window.is_negative() || window > SignedDuration::from_hours(SEARCH_WINDOW_HOURS) {
        return Err(StoreError::Invalid(
            "the window is too wide, or ends before it begins",
        ));
    }
    Ok(())
}

/// Every number of a case that resolves, as its requests write it, barred or not, and those that ring its people. One
/// whose every bar two people have lifted turned out not to be theirs, or is wanted: its calls are nobody's business.
fn numbers(
    requests: &[FiledRequest],
    bars: &[BarRecord],
    held: &[HeldTarget],
    aliases: &[RecordedAlias],
) -> BTreeSet<PhoneNumber> {
    let written = requests.iter().flat_map(|filed| filed.request.numbers(None));
    let written = written.filter_map(|(_, resolved)| resolved.ok());
    let held = held.iter().filter_map(|held| number_of(&held.target));
    let aliases = aliases.iter().map(|recorded| recorded.alias.number);
    let mut all: BTreeSet<PhoneNumber> = written.chain(held).chain(aliases).collect();
    let (standing, lifted): (Vec<_>, Vec<_>) = bars
        .iter()
        .filter_map(|record| Some((record.bar.state.in_force(), number_of(&record.bar.target)?)))
        .partition(|(in_force, _)| *in_force);
    for (_, number) in &lifted {
        all.remove(number);
    }
    all.extend(standing.iter().map(|(_, number)| number));
    all
}

fn number_of(target: &BarTarget) -> Option<PhoneNumber> {
    match target {
        BarTarget::Number(number) => Some(*number),
        BarTarget::Address(_) => None,
    }
}
