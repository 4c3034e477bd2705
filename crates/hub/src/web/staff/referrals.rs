//! The home of a registered organisation: what became of one of its own referrals. The reference is posted,
//! so that it stands in no address. No prison is named here: a referrer learns how many, never which.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use casework::Reference;
use jiff::Timestamp;
use pages::FieldErrors;
use serde::Serialize;

use super::desk::{Answer, Desk};
use super::fields::Fields;
use crate::error::HubError;
use crate::intake::{ReceiptAnswer, TargetAnswer};
use crate::proof;
use crate::store::{Receipt, StoreError};
use crate::web::site::{PageError, Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/referrals", get(home).post(look_up))
}

#[derive(Serialize)]
struct Shown {
    reference: String,
    received_at: Timestamp,
    lines: Vec<Line>,
}

/// What became of one number or address.
#[derive(Serialize)]
struct Line {
    kind: &'static str,
    person: usize,
    n: usize,
    outcome: &'static str,
    because: Option<String>,
    covered: usize,
    prisons: usize,
    at: Option<Timestamp>,
}

async fn home(desk: Desk) -> Response {
    show(&desk, "", None, FieldErrors::new())
}

async fn look_up(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let typed = fields.text("reference");
    let mut errors = FieldErrors::new();
    let shown = match typed.parse::<Reference>() {
        Err(_) => {
            errors.add("reference", "referrals-error-reference");
            None
        }
        Ok(reference) => match desk.store().receipt(&desk.actor, &reference).await {
            Ok(receipt) => Some(shown(&desk, receipt).await?),
            Err(StoreError::NotFound) => {
                errors.add("reference", "referrals-error-not-found");
                None
            }
            Err(error) => return Err(error.into()),
        },
    };
    Ok(show(&desk, typed, shown, errors))
}

fn show(desk: &Desk, typed: &str, receipt: Option<Shown>, errors: FieldErrors) -> Response {
    let page = desk
        .page("/referrals", "referrals-title")
        .with_errors(errors)
        .with_next(["referrals-next-1", "referrals-next-2"]);
    let context = view! { typed, receipt };
    desk.site.pages.render("staff/referrals.html", &page, context)
}

async fn shown(desk: &Desk, receipt: Receipt) -> Result<Shown, PageError> {
    let answer = ReceiptAnswer::from(receipt);
    let mut lines = Vec::new();
    for target in &answer.targets {
        lines.push(line(desk, target).await?);
    }
    Ok(Shown {
        reference: answer.reference.to_string(),
        received_at: answer.received_at,
        lines,
    })
}

async fn line(desk: &Desk, target: &TargetAnswer) -> Result<Line, PageError> {
    let (kind, person, n) = place(&target.position);
    let outcome = match target.outcome {
        "barred" => "barred",
        "handler" => "handler",
        _ => "ask",
    };
    let because = target.because_word().map(str::to_owned);
    let mut line = Line {
        kind,
        person,
        n,
        outcome,
        because,
        covered: 0,
        prisons: 0,
        at: None,
    };
    if let Some(bar) = target.bar {
        match proof::in_force(&desk.site.hub, &desk.actor, bar).await {
            Ok(proof) => (line.covered, line.prisons, line.at) = (proof.covered, proof.prisons, proof.at),
            Err(HubError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(line)
}

/// `people[0].numbers[1]`: a number, of the first person, the second.
fn place(position: &str) -> (&'static str, usize, usize) {
    let kind = match position {
        _ if position.contains(".numbers") => "number",
        _ if position.contains(".addresses") => "address",
        _ => "email",
    };
    let mut places = position
        .split(['[', ']'])
        .filter_map(|part| part.parse::<usize>().ok());
    let mut next = || places.next().map_or(1, |place| place.saturating_add(1));
    (kind, next(), next())
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_position_in_the_request_is_told_in_words() {
        assert_eq!(place("people[0].numbers[1]"), ("number", 1, 2));
        assert_eq!(place("people[2].addresses[0]"), ("address", 3, 1));
        assert_eq!(place("people[0].emails[0]"), ("email", 1, 1));
    }
}
