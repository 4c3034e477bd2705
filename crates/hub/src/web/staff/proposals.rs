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
use crate::store::{ProposalAbout, ShownProposal, StoreError};
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
    id: String,
    what: String,
    reason: Personal,
    by: String,
    at: Timestamp,
    /// Whether the reader proposed it and so cannot approve it.
    mine: bool,
    /// Whether the case is no longer what the proposer saw; known where the case stands beside it.
    pub(super) overtaken: bool,
    /// The reference of its case.
    case: Option<String>,
}

/// A proposal in words: who agrees reads here what he agrees to.
pub(super) fn shown(site: &Site, lang: Lang, actor: &Actor, shown: &ShownProposal) -> Shown {
    let ShownProposal {
        proposal,
        proposer,
        about,
    } = shown;
    Shown {
        id: proposal.id.to_string(),
        what: what(site, lang, &proposal.change, about.as_ref()),
        reason: proposal.reason.clone(),
        by: proposer.clone(),
        at: proposal.proposed_at,
        mine: proposal.proposed_by == actor.account,
        overtaken: false,
        case: about.as_ref().map(|about| about.reference.to_string()),
    }
}

fn what(site: &Site, lang: Lang, change: &ProposedChange, about: Option<&ProposalAbout>) -> String {
    let say = |sentence: &Sentence| site.pages.say(lang, sentence).unwrap_or_default();
    let target = || {
        let target = about.and_then(|about| about.target.as_ref());
        target.map_or_else(String::new, |target| words::one_line(&words::target(target)))
    };
    let sentence = match change {
        ProposedChange::LiftBar { .. } => Sentence::new("proposals-lift-bar").with("target", target()),
        ProposedChange::NarrowBar { prisoner, .. } => Sentence::new("proposals-narrow-bar")
            .with("target", target())
            .with("prisoner", prisoner.as_str()),
        ProposedChange::DeclineCase { reason, .. } => {
            let reason = say(&format!("decline-{}", words::code(reason)).into());
            let bars = about.map_or(0, |about| i64::try_from(about.bars).unwrap_or(i64::MAX));
            Sentence::new("proposals-decline-case")
                .with("reason", reason)
                .with("bars", bars)
        }
        ProposedChange::ExceptPrisoner { prison, prisoner, .. } => Sentence::new("proposals-except-prisoner")
            .with("target", target())
            .with("prisoner", prisoner.as_str())
            .with("prison", frame::prison_name(*prison)),
        ProposedChange::BarLegalNumber { .. } => {
            Sentence::new("proposals-bar-legal-number").with("target", target())
        }
        ProposedChange::ApproveNumber { .. } => {
            Sentence::new("proposals-approve-number").with("prisoner", say(&"proposals-a-prisoner".into()))
        }
        ProposedChange::ImportList { seen, .. } => Sentence::new("proposals-import-list")
            .with("rows", i64::try_from(seen.to_take).unwrap_or(i64::MAX)),
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
        .map(|proposal| shown(site, visit.lang, actor, proposal))
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
