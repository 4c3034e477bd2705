//! No-contact alerts on prisoners' own records: a handler decides of each whether the prison service is asked for it, notes
//! one that was raised by hand, and looks again once nothing about him is barred any more.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Form, Router};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{done, frame};
use crate::custody::RaiseAlerts;
use crate::error::HubError;
use crate::store::{AlertDecision, AlertRequest};
use crate::web::site::{Site, view};

/// What somebody is still to do.
pub(super) struct RecordAlerts;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(RecordAlerts::PATH, get(open::<RecordAlerts>))
        .route("/record-alerts/{id}", post(decide))
}

/// One request, as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    prisoner: String,
    name: String,
    held: Option<String>,
    state: &'static str,
    noticed_at: Timestamp,
    cases: Vec<String>,
}

async fn decide(desk: Desk, Path(id): Path<Uuid>, Form(typed): Form<Fields>) -> Answer {
    let decision = AlertDecision::parse(typed.text("decision")).ok_or(HubError::NotFound)?;
    let decided = desk.store().decide_alert_request(&desk.actor, id, decision).await;
    let answer = match decision {
        AlertDecision::Ask => "record-alert-ask",
        AlertDecision::Raised => "record-alert-raised",
        AlertDecision::NotNeeded => "record-alert-not-needed",
        AlertDecision::Reviewed => "record-alert-reviewed",
    };
    desk.answer::<RecordAlerts>(decided, done(RecordAlerts::PATH, answer))
        .await
}

fn row(desk: &Desk, request: &AlertRequest) -> Row {
    let record = desk.site.hub.custody.prisoner(request.prisoner);
    let record = record.as_ref();
    let name = record.map(|record| format!("{} {}", record.first_name, record.last_name));
    let held = record.and_then(|record| record.prison_id);
    Row {
        id: request.id.to_string(),
        prisoner: request.prisoner.to_string(),
        name: name.unwrap_or_default(),
        held: held
            .filter(prison::PrisonId::is_establishment)
            .map(frame::prison_name),
        state: request.state.as_str(),
        noticed_at: request.noticed_at,
        cases: request.cases.iter().map(ToString::to_string).collect(),
    }
}

impl Place for RecordAlerts {
    const PATH: &'static str = "/record-alerts";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let policy = desk.site.hub.raise_alerts;
        desk.store().note_alert_requests(policy).await?;
        let open = desk.store().alert_requests(&desk.actor).await?;
        let requests: Vec<Row> = open.rows.iter().map(|request| row(desk, request)).collect();
        let page = desk
            .page(Self::PATH, "record-alerts-page-title")
            .with_next(["record-alerts-next-1", "record-alerts-next-2"]);
        let off = policy == RaiseAlerts::Off;
        let context = view! { requests, more => open.more, off };
        Ok(desk.render("staff/record_alerts.html", page, told, context))
    }
}
