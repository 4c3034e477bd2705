//! What waits for a second person: approved by any but the proposer, withdrawn by him. Each stands on one place;
//! those about cases on the page here, for every case handler.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use casework::{Personal, ProposalId, ProposedChange, Reference, Verb};
use jiff::Timestamp;
use pages::Sentence;
use serde::Serialize;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, exemptions, frame, words};
use crate::store::{ProposalAbout, ShownProposal};
use crate::web::site::{PageError, Site};

/// What waits about cases.
struct Proposals;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Proposals::PATH, get(open::<Proposals>))
        .merge(decided_on::<Proposals>(Proposals::PATH))
}

/// The answers to all proposals that stand on one place, below `path`.
pub(super) fn decided_on<P: Place>(path: &str) -> Router<Arc<Site>> {
    Router::new()
        .route(&format!("{path}/{{id}}/approve"), post(approve::<P>))
        .route(&format!("{path}/{{id}}/withdraw"), post(withdraw::<P>))
}

async fn approve<P: Place>(desk: Desk, Path(id): Path<ProposalId>, Form(fields): Form<Fields>) -> Answer {
    let approved = desk.store().approve(&desk.actor, id).await;
    desk.answer::<P>(approved, done(&back::<P>(&fields), "approved"))
        .await
}

async fn withdraw<P: Place>(desk: Desk, Path(id): Path<ProposalId>, Form(fields): Form<Fields>) -> Answer {
    let withdrawn = desk.store().withdraw_proposal(&desk.actor, id).await;
    desk.answer::<P>(withdrawn, done(&back::<P>(&fields), "withdrawn"))
        .await
}

/// Where the button stood: on the page of a case that the form names, or on the place.
fn back<P: Place>(fields: &Fields) -> String {
    match fields.text("case").parse::<Reference>() {
        Ok(reference) => format!("/cases/{reference}#decision"),
        Err(_) => P::PATH.to_owned(),
    }
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
pub(super) fn shown(desk: &Desk, shown: &ShownProposal) -> Shown {
    let ShownProposal {
        proposal,
        proposer,
        about,
        exemption,
    } = shown;
    Shown {
        id: proposal.id.to_string(),
        what: exemption.as_ref().map_or_else(
            || what(desk, &proposal.change, about.as_ref()),
            |exemption| exemptions::in_words(desk, exemption),
        ),
        reason: proposal.reason.clone(),
        by: proposer.clone(),
        at: proposal.proposed_at,
        mine: proposal.proposed_by == desk.actor.account,
        overtaken: false,
        case: about.as_ref().map(|about| about.reference.to_string()),
    }
}

/// Those that wait for a person who may `approval`, in words, and whether there are more.
pub(super) async fn waiting(desk: &Desk, approval: Verb) -> Result<(Vec<Shown>, bool), PageError> {
    let open = desk.store().open_proposals(&desk.actor).await?;
    let ours = open
        .rows
        .iter()
        .filter(|open| open.proposal.change.approval() == approval);
    Ok((ours.map(|open| shown(desk, open)).collect(), open.more))
}

fn what(desk: &Desk, change: &ProposedChange, about: Option<&ProposalAbout>) -> String {
    let target = || {
        let target = about.and_then(|about| about.target.as_ref());
        target.map_or_else(String::new, |target| words::one_line(&words::target(target)))
    };
    let of_prison = |key, prison| Sentence::new(key).with("prison", frame::prison_name(prison));
    desk.say(match change {
        ProposedChange::LiftBar { .. } => Sentence::new("proposals-lift-bar").with("target", target()),
        ProposedChange::NarrowBar { prisoner, .. } => Sentence::new("proposals-narrow-bar")
            .with("target", target())
            .with("prisoner", prisoner.as_str()),
        ProposedChange::DeclineCase { reason, .. } => Sentence::new("proposals-decline-case")
            .with("reason", desk.say(format!("decline-{}", words::code(reason))))
            .with("bars", about.map_or(0, |about| about.bars)),
        ProposedChange::ExceptPrisoner { prison, prisoner, .. } => Sentence::new("proposals-except-prisoner")
            .with("target", target())
            .with("prisoner", prisoner.as_str())
            .with("prison", frame::prison_name(*prison)),
        ProposedChange::ExemptLetters { .. } => Sentence::new("exemptions-title"),
        ProposedChange::BarLegalNumber { .. } => {
            Sentence::new("proposals-bar-legal-number").with("target", target())
        }
        ProposedChange::ApproveNumber { .. } => {
            Sentence::new("proposals-approve-number").with("prisoner", desk.say("proposals-a-prisoner"))
        }
        ProposedChange::ImportList { seen, .. } => {
            Sentence::new("proposals-import-list").with("rows", seen.to_take)
        }
        ProposedChange::RevokeLegalEntry { .. } => {
            Sentence::new("proposals-revoke-legal-entry").with("prisoner", desk.say("proposals-a-prisoner"))
        }
        ProposedChange::AdmitGate { gate, prison } => {
            of_prison("proposals-admit-gate", *prison).with("gate", gate.as_str())
        }
        ProposedChange::RetireGate { gate, prison } => {
            of_prison("proposals-retire-gate", *prison).with("gate", gate.as_str())
        }
        ProposedChange::SwitchOnCallBarring { prison } => {
            of_prison("proposals-switch-on-call-barring", *prison)
        }
        ProposedChange::SwitchPrisonOff { prison } => of_prison("proposals-switch-prison-off", *prison),
    })
}

impl Place for Proposals {
    const PATH: &'static str = "/proposals";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let (proposals, more) = waiting(desk, Verb::ApproveCaseProposal).await?;
        let page = desk
            .page(Self::PATH, "proposals-title")
            .with_next(["proposals-next-1", "proposals-next-2"]);
        Ok(desk.render("staff/proposals.html", page, told, view! { proposals, more }))
    }
}
