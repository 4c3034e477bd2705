//! Prisoners who came into custody and are to be compared with the cases that wait for them: kept with the prisoner,
//! so that a hub that was down misses none.

use std::collections::BTreeMap;

use casework::CaseId;
use jiff::Timestamp;
use offender::PrisonerRecord;
use prison::PrisonId;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::raise_alerts::{AlertBody, Group, MICROS_PER_HOUR};
use super::sql::{self, micros, values};
use crate::alerts::{Sign, Signs};

/// Prisoners who are compared before others have their turn.
const AT_ONCE: i64 = 500;
/// What stands for the number in the alert of an arrival: no number's index looks so.
const NO_NUMBER: &str = "arrival";

/// One who came into custody, or whose names the hub has learnt since.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// His record as it is.
    pub record: PrisonerRecord,
    /// When the hub learnt of it, UTC.
    pub learnt_at: Timestamp,
    /// When he came, UTC.
    pub arrived_at: Timestamp,
}

impl Store {
    /// Those who came and were not compared yet, by number.
    pub async fn arrivals_waiting(&self) -> Result<Vec<Arrival>, StoreError> {
        let query = "SELECT number, record, updated_at, COALESCE(arrived_at, updated_at) AS arrived_at \
             FROM prisoners WHERE arrival = 1 ORDER BY number LIMIT $1";
        let rows = sql::all(&self.reader, "prisoners", query, values![AT_ONCE]).await?;
        let arrival = |row: &sql::Row| {
            Ok(Arrival {
                record: self.read_prisoner(row)?,
                learnt_at: row.time("updated_at")?,
                arrived_at: row.time("arrived_at")?,
            })
        };
        rows.iter().map(arrival).collect()
    }

    /// Raises the alert of an arrival on each case that waits for him (`true`: the case names him), and notes that he
    /// was compared. Whoever has changed since is compared again. One reception is one alert, however often it is told.
    pub async fn raise_arrival(
        &self,
        arrival: &Arrival,
        cases: &BTreeMap<CaseId, bool>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_as(&service(), "raise-arrival").await?;
        let record = &arrival.record;
        let number = record.prisoner_number;
        tx.settle_prisoner(number).await?;
        let update = "UPDATE prisoner_records SET arrival = 0 WHERE number = $1 AND arrival = 1 \
             AND updated_at = $2";
        let which = values![number.as_str(), micros(arrival.learnt_at)];
        if tx.run(update, which).await? == 0 {
            return Ok(());
        }
        if let Some(prison) = record.prison_id.filter(|_| !cases.is_empty()) {
            let alert = tx.alert_of_arrival(prison, arrival).await?;
            for (case, named) in cases {
                let signs = [Some(Sign::Arrived), named.then_some(Sign::Named)];
                let signs = Signs::from_iter(signs.into_iter().flatten());
                tx.add_signs(&alert, *case, signs).await?;
            }
        }
        let detail = format!("arrival cases={}", cases.len());
        tx.audit(("prisoner", number.as_str()), None, &detail).await?;
        tx.commit().await
    }
}

impl super::tx::Tx<'_> {
    async fn alert_of_arrival(&self, prison: PrisonId, arrival: &Arrival) -> Result<String, StoreError> {
        let record = &arrival.record;
        let at = micros(arrival.arrived_at);
        let group = Group {
            body: AlertBody {
                caller: record.prisoner_number.to_string(),
                number: format!("{} {}", record.first_name, record.last_name)
                    .trim()
                    .to_owned(),
                letter: None,
            },
            prisoner: Some(record.prisoner_number),
            first_at: at,
            last_at: at,
            refused: 0,
            allowed: 0,
            cases: BTreeMap::new(),
        };
        let caller = self.store.keys.caller_index(record.prisoner_number.as_str());
        let pair = (caller, NO_NUMBER.to_owned());
        let (alert, _) = self
            .add_to_alert(prison, &pair, at.div_euclid(MICROS_PER_HOUR), &group)
            .await?;
        Ok(alert)
    }
}
