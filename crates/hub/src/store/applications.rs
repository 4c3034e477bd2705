//! Contact applications: filed by the people of a prison, kept until the daily batch answers them. The answer at
//! filing is the same whatever is barred, and so is everything that a prison reads before the batch.
//!
//! A social application waits for the batch. An official or legal one does not: its numbers go to a second person at
//! once, as [`ProposedChange::ApproveNumber`].

use casework::{AccountId, Actor, ApplicationAnswer, Contact, ProposedChange, Verb};
use feed::{ContactKind, EntryId};
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::approved_numbers::{NewEntry, contact_word};
use super::bounded::Bounded;
use super::error::StoreError;
use super::filing::IdempotencyKey;
use super::sql::{Row, json, micros, values};
use super::tx::{Tx, missing};

/// Applications that one prison may have waiting; more are taken the next day.
pub const APPLICATIONS_WAITING: u64 = 1_000;
/// Applications that one prisoner may have waiting: too few to try numbers one by one.
pub const APPLICATIONS_OF_ONE_PRISONER: u64 = 20;
/// Applications that are filed together.
pub const APPLICATIONS_AT_ONCE: usize = 500;
/// Applications that a page shows, newest first.
pub const APPLICATIONS_SHOWN: i64 = 200;

pub(super) const COLUMNS: &str = "id, prison, holder, kind, contact, filed_by, filed_at, waiting_since, \
     state, answered_at, reconsidered";
pub(super) const CONTACT: (&str, &str) = ("applications", "contact");
const VERB: &str = "file-applications";

/// An application as it is filed.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// For whose list.
    pub holder: PrisonerNumber,
    /// Which way it takes.
    pub lane: Lane,
    /// Whom he wants to ring.
    pub contact: Contact,
}

/// Which way an application takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Answered in the daily batch with all others of its prison.
    Social,
    /// To a second person at once, with its numbers as they resolve.
    Official(Vec<PhoneNumber>),
    /// To a second person at once, with its numbers as they resolve.
    Legal(Vec<PhoneNumber>),
}

impl Lane {
    /// The kind of entry that it is for.
    pub fn kind(&self) -> ContactKind {
        match self {
            Self::Social => ContactKind::Social,
            Self::Official(_) => ContactKind::Official,
            Self::Legal(_) => ContactKind::Legal,
        }
    }
}

/// What became of each application that was filed, in order: its identifier, or that its prisoner is not held here.
/// It depends on custody alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// Received under this identifier.
    Application(Uuid),
    /// No prisoner with this number is on record in this prison.
    NotHeldHere,
    /// This prisoner or this prison has too many waiting.
    TooMany,
}

/// An application as its own prison sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The application.
    pub id: Uuid,
    /// The prison.
    pub prison: PrisonId,
    /// For whose list.
    pub holder: PrisonerNumber,
    /// For what kind of entry.
    pub kind: ContactKind,
    /// Whom he wants to ring.
    pub contact: Contact,
    /// Who filed it.
    pub filed_by: AccountId,
    /// When, UTC.
    pub filed_at: Timestamp,
    /// Since when it waits for a batch: since it was filed or last reconsidered, UTC.
    pub waiting_since: Timestamp,
    /// What the prison is told.
    pub answer: ApplicationAnswer,
    /// When the batch answered, UTC; `None` before, and for what does not wait for it.
    pub answered_at: Option<Timestamp>,
    /// Whether an earlier answer was reconsidered.
    pub reconsidered: bool,
}

impl Store {
    /// Files applications for prisoners of the applicant's own prison, all in one transaction, and gives what became
    /// of each.
    pub async fn file_applications(
        &self,
        by: &Actor,
        prison: PrisonId,
        key: Option<IdempotencyKey>,
        applications: Vec<NewApplication>,
    ) -> Result<Vec<Taken>, StoreError> {
        if applications.is_empty() || applications.len() > APPLICATIONS_AT_ONCE {
            return Err(StoreError::Invalid(
                "send between 1 and 500 applications at a time",
            ));
        }
        let tx = self
            .begin_in_prison(by, Verb::ApplyForNumber, VERB, prison)
            .await?;
        if let Some(key) = &key
            && let Some(before) = self.answered(&tx.db, by.account, VERB, key).await?
        {
            return parse(&before);
        }
        let mut taken = Vec::with_capacity(applications.len());
        for application in &applications {
            taken.push(tx.take_application(prison, application).await?);
        }
        let Some(key) = key else {
            tx.commit().await?;
            return Ok(taken);
        };
        tx.keep_answer(&key, &json(&taken)?).await?;
        let Err(error) = tx.commit().await else {
            return Ok(taken);
        };
        // A failed commit may have committed: what stands under the key says.
        match self.answered(&self.reader, by.account, VERB, &key).await? {
            Some(stored) => parse(&stored),
            None => Err(error),
        }
    }

