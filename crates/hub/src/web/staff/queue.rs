//! The queue: the cases on which something is to do, the most urgent first.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use casework::{Actor, Priority, Reference};
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use serde::Serialize;

use super::fields::Fields;
use super::frame;
use super::words::code;
use crate::store::CaseSummary;
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/cases", get(queue).post(find))
}

/// One row of the queue.
#[derive(Serialize)]
struct Row {
    reference: String,
    priority: String,
    state: String,
    opened_at: Timestamp,
    barred: u64,
    held: u64,
    spared: u64,
}

impl From<&CaseSummary> for Row {
    fn from(case: &CaseSummary) -> Self {
        Self {
            reference: case.reference.to_string(),
            priority: code(case.priority),
            state: case.state.clone(),
            opened_at: case.opened_at,
            barred: case.bars,
            held: case.held,
            spared: case.spared,
        }
    }
}

async fn queue(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, "", FieldErrors::new()).await
}

/// Opens a case by its reference, also one that has left the queue.
async fn find(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let mut errors = FieldErrors::new();
    match fields.parsed::<Reference>("reference", "queue-error-reference", &mut errors) {
        Some(reference) => Ok(Redirect::to(&format!("/cases/{reference}")).into_response()),
        None => show(&site, &visit, &actor, fields.text("reference"), errors).await,
    }
}

async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    typed: &str,
    errors: FieldErrors,
) -> Result<Response, PageError> {
    let cases = site.hub.store.queue(actor).await?;
    let alarms = cases
        .iter()
        .filter(|case| case.priority == Priority::Alarm)
        .count();
    let cases: Vec<Row> = cases.iter().map(Row::from).collect();
    let now = site.hub.seams.clock.now();
    let page = frame::page(visit, "/cases", "queue-title", actor)
        .with_errors(errors)
        .with_next(["queue-next-1", "queue-next-2", "queue-next-3"]);
    Ok(site
        .pages
        .render("staff/queue.html", &page, view! { cases, alarms, typed, now }))
}
