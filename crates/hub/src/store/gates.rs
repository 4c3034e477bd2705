//! Gates as the hub knows them.

use std::collections::HashMap;

use casework::{Actor, Verb};
use feed::{GateId, KeyFingerprint, SealingPublicKey, VerifyingKey, public_key_from_hex};
use jiff::Timestamp;
use prison::PrisonId;
use serde::Serialize;

use super::Store;
use super::error::{Conflict, StoreError};
use super::sql::{self, Row, values};
use super::tx::Tx;

/// One gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateRecord {
    /// The gate.
    pub id: GateId,
    /// The prison whose calls it answers.
    pub prison: PrisonId,
    /// Verifies what it signs.
    pub verifying_key: VerifyingKey,
    /// Its fingerprint key is sealed to this.
    pub sealing_key: SealingPublicKey,
    /// How far it is admitted.
    pub state: GateState,
    /// What a person compares with what the gate shows.
    pub key_fingerprint: KeyFingerprint,
    /// When it enrolled, UTC.
    pub enrolled_at: Timestamp,
    /// How often its fingerprint key was made anew.
    pub key_generation: u64,
    /// Since when that key is in force, UTC; `None` for the one that it was enrolled with.
    pub key_since: Option<Timestamp>,
}

/// How far a gate is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// Enrolled; two people have not agreed yet. It gets no list.
    Awaiting,
    /// Gets its list and is counted.
    Admitted,
    /// Gets nothing more, keeps refusing, and is counted until two people retire it.
    Revoked,
    /// Counted no longer.
    Retired,
}

impl GateState {
    /// The word for it, in the store and in the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::Admitted => "admitted",
            Self::Revoked => "revoked",
            Self::Retired => "retired",
        }
    }
}

/// Gates with the keys that are in force.
const SELECT: &str = "SELECT g.id AS id, g.prison AS prison, g.verifying_key AS verifying_key, \
     g.sealing_key AS sealing_key, g.state AS state, g.enrolled_at AS enrolled_at, \
     COALESCE(k.generation, 0) AS key_generation, k.since AS key_since \
     FROM gates g LEFT JOIN gate_keys k ON k.gate = g.id";

impl Store {
    /// Every gate, oldest first, retired ones too.
    pub async fn gates(&self) -> Result<Vec<GateRecord>, StoreError> {
        let query = format!("{SELECT} ORDER BY g.enrolled_at, g.id");
        let rows = sql::all(&self.reader, "gates", &query, values![]).await?;
        rows.iter().map(read).collect()
    }

    /// The admitted gates, each with its prison and how often its fingerprint key was made anew: what the feed looks at
    /// every second, without the keys.
    pub async fn admitted_gates(&self) -> Result<HashMap<GateId, (PrisonId, u64)>, StoreError> {
        let query = "SELECT g.id AS id, g.prison AS prison, COALESCE(k.generation, 0) AS key_generation \
             FROM gates g LEFT JOIN gate_keys k ON k.gate = g.id WHERE g.state = $1";
        let admitted = values![GateState::Admitted.as_str()];
        let rows = sql::all(&self.reader, "gates", query, admitted).await?;
        let admitted = rows.iter().map(|row| {
            let about = (row.parsed("prison")?, row.count("key_generation")?);
            Ok((row.parsed("id")?, about))
        });
        admitted.collect()
    }

    /// One gate, if there is such a one.
    pub async fn gate_if_any(&self, gate: GateId) -> Result<Option<GateRecord>, StoreError> {
        let query = format!("{SELECT} WHERE g.id = $1");
        let row = sql::one(&self.reader, "gates", &query, values![gate.to_string()]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Cuts a gate off, in one step: it keeps refusing and stays counted, so that its prison shows red.
    pub async fn revoke_gate(&self, by: &Actor, gate: GateId) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::Operate, "revoke-gate").await?;
        match tx.gate(gate).await?.state {
            GateState::Retired => return Err(Conflict::Changed.into()),
            GateState::Awaiting | GateState::Admitted | GateState::Revoked => {}
        }
        tx.set_gate_state(gate, GateState::Revoked).await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    pub(super) async fn gate(&self, gate: GateId) -> Result<GateRecord, StoreError> {
        let query = format!("{SELECT} WHERE g.id = $1");
        let row = self.one("gates", &query, values![gate.to_string()]).await?;
        read(&row.ok_or(StoreError::NotFound)?)
    }

    /// A gate of this prison in a state from which the step may begin.
    pub(super) async fn gate_in(
        &self,
        gate: &str,
        prison: PrisonId,
        from: impl Fn(GateState) -> bool,
    ) -> Result<GateRecord, StoreError> {
        let id: GateId = gate
            .parse()
            .map_err(|_| StoreError::Invalid("this names no gate"))?;
        let record = self.gate(id).await?;
        if record.prison != prison {
            return Err(StoreError::NotFound);
        }
        if from(record.state) {
            Ok(record)
        } else {
            Err(Conflict::Changed.into())
        }
    }
}

fn read(row: &Row) -> Result<GateRecord, StoreError> {
    let verifying_key = public_key_from_hex(&row.text("verifying_key")?).ok_or_else(|| row.damaged())?;
    let sealing_key = row.text("sealing_key")?.try_into().map_err(|_| row.damaged())?;
    let state = match row.text("state")?.as_str() {
        "awaiting" => GateState::Awaiting,
        "admitted" => GateState::Admitted,
        "revoked" => GateState::Revoked,
        "retired" => GateState::Retired,
        _ => return Err(row.damaged()),
    };
    Ok(GateRecord {
        id: row.parsed("id")?,
        prison: row.parsed("prison")?,
        verifying_key,
        sealing_key,
        state,
        key_fingerprint: KeyFingerprint::of_gate(&verifying_key, &sealing_key),
        enrolled_at: row.time("enrolled_at")?,
        key_generation: row.count("key_generation")?,
        key_since: row.time_if_any("key_since")?,
    })
}
