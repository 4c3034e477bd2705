//! A person confirms who the prisoner of a case is, or says that it is not he.

use casework::{Actor, CaseId, Personal, Verb};
use prison::PrisonerNumber;
use uuid::Uuid;

use super::Store;
use super::error::{Conflict, Refusal, StoreError};
use super::exceptions::Ending;
use super::sql::{micros, values};
use super::tx::Tx;

/// Bytes of the evidence that is kept with it.
const EVIDENCE_BYTES: usize = 64 * 1024;

impl Store {
    /// Records that a case is about this prisoner, with the evidence that the handler saw (JSON) and the
    /// model that weighed it; refused for a number that nobody on record has. What the case bars is off his lists at once and for good, also what two people had let
    /// him keep, and nobody need decide of him any more.
    pub async fn locate_prisoner(
        &self,
        by: &Actor,
        case: CaseId,
        prisoner: PrisonerNumber,
        evidence: &Personal,
        model: &str,
    ) -> Result<(), StoreError> {
        if evidence.expose().len() > EVIDENCE_BYTES || model.chars().count() > 100 {
            return Err(StoreError::Invalid(
                "the evidence or the model's name is too long",
            ));
        }
        let mut tx = self.begin(by, Verb::WorkCases, "locate-prisoner").await?;
        if !tx.is_on_record(prisoner).await? {
            return Err(tx.refuse(Refusal::NotOnRecord).await);
        }
        let located = match tx.case(case).await?.state.locate(prisoner) {
            Ok(located) => located,
            Err(error) => return Err(tx.refuse(error).await),
        };
        tx.set_state(case, &located).await?;
        tx.insert_location(case, prisoner, evidence, model).await?;
        let revoked = tx.revoke_entries_of(case, prisoner).await?;
        tx.settle_priority(case).await?;
        let detail = format!("prisoner={prisoner} model={model} revoked={revoked}");
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await
    }

    /// A handler says that a case is not about the prisoner who is confirmed in it. The case waits again for whoever it
    /// is about. Nothing becomes dialable: what was barred for him, and what was taken off his lists, stays so until two
    /// people decide otherwise.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if somebody else is confirmed in it by now.
    pub async fn reject_prisoner(
        &self,
        by: &Actor,
        case: CaseId,
        prisoner: PrisonerNumber,
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "reject-prisoner").await?;
        let state = tx.case(case).await?.state;
        if state.prisoner() != Some(prisoner) {
            return Err(Conflict::Changed.into());
        }
        let rejected = match state.reject_prisoner() {
            Ok(rejected) => rejected,
            Err(error) => return Err(tx.refuse(error).await),
        };
        tx.set_state(case, &rejected).await?;
        let update = "UPDATE locations SET rejected_at = $1 WHERE case_id = $2 AND prisoner = $3 AND rejected_at IS NULL";
        let whose = values![micros(tx.now), case.to_string(), prisoner.as_str()];
        tx.run(update, whose).await?;
        let detail = format!("prisoner={prisoner}");
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    pub(super) async fn insert_location(
        &self,
        case: CaseId,
        prisoner: PrisonerNumber,
        evidence: &Personal,
        model: &str,
    ) -> Result<(), StoreError> {
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let sealed = self.store.seal(("locations", "evidence"), &id, evidence)?;
        let insert = "INSERT INTO locations (id, case_id, prisoner, evidence, model, located_by, located_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (by, now) = (self.by.account.to_string(), micros(self.now));
        let row = values![
            id.as_str(),
            case.to_string(),
            prisoner.as_str(),
            sealed,
            model,
            by,
            now
        ];
        self.run(insert, row).await.map(drop)
    }

    /// Leaves off what the case's bars forbid this prisoner, whom it names from now on.
    pub(super) async fn revoke_entries_of(
        &mut self,
        case: CaseId,
        prisoner: PrisonerNumber,
    ) -> Result<usize, StoreError> {
        let query = "SELECT DISTINCT entry FROM suspensions WHERE case_id = $1 AND holder = $2 \
             AND stands <> 'off' ORDER BY entry";
        let his = values![case.to_string(), prisoner.as_str()];
        let rows = self.all("suspended", query, his).await?;
        for row in &rows {
            self.decide_off(case, &row.text("entry")?).await?;
        }
        if self.end_exceptions(Ending::InCase(case, prisoner)).await? > 0 {
            self.sweep(prisoner).await?;
        }
        Ok(rows.len())
    }
}
