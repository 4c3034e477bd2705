//! Signatures over the exact bytes that travel, typed by what they are for.

use std::fmt;
use std::marker::PhantomData;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a signature is for. The context stands before the payload in what is signed, so that a signature
/// made for one purpose is void for every other.
pub trait Purpose {
    /// Unlike that of any other purpose; ends in a version.
    const CONTEXT: &'static str;
}

/// Why a signed line is not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedError {
    /// Longer than the reader's limit.
    #[error("the line is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Not a signature, a space and a payload.
    #[error("the line is not a signature followed by a payload")]
    Malformed,
    /// The signature is not that key's over that payload for that purpose.
    #[error("the signature does not fit")]
    BadSignature,
    /// Rightly signed, but not what this version understands.
    #[error("the signed payload is not understood: {0}")]
    NotUnderstood(String),
    /// The value cannot be written as JSON.
    #[error("the value cannot be written: {0}")]
    Unwritable(String),
}

/// A payload with its signature: `BASE64URL(signature) SPACE payload`, where the payload is JSON without
/// line breaks. Nothing of the payload can be had but through [`Signed::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Signed<T> {
    payload: Box<[u8]>,
    signature: Signature,
    purpose: PhantomData<fn() -> T>,
}

impl<T: Purpose + Serialize> Signed<T> {
    /// Signs a value.
    pub fn sign(value: &T, key: &SigningKey) -> Result<Self, SignedError> {
        let payload = serde_json::to_vec(value).map_err(|e| SignedError::Unwritable(e.to_string()))?;
        let signature = key.sign(&signed_bytes::<T>(&payload));
        Ok(Self {
            payload: payload.into(),
            signature,
            purpose: PhantomData,
        })
    }
}

impl<T: Purpose + DeserializeOwned> Signed<T> {
    /// Checks the signature, and only then reads the payload.
    pub fn verify(&self, key: &VerifyingKey) -> Result<T, SignedError> {
        self.check(key)?;
        serde_json::from_slice(&self.payload).map_err(|e| SignedError::NotUnderstood(e.to_string()))
    }
}

impl<T: Purpose> Signed<T> {
    /// Splits a line, without its line break, into signature and payload.
    pub fn parse_line(line: &[u8], limit_bytes: usize) -> Result<Self, SignedError> {
        if line.len() > limit_bytes {
            return Err(SignedError::TooLong { limit: limit_bytes });
        }
        let space = line
            .iter()
            .position(|byte| *byte == b' ')
            .ok_or(SignedError::Malformed)?;
        let signature = BASE64URL_NOPAD
            .decode(&line[..space])
            .map_err(|_| SignedError::Malformed)?;
        let signature = Signature::from_slice(&signature).map_err(|_| SignedError::Malformed)?;
        Ok(Self {
            payload: line[space + 1..].into(),
            signature,
            purpose: PhantomData,
        })
    }

    /// The line as it travels, without a line break.
    pub fn to_line(&self) -> Vec<u8> {
        let mut line = BASE64URL_NOPAD.encode(&self.signature.to_bytes()).into_bytes();
        line.push(b' ');
        line.extend_from_slice(&self.payload);
        line
    }

    /// Checks the signature without reading the payload.
    pub(crate) fn check(&self, key: &VerifyingKey) -> Result<(), SignedError> {
        key.verify_strict(&signed_bytes::<T>(&self.payload), &self.signature)
            .map_err(|_| SignedError::BadSignature)
    }
}

impl<T> fmt::Debug for Signed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({} bytes)", self.payload.len())
    }
}

pub(crate) fn signed_bytes<T: Purpose>(payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(T::CONTEXT.len() + 1 + payload.len());
    bytes.extend_from_slice(T::CONTEXT.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(payload);
    bytes
}

/// Reads a public signature key from 64 hexadecimal digits.
pub fn public_key_from_hex(text: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = HEXLOWER.decode(text.trim().as_bytes()).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// Writes a public signature key as 64 hexadecimal digits.
pub fn public_key_to_hex(key: &VerifyingKey) -> String {
    HEXLOWER.encode(key.as_bytes())
}
