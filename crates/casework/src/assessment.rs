//! What a case handler finds and decides.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::personal::Personal;
use crate::request::Consent;

/// Why contact may be prevented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The person reached does not want it.
    UnwantedContact,
    /// A court order forbids it.
    CourtOrder,
    /// It would interfere with witnesses or with justice.
    Justice,
    /// It would harm somebody's rights, safety or health.
    ProtectionOfOthers,
    /// It would further a crime.
    PreventionOfCrime,
}

/// What the protected person is to the prisoner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// Partner now.
    Partner,
    /// Partner once.
    FormerPartner,
    /// His or her child.
    Child,
    /// Another relative.
    Relative,
    /// Witness.
    Witness,
    /// Victim of an offence, not otherwise known to him.
    VictimOfOffence,
    /// Someone else.
    Other,
    /// Nobody knows.
    NotKnown,
}

/// The record that a bar rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The ground.
    pub ground: Ground,
    /// Why it is necessary.
    pub necessity: Personal,
    /// Why it is proportionate.
    pub proportionality: Personal,
    /// Consent as the handler found it.
    pub consent: Consent,
    /// What they are to each other.
    pub relationship: Relationship,
    /// When the bar is looked at again; a bar never ends by itself.
    pub review_on: Date,
}

/// What is decided of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Decision {
    /// Bar what was asked, for the whole estate.
    Bar,
    /// Decline; lifting what the case has barred takes two people.
    Decline {
        /// Why.
        reason: DeclineReason,
    },
    /// Nothing can be barred before the referrer has said more.
    AskReferrer,
}

/// Why a request is declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclineReason {
    /// The person reached says that the contact is wanted, and was heard in safety.
    ContactIsWanted,
    /// The request was not true.
    NotTrue,
    /// The number or address is not the protected person's.
    NotTheirs,
    /// Neither necessary nor proportionate.
    NotProportionate,
}
