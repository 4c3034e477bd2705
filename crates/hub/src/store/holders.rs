//! Who else has a case's numbers on his list: what a case handler weighs, one prisoner after the other. Each is
//! taken off the list by one person, or keeps the number by the agreement of two.

use casework::{Actor, BarId, CaseId, TwoApprovals, Verb};
use data_encoding::HEXLOWER;
use feed::{ContactKind, EntryId};
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::approved_numbers::contact;
use super::bounded::Bounded;
use super::error::{Conflict, StoreError};
use super::sql::{Row, values};
use super::tx::Tx;

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
    /// Whether he can ring the number now, and why.
    pub stands: HolderStands,
}

/// Whether a holder can ring a number of the case now, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderStands {
    /// He can until a handler has decided; this bar left his entry alone.
    Undecided(BarId),
    /// He can: two people let him keep it.
    Kept,
    /// He can: no bar of this case applies to him.
    Approved,
    /// He cannot: under call barring the bar holds for everyone at once.
    Barred,
    /// He cannot: it was taken off his list.
    Revoked,
}

/// Holders that a case page shows; those of whom nobody has decided come first.
pub const HOLDERS_SHOWN: i64 = 200;

const QUERY: &str = "SELECT e.id, e.prison, e.holder, e.contact, e.state, \
     (SELECT MIN(s.bar) FROM sparing s WHERE s.entry = e.id AND s.case_id = $1 AND s.stands = 'undecided') \
      AS undecided, \
     (SELECT MIN(s.stands) FROM sparing s WHERE s.entry = e.id AND s.case_id = $1) AS stands \
     FROM approved_numbers e WHERE (e.state = 'live' OR (e.state = 'ended' AND e.cause IN ('bar', 'barred-before'))) \
     AND e.number_index IN (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
      UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL) \
     ORDER BY CASE WHEN EXISTS (SELECT 1 FROM sparing s WHERE s.entry = e.id AND s.case_id = $1 \
      AND s.stands = 'undecided') THEN 0 ELSE 1 END, e.holder, e.id LIMIT $2";

impl Store {
    /// Those who have one of the case's numbers on their lists, at most [`HOLDERS_SHOWN`].
    pub async fn holders_of(&self, by: &Actor, case: CaseId) -> Result<Bounded<Holder>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-holders").await?;
        tx.case(case).await?;
        let asked = values![case.to_string(), HOLDERS_SHOWN + 1];
        let rows = tx.all("approved_numbers", QUERY, asked).await?;
        let holders = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let holders = Bounded::of(holders, HOLDERS_SHOWN);
        let detail = format!("holders={} more={}", holders.rows.len(), holders.more);
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await?;
        Ok(holders)
    }

    /// A handler has looked: the bar that left this entry alone now takes it off too.
    pub async fn revoke_spared(&self, by: &Actor, entry: EntryId) -> Result<(), StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "revoke-spared").await?;
        let id = entry.to_string();
        let spared = tx.all(
            "spared",
            "SELECT bar FROM spared WHERE entry = $1",
            values![id.as_str()],
        );
        if spared.await?.is_empty() {
            return Err(StoreError::NotFound);
        }
        let query = "SELECT DISTINCT case_id FROM sparing WHERE entry = $1 AND stands <> 'barred'";
        let rows = tx.all("spared", query, values![id.as_str()]).await?;
        let cases: Vec<CaseId> = rows
            .iter()
            .map(|row| row.parsed("case_id"))
            .collect::<Result<_, _>>()?;
        if cases.is_empty() {
            return Err(Conflict::Changed.into());
        }
        tx.revoke_under_bar(&id).await?;
        for case in cases {
            tx.settle_priority(case).await?;
            tx.close_all_overtaken(case).await?;
            tx.audit(("approved-entry", &id), Some(case), "revoked").await?;
        }
        tx.commit().await
    }
}

impl Tx<'_> {
    /// How many entries of prisoners whom the requests did not name let them ring a number of the case until
    /// somebody has decided.
    pub(super) async fn undecided_holders(&self, case: CaseId) -> Result<u64, StoreError> {
        let query =
            "SELECT COUNT(DISTINCT entry) AS n FROM sparing WHERE case_id = $1 AND stands = 'undecided'";
        self.count("spared", query, values![case.to_string()]).await
    }

    /// The case in which nobody has decided yet of this entry under this bar.
    pub(super) async fn undecided_entry(&self, bar: BarId, entry: Uuid) -> Result<CaseId, StoreError> {
        let query = "SELECT case_id FROM sparing WHERE bar = $1 AND entry = $2 AND stands = 'undecided'";
        let named = values![bar.to_string(), HEXLOWER.encode(entry.as_bytes())];
        let row = self.one("spared", query, named).await?;
        row.ok_or(Conflict::Changed)?.parsed("case_id")
    }

    /// Two people let a prisoner keep what a bar had left alone.
    pub(super) async fn keep_entry(
        &mut self,
        agreed: &TwoApprovals,
        bar: BarId,
        entry: Uuid,
    ) -> Result<(), StoreError> {
        let case = self.undecided_entry(bar, entry).await?;
        let entry = HEXLOWER.encode(entry.as_bytes());
        let update = "UPDATE spared SET kept = $1 WHERE bar = $2 AND entry = $3";
        let row = values![agreed.proposal().id.to_string(), bar.to_string(), entry.as_str()];
        self.run(update, row).await?;
        self.settle_priority(case).await?;
        let detail = format!(
            "kept proposed-by={} approved-by={}",
            agreed.proposed_by(),
            agreed.approved_by()
        );
        self.audit(("approved-entry", &entry), Some(case), &detail).await
    }
}

fn read(row: &Row) -> Result<Holder, StoreError> {
    let undecided = row.parsed_if_any("undecided")?;
    let stands = match (
        row.text("state")?.as_str(),
        undecided,
        row.text_if_any("stands")?.as_deref(),
    ) {
        ("ended", ..) => HolderStands::Revoked,
        (_, Some(bar), _) => HolderStands::Undecided(bar),
        (_, None, Some("barred")) => HolderStands::Barred,
        (_, None, Some(_)) => HolderStands::Kept,
        (_, None, None) => HolderStands::Approved,
    };
    Ok(Holder {
        entry: row.parsed("id")?,
        prison: row.parsed("prison")?,
        holder: row.parsed("holder")?,
        contact: contact(row)?,
        stands,
    })
}
