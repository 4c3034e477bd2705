//! Identifiers inside the hub, and the reference that a referrer is given.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

uuid_id!(
    /// One request as it came in.
    RequestId
);
uuid_id!(
    /// One case: everything about one request and those linked to it.
    CaseId
);
uuid_id!(
    /// One bar on one number or address. Random in all its bits, because gates see it.
    BarId
);
uuid_id!(
    /// One proposal that awaits a second person.
    ProposalId
);

/// What a referrer is given to quote: twelve letters and digits that cannot be mistaken for each other,
/// as `K7QM-2VXD-94TR`. It says nothing of what it refers to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

impl Reference {
    const LETTERS: &'static [u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// Makes a reference from 12 random bytes (60 of their bits are used).
    pub fn from_random(bytes: [u8; 12]) -> Self {
        let mut text = String::with_capacity(14);
        for (at, byte) in bytes.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(Self::LETTERS[usize::from(byte & 31)]));
        }
        Self(text)
    }

    /// The text, as `K7QM-2VXD-94TR`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reference looks like K7QM-2VXD-94TR")]
pub struct ParseReferenceError;

impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters: Vec<u8> = text
            .bytes()
            .filter(|b| !b.is_ascii_whitespace() && *b != b'-')
            .map(|b| b.to_ascii_uppercase())
            .collect();
        if letters.len() != 12 || !letters.iter().all(|b| Self::LETTERS.contains(b)) {
            return Err(ParseReferenceError);
        }
        let groups: Vec<String> = letters
            .chunks(4)
            .map(|group| group.iter().map(|b| char::from(*b)).collect())
            .collect();
        Ok(Self(groups.join("-")))
    }
}

impl TryFrom<String> for Reference {
    type Error = ParseReferenceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({self})")
    }
}
