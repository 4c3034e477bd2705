//! Sealed columns: what belongs to a person goes in and comes out here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Store;
use super::error::StoreError;
use super::sql::Row;

/// A sealed column: its table and its name, by which its key is derived.
pub(super) type Column = (&'static str, &'static str);

impl Store {
    /// Seals a value as JSON for one row's column.
    pub(super) fn seal<T: Serialize>(
        &self,
        (table, column): Column,
        row: &str,
        value: &T,
    ) -> Result<Vec<u8>, StoreError> {
        let plain = serde_json::to_vec(value).map(Zeroizing::new);
        let plain = plain.map_err(|_| StoreError::Invalid("a value cannot be written as JSON"))?;
        Ok(self
            .keys
            .seal_field(table, column, row, &plain, &*self.seams.random))
    }

    /// Opens one row's column. What does not open or is not understood is damaged.
    pub(super) fn open_sealed<T: DeserializeOwned>(
        &self,
        (table, column): Column,
        key: &str,
        row: &Row,
    ) -> Result<T, StoreError> {
        let damaged = || StoreError::Damaged {
            table,
            row: key.to_owned(),
        };
        let sealed = row.bytes(column)?;
        let plain = self
            .keys
            .open_field(table, column, key, &sealed)
            .map_err(|_| damaged())?;
        serde_json::from_slice(&Zeroizing::new(plain)).map_err(|_| damaged())
    }
}
