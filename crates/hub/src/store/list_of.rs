//! Everything that the gates of one prison hold, as at one moment.

use casework::{BarId, BarScope, BarTarget};
use feed::{ContactKind, EntryId, Regime, Serial};
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use sea_orm::DatabaseTransaction;

use super::approved_numbers::{self, ApprovedEntry};
use super::error::StoreError;
use super::exceptions::ExceptionRecord;
use super::history::head_on;
use super::sql::{self, values};
use super::{Store, bars};

/// One line of a list, the number in the clear: it does not leave the hub in this form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListEntry {
    /// A barred number.
    Bar {
        /// The bar.
        bar: BarId,
        /// The number.
        number: PhoneNumber,
        /// To whom it applies.
        scope: BarScope,
    },
    /// An entry of a prisoner's approved list.
    Approved {
        /// The entry.
        entry: EntryId,
        /// The number.
        number: PhoneNumber,
        /// The prisoner.
        holder: PrisonerNumber,
        /// What kind of contact it is.
        contact: ContactKind,
    },
    /// A prisoner of the prison whom one of the bars does not meet.
    Exception(ExceptionRecord),
}

impl Store {
    /// The list of a prison under a regime, and the serial at which it stands. Under call barring: every
    /// bar on a number, the prison's exceptions and its approved entries; under call enabling only these, from which what
    /// is barred was taken when it was barred.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if any bar of the estate or any entry of the prison cannot be read, under
    /// either regime: a list that cannot be built in full is not published.
    pub async fn list_of(
        &self,
        prison: PrisonId,
        regime: Regime,
    ) -> Result<(Serial, Vec<ListEntry>), StoreError> {
        let db = self.snapshot().await?;
        let serial = head_on(&db).await?;
        let mut list = self.barred_numbers(&db).await?;
        let excepted = self.exceptions_in(&db, prison).await?;
        list.extend(excepted.into_iter().map(ListEntry::Exception));
        if regime == Regime::CallEnabling {
            list.clear();
        }
        for entry in self.live_entries_of(&db, prison).await? {
            let ApprovedEntry {
                entry,
                number,
                holder,
                contact,
                ..
            } = entry;
            list.push(ListEntry::Approved {
                entry,
                number,
                holder,
                contact,
            });
        }
        Ok((serial, list))
    }

    async fn barred_numbers(&self, db: &DatabaseTransaction) -> Result<Vec<ListEntry>, StoreError> {
        let columns = bars::COLUMNS;
        let query = format!("SELECT {columns} FROM bars WHERE kind <> 'address' AND state <> 'lifted'");
        let rows = sql::all(db, "bars", &query, values![]).await?;
        let bars = rows.iter().map(|row| {
            let bar = self.read_bar(row)?.bar;
            match bar.target {
                BarTarget::Number(number) => Ok(ListEntry::Bar {
                    bar: bar.id,
                    number,
                    scope: bar.scope,
                }),
                BarTarget::Address(_) => Err(row.damaged()),
            }
        });
        bars.collect()
    }

    async fn live_entries_of(
        &self,
        db: &DatabaseTransaction,
        prison: PrisonId,
    ) -> Result<Vec<ApprovedEntry>, StoreError> {
        let columns = approved_numbers::COLUMNS;
        let query = format!(
            "SELECT {columns} FROM approved_numbers \
             WHERE prison = $1 AND state NOT IN ('applied', 'ended')"
        );
        let rows = sql::all(db, "approved_numbers", &query, values![prison.as_str()]).await?;
        rows.iter().map(|row| self.read_entry(row)).collect()
    }
}
