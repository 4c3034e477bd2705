//! Who is protected, by case: what contact applications are compared with. Each request is opened once; what changes
//! with a case (who its prisoner is) is read anew.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use casework::{CaseId, CaseState, ContactRequest, KnownOfPrisoner, ProtectedPerson, Relationship};
use jiff::Timestamp;
use prison::PrisonerNumber;
use sea_orm::ConnectionTrait;

use super::Store;
use super::error::StoreError;
use super::sql::{self, Row, values};
use super::tx::missing;

/// How far cases, requests and bars had come. Equal marks: nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasesMark {
    requests: u64,
    versions: u64,
    serial: u64,
}

impl CasesMark {
    pub(super) async fn on(on: &impl ConnectionTrait) -> Result<Self, StoreError> {
        let query = "SELECT (SELECT COUNT(*) FROM requests) AS requests, \
             (SELECT CAST(COALESCE(SUM(version + 1), 0) AS BIGINT) FROM cases) AS versions, \
             (SELECT value FROM counters WHERE name = 'history') AS serial";
        let row = sql::one(on, "cases", query, values![]).await?;
        let row = row.ok_or_else(|| missing("cases", "count"))?;
        Ok(Self {
            requests: row.count("requests")?,
            versions: row.count("versions")?,
            serial: row.count("serial")?,
        })
    }
}

/// Everybody protected by a case that was not declined, at one mark.
pub struct ProtectedPeople {
    /// How far it was read.
    pub mark: CasesMark,
    /// The cases.
    pub cases: HashMap<CaseId, ProtectedCase>,
    requests: HashMap<String, Arc<ReadRequest>>,
}

/// One case as screening sees it.
#[derive(Clone, Default)]
pub struct ProtectedCase {
    /// The prisoners whom it is about: located, or named by their numbers in a request.
    pub prisoners: Vec<PrisonerNumber>,
    /// Whether a person has said who its prisoner is.
    pub located: bool,
    /// What the assessment says they are to each other.
    pub relationship: Option<Relationship>,
    /// Its requests.
    pub requests: Vec<Arc<ReadRequest>>,
}

/// What screening needs of one request.
pub struct ReadRequest {
    /// Whom it protects.
    pub people: Vec<ProtectedPerson>,
    /// What it says of the prisoner.
    pub prisoner: KnownOfPrisoner,
    /// When it came in, UTC.
    pub received_at: Timestamp,
}

impl Store {
    /// Everybody who is protected now: `before` itself if nothing changed since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a request or a case cannot be opened: applications then wait, because one that
    /// was passed over might be hers.
    pub async fn protected_people(
        &self,
        before: Option<Arc<ProtectedPeople>>,
    ) -> Result<Arc<ProtectedPeople>, StoreError> {
        let db = self.snapshot().await?;
        let mark = CasesMark::on(&db).await?;
        if let Some(before) = before.as_ref().filter(|before| before.mark == mark) {
            return Ok(Arc::clone(before));
        }
        let mut read = ProtectedPeople {
            mark,
            cases: HashMap::new(),
            requests: HashMap::new(),
        };
        let known = before.as_deref().map(|before| &before.requests);
        for row in &undeclined(&db).await? {
            self.read_protected(row, known, &mut read)?;
        }
        self.name_prisoners(&db, &mut read).await?;
        Ok(Arc::new(read))
    }

    fn read_protected(
        &self,
        row: &Row,
        known: Option<&HashMap<String, Arc<ReadRequest>>>,
        read: &mut ProtectedPeople,
    ) -> Result<(), StoreError> {
        let id = row.text("id")?;
        let case: CaseId = row.parsed("case_id")?;
        let request = match known.and_then(|known| known.get(&id)) {
            Some(request) => Arc::clone(request),
            None => {
                let request: ContactRequest = self.open_sealed(("requests", "body"), &id, row)?;
                Arc::new(ReadRequest {
                    people: request.people,
                    prisoner: request.prisoner,
                    received_at: row.time("received_at")?,
                })
            }
        };
        read.requests.insert(id, Arc::clone(&request));
        let kept = read.cases.entry(case).or_default();
        if kept.requests.is_empty() {
            let state: CaseState = self.open_sealed(("cases", "state"), &case.to_string(), row)?;
            kept.prisoners.extend(state.prisoner());
            kept.located = state.prisoner().is_some();
            kept.relationship = state.assessment().map(|assessment| assessment.relationship);
        }
        kept.requests.push(request);
        Ok(())
    }

    async fn name_prisoners(
        &self,
        db: &impl ConnectionTrait,
        read: &mut ProtectedPeople,
    ) -> Result<(), StoreError> {
        let query = "SELECT r.case_id AS case_id, n.prisoner AS prisoner FROM named_prisoners n \
             JOIN requests r ON r.id = n.request_id";
        for row in sql::all(db, "named_prisoners", query, values![]).await? {
            if let Some(case) = read.cases.get_mut(&row.parsed("case_id")?) {
                case.prisoners.push(row.parsed("prisoner")?);
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ProtectedPeople {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProtectedPeople({} cases)", self.cases.len())
    }
}

/// Each request of a case that was not declined.
async fn undeclined(db: &impl ConnectionTrait) -> Result<Vec<Row>, StoreError> {
    let query = "SELECT r.id AS id, r.case_id AS case_id, r.received_at AS received_at, r.body AS body, c.state AS state FROM requests r \
         JOIN cases c ON c.id = r.case_id WHERE c.state_name <> 'declined' ORDER BY r.received_at, r.id";
    sql::all(db, "requests", query, values![]).await
}
