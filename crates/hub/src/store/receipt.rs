//! A referrer asks for the receipt of a request of its own.

use casework::{Actor, Reference, Verb};

use super::Store;
use super::error::StoreError;
use super::file_request::receipt_of;
use super::filing::Receipt;
use super::sql::{self, values};

impl Store {
    /// The receipt as it was given; every other caller's is not found.
    pub async fn receipt(&self, by: &Actor, reference: &Reference) -> Result<Receipt, StoreError> {
        let tx = self.begin(by, Verb::ReadReceipt, "read-receipt").await?;
        let query = "SELECT id, receipt FROM requests WHERE reference = $1 AND filed_by = $2";
        let row = tx
            .one(
                "requests",
                query,
                values![reference.as_str(), by.account.to_string()],
            )
            .await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let receipt = receipt_of(&row.text("receipt")?)?;
        tx.audit(("request", &row.text("id")?), None, "").await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// The reference that this caller was given under an idempotency key, whatever the body was.
    pub async fn filed_under(&self, by: &Actor, key: &str) -> Result<Option<Reference>, StoreError> {
        let query = "SELECT answer FROM idempotency \
             WHERE account = $1 AND verb = 'file-request' AND key_hash = $2";
        let key_hash = self.keys.body_hash(key.as_bytes());
        let row = sql::one(
            &self.reader,
            "idempotency",
            query,
            values![by.account.to_string(), key_hash],
        )
        .await?;
        row.map(|row| Ok(receipt_of(&row.text("answer")?)?.reference))
            .transpose()
    }
}