    /// The prison's own refusal of a social application. It shows nowhere before the batch, and in the batch it is
    /// one refusal among others.
    pub async fn refuse_application(&self, by: &Actor, application: Uuid) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::ApproveNumber, "refuse-application").await?;
        let id = application.to_string();
        let row = tx
            .one(
                "applications",
                "SELECT id, prison FROM applications WHERE id = $1",
                values![id.as_str()],
            )
            .await?
            .ok_or(StoreError::NotFound)?;
        if tx.by.role.prison() != Some(row.parsed("prison")?) {
            return Err(StoreError::NotFound);
        }
        let update = "UPDATE applications SET prison_refuses = $1 WHERE id = $2 AND state = 'received'";
        let account = tx.by.account.to_string();
        if tx.run(update, values![account, id.as_str()]).await? != 1 {
            return Err(super::Conflict::AlreadyDecided.into());
        }
        tx.audit(("application", &id), None, "refused-by-prison").await?;
        tx.commit().await
    }

    /// What the people of one prison see of its applications, newest first.
    pub async fn applications_of(
        &self,
        by: &Actor,
        prison: PrisonId,
    ) -> Result<Bounded<Application>, StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::ApplyForNumber, "read-applications", prison)
            .await?;
        let query = format!(
            "SELECT {COLUMNS} FROM applications WHERE prison = $1 ORDER BY filed_at DESC, id LIMIT $2"
        );
        let asked = values![prison.as_str(), APPLICATIONS_SHOWN + 1];
        let rows = tx.all("applications", &query, asked).await?;
        let read = rows.iter().map(|row| self.read_application(row));
        let found = Bounded::of(read.collect::<Result<Vec<_>, _>>()?, APPLICATIONS_SHOWN);
        let detail = format!("applications={}", found.rows.len());
        tx.audit(("prison", prison.as_str()), None, &detail).await?;
        tx.commit().await?;
        Ok(found)
    }

    pub(super) fn read_application(&self, row: &Row) -> Result<Application, StoreError> {
        let kind = match row.text("kind")?.as_str() {
            "social" => ContactKind::Social,
            "official" => ContactKind::Official,
            "legal" => ContactKind::Legal,
            _ => return Err(row.damaged()),
        };
        let answer = match row.text("state")?.as_str() {
            "received" => ApplicationAnswer::Received,
            "with-two-people" => ApplicationAnswer::WithTwoPeople,
            "cleared" => ApplicationAnswer::MayBeRung,
            "refused" => ApplicationAnswer::NotApproved,
            _ => return Err(row.damaged()),
        };
        Ok(Application {
            id: row.parsed("id")?,
            prison: row.parsed("prison")?,
            holder: row.parsed("holder")?,
            kind,
            contact: self.open_sealed(CONTACT, &row.text("id")?, row)?,
            filed_by: row.parsed("filed_by")?,
            filed_at: row.time("filed_at")?,
            waiting_since: row.time("waiting_since")?,
            answer,
            answered_at: row.time_if_any("answered_at")?,
            reconsidered: row.int("reconsidered")? != 0,
        })
    }
}

impl Tx<'_> {
    async fn take_application(
        &self,
        prison: PrisonId,
        application: &NewApplication,
    ) -> Result<Taken, StoreError> {
        let NewApplication {
            holder,
            lane,
            contact,
        } = application;
        if !contact.problems().is_empty() {
            return Err(StoreError::Invalid(
                "an application lacks something or is too long",
            ));
        }
        if !self.is_held_in(prison, *holder).await? {
            return Ok(Taken::NotHeldHere);
        }
        if self.has_too_many_waiting(prison, *holder).await? {
            return Ok(Taken::TooMany);
        }
        let id = Uuid::from_bytes(self.store.seams.bytes());
        let state = if *lane == Lane::Social {
            "received"
        } else {
            "with-two-people"
        };
        let insert = "INSERT INTO applications (id, prison, holder, kind, contact, filed_by, filed_at, \
             waiting_since, state, reconsidered) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, 0)";
        let row = values![
            id.to_string(),
            prison.as_str(),
            holder.as_str(),
            contact_word(lane.kind()),
            self.store.seal(CONTACT, &id.to_string(), contact)?,
            self.by.account.to_string(),
            micros(self.now),
            state,
        ];
        self.run(insert, row).await?;
        self.audit(("application", &id.to_string()), None, "received")
            .await?;
        if let Lane::Official(numbers) | Lane::Legal(numbers) = lane {
            let entry = (prison, *holder, lane.kind());
            self.put_before_two_people(entry, numbers, contact, self.by.account)
                .await?;
        }
        Ok(Taken::Application(id))
    }

    /// Counts what waits, of this prisoner and of this prison. It depends on what was filed alone.
    async fn has_too_many_waiting(
        &self,
        prison: PrisonId,
        holder: PrisonerNumber,
    ) -> Result<bool, StoreError> {
        let of_prison = "SELECT COUNT(*) AS n FROM applications WHERE state = 'received' AND prison = $1";
        let waiting = self
            .count("applications", of_prison, values![prison.as_str()])
            .await?;
        let of_him =
            "SELECT COUNT(*) AS n FROM applications WHERE state = 'received' AND prison = $1 AND holder = $2";
        let his = values![prison.as_str(), holder.as_str()];
        let his = self.count("applications", of_him, his).await?;
        Ok(waiting >= APPLICATIONS_WAITING || his >= APPLICATIONS_OF_ONE_PRISONER)
    }

    /// An entry for each number, and the proposal by which a second person may put it on the list.
    pub(super) async fn put_before_two_people(
        &self,
        (prison, holder, contact): (PrisonId, PrisonerNumber, ContactKind),
        numbers: &[PhoneNumber],
        whose: &Contact,
        proposer: AccountId,
    ) -> Result<(), StoreError> {
        for number in numbers {
            let entry = EntryId::from_bytes(self.store.seams.bytes());
            self.insert_entry(&NewEntry {
                entry,
                prison,
                holder,
                number: *number,
                contact,
                name: whose.name(),
            })
            .await?;
            let change = ProposedChange::ApproveNumber {
                application: Uuid::from_bytes(*entry.as_bytes()),
                prison,
            };
            self.insert_proposal_of(proposer, &change, None, "").await?;
            self.audit(("approved-entry", &entry.to_string()), None, "applied")
                .await?;
        }
        Ok(())
    }
}

fn parse(stored: &str) -> Result<Vec<Taken>, StoreError> {
    serde_json::from_str(stored).map_err(|_| missing("idempotency", VERB))
}
