//! What a handler sees of contact applications: those that agree with a case. He bars the number so found, in one step,
//! or says that it is somebody else; then the application is answered anew in the next batch.

use casework::{Actor, BarTarget, CaseId, Personal, Reference, Verb};
use feed::ContactKind;
use jiff::Timestamp;
use phone::PhoneNumber;
use uuid::Uuid;

use super::Store;
use super::answer_applications::MatchKind;
use super::applications::{Application, COLUMNS};
use super::bounded::Bounded;
use super::error::{Conflict, StoreError};
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};

/// Matches that are shown at once.
pub const MATCHES_SHOWN: i64 = 200;
pub(super) const EVIDENCE: (&str, &str) = ("application_matches", "evidence");
const MATCH: &str = "id, application, case_id, kind, evidence, found_at, state";

/// One application that agrees with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationMatch {
    /// The match.
    pub id: Uuid,
    /// The application.
    pub application: Application,
    /// The case.
    pub case: CaseId,
    /// The reference of the case's first request.
    pub reference: Reference,
    /// In what they agree.
    pub kind: MatchKind,
    /// The evidence, as JSON.
    pub evidence: Personal,
    /// When it was found, UTC.
    pub found_at: Timestamp,
    /// What became of it.
    pub state: MatchState,
}

/// What became of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchState {
    /// A handler decides.
    Open,
    /// Nothing is to be decided: every number of it is barred.
    Noted,
    /// A handler said that it is somebody else.
    Cleared,
    /// A handler barred the number.
    Barred,
}

impl Store {
    /// How many matches wait for a handler.
    pub async fn matches_waiting(&self, by: &Actor) -> Result<u64, StoreError> {
        if !by.role.may(Verb::ReadCases) {
            return Err(StoreError::NotFound);
        }
        let query = "SELECT COUNT(*) AS n FROM application_matches WHERE state = 'open'";
        let row = super::sql::one(&self.reader, "application_matches", query, values![]).await?;
        row.ok_or_else(|| missing("application_matches", "count"))?
            .count("n")
    }

    /// The applications that agree with a case and wait for a handler, oldest first.
    pub async fn open_matches(&self, by: &Actor) -> Result<Bounded<ApplicationMatch>, StoreError> {
        let tx = self
            .begin(by, Verb::ReadCases, "read-application-matches")
            .await?;
        let query = format!(
            "SELECT {MATCH} FROM application_matches WHERE state = 'open' ORDER BY found_at, id LIMIT $1"
        );
        let rows = tx
            .all("application_matches", &query, values![MATCHES_SHOWN + 1])
            .await?;
        let found = Bounded::of(self.read_matches(&tx, &rows).await?, MATCHES_SHOWN);
        for one in &found.rows {
            tx.audit(("application-match", &one.id.to_string()), Some(one.case), "read")
                .await?;
        }
        tx.commit().await?;
        Ok(found)
    }

    /// One match.
    pub async fn application_match(&self, by: &Actor, id: Uuid) -> Result<ApplicationMatch, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-application-match").await?;
        let found = self.match_on(&tx, id).await?;
        tx.audit(("application-match", &id.to_string()), Some(found.case), "read")
            .await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Bars numbers of an application in the name of the case that it agrees with. The application stays refused.
    pub async fn bar_match(&self, by: &Actor, id: Uuid, numbers: &[PhoneNumber]) -> Result<(), StoreError> {
        let mut tx = self.begin(by, Verb::WorkCases, "bar-application-match").await?;
        let found = self.match_on(&tx, id).await?;
        tx.settle_match(&found, "barred").await?;
        for number in numbers {
            if !tx.is_barred_by(found.case, number).await? {
                match tx.bar_or_hold(found.case, &BarTarget::Number(*number)).await {
                    Ok(_) => {}
                    Err(error @ StoreError::Refused(_)) => return Err(tx.refuse(error).await),
                    Err(error) => return Err(error),
                }
            }
        }
        tx.touch_case(found.case).await?;
        tx.commit().await
    }

