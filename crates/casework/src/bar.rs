//! A bar: one number or one address that may not be reached.

use std::fmt;

use phone::PhoneNumber;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

use crate::ids::{BarId, CaseId};
use crate::policy::Ruling;
use crate::request::WrittenAddress;

/// One bar as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The bar.
    pub id: BarId,
    /// The case it belongs to.
    pub case: CaseId,
    /// What may not be reached.
    pub target: BarTarget,
    /// By whom.
    pub scope: BarScope,
    /// How far it is decided.
    pub state: BarState,
    /// The rule that let it be imposed, and its version.
    pub ruling: Ruling,
}

/// What is barred.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarTarget {
    /// A barred number.
    Number(#[serde(with = "phone::exposed")] PhoneNumber),
    /// A barred address, as it was written.
    Address(WrittenAddress),
}

impl fmt::Debug for BarTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number(_) => "Number(..)",
            Self::Address(_) => "Address(..)",
        })
    }
}

/// To whom a bar applies. One step widens it; two people narrow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarScope {
    /// Every prisoner and every phone in the estate.
    Estate,
    /// One prisoner, wherever he is held.
    Prisoner(PrisonerNumber),
}

/// Where a bar stands. Interim and confirmed bars are equally in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarState {
    /// In force before the assessment.
    Interim,
    /// In force after it.
    Confirmed,
    /// Not in force; two people agreed.
    Lifted,
}

impl BarState {
    /// Whether calls and letters are refused under it.
    pub fn in_force(self) -> bool {
        !matches!(self, Self::Lifted)
    }
}
