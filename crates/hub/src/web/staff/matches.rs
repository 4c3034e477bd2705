//! Contact applications that agree with a case, for a case handler: bar the number so found, or say that it is somebody
//! else. Their prisons were told what all others were told.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, Personal};
use jiff::Timestamp;
use pages::Visit;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ToldBy, done, frame, refusal, words};
use crate::applications::bar_match;
use crate::store::{ApplicationMatch, MatchState, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

const PATH: &str = "/applications";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(open))
        .route("/applications/{id}/bar", post(bar))
        .route("/applications/{id}/clear", post(clear))
}

/// One match as a page shows it.
#[derive(Serialize)]
pub(super) struct Shown {
    id: String,
    reference: String,
    kind: &'static str,
    contact_kind: String,
    state: &'static str,
    name: Personal,
    born: Option<jiff::civil::Date>,
    age: Option<u8>,
    relationship: Option<Personal>,
    address: Option<String>,
    numbers: Vec<Personal>,
    holder: String,
    prison: String,
    found_at: Timestamp,
    evidence: Evidence,
    /// Whether one person may say that it is somebody else: not where a bar names the number.
    can_clear: bool,
}

/// The evidence as it was kept.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Evidence {
    person: Option<Personal>,
    own: bool,
    related: bool,
    sure: bool,
    evidence: Vec<Piece>,
    /// Codes of what agrees and what does not.
    reasons: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Piece {
    field: offender::Field,
    level: offender::Level,
    #[serde(default)]
    recorded: Option<Personal>,
}

pub(super) fn shown(found: &ApplicationMatch) -> Shown {
    let contact = &found.application.contact;
    let mut evidence: Evidence = serde_json::from_str(found.evidence.expose()).unwrap_or_default();
    let key = |code: &String| format!("letters-why-{}", code.replace('_', "-"));
    evidence.reasons = evidence.reasons.iter().map(key).collect();
    Shown {
        id: found.id.to_string(),
        reference: found.reference.to_string(),
        kind: found.kind.as_str(),
        contact_kind: words::code(found.application.kind),
        state: match found.state {
            MatchState::Open => "open",
            MatchState::Noted => "noted",
            MatchState::Cleared => "cleared",
            MatchState::Barred => "barred",
        },
        name: contact.name(),
        born: contact.date_of_birth,
        age: contact.age_years,
        relationship: contact.relationship.clone(),
        address: contact.address.as_ref().map(words::address),
        numbers: contact.written_numbers().cloned().collect(),
        holder: found.application.holder.to_string(),
        prison: frame::prison_name(found.application.prison),
        found_at: found.found_at,
        evidence,
        can_clear: found.kind != crate::store::MatchKind::Number,
    }
}

async fn open(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, (told.finished(), None)).await
}

async fn bar(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<Uuid>,
) -> Result<Response, PageError> {
    let barred = bar_match(&site.hub, &actor, id).await;
    answer(&site, &visit, &actor, barred, "barred").await
}

async fn clear(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<Uuid>,
) -> Result<Response, PageError> {
    let cleared = site.hub.store.clear_match(&actor, id).await;
    answer(&site, &visit, &actor, cleared, "match-cleared").await
}

async fn answer(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    outcome: Result<(), StoreError>,
    code: &'static str,
) -> Result<Response, PageError> {
    let problem = match outcome {
        Ok(()) => return Ok(done(PATH, code)),
        Err(StoreError::Invalid(_)) => "matches-error-no-number",
        Err(error) => match refusal::sentence(&error) {
            Some(problem) => problem,
            None => return Err(error.into()),
        },
    };
    show(site, visit, actor, (None, Some(problem))).await
}

async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    (finished, problem): (Option<&'static str>, Option<&'static str>),
) -> Result<Response, PageError> {
    let found = site.hub.store.open_matches(actor).await?;
    let matches: Vec<Shown> = found.rows.iter().map(shown).collect();
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "matches-title", actor)
        .with_status(status)
        .with_next(["matches-next-1", "matches-next-2"]);
    let context = view! { matches, more => found.more, finished, problem };
    Ok(site.pages.render("staff/matches.html", &page, context))
}
