//! Two prison numbers turn out to be one person's (a merge). What is barred for one of them alone is barred for the
//! other too, from the same moment at every gate: he rings under either. What he was excepted from under either ends. Nothing else is
//! moved, and nothing is lifted.

use casework::{Actor, BarScope, BarTarget, Verb};
use prison::PrisonerNumber;

use super::Store;
use super::bars::{BarRecord, COLUMNS, scope_word};
use super::error::StoreError;
use super::impose::Imposing;
use super::open_case::HeldWhy;
use super::sql::values;
use super::tx::Tx;

impl Store {
    /// Records that two prison numbers are one person's; says how many bars were imposed by it. Said again, it imposes
    /// what has come since. A number that is somebody's lawyer's is held for two people, as ever.
    pub async fn record_merge(
        &self,
        by: &Actor,
        gone: PrisonerNumber,
        survives: PrisonerNumber,
    ) -> Result<u64, StoreError> {
        if gone == survives {
            return Err(StoreError::Invalid("a merge needs two prison numbers"));
        }
        let mut tx = self.begin(by, Verb::Operate, "record-merge").await?;
        let imposed = tx.merge(gone, survives).await?;
        tx.commit().await?;
        Ok(imposed)
    }
}

impl Tx<'_> {
    /// Two numbers become one person's.
    pub(super) async fn merge(
        &mut self,
        gone: PrisonerNumber,
        survives: PrisonerNumber,
    ) -> Result<u64, StoreError> {
        let imposed = self.bar_for_other(gone, survives).await? + self.bar_for_other(survives, gone).await?;
        // Whoever was excepted under one number may be who is barred under the other.
        self.rescreen(gone).await?;
        self.rescreen(survives).await?;
        let detail = format!("into={survives} bars={imposed}");
        self.audit(("prisoner", gone.as_str()), None, &detail).await?;
        Ok(imposed)
    }

    /// A stay in prison that was recorded under one number is another's: what is barred for the first alone is barred
    /// for the second too, for it is he who is there. The first keeps his bars.
    pub(super) async fn move_booking(
        &mut self,
        from: PrisonerNumber,
        to: PrisonerNumber,
    ) -> Result<(), StoreError> {
        let imposed = self.bar_for_other(from, to).await?;
        self.rescreen(to).await?;
        let detail = format!("booking-moved-to={to} bars={imposed}");
        self.audit(("prisoner", from.as_str()), None, &detail).await
    }

    /// Bars for `other` what is barred for `known` alone; says how many bars that were.
    async fn bar_for_other(
        &mut self,
        known: PrisonerNumber,
        other: PrisonerNumber,
    ) -> Result<u64, StoreError> {
        let theirs = self.bars_for(other).await?;
        let has = |record: &BarRecord| {
            let mut theirs = theirs.iter();
            theirs.any(|held| (held.bar.case, &held.bar.target) == (record.bar.case, &record.bar.target))
        };
        let mut imposed = 0;
        for record in self.bars_for(known).await? {
            if has(&record) {
                continue;
            }
            if self.is_legal(&record.bar.target).await? {
                self.hold_once(&record).await?;
                continue;
            }
            let also = Imposing {
                case: record.bar.case,
                request: None,
                target: &record.bar.target,
                scope: BarScope::Prisoner(other),
                state: record.bar.state,
                ruling: &record.bar.ruling,
                at_once: false,
                filed_by: record.filed_by,
            };
            self.impose(also).await?;
            imposed += 1;
        }
        Ok(imposed)
    }

    /// Keeps a lawyer's number for two people, unless it waits for them already.
    async fn hold_once(&self, record: &BarRecord) -> Result<(), StoreError> {
        let BarRecord { bar, .. } = record;
        let query = "SELECT COUNT(*) AS n FROM held_targets \
             WHERE case_id = $1 AND number_index = $2 AND settled IS NULL";
        let asked = values![bar.case.to_string(), self.index_of(&bar.target)];
        let waits = self.count("held_targets", query, asked).await? > 0;
        let is_number = matches!(bar.target, BarTarget::Number(_));
        if is_number && !waits {
            self.hold(bar.case, None, &bar.target, HeldWhy::Legal, "added")
                .await?;
        }
        Ok(())
    }

    /// The bars in force that hold for this prisoner alone.
    async fn bars_for(&self, prisoner: PrisonerNumber) -> Result<Vec<BarRecord>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM bars WHERE scope = $1 AND state <> 'lifted' ORDER BY imposed_at, id"
        );
        let scope = scope_word(BarScope::Prisoner(prisoner));
        let rows = self.all("bars", &query, values![scope]).await?;
        rows.iter().map(|row| self.store.read_bar(row)).collect()
    }
}
