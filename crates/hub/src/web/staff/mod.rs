//! The staff pages, one file for each kind of work.
//!
//! A handler here never asks who may see it: [`super::session::admit`] has let in whom the table of pages names,
//! and [`desk::Desk`] is the account at work. It reads the form, calls one verb, and has [`desk`] answer: with a
//! redirect (so that reloading repeats nothing) or with the page and what is wrong.

mod alerts;
mod applications;
mod attestations;
mod audit;
mod case;
mod desk;
mod exemptions;
mod fields;
pub(super) mod frame;
mod intelligence;
mod letters;
mod lists;
mod mailroom;
mod matches;
mod messages;
mod no_contact;
mod numbers;
mod offered;
mod operations;
mod prison;
mod proposals;
mod queue;
mod record_alerts;
mod referrals;
mod refusal;
mod releases;
mod ruling;
#[cfg(test)]
mod sentences;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::site::Site;

/// All staff pages.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .merge(queue::routes())
        .merge(alerts::routes())
        .merge(releases::routes())
        .merge(offered::routes())
        .merge(record_alerts::routes())
        .merge(attestations::routes())
        .merge(case::routes())
        .merge(proposals::routes())
        .merge(referrals::routes())
        .merge(intelligence::routes())
        .merge(letters::routes())
        .merge(exemptions::routes())
        .merge(mailroom::routes())
        .merge(prison::routes())
        .merge(numbers::routes())
        .merge(lists::routes())
        .merge(no_contact::routes())
        .merge(applications::routes())
        .merge(matches::routes())
        .merge(audit::routes())
        .merge(operations::routes())
}

/// Pages to which a file is uploaded.
pub(super) fn upload_routes() -> Router<Arc<Site>> {
    lists::upload_route()
        .merge(no_contact::upload_route())
        .merge(mailroom::upload_route())
}

/// The codes that a redirect may carry, each for one of the sentences that begin `done-`; anything else in the
/// address shows nothing.
const DONE: [&str; 33] = [
    "offered-settled",
    "record-alert-ask",
    "record-alert-raised",
    "record-alert-not-needed",
    "record-alert-reviewed",
    "release-told",
    "release-noted",
    "taken-in-hand",
    "exemption-ended",
    "letters-uploaded",
    "uploaded",
    "alert-seen",
    "located",
    "prisoner-rejected",
    "assessed",
    "confirmed",
    "proposed",
    "added",
    "added-held",
    "barred",
    "revoked",
    "exception-ended",
    "approved",
    "withdrawn",
    "application-received",
    "application-refused",
    "match-cleared",
    "switched-on",
    "gate-revoked",
    "message-taken",
    "message-unreadable",
    "message-dismissed",
    "letter-decided",
];

/// Back to a page, which says what has just been done.
fn done(path: &str, code: &'static str) -> Response {
    let (page, part) = path
        .split_once('#')
        .map_or((path, String::new()), |(page, part)| (page, format!("#{part}")));
    Redirect::to(&format!("{page}?done={code}{part}")).into_response()
}

/// One entry of a select.
#[derive(Clone, Debug, Serialize)]
struct Item {
    value: String,
    text: String,
}

impl Item {
    /// The entry that chooses nothing.
    fn none(text: String) -> Self {
        Self {
            value: String::new(),
            text,
        }
    }
}
