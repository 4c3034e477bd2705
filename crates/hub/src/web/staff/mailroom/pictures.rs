//! Pictures of envelopes: taken in on one form, read where there is something that reads, shown beside the address that
//! a person then corrects.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::Path;
use axum::extract::multipart::Multipart;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use pages::FieldErrors;
use uuid::Uuid;

use super::super::desk::{Answer, Desk};
use super::super::fields::Fields;
use super::show;
use crate::error::HubError;
use crate::mailroom::{NoPicture, PICTURE_BYTES, read_picture, take_picture};
use crate::store::Picture;
use crate::web::site::{PageError, Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/mailroom/pictures/{id}", get(picture))
}

pub(super) fn upload_route() -> Router<Arc<Site>> {
    Router::new().route("/mailroom/picture", post(take))
}

async fn take(desk: Desk, form: Multipart) -> Answer {
    let mut errors = FieldErrors::new();
    let picture = match read_picture(read_form(form).await?) {
        Ok(picture) => picture,
        Err(no) => {
            let sentence = match no {
                NoPicture::Missing | NoPicture::Unknown => "mailroom-picture-error",
                NoPicture::TooLarge => "mailroom-picture-error-large",
            };
            errors.add("picture", sentence);
            return show(&desk, errors, view! {}).await;
        }
    };
    let (id, read) = take_picture(&desk.site.hub, &desk.actor, picture).await;
    let mut typed = Fields::default();
    typed.put("picture", &id.to_string());
    typed.put("address", read.as_ref().map_or("", |lines| lines.expose()));
    let unread = read.is_none();
    show(&desk, errors, view! { typed, unread }).await
}

async fn read_form(mut form: Multipart) -> Result<Vec<u8>, PageError> {
    let too_long = |_| {
        PageError(HubError::TooLong {
            limit_bytes: PICTURE_BYTES,
        })
    };
    while let Some(field) = form.next_field().await.map_err(too_long)? {
        if field.name() == Some("picture") {
            return Ok(field.bytes().await.map_err(too_long)?.to_vec());
        }
    }
    Ok(Vec::new())
}

/// One's own picture, while its letter is not checked.
async fn picture(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let picture = desk.site.hub.mailroom.picture(&desk.site.hub, &desk.actor, id);
    let picture = picture.ok_or(HubError::NotFound)?;
    let kind = [(CONTENT_TYPE, picture.format.media_type())];
    Ok((kind, picture.bytes.clone()).into_response())
}

/// The picture that a form names, if it still waits.
pub(super) fn of(desk: &Desk, fields: &Fields) -> Option<(Uuid, Arc<Picture>)> {
    let id = fields.text("picture").parse().ok()?;
    let hub = &desk.site.hub;
    Some((id, hub.mailroom.picture(hub, &desk.actor, id)?))
}
