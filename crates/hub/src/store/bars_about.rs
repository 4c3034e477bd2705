//! Whom the cases are about: the prisoners whom requests name and those whom handlers located. A letter of theirs, or
//! of somebody who may be one of them, is looked at where the address comes near, though the bar is the whole estate's.

use std::collections::{HashMap, HashSet};

use casework::{BarScope, CaseId};
use prison::PrisonerNumber;
use sea_orm::ConnectionTrait;

use super::error::StoreError;
use super::sql::{self, values};
use super::tx::missing;

/// Cases and their prisoners, at one mark.
pub(super) struct About {
    /// How often a prisoner was located; a request that names one brings a bar and with it a new serial.
    pub(super) mark: u64,
    named: HashMap<CaseId, HashSet<PrisonerNumber>>,
}

impl About {
    /// All cases with an address barred.
    pub(super) async fn read(on: &impl ConnectionTrait) -> Result<Self, StoreError> {
        let query = "SELECT a.case_id, a.prisoner FROM (SELECT r.case_id, n.prisoner FROM named_prisoners n \
             JOIN requests r ON r.id = n.request_id UNION SELECT case_id, prisoner FROM locations) AS a \
             WHERE a.case_id IN (SELECT case_id FROM bars WHERE kind = 'address' AND state <> 'lifted')";
        let mark = about_mark(on).await?;
        let rows = sql::all(on, "locations", query, values![]).await?;
        let mut named: HashMap<CaseId, HashSet<PrisonerNumber>> = HashMap::new();
        for row in &rows {
            let prisoners = named.entry(row.parsed("case_id")?).or_default();
            prisoners.insert(row.parsed("prisoner")?);
        }
        Ok(Self { mark, named })
    }

    /// Whether a case names this prisoner.
    pub(super) fn names(&self, case: CaseId, prisoner: PrisonerNumber) -> bool {
        self.named
            .get(&case)
            .is_some_and(|named| named.contains(&prisoner))
    }

    /// Whether the sender is known, and the bar is known to be about somebody else: whom it is narrowed to, or whom its
    /// case names.
    pub(super) fn is_another(&self, bar: (CaseId, BarScope), sender: Option<PrisonerNumber>) -> bool {
        let Some(sender) = sender else { return false };
        let (case, scope) = bar;
        let prisoners = self.named.get(&case);
        let known = prisoners.is_some() || scope != BarScope::Estate;
        known && scope != BarScope::Prisoner(sender) && prisoners.is_none_or(|named| !named.contains(&sender))
    }
}

/// Rises whenever a prisoner is located.
pub(super) async fn about_mark(on: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let query = "SELECT COUNT(*) AS n FROM locations";
    let row = sql::one(on, "locations", query, values![]).await?;
    row.ok_or_else(|| missing("locations", "count"))?.count("n")
}
