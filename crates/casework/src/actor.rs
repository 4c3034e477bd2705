//! Who acts, and who may do what.

use std::fmt;
use std::str::FromStr;

use prison::PrisonId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One account of one person or of one organisation's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub Uuid);

impl AccountId {
    /// Nobody's account: what came through the public form is filed by it.
    pub const PUBLIC: Self = Self(Uuid::nil());
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Somebody who does something: every verb of the hub is done by an actor and written to the audit as his.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The account that created this one, if a person did.
    pub created_by: Option<AccountId>,
    /// The name staff know the account by.
    pub name: String,
    /// What the account may do.
    pub role: Role,
}

/// Registered kinds of referring organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// A police force.
    Police,
    /// Probation.
    Probation,
    /// A prison's own staff.
    Prison,
    /// A victim service.
    VictimService,
}

impl OrganisationKind {
    /// Whether it approves the addresses to which prisoners go.
    fn approves_addresses(self) -> bool {
        matches!(self, Self::Probation | Self::Prison)
    }
}

/// What an account is for. A person with two tasks has two accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "kebab-case")]
pub enum Role {
    /// Anybody, through the public form; holds no account.
    Public,
    /// A registered organisation that refers and files intelligence; sees only its own receipts.
    Referrer {
        /// Its kind.
        organisation: OrganisationKind,
    },
    /// Works the cases.
    CaseHandler,
    /// Checks letters in one prison.
    Mailroom {
        /// The prison.
        prison: PrisonId,
    },
    /// Keeps one prison's approved lists (applies; never approves alone).
    PinphoneClerk {
        /// The prison.
        prison: PrisonId,
    },
    /// Security in one prison: approves numbers, sees whether the prison is up to date.
    PrisonSecurity {
        /// The prison.
        prison: PrisonId,
    },
    /// Governor or director of one prison.
    Governor {
        /// The prison.
        prison: PrisonId,
    },
    /// Sees who did and saw what; changes nothing.
    Auditor,
    /// Enrols gates, switches prisons on, makes accounts and keys; sees no case.
    Operator,
    /// The prison service's own system: says who came into a prison and who left one, asks about addresses, and sees nothing
    /// but on whose record it is to raise an alert and the answers to what it asked.
    PrisonService,
    /// The hub itself: events, schedules.
    Service,
}

/// Everything that an actor can do at the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// File a request.
    FileRequest,
    /// Read the receipt of a request of one's own.
    ReadReceipt,
    /// File intelligence.
    FileIntelligence,
    /// See the queue and open cases.
    ReadCases,
    /// Locate, assess, confirm, add a number or address, propose.
    WorkCases,
    /// Approve what another case handler proposed.
    ApproveCaseProposal,
    /// Read how far a bar is in force.
    ReadProof,
    /// Check a letter's address in one's own prison.
    CheckLetter,
    /// Apply for a number on a prisoner's list in one's own prison.
    ApplyForNumber,
    /// Approve an application in one's own prison.
    ApproveNumber,
    /// Take a number off a prisoner's list in one's own prison.
    RevokeNumber,
    /// See one's own prison's page.
    ReadPrison,
    /// Read the audit.
    ReadAudit,
    /// Ask for enrolment codes, switch prisons on, add accounts and keys.
    Operate,
    /// Approve a new gate, its retirement, a prison's leaving.
    ApproveOperation,
    /// Read the attestations of one's own prison, or of all.
    ReadAttestations,
    /// Say who came into a prison, left one, or has another number.
    RecordCustody,
    /// Ask about an address that a prisoner offers for release or leave.
    OfferAddress,
    /// Learn which alerts to raise on prisoners' records, and say that they were raised.
    RaiseAlerts,
}

impl Role {
    /// The whole table of who may do what.
    pub fn may(&self, verb: Verb) -> bool {
        use Verb::*;
        match self {
            Self::Public => matches!(verb, FileRequest),
            Self::Referrer { organisation } => {
                matches!(verb, FileRequest | ReadReceipt | FileIntelligence | ReadProof)
                    || (verb == OfferAddress && organisation.approves_addresses())
            }
            Self::CaseHandler => {
                matches!(verb, FileRequest | FileIntelligence | ReadCases | WorkCases)
                    || matches!(verb, ApproveCaseProposal | ReadProof)
            }
            Self::Mailroom { .. } => matches!(verb, CheckLetter | ReadPrison),
            Self::PinphoneClerk { .. } => matches!(verb, ApplyForNumber | RevokeNumber | ReadPrison),
            Self::PrisonSecurity { .. } => {
                matches!(verb, ApplyForNumber | ApproveNumber | RevokeNumber)
                    || matches!(verb, ReadPrison | ReadAttestations)
            }
            Self::Governor { .. } => matches!(verb, ReadPrison | ReadAttestations),
            Self::Auditor => matches!(verb, ReadAudit | ReadAttestations),
            Self::Operator => {
                matches!(
                    verb,
                    Operate | ApproveOperation | ReadAttestations | RecordCustody
                )
            }
            Self::PrisonService => matches!(verb, RecordCustody | OfferAddress | RaiseAlerts),
            Self::Service => matches!(verb, RevokeNumber | RecordCustody),
        }
    }

    /// Whether a prison number from it may stand without a person's look: the police, probation and prisons read it off
    /// their own records, and have signed in with a key or account of their own. What a case handler writes down on the
    /// telephone, and whatever comes through the public form, is somebody's word.
    pub fn vouches_for_prison_numbers(&self) -> bool {
        use OrganisationKind::{Police, Prison, Probation};
        matches!(
            self,
            Self::Referrer {
                organisation: Police | Probation | Prison
            }
        )
    }

    /// The prison to which the account is confined, if it is.
    pub fn prison(&self) -> Option<PrisonId> {
        match self {
            Self::Mailroom { prison }
            | Self::PinphoneClerk { prison }
            | Self::PrisonSecurity { prison }
            | Self::Governor { prison } => Some(*prison),
            _ => None,
        }
    }
}
