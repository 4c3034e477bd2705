//! Contact applications: whom prisoners ask to be allowed to ring, and what their prisons are told.
//!
//! ```text
//! Asked -> file -> store ... tick -> screen -> answer_applications -> may be rung | not approved
//!                                        \-> matches for a case handler
//! ```
//! A social application is answered in the **daily batch** of its prison, at one moment with all others and with one
//! of two words, so that neither the time nor the text of an answer tells of a bar ([`AnswerTimes`]). Official and
//! legal applications wait for nothing: two people of the prison decide, from a register and without ringing.
//! **Screening** compares number, name, date of birth, relationship and address with what is barred and who is
//! protected. Who agrees with a case is refused with the others and shown to a case handler, who bars the number or
//! says that it is somebody else; then the next batch answers anew.

mod batch;
mod csv;
mod names;
mod same_person;
mod screen;
pub mod short_day;
mod times;

use std::sync::{Arc, Mutex, PoisonError};

use ::phone::PhoneNumber;
use casework::{Actor, Contact};
use feed::ContactKind;
use prison::{PrisonId, PrisonerNumber, Register};
use serde::Serialize;
use uuid::Uuid;

pub use batch::{Answered, Answering, tend};
pub use csv::read_csv;
pub use times::{AnswerTimes, ParseTimeError};

use crate::error::HubError;
use crate::intake::read_number;
use crate::service::Hub;
use crate::store::{IdempotencyKey, Lane, NewApplication, Store, StoreError, Taken};
use screen::Known;

/// What screening keeps in memory, and when batches are answered.
pub struct Applications {
    /// When batches are answered.
    pub times: AnswerTimes,
    known: Mutex<Option<Arc<Known>>>,
}

/// One application as a page, a JSON body or a row gives it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// For whose list.
    pub holder: PrisonerNumber,
    /// For what kind of entry.
    pub kind: ContactKind,
    /// Whom he wants to ring.
    pub contact: Contact,
}

/// What is wrong with an application, by field: it depends on what is written alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToMend {
    /// The field, as `numbers[0]`.
    pub field: String,
}

/// What became of one of several applications. Nothing here depends on a bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowAnswer {
    /// Received.
    Received(Uuid),
    /// Nobody with this number is on record in this prison.
    NotHeldHere,
    /// This prisoner or this prison has too many waiting.
    TooMany,
    /// A field must be mended.
    Mend(ToMend),
}

impl Applications {
    /// Nothing read yet.
    pub fn new(times: AnswerTimes) -> Self {
        Self {
            times,
            known: Mutex::new(None),
        }
    }

    /// What applications are compared with, as it stands now.
    async fn known(&self, store: &Store) -> Result<Arc<Known>, StoreError> {
        let before = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = Known::read(store, before).await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }
}

/// Files applications for prisoners of the caller's own prison; what can be filed is, and the rest is told row by row.
pub async fn file(
    hub: &Hub,
    by: &Actor,
    key: Option<IdempotencyKey>,
    rows: Vec<Result<Asked, ToMend>>,
) -> Result<Vec<RowAnswer>, HubError> {
    let prison = by
        .role
        .prison()
        .ok_or_else(|| HubError::Refused("applications are filed in one's own prison".to_owned()))?;
    let read: Vec<_> = rows
        .into_iter()
        .map(|row| row.and_then(|asked| taken_apart(prison, asked)))
        .collect();
    let good: Vec<NewApplication> = read.iter().filter_map(|row| row.as_ref().ok().cloned()).collect();
    let taken = match good.is_empty() && !read.is_empty() {
        true => Vec::new(),
        false => hub.store.file_applications(by, prison, key, good).await?,
    };
    let mut taken = taken.into_iter();
    let answers = read.into_iter().map(|row| match row {
        Err(mend) => Some(RowAnswer::Mend(mend)),
        Ok(_) => taken.next().map(RowAnswer::from),
    });
    Ok(answers.flatten().collect())
}

impl From<Taken> for RowAnswer {
    fn from(taken: Taken) -> Self {
        match taken {
            Taken::Application(id) => Self::Received(id),
            Taken::NotHeldHere => Self::NotHeldHere,
            Taken::TooMany => Self::TooMany,
        }
    }
}

fn taken_apart(prison: PrisonId, asked: Asked) -> Result<NewApplication, ToMend> {
    let Asked {
        holder,
        kind,
        contact,
    } = asked;
    if let Some(first) = contact.problems().into_iter().next() {
        return Err(ToMend { field: first.field });
    }
    let lane = match kind {
        ContactKind::Social => Lane::Social,
        ContactKind::Official => Lane::Official(all_numbers(prison, &contact)?),
        ContactKind::Legal => Lane::Legal(all_numbers(prison, &contact)?),
    };
    Ok(NewApplication {
        holder,
        lane,
        contact,
    })
}

/// The numbers of an application that goes to two people at once: each must be readable.
fn all_numbers(prison: PrisonId, contact: &Contact) -> Result<Vec<PhoneNumber>, ToMend> {
    let read = contact
        .numbers
        .iter()
        .enumerate()
        .filter(|(_, number)| !number.is_blank());
    read.map(|(n, number)| {
        let resolved = ::phone::resolve(number.expose(), area_of(prison));
        resolved.map(|resolved| resolved.number).map_err(|_| ToMend {
            field: format!("numbers[{n}]"),
        })
    })
    .collect()
}

/// The area code of a prison's own phones: a number without one is read as they would dial it.
fn area_of(prison: PrisonId) -> Option<::phone::AreaCode> {
    let known = Register::built_in().get(prison)?;
    known.area_code.as_deref()?.parse().ok()
}

/// Bars every number of an application in the name of the case that it agrees with.
///
/// # Errors
/// [`StoreError::Invalid`] if none of them can be barred.
pub async fn bar_match(hub: &Hub, by: &Actor, id: Uuid) -> Result<(), StoreError> {
    let application = hub.store.application_match(by, id).await?.application;
    let area = area_of(application.prison);
    let canonical = |written: &casework::Personal| {
        let resolved = ::phone::resolve(written.expose(), area).ok()?.number;
        read_number(resolved.expose(), &hub.always_allowed).ok()
    };
    let numbers: Vec<PhoneNumber> = application
        .contact
        .written_numbers()
        .filter_map(canonical)
        .collect();
    if numbers.is_empty() {
        return Err(StoreError::Invalid("no number of this application can be barred"));
    }
    hub.store.bar_match(by, id, &numbers).await
}
