//! One column of one row, sealed: XChaCha20-Poly1305 under a key of that table and column, bound to the row,
//! so that a value moved to another row, column or table does not open.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use super::HubKeys;
use crate::seams::RandomSource;

const NONCE_BYTES: usize = 24;

/// The stored value does not open: changed, moved, cut short, or sealed under other keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored value does not open")]
pub struct FieldError;

impl HubKeys {
    /// Seals a value for one table, column and row: a random nonce of 24 bytes, the ciphertext, a tag of 16.
    pub fn seal_field(
        &self,
        table: &str,
        column: &str,
        row: &str,
        plain: &[u8],
        random: &dyn RandomSource,
    ) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        let bound = associated(table, column, row);
        let payload = Payload {
            msg: plain,
            aad: bound.as_bytes(),
        };
        // Unwrap safety: encryption fails only for values longer than 256 GiB; bodies are bounded far below.
        let sealed = self
            .cipher(table, column)
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a bounded value can be sealed");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`HubKeys::seal_field`] sealed for the same table, column and row.
    pub fn open_field(
        &self,
        table: &str,
        column: &str,
        row: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, FieldError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_BYTES).ok_or(FieldError)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| FieldError)?;
        let bound = associated(table, column, row);
        let payload = Payload {
            msg: ciphertext,
            aad: bound.as_bytes(),
        };
        self.cipher(table, column)
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| FieldError)
    }

    fn cipher(&self, table: &str, column: &str) -> XChaCha20Poly1305 {
        let key = self.derived(&[b"field ", table.as_bytes(), b".", column.as_bytes()]);
        XChaCha20Poly1305::new((&*key).into())
    }
}

fn associated(table: &str, column: &str, row: &str) -> String {
    format!("{table}|{column}|{row}")
}
