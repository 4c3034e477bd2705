//! A verb sent twice is done once: a key belongs to one caller and one verb and keeps a hash of the body.

use sea_orm::ConnectionTrait;

use super::Store;
use super::error::{Conflict, StoreError};
use super::filing::IdempotencyKey;
use super::sql::{self, micros, values};
use super::tx::Tx;
use casework::AccountId;

impl Store {
    /// The answer given before under this key, if any.
    ///
    /// # Errors
    /// [`Conflict::OtherBody`] if the key was used for another body.
    pub(super) async fn answered(
        &self,
        on: &impl ConnectionTrait,
        account: AccountId,
        verb: &'static str,
        key: &IdempotencyKey,
    ) -> Result<Option<String>, StoreError> {
        let query = "SELECT body_hash, answer FROM idempotency \
             WHERE account = $1 AND verb = $2 AND key_hash = $3";
        let key_hash = self.keys.body_hash(key.key.as_bytes());
        let row = sql::one(
            on,
            "idempotency",
            query,
            values![account.to_string(), verb, key_hash],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.text("body_hash")? != key.body_hash {
            return Err(Conflict::OtherBody.into());
        }
        row.text("answer").map(Some)
    }
}

impl Tx<'_> {
    /// Keeps the answer under the caller's key.
    pub(super) async fn keep_answer(&self, key: &IdempotencyKey, answer: &str) -> Result<(), StoreError> {
        let insert = "INSERT INTO idempotency (account, verb, key_hash, body_hash, answer, at) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let account = self.by.account.to_string();
        let key_hash = self.store.keys.body_hash(key.key.as_bytes());
        let row = values![
            account,
            self.verb,
            key_hash,
            key.body_hash.as_str(),
            answer,
            micros(self.now)
        ];
        self.run(insert, row).await.map(drop)
    }
}
