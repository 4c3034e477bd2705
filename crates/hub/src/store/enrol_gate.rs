//! A new gate: a code given out for one prison, good once and for an hour, and the gate's first word.

use casework::{Actor, Verb};
use feed::{GateId, SealingPublicKey, VerifyingKey, public_key_to_hex};
use jiff::SignedDuration;
use prison::PrisonId;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::gates::GateState;
use super::sql::{Row, micros, values};
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
        let tx = self.begin_as(&service(), "enrol-gate").await?;
        let hash = self.keys.secret_hash(&secret);
        let query = "SELECT used_at, gate FROM enrolment_codes \
             WHERE hash = $1 AND prison = $2 AND expires_at >= $3";
        let code = tx.one(
            "enrolment_codes",
            query,
            values![hash.as_str(), prison.as_str(), micros(tx.now)],
        );
        let code = code.await?.ok_or(StoreError::NotFound)?;
        let keys = (public_key_to_hex(&verifying_key), String::from(sealing_key));
        if code.time_if_any("used_at")?.is_some() {
            return tx
                .enrolled_before(&code, &keys)
                .await?
                .ok_or(StoreError::NotFound);
        }
        let gate = tx.insert_gate(prison, &keys).await?;
        let used = "UPDATE enrolment_codes SET used_at = $1, gate = $2 WHERE hash = $3";
        tx.run(used, values![micros(tx.now), gate.to_string(), hash])
            .await?;
        tx.audit(("gate", &gate.to_string()), None, prison.as_str())
            .await?;
        tx.commit().await?;
        Ok(gate)
    }
}

impl Tx<'_> {
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

    async fn enrolled_before(
        &self,
        code: &Row,
        (verifying, sealing): &(String, String),
    ) -> Result<Option<GateId>, StoreError> {
        let query = "SELECT id FROM gates WHERE id = $1 AND verifying_key = $2 AND sealing_key = $3";
        let same = values![code.text("gate")?, verifying.as_str(), sealing.as_str()];
        let gate = self.one("gates", query, same).await?;
        gate.map(|row| row.parsed("id")).transpose()
    }
}
