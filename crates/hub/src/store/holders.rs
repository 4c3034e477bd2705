//! Who else has a case's numbers on his list: what a case handler weighs.

use casework::{Actor, CaseId, Verb};
use feed::{ContactKind, EntryId};
use prison::{PrisonId, PrisonerNumber};

use super::Store;
use super::approved_numbers::contact;
use super::error::{Conflict, StoreError};
use super::sql::{Row, values};

/// One prisoner who has, or had until a bar took it off, one of the case's numbers on his list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The entry.
    pub entry: EntryId,
    /// The prison on whose list it stands.
    pub prison: PrisonId,
    /// The prisoner.
    pub holder: PrisonerNumber,
    /// What kind of contact it is.
    pub contact: ContactKind,
    /// Whether he can ring the number under call enabling: the entry was spared, or is a lawyer's.
    pub live: bool,
    /// Whether a bar left it alone until a handler has looked.
    pub spared: bool,
}

const QUERY: &str = "SELECT e.id, e.prison, e.holder, e.contact, e.state, \
     (SELECT COUNT(*) FROM spared s JOIN bars b ON b.id = s.bar \
      WHERE s.entry = e.id AND b.case_id = $1 AND b.state <> 'lifted') AS spared \
     FROM approved_numbers e WHERE (e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar')) \
     AND e.number_index IN (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
      UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL) \
     ORDER BY e.holder, e.id";

impl Store {
    /// Everybody who has one of the case's numbers on his list.
    pub async fn holders_of(&self, by: &Actor, case: CaseId) -> Result<Vec<Holder>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-holders").await?;
        tx.case(case).await?;
        let rows = tx
            .all("approved_numbers", QUERY, values![case.to_string()])
            .await?;
        let holders = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let detail = format!("holders={}", holders.len());
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await?;
        Ok(holders)
    }

    /// A handler has looked: the bar that left this entry alone now takes it off too.
    pub async fn revoke_spared(&self, by: &Actor, entry: EntryId) -> Result<(), StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "revoke-spared").await?;
        let id = entry.to_string();
        let query = "SELECT b.case_id, e.state FROM spared s JOIN bars b ON b.id = s.bar \
             JOIN approved_numbers e ON e.id = s.entry WHERE s.entry = $1 AND b.state <> 'lifted' LIMIT 1";
        let row = tx
            .one("spared", query, values![id.as_str()])
            .await?
            .ok_or(StoreError::NotFound)?;
        if row.text("state")? != "live" {
            return Err(Conflict::Changed.into());
        }
        let case: CaseId = row.parsed("case_id")?;
        tx.revoke_under_bar(&id).await?;
        tx.touch_case(case).await?;
        tx.audit(("approved-entry", &id), Some(case), "revoked").await?;
        tx.commit().await
    }
}

fn read(row: &Row) -> Result<Holder, StoreError> {
    let live = row.text("state")? == "live";
    Ok(Holder {
        entry: row.parsed("id")?,
        prison: row.parsed("prison")?,
        holder: row.parsed("holder")?,
        contact: contact(row)?,
        live,
        spared: live && row.count("spared")? > 0,
    })
}
