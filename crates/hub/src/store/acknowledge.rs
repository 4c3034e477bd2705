//! What gates have acknowledged: each word of a gate a row of its own, at the hub's time of receipt.
//!
//! These rows are their own record and are not repeated in the audit: a change makes one for every gate.

use std::collections::HashMap;

use feed::{GateId, ListHash, Serial, Session};
use jiff::Timestamp;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::sql::{self, micros, values};
use super::tx::as_int;

impl Store {
    /// Stores acknowledgements that were checked, in one transaction: gate, session, serial, the hash of the
    /// list held, and when the hub received it. One that is stored already stays as it was.
    pub async fn record_acknowledgements(
        &self,
        acknowledgements: Vec<(GateId, Session, Serial, ListHash, Timestamp)>,
    ) -> Result<(), StoreError> {
        if acknowledgements.is_empty() {
            return Ok(());
        }
        let tx = self.begin_as(&service(), "acknowledge").await?;
        for (gate, session, serial, hash, at) in acknowledgements {
            let insert = "INSERT INTO acks (gate, session, serial, list_hash, at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
            let (gate, session) = (gate.to_string(), session.to_string());
            tx.run(
                insert,
                values![gate, session, as_int(serial)?, hash.to_string(), micros(at)],
            )
            .await?;
        }
        tx.commit().await
    }

    /// Forgets what a gate acknowledged after a serial of this session, because it stands there now: it went
    /// back to an older state. Says the latest serial that was forgotten, if there was one; the audit keeps it.
    pub async fn forget_acknowledged_after(
        &self,
        gate: GateId,
        stands_at: Serial,
    ) -> Result<Option<Serial>, StoreError> {
        const LATER: &str = "FROM acks WHERE gate = $1 AND session = $2 AND serial > $3";
        let of = || -> Result<_, StoreError> {
            Ok(values![
                gate.to_string(),
                self.session.to_string(),
                as_int(stands_at)?
            ])
        };
        let latest = format!("SELECT serial {LATER} ORDER BY serial DESC LIMIT 1");
        let Some(latest) = sql::one(&self.reader, "acks", &latest, of()?).await? else {
            return Ok(None);
        };
        let before = Serial(latest.count("serial")?);
        let tx = self.begin_as(&service(), "gate-went-back").await?;
        let forgotten = tx.run(&format!("DELETE {LATER}"), of()?).await?;
        let detail = format!("stood-at={before} stands-at={stands_at} acknowledgements={forgotten}");
        tx.audit(("gate", &gate.to_string()), None, &detail).await?;
        tx.commit().await?;
        Ok(Some(before))
    }

    /// When each gate acknowledged this serial or a later one, in this session, and has not gone back since.
    pub async fn first_acknowledged(&self, serial: Serial) -> Result<HashMap<GateId, Timestamp>, StoreError> {
        let query = "SELECT gate, MIN(at) AS at FROM acks WHERE session = $1 AND serial >= $2 GROUP BY gate";
        let asked = values![self.session.to_string(), as_int(serial)?];
        let rows = sql::all(&self.reader, "acks", query, asked).await?;
        rows.iter()
            .map(|row| Ok((row.parsed("gate")?, row.time("at")?)))
            .collect()
    }
}
