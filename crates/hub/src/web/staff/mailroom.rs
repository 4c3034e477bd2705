//! The mailroom's one page: an envelope's address in, PASS or SHELF with a code out, ready for the next.
//!
//! Nothing on the page differs by why a letter goes to the shelf: barred, doubtful and decoy look alike.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use casework::{Actor, WrittenAddress};
use jiff::Timestamp;
use minijinja::Value;
use pages::{FieldErrors, Visit};
use prison::{PrisonId, PrisonerNumber};
use serde::Serialize;

use super::fields::Fields;
use super::frame;
use crate::error::HubError;
use crate::mailroom::{LetterAnswer, check_letter};
use crate::store::LetterDecision;
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

/// Longer than any address; what is longer is not an address.
const ADDRESS_CHARS: usize = 500;
/// What a clerk types when the envelope names no sender; Welsh too.
const UNKNOWN: [&str; 2] = ["unknown", "anhysbys"];

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/mailroom", get(begin).post(check))
}

async fn begin(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, FieldErrors::new(), view! {}).await
}

async fn check(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let mut errors = FieldErrors::new();
    let Some((sender, address)) = read(&fields, &mut errors) else {
        return show(&site, &visit, &actor, errors, view! { typed => fields }).await;
    };
    let prison = own_prison(&actor)?;
    let told = match check_letter(&site.hub, &actor, prison, sender, &address).await {
        Ok(LetterAnswer::Pass) => view! { answer => "pass" },
        Ok(LetterAnswer::Shelf(code)) => view! { answer => "shelf", code => code.as_str() },
        Err(HubError::TooMany) => view! { calm => "mailroom-cap", typed => fields },
        Err(HubError::Unavailable | HubError::Damaged) => {
            view! { calm => "mailroom-wait", typed => fields }
        }
        Err(HubError::Invalid { .. }) => {
            errors.add("address", "mailroom-error-address");
            view! { typed => fields }
        }
        Err(error) => return Err(error.into()),
    };
    show(&site, &visit, &actor, errors, told).await
}

/// The sender, if the envelope names one, and the address.
fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<(Option<PrisonerNumber>, WrittenAddress)> {
    let address = fields.given("address");
    match &address {
        None => errors.add("address", "mailroom-error-address"),
        Some(lines) if lines.expose().chars().count() > ADDRESS_CHARS => {
            errors.add("address", "mailroom-error-address-long")
        }
        Some(_) => errors,
    };
    let sender = sender(fields.text("sender"));
    if sender.is_none() {
        errors.add("sender", "mailroom-error-sender");
    }
    if !errors.is_empty() {
        return None;
    }
    Some((
        sender?,
        WrittenAddress {
            lines: address?,
            postcode: None,
        },
    ))
}

/// A prison number, or that it is unknown; none for anything else, for a sender is never guessed.
fn sender(typed: &str) -> Option<Option<PrisonerNumber>> {
    let lower = typed.to_lowercase();
    if UNKNOWN.contains(&lower.as_str()) {
        return Some(None);
    }
    typed.to_uppercase().parse().ok().map(Some)
}

fn own_prison(actor: &Actor) -> Result<PrisonId, PageError> {
    actor.role.prison().ok_or(PageError(HubError::NotFound))
}

/// A letter on the shelf, by its code, and what is to be done with it.
#[derive(Serialize)]
struct Decided {
    code: String,
    decision: &'static str,
    at: Timestamp,
}

async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    errors: FieldErrors,
    told: Value,
) -> Result<Response, PageError> {
    let decided = site.hub.store.decided_letters(actor, own_prison(actor)?).await?;
    let decided = decided.into_iter().map(|letter| Decided {
        code: letter.code,
        decision: match letter.decision {
            LetterDecision::Post => "post",
            LetterDecision::Return => "return",
            LetterDecision::Evidence => "evidence",
        },
        at: letter.decided_at,
    });
    let decided: Vec<Decided> = decided.collect();
    let page = frame::page(visit, "/mailroom", "mailroom-title", actor)
        .with_errors(errors)
        .with_next(["mailroom-next-1", "mailroom-next-2"]);
    let context = minijinja::context! { ..told, ..view! { decided } };
    Ok(site.pages.render("staff/mailroom.html", &page, context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_prison_number_or_unknown_and_never_a_guess() {
        assert_eq!(sender("a1234bc").flatten(), Some("A1234BC".parse().unwrap()));
        assert_eq!(sender("Unknown"), Some(None));
        assert_eq!(sender("Anhysbys"), Some(None));
        assert_eq!(sender(""), None);
        assert_eq!(sender("A1234"), None);
    }
}
