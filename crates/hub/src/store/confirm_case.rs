//! The assessment of a case, and its confirmation for the whole estate.

use casework::{Actor, Assessment, CaseId, CaseState, Verb};

use super::Store;
use super::error::{Refusal, StoreError};
use super::sql::values;

impl Store {
    /// Records what the case's bars rest on.
    pub async fn record_assessment(
        &self,
        by: &Actor,
        case: CaseId,
        assessment: Assessment,
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "record-assessment").await?;
        let review_on = assessment.review_on;
        let ground = super::sql::json(&assessment.ground)?;
        let assessed = match tx.case(case).await?.state.assess(assessment) {
            Ok(assessed) => assessed,
            Err(error) => return Err(tx.refuse(error).await),
        };
        tx.set_state(case, &assessed).await?;
        let detail = format!("ground={ground} review-on={review_on}");
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await
    }

    /// Confirms an assessed case: its interim bars become confirmed ones. A confirmed case to which a linked
    /// request has added interim bars is confirmed again.
    ///
    /// # Errors
    /// [`Refusal::HoldersUndecided`] while nobody has decided of a prisoner whom the request did not name: confirmed,
    /// the case would leave the queue while a son waits for his mother's number.
    pub async fn confirm_case(&self, by: &Actor, case: CaseId) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "confirm-case").await?;
        if tx.undecided_holders(case).await? > 0 {
            return Err(tx.refuse(Refusal::HoldersUndecided).await);
        }
        let interim = "SELECT COUNT(*) AS n FROM bars WHERE case_id = $1 AND state = 'interim'";
        let interim = tx.count("bars", interim, values![case.to_string()]).await?;
        let confirmed = match tx.case(case).await?.state {
            again @ CaseState::Confirmed { .. } if interim > 0 => again,
            state => match state.confirm() {
                Ok(confirmed) => confirmed,
                Err(error) => return Err(tx.refuse(error).await),
            },
        };
        tx.set_state(case, &confirmed).await?;
        let update = "UPDATE bars SET state = 'confirmed' WHERE case_id = $1 AND state = 'interim'";
        let bars = tx.run(update, values![case.to_string()]).await?;
        tx.audit(
            ("case", &case.to_string()),
            Some(case),
            &format!("confirmed bars={bars}"),
        )
        .await?;
        tx.commit().await
    }
}
