//! A prison's approved numbers: what may go on a list waits here for security; one person takes a number off, two a
//! lawyer's. A barred number is approved like any other, and rings for nobody.

mod list;

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::routing::{get, post};
use casework::{Personal, ProposedChange, Verb};
use jiff::Timestamp;
use serde::Serialize;

use super::desk::{Answer, Desk, Place, Told, open};
use super::proposals::decided_on;
use super::words;
use crate::store::{ApprovedEntry, Bounded, ShownProposal};
use crate::web::site::{PageError, Site};

/// The approved numbers of one prison.
struct Numbers;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Numbers::PATH, get(open::<Numbers>))
        .route("/prison/numbers/list", post(list::look_up))
        .route("/prison/numbers/revoke", post(list::revoke))
        .merge(decided_on::<Numbers>(Numbers::PATH))
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

impl Place for Numbers {
    const PATH: &'static str = "/prison/numbers";
    const SAY_WHY: &'static str = "numbers-error-reason";

    async fn show(desk: &Desk, mut told: Told) -> Answer {
        let list = list::asked_for(desk, &mut told).await?;
        let (waiting, more) = waiting(desk).await?;
        let may_approve = desk.actor.role.may(Verb::ApproveNumber);
        let page = desk
            .page(Self::PATH, "numbers-title")
            .with_next(["numbers-next-1", "numbers-next-2"]);
        let context = view! { waiting, more, may_approve, list };
        Ok(desk.render("staff/numbers.html", page, told, context))
    }
}

/// The oldest of what waits, and whether there is more.
async fn waiting(desk: &Desk) -> Result<(Vec<Waiting>, bool), PageError> {
    let mut shown = Vec::new();
    let Bounded { rows, more } = desk.store().open_proposals(&desk.actor).await?;
    for open in rows {
        let (entry, comes_off) = match open.proposal.change {
            ProposedChange::ApproveNumber { application, .. } => (application, false),
            ProposedChange::RevokeLegalEntry { entry, .. } => (entry, true),
            _ => continue,
        };
        let entry = desk.store().application(&desk.actor, entry).await?;
        shown.push(row(desk, &open, &entry, comes_off));
    }
    Ok((shown, more))
}

fn row(desk: &Desk, open: &ShownProposal, entry: &ApprovedEntry, comes_off: bool) -> Waiting {
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
        mine: open.proposal.proposed_by == desk.actor.account,
    }
}
