//! How many letters lie in the mailroom unchecked, as somebody counts them: the service cannot see a desk.

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::routing::post;
use pages::FieldErrors;

use super::super::desk::{Answer, Desk};
use super::super::fields::Fields;
use super::show;
use crate::store::COUNTED_LETTERS;
use crate::web::site::{Site, view};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/mailroom/pile", post(count))
}

async fn count(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let counted = fields.text("pile").replace([',', ' '], "").parse().ok();
    let Some(letters) = counted.filter(|letters| *letters <= COUNTED_LETTERS) else {
        let mut errors = FieldErrors::new();
        errors.add("pile", "mailroom-pile-error");
        return show(&desk, errors, view! { typed => fields }).await;
    };
    let prison = desk.prison()?;
    desk.store()
        .count_unchecked_letters(&desk.actor, prison, letters)
        .await?;
    show(&desk, FieldErrors::new(), view! { calm => "mailroom-pile-kept" }).await
}
