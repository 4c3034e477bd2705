//! One prisoner's list in the reader's own prison, and taking a number off it. The prison number is posted, so
//! that it stands in no address. An entry that came off looks the same whatever the cause.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use casework::{Actor, Personal, ProposedChange};
use feed::{ContactKind, EntryId};
use pages::{FieldErrors, Visit};
use prison::PrisonerNumber;
use serde::Serialize;
use uuid::Uuid;

use super::{Shown, answer, own_prison, show};
use crate::error::HubError;
use crate::store::{ApprovedEntry, EntryState};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};
use crate::web::staff::fields::Fields;
use crate::web::staff::words;

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
pub(super) async fn look_up(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let shown = with_list(&site, &actor, &fields, FieldErrors::new()).await?;
    show(&site, &visit, &actor, shown).await
}

/// Takes a number off, or proposes to where it is a lawyer's.
pub(super) async fn revoke(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let entry: EntryId = fields.text("entry").parse().map_err(|_| HubError::NotFound)?;
    let store = &site.hub.store;
    // Only the form of a lawyer's number has a reason; the store decides which it is.
    if !fields.has("reason") {
        let revoked = store.revoke_number(&actor, entry).await;
        return answer(&site, &visit, &actor, revoked, "revoked").await;
    }
    let mut errors = FieldErrors::new();
    let field = format!("reason-{entry}");
    let Some(reason) = fields.words("reason", &field, "numbers-error-reason", &mut errors) else {
        let shown = with_list(&site, &actor, &fields, errors).await?;
        return show(&site, &visit, &actor, shown).await;
    };
    let change = ProposedChange::RevokeLegalEntry {
        entry: Uuid::from_bytes(*entry.as_bytes()),
        prison: own_prison(&actor)?,
    };
    let proposed = store.propose(&actor, change, reason.expose()).await;
    answer(&site, &visit, &actor, proposed.map(drop), "proposed").await
}

async fn with_list(
    site: &Site,
    actor: &Actor,
    fields: &Fields,
    mut errors: FieldErrors,
) -> Result<Shown, PageError> {
    let prison = own_prison(actor)?;
    let list = match fields.text("holder").to_uppercase().parse::<PrisonerNumber>() {
        Ok(holder) => {
            let entries = site.hub.store.entries_of(actor, prison, holder).await?;
            let entries = entries.iter().map(entry).collect();
            Some(Listed {
                holder: holder.to_string(),
                entries,
            })
        }
        Err(_) => {
            errors.add("list-holder", "numbers-error-holder");
            None
        }
    };
    Ok(Shown {
        list,
        errors,
        ..Shown::default()
    })
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
