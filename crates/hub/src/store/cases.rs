//! Cases as they are kept, and the queue.

use casework::{Actor, CaseId, CaseState, Priority, Reference, Verb};
use jiff::Timestamp;

use super::Store;
use super::error::StoreError;
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};

/// One case in the queue. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSummary {
    /// The case.
    pub case: CaseId,
    /// The reference by which people speak of it.
    pub reference: Reference,
    /// Where it stands in the queue.
    pub priority: Priority,
    /// Where the case stands: `waiting`, `located`, `assessed`, `confirmed`, `declined`.
    pub state: String,
    /// When its first request came in.
    pub opened_at: Timestamp,
    /// Its bars in force.
    pub bars: u64,
    /// Its numbers and addresses that wait for a handler.
    pub held: u64,
    /// Entries of prisoners whom the request did not name and who keep the number until a handler has looked.
    pub spared: u64,
}

/// The most cases that the queue shows; the most urgent ones.
pub const QUEUE_SHOWN: i64 = 500;

const SPARED: &str = "SELECT COUNT(*) FROM spared s JOIN bars b ON b.id = s.bar \
     JOIN approved_numbers e ON e.id = s.entry \
     WHERE b.case_id = c.id AND b.state <> 'lifted' AND e.state = 'live'";

impl Store {
    /// The cases on which something is to do, most urgent first, then oldest first.
    pub async fn queue(&self, by: &Actor) -> Result<Vec<CaseSummary>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-queue").await?;
        let query = format!(
            "SELECT c.id, c.reference, c.priority, c.state_name, c.opened_at, \
             (SELECT COUNT(*) FROM bars b WHERE b.case_id = c.id AND b.state <> 'lifted') AS bars, \
             (SELECT COUNT(*) FROM held_targets h WHERE h.case_id = c.id AND h.settled IS NULL) AS held, \
             ({SPARED}) AS spared \
             FROM cases c WHERE c.state_name NOT IN ('confirmed', 'declined') \
             OR EXISTS (SELECT 1 FROM held_targets h WHERE h.case_id = c.id AND h.settled IS NULL) \
             OR EXISTS (SELECT 1 FROM bars b WHERE b.case_id = c.id AND b.state = 'interim') \
             ORDER BY CASE c.priority WHEN 'alarm' THEN 0 WHEN 'handler-first' THEN 1 \
             WHEN 'barred' THEN 2 ELSE 3 END, c.opened_at LIMIT $1"
        );
        let rows = tx.all("cases", &query, values![QUEUE_SHOWN]).await?;
        let queue = rows.iter().map(summary).collect::<Result<Vec<_>, _>>()?;
        tx.audit(("queue", "cases"), None, &format!("cases={}", queue.len()))
            .await?;
        tx.commit().await?;
        Ok(queue)
    }
}

fn summary(row: &Row) -> Result<CaseSummary, StoreError> {
    Ok(CaseSummary {
        case: row.parsed("id")?,
        reference: row.parsed("reference")?,
        priority: priority(row)?,
        state: row.text("state_name")?,
        opened_at: row.time("opened_at")?,
        bars: row.count("bars")?,
        held: row.count("held")?,
        spared: row.count("spared")?,
    })
}

/// A case as it is kept.
pub(super) struct CaseRow {
    pub(super) id: CaseId,
    pub(super) reference: Reference,
    pub(super) state: CaseState,
    pub(super) priority: Priority,
    pub(super) opened_at: Timestamp,
    pub(super) version: u64,
}

const STATE: (&str, &str) = ("cases", "state");

impl Tx<'_> {
    pub(super) async fn case(&self, id: CaseId) -> Result<CaseRow, StoreError> {
        let query = "SELECT id, reference, state, priority, opened_at, version FROM cases WHERE id = $1";
        let row = self
            .one("cases", query, values![id.to_string()])
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(CaseRow {
            id,
            reference: row.parsed("reference")?,
            state: self.store.open_sealed(STATE, &id.to_string(), &row)?,
            priority: priority(&row)?,
            opened_at: row.time("opened_at")?,
            version: row.count("version")?,
        })
    }

    pub(super) async fn insert_case(&self, case: &CaseRow) -> Result<(), StoreError> {
        let id = case.id.to_string();
        let state = self.store.seal(STATE, &id, &case.state)?;
        let insert = "INSERT INTO cases (id, reference, state, state_name, priority, opened_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, 0)";
        let (reference, name) = (case.reference.as_str(), case.state.name());
        let row = values![
            id,
            reference,
            state,
            name,
            word(case.priority),
            micros(case.opened_at)
        ];
        self.run(insert, row).await.map(drop)
    }

    pub(super) async fn set_state(&self, id: CaseId, state: &CaseState) -> Result<(), StoreError> {
        let sealed = self.store.seal(STATE, &id.to_string(), state)?;
        let update = "UPDATE cases SET state = $1, state_name = $2, version = version + 1 WHERE id = $3";
        self.touched(
            self.run(update, values![sealed, state.name(), id.to_string()])
                .await?,
            id,
        )
    }

    pub(super) async fn set_priority(&self, case: &CaseRow, priority: Priority) -> Result<(), StoreError> {
        let update = "UPDATE cases SET priority = $1, version = version + 1 WHERE id = $2";
        self.touched(
            self.run(update, values![word(priority), case.id.to_string()])
                .await?,
            case.id,
        )
    }

    /// Counts a change of something that belongs to the case.
    pub(super) async fn touch_case(&self, id: CaseId) -> Result<(), StoreError> {
        let update = "UPDATE cases SET version = version + 1 WHERE id = $1";
        self.touched(self.run(update, values![id.to_string()]).await?, id)
    }

    fn touched(&self, rows: u64, id: CaseId) -> Result<(), StoreError> {
        if rows == 1 {
            Ok(())
        } else {
            Err(missing("cases", &id.to_string()))
        }
    }

    /// Once nothing and nobody of a case waits for a handler it needs no place before the others.
    pub(super) async fn settle_priority(&self, id: CaseId) -> Result<(), StoreError> {
        let held = "SELECT COUNT(*) AS n FROM held_targets WHERE case_id = $1 AND settled IS NULL";
        let held = self.count("held_targets", held, values![id.to_string()]).await?;
        let case = self.case(id).await?;
        let waits = held + self.undecided_holders(id).await? > 0;
        let priority = if waits {
            case.priority
        } else {
            case.priority.max(Priority::Barred)
        };
        self.set_priority(&case, priority).await
    }

    /// The one number of a counting query, in a column named `n`.
    pub(super) async fn count(
        &self,
        table: &'static str,
        query: &str,
        values: Vec<sea_orm::Value>,
    ) -> Result<u64, StoreError> {
        self.one(table, query, values)
            .await?
            .ok_or_else(|| missing(table, "count"))?
            .count("n")
    }
}

fn word(priority: Priority) -> &'static str {
    match priority {
        Priority::Alarm => "alarm",
        Priority::HandlerFirst => "handler-first",
        Priority::Barred => "barred",
        Priority::AskReferrer => "ask-referrer",
    }
}

fn priority(row: &Row) -> Result<Priority, StoreError> {
    match row.text("priority")?.as_str() {
        "alarm" => Ok(Priority::Alarm),
        "handler-first" => Ok(Priority::HandlerFirst),
        "barred" => Ok(Priority::Barred),
        "ask-referrer" => Ok(Priority::AskReferrer),
        _ => Err(row.damaged()),
    }
}
