//! The shelf: letters that did not leave, for a case handler to decide. Why each stands there is told here
//! and nowhere in a prison.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, BarScope};
use jiff::Timestamp;
use pages::Visit;
use serde::Serialize;
use uuid::Uuid;

use super::fields::Fields;
use super::{Told, ToldBy, done, frame, refusal, words};
use crate::error::HubError;
use crate::mailroom::{ComparedLetter, decide_letter, letters_waiting};
use crate::store::{BarBehind, LetterDecision, LetterVerdict};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

const PATH: &str = "/letters";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(list))
        .route("/letters/{id}/decide", post(decide))
}

#[derive(Serialize)]
struct Row {
    id: String,
    code: String,
    prison: String,
    sender: Option<String>,
    address: String,
    verdict: &'static str,
    /// Whether the envelope claims to be confidential.
    marked: bool,
    /// Whether one person may let it go: no bar now in force stops it.
    can_post: bool,
    /// The address that it agrees with, while a bar on it is in force.
    barred: Option<Barred>,
    /// How the two agree and differ, as the keys of sentences.
    reasons: Vec<String>,
    /// The reference of the case whose bar the address agrees with.
    case: Option<String>,
    at: Timestamp,
}

/// What a letter is compared with.
#[derive(Serialize)]
struct Barred {
    address: String,
    /// The only prisoner to whom the bar applies.
    prisoner: Option<String>,
}

async fn list(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, &told, None).await
}

async fn decide(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let decision = match fields.text("decision") {
        "post" => LetterDecision::Post,
        "return" => LetterDecision::Return,
        "evidence" => LetterDecision::Evidence,
        _ => return Err(PageError(HubError::NotFound)),
    };
    match decide_letter(&site.hub, &actor, id, decision).await {
        Ok(()) => Ok(done(PATH, "letter-decided")),
        Err(error) => match refusal::sentence(&error) {
            Some("staff-error-not-two-people") => {
                show(
                    &site,
                    &visit,
                    &actor,
                    &Told::default(),
                    Some("letters-error-barred"),
                )
                .await
            }
            Some(problem) => show(&site, &visit, &actor, &Told::default(), Some(problem)).await,
            None => Err(error.into()),
        },
    }
}

async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    told: &Told,
    problem: Option<&'static str>,
) -> Result<Response, PageError> {
    let waiting = letters_waiting(&site.hub, actor).await?;
    let letters: Vec<Row> = waiting.iter().map(row).collect();
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "letters-title", actor)
        .with_status(status)
        .with_next(["letters-next-1", "letters-next-2"]);
    let finished = told.finished();
    Ok(site
        .pages
        .render("staff/letters.html", &page, view! { letters, finished, problem }))
}

fn row(compared: &ComparedLetter) -> Row {
    let ComparedLetter {
        waiting,
        now,
        behind,
        reasons,
    } = compared;
    let letter = &waiting.letter;
    let reference = behind.as_ref().map(|behind| behind.reference.to_string());
    Row {
        id: waiting.id.to_string(),
        code: letter.shelf_code.clone().unwrap_or_default(),
        prison: frame::prison_name(letter.prison),
        sender: letter.sender.map(|sender| sender.to_string()),
        address: words::address(&letter.written),
        verdict: match now.verdict() {
            LetterVerdict::Stop => "stop",
            LetterVerdict::Hold => "hold",
            LetterVerdict::Pass if letter.decoy => "decoy",
            LetterVerdict::Pass => "lifted",
        },
        marked: now.is_marked(),
        can_post: now.verdict() != LetterVerdict::Stop,
        barred: behind.as_ref().filter(|_| now.bar().is_some()).map(barred),
        reasons: reasons.iter().map(|reason| key(*reason)).collect(),
        case: reference,
        at: waiting.checked_at,
    }
}

fn barred(behind: &BarBehind) -> Barred {
    Barred {
        address: words::address(&behind.written),
        prisoner: match behind.scope {
            BarScope::Estate => None,
            BarScope::Prisoner(prisoner) => Some(prisoner.to_string()),
        },
    }
}

/// The key of the sentence for a piece of evidence.
pub(super) fn key(reason: postal::Reason) -> String {
    format!("letters-why-{}", words::code(reason).replace('_', "-"))
}
