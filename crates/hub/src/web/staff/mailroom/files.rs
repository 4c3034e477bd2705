//! Letters by the file: a table up, the same rows back with post or shelf, and how far each file is.

use std::sync::Arc;
use strum::VariantArray;

use crate::web::site::view;
use axum::Router;
use axum::extract::Path;
use axum::extract::multipart::Multipart;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::super::desk::{Answer, Desk, Place, Told, open};
use super::super::{done, words};
use crate::error::HubError;
use crate::mailroom::{FileUnread, answers_csv, read_letters_csv};
use crate::store::{LetterBatch, MailKind};
use crate::web::site::{PageError, Site};

/// The files of one mailroom.
struct Files;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Files::PATH, get(open::<Files>))
        .route("/mailroom/files/{id}", get(answers))
}

pub(super) fn upload_route() -> Router<Arc<Site>> {
    Router::new().route(Files::PATH, post(upload))
}

/// One file as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    at: Timestamp,
    kind: String,
    rows: u64,
    answered: u64,
    /// How much of it is done, in hundredths.
    percent: u64,
}

async fn upload(desk: Desk, form: Multipart) -> Answer {
    let prison = desk.prison()?;
    let (bytes, kind) = read_form(form).await?;
    let mut told = Told::default();
    let rows = match read_letters_csv(&bytes) {
        Ok(rows) => Some(rows),
        Err(unread) => {
            let sentence = match unread {
                FileUnread::Columns if bytes.is_empty() => "mailroom-files-error-file",
                FileUnread::Columns => "mailroom-files-error-columns",
                FileUnread::Empty => "mailroom-files-error-empty",
                FileUnread::TooManyRows => "mailroom-files-error-many",
            };
            told.errors.add("file", sentence);
            None
        }
    };
    if kind.is_none() {
        told.errors.add("kind", "mailroom-files-error-kind");
    }
    let (Some(rows), Some(kind)) = (rows, kind) else {
        return Files::show(&desk, told).await;
    };
    let store = desk.store();
    store.file_letter_batch(&desk.actor, prison, kind, &rows).await?;
    Ok(done(Files::PATH, "letters-uploaded"))
}

async fn read_form(mut form: Multipart) -> Result<(Vec<u8>, Option<MailKind>), PageError> {
    let (mut bytes, mut kind) = (Vec::new(), None);
    let too_long = |_| {
        PageError(HubError::TooLong {
            limit_bytes: crate::web::UPLOAD_BYTES,
        })
    };
    while let Some(field) = form.next_field().await.map_err(too_long)? {
        match field.name() {
            Some("file") => bytes = field.bytes().await.map_err(too_long)?.to_vec(),
            Some("kind") => kind = serde_json::from_value(field.text().await.map_err(too_long)?.into()).ok(),
            _ => {}
        }
    }
    Ok((bytes, kind))
}

/// The answers to one file, as a file.
async fn answers(desk: Desk, Path(id): Path<Uuid>) -> Answer {
    let lines = desk
        .store()
        .letter_batch_answers(&desk.actor, desk.prison()?, id)
        .await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"answers.csv\""),
    ];
    Ok((headers, answers_csv(&lines)).into_response())
}

impl Place for Files {
    const PATH: &'static str = "/mailroom/files";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let batches = desk.store().letter_batches(&desk.actor, desk.prison()?).await?;
        let files: Vec<Row> = batches.iter().map(row).collect();
        let page = desk.page("/mailroom", "mailroom-files-title").with_next([
            "mailroom-files-next-1",
            "mailroom-files-next-2",
            "mailroom-next-2",
        ]);
        let kinds: Vec<String> = MailKind::VARIANTS.iter().copied().map(words::code).collect();
        let now = desk.site.hub.seams.clock.now();
        let context = view! { files, kinds, now };
        Ok(desk.render("staff/mailroom_files.html", page, told, context))
    }
}

fn row(batch: &LetterBatch) -> Row {
    Row {
        id: batch.id.to_string(),
        at: batch.filed_at,
        kind: words::code(batch.kind),
        rows: batch.rows,
        answered: batch.answered,
        percent: (batch.answered * 100).checked_div(batch.rows).unwrap_or(100),
    }
}
