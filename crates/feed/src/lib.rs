//! All that the hub tells a gate, and all that a gate tells the hub: the words on the wire, their
//! signatures and seals, their limits. No sockets, no files, no clock, and nobody protected: a type here
//! has no field in which a victim's name, number or address could stand.
//!
//! The hub keeps one random [`Session`] for the life of its store and one [`Serial`] that rises by one on
//! every change, for every gate. A gate that holds nothing receives a [`Snapshot`]; after that each change
//! is a [`Delta`] that announces entries, withdraws bars under a [`LiftAuthority`], or revokes approved
//! entries. A delta in which nothing concerns the gate is still sent, empty, so that one acknowledged
//! serial proves one bar at every gate. Each [`Message`] names the one gate it is for and travels as a
//! [`Signed`] line: what is signed is the exact bytes that stand in the line, and the signature is checked
//! before any byte of it is parsed. It also names its [`Turn`]: which line it is of a stream that the gate
//! named itself, so that no line, not even one that says that nothing has changed, is good a second time. A
//! session other than the one that a gate was enrolled in needs a [`SessionCertificate`] of two root keys.
//!
//! The gate's list is made of [`Entry`]s: numbers only as [`Fingerprint`]s under a key of that gate alone,
//! each tied to an opaque [`BarId`] or [`EntryId`]. It answers with an [`Acknowledgement`] once the change
//! is on its disk and in its answers, and reports each [`Attempt`] sealed, so that the box in the prison
//! cannot read back what was dialled.

mod always;
mod attempt;
mod attest;
mod certificate;
mod cosigned;
mod enrol;
mod fingerprint;
mod ids;
mod limits;
mod list;
mod message;
mod seal;
mod signed;

pub use always::{AlwaysAllowed, AlwaysAllowedDigest, AlwaysAllowedNumber};
pub use attempt::{
    Attempt, AttemptReport, BlockName, Reason, ReportNotice, ReportReceipt, SealedBlock, Verdict,
};
pub use attest::{
    ATTESTATION_BYTES, Attestation, AttestationError, AttestedAttempts, AttestedGate, GateWord,
    verify_attestation,
};
pub use certificate::{Believed, NotBelieved, SessionCertificate};
pub use cosigned::{CoSigned, RootSigned};
pub use enrol::{EnrolmentAnswer, EnrolmentCode, EnrolmentRequest, FollowRequest, KeyFingerprint};
pub use fingerprint::{Fingerprint, FingerprintKey};
pub use ids::{BarId, Challenge, EntryId, GateId, ParseIdError, Serial, Session, StreamId};
pub use limits::Limits;
pub use list::{ContactKind, Entry, Exception, ListHash, Listed, Scope};
pub use message::{
    Acknowledgement, Body, Delta, Excepting, LiftAuthority, Message, Regime, Snapshot, Turn, Withdrawal,
};
pub use seal::{SealError, SealingKey, SealingPublicKey, seal};
pub use signed::{Purpose, Signed, SignedError, public_key_from_hex, public_key_to_hex};

/// The signature keys of hub and gates, so that no other crate has to choose a version.
pub use ed25519_dalek::{SigningKey, VerifyingKey};
