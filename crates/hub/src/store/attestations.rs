//! Attestations, one for each prison and day, kept as they were signed. None is ever changed, and none is made
//! for a day that has passed: it stays missing.

use jiff::Timestamp;
use jiff::civil::Date;
use prison::PrisonId;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::sql::{self, micros, values};

/// One attestation as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttestation {
    /// The day, UTC.
    pub date: Date,
    /// The prison.
    pub prison: PrisonId,
    /// When it was signed, UTC.
    pub at: Timestamp,
    /// The signed line.
    pub line: String,
}

impl Store {
    /// Keeps the attestation of a prison and day; one that is kept already stays as it is. Says whether it is new.
    pub async fn record_attestation(&self, attestation: &StoredAttestation) -> Result<bool, StoreError> {
        let StoredAttestation {
            date,
            prison,
            at,
            line,
        } = attestation;
        let tx = self.begin_as(&service(), "record-attestation").await?;
        let insert = "INSERT INTO attestations (date, prison, at, line) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING";
        let row = values![date.to_string(), prison.as_str(), micros(*at), line.as_str()];
        let is_new = tx.run(insert, row).await? > 0;
        if is_new {
            tx.audit(("prison", prison.as_str()), None, &format!("date={date}"))
                .await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }

    /// The attestations from a day on, the newest first: of one prison, or of all.
    pub async fn attestations_since(
        &self,
        since: Date,
        prison: Option<PrisonId>,
    ) -> Result<Vec<StoredAttestation>, StoreError> {
        let query = "SELECT date, prison, at, line FROM attestations WHERE date >= $1 \
             AND (CAST($2 AS TEXT) IS NULL OR prison = $2) ORDER BY date DESC, prison";
        let prison = prison.map(|prison| prison.to_string());
        let rows = sql::all(
            &self.reader,
            "attestations",
            query,
            values![since.to_string(), prison],
        )
        .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredAttestation {
                    date: row.parsed("date")?,
                    prison: row.parsed("prison")?,
                    at: row.time("at")?,
                    line: row.text("line")?,
                })
            })
            .collect()
    }
}
