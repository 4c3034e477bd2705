//! The daily batch: every social application of a prison that came in before the cut is answered in one transaction,
//! with one of two answers. Whatever stands behind a refusal (a bar, a person or an address of a case, a number that
//! cannot be read or is on the list already, the prison's own decision), the prison reads the same word at the same
//! moment.
//!
//! What was screened outside the transaction is taken only if bars and cases are still those it was screened by.

use casework::{BarId, CaseId, Personal};
use feed::ContactKind;
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::accounts::service;
use super::applications::{APPLICATIONS_WAITING, Application, COLUMNS};
use super::error::{Conflict, StoreError};
use super::protected_people::CasesMark;
use super::sql::{self, micros, places, texts, values};
use super::tx::Tx;

/// What screening found of one application, numbers aside: these the transaction matches itself.
#[derive(Clone, Debug)]
pub struct Screened {
    /// The application.
    pub application: Application,
    /// Its numbers, if all of them can be read and are of a class that goes on lists.
    pub numbers: Option<Vec<PhoneNumber>>,
    /// People and addresses of cases that it agrees with.
    pub found: Vec<Found>,
}

/// One person or address of a case that an application agrees with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The case.
    pub case: CaseId,
    /// Of what.
    pub kind: MatchKind,
    /// The evidence, as JSON.
    pub evidence: Personal,
}

/// In what an application and a case agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchKind {
    /// A number that is barred.
    Number,
    /// A protected person.
    Person,
    /// A barred address.
    Address,
}

impl MatchKind {
    /// The word for it, in the store, in the audit and for pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Person => "person",
            Self::Address => "address",
        }
    }
}

impl Store {
    /// The prisons that have social applications from before the cut.
    pub async fn prisons_to_answer(&self, cut: Timestamp) -> Result<Vec<PrisonId>, StoreError> {
        let query = "SELECT DISTINCT prison FROM applications WHERE state = 'received' AND waiting_since < $1 \
             ORDER BY prison";
        let rows = sql::all(&self.reader, "applications", query, values![micros(cut)]).await?;
        rows.iter().map(|row| row.parsed("prison")).collect()
    }

    /// The social applications of a prison from before the cut, oldest first.
    pub async fn applications_to_answer(
        &self,
        prison: PrisonId,
        cut: Timestamp,
    ) -> Result<Vec<Application>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM applications WHERE state = 'received' AND prison = $1 AND waiting_since < $2 \
             ORDER BY waiting_since, id LIMIT {APPLICATIONS_WAITING}"
        );
        let asked = values![prison.as_str(), micros(cut)];
        let rows = sql::all(&self.reader, "applications", &query, asked).await?;
        rows.iter().map(|row| self.read_application(row)).collect()
    }

    /// Official and legal applications that nothing has been screened of yet, oldest first.
    pub async fn applications_to_screen(&self) -> Result<Vec<Application>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM applications WHERE state = 'with-two-people' AND screened_at IS NULL \
             ORDER BY filed_at, id LIMIT {APPLICATIONS_WAITING}"
        );
        let rows = sql::all(&self.reader, "applications", &query, values![]).await?;
        rows.iter().map(|row| self.read_application(row)).collect()
    }

    /// Answers applications of one prison, all in one transaction; returns how many.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if they were screened by other bars or cases than those now on record: they are
    /// screened again.
    pub async fn answer_applications(
        &self,
        by_cases: CasesMark,
        screened: &[Screened],
    ) -> Result<usize, StoreError> {
        let tx = self.begin_as(&service(), "answer-applications").await?;
        tx.screened_now(by_cases).await?;
        let mut answered = 0;
        for screened in screened {
            answered += usize::from(tx.answer_one(screened).await?);
        }
        tx.commit().await?;
        Ok(answered)
    }

    /// Keeps what was found of official and legal applications; their numbers are before two people already.
    ///
    /// # Errors
    /// As [`Store::answer_applications`].
    pub async fn keep_screening(&self, by_cases: CasesMark, screened: &[Screened]) -> Result<(), StoreError> {
        let tx = self.begin_as(&service(), "screen-applications").await?;
        tx.screened_now(by_cases).await?;
        for screened in screened {
            let application = &screened.application;
            let numbers = screened.numbers.as_deref().unwrap_or_default();
            tx.keep_matches(
                screened,
                &tx.barred_cases(numbers, application.holder).await?,
                numbers,
            )
            .await?;
            tx.alert_if_any_planted(application, numbers).await?;
            let update = "UPDATE applications SET screened_at = $1 WHERE id = $2 AND screened_at IS NULL";
            tx.run(update, values![micros(tx.now), application.id.to_string()])
                .await?;
        }
        tx.commit().await
    }
}

