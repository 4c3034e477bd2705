//! The queue: the cases on which something is to do, the most urgent first, a page at a time.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use casework::Reference;
use jiff::Timestamp;
use pages::FieldErrors;
use serde::{Deserialize, Serialize};

use super::desk::{Answer, Desk};
use super::fields::Fields;
use super::words::code;
use crate::mailroom::due_before;
use crate::proof::alarms::late_prisons;
use crate::store::{AskedBy, CaseSummary, QUEUE_ROWS, Queue, QueueAsked};
use crate::web::site::Site;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/cases", get(queue).post(find))
}

/// One row of the queue.
#[derive(Serialize)]
struct Row {
    reference: String,
    priority: String,
    asked_by: String,
    state: String,
    opened_at: Timestamp,
    barred: u64,
    held: u64,
    suspended: u64,
    alerts: u64,
}

impl From<&CaseSummary> for Row {
    fn from(case: &CaseSummary) -> Self {
        Self {
            reference: case.reference.to_string(),
            priority: code(case.priority),
            asked_by: code(case.asked_by),
            state: case.state.clone(),
            opened_at: case.opened_at,
            barred: case.bars,
            held: case.held,
            suspended: case.suspended,
            alerts: case.alerts,
        }
    }
}

/// Which part of the queue, as it stands in the address. The first page is 1; what is no such part is the whole.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    of: String,
    page: String,
}

impl Asked {
    fn part(&self) -> QueueAsked {
        let parts = [AskedBy::Organisations, AskedBy::Public];
        QueueAsked {
            asked_by: parts.into_iter().find(|part| code(part) == self.of),
            page: self.page.parse::<u64>().unwrap_or(1).saturating_sub(1),
        }
    }
}

/// One of the three ways to read the queue.
#[derive(Serialize)]
struct Part {
    code: String,
    href: String,
    count: u64,
    current: bool,
}

fn parts(queue: &Queue, current: Option<AskedBy>) -> Vec<Part> {
    let part = |of: Option<AskedBy>, count| Part {
        code: of.map_or_else(|| "all".to_owned(), code),
        href: address(of, 0),
        count,
        current: of == current,
    };
    vec![
        part(None, queue.organisations + queue.public),
        part(Some(AskedBy::Organisations), queue.organisations),
        part(Some(AskedBy::Public), queue.public),
    ]
}

fn address(of: Option<AskedBy>, page: u64) -> String {
    let of = of.map(|of| format!("of={}", code(of)));
    let page = (page > 0).then(|| format!("page={}", page + 1));
    let query: Vec<String> = of.into_iter().chain(page).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/cases{mark}{}", query.join("&"))
}

/// Which cases of how many the page shows, and the way to the others.
#[derive(Serialize)]
struct Pages {
    from: u64,
    to: u64,
    before: Option<String>,
    after: Option<String>,
}

fn pages(queue: &Queue, of: Option<AskedBy>) -> Pages {
    let from = queue.page * QUEUE_ROWS;
    let to = from + queue.cases.len() as u64;
    Pages {
        from: from + 1,
        to,
        before: queue.page.checked_sub(1).map(|page| address(of, page)),
        after: (to < queue.asked).then(|| address(of, queue.page + 1)),
    }
}

async fn queue(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    show(&desk, asked.part(), "", FieldErrors::new()).await
}

/// Opens a case by its reference, also one that has left the queue.
async fn find(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    match fields.parsed::<Reference>("reference", "queue-error-reference", &mut errors) {
        Some(reference) => Ok(Redirect::to(&format!("/cases/{reference}")).into_response()),
        None => show(&desk, QueueAsked::default(), fields.text("reference"), errors).await,
    }
}

async fn show(desk: &Desk, asked: QueueAsked, typed: &str, errors: FieldErrors) -> Answer {
    let queue = desk.store().queue(&desk.actor, asked).await?;
    let late = late_prisons(&desk.site.hub, &desk.actor).await?;
    let matches = desk.store().matches_waiting(&desk.actor).await?;
    let releases = desk.store().releases_waiting(&desk.actor).await?;
    let offered = desk.store().offered_addresses_waiting(&desk.actor).await?;
    let to_raise = desk
        .store()
        .note_alert_requests(desk.site.hub.raise_alerts)
        .await?;
    let now = desk.site.hub.seams.clock.now();
    let (letters, letters_late) = desk
        .store()
        .letters_to_decide(&desk.actor, due_before(now))
        .await?;
    let page = desk.page("/cases", "queue-title").with_errors(errors).with_next([
        "queue-next-1",
        "queue-next-2",
        "queue-next-3",
    ]);
    let context = view! {
        cases => queue.cases.iter().map(Row::from).collect::<Vec<_>>(),
        parts => parts(&queue, asked.asked_by), shown => pages(&queue, asked.asked_by),
        count => queue.asked, alarms => queue.alarms, alerted => queue.alerted, late, matches, releases, offered, letters, letters_late,
        to_raise, typed, now,
    };
    Ok(desk.site.pages.render("staff/queue.html", &page, context))
}
