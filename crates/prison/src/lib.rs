//! Prisons and prison numbers: the register, and the names by which everything else refers to it.
//!
//! [`PrisonId`] and [`PrisonerNumber`] are parsed once, at the edge. [`Register`] says which prisons there
//! are; which of them use the service is for the hub to know.

mod ids;
mod register;

pub use ids::{ParseIdError, PrisonId, PrisonerNumber};
pub use register::{Prison, Register, RegisterError};
