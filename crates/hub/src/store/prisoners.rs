//! The roster as the prison service gives it. It lifts no bar and puts no number on a list: an import, a transfer
//! or a release can only take away. Who leaves a prison is screened again, and what two people let him keep there
//! ends. A file and an event go the same way ([`Tx::keep`]), and an older word of either never undoes a newer one
//! ([`super::placed`]).

use std::fmt;

use offender::PrisonerRecord;
use prison::{PrisonId, PrisonerNumber};
use serde::Serialize;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::placed::{Kept, Marks};
use super::sql::{self, Row, values};
use super::tx::{Tx, missing};
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
    pub(super) fn count(&mut self, kept: Kept) {
        self.new += u64::from(kept == Kept::New);
        self.changed += u64::from(matches!(kept, Kept::Changed | Kept::Moved));
        self.moved += u64::from(kept == Kept::Moved);
        self.unchanged += u64::from(kept == Kept::Unchanged);
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

/// Prisoners who are read at once when all are.
const PAGE_ROWS: i64 = 2_000;

pub(super) async fn revision_on(on: &impl sea_orm::ConnectionTrait) -> Result<u64, StoreError> {
    let query = "SELECT value FROM counters WHERE name = 'roster'";
    let row = sql::one(on, "counters", query, values![]).await?;
    row.ok_or_else(|| missing("counters", "roster"))?.count("value")
}

fn as_count(count: u64) -> Result<i64, StoreError> {
    i64::try_from(count).map_err(|_| StoreError::Invalid("a number is too large to be stored"))
}

impl Store {
    /// Takes over these records as they stand now in one transaction, new and changed ones alike, in the hub's own name.
    /// A record that is on file in the same words changes nothing. A file of a roster is staged instead
    /// ([`Store::begin_roster`]).
    pub async fn import_prisoners(&self, records: Vec<PrisonerRecord>) -> Result<RosterTaken, StoreError> {
        let tx = self.begin_as(&service(), "import-prisoners").await?;
        tx.take_roster(records).await
    }

    /// The revision of the roster: rises with every change of it.
    pub async fn roster_revision(&self) -> Result<u64, StoreError> {
        revision_on(&self.reader).await
    }

    /// Everybody, page by page into a channel, as they stood at one moment; the revision of that moment. Who comes twice
    /// stands as he comes last.
    pub async fn send_prisoners(
        &self,
        to: tokio::sync::mpsc::Sender<Vec<PrisonerRecord>>,
    ) -> Result<u64, StoreError> {
        let snapshot = self.snapshot().await?;
        let revision = revision_on(&snapshot).await?;
        // Two tables and not the view of both: each is read along its index. Of two of one number the later holds.
        let queries = [
            "SELECT number, record FROM prisoner_records WHERE number > $1 ORDER BY number LIMIT $2",
            "SELECT number, record FROM roster_rows WHERE number > $1 AND EXISTS (SELECT 1 FROM roster_files \
             WHERE state = 'visible') ORDER BY number LIMIT $2",
        ];
        for query in queries {
            let mut after = String::new();
            loop {
                let page = values![after.as_str(), PAGE_ROWS];
                let rows = sql::all(&snapshot, "prisoners", query, page).await?;
                let page = rows.iter().map(|row| self.read_prisoner(row));
                let page = page.collect::<Result<Vec<_>, _>>()?;
                let Some(last) = page.last() else { break };
                after = last.prisoner_number.to_string();
                if to.send(page).await.is_err() {
                    break;
                }
            }
        }
        Ok(revision)
    }

    /// Those who have changed since a revision of the roster, and its revision now; nobody's records where more than
    /// `most` have.
    pub async fn prisoners_since(
        &self,
        known: u64,
        most: usize,
    ) -> Result<(u64, Option<Vec<PrisonerRecord>>), StoreError> {
        let snapshot = self.snapshot().await?;
        let revision = revision_on(&snapshot).await?;
        let query = "SELECT number, record FROM prisoners WHERE revision > $1 LIMIT $2";
        let past_most = as_count(most as u64 + 1)?;
        let asked = values![as_count(known)?, past_most];
        let rows = sql::all(&snapshot, "prisoners", query, asked).await?;
        if rows.len() > most {
            return Ok((revision, None));
        }
        let records = rows.iter().map(|row| self.read_prisoner(row));
        Ok((revision, Some(records.collect::<Result<_, _>>()?)))
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

    async fn take_roster(mut self, records: Vec<PrisonerRecord>) -> Result<RosterTaken, StoreError> {
        let mut taken = RosterTaken::default();
        let marks = Marks::of(self.now);
        for mut record in records {
            let alerts = record.alerts.take();
            let known = self.known_prisoner(record.prisoner_number).await?;
            let (record, marks) = match &known {
                Some(known) => known.with_what_is_newer(record, marks),
                None => (record, marks),
            };
            taken.count(self.keep(known.as_ref(), &record, marks).await?);
            if let Some(alerts) = alerts {
                self.take_alerts(record.prisoner_number, &standing(&alerts), self.now)
                    .await?;
            }
        }
        self.audit(("roster", "prisoners"), None, &taken.to_string())
            .await?;
        self.commit().await?;
        Ok(taken)
    }
}
