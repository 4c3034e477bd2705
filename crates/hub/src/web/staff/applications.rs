//! Contact applications in a prison: filed on one form, each answered in the daily batch with all others. What this page
//! shows before and in the batch is the same whatever is barred.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use casework::{Contact, Personal, Verb};
use feed::ContactKind;
use jiff::Timestamp;
use pages::FieldErrors;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, words};
use crate::applications::{Asked, RowAnswer, file};
use crate::store::Application;
use crate::web::site::Site;

/// The contact applications of one prison.
struct Applications;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Applications::PATH, get(open::<Applications>).post(apply))
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

async fn apply(desk: Desk, Form(typed): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    if let Some(asked) = read(&typed, &mut errors) {
        match file(&desk.site.hub, &desk.actor, None, vec![Ok(asked)])
            .await?
            .pop()
        {
            Some(RowAnswer::NotHeldHere) => errors.add("holder", "staff-error-not-held-here"),
            Some(RowAnswer::TooMany) => errors.add("holder", "applications-error-too-many"),
            Some(RowAnswer::Mend(mend)) => errors.add(field_of(&mend.field), "applications-error-field"),
            Some(RowAnswer::Received(_)) | None => {
                return Ok(done(Applications::PATH, "application-received"));
            }
        };
    }
    Applications::show(&desk, Told::mend(typed, errors)).await
}

async fn refuse(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let refused = desk.store().refuse_application(&desk.actor, id).await;
    let answered = done(Applications::PATH, "application-refused");
    desk.answer::<Applications>(refused, answered).await
}

impl Place for Applications {
    const PATH: &'static str = "/prison/applications";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let found = desk.store().applications_of(&desk.actor, desk.prison()?).await?;
        let times = desk.site.hub.applications.times;
        let rows: Vec<Row> = found.rows.iter().map(|one| row(times, one)).collect();
        let due = times.next(desk.site.hub.seams.clock.now());
        let may_refuse = desk.actor.role.may(Verb::ApproveNumber);
        let page = desk.page(Self::PATH, "applications-title").with_next([
            "applications-next-1",
            "applications-next-2",
            "applications-next-3",
        ]);
        let context = view! { rows, more => found.more, due, may_refuse };
        Ok(desk.render("staff/applications.html", page, told, context))
    }
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

/// What the form asks for; what is to be mended is told beside its field.
fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<Asked> {
    let holder = fields.text("holder").to_uppercase().parse().ok();
    if holder.is_none() {
        errors.add("holder", "numbers-error-holder");
    }
    let contact = read_contact(fields, errors);
    let kind: Option<ContactKind> = fields.choice("kind", "numbers-error-kind", errors);
    let asked = Asked {
        holder: holder?,
        kind: kind?,
        contact: contact?,
    };
    errors.is_empty().then_some(asked)
}

fn read_contact(fields: &Fields, errors: &mut FieldErrors) -> Option<Contact> {
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
    Some(Contact {
        first_name: fields.given("first-name").unwrap_or_default(),
        last_name: last_name?,
        date_of_birth,
        age_years,
        relationship: fields.given("relationship"),
        address: fields.address(),
        numbers,
    })
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
