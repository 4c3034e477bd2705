//! Cases as they are kept.

use casework::{CaseId, CaseState, Priority, Reference};
use jiff::Timestamp;

use super::error::StoreError;
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};

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
        Priority::LifeAtRisk => "life-at-risk",
        Priority::OverCap => "over-cap",
        Priority::HandlerFirst => "handler-first",
        Priority::Barred => "barred",
        Priority::AskReferrer => "ask-referrer",
    }
}

pub(super) fn priority(row: &Row) -> Result<Priority, StoreError> {
    match row.text("priority")?.as_str() {
        "life-at-risk" => Ok(Priority::LifeAtRisk),
        "over-cap" => Ok(Priority::OverCap),
        "handler-first" => Ok(Priority::HandlerFirst),
        "barred" => Ok(Priority::Barred),
        "ask-referrer" => Ok(Priority::AskReferrer),
        _ => Err(row.damaged()),
    }
}
