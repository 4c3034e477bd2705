//! The life of a case.

use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, DeclineReason};

/// Where a case stands; each state holds what is known by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum CaseState {
    /// In the queue; nobody has said yet who the prisoner is. Its bars, if any, cover the estate.
    Waiting,
    /// Who the prisoner is has been confirmed, by a person or by a number that stands by itself.
    Located {
        /// The prisoner.
        prisoner: PrisonerNumber,
    },
    /// The handler has recorded what the bar rests on. The prisoner may still be unknown or not in custody:
    /// then the case stays armed for his reception.
    Assessed {
        /// The prisoner, if located.
        prisoner: Option<PrisonerNumber>,
        /// The record.
        assessment: Assessment,
    },
    /// Confirmed for the whole estate.
    Confirmed {
        /// The prisoner, if located.
        prisoner: Option<PrisonerNumber>,
        /// The record.
        assessment: Assessment,
    },
    /// Declined by two people.
    Declined {
        /// Why.
        reason: DeclineReason,
    },
}

/// The case does not stand where this step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case that is {from} cannot be {to}")]
pub struct InvalidTransition {
    /// Where it stands.
    pub from: &'static str,
    /// What was asked.
    pub to: &'static str,
}

impl CaseState {
    /// The state's name, for pages and the audit.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Located { .. } => "located",
            Self::Assessed { .. } => "assessed",
            Self::Confirmed { .. } => "confirmed",
            Self::Declined { .. } => "declined",
        }
    }

    /// The located prisoner.
    pub fn prisoner(&self) -> Option<PrisonerNumber> {
        match self {
            Self::Located { prisoner } => Some(*prisoner),
            Self::Assessed { prisoner, .. } | Self::Confirmed { prisoner, .. } => *prisoner,
            Self::Waiting | Self::Declined { .. } => None,
        }
    }

    /// The assessment on record.
    pub fn assessment(&self) -> Option<&Assessment> {
        match self {
            Self::Assessed { assessment, .. } | Self::Confirmed { assessment, .. } => Some(assessment),
            _ => None,
        }
    }

    /// Who the prisoner is is confirmed. May be corrected until the case is declined.
    pub fn locate(self, prisoner: PrisonerNumber) -> Result<Self, InvalidTransition> {
        match self {
            Self::Waiting | Self::Located { .. } => Ok(Self::Located { prisoner }),
            Self::Assessed { assessment, .. } => Ok(Self::Assessed {
                prisoner: Some(prisoner),
                assessment,
            }),
            Self::Confirmed { assessment, .. } => Ok(Self::Confirmed {
                prisoner: Some(prisoner),
                assessment,
            }),
            Self::Declined { .. } => Err(self.cannot_be("located")),
        }
    }

    /// A person says that it is not he. The case waits for whoever it is; what is barred stays barred.
    pub fn reject_prisoner(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Located { .. } => Ok(Self::Waiting),
            Self::Assessed {
                prisoner: Some(_),
                assessment,
            } => Ok(Self::Assessed {
                prisoner: None,
                assessment,
            }),
            Self::Confirmed {
                prisoner: Some(_),
                assessment,
            } => Ok(Self::Confirmed {
                prisoner: None,
                assessment,
            }),
            _ => Err(self.cannot_be("without its prisoner")),
        }
    }

    /// The handler records the assessment.
    pub fn assess(self, assessment: Assessment) -> Result<Self, InvalidTransition> {
        let prisoner = self.prisoner();
        match self {
            Self::Waiting | Self::Located { .. } | Self::Assessed { .. } => {
                Ok(Self::Assessed { prisoner, assessment })
            }
            Self::Confirmed { .. } | Self::Declined { .. } => Err(self.cannot_be("assessed")),
        }
    }

    /// The handler confirms the bars for the whole estate.
    pub fn confirm(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Assessed { prisoner, assessment } => Ok(Self::Confirmed { prisoner, assessment }),
            _ => Err(self.cannot_be("confirmed")),
        }
    }

    /// Two people decline. The caller holds their approvals.
    pub fn decline(self, reason: DeclineReason) -> Result<Self, InvalidTransition> {
        match self {
            Self::Declined { .. } => Err(self.cannot_be("declined")),
            _ => Ok(Self::Declined { reason }),
        }
    }

    fn cannot_be(&self, to: &'static str) -> InvalidTransition {
        InvalidTransition {
            from: self.name(),
            to,
        }
    }
}

/// Where a case stands in the queue; lower comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// A life at risk and not all barred yet: an alarm goes with it.
    LifeAtRisk,
    /// Over a cap: an alarm goes with it.
    OverCap,
    /// A handler decides before anything is barred.
    HandlerFirst,
    /// Barred already; the assessment follows.
    Barred,
    /// Nothing could be barred; the referrer is asked.
    AskReferrer,
}
