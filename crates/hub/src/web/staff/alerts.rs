//! Alerts: who tried a barred number, on a page of all that nobody has seen and on the page of each case. For case
//! handlers alone; nobody in a prison is told.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::routing::get;
use casework::Personal;
use jiff::Timestamp;
use serde::Serialize;

use super::desk::{Answer, Desk, Place, Told, open};
use super::{frame, words};
use crate::alerts::Sign;
use crate::store::ShownAlert;
use crate::web::site::Site;

/// What nobody has seen yet.
pub(super) struct Alerts;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route(Alerts::PATH, get(open::<Alerts>))
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
    /// Whose page checked it, if it was a letter.
    checked_by: Option<String>,
    /// For what he offers the address, if that is what he did.
    offered: Option<&'static str>,
    unknown: bool,
    /// Nobody tried anything: somebody came into prison.
    arrived: bool,
}

/// An alert as a page shows it.
pub(super) fn row(alert: &ShownAlert) -> Row {
    let caller = alert.caller.expose();
    let number = phone::PhoneNumber::parse_canonical(alert.number.expose()).ok();
    let letter = alert.letter.as_ref();
    let strong = [
        Sign::Canary,
        Sign::WentThrough,
        Sign::Arrived,
        Sign::Offered,
        Sign::NewNumber,
    ];
    Row {
        id: alert.alert.to_string(),
        case: alert.reference.to_string(),
        prison: frame::prison_name(alert.prison),
        official: caller.strip_prefix("official-").map(Into::into),
        generic: caller == "generic",
        caller: alert.caller.clone(),
        unknown: caller == "unknown",
        arrived: alert.signs.has(Sign::Arrived),
        number: match (letter, number) {
            (Some(letter), _) => words::address(&letter.written)
                .replace('\n', ", ")
                .as_str()
                .into(),
            (None, Some(number)) => words::written(&number).as_str().into(),
            (None, None) => alert.number.clone(),
        },
        offered: letter
            .and_then(|letter| letter.offered_for)
            .map(casework::OfferedFor::as_str),
        checked_by: letter.map(|letter| letter.checked_by.clone()),
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

impl Place for Alerts {
    const PATH: &'static str = "/alerts";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let open = desk.store().open_alerts(&desk.actor).await?;
        let alerts: Vec<Row> = open.rows.iter().map(row).collect();
        let page = desk
            .page(Self::PATH, "alerts-title")
            .with_next(["alerts-next-1", "alerts-next-2"]);
        let now = desk.site.hub.seams.clock.now();
        let context = view! { alerts, more => open.more, from => "alerts", now };
        Ok(desk.render("staff/alerts.html", page, told, context))
    }
}
