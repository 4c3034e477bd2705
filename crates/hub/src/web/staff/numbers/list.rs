//! One prisoner's list in the reader's own prison, and taking a number off it. The prison number is posted, so
//! that it stands in no address. An entry that came off looks the same whatever the cause.

use axum::Form;
use casework::{Personal, ProposedChange};
use feed::{ContactKind, EntryId};
use pages::FieldErrors;
use prison::PrisonerNumber;
use serde::Serialize;
use uuid::Uuid;

use super::Numbers;
use crate::error::HubError;
use crate::store::{ApprovedEntry, EntryState};
use crate::web::site::PageError;
use crate::web::staff::desk::{Answer, Desk, Place, Told};
use crate::web::staff::fields::Fields;
use crate::web::staff::{done, words};

/// A prisoner's list as the page shows it.
#[derive(Serialize)]
pub(super) struct Listed {
    holder: String,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    number: String,
    name: Personal,
    kind: String,
    state: &'static str,
    /// Whether taking it off takes a second person.
    takes_two: bool,
}

/// Shows the list of the prisoner whose number was typed.
pub(super) async fn look_up(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    Numbers::show(&desk, Told::mend(typed, FieldErrors::new())).await
}

/// Takes a number off, or proposes to where it is a lawyer's.
pub(super) async fn revoke(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let entry: EntryId = typed.text("entry").parse().map_err(|_| HubError::NotFound)?;
    // Only the form of a lawyer's number has a reason; the store decides which it is.
    if !typed.has("reason") {
        let revoked = desk.store().revoke_number(&desk.actor, entry).await;
        return desk
            .answer::<Numbers>(revoked, done(Numbers::PATH, "revoked"))
            .await;
    }
    let change = ProposedChange::RevokeLegalEntry {
        entry: Uuid::from_bytes(*entry.as_bytes()),
        prison: desk.prison()?,
    };
    desk.propose::<Numbers>(change, typed, &format!("reason-{entry}"))
        .await
}

/// The list of the prisoner whom a form named, if one did; a number that is none is told beside its field.
pub(super) async fn asked_for(desk: &Desk, told: &mut Told) -> Result<Option<Listed>, PageError> {
    let prison = desk.prison()?;
    if !told.typed.has("holder") {
        return Ok(None);
    }
    let Ok(holder) = told.typed.text("holder").to_uppercase().parse::<PrisonerNumber>() else {
        told.errors.add("list-holder", "numbers-error-holder");
        return Ok(None);
    };
    let entries = desk.store().entries_of(&desk.actor, prison, holder).await?;
    Ok(Some(Listed {
        holder: holder.to_string(),
        entries: entries.iter().map(entry).collect(),
    }))
}

fn entry(entry: &ApprovedEntry) -> Entry {
    Entry {
        id: entry.entry.to_string(),
        number: words::written(&entry.number),
        name: entry.name.clone(),
        kind: words::code(entry.contact),
        state: match entry.state {
            EntryState::Applied => "applied",
            EntryState::Live => "live",
            EntryState::Ended => "ended",
        },
        takes_two: entry.contact == ContactKind::Legal,
    }
}
