//! Two people, for everything that removes protection.

use std::collections::BTreeSet;

use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::actor::{AccountId, Actor, Verb};
use crate::assessment::DeclineReason;
use crate::ids::{BarId, CaseId, ProposalId, RequestId};
use crate::personal::Personal;

/// Something that one person wants and a second must approve before anything happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The proposal.
    pub id: ProposalId,
    /// What would happen.
    pub change: ProposedChange,
    /// Why, in the proposer's words.
    pub reason: Personal,
    /// Who proposed it.
    pub proposed_by: AccountId,
    /// When.
    pub proposed_at: Timestamp,
}

/// Each change lets something through that was refused before or that a bar would refuse, or cuts somebody off
/// from a lawyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum ProposedChange {
    /// Lift one bar.
    LiftBar {
        /// The bar.
        bar: BarId,
    },
    /// Let one bar apply to one prisoner only.
    NarrowBar {
        /// The bar.
        bar: BarId,
        /// The only prisoner to whom it then applies.
        prisoner: PrisonerNumber,
    },
    /// Decline the case: lift all its bars.
    DeclineCase {
        /// The case.
        case: CaseId,
        /// Why.
        reason: DeclineReason,
        /// What the proposer saw of it. Nothing else is lifted: if the case holds more by the time of the
        /// approval, the proposal is overtaken.
        #[serde(default)]
        seen: Seen,
    },
    /// Let one bar leave one prisoner alone whom the case does not name, as long as this prison holds him.
    ExceptPrisoner {
        /// The bar.
        bar: BarId,
        /// The prison.
        prison: PrisonId,
        /// The prisoner.
        prisoner: PrisonerNumber,
    },
    /// Let letters leave that a bar on their address would stop: confidential mail to a checked address, or a
    /// prisoner's letters to a close relative.
    ExemptLetters {
        /// The exemption as it was written down.
        exempt: Uuid,
        /// The case that it belongs to, if it belongs to one.
        case: Option<CaseId>,
    },
    /// Bar a number that is a legal contact on somebody's approved list.
    BarLegalNumber {
        /// The case.
        case: CaseId,
        /// The number's place in the case's list of held targets.
        held: Uuid,
    },
    /// Put a number on a prisoner's approved list.
    ApproveNumber {
        /// The application.
        application: Uuid,
        /// The prison in which it is made.
        prison: PrisonId,
    },
    /// Take a file of approved numbers over into a prison's lists.
    ImportList {
        /// The import, with the rows that were read.
        import: Uuid,
        /// The prison.
        prison: PrisonId,
        /// What the proposer saw of it, and what the second person agrees to.
        seen: SeenOfFile,
    },
    /// Take a lawyer's number off a prisoner's list.
    RevokeLegalEntry {
        /// The entry.
        entry: Uuid,
        /// The prison on whose list it stands.
        prison: PrisonId,
    },
    /// Give a list to a new gate whose key fingerprint was compared.
    AdmitGate {
        /// The gate, in hexadecimal.
        gate: String,
        /// Its prison.
        prison: PrisonId,
    },
    /// Count a gate no longer.
    RetireGate {
        /// The gate, in hexadecimal.
        gate: String,
        /// Its prison.
        prison: PrisonId,
    },
    /// Count a prison in which every number that is not barred then rings.
    SwitchOnCallBarring {
        /// The prison.
        prison: PrisonId,
    },
    /// Count a prison no longer.
    SwitchPrisonOff {
        /// The prison.
        prison: PrisonId,
    },
}

/// What a file of approved numbers holds, and what becomes of the entries that it leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenOfFile {
    /// SHA-256 of the file, in hexadecimal.
    pub file: String,
    /// Rows that would go onto lists.
    pub to_take: u64,
    /// Those of them that are lawyers' numbers.
    pub legal: u64,
    /// Entries on the prison's lists that the file leaves out, lawyers' numbers not counted.
    pub left_out: u64,
    /// Whether those come off. They stay unless both people say that they go; a lawyer's number always stays.
    pub take_left_out_off: bool,
}

/// What a case held when somebody looked at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its requests.
    pub requests: BTreeSet<RequestId>,
    /// Its bars in force.
    pub bars: BTreeSet<BarId>,
    /// Its numbers and addresses that wait for a handler.
    pub held: BTreeSet<Uuid>,
}

impl Seen {
    /// Whether nothing of what the case holds now came after this look at it.
    pub fn covers(&self, now: &Self) -> bool {
        now.requests.is_subset(&self.requests)
            && now.bars.is_subset(&self.bars)
            && now.held.is_subset(&self.held)
    }
}

