//! The always-allowed list: signed by two people, installed with the gate, dialable by everyone.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use phone::PhoneNumber;
use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::signed::{Purpose, SignedError};

/// Helplines, ombudsmen, inspectorates, courts of national standing: cannot be barred for the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlwaysAllowed {
    /// Rises with every change of the list.
    pub version: u32,
    /// The numbers.
    pub numbers: Vec<AlwaysAllowedNumber>,
}

/// One always-allowed number. It is published, so it is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlwaysAllowedNumber {
    /// Canonical form.
    #[serde(with = "phone::exposed")]
    pub number: PhoneNumber,
    /// Whose number it is.
    pub name: String,
}

impl Purpose for AlwaysAllowed {
    const CONTEXT: &'static str = "upcs always-allowed list v1";
}

/// An always-allowed list with the signatures of two different root keys.
#[derive(Clone, PartialEq, Eq)]
pub struct CoSigned {
    payload: Box<[u8]>,
    signatures: [Signature; 2],
}

impl CoSigned {
    /// Signs a list with two root keys.
    pub fn sign(list: &AlwaysAllowed, keys: [&SigningKey; 2]) -> Result<Self, SignedError> {
        let payload = serde_json::to_vec(list).map_err(|e| SignedError::Unwritable(e.to_string()))?;
        let bytes = signed_bytes(&payload);
        Ok(Self {
            signatures: keys.map(|key| key.sign(&bytes)),
            payload: payload.into(),
        })
    }

    /// Reads a file: two lines with a signature each, then the payload.
    pub fn parse(file: &[u8]) -> Result<Self, SignedError> {
        let limit = Limits::DEFAULT.always_allowed * 512;
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
        })
    }

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

    /// The list, if two different keys among `roots` signed it.
    pub fn verify(&self, roots: &[VerifyingKey]) -> Result<AlwaysAllowed, SignedError> {
        let bytes = signed_bytes(&self.payload);
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
        let list: AlwaysAllowed =
            serde_json::from_slice(&self.payload).map_err(|e| SignedError::NotUnderstood(e.to_string()))?;
        if list.numbers.len() > Limits::DEFAULT.always_allowed {
            return Err(SignedError::TooLong {
                limit: Limits::DEFAULT.always_allowed,
            });
        }
        Ok(list)
    }
}

impl fmt::Debug for CoSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CoSigned({} bytes)", self.payload.len())
    }
}

fn signed_bytes(payload: &[u8]) -> Vec<u8> {
    [AlwaysAllowed::CONTEXT.as_bytes(), b"\0", payload].concat()
}
