//! The second person approves: the accounts on record are checked by [`TwoApprovals::agree`], and what was
//! proposed happens in the same transaction, or nothing does.

use casework::{Actor, CaseId, NotTwoPeople, ProposalId, ProposedChange, TwoApprovals};
use feed::GateId;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::accounts::find;
use super::approved_numbers::ApprovedEntry;
use super::error::{Conflict, Refusal, StoreError};
use super::gates::GateState;
use super::sql::{places, texts, values};
use super::tx::Tx;

impl Store {
    /// Approves a proposal and does what it proposes.
    ///
    /// # Errors
    /// [`Refusal::NotTwoPeople`] unless two different people agree, neither of whom made the other's account;
    /// [`Conflict::AlreadyDecided`]; [`Conflict::Overtaken`] if what it begins from is gone or the case is no
    /// longer what the proposer saw, and the proposal is then closed; [`Refusal::NotHeldHere`] for the list of a
    /// prisoner who has moved; [`Conflict::CannotApprove`] for a number that stands on his list. The proposal then
    /// stays open. That a number is barred is no error: see [`Tx::approve_number`].
    pub async fn approve(&self, by: &Actor, id: ProposalId) -> Result<(), StoreError> {
        let mut tx = self.begin_as(by, "approve").await?;
        let found = tx.open_proposal(id).await?;
        let approver = find(&tx, by.account).await?;
        let proposer = find(&tx, found.proposal.proposed_by).await?;
        let agreed = match (&proposer, &approver) {
            (Some(proposer), Some(approver)) => TwoApprovals::agree(found.proposal, proposer, approver),
            _ => Err(NotTwoPeople::NotTheirs),
        };
        let approvals = match agreed {
            Ok(approvals) => approvals,
            Err(error) => return Err(tx.refuse(Refusal::NotTwoPeople(error)).await),
        };
        if tx.is_overtaken(&approvals.proposal().change, found.case).await? {
            tx.close_overtaken(id, found.case).await?;
            tx.commit().await?;
            return Err(Conflict::Overtaken.into());
        }
        tx.decide_proposal(id, "approved").await?;
        tx.audit(("proposal", &id.to_string()), found.case, "approved")
            .await?;
        match tx.execute(&approvals).await {
            Ok(()) => {
                if let Some(case) = found.case {
                    tx.close_all_overtaken(case).await?;
                }
                tx.commit().await
            }
            Err(error @ (StoreError::Conflict(_) | StoreError::Refused(_))) => Err(tx.refuse(error).await),
            Err(error) => Err(error),
        }
    }
}

