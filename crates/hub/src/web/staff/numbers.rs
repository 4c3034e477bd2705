//! A prison's approved numbers: what may go on a list waits here for security; one person takes a number off, two a
//! lawyer's. A barred number is approved like any other, and rings for nobody.

mod list;

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, Personal, ProposalId, ProposedChange, Verb};
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use prison::PrisonId;
use serde::Serialize;

use super::{ToldBy, done, frame, refusal, words};
use crate::error::HubError;
use crate::store::{ApprovedEntry, Bounded, ShownProposal, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

const PATH: &str = "/prison/numbers";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(open))
        .route("/prison/numbers/list", post(list::look_up))
        .route("/prison/numbers/revoke", post(list::revoke))
        .route("/prison/numbers/{id}/approve", post(approve))
        .route("/prison/numbers/{id}/withdraw", post(withdraw))
}

/// One number that waits for a second person: to come onto a list, or to come off.
#[derive(Serialize)]
struct Waiting {
    proposal: String,
    comes_off: bool,
    reason: Personal,
    holder: String,
    number: String,
    name: Personal,
    kind: String,
    by: String,
    at: Timestamp,
    mine: bool,
}

/// What the page shows besides what waits.
#[derive(Default)]
struct Shown {
    list: Option<list::Listed>,
    errors: FieldErrors,
    finished: Option<&'static str>,
    problem: Option<&'static str>,
}

async fn open(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    show(
        &site,
        &visit,
        &actor,
        Shown {
            finished: told.finished(),
            ..Shown::default()
        },
    )
    .await
}

async fn approve(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
) -> Result<Response, PageError> {
    let approved = site.hub.store.approve(&actor, id).await;
    answer(&site, &visit, &actor, approved, "approved").await
}

async fn withdraw(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
) -> Result<Response, PageError> {
    let withdrawn = site.hub.store.withdraw_proposal(&actor, id).await;
    answer(&site, &visit, &actor, withdrawn, "withdrawn").await
}

async fn answer(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    outcome: Result<(), StoreError>,
    code: &'static str,
) -> Result<Response, PageError> {
    let Err(error) = outcome else {
        return Ok(done(PATH, code));
    };
    match refusal::sentence(&error) {
        Some(problem) => {
            show(
                site,
                visit,
                actor,
                Shown {
                    problem: Some(problem),
                    ..Shown::default()
                },
            )
            .await
        }
        None => Err(error.into()),
    }
}

fn own_prison(actor: &Actor) -> Result<PrisonId, PageError> {
    actor.role.prison().ok_or(PageError(HubError::NotFound))
}

async fn show(site: &Site, visit: &Visit, actor: &Actor, shown: Shown) -> Result<Response, PageError> {
    let Shown {
        list,
        errors,
        finished,
        problem,
    } = shown;
    let (waiting, more) = waiting(site, actor).await?;
    let may_approve = actor.role.may(Verb::ApproveNumber);
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "numbers-title", actor)
        .with_status(status)
        .with_errors(errors)
        .with_next(["numbers-next-1", "numbers-next-2"]);
    let context = view! { waiting, more, may_approve, list, finished, problem };
    Ok(site.pages.render("staff/numbers.html", &page, context))
}

/// The oldest of what waits, and whether there is more.
async fn waiting(site: &Site, actor: &Actor) -> Result<(Vec<Waiting>, bool), PageError> {
    let mut shown = Vec::new();
    let Bounded { rows, more } = site.hub.store.open_proposals(actor).await?;
    for open in rows {
        let (entry, comes_off) = match open.proposal.change {
            ProposedChange::ApproveNumber { application, .. } => (application, false),
            ProposedChange::RevokeLegalEntry { entry, .. } => (entry, true),
            _ => continue,
        };
        let entry = site.hub.store.application(actor, entry).await?;
        shown.push(row(actor, &open, &entry, comes_off));
    }
    Ok((shown, more))
}

fn row(actor: &Actor, open: &ShownProposal, entry: &ApprovedEntry, comes_off: bool) -> Waiting {
    Waiting {
        proposal: open.proposal.id.to_string(),
        comes_off,
        reason: open.proposal.reason.clone(),
        holder: entry.holder.to_string(),
        number: words::written(&entry.number),
        name: entry.name.clone(),
        kind: words::code(entry.contact),
        by: open.proposer.clone(),
        at: open.proposal.proposed_at,
        mine: open.proposal.proposed_by == actor.account,
    }
}
