//! The shelf: letters that did not leave, for a case handler to decide. Why each stands there is told here
//! and nowhere in a prison.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use casework::BarScope;
use jiff::Timestamp;
use pages::FieldErrors;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, frame, refusal, ruling, words};
use crate::mailroom::{ComparedLetter, decide_letter, letters_waiting};
use crate::store::{BarBehind, LetterVerdict, Refusal, StoreError};
use crate::web::site::Site;

/// The shelf of all mailrooms.
struct Shelf;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Shelf::PATH, get(open::<Shelf>))
        .route("/letters/{id}/decide", post(decide))
        .route("/letters/{id}/picture", get(picture))
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
    /// By when it is to be decided, and whether that is past.
    due: Timestamp,
    late: bool,
    /// What kind of mail it is.
    kind: String,
    pictured: bool,
}

/// What a letter is compared with.
#[derive(Serialize)]
struct Barred {
    address: String,
    /// The only prisoner to whom the bar applies.
    prisoner: Option<String>,
}

async fn decide(desk: Desk, Path(id): Path<Uuid>, Form(fields): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let Some(ruling) = ruling::read(&fields, id, &mut errors)? else {
        return Shelf::show(&desk, Told::mend(fields, errors)).await;
    };
    let decided = decide_letter(&desk.site.hub, &desk.actor, id, &ruling).await;
    desk.answer::<Shelf>(decided, done(Shelf::PATH, "letter-decided"))
        .await
}

/// The picture of an envelope.
async fn picture(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let picture = desk.store().letter_picture(&desk.actor, id).await?;
    let kind = [(CONTENT_TYPE, picture.format.media_type())];
    Ok((kind, picture.bytes.clone()).into_response())
}

impl Place for Shelf {
    const PATH: &'static str = "/letters";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let waiting = letters_waiting(&desk.site.hub, &desk.actor).await?;
        let now = desk.site.hub.seams.clock.now();
        let letters: Vec<Row> = waiting.iter().map(|letter| row(letter, now)).collect();
        let late = letters.iter().filter(|letter| letter.late).count();
        let page = desk
            .page(Self::PATH, "letters-title")
            .with_next(["letters-next-1", "letters-next-2"]);
        Ok(desk.render("staff/letters.html", page, told, view! { letters, late }))
    }

    /// Nobody posts a letter to a barred address: the bar is lifted first, which takes two.
    fn refusal(error: &StoreError) -> Option<&'static str> {
        match refusal::sentence(error) {
            Some("staff-error-not-two-people") => Some("letters-error-barred"),
            None if *error == StoreError::Refused(Refusal::NeedsAuthority) => Some("letters-error-authority"),
            sentence => sentence,
        }
    }
}

fn row(compared: &ComparedLetter, now_is: Timestamp) -> Row {
    let ComparedLetter {
        waiting,
        now,
        behind,
        reasons,
        named,
        due,
    } = compared;
    let letter = &waiting.letter;
    let reference = behind.as_ref().map(|behind| &behind.reference).or(named.as_ref());
    let reference = reference.map(ToString::to_string);
    Row {
        id: waiting.id.to_string(),
        code: letter.shelf_code.clone().unwrap_or_default(),
        prison: frame::prison_name(letter.prison),
        sender: letter.sender.map(|sender| sender.to_string()),
        address: words::address(&letter.written),
        verdict: match now.verdict() {
            LetterVerdict::Stop => "stop",
            LetterVerdict::Hold => "hold",
            LetterVerdict::Pass if named.is_some() => "named",
            LetterVerdict::Pass if letter.decoy => "decoy",
            LetterVerdict::Pass => "lifted",
        },
        marked: letter.finding.is_marked(),
        can_post: now.verdict() != LetterVerdict::Stop,
        barred: behind.as_ref().filter(|_| now.bar().is_some()).map(barred),
        reasons: reasons.iter().map(|reason| key(*reason)).collect(),
        case: reference,
        at: waiting.checked_at,
        due: *due,
        late: *due <= now_is,
        kind: words::code(letter.kind),
        pictured: waiting.pictured,
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
