//! Contact applications in a prison: filed on one form, each answered in the daily batch with all others. What this page
//! shows before and in the batch is the same whatever is barred.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, Contact, Personal, Verb, WrittenAddress};
use feed::ContactKind;
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use prison::PrisonId;
use serde::Serialize;
use uuid::Uuid;

use super::fields::Fields;
use super::{ToldBy, done, frame, refusal, words};
use crate::applications::{Asked, RowAnswer, file};
use crate::error::HubError;
use crate::store::Application;
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

const PATH: &str = "/prison/applications";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(open).post(apply))
        .route("/prison/applications/{id}/refuse", post(refuse))
}

/// One application as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    holder: String,
    name: Personal,
    numbers: Vec<Personal>,
    kind: String,
    answer: String,
    filed_at: Timestamp,
    answered_at: Option<Timestamp>,
    /// When it is answered, while it waits for that.
    due: Option<Timestamp>,
    reconsidered: bool,
}

#[derive(Default)]
struct Shown {
    typed: Fields,
    errors: FieldErrors,
    finished: Option<&'static str>,
    problem: Option<&'static str>,
}

async fn open(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    let shown = Shown {
        finished: told.finished(),
        ..Shown::default()
    };
    show(&site, &visit, &actor, shown).await
}

async fn apply(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(typed): Form<Fields>,
) -> Result<Response, PageError> {
    let mut errors = FieldErrors::new();
    if let Some(asked) = read(&typed, &mut errors) {
        match file(&site.hub, &actor, None, vec![Ok(asked)]).await?.pop() {
            Some(RowAnswer::NotHeldHere) => errors.add("holder", "staff-error-not-held-here"),
            Some(RowAnswer::TooMany) => errors.add("holder", "applications-error-too-many"),
            Some(RowAnswer::Mend(mend)) => errors.add(field_of(&mend.field), "applications-error-field"),
            Some(RowAnswer::Received(_)) | None => return Ok(done(PATH, "application-received")),
        };
    }
    let shown = Shown {
        typed,
        errors,
        ..Shown::default()
    };
    show(&site, &visit, &actor, shown).await
}

/// The form's field for that of an application.
fn field_of(field: &str) -> &'static str {
    match field {
        "first_name" => "first-name",
        "last_name" => "last-name",
        "relationship" => "relationship",
        "address.lines" => "address",
        "address.postcode" => "postcode",
        "numbers[1]" => "number-2",
        _ => "number-1",
    }
}

async fn refuse(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<Uuid>,
) -> Result<Response, PageError> {
    match site.hub.store.refuse_application(&actor, id).await {
        Ok(()) => Ok(done(PATH, "application-refused")),
        Err(error) => match refusal::sentence(&error) {
            Some(problem) => {
                let shown = Shown {
                    problem: Some(problem),
                    ..Shown::default()
                };
                show(&site, &visit, &actor, shown).await
            }
            None => Err(error.into()),
        },
    }
}

fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<Asked> {
    let holder = fields.text("holder").to_uppercase().parse().ok();
    if holder.is_none() {
        errors.add("holder", "numbers-error-holder");
    }
    let last_name = fields.given("last-name");
    if last_name.is_none() {
        errors.add("last-name", "numbers-error-name");
    }
    let date_of_birth = fields.date("born").unwrap_or_else(|_| {
        errors.add("born-day", "applications-error-born");
        None
    });
    let age = fields.text("age");
    let age_years = age.parse().ok();
    if !age.is_empty() && age_years.is_none() {
        errors.add("age", "applications-error-age");
    }
    let numbers: Vec<Personal> = ["number-1", "number-2"]
        .into_iter()
        .filter_map(|field| fields.given(field))
        .collect();
    if numbers.is_empty() {
        errors.add("number-1", "numbers-error-number");
    }
    let kind: Option<ContactKind> = fields.choice("kind", "numbers-error-kind", errors);
    let address = fields.given("address").map(|lines| WrittenAddress {
        lines,
        postcode: fields.given("postcode"),
    });
    let contact = Contact {
        first_name: fields.given("first-name").unwrap_or_default(),
        last_name: last_name?,
        date_of_birth,
        age_years,
        relationship: fields.given("relationship"),
        address,
        numbers,
    };
    let asked = Asked {
        holder: holder?,
        kind: kind?,
        contact,
    };
    errors.is_empty().then_some(asked)
}

fn own_prison(actor: &Actor) -> Result<PrisonId, PageError> {
    actor.role.prison().ok_or(PageError(HubError::NotFound))
}

async fn show(site: &Site, visit: &Visit, actor: &Actor, shown: Shown) -> Result<Response, PageError> {
    let Shown {
        typed,
        errors,
        finished,
        problem,
    } = shown;
    let found = site.hub.store.applications_of(actor, own_prison(actor)?).await?;
    let times = site.hub.applications.times;
    let rows: Vec<Row> = found.rows.iter().map(|one| row(times, one)).collect();
    let due = times.next(site.hub.seams.clock.now());
    let may_refuse = actor.role.may(Verb::ApproveNumber);
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "applications-title", actor)
        .with_status(status)
        .with_errors(errors)
        .with_next([
            "applications-next-1",
            "applications-next-2",
            "applications-next-3",
        ]);
    let context = view! { rows, more => found.more, due, may_refuse, typed, finished, problem };
    Ok(site.pages.render("staff/applications.html", &page, context))
}

fn row(times: crate::applications::AnswerTimes, one: &Application) -> Row {
    let waits = one.answer == casework::ApplicationAnswer::Received;
    Row {
        id: one.id.to_string(),
        holder: one.holder.to_string(),
        name: one.contact.name(),
        numbers: one.contact.written_numbers().cloned().collect(),
        kind: words::code(one.kind),
        answer: words::code(one.answer),
        filed_at: one.filed_at,
        answered_at: one.answered_at.filter(|_| !waits),
        due: waits.then(|| times.next(one.waiting_since)),
        reconsidered: one.reconsidered,
    }
}
