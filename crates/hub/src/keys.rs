//! The hub's secrets: three random keys in a folder of their own, never beside the database, and every other
//! key derived from them.
//!
//! ```text
//! master ----HKDF----> a key per table and column, the blind index, fingerprint keys, body hashes, tokens
//! feed-signing-key     signs what gates are told
//! sealing-key          opens what gates sealed to the hub
//! mark                 demo or service
//! ```
//! A thief of the database without this folder reads no name, number or address, and cannot test a guess.

mod field;
mod folder;

use std::fmt;
use std::path::Path;

use data_encoding::HEXLOWER;
use feed::{FingerprintKey, GateId, SealingKey, SigningKey};
use hkdf::Hkdf;
use phone::PhoneNumber;
use sha2::Sha256;
use zeroize::Zeroizing;

pub use field::FieldError;

use crate::seams::RandomSource;
use crate::store::StoreMark;

/// The keys cannot be made or read. The operator acts.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There are keys already; overwriting them would lose everything sealed under them.
    #[error("{0} holds keys already; they are never overwritten")]
    Exists(String),
    /// A file cannot be read or written.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{0} does not hold a key of 64 hexadecimal digits")]
    Malformed(String),
    /// The mark is neither `demo` nor `service`.
    #[error("{0} must say demo or service")]
    NoMark(String),
}

/// The hub's keys, in memory; wiped when dropped, never printed.
pub struct HubKeys {
    mark: StoreMark,
    master: Zeroizing<[u8; 32]>,
    blind: Zeroizing<[u8; 32]>,
    signing: SigningKey,
    sealing: SealingKey,
}

impl HubKeys {
    /// Makes a folder with new keys, readable by its owner alone and fsynced. Refuses to overwrite.
    pub fn create(folder: &Path, mark: StoreMark, random: &dyn RandomSource) -> Result<(), KeysError> {
        folder::create(folder, mark, random)
    }

    /// Reads the keys of a folder.
    pub fn load(folder: &Path) -> Result<Self, KeysError> {
        let read = folder::read(folder)?;
        Ok(Self::from_secrets(
            read.mark,
            &read.master,
            &read.signing,
            &read.sealing,
        ))
    }

    /// Keys from three secrets of 32 bytes.
    pub fn from_secrets(mark: StoreMark, master: &[u8; 32], signing: &[u8; 32], sealing: &[u8; 32]) -> Self {
        let master = Zeroizing::new(*master);
        let blind = derive(&master, b"blind index of numbers");
        let sealing = SealingKey::from_secret(sealing);
        Self {
            mark,
            master,
            blind,
            signing: SigningKey::from_bytes(signing),
            sealing,
        }
    }

    /// Whether these are a demonstration's keys or the service's.
    pub fn mark(&self) -> StoreMark {
        self.mark
    }

    /// Signs what gates are told.
    pub fn feed_signing_key(&self) -> &SigningKey {
        &self.signing
    }

    /// Opens what gates sealed to the hub.
    pub fn sealing_key(&self) -> &SealingKey {
        &self.sealing
    }

    /// The fingerprint key of one gate, the same whenever it is asked for. `generation` counts how often it was
    /// made anew.
    pub fn fingerprint_key(&self, gate: GateId, generation: u64) -> FingerprintKey {
        let purpose = b"fingerprint key of gate ";
        let derived = match generation {
            0 => self.derived(&[purpose, gate.as_bytes()]),
            _ => self.derived(&[purpose, gate.as_bytes(), &generation.to_be_bytes()]),
        };
        FingerprintKey::from_bytes(*derived)
    }

    /// Under which a number can be found without being read: 32 hexadecimal digits, keyed.
    pub fn blind_index(&self, number: &PhoneNumber) -> String {
        let digest = blake3::keyed_hash(&self.blind, number.expose().as_bytes());
        HEXLOWER.encode(&digest.as_bytes()[..16])
    }

    /// Under which a caller's attempts can be found without being read: 32 hexadecimal digits, keyed.
    pub fn caller_index(&self, caller: &str) -> String {
        let mut index = self.keyed(b"blind index of callers", caller.as_bytes());
        index.truncate(32);
        index
    }

    /// Under which letters to one barred address can be found together: 32 hexadecimal digits, keyed.
    pub fn letter_index(&self, barred: &str) -> String {
        let mut index = self.keyed(b"blind index of barred addresses", barred.as_bytes());
        index.truncate(32);
        index
    }

    /// What is kept of a request's body, to tell the same one from another: 64 hexadecimal digits, keyed, so
    /// that a guessed body cannot be tested without the keys.
    pub fn body_hash(&self, body: &[u8]) -> String {
        self.keyed(b"hash of bodies", body)
    }

    /// What is kept of a secret that the hub gave out (a key, a token, a code): 64 hexadecimal digits, keyed.
    pub fn secret_hash(&self, secret: &[u8]) -> String {
        self.keyed(b"hash of secrets", secret)
    }

    /// The lot that an address draws among decoys: the same whenever it is typed, and not to be foretold without
    /// the keys.
    pub fn decoy_lot(&self, address: &str) -> u64 {
        let drawn = blake3::keyed_hash(&self.derived(&[b"decoys among letters"]), address.as_bytes());
        let mut lot = [0; 8];
        lot.copy_from_slice(&drawn.as_bytes()[..8]);
        u64::from_le_bytes(lot)
    }

    /// One link of the audit's chain: 64 hexadecimal digits, keyed, so that a chain cannot be written anew by
    /// whoever holds only the database.
    pub fn audit_hash(&self, row: &[u8]) -> String {
        self.keyed(b"chain of the audit", row)
    }

    fn keyed(&self, purpose: &[u8], bytes: &[u8]) -> String {
        HEXLOWER.encode(blake3::keyed_hash(&self.derived(&[purpose]), bytes).as_bytes())
    }

    fn derived(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        derive(&self.master, &info.concat())
    }
}

fn derive(master: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let hkdf = Hkdf::<Sha256>::new(Some(b"upcs hub master key v1"), master);
    // Unwrap safety: HKDF-SHA256 refuses only outputs longer than 8,160 bytes.
    hkdf.expand(info, key.as_mut())
        .expect("32 bytes are within HKDF's limit");
    key
}

impl fmt::Debug for HubKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HubKeys({:?}, ..)", self.mark)
    }
}
