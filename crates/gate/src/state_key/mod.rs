//! The key under which the gate's state is sealed. It comes from outside the state folder, so that whoever
//! takes the folder has nothing to try numbers with.

mod creds;
mod source;

use std::fmt;
use std::path::PathBuf;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

pub use creds::NotDone;
pub use source::{KeySource, SEALED_NAME};

use crate::seams::{Random, Seams};

/// Bytes of the nonce in front of every sealed record.
const NONCE_BYTES: usize = 24;

/// Why there is no key. The operator acts.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    /// The file is not there or cannot be read.
    #[error("the key file {0} cannot be read; install the credential, or make one with `key`")]
    Unreadable(PathBuf),
    /// systemd gave the program no such credential.
    #[error(
        "systemd gave this program no credential {0}; is it named in the unit, and does the unit start it?"
    )]
    NoCredential(String),
    /// Not 64 hexadecimal digits.
    #[error("the key file {0} does not hold 64 hexadecimal digits")]
    Malformed(PathBuf),
    /// The TPM does not give it.
    #[error("the key sealed in {0} cannot be had: {1}")]
    NotOpened(PathBuf, NotDone),
    /// `create` does not overwrite.
    #[error("the key file {0} is there already; what is sealed under it would be lost")]
    Exists(PathBuf),
    /// The new key cannot be stored.
    #[error("the key file {0} cannot be written: {1}")]
    Unwritable(PathBuf, std::io::Error),
    /// The new key cannot be sealed.
    #[error("no key was made: {0}")]
    NotSealed(NotDone),
    /// A credential is made with systemd's own tool.
    #[error(
        "a credential is made by systemd: `openssl rand -hex 32 | systemd-creds encrypt --name={0} - \
         /etc/credstore.encrypted/{0}`"
    )]
    MadeBySystemd(String),
    /// The configuration names no source, or more than one.
    #[error(transparent)]
    NotNamed(#[from] crate::config::ConfigError),
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

    /// Has the key from where it comes. A TPM may take some seconds.
    pub fn load(source: &KeySource, seams: &Seams) -> Result<Self, NoKey> {
        Ok(Self::new(&*source.secret(seams)?, seams.random.clone()))
    }

    /// Makes a new key where it comes from; never overwrites one.
    pub fn create(source: &KeySource, seams: &Seams) -> Result<(), NoKey> {
        source.create(seams)
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