impl ProposedChange {
    /// What the second person must be allowed to do.
    pub fn approval(&self) -> Verb {
        match self {
            Self::LiftBar { .. }
            | Self::NarrowBar { .. }
            | Self::DeclineCase { .. }
            | Self::ExceptPrisoner { .. }
            | Self::ExemptLetters { .. }
            | Self::BarLegalNumber { .. } => Verb::ApproveCaseProposal,
            Self::ApproveNumber { .. } | Self::ImportList { .. } | Self::RevokeLegalEntry { .. } => {
                Verb::ApproveNumber
            }
            Self::AdmitGate { .. }
            | Self::RetireGate { .. }
            | Self::SwitchOnCallBarring { .. }
            | Self::SwitchPrisonOff { .. } => Verb::ApproveOperation,
        }
    }

    /// Whether the case is still what the proposer saw, now that it holds `now` and is about `prisoner`: it
    /// holds nothing that would be lifted unseen, and a bar would be narrowed to the right prisoner.
    pub fn still_stands(&self, now: &Seen, prisoner: Option<PrisonerNumber>) -> bool {
        match self {
            Self::DeclineCase { seen, .. } => seen.covers(now),
            Self::NarrowBar { prisoner: only, .. } => prisoner == Some(*only),
            _ => true,
        }
    }

    /// Whether both would do the same, whoever wants it and why: one of them at a time waits for a second person.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::DeclineCase { case, .. }, Self::DeclineCase { case: other, .. }) => case == other,
            _ => self == other,
        }
    }

    /// What the first person must be allowed to do.
    pub fn proposal(&self) -> Verb {
        Self::proposal_of(self.approval())
    }

    /// What whoever proposes must be allowed to do, where the approval takes this.
    pub fn proposal_of(approval: Verb) -> Verb {
        match approval {
            Verb::ApproveCaseProposal => Verb::WorkCases,
            Verb::ApproveNumber => Verb::ApplyForNumber,
            _ => Verb::Operate,
        }
    }

    /// The prison to which both people must belong, if they belong to one.
    pub fn prison(&self) -> Option<PrisonId> {
        match self {
            Self::ApproveNumber { prison, .. }
            | Self::ImportList { prison, .. }
            | Self::RevokeLegalEntry { prison, .. } => Some(*prison),
            _ => None,
        }
    }
}

/// Why two approvals are not two people's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTwoPeople {
    /// The proposer cannot approve.
    #[error("a different person must approve this")]
    SamePerson,
    /// One of the two accounts made the other.
    #[error("one of the two accounts created the other; someone else must approve this")]
    OneCreatedTheOther,
    /// The approver's or proposer's role does not reach so far.
    #[error("this account may not approve this")]
    NotTheirs,
    /// The actor handed in as proposer is not the one on record.
    #[error("the proposal was made by somebody else")]
    OtherProposer,
}

/// The proof that two different people agreed to one proposal. Nothing but [`TwoApprovals::agree`] makes
/// one, and every verb that removes protection asks for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoApprovals {
    proposal: Proposal,
    approved_by: AccountId,
}

impl TwoApprovals {
    /// Checks that two different people agree: `proposer` as he is on record, `approver` as he is signed in.
    pub fn agree(proposal: Proposal, proposer: &Actor, approver: &Actor) -> Result<Self, NotTwoPeople> {
        if proposal.proposed_by != proposer.account {
            return Err(NotTwoPeople::OtherProposer);
        }
        if proposer.account == approver.account {
            return Err(NotTwoPeople::SamePerson);
        }
        if proposer.created_by == Some(approver.account) || approver.created_by == Some(proposer.account) {
            return Err(NotTwoPeople::OneCreatedTheOther);
        }
        let change = &proposal.change;
        let in_place = |actor: &Actor| {
            change
                .prison()
                .is_none_or(|prison| actor.role.prison() == Some(prison))
        };
        let may = approver.role.may(change.approval()) && proposer.role.may(change.proposal());
        if !may || !in_place(proposer) || !in_place(approver) {
            return Err(NotTwoPeople::NotTheirs);
        }
        Ok(Self {
            proposal,
            approved_by: approver.account,
        })
    }

    /// What was agreed.
    pub fn proposal(&self) -> &Proposal {
        &self.proposal
    }

    /// The first person.
    pub fn proposed_by(&self) -> AccountId {
        self.proposal.proposed_by
    }

    /// The second person.
    pub fn approved_by(&self) -> AccountId {
        self.approved_by
    }
}
