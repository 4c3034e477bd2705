//! The prisons switched on to the service: one step to join, two people to leave.

use casework::{Actor, Verb};
use feed::Regime;
use jiff::Timestamp;
use prison::PrisonId;

use super::Store;
use super::error::{Conflict, StoreError};
use super::sql::{self, Row, micros, values};
use super::tx::Tx;

/// One prison that is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrisonOn {
    /// The prison.
    pub prison: PrisonId,
    /// What becomes of a number that is neither barred nor approved.
    pub regime: Regime,
    /// Since when, UTC.
    pub since: Timestamp,
}

const COLUMNS: &str = "prison AS id, regime, since";

impl Store {
    /// Switches a prison on. One that is on under this regime stays as it is; another regime would let
    /// something through that was refused before, so the prison must first be switched off, by two people.
    pub async fn switch_prison_on(
        &self,
        by: &Actor,
        prison: PrisonId,
        regime: Regime,
    ) -> Result<(), StoreError> {
        if !prison.is_establishment() {
            return Err(StoreError::Invalid("this is no prison"));
        }
        let tx = self.begin(by, Verb::Operate, "switch-prison-on").await?;
        match tx.prison_on(prison).await? {
            Some(on) if on.regime == regime => return Ok(()),
            Some(_) => return Err(tx.refuse(Conflict::OtherRegime).await),
            None => {}
        }
        let insert = "INSERT INTO prisons_on (prison, regime, since) VALUES ($1, $2, $3)";
        tx.run(insert, values![prison.as_str(), word(regime), micros(tx.now)])
            .await?;
        tx.audit(("prison", prison.as_str()), None, word(regime)).await?;
        tx.commit().await
    }

    /// Every prison that is switched on, by its identifier.
    pub async fn prisons_on(&self) -> Result<Vec<PrisonOn>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM prisons_on ORDER BY prison");
        let rows = sql::all(&self.reader, "prisons_on", &query, values![]).await?;
        rows.iter().map(read).collect()
    }
}

impl Tx<'_> {
    pub(super) async fn prison_on(&self, prison: PrisonId) -> Result<Option<PrisonOn>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM prisons_on WHERE prison = $1");
        let row = self.one("prisons_on", &query, values![prison.as_str()]).await?;
        row.as_ref().map(read).transpose()
    }
}

fn read(row: &Row) -> Result<PrisonOn, StoreError> {
    let regime = match row.text("regime")?.as_str() {
        "call-barring" => Regime::CallBarring,
        "call-enabling" => Regime::CallEnabling,
        _ => return Err(row.damaged()),
    };
    Ok(PrisonOn {
        prison: row.parsed("id")?,
        regime,
        since: row.time("since")?,
    })
}

fn word(regime: Regime) -> &'static str {
    match regime {
        Regime::CallBarring => "call-barring",
        Regime::CallEnabling => "call-enabling",
    }
}
