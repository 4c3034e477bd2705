//! The hub: takes requests, bars numbers and addresses, tells every prison's gate, and can prove it.
//!
//! A request comes in by key or by form ([`callers`], [`api`]) and is checked, ruled on by the policy and
//! screened number by number ([`intake`]). [`store`] files it in one transaction: the case, its bars, the
//! revocations that follow, the audit and one serial. [`publish`] turns each serial into every gate's own
//! signed delta and keeps what the gates acknowledge; [`proof`] counts it, prison by prison. Calls asked of
//! gates come back sealed as evidence on the case ([`attempts`]), and a try at a barred number raises an alert
//! ([`alerts`]);
//! letters are judged here ([`mailroom`]); whom prisoners ask to be allowed to ring is screened and answered once a
//! day ([`applications`]);
//! who is in custody, and who could be meant, is [`custody`]'s.
//!
//! ```text
//! callers -> intake -> store -> publish -> gates -> attempts -> store
//! ```
//! Adding protection is one step by one person. Taking it away is a proposal that a second person approves:
//! every verb of the store that lets anything through again asks for `casework::TwoApprovals`. Time and
//! randomness come in through [`seams`], secrets through [`keys`]; only [`store`] knows SQL.

pub mod alerts;
pub mod always_allowed;
pub mod api;
pub mod applications;
pub mod attempts;
pub mod callers;
pub mod cli;
pub mod custody;
pub mod error;
pub mod intake;
pub mod keys;
pub mod lists;
pub mod mailroom;
pub mod proof;
pub mod publish;
pub mod run;
pub mod seams;
pub mod service;
pub mod store;
pub mod web;
