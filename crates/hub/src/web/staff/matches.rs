//! Contact applications that agree with a case, for a case handler: bar the number so found, or say that it is somebody
//! else. Their prisons were told what all others were told.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use casework::Personal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::{done, frame, refusal, words};
use crate::applications::bar_match;
use crate::store::{ApplicationMatch, MatchState, StoreError};
use crate::web::site::Site;

/// What agrees with a case and waits for a handler.
struct Matches;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Matches::PATH, get(open::<Matches>))
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

async fn bar(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let barred = bar_match(&desk.site.hub, &desk.actor, id).await;
    desk.answer::<Matches>(barred, done(Matches::PATH, "barred"))
        .await
}

async fn clear(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let cleared = desk.store().clear_match(&desk.actor, id).await;
    desk.answer::<Matches>(cleared, done(Matches::PATH, "match-cleared"))
        .await
}

impl Place for Matches {
    const PATH: &'static str = "/applications";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let found = desk.store().open_matches(&desk.actor).await?;
        let matches: Vec<Shown> = found.rows.iter().map(shown).collect();
        let page = desk
            .page(Self::PATH, "matches-title")
            .with_next(["matches-next-1", "matches-next-2"]);
        let context = view! { matches, more => found.more };
        Ok(desk.render("staff/matches.html", page, told, context))
    }

    /// A match without a number that can be barred is the one thing that the store finds invalid here.
    fn refusal(error: &StoreError) -> Option<&'static str> {
        match error {
            StoreError::Invalid(_) => Some("matches-error-no-number"),
            error => refusal::sentence(error),
        }
    }
}
