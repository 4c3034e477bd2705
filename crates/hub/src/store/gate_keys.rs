//! A gate's fingerprint key made anew, because somebody may have learnt it.
//!
//! One step, for it removes nothing: the gate gets its whole list under the new key and goes on refusing whatever
//! it held under earlier ones. The keys themselves are derived; the store keeps which one of them is in force.

use casework::{Actor, Verb};
use feed::{GateId, Limits};

use super::Store;
use super::error::StoreError;
use super::gates::GateState;
use super::sql::{micros, values};

impl Store {
    /// Makes a gate's fingerprint key anew; its next line is a snapshot under the new key.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] once the gate could not know a further key beside the earlier ones.
    pub async fn renew_fingerprint_key(&self, by: &Actor, gate: GateId) -> Result<u64, StoreError> {
        let tx = self.begin(by, Verb::Operate, "renew-fingerprint-key").await?;
        let record = tx.gate(gate).await?;
        if record.state == GateState::Retired {
            return Err(super::Conflict::Changed.into());
        }
        let generation = record.key_generation + 1;
        if generation >= Limits::DEFAULT.fingerprint_keys as u64 {
            return Err(StoreError::Invalid(
                "this gate has had as many keys as it can know; put another in its place",
            ));
        }
        let renew = "INSERT INTO gate_keys (gate, generation, since) VALUES ($1, $2, $3) \
             ON CONFLICT (gate) DO UPDATE SET generation = excluded.generation, since = excluded.since";
        let stored = i64::try_from(generation).map_err(|_| StoreError::Invalid("too many keys"))?;
        tx.run(renew, values![gate.to_string(), stored, micros(tx.now)])
            .await?;
        tx.audit(
            ("gate", &gate.to_string()),
            None,
            &format!("generation={generation}"),
        )
        .await?;
        tx.commit().await?;
        Ok(generation)
    }
}
