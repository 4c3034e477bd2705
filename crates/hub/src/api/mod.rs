//! The JSON verbs for registered organisations and staff systems, and the lines between the hub and its gates.
//!
//! Handlers go extractor -> domain verb -> answer. Every answer that is not a success is a
//! `application/problem+json` with one sentence that names the field at most, never a value. The routes are
//! one table, from which the router is made and against which `docs/api/openapi.json` is checked.

mod applications;
mod attestations;
mod bars;
mod body;
mod custody;
mod gates;
mod health;
mod intelligence;
mod letters;
mod offered;
mod problem;
mod record_alerts;
mod requests;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::routing::{MethodRouter, get, post};
use tower_http::set_header::SetResponseHeaderLayer;

pub use body::{IDEMPOTENCY_KEY_CHARS, REQUEST_BODY_BYTES};
pub use custody::MESSAGES_AT_ONCE;
pub use problem::ApiError;

use crate::service::Hub;

/// Below which every route stands.
const BASE: &str = "/v1";

/// One route: method, path, handler.
pub type Route = (&'static str, &'static str, MethodRouter<Arc<Hub>>);

/// Every route of the JSON interface and of the gates.
pub fn routes() -> Vec<Route> {
    vec![
        ("get", "/v1/health", get(health::health)),
        ("post", "/v1/requests", post(requests::file)),
        ("get", "/v1/requests/{reference}", get(requests::receipt)),
        ("post", "/v1/intelligence", post(intelligence::file)),
        ("get", "/v1/applications", get(applications::list)),
        ("post", "/v1/applications", post(applications::file)),
        ("post", "/v1/applications/csv", post(applications::file_csv)),
        ("post", "/v1/letters", post(letters::check)),
        ("get", "/v1/letters/decided", get(letters::decided)),
        ("post", "/v1/custody/events", post(custody::events)),
        ("post", "/v1/custody/offered-addresses", post(offered::offer)),
        (
            "get",
            "/v1/custody/offered-addresses/{reference}",
            get(offered::answer),
        ),
        ("get", "/v1/custody/alerts-to-raise", get(record_alerts::to_raise)),
        (
            "post",
            "/v1/custody/alerts-to-raise/{reference}/done",
            post(record_alerts::raised),
        ),
        ("get", "/v1/bars/{bar}/in-force", get(bars::in_force)),
        (
            "get",
            "/v1/prisons/{prison}/attestations/{date}",
            get(attestations::attestation),
        ),
        ("post", "/v1/gates/enrolments", post(gates::enrol)),
        ("post", "/v1/gates/{gate}/challenge", post(gates::challenge)),
        ("post", "/v1/gates/feed", post(gates::feed)),
        ("post", "/v1/gates/acknowledgements", post(gates::acknowledge)),
        ("post", "/v1/gates/attempts", post(gates::attempts)),
        ("get", "/v1/gates/session", get(gates::session)),
    ]
}

/// The router of all of [`routes`], below `/v1`; unknown paths and methods there are answered as problems too.
pub fn router(hub: Arc<Hub>) -> Router {
    let no_store = HeaderValue::from_static("no-store");
    let below = routes()
        .into_iter()
        .fold(Router::new(), |router, (_, path, handler)| {
            router.route(path.strip_prefix(BASE).unwrap_or(path), handler)
        })
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            no_store,
        ))
        .with_state(hub);
    Router::new().nest(BASE, below)
}
