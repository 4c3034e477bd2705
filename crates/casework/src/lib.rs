//! The words and rules of the service, as plain values: no disk, no clock, no network.
//!
//! A [`ContactRequest`] says whom a prisoner must no longer reach and who asks. [`Policy`] rules, from who
//! asks and with what consent, whether its numbers and addresses are barred at once ([`Ruling`]). The
//! request opens a [`CaseState`]; a case handler locates the prisoner, records an [`Assessment`] and
//! decides. Imposing protection takes one person and one step. Whatever removes protection is a
//! [`Proposal`] that a second person approves: only [`TwoApprovals::agree`] makes the value that every such
//! verb asks for. [`Role::may`] says who may do what. Nobody protected is contacted but through a
//! [`SafeChannel`] that they gave.
//!
//! What belongs to a protected person stands in [`Personal`], which cannot be printed.

mod actor;
mod application;
mod approval;
mod assessment;
mod bar;
mod case;
mod envelope;
mod ids;
mod intelligence;
mod offered;
mod personal;
mod policy;
mod request;

pub use actor::{AccountId, Actor, OrganisationKind, Role, Verb};
pub use application::{ApplicationAnswer, Contact};
pub use approval::{NotTwoPeople, Proposal, ProposedChange, Seen, SeenOfFile, TwoApprovals};
pub use assessment::{Assessment, Decision, DeclineReason, Ground, Relationship};
pub use bar::{Bar, BarScope, BarState, BarTarget};
pub use case::{CaseState, InvalidTransition, Priority};
pub use envelope::{NamedOnEnvelope, OTHERS_NAME_BITS, OWN_NAME_BITS, named_on_envelope};
pub use ids::{BarId, CaseId, ParseReferenceError, ProposalId, Reference, RequestId};
pub use intelligence::{Intelligence, IntelligenceKind};
pub use offered::OfferedFor;
pub use personal::Personal;
pub use policy::{Caps, Policy, PolicyError, RuleOutcome, Ruling};
pub use request::{
    Consent, ContactRequest, CourtOrder, KnownOfPrisoner, OrderKind, Problem, ProblemKind, ProtectedPerson,
    Referrer, ReferrerKind, RequestLimits, Risk, SafeChannel, SafeChannelKind, WrittenAddress,
};
