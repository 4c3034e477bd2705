//! What a referrer is told of a request: what became of each number and address, in a form that is the same
//! whatever else the hub knows.

use casework::{BarId, Reference};
use jiff::Timestamp;
use serde::Serialize;

use crate::store::{Outcome, Receipt};

/// Why something goes back to the referrer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskWhy {
    /// The number does not resolve to one number.
    NumberNotResolved,
    /// The address holds too little to tell one house from another.
    AddressNotRead,
    /// The number may be dialled by everyone.
    AlwaysAllowed,
    /// The number reaches the emergency services: each prison's own policy says who may dial it.
    EmergencyNumber,
    /// E-mail is noted for the case handler; gates bar numbers and addresses.
    EmailNotBarred,
}

impl AskWhy {
    /// The code, as the store keeps it and the receipt shows it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NumberNotResolved => "number-not-resolved",
            Self::AddressNotRead => "address-not-read",
            Self::AlwaysAllowed => "always-allowed",
            Self::EmergencyNumber => "emergency-number",
            Self::EmailNotBarred => "email-not-barred",
        }
    }
}

/// The word before the fields that an incomplete request lacks.
const INCOMPLETE: &str = "incomplete";

/// A receipt as it is answered.
#[derive(Debug, Serialize)]
pub struct ReceiptAnswer {
    /// What to quote.
    pub reference: Reference,
    /// When the request was stored, UTC.
    pub received_at: Timestamp,
    /// What became of each number and address, in the order of the request.
    pub targets: Vec<TargetAnswer>,
}

/// What became of one number or address.
#[derive(Debug, Serialize)]
pub struct TargetAnswer {
    /// Its place in the request, as `people[0].numbers[1]`.
    pub position: String,
    /// `barred`, `handler` (a person looks first) or `ask-referrer`.
    pub outcome: &'static str,
    /// Why it comes back, for `ask-referrer`; what the request does not say, as `incomplete: why`, for `handler`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The bar, by which its proof is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<BarId>,
}

impl TargetAnswer {
    /// Why, as one word: the name of a sentence.
    pub fn because_word(&self) -> Option<&str> {
        self.because
            .as_deref()
            .and_then(|because| because.split(':').next())
    }
}

impl From<Receipt> for ReceiptAnswer {
    fn from(receipt: Receipt) -> Self {
        let targets = receipt.targets.into_iter().map(|target| {
            let (outcome, because, bar) = match target.outcome {
                Outcome::Barred(bar) => ("barred", None, Some(bar)),
                Outcome::Handler => ("handler", None, None),
                Outcome::Incomplete(lacks) => (
                    "handler",
                    Some(format!("{INCOMPLETE}: {}", lacks.join(", "))),
                    None,
                ),
                Outcome::AskReferrer(why) => ("ask-referrer", Some(why), None),
            };
            TargetAnswer {
                position: target.position,
                outcome,
                because,
                bar,
            }
        });
        Self {
            reference: receipt.reference,
            received_at: receipt.received_at,
            targets: targets.collect(),
        }
    }
}
