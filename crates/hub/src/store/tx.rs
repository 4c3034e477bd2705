//! One write: a transaction that is serial with every other, knows who acts, collects what the feed is told
//! and commits everything together or nothing.

use std::collections::BTreeSet;

use casework::{Actor, Verb};
use feed::Serial;
use jiff::Timestamp;
use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait, Value};

use super::Store;
use super::error::{Refusal, StoreError, unavailable};
use super::history::Change;
use super::sql::{self, Row, json, micros, values};

/// One transaction that writes. Dropped without [`Tx::commit`], it leaves nothing behind.
pub(super) struct Tx<'a> {
    pub(super) store: &'a Store,
    pub(super) db: DatabaseTransaction,
    /// The one time at which all of it happens, in whole microseconds, as it is stored.
    pub(super) now: Timestamp,
    /// Who acts, as he is on record.
    pub(super) by: Actor,
    /// What the audit calls the verb.
    pub(super) verb: &'static str,
    serial: Option<Serial>,
    roster: Option<i64>,
    changes: Vec<Change>,
}

impl Store {
    /// Begins a write by an account that must be on record and may do `may`. A refusal is audited.
    pub(super) async fn begin(
        &self,
        by: &Actor,
        may: Verb,
        verb: &'static str,
    ) -> Result<Tx<'_>, StoreError> {
        let mut tx = self.begin_as(by, verb).await?;
        let on_record = super::accounts::on_record(&tx, by).await?;
        match on_record.filter(|actor| actor.role.may(may)) {
            Some(actor) => {
                tx.by = actor;
                Ok(tx)
            }
            None => Err(tx.refuse(Refusal::NotTheirs).await),
        }
    }

    /// Begins a write in somebody's name without asking what he may do.
    pub(super) async fn begin_as(&self, by: &Actor, verb: &'static str) -> Result<Tx<'_>, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.is_sqlite().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let db = self
            .writer
            .begin_with_options(options)
            .await
            .map_err(unavailable)?;
        sql::run(
            &db,
            "UPDATE counters SET value = value + 1 WHERE name = 'writer'",
            values![],
        )
        .await?;
        let now = Timestamp::from_microsecond(micros(self.seams.clock.now()))
            .map_err(|_| StoreError::Unavailable("the clock is out of range".to_owned()))?;
        Ok(Tx {
            store: self,
            db,
            now,
            by: by.clone(),
            verb,
            serial: None,
            roster: None,
            changes: Vec::new(),
        })
    }
}

impl Tx<'_> {
    /// Commits everything, history included, and then tells whoever waits for it.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if !self.changes.is_empty() {
            let serial = self.serial().await?;
            let insert = "INSERT INTO history (serial, at, changes) VALUES ($1, $2, $3)";
            let row = values![as_int(serial)?, micros(self.now), json(&self.changes)?];
            self.run(insert, row).await?;
        }
        let Self {
            store,
            db,
            serial,
            changes,
            ..
        } = self;
        db.commit().await.map_err(unavailable)?;
        if let Some(serial) = serial.filter(|_| !changes.is_empty()) {
            store.announce(serial);
        }
        Ok(())
    }

    /// Ends the write without doing anything but noting in the audit that a rule forbade it.
    pub(super) async fn refuse(self, refusal: impl Into<StoreError>) -> StoreError {
        let refusal = refusal.into();
        let Self {
            store, db, by, verb, ..
        } = self;
        if let Err(error) = db.rollback().await {
            return unavailable(error);
        }
        match store.note_refusal(&by, verb).await {
            Ok(()) => refusal,
            Err(error) => error,
        }
    }

    /// The serial of this transaction's change; the same for all of them.
    pub(super) async fn serial(&mut self) -> Result<Serial, StoreError> {
        if let Some(serial) = self.serial {
            return Ok(serial);
        }
        let serial = Serial(self.next("history").await?);
        self.serial = Some(serial);
        Ok(serial)
    }

    /// The revision of what this transaction changes of the roster; the same for all of it.
    pub(super) async fn revision(&mut self) -> Result<i64, StoreError> {
        if let Some(revision) = self.roster {
            return Ok(revision);
        }
        let revision = as_int(Serial(self.next("roster").await?))?;
        self.roster = Some(revision);
        Ok(revision)
    }

    /// Notes a change that gates must hear of; [`Tx::serial`] must have been asked for by then or will be.
    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Raises a gapless counter.
    pub(super) async fn next(&self, counter: &str) -> Result<u64, StoreError> {
        let raise = "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value";
        let row = self.one("counters", raise, values![counter]).await?;
        row.ok_or_else(|| missing("counters", counter))?.count("value")
    }

    pub(super) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        sql::run(&self.db, sql, values).await
    }

    pub(super) async fn all(
        &self,
        table: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        sql::all(&self.db, table, sql, values).await
    }

    /// The rows of these keys, in one query; none for none.
    pub(super) async fn of_keys(
        &self,
        table: &'static str,
        columns: &str,
        keys: BTreeSet<String>,
    ) -> Result<Vec<Row>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=keys.len()).map(|place| format!("${place}")).collect();
        let query = format!(
            "SELECT {columns} FROM {table} WHERE id IN ({})",
            places.join(", ")
        );
        self.all(table, &query, keys.into_iter().map(Value::from).collect())
            .await
    }

    pub(super) async fn one(
        &self,
        table: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        sql::one(&self.db, table, sql, values).await
    }
}

/// A serial or sequence as it is stored.
pub(super) fn as_int(serial: Serial) -> Result<i64, StoreError> {
    i64::try_from(serial.0).map_err(|_| StoreError::Invalid("a serial is too large to be stored"))
}

/// A row that must be there is not.
pub(super) fn missing(table: &'static str, row: &str) -> StoreError {
    StoreError::Damaged {
        table,
        row: row.to_owned(),
    }
}
