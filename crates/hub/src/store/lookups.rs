//! Small answers for pages: which case a reference names, how many letters stand on a prison's shelf. They
//! hold an identifier and a count, and nothing of anyone.

use std::collections::{BTreeMap, BTreeSet};

use casework::{Actor, CaseId, Reference, Verb};
use jiff::Timestamp;
use prison::PrisonId;

use super::Store;
use super::decide_letter::LetterDecision;
use super::error::{Refusal, StoreError};
use super::sql::{self, Row, values};

/// A letter that a case handler has decided, as its prison's mailroom knows it: by its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedLetter {
    /// The code under which it stands on the shelf.
    pub code: String,
    /// What becomes of it.
    pub decision: LetterDecision,
    /// When it was decided, UTC.
    pub decided_at: Timestamp,
}

/// Decided letters that a mailroom is shown, the newest.
pub const DECIDED_SHOWN: i64 = 20;

impl Store {
    /// The case of any of its requests' references, for those who work cases and for the auditor.
    pub async fn case_of(&self, by: &Actor, reference: &Reference) -> Result<Option<CaseId>, StoreError> {
        if !by.role.may(Verb::ReadCases) && !by.role.may(Verb::ReadAudit) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT case_id FROM requests WHERE reference = $1";
        let row = sql::one(&self.reader, "requests", query, values![reference.as_str()]).await?;
        row.map(|row| row.parsed("case_id")).transpose()
    }

    /// The references of these cases, for those who work cases.
    pub async fn references_of(
        &self,
        by: &Actor,
        cases: &BTreeSet<CaseId>,
    ) -> Result<BTreeMap<CaseId, Reference>, StoreError> {
        if !by.role.may(Verb::ReadCases) {
            return Err(Refusal::NotTheirs.into());
        }
        let mut found = BTreeMap::new();
        for case in cases {
            let query = "SELECT id, reference FROM cases WHERE id = $1";
            let row = sql::one(&self.reader, "cases", query, values![case.to_string()]).await?;
            if let Some(row) = row {
                found.insert(*case, row.parsed("reference")?);
            }
        }
        Ok(found)
    }

    /// How many letters stand on the shelf of the account's own prison, decoys too.
    pub async fn letters_on_shelf(&self, by: &Actor, prison: PrisonId) -> Result<u64, StoreError> {
        if !by.role.may(Verb::ReadPrison) || by.role.prison() != Some(prison) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT COUNT(*) AS n FROM letters \
             WHERE prison = $1 AND shelf_code IS NOT NULL AND decision IS NULL";
        let row = sql::one(&self.reader, "letters", query, values![prison.as_str()]).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }

    /// Since when the letter of this code stands on the shelf of the account's own prison; nothing once it is decided.
    pub async fn shelved_at(
        &self,
        by: &Actor,
        prison: PrisonId,
        code: &str,
    ) -> Result<Timestamp, StoreError> {
        if !by.role.may(Verb::CheckLetter) || by.role.prison() != Some(prison) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT id, checked_at FROM letters \
             WHERE prison = $1 AND shelf_code = $2 AND decision IS NULL ORDER BY checked_at DESC LIMIT 1";
        let row = sql::one(&self.reader, "letters", query, values![prison.as_str(), code]).await?;
        row.ok_or(StoreError::NotFound)?.time("checked_at")
    }

    /// How many letters wait for a case handler, and how many of them since this moment or before.
    pub async fn letters_to_decide(&self, by: &Actor, before: Timestamp) -> Result<(u64, u64), StoreError> {
        if !by.role.may(Verb::ReadCases) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT COUNT(*) AS n, COUNT(CASE WHEN checked_at <= $1 THEN 1 END) AS late FROM letters \
             WHERE shelf_code IS NOT NULL AND decision IS NULL";
        let row = sql::one(&self.reader, "letters", query, values![sql::micros(before)]).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.count("n")?, row.count("late")?)))
    }

    /// What the account's own mailroom is to do with letters on its shelf, newest decision first.
    pub async fn decided_letters(
        &self,
        by: &Actor,
        prison: PrisonId,
    ) -> Result<Vec<DecidedLetter>, StoreError> {
        if !by.role.may(Verb::CheckLetter) || by.role.prison() != Some(prison) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT shelf_code, decision, decided_at FROM letters \
             WHERE prison = $1 AND shelf_code IS NOT NULL AND decision IS NOT NULL \
             ORDER BY decided_at DESC, id LIMIT $2";
        let rows = sql::all(
            &self.reader,
            "letters",
            query,
            values![prison.as_str(), DECIDED_SHOWN],
        )
        .await?;
        rows.iter().map(decided).collect()
    }
}

fn decided(row: &Row) -> Result<DecidedLetter, StoreError> {
    let decision = match row.text("decision")?.as_str() {
        "post" => LetterDecision::Post,
        "return" => LetterDecision::Return,
        "evidence" => LetterDecision::Evidence,
        _ => return Err(row.damaged()),
    };
    Ok(DecidedLetter {
        code: row.text("shelf_code")?,
        decision,
        decided_at: row.time("decided_at")?,
    })
}
