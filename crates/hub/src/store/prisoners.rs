//! The roster as the prison service gives it. It lifts no bar and puts no number on a list: an import, a transfer
//! or a release can only take away. Who leaves a prison is screened again, and what two people let him keep there
//! ends.

use std::fmt;

use casework::{Actor, Verb};
use offender::PrisonerRecord;
use prison::{PrisonId, PrisonerNumber};
use serde::Serialize;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::sql::{self, Row, micros, values};
use super::tx::Tx;

/// What came of a piece of the roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RosterTaken {
    /// Prisoners who were not on record.
    pub new: u64,
    /// Prisoners whose record changed.
    pub changed: u64,
    /// Those of them who are held elsewhere now, or nowhere.
    pub moved: u64,
    /// Records that were on file in the same words.
    pub unchanged: u64,
}

impl RosterTaken {
    /// Counts another piece in.
    pub fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.moved += other.moved;
        self.unchanged += other.unchanged;
    }
}

impl fmt::Display for RosterTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            new,
            changed,
            moved,
            unchanged,
        } = self;
        write!(
            f,
            "new={new} changed={changed} moved={moved} unchanged={unchanged}"
        )
    }
}

/// What became of one record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    New,
    Changed,
    Moved,
    Unchanged,
}

const RECORD: (&str, &str) = ("prisoners", "record");

impl Store {
    /// Takes over these records, as [`Store::import_roster`] does, in the hub's own name.
    pub async fn import_prisoners(&self, records: Vec<PrisonerRecord>) -> Result<RosterTaken, StoreError> {
        let tx = self.begin_as(&service(), "import-prisoners").await?;
        tx.take_roster(records).await
    }

    /// An operator takes over these records in one transaction, new and changed ones alike. A record that is on file
    /// in the same words changes nothing.
    pub async fn import_roster(
        &self,
        by: &Actor,
        records: Vec<PrisonerRecord>,
    ) -> Result<RosterTaken, StoreError> {
        let tx = self.begin(by, Verb::Operate, "import-prisoners").await?;
        tx.take_roster(records).await
    }

    /// Changes with every change of the roster.
    pub async fn roster_mark(&self) -> Result<(u64, i64), StoreError> {
        let query = "SELECT COUNT(*) AS n, COALESCE(MAX(updated_at), 0) AS newest FROM prisoners";
        let row = sql::one(&self.reader, "prisoners", query, values![]).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.count("n")?, row.int("newest")?)))
    }

    /// Every prisoner, by number.
    pub async fn prisoners(&self) -> Result<Vec<PrisonerRecord>, StoreError> {
        let query = "SELECT number, record FROM prisoners ORDER BY number";
        let rows = sql::all(&self.reader, "prisoners", query, values![]).await?;
        rows.iter().map(|row| self.read_prisoner(row)).collect()
    }

    /// One prisoner.
    pub async fn prisoner(&self, number: PrisonerNumber) -> Result<Option<PrisonerRecord>, StoreError> {
        let query = "SELECT number, record FROM prisoners WHERE number = $1";
        let row = sql::one(&self.reader, "prisoners", query, values![number.as_str()]).await?;
        row.map(|row| self.read_prisoner(&row)).transpose()
    }

    /// The prisoners whom one prison holds, by number.
    pub async fn prisoners_in(&self, prison: PrisonId) -> Result<Vec<PrisonerRecord>, StoreError> {
        let query = "SELECT number, record FROM prisoners WHERE prison = $1 ORDER BY number";
        let rows = sql::all(&self.reader, "prisoners", query, values![prison.as_str()]).await?;
        rows.iter().map(|row| self.read_prisoner(row)).collect()
    }

    /// Records that a prisoner is now held elsewhere, is between prisons (`TRN`) or out (`OUT`).
    pub async fn record_transfer(&self, number: PrisonerNumber, to: PrisonId) -> Result<(), StoreError> {
        let mut tx = self.begin_as(&service(), "record-transfer").await?;
        let query = "SELECT number, record FROM prisoners WHERE number = $1";
        let row = tx
            .one("prisoners", query, values![number.as_str()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let mut record = self.read_prisoner(&row)?;
        record.last_prison_id = record.prison_id.take();
        record.prison_id = Some(to);
        tx.put_prisoner(&record).await?;
        tx.audit(("prisoner", number.as_str()), None, to.as_str()).await?;
        tx.commit().await
    }

    fn read_prisoner(&self, row: &Row) -> Result<PrisonerRecord, StoreError> {
        self.open_sealed(RECORD, &row.text("number")?, row)
    }
}

impl Tx<'_> {
    /// Whether a prison holds this prisoner now.
    pub(super) async fn is_held_in(
        &self,
        prison: PrisonId,
        number: PrisonerNumber,
    ) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM prisoners WHERE number = $1 AND prison = $2";
        let asked = values![number.as_str(), prison.as_str()];
        Ok(self.count("prisoners", query, asked).await? > 0)
    }

    /// Whether anybody has this number, in custody or not.
    pub(super) async fn is_on_record(&self, number: PrisonerNumber) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM prisoners WHERE number = $1";
        Ok(self.count("prisoners", query, values![number.as_str()]).await? > 0)
    }

    /// Keeps a record. Whoever left a prison by it is screened again.
    async fn put_prisoner(&mut self, record: &PrisonerRecord) -> Result<Kept, StoreError> {
        let number = record.prisoner_number.as_str();
        let query = "SELECT number, record FROM prisoners WHERE number = $1";
        let known = self.one("prisoners", query, values![number]).await?;
        let known = known.map(|row| self.store.read_prisoner(&row)).transpose()?;
        if known.as_ref() == Some(record) {
            return Ok(Kept::Unchanged);
        }
        self.write_prisoner(record).await?;
        let Some(known) = known else { return Ok(Kept::New) };
        self.notice_release(&known, record).await?;
        if known.prison_id == record.prison_id {
            return Ok(Kept::Changed);
        }
        self.rescreen(record.prisoner_number).await?;
        Ok(Kept::Moved)
    }

    async fn take_roster(mut self, records: Vec<PrisonerRecord>) -> Result<RosterTaken, StoreError> {
        let mut taken = RosterTaken::default();
        for record in &records {
            let kept = self.put_prisoner(record).await?;
            taken.new += u64::from(kept == Kept::New);
            taken.changed += u64::from(matches!(kept, Kept::Changed | Kept::Moved));
            taken.moved += u64::from(kept == Kept::Moved);
            taken.unchanged += u64::from(kept == Kept::Unchanged);
        }
        self.audit(("roster", "prisoners"), None, &taken.to_string())
            .await?;
        self.commit().await?;
        Ok(taken)
    }

    async fn write_prisoner(&self, record: &PrisonerRecord) -> Result<(), StoreError> {
        let number = record.prisoner_number.as_str();
        let upsert = "INSERT INTO prisoners (number, prison, record, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (number) DO UPDATE SET prison = excluded.prison, record = excluded.record, \
             updated_at = excluded.updated_at";
        let prison = record.prison_id.map(|prison| prison.to_string());
        let sealed = self.store.seal(RECORD, number, record)?;
        self.run(upsert, values![number, prison, sealed, micros(self.now)])
            .await
            .map(drop)
    }
}
