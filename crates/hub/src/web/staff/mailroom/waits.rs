//! What the browser keeps for the time when the hub cannot be reached: a page that says that the envelope waits, and
//! the script that shows it then.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::super::desk::{Answer, Desk};
use crate::web::site::Site;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/mailroom/waits", get(waits))
        .route("/mailroom-worker.js", get(worker))
}

async fn waits(desk: Desk) -> Answer {
    let page = desk.page("/mailroom", "mailroom-waits-title");
    Ok(desk
        .site
        .pages
        .render("staff/mailroom_waits.html", &page, view! {}))
}

async fn worker(State(site): State<Arc<Site>>) -> Response {
    site.pages.worker("mailroom-worker.js")
}
