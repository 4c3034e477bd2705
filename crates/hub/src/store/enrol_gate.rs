//! A new gate: a code given out for one prison, good once and for an hour, and the gate's first word.

use casework::{Actor, Verb};
use feed::{GateId, SealingPublicKey, VerifyingKey, public_key_to_hex};
use jiff::{SignedDuration, Timestamp};
use prison::PrisonId;
use sea_orm::ConnectionTrait;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::gates::GateState;
use super::sql::{self, micros, values};
use super::tx::Tx;

/// How long an enrolment code may be used.
pub const CODE_LIFETIME_SECONDS: i64 = 60 * 60;

impl Store {
    /// Gives out the secret of an enrolment code for one prison, this once; the store keeps a keyed hash.
    pub async fn issue_enrolment_code(&self, by: &Actor, prison: PrisonId) -> Result<[u8; 16], StoreError> {
        let tx = self.begin(by, Verb::Operate, "issue-enrolment-code").await?;
        let secret = self.seams.bytes::<16>();
        let lifetime = SignedDuration::from_secs(CODE_LIFETIME_SECONDS);
        let expires = tx.now.checked_add(lifetime);
        let expires = expires.map_err(|_| StoreError::Unavailable("the clock is out of range".to_owned()))?;
        let insert =
            "INSERT INTO enrolment_codes (hash, prison, issued_by, expires_at) VALUES ($1, $2, $3, $4)";
        let (hash, issuer) = (self.keys.secret_hash(&secret), tx.by.account.to_string());
        tx.run(insert, values![hash, prison.as_str(), issuer, micros(expires)])
            .await?;
        tx.audit(("prison", prison.as_str()), None, "").await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Enrols a gate that knows a good code for its prison; it then awaits two people. A gate that asks again
    /// with the same code and keys, because the answer was lost, gets the same identifier.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a code that is unknown, used, too old or for another prison, all alike.
    pub async fn enrol_gate(
        &self,
        prison: PrisonId,
        secret: [u8; 16],
        verifying_key: VerifyingKey,
        sealing_key: SealingPublicKey,
    ) -> Result<GateId, StoreError> {
        let keys = (public_key_to_hex(&verifying_key), String::from(sealing_key));
        let asked = Asked {
            hash: self.keys.secret_hash(&secret),
            prison,
            keys: &keys,
        };
        // Anybody may ask with any code, so only a good one gets in the way of those who write.
        if let Code::Used(gate) = asked.code(&self.reader, self.seams.clock.now()).await? {
            return Ok(gate);
        }
        let tx = self.begin_as(&service(), "enrol-gate").await?;
        // In the meantime somebody else may have used it.
        if let Code::Used(gate) = asked.code(&tx.db, tx.now).await? {
            return Ok(gate);
        }
        let others = tx.gates_that_count(prison).await?;
        let gate = tx.insert_gate(prison, &keys).await?;
        let used = "UPDATE enrolment_codes SET used_at = $1, gate = $2 WHERE hash = $3";
        tx.run(used, values![micros(tx.now), gate.to_string(), asked.hash])
            .await?;
        let mut detail = prison.to_string();
        if others > 0 {
            detail.push_str(&format!(" second-gate others={others}"));
        }
        tx.audit(("gate", &gate.to_string()), None, &detail).await?;
        tx.commit().await?;
        if others > 0 {
            tracing::error!(%gate, %prison, others, "A SECOND GATE HAS ENROLLED FOR A PRISON");
        }
        Ok(gate)
    }
}

/// Who asks to be enrolled, by which code.
struct Asked<'a> {
    hash: String,
    prison: PrisonId,
    keys: &'a (String, String),
}

/// A good code.
enum Code {
    Unused,
    /// The same gate used it before.
    Used(GateId),
}

impl Asked<'_> {
    /// What the code is worth; [`StoreError::NotFound`] if nothing.
    async fn code(&self, on: &impl ConnectionTrait, now: Timestamp) -> Result<Code, StoreError> {
        let query = "SELECT used_at, gate FROM enrolment_codes \
             WHERE hash = $1 AND prison = $2 AND expires_at >= $3";
        let asked = values![self.hash.as_str(), self.prison.as_str(), micros(now)];
        let code = sql::one(on, "enrolment_codes", query, asked).await?;
        let code = code.ok_or(StoreError::NotFound)?;
        if code.time_if_any("used_at")?.is_none() {
            return Ok(Code::Unused);
        }
        let query = "SELECT id FROM gates WHERE id = $1 AND verifying_key = $2 AND sealing_key = $3";
        let (verifying, sealing) = self.keys;
        let same = values![code.text("gate")?, verifying.as_str(), sealing.as_str()];
        let gate = sql::one(on, "gates", query, same).await?;
        let gate = gate.ok_or(StoreError::NotFound)?;
        Ok(Code::Used(gate.parsed("id")?))
    }
}

impl Tx<'_> {
    /// Gates of a prison that two people have not retired.
    async fn gates_that_count(&self, prison: PrisonId) -> Result<u64, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM gates WHERE prison = $1 AND state <> $2";
        let asked = values![prison.as_str(), GateState::Retired.as_str()];
        self.count("gates", query, asked).await
    }

    async fn insert_gate(&self, prison: PrisonId, keys: &(String, String)) -> Result<GateId, StoreError> {
        let gate = GateId::from_bytes(self.store.seams.bytes());
        let insert = "INSERT INTO gates (id, prison, verifying_key, sealing_key, state, enrolled_at) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let (verifying, sealing) = (keys.0.as_str(), keys.1.as_str());
        let (state, now) = (GateState::Awaiting.as_str(), micros(self.now));
        let row = values![gate.to_string(), prison.as_str(), verifying, sealing, state, now];
        self.run(insert, row).await?;
        Ok(gate)
    }
}
