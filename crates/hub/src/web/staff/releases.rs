//! Prisoners with bars who go out: who is to be told of it. The protected person hears nothing of it from here.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::Personal;
use jiff::Timestamp;
use pages::FieldErrors;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, frame};
use crate::error::HubError;
use crate::store::{ReleaseOffice, ReleaseTask};
use crate::web::site::{Site, view};

/// What nobody has told yet.
pub(super) struct Releases;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Releases::PATH, get(open::<Releases>))
        .route("/releases/{id}/told", post(tell))
}

/// One task, as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    reference: String,
    prisoner: String,
    name: String,
    /// Where he is held after all.
    held: Option<String>,
    noticed_at: Timestamp,
    offices: [Line; 2],
}

/// An office and who was told there.
#[derive(Serialize)]
struct Line {
    office: &'static str,
    told: Option<Personal>,
}

/// Records who was told.
async fn tell(desk: Desk, Path(id): Path<Uuid>, Form(typed): Form<Fields>) -> Answer {
    let office = ReleaseOffice::parse(typed.text("office")).ok_or(HubError::NotFound)?;
    let mut errors = FieldErrors::new();
    let field = format!("{}-{id}", office.as_str());
    let Some(who) = typed.words("who", &field, "releases-error-who", &mut errors) else {
        return Releases::show(&desk, Told::mend(typed, errors)).await;
    };
    let told = desk.store().tell_of_release(&desk.actor, id, office, &who).await;
    desk.answer::<Releases>(told, done(Releases::PATH, "release-told"))
        .await
}

fn row(desk: &Desk, task: &ReleaseTask) -> Row {
    let record = desk.site.hub.custody.prisoner(task.prisoner);
    let record = record.as_ref();
    let name = record.map(|record| format!("{} {}", record.first_name, record.last_name));
    let held = record.and_then(|record| record.prison_id);
    let line = |office: ReleaseOffice, told: &Option<Personal>| Line {
        office: office.as_str(),
        told: told.clone(),
    };
    Row {
        id: task.id.to_string(),
        reference: task.reference.to_string(),
        prisoner: task.prisoner.to_string(),
        name: name.unwrap_or_default(),
        held: held
            .filter(prison::PrisonId::is_establishment)
            .map(frame::prison_name),
        noticed_at: task.noticed_at,
        offices: [
            line(ReleaseOffice::VictimLiaison, &task.victim_liaison),
            line(ReleaseOffice::Police, &task.police),
        ],
    }
}

impl Place for Releases {
    const PATH: &'static str = "/releases";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let open = desk.store().open_releases(&desk.actor).await?;
        let tasks: Vec<Row> = open.rows.iter().map(|task| row(desk, task)).collect();
        let page = desk
            .page(Self::PATH, "releases-title")
            .with_next(["releases-next-1", "releases-next-2"]);
        Ok(desk.render(
            "staff/releases.html",
            page,
            told,
            view! { tasks, more => open.more },
        ))
    }
}
