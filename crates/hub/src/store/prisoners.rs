//! The roster as the prison service gives it. It lifts no bar and puts no number on a list: an import, a transfer
//! or a release can only take away. Who leaves a prison is screened again, and what two people let him keep there
//! ends. A file and an event go the same way ([`Tx::keep`]), and an older word of either never undoes a newer one
//! ([`super::placed`]).

use std::fmt;

use casework::{Actor, Verb};
use jiff::Timestamp;
use offender::PrisonerRecord;
use prison::{PrisonId, PrisonerNumber};
use serde::Serialize;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::placed::{Kept, Marks};
use super::sql::{self, Row, values};
use super::tx::Tx;
use crate::custody::standing;

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

pub(super) const RECORD: (&str, &str) = ("prisoners", "record");

impl Store {
    /// Takes over these records as they stand now, as [`Store::import_roster`] does, in the hub's own name.
    pub async fn import_prisoners(&self, records: Vec<PrisonerRecord>) -> Result<RosterTaken, StoreError> {
        let tx = self.begin_as(&service(), "import-prisoners").await?;
        let now = tx.now;
        tx.take_roster(records, now).await
    }

    /// An operator takes over these records in one transaction, new and changed ones alike. A record that is on file
    /// in the same words changes nothing, and where somebody is stays as a newer event than `as_of`, UTC, has it.
    pub async fn import_roster(
        &self,
        by: &Actor,
        records: Vec<PrisonerRecord>,
        as_of: Timestamp,
    ) -> Result<RosterTaken, StoreError> {
        let tx = self.begin(by, Verb::Operate, "import-prisoners").await?;
        let as_of = as_of.min(tx.now);
        tx.take_roster(records, as_of).await
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
        let known = tx.known_prisoner(number).await?.ok_or(StoreError::NotFound)?;
        let mut record = known.record.clone();
        record.last_prison_id = record.prison_id.take();
        record.prison_id = Some(to);
        let marks = Marks::of(tx.now).newer(known.marks);
        tx.keep(Some(&known), &record, marks).await?;
        tx.audit(("prisoner", number.as_str()), None, to.as_str()).await?;
        tx.commit().await
    }

    pub(super) fn read_prisoner(&self, row: &Row) -> Result<PrisonerRecord, StoreError> {
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

    async fn take_roster(
        mut self,
        records: Vec<PrisonerRecord>,
        as_of: Timestamp,
    ) -> Result<RosterTaken, StoreError> {
        let mut taken = RosterTaken::default();
        let marks = Marks::of(as_of);
        for mut record in records {
            let alerts = record.alerts.take();
            let known = self.known_prisoner(record.prisoner_number).await?;
            let (record, marks) = match &known {
                Some(known) => known.with_what_is_newer(record, marks),
                None => (record, marks),
            };
            let kept = self.keep(known.as_ref(), &record, marks).await?;
            if let Some(alerts) = alerts {
                self.take_alerts(record.prisoner_number, &standing(&alerts), as_of)
                    .await?;
            }
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
}
