//! A case handler adds protection: one step, one person.

use casework::{Actor, BarId, BarScope, BarState, BarTarget, CaseId, CaseState, InvalidTransition, Verb};
use uuid::Uuid;

use super::Store;
use super::error::{Conflict, Refusal, StoreError};
use super::impose::{Imposing, by_hand};
use super::open_case::{HeldTarget, HeldWhy};
use super::sql::{micros, values};
use super::tx::Tx;

/// What became of a number or address that a handler added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// Barred.
    Barred(BarId),
    /// A lawyer's number on somebody's list: held until two people agree to bar it.
    Held(Uuid),
}

impl Store {
    /// Bars one more number or address for the whole estate in the name of a case.
    pub async fn add_target(
        &self,
        by: &Actor,
        case: CaseId,
        target: &BarTarget,
    ) -> Result<Added, StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "add-target").await?;
        let added = match tx.bar_or_hold(case, target).await {
            Err(error @ StoreError::Refused(_)) => return Err(tx.refuse(error).await),
            added => added?,
        };
        tx.touch_case(case).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Bars what waited for a handler. A lawyer's number takes two people.
    pub async fn bar_held(&self, by: &Actor, held: Uuid) -> Result<BarId, StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "bar-held").await?;
        let query = "SELECT case_id FROM held_targets WHERE id = $1";
        let row = tx.one("held_targets", query, values![held.to_string()]).await?;
        let case = row.ok_or(StoreError::NotFound)?.parsed("case_id")?;
        let target = tx.held_target(case, held).await?;
        if target.why == HeldWhy::Legal || tx.is_legal(&target.target).await? {
            return Err(tx.refuse(Refusal::TakesTwoPeople).await);
        }
        let bar = tx.bar_held_target(&target).await?;
        tx.commit().await?;
        Ok(bar)
    }
}

impl Tx<'_> {
    /// Bars a number or address for the whole estate in the name of a case; a lawyer's number is held.
    pub(super) async fn bar_or_hold(
        &mut self,
        case: CaseId,
        target: &BarTarget,
    ) -> Result<Added, StoreError> {
        let state = self.state_for_new_bar(case).await?;
        if self.is_legal(target).await? {
            let held = self.hold(case, None, target, HeldWhy::Legal, "added").await?;
            return Ok(Added::Held(held));
        }
        let ruling = by_hand();
        let imposed = self.impose(Imposing {
            case,
            request: None,
            target,
            scope: BarScope::Estate,
            state,
            ruling: &ruling,
            at_once: false,
            filed_by: None,
        });
        Ok(Added::Barred(imposed.await?.bar))
    }

    /// A bar added to a confirmed case is confirmed; a declined case takes no more.
    async fn state_for_new_bar(&self, case: CaseId) -> Result<BarState, StoreError> {
        match self.case(case).await?.state {
            CaseState::Declined { .. } => Err(InvalidTransition {
                from: "declined",
                to: "given another bar",
            }
            .into()),
            CaseState::Confirmed { .. } => Ok(BarState::Confirmed),
            _ => Ok(BarState::Interim),
        }
    }

    /// What waits for a handler in this case.
    pub(super) async fn held_target(&self, case: CaseId, held: Uuid) -> Result<HeldTarget, StoreError> {
        let targets = self.store.held_of_case(&self.db, case).await?;
        targets
            .into_iter()
            .find(|target| target.id == held)
            .ok_or(StoreError::NotFound)
    }

    /// Bars a held target for the whole estate. The caller has seen to it that enough people agree.
    pub(super) async fn bar_held_target(&mut self, held: &HeldTarget) -> Result<BarId, StoreError> {
        let state = self.state_for_new_bar(held.case).await?;
        let ruling = by_hand();
        let imposed = self.impose(Imposing {
            case: held.case,
            request: held.request,
            target: &held.target,
            scope: BarScope::Estate,
            state,
            ruling: &ruling,
            at_once: false,
            filed_by: held.filed_by,
        });
        let bar = imposed.await?.bar;
        let settle = "UPDATE held_targets SET settled = 'barred', settled_at = $1 \
             WHERE id = $2 AND settled IS NULL";
        if self
            .run(settle, values![micros(self.now), held.id.to_string()])
            .await?
            != 1
        {
            return Err(Conflict::Changed.into());
        }
        self.settle_priority(held.case).await?;
        Ok(bar)
    }
}
