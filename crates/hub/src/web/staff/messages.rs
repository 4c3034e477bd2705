//! What has come from the prison service, on the page of those who run the service: counts, and the messages that were
//! set aside, each with why and when and never with what it says.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::post;
use axum::{Form, Router};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place};
use super::done;
use super::fields::Fields;
use crate::custody::try_again;
use crate::error::HubError;
use crate::store::{CustodyMessages, MessageCount};
use crate::web::site::{PageError, Site};

/// The answers to a message that was set aside, for the place that shows it.
pub(super) fn decided_on<P: Place>(path: &str) -> Router<Arc<Site>> {
    Router::new().route(&format!("{path}/{{id}}"), post(decide::<P>))
}

async fn decide<P: Place>(desk: Desk, Path(id): Path<Uuid>, Form(fields): Form<Fields>) -> Answer {
    let place = |code| done(&format!("{}#messages", P::PATH), code);
    match fields.text("what") {
        "again" => {
            let at = (desk.store(), &desk.site.hub.seams);
            match try_again(at, &desk.actor, id).await {
                Ok(Ok(())) => Ok(place("message-taken")),
                Ok(Err(_)) => Ok(place("message-unreadable")),
                Err(error) => desk.answer::<P>(Err(error), place("message-taken")).await,
            }
        }
        "dismiss" => {
            let dismissed = desk.store().dismiss_message(&desk.actor, id).await;
            desk.answer::<P>(dismissed, place("message-dismissed")).await
        }
        _ => Err(PageError(HubError::NotFound)),
    }
}

/// The messages as the page shows them.
#[derive(Serialize)]
pub(super) struct Shown {
    queue: Option<QueueRow>,
    counts: Vec<Count>,
    waiting: u64,
    set_aside: Vec<Row>,
    more: bool,
}

#[derive(Serialize)]
struct QueueRow {
    waiting: u64,
    oldest: Option<Timestamp>,
    asked_at: Timestamp,
}

#[derive(Serialize)]
struct Count {
    kind: String,
    outcome: String,
    messages: u64,
    last_at: Timestamp,
}

#[derive(Serialize)]
struct Row {
    id: String,
    why: String,
    via: String,
    came_at: Timestamp,
}

impl From<CustodyMessages> for Shown {
    fn from(messages: CustodyMessages) -> Self {
        let CustodyMessages {
            queue,
            counts,
            waiting,
            set_aside,
        } = messages;
        let queue = queue.map(|(standing, asked_at)| QueueRow {
            waiting: standing.waiting,
            oldest: standing.oldest,
            asked_at,
        });
        let row = |kept: crate::store::SetAside| Row {
            id: kept.id.to_string(),
            why: kept.why,
            via: kept.via,
            came_at: kept.came_at,
        };
        Self {
            queue,
            counts: counts.into_iter().map(count).collect(),
            waiting,
            more: set_aside.more,
            set_aside: set_aside.rows.into_iter().map(row).collect(),
        }
    }
}

fn count(counted: MessageCount) -> Count {
    Count {
        kind: counted.kind,
        outcome: counted.outcome,
        messages: counted.messages,
        last_at: counted.last_at,
    }
}
