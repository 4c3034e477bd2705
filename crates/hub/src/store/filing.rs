//! What a request is when intake hands it to the store, and what the store answers.

use std::fmt;

use casework::{BarId, BarTarget, Caps, ContactRequest, Reference, Ruling};
use jiff::Timestamp;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

/// A caller's key for one verb and one body.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key, as the caller made it.
    pub key: String,
    /// The keyed hash of the body, 64 hexadecimal digits.
    pub body_hash: String,
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(..)")
    }
}

/// A request that was checked, ruled on and screened.
#[derive(Clone, Debug)]
pub struct Filing {
    /// The request as it came in.
    pub request: ContactRequest,
    /// Which rule decided.
    pub ruling: Ruling,
    /// The caps beyond which a person looks first.
    pub caps: Caps,
    /// What became of each number and address, in the order of the request.
    pub targets: Vec<ScreenedTarget>,
    /// The reference of an earlier request of the same caller, whose case this one joins.
    pub linked_to: Option<Reference>,
    /// The prisoners whom the request names.
    pub named: NamedPrisoners,
}

/// The prisoners whom a request names without doubt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedPrisoners {
    /// Their numbers, each once.
    pub numbers: Vec<PrisonerNumber>,
}

/// One number or address of a request, after screening.
#[derive(Clone, Debug)]
pub struct ScreenedTarget {
    /// What it resolved to; `None` if it did not.
    pub target: Option<BarTarget>,
    /// What the screener wants.
    pub wanted: Wanted,
    /// The field, as `people[0].numbers[1]`.
    pub position: String,
}

/// What the screener wants of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Barred in this transaction.
    Bar,
    /// Kept for a case handler.
    HandlerFirst,
    /// Sent back to the referrer; the code says why.
    AskReferrer(&'static str),
}

/// What a referrer is given. It derives from the one request alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What to quote.
    pub reference: Reference,
    /// When the request was stored, UTC.
    pub received_at: Timestamp,
    /// What became of each number and address, in the order of the request.
    pub targets: Vec<ReceiptTarget>,
}

/// What became of one number or address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptTarget {
    /// The field, as `people[0].numbers[1]`.
    pub position: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one number or address, as its referrer is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", content = "by", rename_all = "kebab-case")]
pub enum Outcome {
    /// Barred; the bar is this request's own.
    Barred(BarId),
    /// A case handler looks first.
    Handler,
    /// A case handler looks first, because the request does not say these of its fields.
    Incomplete(Vec<String>),
    /// The referrer is asked; the code says why.
    AskReferrer(String),
}

impl Outcome {
    /// Of a target that is kept for a handler, for whatever reason: told from the request alone.
    pub(super) fn held(request: &ContactRequest) -> Self {
        match request.lacks() {
            lacks if lacks.is_empty() => Self::Handler,
            lacks => Self::Incomplete(lacks.into_iter().map(str::to_owned).collect()),
        }
    }
}
