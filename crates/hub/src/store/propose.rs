//! Proposals: what one person wants and a second must approve. What a proposal would do to a case is what its
//! proposer saw of it; once the case holds more, the proposal is overtaken and must be made anew.

use casework::{
    AccountId, Actor, BarId, CaseId, CaseState, Personal, Proposal, ProposalId, ProposedChange, Seen,
};
use data_encoding::HEXLOWER;
use prison::PrisonId;
use uuid::Uuid;

use super::Store;
use super::error::{Conflict, Refusal, StoreError};
use super::gates::GateState;
use super::sql::{Row, json, micros, values};
use super::tx::Tx;

/// Characters of a reason.
const REASON_CHARS: usize = 5_000;
const COLUMNS: &str = "id, change, case_id, reason, proposed_by, proposed_at, state";

impl Store {
    /// Proposes a change. Nothing happens before a second person approves.
    ///
    /// # Errors
    /// [`Refusal::NotTheirs`] if this account may not propose it; [`StoreError::NotFound`] and
    /// [`Conflict::Changed`] if what it would change is not there or does not stand where the change begins,
    /// or if the case holds more than the proposer saw; [`Conflict::AlreadyProposed`] if somebody waits for a
    /// second person to do the same.
    pub async fn propose(
        &self,
        by: &Actor,
        change: ProposedChange,
        reason: &str,
    ) -> Result<ProposalId, StoreError> {
        if reason.trim().is_empty() || reason.chars().count() > REASON_CHARS {
            return Err(StoreError::Invalid("say why, in at most 5,000 characters"));
        }
        let tx = self.begin(by, change.proposal(), "propose").await?;
        if change
            .prison()
            .is_some_and(|prison| tx.by.role.prison() != Some(prison))
        {
            return Err(tx.refuse(Refusal::NotTheirs).await);
        }
        let case = tx.check_can_change(&change).await?;
        if !tx.is_as_seen(&change, case).await? {
            return Err(Conflict::Changed.into());
        }
        if let Some(case) = case {
            tx.close_all_overtaken(case).await?;
        }
        if tx.is_proposed(&change, case).await? {
            return Err(Conflict::AlreadyProposed.into());
        }
        let proposal = tx.insert_proposal(&change, case, reason).await?;
        if let Some(case) = case {
            tx.touch_case(case).await?;
        }
        tx.commit().await?;
        Ok(proposal)
    }

    /// Takes one's own proposal back.
    pub async fn withdraw_proposal(&self, by: &Actor, id: ProposalId) -> Result<(), StoreError> {
        let tx = self.begin_as(by, "withdraw-proposal").await?;
        let found = tx.open_proposal(id).await?;
        if found.proposal.proposed_by != by.account {
            return Err(tx.refuse(Refusal::NotTheirs).await);
        }
        tx.decide_proposal(id, "withdrawn").await?;
        if let ProposedChange::ExemptLetters { exempt, .. } = &found.proposal.change {
            tx.withdraw_exemption(*exempt).await?;
        }
        if let ProposedChange::ApproveNumber { application, .. } = &found.proposal.change {
            let update = "UPDATE approved_numbers SET state = 'ended', cause = 'withdrawn', ended_at = $1 \
                 WHERE id = $2 AND state = 'applied'";
            let entry = HEXLOWER.encode(application.as_bytes());
            tx.run(update, values![micros(tx.now), entry]).await?;
        }
        tx.audit(("proposal", &id.to_string()), found.case, "withdrawn")
            .await?;
        tx.commit().await
    }

    pub(super) fn read_proposal(&self, row: &Row) -> Result<Proposal, StoreError> {
        let id: ProposalId = row.parsed("id")?;
        let reason: Personal = self.open_sealed(("proposals", "reason"), &id.to_string(), row)?;
        Ok(Proposal {
            id,
            change: row.json("change")?,
            reason,
            proposed_by: row.parsed("proposed_by")?,
            proposed_at: row.time("proposed_at")?,
        })
    }
}

/// An open proposal with the case that it belongs to.
pub(super) struct OpenProposal {
    pub(super) proposal: Proposal,
    pub(super) case: Option<CaseId>,
}

