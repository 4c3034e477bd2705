//! The label of a letter on the shelf, to be printed and put on it: its code, the prison and the day, and nothing of
//! the letter.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use pages::Sentence;

use super::super::desk::{Answer, Desk};
use super::super::frame;
use crate::mailroom::{Label, day_in_london, label_pdf};
use crate::web::site::Site;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/mailroom/labels/{code}", get(label))
}

async fn label(desk: Desk, Path(code): Path<String>) -> Answer {
    let prison = desk.prison()?;
    let shelved_at = desk.store().shelved_at(&desk.actor, prison, &code).await?;
    let day = day_in_london(shelved_at);
    let label = Label {
        code,
        prison: frame::prison_name(prison),
        day: desk.say(Sentence::new("label-day").with("day", day.to_string())),
        stays: desk.say("label-stays"),
    };
    let headers = [
        (CONTENT_TYPE, "application/pdf"),
        (CONTENT_DISPOSITION, "inline; filename=\"label.pdf\""),
    ];
    Ok((headers, label_pdf(&label)).into_response())
}
