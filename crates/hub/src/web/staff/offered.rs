//! Addresses that prisoners offer for release or leave: the page on which whoever approves them asks, and the page of
//! those on which a case handler has to look.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::{OfferedFor, Reference, WrittenAddress};
use jiff::Timestamp;
use pages::FieldErrors;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, words};
use crate::error::HubError;
use crate::mailroom::{Offer, OfferAnswered, due, offer_address, offered_answer, settle_offered_address};
use crate::store::{LetterVerdict, OfferedDone, OfferedTask};
use crate::web::site::{Site, view};

/// What nobody has said yet what was done about.
pub(super) struct Offered;

/// Where the page stands on which somebody asks.
const ASK: &str = "/offer-address";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Offered::PATH, get(open::<Offered>))
        .route("/offered-addresses/{id}/done", post(settle))
        .route(ASK, get(begin).post(ask))
        .route("/offer-address/answer", post(read_answer))
}

/// One task, as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    reference: String,
    case: Option<String>,
    prisoner: String,
    name: String,
    offered_for: &'static str,
    address: String,
    asked_by: String,
    asked_at: Timestamp,
    due: Timestamp,
    found: &'static str,
}

fn row(desk: &Desk, task: &OfferedTask) -> Row {
    let offered = &task.offered;
    let record = desk.site.hub.custody.prisoner(offered.prisoner);
    let name = record.map(|record| format!("{} {}", record.first_name, record.last_name));
    Row {
        id: offered.id.to_string(),
        reference: offered.receipt.reference.to_string(),
        case: task.case.as_ref().map(ToString::to_string),
        prisoner: offered.prisoner.to_string(),
        name: name.unwrap_or_default(),
        offered_for: offered.offered_for.as_str(),
        address: words::address(&offered.written),
        asked_by: task.asked_by.clone(),
        asked_at: offered.receipt.asked_at,
        due: due(offered.receipt.asked_at),
        found: match offered.finding.verdict() {
            LetterVerdict::Stop => "stop",
            LetterVerdict::Hold => "hold",
            LetterVerdict::Pass => "lot",
        },
    }
}

/// Says what was done.
async fn settle(desk: Desk, Path(id): Path<Uuid>, Form(typed): Form<Fields>) -> Answer {
    let deed = OfferedDone::parse(typed.text("done")).ok_or(HubError::NotFound)?;
    let mut errors = FieldErrors::new();
    let field = format!("said-{id}");
    let Some(said) = typed.words("said", &field, "offered-error-said", &mut errors) else {
        return Offered::show(&desk, Told::mend(typed, errors)).await;
    };
    let settled = settle_offered_address(&desk.site.hub, &desk.actor, id, (deed, &said)).await;
    desk.answer::<Offered>(settled, done(Offered::PATH, "offered-settled"))
        .await
}

impl Place for Offered {
    const PATH: &'static str = "/offered-addresses";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let open = desk.store().open_offered_addresses(&desk.actor).await?;
        let tasks: Vec<Row> = open.rows.iter().map(|task| row(desk, task)).collect();
        let page = desk
            .page(Self::PATH, "offered-title")
            .with_next(["offered-next-1", "offered-next-2"]);
        let context = view! { tasks, more => open.more };
        Ok(desk.render("staff/offered.html", page, told, context))
    }
}

async fn begin(desk: Desk) -> Answer {
    show(&desk, Told::default(), None)
}

async fn ask(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let Some(offer) = read(&typed, &mut errors) else {
        return show(&desk, Told::mend(typed, errors), None);
    };
    match offer_address(&desk.site.hub, &desk.actor, None, &offer).await {
        Ok(answered) => show(&desk, Told::default(), Some(answered)),
        Err(HubError::Invalid { field, .. }) => {
            let sentence = match field.as_str() {
                "prison_number" => "staff-error-not-on-record",
                _ => "offer-error-address",
            };
            errors.add(field.replace('_', "-"), sentence);
            show(&desk, Told::mend(typed, errors), None)
        }
        Err(HubError::TooMany) => {
            errors.add("address", "offer-error-cap");
            show(&desk, Told::mend(typed, errors), None)
        }
        Err(error) => Err(error.into()),
    }
}

fn read(typed: &Fields, errors: &mut FieldErrors) -> Option<Offer> {
    let prisoner = typed.parsed("prison-number", "offer-error-number", errors);
    let offered_for: Option<OfferedFor> = typed.choice("offered-for", "offer-error-for", errors);
    let written: Option<WrittenAddress> = typed.address();
    if written.is_none() {
        errors.add("address", "offer-error-address");
    }
    Some(Offer {
        prisoner: prisoner?,
        offered_for: offered_for?,
        written: written?,
    })
}

/// What the service answers to one that was asked before.
async fn read_answer(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let reference: Option<Reference> = typed.parsed("reference", "queue-error-reference", &mut errors);
    let Some(reference) = reference else {
        return show(&desk, Told::mend(typed, errors), None);
    };
    match offered_answer(&desk.site.hub, &desk.actor, &reference).await {
        Ok(answered) => show(&desk, Told::default(), Some(answered)),
        Err(HubError::NotFound) => {
            errors.add("reference", "offer-error-reference");
            show(&desk, Told::mend(typed, errors), None)
        }
        Err(error) => Err(error.into()),
    }
}

fn show(desk: &Desk, told: Told, answered: Option<OfferAnswered>) -> Answer {
    let page = desk
        .page(ASK, "offer-title")
        .with_next(["offer-next-1", "offer-next-2"]);
    let context = view! {
        answer => answered.as_ref().map(|answered| words::code(answered.answer)),
        reference => answered.as_ref().map(|answered| answered.reference.to_string()),
        from => answered.as_ref().map(|answered| answered.answered_from),
        kinds => OfferedFor::ALL.map(OfferedFor::as_str),
    };
    Ok(desk.render("staff/offer_address.html", page, told, context))
}
