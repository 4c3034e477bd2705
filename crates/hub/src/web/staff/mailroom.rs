//! The mailroom's one page: an envelope's address in, PASS or SHELF with a code out, ready for the next.
//!
//! Nothing on the page differs by why a letter goes to the shelf: barred, doubtful and decoy look alike.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::routing::get;
use casework::WrittenAddress;
use jiff::Timestamp;
use minijinja::Value;
use pages::FieldErrors;
use prison::PrisonerNumber;
use serde::Serialize;

use super::desk::{Answer, Desk};
use super::fields::Fields;
use crate::error::HubError;
use crate::mailroom::{LetterAnswer, check_letter};
use crate::store::LetterDecision;
use crate::web::site::Site;

/// Longer than any address; what is longer is not an address.
const ADDRESS_CHARS: usize = 500;
/// What a clerk types when the envelope names no sender; Welsh too.
const UNKNOWN: [&str; 2] = ["unknown", "anhysbys"];

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/mailroom", get(begin).post(check))
}

async fn begin(desk: Desk) -> Answer {
    show(&desk, FieldErrors::new(), view! {}).await
}

async fn check(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let Some((sender, address)) = read(&fields, &mut errors) else {
        return show(&desk, errors, view! { typed => fields }).await;
    };
    let prison = desk.prison()?;
    let told = match check_letter(&desk.site.hub, &desk.actor, prison, sender, &address).await {
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
    show(&desk, errors, told).await
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

/// A letter on the shelf, by its code, and what is to be done with it.
#[derive(Serialize)]
struct Decided {
    code: String,
    decision: &'static str,
    at: Timestamp,
}

async fn show(desk: &Desk, errors: FieldErrors, told: Value) -> Answer {
    let decided = desk.store().decided_letters(&desk.actor, desk.prison()?).await?;
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
    let page = desk
        .page("/mailroom", "mailroom-title")
        .with_errors(errors)
        .with_next(["mailroom-next-1", "mailroom-next-2"]);
    let context = minijinja::context! { ..told, ..view! { decided } };
    Ok(desk.site.pages.render("staff/mailroom.html", &page, context))
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
