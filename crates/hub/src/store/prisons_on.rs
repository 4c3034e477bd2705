//! The prisons switched on to the service: one step to join under call enabling, two people under call
//! barring, two people to leave.

use casework::{Actor, TwoApprovals, Verb};
use feed::Regime;
use jiff::Timestamp;
use prison::PrisonId;

use super::Store;
use super::error::{Conflict, Refusal, StoreError};
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
    /// Switches a prison on under call enabling; one that is on under this regime stays as it is. Call barring
    /// lets every number ring that is not barred, so it takes two people:
    /// [`casework::ProposedChange::SwitchOnCallBarring`]. A prison that is on under another regime must first be
    /// switched off, by two people too.
    pub async fn switch_prison_on(
        &self,
        by: &Actor,
        prison: PrisonId,
        regime: Regime,
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::Operate, "switch-prison-on").await?;
        if tx.prison_on(prison).await?.is_some_and(|on| on.regime == regime) {
            return Ok(());
        }
        match (tx.prison_to_switch_on(prison).await, regime) {
            (Err(error @ StoreError::Conflict(_)), _) => Err(tx.refuse(error).await),
            (Err(error), _) => Err(error),
            (Ok(()), Regime::CallBarring) => Err(tx.refuse(Refusal::TakesTwoPeople).await),
            (Ok(()), Regime::CallEnabling) => {
                tx.insert_prison_on(prison, regime).await?;
                tx.commit().await
            }
        }
    }

    /// Every prison that is switched on, by its identifier.
    pub async fn prisons_on(&self) -> Result<Vec<PrisonOn>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM prisons_on ORDER BY prison");
        let rows = sql::all(&self.reader, "prisons_on", &query, values![]).await?;
        rows.iter().map(read).collect()
    }
}

impl Tx<'_> {
    /// A prison that there is and that is not switched on.
    pub(super) async fn prison_to_switch_on(&self, prison: PrisonId) -> Result<(), StoreError> {
        if !prison.is_establishment() {
            return Err(StoreError::Invalid("this is no prison"));
        }
        match self.prison_on(prison).await? {
            Some(_) => Err(Conflict::OtherRegime.into()),
            None => Ok(()),
        }
    }

    pub(super) async fn switch_on_barring(
        &mut self,
        _agreed: &TwoApprovals,
        prison: PrisonId,
    ) -> Result<(), StoreError> {
        self.prison_to_switch_on(prison).await?;
        self.insert_prison_on(prison, Regime::CallBarring).await
    }

    async fn insert_prison_on(&self, prison: PrisonId, regime: Regime) -> Result<(), StoreError> {
        let insert = "INSERT INTO prisons_on (prison, regime, since) VALUES ($1, $2, $3)";
        self.run(insert, values![prison.as_str(), word(regime), micros(self.now)])
            .await?;
        self.audit(("prison", prison.as_str()), None, word(regime)).await
    }

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
