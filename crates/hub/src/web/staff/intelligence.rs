//! Filing intelligence: a number that rang, a proxy, a phone in a cell, contact that got through.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use casework::{Actor, Intelligence, Personal, Reference, RequestLimits, Verb};
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use serde::Serialize;

use super::fields::Fields;
use super::{frame, words};
use crate::intake::take_intelligence;
use crate::store::FiledIntelligence;
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

/// Bytes of randomness that name one filling-in of the form, so that sending it twice files it once.
const TOKEN_BYTES: usize = 16;
const NEXT: [&str; 2] = ["intelligence-next-1", "intelligence-next-2"];

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/intelligence", get(begin).post(file))
}

async fn begin(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, &Fields::default(), FieldErrors::new()).await
}

async fn file(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let mut errors = FieldErrors::new();
    let Some(intelligence) = read(&fields, &mut errors) else {
        return show(&site, &visit, &actor, &fields, errors).await;
    };
    let token = fields.text("token");
    let key = (!token.is_empty()).then(|| {
        let body = serde_json::to_vec(&intelligence).unwrap_or_default();
        // Other words under the same token are another piece of intelligence, not a conflict.
        let key = format!(
            "form-{token}-{}",
            site.hub.idempotency_key(String::new(), &body).body_hash
        );
        site.hub.idempotency_key(key, &body)
    });
    let reference = take_intelligence(&site.hub, &actor, key, intelligence).await?;
    let page = frame::page(&visit, "/intelligence", "intelligence-title", &actor).with_next(NEXT);
    Ok(site.pages.render(
        "staff/intelligence.html",
        &page,
        view! { reference => reference.as_str() },
    ))
}

fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<Intelligence> {
    let kind = fields.choice("kind", "intelligence-error-kind", errors);
    let account = fields.words("account", "account", "intelligence-error-account", errors);
    let number = fields.given("number");
    if number
        .as_ref()
        .is_some_and(|n| n.expose().chars().count() > RequestLimits::DEFAULT.line_chars)
    {
        errors.add("number", "intelligence-error-number");
    }
    let reference: Option<Reference> = match fields.text("reference") {
        "" => None,
        _ => fields.parsed("reference", "intelligence-error-reference", errors),
    };
    if !errors.is_empty() {
        return None;
    }
    Some(Intelligence {
        kind: kind?,
        reference,
        number,
        account: account?,
    })
}

async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    typed: &Fields,
    errors: FieldErrors,
) -> Result<Response, PageError> {
    let token = match typed.text("token") {
        "" => data_encoding::HEXLOWER.encode(&site.hub.seams.bytes::<TOKEN_BYTES>()),
        token => token.to_owned(),
    };
    let reads = actor.role.may(Verb::ReadCases);
    let found = match reads {
        true => Some(site.hub.store.intelligence_without_case(actor).await?),
        false => None,
    };
    let more = found.as_ref().is_some_and(|found| found.more);
    let without_case: Vec<Piece> = found.iter().flat_map(|found| &found.rows).map(piece).collect();
    let page = frame::page(visit, "/intelligence", "intelligence-title", actor)
        .with_errors(errors)
        .with_next(NEXT);
    Ok(site.pages.render(
        "staff/intelligence.html",
        &page,
        view! { token, typed, reads, without_case, more },
    ))
}

/// One piece as handlers read it.
#[derive(Serialize)]
pub(super) struct Piece {
    kind: String,
    at: Timestamp,
    reference: String,
    number: Option<Personal>,
    account: Personal,
    over_cap: bool,
}

/// What a page shows of a piece.
pub(super) fn piece(filed: &FiledIntelligence) -> Piece {
    Piece {
        kind: words::code(filed.intelligence.kind),
        at: filed.received_at,
        reference: filed.reference.to_string(),
        number: filed.intelligence.number.clone(),
        account: filed.intelligence.account.clone(),
        over_cap: filed.over_cap,
    }
}