    /// Says that the contact is somebody else. Nothing is lifted: once nobody doubts it, a social application that
    /// was refused waits for the next batch, and then for two people of the prison.
    pub async fn clear_match(&self, by: &Actor, id: Uuid) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "clear-application-match").await?;
        let found = self.match_on(&tx, id).await?;
        if found.kind == MatchKind::Number {
            return Err(tx.refuse(super::Refusal::TakesTwoPeople).await);
        }
        tx.settle_match(&found, "cleared").await?;
        let application = found.application.id.to_string();
        let doubts =
            "SELECT COUNT(*) AS n FROM application_matches WHERE application = $1 AND state <> 'cleared'";
        let doubts = tx
            .count("application_matches", doubts, values![application.as_str()])
            .await?;
        if doubts == 0 && found.application.kind == ContactKind::Social {
            let again = "UPDATE applications SET state = 'received', waiting_since = $1, reconsidered = 1 \
                 WHERE id = $2 AND state = 'refused'";
            tx.run(again, values![micros(tx.now), application]).await?;
        }
        tx.commit().await
    }

    /// What agrees with one case, newest first.
    pub(super) async fn matches_of(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Bounded<ApplicationMatch>, StoreError> {
        let query = format!(
            "SELECT {MATCH} FROM application_matches WHERE case_id = $1 ORDER BY found_at DESC, id LIMIT $2"
        );
        let asked = values![case.to_string(), MATCHES_SHOWN + 1];
        let rows = tx.all("application_matches", &query, asked).await?;
        Ok(Bounded::of(self.read_matches(tx, &rows).await?, MATCHES_SHOWN))
    }

    async fn match_on(&self, tx: &Tx<'_>, id: Uuid) -> Result<ApplicationMatch, StoreError> {
        let query = format!("SELECT {MATCH} FROM application_matches WHERE id = $1");
        let row = tx
            .one("application_matches", &query, values![id.to_string()])
            .await?
            .ok_or(StoreError::NotFound)?;
        self.read_match(tx, &row).await
    }

    async fn read_matches(&self, tx: &Tx<'_>, rows: &[Row]) -> Result<Vec<ApplicationMatch>, StoreError> {
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            read.push(self.read_match(tx, row).await?);
        }
        Ok(read)
    }

    async fn read_match(&self, tx: &Tx<'_>, row: &Row) -> Result<ApplicationMatch, StoreError> {
        let kind = match row.text("kind")?.as_str() {
            "number" => MatchKind::Number,
            "person" => MatchKind::Person,
            "address" => MatchKind::Address,
            _ => return Err(row.damaged()),
        };
        let state = match row.text("state")?.as_str() {
            "open" => MatchState::Open,
            "noted" => MatchState::Noted,
            "cleared" => MatchState::Cleared,
            "barred" => MatchState::Barred,
            _ => return Err(row.damaged()),
        };
        let application = row.text("application")?;
        let query = format!("SELECT {COLUMNS} FROM applications WHERE id = $1");
        let of = tx
            .one("applications", &query, values![application.as_str()])
            .await?;
        let case: CaseId = row.parsed("case_id")?;
        Ok(ApplicationMatch {
            id: row.parsed("id")?,
            application: self.read_application(&of.ok_or_else(|| missing("applications", &application))?)?,
            case,
            reference: tx.case(case).await?.reference,
            kind,
            evidence: self.open_sealed(EVIDENCE, &row.text("id")?, row)?,
            found_at: row.time("found_at")?,
            state,
        })
    }
}

impl Tx<'_> {
    async fn settle_match(&self, found: &ApplicationMatch, state: &str) -> Result<(), StoreError> {
        let update = "UPDATE application_matches SET state = $1, decided_by = $2, decided_at = $3 \
             WHERE id = $4 AND state = 'open'";
        let id = found.id.to_string();
        let row = values![state, self.by.account.to_string(), micros(self.now), id.as_str()];
        if self.run(update, row).await? != 1 {
            return Err(Conflict::AlreadyDecided.into());
        }
        self.audit(("application-match", &id), Some(found.case), state)
            .await
    }

    /// Whether the case bars this number for the estate already.
    async fn is_barred_by(&self, case: CaseId, number: &PhoneNumber) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM bars \
             WHERE case_id = $1 AND number_index = $2 AND state <> 'lifted' AND scope = 'estate'";
        let asked = values![case.to_string(), self.store.keys.blind_index(number)];
        Ok(self.count("bars", query, asked).await? > 0)
    }
}
