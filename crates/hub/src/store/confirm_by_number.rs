//! The hub confirms by itself who the prisoner of a case is: by a prison number that an agency gave and that stands by
//! itself. Wherever anything is in doubt it does nothing, and a person confirms.

use casework::{AccountId, CaseId, OrganisationKind, Personal, Reference, RequestId, Role};
use jiff::SignedDuration;
use offender::Verified;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

use super::Store;
use super::accounts::{find, service};
use super::error::StoreError;
use super::placed::is_somebody_else;
use super::sql::{json, values};
use super::tx::Tx;

/// Days after which a record without a newer word is too old for a number to stand by it.
pub const FRESH_DAYS: i64 = 7;

/// By what the hub confirmed a prisoner: kept with the evidence, and told on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ByNumber {
    /// Who gave the number.
    pub given_by: OrganisationKind,
    /// His record agrees in the name.
    pub name: bool,
    /// His record agrees in the date of birth.
    pub date_of_birth: bool,
}

impl ByNumber {
    /// What the evidence of a confirmation says of it; none where a person confirmed.
    pub fn of_evidence(evidence: &Personal) -> Option<Self> {
        let mut evidence: serde_json::Value = serde_json::from_str(evidence.expose()).ok()?;
        serde_json::from_value(evidence.get_mut("byNumber")?.take()).ok()
    }
}

/// A request whose number may stand.
struct Vouched {
    case: CaseId,
    given_by: OrganisationKind,
}

impl Store {
    /// Confirms the prisoner of a request's case by the number that the request gives and that was found to agree with
    /// his record; says whether it did. From then on it is as if a person had: no bar and no list is another for it
    /// than the request made them.
    ///
    /// Does nothing, and a person confirms, where the request is not an agency's or went over a cap, where anybody was
    /// confirmed in the case before, where a request of the case names somebody else, and where the record has changed
    /// since it was compared or is [`FRESH_DAYS`] old.
    pub async fn confirm_by_number(
        &self,
        request: &Reference,
        verified: &Verified,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_as(&service(), "confirm-by-number").await?;
        let prisoner = verified.candidate.prisoner_number;
        let Some(Vouched { case, given_by }) = tx.vouched(request).await? else {
            return Ok(false);
        };
        if tx.is_in_doubt(case, prisoner).await? || !tx.is_fresh(verified).await? {
            return Ok(false);
        }
        let state = tx.case(case).await?.state;
        let Ok(located) = state.locate(prisoner) else {
            return Ok(false);
        };
        let by_number = ByNumber {
            given_by,
            name: verified.agrees.name,
            date_of_birth: verified.agrees.date_of_birth,
        };
        tx.confirm_as(case, located, verified, by_number).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Tx<'_> {
    async fn confirm_as(
        &mut self,
        case: CaseId,
        located: casework::CaseState,
        verified: &Verified,
        by: ByNumber,
    ) -> Result<(), StoreError> {
        let (prisoner, model) = (verified.candidate.prisoner_number, verified.model.to_string());
        let evidence = serde_json::json!({ "byNumber": by, "candidate": verified.candidate });
        let evidence = Personal::new(&evidence.to_string());
        self.set_state(case, &located).await?;
        self.insert_location(case, prisoner, &evidence, &model).await?;
        let revoked = self.revoke_entries_of(case, prisoner).await?;
        self.settle_priority(case).await?;
        let (
            given_by,
            ByNumber {
                name, date_of_birth, ..
            },
        ) = (json(&by.given_by)?, by);
        let detail = format!(
            "prisoner={prisoner} model={model} given-by={given_by} name={name} \
             date-of-birth={date_of_birth} revoked={revoked}"
        );
        self.audit(("case", &case.to_string()), Some(case), &detail).await
    }

    /// The case of a request and which agency filed it; none for anybody else's, and for one that went over a cap.
    async fn vouched(&self, request: &Reference) -> Result<Option<Vouched>, StoreError> {
        let query = "SELECT id, case_id, filed_by FROM requests WHERE reference = $1";
        let row = self.one("requests", query, values![request.as_str()]).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let filed_by: AccountId = row.parsed("filed_by")?;
        let role = find(self, filed_by).await?.map(|actor| actor.role);
        let role = role.filter(Role::vouches_for_prison_numbers);
        let Some(Role::Referrer { organisation }) = role else {
            return Ok(None);
        };
        let id: RequestId = row.parsed("id")?;
        let over = "SELECT COUNT(*) AS n FROM held_targets WHERE request_id = $1 AND why = 'over-cap'";
        let over = self.count("held_targets", over, values![id.to_string()]).await?;
        let vouched = Vouched {
            case: row.parsed("case_id")?,
            given_by: organisation,
        };
        Ok((over == 0).then_some(vouched))
    }

    /// Whether somebody was confirmed in the case before, if only to be rejected, or a request of it names another.
    async fn is_in_doubt(&self, case: CaseId, prisoner: PrisonerNumber) -> Result<bool, StoreError> {
        let before = "SELECT COUNT(*) AS n FROM locations WHERE case_id = $1";
        let before = self.count("locations", before, values![case.to_string()]).await?;
        let others = "SELECT COUNT(*) AS n FROM named_prisoners n JOIN requests r ON r.id = n.request_id \
             WHERE r.case_id = $1 AND n.prisoner <> $2";
        let asked = values![case.to_string(), prisoner.as_str()];
        let others = self.count("named_prisoners", others, asked).await?;
        Ok(before + others > 0)
    }

    /// Whether his record is still as it was compared, by a word that is new enough.
    async fn is_fresh(&mut self, verified: &Verified) -> Result<bool, StoreError> {
        let Some(known) = self.known_prisoner(verified.candidate.prisoner_number).await? else {
            return Ok(false);
        };
        let age = self.now.duration_since(known.marks.newest());
        Ok(age <= SignedDuration::from_hours(24 * FRESH_DAYS)
            && !is_somebody_else(&known.record, &verified.record))
    }
}
