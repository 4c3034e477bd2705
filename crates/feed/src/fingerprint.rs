//! Keyed fingerprints of numbers: what a gate holds instead of numbers.

use std::fmt;

use data_encoding::HEXLOWER;
use phone::PhoneNumber;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::ids::ParseIdError;

/// The first 128 bits of keyed BLAKE3 over a number's canonical text.
///
/// 128 bits: with a million entries the chance that an unlisted number matches one is below 2^-107.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Takes the 16 bytes as stored.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(..)")
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| ParseIdError)?;
        bytes.try_into().map(Self).map_err(|_| ParseIdError)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        HEXLOWER.encode(&fingerprint.0)
    }
}

/// The secret under which one gate's fingerprints are made; known to that gate and the hub alone.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct FingerprintKey([u8; 32]);

impl FingerprintKey {
    /// The purpose under which a gate's key is sealed to it in a snapshot.
    pub const SEAL_PURPOSE: &'static str = "upcs fingerprint key v1";

    /// Takes 32 random or derived bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, to be sealed.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The fingerprint of a number.
    pub fn fingerprint(&self, number: &PhoneNumber) -> Fingerprint {
        let digest = blake3::keyed_hash(&self.0, number.expose().as_bytes());
        let mut first = [0; 16];
        first.copy_from_slice(&digest.as_bytes()[..16]);
        Fingerprint(first)
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(..)")
    }
}
