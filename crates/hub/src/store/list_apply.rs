//! An import that two people agreed to is taken over, batch by batch, each batch one transaction, so that a bar never
//! waits long and a hub that stops goes on where it was. Each row is screened as it goes onto its list: a barred
//! number never goes live, a handler hears of its holder, and the importer is told what he is told of every row.

use casework::{Personal, ProposalId, TwoApprovals};
use feed::EntryId;
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::accounts::{find, service};
use super::approved_numbers::{NewEntry, contact};
use super::error::{Refusal, StoreError};
use super::history::Change;
use super::list_imports::LEFT_OUT;
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};
use crate::lists::{FileLimits, RowProblem};

/// What one batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The import.
    pub import: Uuid,
    /// Rows of this batch that have gone through, or entries that came off.
    pub rows: u64,
    /// Whether the import is done.
    pub done: bool,
}

struct Approved {
    import: Uuid,
    prison: PrisonId,
    proposal: ProposalId,
    take_left_out_off: bool,
}

impl Store {
    /// Takes the next batch of the oldest approved import over; `None` if there is none.
    ///
    /// # Errors
    /// [`Refusal::NotTwoPeople`] if the accounts on record are not two people's: nothing is taken over then.
    pub async fn apply_list_import(&self) -> Result<Option<Applied>, StoreError> {
        let _turn = self.can_wait.lock().await;
        let mut tx = self.begin_as(&service(), "apply-list").await?;
        let Some(approved) = tx.oldest_approved().await? else {
            return Ok(None);
        };
        let agreed = tx.agreed_on_record(approved.proposal).await?;
        let rows = tx.take_batch(&agreed, &approved).await?;
        let off = match rows {
            0 if approved.take_left_out_off => tx.take_left_out_off(&agreed, &approved).await?,
            _ => 0,
        };
        let done = rows == 0 && off == 0;
        tx.count_applied(&approved, rows, off, done).await?;
        tx.commit().await?;
        Ok(Some(Applied {
            import: approved.import,
            rows: rows + off,
            done,
        }))
    }
}

