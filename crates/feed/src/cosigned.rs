//! Values that two root keys vouch for, each kept by another person and neither on the hub.

use std::fmt;
use std::marker::PhantomData;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::signed::{Purpose, SignedError, signed_bytes};

/// What two root keys may sign.
pub trait RootSigned: Purpose + Serialize + DeserializeOwned {
    /// Bytes of the file at most.
    const FILE_BYTES: usize;

    /// Whether it keeps to its limits; asked once the signatures fit.
    fn check_limits(&self) -> Result<(), SignedError> {
        Ok(())
    }
}

/// A value with the signatures of two different root keys.
#[derive(Clone, PartialEq, Eq)]
pub struct CoSigned<T> {
    payload: Box<[u8]>,
    signatures: [Signature; 2],
    purpose: PhantomData<fn() -> T>,
}

impl<T: RootSigned> CoSigned<T> {
    /// Signs a value with two root keys.
    pub fn sign(value: &T, keys: [&SigningKey; 2]) -> Result<Self, SignedError> {
        let payload = serde_json::to_vec(value).map_err(|e| SignedError::Unwritable(e.to_string()))?;
        let bytes = signed_bytes::<T>(&payload);
        Ok(Self {
            signatures: keys.map(|key| key.sign(&bytes)),
            payload: payload.into(),
            purpose: PhantomData,
        })
    }

    /// Reads a file: two lines with a signature each, then the payload.
    pub fn parse(file: &[u8]) -> Result<Self, SignedError> {
        let limit = T::FILE_BYTES;
        if file.len() > limit {
            return Err(SignedError::TooLong { limit });
        }
        let mut parts = file.splitn(3, |byte| *byte == b'\n');
        let mut signature = || {
            let line = parts.next()?;
            Signature::from_slice(&BASE64URL_NOPAD.decode(line).ok()?).ok()
        };
        let signatures = [
            signature().ok_or(SignedError::Malformed)?,
            signature().ok_or(SignedError::Malformed)?,
        ];
        Ok(Self {
            signatures,
            payload: parts.next().ok_or(SignedError::Malformed)?.into(),
            purpose: PhantomData,
        })
    }

    /// The value, if two different keys among `roots` signed it.
    pub fn verify(&self, roots: &[VerifyingKey]) -> Result<T, SignedError> {
        let bytes = signed_bytes::<T>(&self.payload);
        let signer = |signature: &Signature| {
            roots
                .iter()
                .find(|root| root.verify_strict(&bytes, signature).is_ok())
                .map(|root| root.as_bytes())
        };
        match (signer(&self.signatures[0]), signer(&self.signatures[1])) {
            (Some(first), Some(second)) if first != second => {}
            _ => return Err(SignedError::BadSignature),
        }
        let value: T =
            serde_json::from_slice(&self.payload).map_err(|e| SignedError::NotUnderstood(e.to_string()))?;
        value.check_limits().map(|()| value)
    }
}

impl<T> CoSigned<T> {
    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        let mut file = Vec::new();
        for signature in &self.signatures {
            file.extend_from_slice(BASE64URL_NOPAD.encode(&signature.to_bytes()).as_bytes());
            file.push(b'\n');
        }
        file.extend_from_slice(&self.payload);
        file
    }
}

impl<T> fmt::Debug for CoSigned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoSigned({} bytes)", self.payload.len())
    }
}
