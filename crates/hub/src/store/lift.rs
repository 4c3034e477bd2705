//! Lifting, narrowing and declining: the only verbs that take protection away. Each asks for the agreement
//! of two people, and each brings back, in the same serial, the entries that no bar forbids any more.

use std::collections::BTreeSet;

use casework::{BarId, BarScope, BarTarget, CaseId, DeclineReason, TwoApprovals};
use feed::EntryId;
use prison::PrisonerNumber;

use super::approved_numbers::{ApprovedEntry, MET, NewEntry};
use super::bars::BarRecord;
use super::error::{Conflict, StoreError};
use super::exceptions::Ending;
use super::history::{Authority, Change};
use super::impose::Imposing;
use super::sql::{micros, values};
use super::tx::{Tx, as_int};

impl Tx<'_> {
    pub(super) async fn lift_bar(&mut self, agreed: &TwoApprovals, bar: BarId) -> Result<(), StoreError> {
        let record = self.bar_in_force(bar).await?;
        self.withdraw(agreed, &record).await?;
        self.bring_back(agreed, &self.indexes([&record])).await?;
        self.settle_priority(record.bar.case).await
    }

    /// A narrowed bar is a new one: announced in the serial in which the old one is withdrawn.
    pub(super) async fn narrow_bar(
        &mut self,
        agreed: &TwoApprovals,
        bar: BarId,
        prisoner: PrisonerNumber,
    ) -> Result<(), StoreError> {
        let record = self.bar_in_force(bar).await?;
        let narrowed = Imposing {
            case: record.bar.case,
            request: None,
            target: &record.bar.target,
            scope: BarScope::Prisoner(prisoner),
            state: record.bar.state,
            ruling: &record.bar.ruling,
            at_once: false,
            filed_by: record.filed_by,
        };
        self.impose(narrowed).await?;
        self.withdraw(agreed, &record).await?;
        self.bring_back(agreed, &self.indexes([&record])).await?;
        self.settle_priority(record.bar.case).await
    }

    pub(super) async fn decline_case(
        &mut self,
        agreed: &TwoApprovals,
        case: CaseId,
        reason: DeclineReason,
    ) -> Result<(), StoreError> {
        let declined = self.case(case).await?.state.decline(reason)?;
        let bars = self.store.bars_of_case(&self.db, case).await?;
        let in_force: Vec<BarRecord> = bars
            .into_iter()
            .filter(|record| record.bar.state.in_force())
            .collect();
        for record in &in_force {
            self.withdraw(agreed, record).await?;
        }
        self.bring_back(agreed, &self.indexes(&in_force)).await?;
        let settle = "UPDATE held_targets SET settled = 'declined', settled_at = $1 \
             WHERE case_id = $2 AND settled IS NULL";
        self.run(settle, values![micros(self.now), case.to_string()])
            .await?;
        self.set_state(case, &declined).await?;
        self.audit(("case", &case.to_string()), Some(case), "declined")
            .await
    }

    async fn withdraw(&mut self, agreed: &TwoApprovals, record: &BarRecord) -> Result<(), StoreError> {
        let (bar, case) = (record.bar.id, record.bar.case);
        let serial = as_int(self.serial().await?)?;
        let update = "UPDATE bars SET state = 'lifted', lifted_at = $1, lifted_serial = $2 \
             WHERE id = $3 AND state <> 'lifted'";
        if self
            .run(update, values![micros(self.now), serial, bar.to_string()])
            .await?
            != 1
        {
            return Err(Conflict::Changed.into());
        }
        // Its exceptions go with it.
        self.end_exceptions(Ending::Under(bar)).await?;
        let authority = Authority::of(agreed);
        self.change(Change::BarWithdrawn { bar, authority });
        let detail = format!(
            "lifted proposed-by={} approved-by={}",
            authority.proposed_by, authority.approved_by
        );
        self.audit(("bar", &bar.to_string()), Some(case), &detail).await
    }

    fn indexes<'a>(&self, bars: impl IntoIterator<Item = &'a BarRecord>) -> BTreeSet<String> {
        let number = |record: &BarRecord| match &record.bar.target {
            BarTarget::Number(number) => Some(self.store.keys.blind_index(number)),
            BarTarget::Address(_) => None,
        };
        bars.into_iter().filter_map(number).collect()
    }

    /// Entries that only bars had taken off, and that no bar in force forbids now, come back as new entries:
    /// a revoked identifier is never honoured again.
    async fn bring_back(
        &mut self,
        agreed: &TwoApprovals,
        indexes: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        for index in indexes {
            let query = format!(
                "SELECT e.id FROM approved_numbers e \
                 WHERE {MET} AND e.state = 'ended' AND e.cause = 'bar' ORDER BY e.id"
            );
            for row in self
                .all("approved_numbers", &query, values![index.as_str()])
                .await?
            {
                let old = row.text("id")?;
                self.bring_back_if_free(agreed, &old).await?;
            }
        }
        Ok(())
    }

    /// An entry that bars alone had taken off comes back if none of them forbids it any more.
    pub(super) async fn bring_back_if_free(
        &mut self,
        _agreed: &TwoApprovals,
        entry: &str,
    ) -> Result<(), StoreError> {
        let old = self.store.entry_on(&self.db, entry).await?;
        if self.is_barred_for(&old).await? {
            return Ok(());
        }
        self.bring_back_one(old).await
    }

    async fn bring_back_one(&mut self, old: ApprovedEntry) -> Result<(), StoreError> {
        let gone = "UPDATE approved_numbers SET cause = 'came-back' WHERE id = $1";
        let old_id = old.entry.to_string();
        self.run(gone, values![old_id.as_str()]).await?;
        let entry = EntryId::from_bytes(self.store.seams.bytes());
        let ApprovedEntry {
            prison,
            holder,
            number,
            contact,
            name,
            ..
        } = old;
        let back = NewEntry {
            entry,
            prison,
            holder,
            number,
            contact,
            name,
        };
        // What was approved twice under the bar comes back once.
        let live = "SELECT COUNT(*) AS n FROM approved_numbers \
             WHERE prison = $1 AND holder = $2 AND number_index = $3 AND state = 'live'";
        let index = self.store.keys.blind_index(&number);
        let same = values![prison.as_str(), holder.as_str(), index];
        if self.count("approved_numbers", live, same).await? > 0 {
            return Ok(());
        }
        self.insert_entry(&back).await?;
        // What was decided of the old entry holds for the new one.
        let moved = "UPDATE suspended SET entry = $1 WHERE entry = $2";
        self.run(moved, values![entry.to_string(), old_id]).await?;
        self.make_live(&entry.to_string()).await?;
        self.audit(("approved-entry", &entry.to_string()), None, "came-back")
            .await
    }
}
