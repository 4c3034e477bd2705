//! Consent: a tagged value, read field by field so that an unknown field is refused and named.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::personal::Personal;

/// Whether the protected people agree to the request. It is not the lawful basis of a bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "consent", rename_all = "kebab-case")]
pub enum Consent {
    /// They agree, or ask themselves.
    Given,
    /// They do not, or were not asked.
    Absent {
        /// Why not.
        reason: Personal,
    },
}

/// What is sent. A derived reader of a tagged enum passes over unknown fields beside `given`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    consent: Word,
    #[serde(default)]
    reason: Option<Personal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Given,
    Absent,
}

impl<'de> Deserialize<'de> for Consent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Sent { consent, reason } = Sent::deserialize(deserializer)?;
        match (consent, reason) {
            (Word::Given, None) => Ok(Self::Given),
            (Word::Given, Some(_)) => Err(D::Error::custom("a reason belongs to absent consent")),
            (Word::Absent, Some(reason)) => Ok(Self::Absent { reason }),
            (Word::Absent, None) => Err(D::Error::missing_field("reason")),
        }
    }
}
