//! What waits for a second person: listed for every case handler, approved by any but the proposer.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, Personal, ProposalId, ProposedChange, Verb};
use jiff::Timestamp;
use pages::{Lang, Sentence, Visit};
use serde::Serialize;

use super::fields::Fields;
use super::{Told, ToldBy, done, frame, refusal, words};
use crate::store::{ShownProposal, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/proposals", get(list))
        .route("/proposals/{id}/approve", post(approve))
        .route("/proposals/{id}/withdraw", post(withdraw))
}

/// A proposal as a page shows it.
#[derive(Serialize)]
pub(super) struct Shown {
    pub(super) id: String,
    what: String,
    reason: Personal,
    by: String,
    at: Timestamp,
    /// Whether the reader proposed it and so cannot approve it.
    mine: bool,
    /// Whether the case is no longer what the proposer saw; known where the case stands beside it.
    pub(super) overtaken: bool,
    /// The case to open, by its identifier.
    case: Option<String>,
}

/// A proposal in words. `target` is what the bar is on, where the reader may see it.
pub(super) fn shown(
    site: &Site,
    lang: Lang,
    actor: &Actor,
    proposal: &ShownProposal,
    target: Option<&str>,
) -> Shown {
    let ShownProposal {
        proposal,
        proposer,
        case,
    } = proposal;
    Shown {
        id: proposal.id.to_string(),
        what: what(site, lang, &proposal.change, target),
        reason: proposal.reason.clone(),
        by: proposer.clone(),
        at: proposal.proposed_at,
        mine: proposal.proposed_by == actor.account,
        overtaken: false,
        case: case.map(|case| case.to_string()),
    }
}

fn what(site: &Site, lang: Lang, change: &ProposedChange, target: Option<&str>) -> String {
    let say = |sentence: &Sentence| site.pages.say(lang, sentence).unwrap_or_default();
    let target = || target.map_or_else(|| say(&"proposals-a-target".into()), str::to_owned);
    let sentence = match change {
        ProposedChange::LiftBar { .. } => Sentence::new("proposals-lift-bar").with("target", target()),
        ProposedChange::NarrowBar { prisoner, .. } => Sentence::new("proposals-narrow-bar")
            .with("target", target())
            .with("prisoner", prisoner.as_str()),
        ProposedChange::DeclineCase { reason, .. } => {
            let reason = say(&format!("decline-{}", words::code(reason)).into());
            Sentence::new("proposals-decline-case").with("reason", reason)
        }
        ProposedChange::KeepEntry { .. } => Sentence::new("proposals-keep-entry").with("target", target()),
        ProposedChange::BarLegalNumber { .. } => {
            Sentence::new("proposals-bar-legal-number").with("target", target())
        }
        ProposedChange::ApproveNumber { .. } => {
            Sentence::new("proposals-approve-number").with("prisoner", say(&"proposals-a-prisoner".into()))
        }
        ProposedChange::RevokeLegalEntry { .. } => Sentence::new("proposals-revoke-legal-entry")
            .with("prisoner", say(&"proposals-a-prisoner".into())),
        ProposedChange::AdmitGate { gate, prison } => Sentence::new("proposals-admit-gate")
            .with("gate", gate.as_str())
            .with("prison", frame::prison_name(*prison)),
        ProposedChange::RetireGate { gate, prison } => Sentence::new("proposals-retire-gate")
            .with("gate", gate.as_str())
            .with("prison", frame::prison_name(*prison)),
        ProposedChange::SwitchOnCallBarring { prison } => {
            Sentence::new("proposals-switch-on-call-barring").with("prison", frame::prison_name(*prison))
        }
        ProposedChange::SwitchPrisonOff { prison } => {
            Sentence::new("proposals-switch-prison-off").with("prison", frame::prison_name(*prison))
        }
    };
    say(&sentence)
}

async fn list(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, &told, None).await
}

async fn approve(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    match site.hub.store.approve(&actor, id).await {
        Ok(()) => Ok(done(&back(&fields), "approved")),
        Err(error) => refused(&site, &visit, &actor, error).await,
    }
}

async fn withdraw(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    match site.hub.store.withdraw_proposal(&actor, id).await {
        Ok(()) => Ok(done(&back(&fields), "withdrawn")),
        Err(error) => refused(&site, &visit, &actor, error).await,
    }
}

/// Where the button stood: on the case's page, or on the list.
fn back(fields: &Fields) -> String {
    match fields.text("case").parse::<casework::Reference>() {
        Ok(reference) => format!("/cases/{reference}#decision"),
        Err(_) => "/proposals".to_owned(),
    }
}

async fn refused(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    error: StoreError,
) -> Result<Response, PageError> {
    match refusal::sentence(&error) {
        Some(problem) => show(site, visit, actor, &Told::default(), Some(problem)).await,
        None => Err(error.into()),
    }
}

async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    told: &Told,
    problem: Option<&'static str>,
) -> Result<Response, PageError> {
    let open = site.hub.store.open_proposals(actor).await?;
    let on_cases = open
        .rows
        .iter()
        .filter(|open| open.proposal.change.approval() == Verb::ApproveCaseProposal);
    let proposals: Vec<Shown> = on_cases
        .map(|proposal| shown(site, visit.lang, actor, proposal, None))
        .collect();
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, "/proposals", "proposals-title", actor)
        .with_status(status)
        .with_next(["proposals-next-1", "proposals-next-2"]);
    let finished = told.finished();
    Ok(site.pages.render(
        "staff/proposals.html",
        &page,
        view! { proposals, finished, problem, more => open.more },
    ))
}
