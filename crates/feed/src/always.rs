//! The always-allowed list: signed by two people, installed with the gate, dialable by everyone.

use std::fmt;

use data_encoding::HEXLOWER;
use phone::PhoneNumber;
use serde::{Deserialize, Serialize};

use crate::cosigned::RootSigned;
use crate::ids::ParseIdError;
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

impl AlwaysAllowed {
    /// Says which numbers are on the list, whatever their order, names and version.
    pub fn digest(&self) -> AlwaysAllowedDigest {
        let mut numbers: Vec<&str> = self.numbers.iter().map(|listed| listed.number.expose()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut hasher = blake3::Hasher::new_derive_key("upcs always-allowed numbers v1");
        for number in numbers {
            hasher.update(number.as_bytes()).update(b"\n");
        }
        let mut digest = [0; 16];
        digest.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        AlwaysAllowedDigest(digest)
    }
}

impl Purpose for AlwaysAllowed {
    const CONTEXT: &'static str = "upcs always-allowed list v1";
}

impl RootSigned for AlwaysAllowed {
    const FILE_BYTES: usize = Limits::DEFAULT.always_allowed * 512;

    fn check_limits(&self) -> Result<(), SignedError> {
        let limit = Limits::DEFAULT.always_allowed;
        if self.numbers.len() > limit {
            return Err(SignedError::TooLong { limit });
        }
        Ok(())
    }
}

/// Which numbers an always-allowed list holds: two lists with one digest let the same numbers ring.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlwaysAllowedDigest([u8; 16]);

impl fmt::Display for AlwaysAllowedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for AlwaysAllowedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AlwaysAllowedDigest({self})")
    }
}

impl TryFrom<String> for AlwaysAllowedDigest {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| ParseIdError)?;
        bytes.try_into().map(Self).map_err(|_| ParseIdError)
    }
}

impl From<AlwaysAllowedDigest> for String {
    fn from(digest: AlwaysAllowedDigest) -> Self {
        digest.to_string()
    }
}
