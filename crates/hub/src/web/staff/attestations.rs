//! The daily attestations, each to be read here and to be taken away and checked: of one's own prison, or of all.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use feed::public_key_to_hex;
use jiff::Timestamp;
use jiff::civil::Date;
use prison::PrisonId;
use serde::Serialize;

use super::desk::{Answer, Desk};
use crate::error::HubError;
use crate::proof::attest::{self, AttestedDay};
use crate::web::site::Site;

const PATH: &str = "/attestations";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(list))
        .route("/attestations/{prison}/{date}", get(one))
}

/// One prison on one day.
#[derive(Serialize)]
struct Row {
    date: String,
    prison: String,
    name: String,
    stand: &'static str,
    at: Option<Timestamp>,
    missing: u64,
}

fn row(day: &AttestedDay) -> Row {
    Row {
        date: day.date.to_string(),
        prison: day.prison.to_string(),
        name: day.name.clone(),
        stand: match &day.attested {
            Some(attested) if attested.covered => "covered",
            Some(_) => "not-covered",
            None if day.is_today => "not-yet",
            None => "missing",
        },
        at: day.attested.as_ref().map(|attested| attested.at),
        missing: day.attested.as_ref().map_or(0, |attested| attested.missing),
    }
}

async fn list(desk: Desk) -> Answer {
    let hub = &desk.site.hub;
    let days = attest::attested_days(hub, &desk.actor).await?;
    let page = desk
        .page(PATH, "attestations-title")
        .with_next(["attestations-next-1", "attestations-next-2"]);
    let key = public_key_to_hex(&hub.keys.feed_signing_key().verifying_key());
    let context = view! { days => days.iter().map(row).collect::<Vec<_>>(), key };
    Ok(desk.site.pages.render("staff/attestations.html", &page, context))
}

/// The signed line as a file.
async fn one(desk: Desk, Path((prison, date)): Path<(String, String)>) -> Answer {
    let prison: PrisonId = prison.parse().map_err(|_| HubError::NotFound)?;
    let date: Date = date.parse().map_err(|_| HubError::NotFound)?;
    let line = attest::attestation(&desk.site.hub, &desk.actor, prison, date).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{prison}-{date}.attestation\""),
        ),
    ];
    Ok((headers, line + "\n").into_response())
}
