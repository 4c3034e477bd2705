//! Prisons and prison numbers: the register, and the names by which everything else refers to it.

mod ids;

pub use ids::{ParseIdError, PrisonId, PrisonerNumber};
