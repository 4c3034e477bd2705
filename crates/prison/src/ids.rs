//! Identifiers of prisons and prisoners, parsed once at the edge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The text is not an identifier of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdError {
    /// A prison's identifier is three letters.
    #[error("a prison is named by three letters, as LEI")]
    Prison,
    /// A prison number is a letter, four digits and two letters.
    #[error("a prison number is a letter, four digits and two letters, as A1234BC")]
    Prisoner,
}

/// A prison, by the three letters that the prison service knows it by. `OUT` and `TRN` say that somebody is
/// in no prison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PrisonId([u8; 3]);

impl PrisonId {
    /// In no prison: released, or never received.
    pub const OUT: Self = Self(*b"OUT");
    /// Between two prisons.
    pub const TRN: Self = Self(*b"TRN");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        // Only ASCII letters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Whether it names a place where prisoners are held.
    pub fn is_establishment(&self) -> bool {
        !matches!(*self, Self::OUT | Self::TRN)
    }
}

impl FromStr for PrisonId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(letters.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(ParseIdError::Prison),
        }
    }
}

/// A prisoner, by the number he keeps through every sentence: a letter, four digits, two letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PrisonerNumber([u8; 7]);

impl PrisonerNumber {
    /// The seven characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII letters and digits are ever stored.
        std::str::from_utf8(&self.0).unwrap_or("???????")
    }
}

impl FromStr for PrisonerNumber {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let number = <[u8; 7]>::try_from(text.as_bytes()).map_err(|_| ParseIdError::Prisoner)?;
        let well_formed = number.iter().enumerate().all(|(at, byte)| match at {
            1..=4 => byte.is_ascii_digit(),
            _ => byte.is_ascii_uppercase(),
        });
        well_formed.then_some(Self(number)).ok_or(ParseIdError::Prisoner)
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = ParseIdError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

as_text!(PrisonId);
as_text!(PrisonerNumber);
