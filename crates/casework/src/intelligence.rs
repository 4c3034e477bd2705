//! What referrers learn besides requests.

use serde::{Deserialize, Serialize};

use crate::ids::Reference;
use crate::personal::Personal;

/// One piece of intelligence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intelligence {
    /// Of what kind.
    pub kind: IntelligenceKind,
    /// The case it belongs to, if the referrer knows the reference.
    #[serde(default)]
    pub reference: Option<Reference>,
    /// A number that it names, as written.
    #[serde(default)]
    pub number: Option<Personal>,
    /// What is known, in the referrer's words.
    pub account: Personal,
}

/// Kinds of intelligence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntelligenceKind {
    /// A number from which a protected person was rung.
    NumberThatRang,
    /// Somebody who rings or writes for the prisoner.
    Proxy,
    /// A mobile phone in a prison.
    IllicitPhone,
    /// Contact that got through although it was barred.
    GotThrough,
}
