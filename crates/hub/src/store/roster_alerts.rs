//! What a roster's file tells of the alerts on records: staged beside its rows where it is another word than what stands,
//! and taken once the file is visible.

use std::collections::{BTreeMap, BTreeSet};

use offender::PrisonerRecord;
use prison::PrisonerNumber;

use super::alerts_on_record::filed;
use super::error::StoreError;
use super::sql::{json, places, texts, values};
use super::tx::Tx;
use crate::custody::{FiledAlert, standing};

/// The alerts that stand by a file, of each prisoner of whom it tells any or that there are none.
pub(super) type Told = BTreeMap<PrisonerNumber, Vec<FiledAlert>>;

/// Takes the alerts out of these records: they are kept apart.
pub(super) fn told_by(records: &mut BTreeMap<PrisonerNumber, PrisonerRecord>) -> Told {
    let told = records.iter_mut().filter_map(|(number, record)| {
        let alerts = record.alerts.take()?;
        Some((*number, standing(&alerts)))
    });
    told.collect()
}

/// Whether a file's word changes nothing of what stands.
fn is_known(told: &[FiledAlert], known: &[FiledAlert]) -> bool {
    let same = |one: &FiledAlert, other: &FiledAlert| {
        one.code == other.code && one.ends == other.ends && (one.since.is_none() || one.since == other.since)
    };
    told.len() == known.len() && told.iter().all(|one| known.iter().any(|other| same(one, other)))
}

impl Tx<'_> {
    /// Stages what is another word than what stands; of what an earlier line staged nothing is left.
    pub(super) async fn stage_alerts(&self, told: Told) -> Result<(), StoreError> {
        if told.is_empty() {
            return Ok(());
        }
        let numbers = || texts(told.keys().map(ToString::to_string).collect());
        let within = places(1, told.len());
        let delete = format!("DELETE FROM roster_alerts WHERE number IN ({within})");
        self.run(&delete, numbers()).await?;
        let query = format!(
            "SELECT prisoner, code, since_on, ends_on FROM prisoner_alerts WHERE stands = 1 AND prisoner IN ({within})"
        );
        let mut known: Told = BTreeMap::new();
        for row in self.all("prisoner_alerts", &query, numbers()).await? {
            known
                .entry(row.parsed("prisoner")?)
                .or_default()
                .push(filed(&row)?);
        }
        for (number, told) in told {
            if !is_known(&told, known.get(&number).map_or(&[], Vec::as_slice)) {
                let insert = "INSERT INTO roster_alerts (number, told) VALUES ($1, $2)";
                self.run(insert, values![number.as_str(), json(&told)?]).await?;
            }
        }
        Ok(())
    }

    /// Whether the file that is staged or visible tells something of alerts that is not taken yet.
    pub(super) async fn has_staged_alerts(&self) -> Result<bool, StoreError> {
        let query = "SELECT number FROM roster_alerts LIMIT 1";
        Ok(self.one("roster_alerts", query, values![]).await?.is_some())
    }

    /// Takes the next words of the file that is visible; how many.
    pub(super) async fn take_staged_alerts(&mut self, most: i64) -> Result<u64, StoreError> {
        let query = "SELECT a.number, a.told, f.as_of, f.staged_at FROM roster_files f JOIN roster_alerts a \
             ON f.state = 'visible' ORDER BY a.number LIMIT $1";
        let rows = self.all("roster_alerts", query, values![most]).await?;
        for row in &rows {
            let number: PrisonerNumber = row.parsed("number")?;
            let told: Vec<FiledAlert> =
                serde_json::from_str(&row.text("told")?).map_err(|_| row.damaged())?;
            let as_of = row.time("as_of")?.min(row.time("staged_at")?);
            self.settle_prisoner(number).await?;
            self.take_alerts(number, &told, as_of).await?;
        }
        let taken: BTreeSet<String> = rows
            .iter()
            .map(|row| row.text("number"))
            .collect::<Result<_, _>>()?;
        self.drop_staged_alerts(taken).await
    }

    /// Clears the first words of a file that is not staged any more; how many.
    pub(super) async fn discard_alerts(&self, most: i64) -> Result<u64, StoreError> {
        let query = "SELECT number FROM roster_alerts ORDER BY number LIMIT $1";
        let rows = self.all("roster_alerts", query, values![most]).await?;
        let numbers = rows
            .iter()
            .map(|row| row.text("number"))
            .collect::<Result<_, _>>()?;
        self.drop_staged_alerts(numbers).await
    }

    async fn drop_staged_alerts(&self, numbers: BTreeSet<String>) -> Result<u64, StoreError> {
        if numbers.is_empty() {
            return Ok(0);
        }
        let delete = format!(
            "DELETE FROM roster_alerts WHERE number IN ({})",
            places(1, numbers.len())
        );
        self.run(&delete, texts(numbers.into_iter().collect())).await
    }
}