impl Tx<'_> {
    /// That nothing has changed since it was screened, until this transaction ends.
    async fn screened_now(&self, by_cases: CasesMark) -> Result<(), StoreError> {
        if CasesMark::on(&self.db).await? == by_cases {
            Ok(())
        } else {
            Err(Conflict::Changed.into())
        }
    }

    /// `false` if it does not wait any more.
    async fn answer_one(&self, screened: &Screened) -> Result<bool, StoreError> {
        let application = &screened.application;
        let id = application.id.to_string();
        let query = "SELECT prison_refuses FROM applications WHERE id = $1 AND state = 'received'";
        let Some(row) = self.one("applications", query, values![id.as_str()]).await? else {
            return Ok(false);
        };
        let refused_by_prison = row.text_if_any("prison_refuses")?.is_some();
        let numbers = screened.numbers.as_deref().unwrap_or_default();
        let barred = self.barred_cases(numbers, application.holder).await?;
        let matched = self.keep_matches(screened, &barred, numbers).await?;
        self.alert_if_any_planted(application, numbers).await?;
        let held = self.is_held_in(application.prison, application.holder).await?;
        let on_list = self.any_on_list(application, numbers).await?;
        // Everything is asked before anything is decided: no refusal is quicker than another.
        let clear = !refused_by_prison & !numbers.is_empty() & !matched & held & !on_list;
        if clear {
            let entry = (application.prison, application.holder, ContactKind::Social);
            self.put_before_two_people(entry, numbers, &application.contact, application.filed_by)
                .await?;
        }
        let update =
            "UPDATE applications SET state = $1, answered_at = $2, prison_refuses = NULL WHERE id = $3";
        let state = if clear { "cleared" } else { "refused" };
        self.run(update, values![state, micros(self.now), id.as_str()])
            .await?;
        self.audit(("application", &id), None, "answered").await?;
        Ok(true)
    }

    /// Handlers hear of a planted number that somebody asks for as of one that is dialled.
    async fn alert_if_any_planted(
        &self,
        application: &Application,
        numbers: &[PhoneNumber],
    ) -> Result<(), StoreError> {
        for number in numbers {
            self.alert_if_planted(application.prison, application.holder, number)
                .await?;
        }
        Ok(())
    }

    async fn any_on_list(
        &self,
        application: &Application,
        numbers: &[PhoneNumber],
    ) -> Result<bool, StoreError> {
        let mut found = false;
        for number in numbers {
            let index = self.store.keys.blind_index(number);
            found |= self
                .is_on_list(application.prison, application.holder, &index)
                .await?;
        }
        Ok(found)
    }

    /// The bars in force that apply to this prisoner and any of the numbers, each with its case.
    async fn barred_cases(
        &self,
        numbers: &[PhoneNumber],
        holder: PrisonerNumber,
    ) -> Result<Vec<(BarId, CaseId)>, StoreError> {
        let mut found = Vec::new();
        for number in numbers {
            let met_by = self.store.met_by(number);
            let query = format!(
                "SELECT id, case_id FROM bars WHERE number_index IN ({}) AND state <> 'lifted' \
                 AND scope IN ('estate', $1) ORDER BY imposed_at, id",
                places(2, met_by.len())
            );
            let mut asked = values![holder.as_str()];
            asked.extend(texts(met_by));
            for row in self.all("bars", &query, asked).await? {
                found.push((row.parsed("id")?, row.parsed("case_id")?));
            }
        }
        Ok(found)
    }

    /// Keeps each match that a handler has not cleared before; returns whether there is any.
    async fn keep_matches(
        &self,
        screened: &Screened,
        barred: &[(BarId, CaseId)],
        numbers: &[PhoneNumber],
    ) -> Result<bool, StoreError> {
        let application = &screened.application;
        // Another number of the same contact, or a lawyer's or an official's number that is barred, is for a handler.
        let looked_at =
            application.kind != ContactKind::Social || self.any_free(numbers, application.holder).await?;
        let by_number = barred.iter().map(|(bar, case)| Found {
            case: *case,
            kind: MatchKind::Number,
            evidence: Personal::new(&format!("{{\"bar\":\"{bar}\"}}")),
        });
        let mut matched = false;
        for found in by_number.chain(screened.found.iter().cloned()) {
            let open = found.kind != MatchKind::Number || looked_at;
            matched |= self.keep_match(application.id, &found, open).await?;
        }
        Ok(matched)
    }

    async fn any_free(&self, numbers: &[PhoneNumber], holder: PrisonerNumber) -> Result<bool, StoreError> {
        let mut free = false;
        for number in numbers {
            free |= !self.is_forbidden(number, holder, None).await?;
        }
        Ok(free)
    }

    /// `false` if a handler has said that it is somebody else.
    async fn keep_match(&self, application: Uuid, found: &Found, open: bool) -> Result<bool, StoreError> {
        let (application, case) = (application.to_string(), found.case.to_string());
        let query =
            "SELECT state FROM application_matches WHERE application = $1 AND case_id = $2 AND kind = $3";
        let asked = values![application.as_str(), case.as_str(), found.kind.as_str()];
        if let Some(before) = self.one("application_matches", query, asked).await? {
            return Ok(before.text("state")? != "cleared");
        }
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let insert = "INSERT INTO application_matches (id, application, case_id, kind, evidence, found_at, state) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let row = values![
            id.as_str(),
            application,
            case,
            found.kind.as_str(),
            self.store
                .seal(super::application_matches::EVIDENCE, &id, &found.evidence)?,
            micros(self.now),
            if open { "open" } else { "noted" },
        ];
        self.run(insert, row).await?;
        self.audit(("application-match", &id), Some(found.case), found.kind.as_str())
            .await?;
        Ok(true)
    }
}
