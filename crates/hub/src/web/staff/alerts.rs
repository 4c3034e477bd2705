//! Alerts: who tried a barred number, on a page of all that nobody has seen and on the page of each case. For case
//! handlers alone; nobody in a prison is told.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, Personal, Reference};
use jiff::Timestamp;
use pages::Visit;
use serde::Serialize;

use super::fields::Fields;
use super::{Told, ToldBy, done, frame, refusal, words};
use crate::alerts::{Sign, Signs};
use crate::error::HubError;
use crate::store::{AlertId, ShownAlert};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

const PATH: &str = "/alerts";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(list))
        .route("/cases/{reference}/alert-seen", post(seen))
}

/// One alert on one case.
#[derive(Serialize)]
pub(super) struct Row {
    id: String,
    case: String,
    prison: String,
    caller: Personal,
    official: Option<Personal>,
    generic: bool,
    number: Personal,
    first: Timestamp,
    last: Timestamp,
    refused: u64,
    allowed: u64,
    signs: Vec<String>,
    /// What the form sends back: the signs that are shown.
    shown: i64,
    strong: bool,
    open: bool,
    label: Option<Personal>,
}

/// An alert as a page shows it.
pub(super) fn row(alert: &ShownAlert) -> Row {
    let caller = alert.caller.expose();
    let number = phone::PhoneNumber::parse_canonical(alert.number.expose()).ok();
    let strong = [Sign::Canary, Sign::WentThrough, Sign::NewNumber];
    Row {
        id: alert.alert.to_string(),
        case: alert.reference.to_string(),
        prison: frame::prison_name(alert.prison),
        official: caller.strip_prefix("official-").map(Into::into),
        generic: caller == "generic",
        caller: alert.caller.clone(),
        number: number.map_or_else(
            || alert.number.clone(),
            |number| words::written(&number).as_str().into(),
        ),
        first: alert.tried.0,
        last: alert.tried.1,
        refused: alert.times.0,
        allowed: alert.times.1,
        signs: alert.signs.each().map(words::code).collect(),
        shown: alert.signs.bits(),
        strong: strong.into_iter().any(|sign| alert.signs.has(sign)),
        open: alert.is_open(),
        label: alert.label.clone(),
    }
}

async fn list(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    show(&site, &visit, &actor, &told, None).await
}

/// A handler has seen what the page showed him; what came since stays open.
async fn seen(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let store = &site.hub.store;
    let reference: Reference = named.parse().map_err(|_| HubError::NotFound)?;
    let case = store
        .case_of(&actor, &reference)
        .await?
        .ok_or(HubError::NotFound)?;
    let alert: AlertId = fields.text("alert").parse().map_err(|_| HubError::NotFound)?;
    let shown: i64 = fields.text("shown").parse().map_err(|_| HubError::NotFound)?;
    match store
        .mark_alert_seen(&actor, case, alert, Signs::of_bits(shown))
        .await
    {
        Ok(()) if fields.text("from") == "case" => {
            Ok(done(&format!("/cases/{reference}#alerts"), "alert-seen"))
        }
        Ok(()) => Ok(done(PATH, "alert-seen")),
        Err(error) => match refusal::sentence(&error) {
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
    let open = site.hub.store.open_alerts(actor).await?;
    let alerts: Vec<Row> = open.rows.iter().map(row).collect();
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "alerts-title", actor)
        .with_status(status)
        .with_next(["alerts-next-1", "alerts-next-2"]);
    let context = view! {
        alerts, more => open.more, finished => told.finished(), problem, from => "alerts",
        now => site.hub.seams.clock.now(),
    };
    Ok(site.pages.render("staff/alerts.html", &page, context))
}
