//! Exemptions of letters: the register for confidential mail, and close relatives whom cases name. What is proposed here
//! is agreed to among all other proposals.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use casework::{CaseId, Personal, Reference};
use pages::{FieldErrors, Sentence};
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, words};
use crate::mailroom::read_address;
use crate::store::{Exemption, ExemptionState, PrivilegedOffice, ShownExemption};
use crate::web::site::{PageError, Site};

/// All exemptions.
struct Exemptions;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Exemptions::PATH, get(open::<Exemptions>))
        .route("/letters/exemptions/register", post(register))
        .route("/letters/exemptions/relative", post(relative))
        .route("/letters/exemptions/{id}/end", post(end))
}

/// One exemption as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    what: String,
    name: Personal,
    office: Option<String>,
    relationship: Option<Personal>,
    standing: bool,
}

async fn register(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let office = typed.choice::<PrivilegedOffice>("office", "exemptions-error-office", &mut errors);
    let name = typed.words("name", "name", "exemptions-error-name", &mut errors);
    let written = typed.address().filter(|written| read_address(written).is_ok());
    if written.is_none() {
        errors.add("address", "exemptions-error-address");
    }
    let exemption = match (office, name, written) {
        (Some(office), Some(name), Some(written)) => Some(Exemption::Registered {
            office,
            name,
            written,
        }),
        _ => None,
    };
    propose(&desk, exemption, typed, "reason-register", errors).await
}

async fn relative(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let case = case(&desk, &typed, &mut errors).await?;
    let prisoner = typed.text("prisoner").to_uppercase().parse().ok();
    if prisoner.is_none() {
        errors.add("prisoner", "numbers-error-holder");
    }
    let name = typed.words("relative", "relative", "exemptions-error-name", &mut errors);
    let full = name
        .as_ref()
        .is_none_or(|name| name.expose().split_whitespace().count() > 1);
    if !full {
        errors.add("relative", "exemptions-error-full-name");
    }
    let missing = "exemptions-error-relationship";
    let relationship = typed.words("relationship", "relationship", missing, &mut errors);
    let exemption = match (case, prisoner, name, relationship) {
        (Some(case), Some(prisoner), Some(name), Some(relationship)) => Some(Exemption::Relative {
            case,
            prisoner,
            name,
            relationship,
        }),
        _ => None,
    };
    propose(&desk, exemption, typed, "reason-relative", errors).await
}

/// The case of the reference that was typed.
async fn case(desk: &Desk, typed: &Fields, errors: &mut FieldErrors) -> Result<Option<CaseId>, PageError> {
    let missing = "exemptions-error-case";
    let Some(reference) = typed.parsed::<Reference>("case", missing, errors) else {
        return Ok(None);
    };
    let case = desk.store().case_of(&desk.actor, &reference).await?;
    if case.is_none() {
        errors.add("case", missing);
    }
    Ok(case)
}

async fn propose(
    desk: &Desk,
    exemption: Option<Exemption>,
    typed: Fields,
    field: &'static str,
    mut errors: FieldErrors,
) -> Answer {
    let reason = typed.words(field, field, "exemptions-error-reason", &mut errors);
    let (Some(exemption), Some(reason), true) = (exemption, reason, errors.is_empty()) else {
        return Exemptions::show(desk, Told::mend(typed, errors)).await;
    };
    let proposed = desk
        .store()
        .propose_exemption(&desk.actor, &exemption, reason.expose())
        .await;
    desk.answer::<Exemptions>(proposed.map(drop), done(Exemptions::PATH, "proposed"))
        .await
}

async fn end(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let ended = desk.store().end_exemption(&desk.actor, id).await;
    desk.answer::<Exemptions>(ended, done(Exemptions::PATH, "exemption-ended"))
        .await
}

/// What is exempt, in words: who agrees reads here what he agrees to.
pub(super) fn in_words(desk: &Desk, exemption: &Exemption) -> String {
    desk.say(match exemption {
        Exemption::Registered { name, written, .. } => Sentence::new("exemptions-registered")
            .with("name", name.expose())
            .with("address", words::one_line(&words::address(written))),
        Exemption::Relative { prisoner, name, .. } => Sentence::new("exemptions-relative")
            .with("prisoner", prisoner.as_str())
            .with("name", name.expose()),
    })
}

impl Place for Exemptions {
    const PATH: &'static str = "/letters/exemptions";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let shown = desk.store().letter_exemptions(&desk.actor).await?;
        let exemptions: Vec<Row> = shown.iter().map(|one| row(desk, one)).collect();
        let page = desk
            .page("/letters", "exemptions-title")
            .with_next(["exemptions-next-1", "exemptions-next-2"]);
        Ok(desk.render("staff/exemptions.html", page, told, view! { exemptions }))
    }
}

fn row(desk: &Desk, shown: &ShownExemption) -> Row {
    let (name, office, relationship) = match &shown.exemption {
        Exemption::Registered { name, office, .. } => (name, Some(words::code(*office)), None),
        Exemption::Relative {
            name, relationship, ..
        } => (name, None, Some(relationship.clone())),
    };
    Row {
        id: shown.id.to_string(),
        what: in_words(desk, &shown.exemption),
        name: name.clone(),
        office,
        relationship,
        standing: shown.state == ExemptionState::Standing,
    }
}
