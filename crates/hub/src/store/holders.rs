//! Who else has a case's numbers on his list: what a case handler weighs, one prisoner after the other. Each was
//! suspended when the bar was imposed. One person leaves it so; that this bar leaves him alone in this prison takes the
//! agreement of two ([`super::exceptions`]).

use casework::{Actor, BarId, CaseId, Priority, Verb};
use feed::{ContactKind, EntryId};
use prison::{PrisonId, PrisonerNumber};

use super::Store;
use super::approved_numbers::{ApprovedEntry, contact};
use super::bounded::Bounded;
use super::error::{Conflict, StoreError};
use super::exceptions::Ending;
use super::sql::{Row, places, texts, values};
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
    /// He cannot, and nobody has decided yet: this bar suspended his entry.
    Undecided(BarId),
    /// He can: two people let him keep it.
    Kept,
    /// He can: no bar of this case applies to him.
    Approved,
    /// He cannot: it was taken off his list.
    Revoked,
}

/// Holders that a case page shows; those of whom nobody has decided come first.
pub const HOLDERS_SHOWN: i64 = 200;

const QUERY: &str = "SELECT e.id, e.prison, e.holder, e.contact, e.state, \
     (SELECT MIN(s.bar) FROM suspensions s WHERE s.entry = e.id AND s.case_id = $1 AND s.stands = 'undecided') \
      AS undecided, \
     (SELECT MIN(s.stands) FROM suspensions s WHERE s.entry = e.id AND s.case_id = $1) AS stands \
     FROM approved_numbers e WHERE (e.state = 'live' OR (e.state = 'ended' AND e.cause = 'bar')) \
     AND (e.number_index IN (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
      UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL) \
      OR e.id IN (SELECT s.entry FROM suspensions s WHERE s.case_id = $1)) \
     ORDER BY CASE WHEN EXISTS (SELECT 1 FROM suspensions s WHERE s.entry = e.id AND s.case_id = $1 \
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

    /// A handler has looked: the prisoner does not get the number back, and one who kept it loses it. Returns how
    /// many entries it concerned: `None` leaves off all of whom nobody has decided.
    pub async fn leave_suspended(
        &self,
        by: &Actor,
        case: CaseId,
        entry: Option<EntryId>,
    ) -> Result<usize, StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "leave-suspended").await?;
        tx.case(case).await?;
        let entries = tx.affected_entries(case, entry).await?;
        if entries.is_empty() {
            return Err(match entry {
                Some(entry) if !tx.was_suspended(entry).await? => StoreError::NotFound,
                _ => Conflict::Changed.into(),
            });
        }
        for entry in &entries {
            tx.decide_off(case, entry).await?;
        }
        tx.settle_priority(case).await?;
        tx.close_all_overtaken(case).await?;
        tx.commit().await?;
        Ok(entries.len())
    }
}

impl Tx<'_> {
    /// How many entries of prisoners whom the requests did not name are suspended until somebody has decided.
    pub(super) async fn undecided_holders(&self, case: CaseId) -> Result<u64, StoreError> {
        let query =
            "SELECT COUNT(DISTINCT entry) AS n FROM suspensions WHERE case_id = $1 AND stands = 'undecided'";
        self.count("suspended", query, values![case.to_string()]).await
    }

    /// The entries of a case of which nobody has decided; of one that is named also if it is kept.
    async fn affected_entries(
        &self,
        case: CaseId,
        entry: Option<EntryId>,
    ) -> Result<Vec<String>, StoreError> {
        let query = "SELECT DISTINCT entry FROM suspensions WHERE case_id = $1 AND (stands = 'undecided' \
             OR (stands = 'kept' AND entry = $2)) AND ($2 = '' OR entry = $2) ORDER BY entry";
        let named = entry.map(|entry| entry.to_string()).unwrap_or_default();
        let rows = self
            .all("suspended", query, values![case.to_string(), named])
            .await?;
        rows.iter().map(|row| row.text("entry")).collect()
    }

    async fn was_suspended(&self, entry: EntryId) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM suspended WHERE entry = $1";
        Ok(self.count("suspended", query, values![entry.to_string()]).await? > 0)
    }

    /// Leaves an entry off under all bars of a case.
    pub(super) async fn decide_off(&mut self, case: CaseId, entry: &str) -> Result<(), StoreError> {
        let update = "UPDATE suspended SET decided = 'off' WHERE entry = $1 \
             AND bar IN (SELECT id FROM bars WHERE case_id = $2)";
        self.run(update, values![entry, case.to_string()]).await?;
        let holder = self.store.entry_on(&self.db, entry).await?.holder;
        if self.end_exceptions(Ending::InCase(case, holder)).await? > 0 {
            self.sweep(holder).await?;
        }
        self.close_exceptions_proposed(case, holder).await?;
        self.audit(("approved-entry", entry), Some(case), "left-off")
            .await
    }

    /// Lists an entry that is off in every case whose bars forbid it and that did not name its holder, at the front
    /// of the queue.
    pub(super) async fn list_for_handlers(&mut self, entry: &ApprovedEntry) -> Result<(), StoreError> {
        let id = entry.entry.to_string();
        let met_by = self.store.met_by(&entry.number);
        let query = format!(
            "SELECT id, case_id FROM bars WHERE number_index IN ({}) AND state <> 'lifted' \
             AND scope = 'estate' ORDER BY id",
            places(1, met_by.len())
        );
        for row in self.all("bars", &query, texts(met_by)).await? {
            let case: CaseId = row.parsed("case_id")?;
            if self.named_in(case).await?.contains(&entry.holder) {
                continue;
            }
            let bar = row.parsed("id")?;
            self.suspend(bar, &id).await?;
            if self.is_undecided(bar, &id).await? {
                let found = self.case(case).await?;
                self.set_priority(&found, found.priority.min(Priority::HandlerFirst))
                    .await?;
            }
            self.audit(("approved-entry", &id), Some(case), "suspended")
                .await?;
        }
        Ok(())
    }

    async fn is_undecided(&self, bar: BarId, entry: &str) -> Result<bool, StoreError> {
        let query =
            "SELECT COUNT(*) AS n FROM suspensions WHERE bar = $1 AND entry = $2 AND stands = 'undecided'";
        Ok(self
            .count("suspended", query, values![bar.to_string(), entry])
            .await?
            > 0)
    }
}

fn read(row: &Row) -> Result<Holder, StoreError> {
    let undecided = row.parsed_if_any("undecided")?;
    let stands = match (
        row.text("state")?.as_str(),
        undecided,
        row.text_if_any("stands")?.as_deref(),
    ) {
        (_, Some(bar), _) => HolderStands::Undecided(bar),
        ("ended", ..) => HolderStands::Revoked,
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