impl Tx<'_> {
    async fn oldest_approved(&self) -> Result<Option<Approved>, StoreError> {
        let query = "SELECT id, prison, proposal, take_left_out_off FROM list_imports \
             WHERE state = 'approved' ORDER BY staged_at, id LIMIT 1";
        let row = self.one("list_imports", query, values![]).await?;
        let read = |row: Row| {
            Ok(Approved {
                import: row.parsed("id")?,
                prison: row.parsed("prison")?,
                proposal: row.parsed_if_any("proposal")?.ok_or_else(|| row.damaged())?,
                take_left_out_off: row.int("take_left_out_off")? != 0,
            })
        };
        row.map(read).transpose()
    }

    /// The agreement of two people to a proposal that was approved before, by the accounts as they are on record.
    async fn agreed_on_record(&self, id: ProposalId) -> Result<TwoApprovals, StoreError> {
        let query = "SELECT id, change, case_id, reason, proposed_by, proposed_at, state, decided_by \
             FROM proposals WHERE id = $1 AND state = 'approved'";
        let row = self.one("proposals", query, values![id.to_string()]).await?;
        let row = row.ok_or_else(|| missing("proposals", &id.to_string()))?;
        let proposal = self.store.read_proposal(&row)?;
        let approver = find(self, row.parsed("decided_by")?).await?;
        let proposer = find(self, proposal.proposed_by).await?;
        match (&proposer, &approver) {
            (Some(proposer), Some(approver)) => Ok(TwoApprovals::agree(proposal, proposer, approver)?),
            _ => Err(Refusal::NotTheirs.into()),
        }
    }

    async fn take_batch(&mut self, agreed: &TwoApprovals, approved: &Approved) -> Result<u64, StoreError> {
        let query = "SELECT row_no, holder, number, number_index, contact, name FROM import_rows \
             WHERE import = $1 AND fate = 'waits' ORDER BY row_no LIMIT $2";
        let most = i64::try_from(FileLimits::DEFAULT.taken_at_once).unwrap_or(i64::MAX);
        let import = approved.import.to_string();
        let rows = self
            .all("import_rows", query, values![import.as_str(), most])
            .await?;
        for row in &rows {
            self.take_row(agreed, approved, row).await?;
            let done = "UPDATE import_rows SET fate = 'done' WHERE import = $1 AND row_no = $2";
            self.run(done, values![import.as_str(), row.int("row_no")?])
                .await?;
        }
        Ok(rows.len() as u64)
    }

    /// Puts one row on its list, unless it stands there, its holder has moved, or a bar forbids it.
    async fn take_row(
        &mut self,
        agreed: &TwoApprovals,
        approved: &Approved,
        row: &Row,
    ) -> Result<(), StoreError> {
        let key = format!("{}/{}", approved.import, row.count("row_no")?);
        let holder: PrisonerNumber = row.parsed("holder")?;
        if !self.is_held_in(approved.prison, holder).await? {
            let number = row.count("row_no")?;
            return self
                .keep_problem(approved.import, number, RowProblem::NotHeldHere)
                .await;
        }
        let index = row.text("number_index")?;
        if self.is_on_list(approved.prison, holder, &index).await? {
            return Ok(());
        }
        let held_back = "SELECT id FROM approved_numbers WHERE number_index = $1 AND prison = $2 AND holder = $3 \
             AND state = 'ended' AND cause = 'bar' ORDER BY id LIMIT 1";
        let same = values![index, approved.prison.as_str(), holder.as_str()];
        if let Some(old) = self.one("approved_numbers", held_back, same).await? {
            return self.hold_back(&old.text("id")?).await;
        }
        let name: Personal = self.store.open_sealed(("import_rows", "name"), &key, row)?;
        let new = NewEntry {
            entry: EntryId::from_bytes(self.store.seams.bytes()),
            prison: approved.prison,
            holder,
            number: self.store.open_row_number(&key, row)?,
            contact: contact(row)?,
            name,
        };
        self.insert_entry(&new).await?;
        self.screen(agreed, &new.entry.to_string()).await
    }

    /// Puts an entry that was applied for on the list, or holds it back where a bar forbids it.
    async fn screen(&mut self, _agreed: &TwoApprovals, entry: &str) -> Result<(), StoreError> {
        let found = self.store.entry_on(&self.db, entry).await?;
        if self.is_barred_for(&found).await? {
            self.hold_back(entry).await
        } else {
            self.make_live(entry).await
        }
    }

    /// Takes off what the file leaves out, a batch of it; never a lawyer's number.
    async fn take_left_out_off(
        &mut self,
        _agreed: &TwoApprovals,
        approved: &Approved,
    ) -> Result<u64, StoreError> {
        let query = format!("SELECT e.id, e.state {LEFT_OUT} ORDER BY e.id LIMIT $2");
        let most = i64::try_from(FileLimits::DEFAULT.taken_at_once).unwrap_or(i64::MAX);
        let rows = self
            .all(
                "approved_numbers",
                &query,
                values![approved.import.to_string(), most],
            )
            .await?;
        for row in &rows {
            let entry = row.text("id")?;
            let off =
                "UPDATE approved_numbers SET state = 'ended', cause = 'prison', ended_at = $1 WHERE id = $2";
            self.run(off, values![micros(self.now), entry.as_str()]).await?;
            let found = self.store.entry_on(&self.db, &entry).await?;
            if row.text("state")? == "live" {
                self.serial().await?;
                self.change(Change::EntryRevoked { entry });
            }
            self.end_with_entry(&found).await?;
        }
        Ok(rows.len() as u64)
    }

    async fn count_applied(
        &self,
        approved: &Approved,
        rows: u64,
        off: u64,
        done: bool,
    ) -> Result<(), StoreError> {
        let import = approved.import.to_string();
        let update = "UPDATE list_imports SET taken = taken + $1, came_off = came_off + $2, \
             state = CASE WHEN $3 = 1 THEN 'done' ELSE state END, \
             done_at = CASE WHEN $3 = 1 THEN $4 ELSE done_at END WHERE id = $5";
        let int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let row = values![
            int(rows),
            int(off),
            i64::from(done),
            micros(self.now),
            import.as_str()
        ];
        self.run(update, row).await?;
        if done {
            self.forget_rows(&import).await?;
        }
        let detail = format!("applied rows={rows} came-off={off} done={done}");
        self.audit(("list-import", &import), None, &detail).await
    }
}
