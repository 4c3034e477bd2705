//! Filing intelligence: a number that rang, a proxy, a phone in a cell, contact that got through.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::routing::get;
use casework::{Intelligence, Personal, Reference, RequestLimits, Verb};
use jiff::Timestamp;
use pages::{FieldErrors, Page};
use serde::Serialize;

use super::desk::{Answer, Desk};
use super::fields::Fields;
use super::words;
use crate::intake::take_intelligence;
use crate::store::FiledIntelligence;
use crate::web::site::Site;

/// Bytes of randomness that name one filling-in of the form, so that sending it twice files it once.
const TOKEN_BYTES: usize = 16;
const TEMPLATE: &str = "staff/intelligence.html";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/intelligence", get(begin).post(file))
}

async fn begin(desk: Desk) -> Answer {
    show(&desk, &Fields::default(), FieldErrors::new()).await
}

async fn file(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let Some(intelligence) = read(&fields, &mut errors) else {
        return show(&desk, &fields, errors).await;
    };
    let hub = &desk.site.hub;
    let token = fields.text("token");
    let key = (!token.is_empty()).then(|| {
        let body = serde_json::to_vec(&intelligence).unwrap_or_default();
        // Other words under the same token are another piece of intelligence, not a conflict.
        let body_hash = hub.idempotency_key(String::new(), &body).body_hash;
        hub.idempotency_key(format!("form-{token}-{body_hash}"), &body)
    });
    let reference = take_intelligence(hub, &desk.actor, key, intelligence).await?;
    let context = view! { reference => reference.as_str() };
    Ok(desk.site.pages.render(TEMPLATE, &page(&desk), context))
}

fn page(desk: &Desk) -> Page {
    desk.page("/intelligence", "intelligence-title")
        .with_next(["intelligence-next-1", "intelligence-next-2"])
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

async fn show(desk: &Desk, typed: &Fields, errors: FieldErrors) -> Answer {
    let token = match typed.text("token") {
        "" => data_encoding::HEXLOWER.encode(&desk.site.hub.seams.bytes::<TOKEN_BYTES>()),
        token => token.to_owned(),
    };
    let reads = desk.actor.role.may(Verb::ReadCases);
    let found = match reads {
        true => Some(desk.store().intelligence_without_case(&desk.actor).await?),
        false => None,
    };
    let more = found.as_ref().is_some_and(|found| found.more);
    let without_case: Vec<Piece> = found.iter().flat_map(|found| &found.rows).map(piece).collect();
    let context = view! { token, typed, reads, without_case, more };
    let page = page(desk).with_errors(errors);
    Ok(desk.site.pages.render(TEMPLATE, &page, context))
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
