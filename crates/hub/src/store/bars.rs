//! Bars as they are kept: read one, read all, read the addresses.

use casework::{AccountId, Bar, BarId, BarScope, BarState, BarTarget, CaseId, WrittenAddress};
use feed::Serial;
use jiff::Timestamp;
use sea_orm::ConnectionTrait;

use super::Store;
use super::error::StoreError;
use super::history::head_on;
use super::sql::{self, Row, micros, values};

/// A bar and what is on record of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarRecord {
    /// The bar.
    pub bar: Bar,
    /// The account that filed the request it rests on; `None` if a handler added it.
    pub filed_by: Option<AccountId>,
    /// When it was imposed, UTC.
    pub imposed_at: Timestamp,
    /// The serial at which gates were told.
    pub serial: Serial,
}

/// One barred address.
pub(super) struct AddressBar {
    pub(super) bar: BarId,
    pub(super) case: CaseId,
    /// The address, as it was written.
    pub(super) written: WrittenAddress,
    pub(super) scope: BarScope,
}

pub(super) const COLUMNS: &str =
    "id, case_id, target, number_index, scope, state, ruling, filed_by, imposed_at, serial";
pub(super) const TARGET: (&str, &str) = ("bars", "target");

impl Store {
    /// One bar, in force or lifted.
    pub async fn bar(&self, id: BarId) -> Result<BarRecord, StoreError> {
        self.bar_on(&self.reader, id).await?.ok_or(StoreError::NotFound)
    }

    /// The serial of the newest bar in force on a number that was imposed before this time.
    pub async fn newest_bar_before(&self, at: Timestamp) -> Result<Option<Serial>, StoreError> {
        let query = "SELECT MAX(serial) AS n FROM bars \
             WHERE kind = 'number' AND state <> 'lifted' AND imposed_at < $1";
        let row = sql::one(&self.reader, "bars", query, values![micros(at)]).await?;
        let newest = row.map(|row| row.int_if_any("n")).transpose()?.flatten();
        Ok(newest.and_then(|serial| u64::try_from(serial).ok()).map(Serial))
    }

    /// Every address bar in force, and the serial at which they stand.
    pub(super) async fn address_bars(&self) -> Result<(Serial, Vec<AddressBar>), StoreError> {
        let db = self.snapshot().await?;
        let serial = head_on(&db).await?;
        let query = format!("SELECT {COLUMNS} FROM bars WHERE kind = 'address' AND state <> 'lifted'");
        let rows = sql::all(&db, "bars", &query, values![]).await?;
        let bars = rows.iter().map(|row| {
            let BarRecord { bar, .. } = self.read_bar(row)?;
            match bar.target {
                BarTarget::Address(written) => Ok(AddressBar {
                    bar: bar.id,
                    case: bar.case,
                    written,
                    scope: bar.scope,
                }),
                BarTarget::Number(_) => Err(row.damaged()),
            }
        });
        Ok((serial, bars.collect::<Result<_, StoreError>>()?))
    }

    pub(super) async fn bar_on(
        &self,
        on: &impl ConnectionTrait,
        id: BarId,
    ) -> Result<Option<BarRecord>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM bars WHERE id = $1");
        let row = sql::one(on, "bars", &query, values![id.to_string()]).await?;
        row.map(|row| self.read_bar(&row)).transpose()
    }

    pub(super) async fn bars_of_case(
        &self,
        on: &impl ConnectionTrait,
        case: CaseId,
    ) -> Result<Vec<BarRecord>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM bars WHERE case_id = $1 ORDER BY imposed_at, id");
        let rows = sql::all(on, "bars", &query, values![case.to_string()]).await?;
        rows.iter().map(|row| self.read_bar(row)).collect()
    }

    /// Reads a row; a number that does not answer to its blind index was tampered with.
    pub(super) fn read_bar(&self, row: &Row) -> Result<BarRecord, StoreError> {
        let target: BarTarget = self.open_sealed(TARGET, &row.text("id")?, row)?;
        let index = row.text_if_any("number_index")?;
        let expected = match &target {
            BarTarget::Number(number) => Some(self.keys.blind_index(number)),
            BarTarget::Address(_) => None,
        };
        if index != expected {
            return Err(row.damaged());
        }
        let bar = Bar {
            id: row.parsed("id")?,
            case: row.parsed("case_id")?,
            target,
            scope: scope(row)?,
            state: state(row)?,
            ruling: row.json("ruling")?,
        };
        Ok(BarRecord {
            bar,
            filed_by: row.parsed_if_any("filed_by")?,
            imposed_at: row.time("imposed_at")?,
            serial: Serial(row.count("serial")?),
        })
    }
}

/// `estate`, or the one prisoner's number.
pub(super) fn scope_word(scope: BarScope) -> String {
    match scope {
        BarScope::Estate => "estate".to_owned(),
        BarScope::Prisoner(prisoner) => prisoner.to_string(),
    }
}

pub(super) fn scope(row: &Row) -> Result<BarScope, StoreError> {
    match row.text("scope")?.as_str() {
        "estate" => Ok(BarScope::Estate),
        prisoner => prisoner
            .parse()
            .map(BarScope::Prisoner)
            .map_err(|_| row.damaged()),
    }
}

pub(super) fn state_word(state: BarState) -> &'static str {
    match state {
        BarState::Interim => "interim",
        BarState::Confirmed => "confirmed",
        BarState::Lifted => "lifted",
    }
}

fn state(row: &Row) -> Result<BarState, StoreError> {
    match row.text("state")?.as_str() {
        "interim" => Ok(BarState::Interim),
        "confirmed" => Ok(BarState::Confirmed),
        "lifted" => Ok(BarState::Lifted),
        _ => Err(row.damaged()),
    }
}