impl Tx<'_> {
    async fn execute(&mut self, approvals: &TwoApprovals) -> Result<(), StoreError> {
        match &approvals.proposal().change {
            ProposedChange::LiftBar { bar } => self.lift_bar(approvals, *bar).await,
            ProposedChange::NarrowBar { bar, prisoner } => self.narrow_bar(approvals, *bar, *prisoner).await,
            ProposedChange::DeclineCase { case, reason, .. } => {
                self.decline_case(approvals, *case, *reason).await
            }
            ProposedChange::ExceptPrisoner {
                bar,
                prison,
                prisoner,
            } => self.except_prisoner(approvals, *bar, *prison, *prisoner).await,
            ProposedChange::ExemptLetters { exempt, .. } => self.exempt_letters(approvals, *exempt).await,
            ProposedChange::BarLegalNumber { case, held } => {
                self.bar_legal_number(approvals, *case, *held).await
            }
            ProposedChange::ApproveNumber { application, prison } => {
                self.approve_number(approvals, *application, *prison).await
            }
            ProposedChange::ImportList { import, seen, .. } => {
                self.approve_list_import(approvals, *import, seen).await
            }
            ProposedChange::RevokeLegalEntry { entry, prison } => {
                self.revoke_legal_entry(approvals, *entry, *prison).await
            }
            ProposedChange::AdmitGate { gate, prison } => {
                self.move_gate(approvals, gate, *prison, GateState::Awaiting, GateState::Admitted)
                    .await
            }
            ProposedChange::RetireGate { gate, prison } => {
                let gate_now = self
                    .gate_in(gate, *prison, |state| state != GateState::Retired)
                    .await?;
                self.move_gate(approvals, gate, *prison, gate_now.state, GateState::Retired)
                    .await
            }
            ProposedChange::SwitchOnCallBarring { prison } => {
                self.switch_on_barring(approvals, *prison).await
            }
            ProposedChange::SwitchPrisonOff { prison } => self.switch_prison_off(approvals, *prison).await,
        }
    }

    async fn bar_legal_number(
        &mut self,
        _agreed: &TwoApprovals,
        case: CaseId,
        held: Uuid,
    ) -> Result<(), StoreError> {
        let target = self.held_target(case, held).await?;
        self.bar_held_target(&target).await.map(drop)
    }

    /// Puts the number on the list, unless its holder has moved or it stands there already. A number that a bar
    /// forbids him stands there like any other and never goes to a gate: whoever approves learns nothing of the bar.
    /// Where he is comes first: for one who has moved, barred and free numbers get the same answer.
    async fn approve_number(
        &mut self,
        _agreed: &TwoApprovals,
        application: Uuid,
        prison: PrisonId,
    ) -> Result<(), StoreError> {
        let entry = self.application_in(application, prison).await?;
        if !self.is_held_in(prison, entry.holder).await? {
            return Err(Refusal::NotHeldHere.into());
        }
        let index = self.store.keys.blind_index(&entry.number);
        let twice = self.is_on_list(prison, entry.holder, &index).await?;
        let barred = self.is_barred_for(&entry).await?;
        if twice {
            return Err(Conflict::CannotApprove.into());
        }
        let id = entry.entry.to_string();
        if barred {
            self.hold_back(&id).await?;
        } else {
            self.make_live(&id).await?;
        }
        self.audit(("approved-entry", &id), None, "approved").await
    }

    /// Whether a bar in force applies to the number and its holder from which two people have not excepted him in
    /// this prison.
    pub(super) async fn is_barred_for(&self, entry: &ApprovedEntry) -> Result<bool, StoreError> {
        self.is_forbidden(&entry.number, entry.holder, Some(entry.prison))
            .await
    }

    /// As [`Tx::is_barred_for`]; without a prison no exception holds.
    pub(super) async fn is_forbidden(
        &self,
        number: &PhoneNumber,
        holder: PrisonerNumber,
        prison: Option<PrisonId>,
    ) -> Result<bool, StoreError> {
        let met_by = self.store.met_by(number);
        let query = format!(
            "SELECT COUNT(*) AS n FROM bars b \
             WHERE b.number_index IN ({}) AND b.state <> 'lifted' AND b.scope IN ('estate', $1) \
             AND NOT EXISTS (SELECT 1 FROM exceptions x WHERE x.bar = b.id AND x.prisoner = $1 \
              AND x.prison = $2 AND x.ended_at IS NULL)",
            places(3, met_by.len())
        );
        let mut asked = values![holder.as_str(), prison.map(|prison| prison.to_string())];
        asked.extend(texts(met_by));
        Ok(self.count("bars", &query, asked).await? > 0)
    }

    async fn move_gate(
        &mut self,
        _agreed: &TwoApprovals,
        gate: &str,
        prison: PrisonId,
        from: GateState,
        to: GateState,
    ) -> Result<(), StoreError> {
        let gate = self.gate_in(gate, prison, |state| state == from).await?.id;
        self.set_gate_state(gate, to).await
    }

    pub(super) async fn set_gate_state(&self, gate: GateId, to: GateState) -> Result<(), StoreError> {
        let update = "UPDATE gates SET state = $1 WHERE id = $2";
        self.run(update, values![to.as_str(), gate.to_string()]).await?;
        self.audit(("gate", &gate.to_string()), None, to.as_str()).await
    }

    async fn switch_prison_off(
        &mut self,
        _agreed: &TwoApprovals,
        prison: PrisonId,
    ) -> Result<(), StoreError> {
        let gone = self
            .run(
                "DELETE FROM prisons_on WHERE prison = $1",
                values![prison.as_str()],
            )
            .await?;
        if gone != 1 {
            return Err(Conflict::Changed.into());
        }
        // What an exception lets through depends on the regime: under the next one it is asked anew.
        self.rescreen_all_in(prison).await?;
        self.audit(("prison", prison.as_str()), None, "switched-off")
            .await
    }
}