impl Tx<'_> {
    pub(super) async fn insert_proposal(
        &self,
        change: &ProposedChange,
        case: Option<CaseId>,
        reason: &str,
    ) -> Result<ProposalId, StoreError> {
        self.insert_proposal_of(self.by.account, change, case, reason)
            .await
    }

    /// A proposal in the name of whoever asked for it before.
    pub(super) async fn insert_proposal_of(
        &self,
        proposer: AccountId,
        change: &ProposedChange,
        case: Option<CaseId>,
        reason: &str,
    ) -> Result<ProposalId, StoreError> {
        let id = ProposalId(Uuid::from_bytes(self.store.seams.bytes()));
        let key = id.to_string();
        let insert = "INSERT INTO proposals (id, change, approval, prison, case_id, reason, proposed_by, \
             proposed_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')";
        let row = values![
            key.as_str(),
            json(change)?,
            json(&change.approval())?,
            change.prison().map(|prison| prison.to_string()),
            case.map(|case| case.to_string()),
            self.store
                .seal(("proposals", "reason"), &key, &Personal::new(reason))?,
            proposer.to_string(),
            micros(self.now),
        ];
        self.run(insert, row).await?;
        self.audit(("proposal", &key), case, &json(change)?).await?;
        Ok(id)
    }

    /// A proposal that nobody has decided yet.
    pub(super) async fn open_proposal(&self, id: ProposalId) -> Result<OpenProposal, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM proposals WHERE id = $1");
        let row = self
            .one("proposals", &query, values![id.to_string()])
            .await?
            .ok_or(StoreError::NotFound)?;
        if row.text("state")? != "open" {
            return Err(Conflict::AlreadyDecided.into());
        }
        Ok(OpenProposal {
            proposal: self.store.read_proposal(&row)?,
            case: row.parsed_if_any("case_id")?,
        })
    }

    pub(super) async fn decide_proposal(&self, id: ProposalId, state: &str) -> Result<(), StoreError> {
        let update = "UPDATE proposals SET state = $1, decided_by = $2, decided_at = $3 \
             WHERE id = $4 AND state = 'open'";
        let row = values![
            state,
            self.by.account.to_string(),
            micros(self.now),
            id.to_string()
        ];
        if self.run(update, row).await? == 1 {
            Ok(())
        } else {
            Err(Conflict::AlreadyDecided.into())
        }
    }

    /// Whether a change can no longer be made: what it begins from is gone, or the case that it belongs to is
    /// not what its proposer saw.
    pub(super) async fn is_overtaken(
        &self,
        change: &ProposedChange,
        case: Option<CaseId>,
    ) -> Result<bool, StoreError> {
        match self.check_can_change(change).await {
            Err(
                StoreError::Conflict(Conflict::Changed)
                | StoreError::NotFound
                | StoreError::Refused(Refusal::CannotExcept | Refusal::NotHeldHere),
            ) => Ok(true),
            Err(error @ (StoreError::Damaged { .. } | StoreError::Unavailable(_))) => Err(error),
            _ => Ok(!self.is_as_seen(change, case).await?),
        }
    }

    /// Whether the case that a change belongs to is still what its proposer saw.
    async fn is_as_seen(&self, change: &ProposedChange, case: Option<CaseId>) -> Result<bool, StoreError> {
        let Some(case) = case else { return Ok(true) };
        let prisoner = self.case(case).await?.state.prisoner();
        Ok(change.still_stands(&self.look_at(case).await?, prisoner))
    }

    /// Whether the same change waits for a second person already.
    async fn is_proposed(&self, change: &ProposedChange, case: Option<CaseId>) -> Result<bool, StoreError> {
        let query = "SELECT id, change FROM proposals WHERE state = 'open' AND approval = $1 \
             AND COALESCE(case_id, '') = $2 AND COALESCE(prison, '') = $3";
        let named = values![
            json(&change.approval())?,
            case.map(|case| case.to_string()).unwrap_or_default(),
            change
                .prison()
                .map(|prison| prison.to_string())
                .unwrap_or_default(),
        ];
        let mut open = self.all("proposals", query, named).await?.into_iter();
        open.try_fold(false, |found, row| {
            Ok(found || change.is_same(&row.json::<ProposedChange>("change")?))
        })
    }

    /// What a case holds now.
    async fn look_at(&self, case: CaseId) -> Result<Seen, StoreError> {
        let query = "SELECT 'request' AS kind, id FROM requests WHERE case_id = $1 \
             UNION ALL SELECT 'bar', id FROM bars WHERE case_id = $1 AND state <> 'lifted' \
             UNION ALL SELECT 'held', id FROM held_targets WHERE case_id = $1 AND settled IS NULL";
        let mut seen = Seen::default();
        for row in self.all("cases", query, values![case.to_string()]).await? {
            match row.text("kind")?.as_str() {
                "request" => seen.requests.insert(row.parsed("id")?),
                "bar" => seen.bars.insert(row.parsed("id")?),
                _ => seen.held.insert(row.parsed("id")?),
            };
        }
        Ok(seen)
    }

    /// Closes what was proposed of a case and can no longer be done.
    pub(super) async fn close_all_overtaken(&self, case: CaseId) -> Result<(), StoreError> {
        for open in self.proposals_of(case).await? {
            if self.is_overtaken(&open.change, Some(case)).await? {
                self.close_overtaken(open.id, Some(case)).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn proposals_of(&self, case: CaseId) -> Result<Vec<Proposal>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM proposals WHERE case_id = $1 AND state = 'open'");
        let rows = self.all("proposals", &query, values![case.to_string()]).await?;
        rows.iter().map(|row| self.store.read_proposal(row)).collect()
    }

    pub(super) async fn close_overtaken(
        &self,
        id: ProposalId,
        case: Option<CaseId>,
    ) -> Result<(), StoreError> {
        self.decide_proposal(id, "overtaken").await?;
        self.audit(("proposal", &id.to_string()), case, "overtaken").await
    }

    /// Checks that what would be changed is there; returns the case that it belongs to.
    async fn check_can_change(&self, change: &ProposedChange) -> Result<Option<CaseId>, StoreError> {
        match change {
            ProposedChange::LiftBar { bar } | ProposedChange::NarrowBar { bar, .. } => {
                Ok(Some(self.bar_in_force(*bar).await?.bar.case))
            }
            ProposedChange::DeclineCase { case, .. } => match self.case(*case).await?.state {
                CaseState::Declined { .. } => Err(Conflict::Changed.into()),
                _ => Ok(Some(*case)),
            },
            ProposedChange::ExceptPrisoner {
                bar,
                prison,
                prisoner,
            } => Ok(Some(self.may_except(*bar, *prison, *prisoner).await?)),
            ProposedChange::ExemptLetters { exempt, case } => {
                self.proposed_exemption(*exempt).await?;
                Ok(*case)
            }
            ProposedChange::BarLegalNumber { case, held } => {
                self.held_target(*case, *held).await?;
                Ok(Some(*case))
            }
            ProposedChange::ApproveNumber { application, prison } => {
                self.application_in(*application, *prison).await?;
                Ok(None)
            }
            ProposedChange::ImportList { import, prison, seen } => {
                self.staged_as_seen(*import, *prison, seen).await?;
                Ok(None)
            }
            ProposedChange::RevokeLegalEntry { entry, prison } => {
                self.legal_entry_in(*entry, *prison).await?;
                Ok(None)
            }
            ProposedChange::AdmitGate { gate, prison } => {
                self.gate_in(gate, *prison, |state| state == GateState::Awaiting)
                    .await?;
                Ok(None)
            }
            ProposedChange::RetireGate { gate, prison } => {
                self.gate_in(gate, *prison, |state| state != GateState::Retired)
                    .await?;
                Ok(None)
            }
            ProposedChange::SwitchOnCallBarring { prison } => {
                self.prison_to_switch_on(*prison).await?;
                Ok(None)
            }
            ProposedChange::SwitchPrisonOff { prison } => {
                self.prison_on(*prison).await?.ok_or(StoreError::NotFound)?;
                Ok(None)
            }
        }
    }

    pub(super) async fn bar_in_force(&self, bar: BarId) -> Result<super::BarRecord, StoreError> {
        let record = self
            .store
            .bar_on(&self.db, bar)
            .await?
            .ok_or(StoreError::NotFound)?;
        if record.bar.state.in_force() {
            Ok(record)
        } else {
            Err(Conflict::Changed.into())
        }
    }

    /// The entry that was applied for in this prison.
    pub(super) async fn application_in(
        &self,
        application: Uuid,
        prison: PrisonId,
    ) -> Result<super::ApprovedEntry, StoreError> {
        let id = HEXLOWER.encode(application.as_bytes());
        let found = self.store.entry_if_any(&self.db, &id).await?;
        let entry = found
            .filter(|entry| entry.prison == prison)
            .ok_or(StoreError::NotFound)?;
        if entry.state == super::EntryState::Applied {
            Ok(entry)
        } else {
            Err(Conflict::Changed.into())
        }
    }
}
