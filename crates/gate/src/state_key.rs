//! The key under which the gate's state is sealed. It comes from outside the state folder, so that whoever
//! takes the folder has nothing to try numbers with.

use std::fmt;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use crate::seams::{Random, Seams};

/// Bytes of the nonce in front of every sealed record.
const NONCE_BYTES: usize = 24;

/// Why there is no key. The operator acts.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    /// The file is not there or cannot be read.
    #[error("the key file {0} cannot be read; install the credential, or make one with `key`")]
    Unreadable(PathBuf),
    /// Not 64 hexadecimal digits.
    #[error("the key file {0} does not hold 64 hexadecimal digits")]
    Malformed(PathBuf),
    /// `create` does not overwrite.
    #[error("the key file {0} is there already; what is sealed under it would be lost")]
    Exists(PathBuf),
    /// The new key cannot be stored.
    #[error("the key file {0} cannot be written: {1}")]
    Unwritable(PathBuf, std::io::Error),
}

/// Seals and opens records: XChaCha20-Poly1305 under a random nonce, bound to what they are.
#[derive(Clone)]
pub struct StateKey {
    cipher: XChaCha20Poly1305,
    random: Random,
}

impl StateKey {
    /// Takes 32 secret bytes.
    pub fn new(secret: &[u8; 32], random: Random) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(secret.into()),
            random,
        }
    }

    /// Reads the key file.
    pub fn load(file: &Path, seams: &Seams) -> Result<Self, NoKey> {
        let text = seams.disk.read(file).ok().flatten();
        let text = Zeroizing::new(text.ok_or_else(|| NoKey::Unreadable(file.to_owned()))?);
        let secret = HEXLOWER.decode(text.trim_ascii()).map(Zeroizing::new);
        let secret = secret
            .ok()
            .and_then(|secret| <[u8; 32]>::try_from(secret.as_slice()).ok());
        let secret = Zeroizing::new(secret.ok_or_else(|| NoKey::Malformed(file.to_owned()))?);
        Ok(Self::new(&secret, seams.random.clone()))
    }

    /// Makes a new key file; never overwrites one.
    pub fn create(file: &Path, seams: &Seams) -> Result<(), NoKey> {
        let unwritable = |error| NoKey::Unwritable(file.to_owned(), error);
        if seams.disk.read(file).map_err(unwritable)?.is_some() {
            return Err(NoKey::Exists(file.to_owned()));
        }
        let secret = Zeroizing::new((seams.random)());
        let text = Zeroizing::new(HEXLOWER.encode(&*secret) + "\n");
        let folder = file.parent().unwrap_or(Path::new("."));
        seams.disk.create_folder(folder).map_err(unwritable)?;
        seams.disk.write(file, text.as_bytes()).map_err(unwritable)?;
        seams.disk.sync_file(file).map_err(unwritable)?;
        seams.disk.sync_folder(folder).map_err(unwritable)
    }

    /// Seals bytes; `bound_to` must be the same when they are opened.
    pub(crate) fn seal(&self, bound_to: &[u8], plain: &[u8]) -> Vec<u8> {
        let random = (self.random)();
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&random[..NONCE_BYTES]);
        let payload = Payload {
            msg: plain,
            aad: bound_to,
        };
        // Unwrap safety: fails only above 256 GiB, far beyond any list.
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("the record is short enough");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`StateKey::seal`] made; `None` if it was made otherwise or changed since.
    pub(crate) fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: sealed,
            aad: bound_to,
        };
        self.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .ok()
            .map(Zeroizing::new)
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey(..)")
    }
}
