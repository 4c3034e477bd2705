//! Contact applications as a prison's own system files them, and reads what it is told. Nothing here differs because a
//! bar exists.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use casework::{ApplicationAnswer, Contact};
use feed::ContactKind;
use jiff::Timestamp;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ApiError;
use super::body::{IdempotencyHeader, JsonBody, REQUEST_BODY_BYTES, read};
use crate::applications::{self, Asked, RowAnswer, ToMend};
use crate::callers::Caller;
use crate::error::HubError;
use crate::service::Hub;
use crate::store::APPLICATIONS_AT_ONCE;

/// How long a file of rows may take to come.
const FILE_WITHIN: Duration = Duration::from_secs(10);

/// Applications in one body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationsBody {
    applications: Vec<ApplicationBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationBody {
    prison_number: PrisonerNumber,
    kind: ContactKind,
    contact: Contact,
}

/// What became of each row, and when the social ones are answered.
#[derive(Debug, Serialize)]
pub(super) struct FiledAnswer {
    answered_after: Timestamp,
    rows: Vec<RowAnswer>,
}

/// One application as its prison may read it.
#[derive(Debug, Serialize)]
pub(super) struct ApplicationShown {
    application: Uuid,
    prison_number: PrisonerNumber,
    kind: ContactKind,
    filed_at: Timestamp,
    answer: ApplicationAnswer,
    answered_at: Option<Timestamp>,
}

/// The newest applications of the caller's prison.
#[derive(Debug, Serialize)]
pub(super) struct ApplicationsShown {
    applications: Vec<ApplicationShown>,
    more: bool,
}

/// Files applications; 202 with what became of each.
pub(super) async fn file(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<ApplicationsBody>,
) -> Result<(StatusCode, Json<FiledAnswer>), ApiError> {
    let key = key.map(|key| hub.idempotency_key(key, &body.bytes));
    let asked = body.value.applications.into_iter().map(|one| {
        Ok(Asked {
            holder: one.prison_number,
            kind: one.kind,
            contact: one.contact,
        })
    });
    let rows: Vec<_> = asked.collect();
    take(&hub, &by, key, rows).await
}

/// The same from a file of rows.
pub(super) async fn file_csv(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<FiledAnswer>), ApiError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("text/csv")) {
        return Err(HubError::Invalid {
            field: "Content-Type".to_owned(),
            sentence: "text/csv is taken here",
        }
        .into());
    }
    let bytes = read(body, REQUEST_BODY_BYTES, FILE_WITHIN)
        .await
        .map_err(HubError::from)?;
    let key = key.map(|key| hub.idempotency_key(key, &bytes));
    take(&hub, &by, key, applications::read_csv(&bytes)).await
}

async fn take(
    hub: &Hub,
    by: &casework::Actor,
    key: Option<crate::store::IdempotencyKey>,
    rows: Vec<Result<Asked, ToMend>>,
) -> Result<(StatusCode, Json<FiledAnswer>), ApiError> {
    if rows.is_empty() || rows.len() > APPLICATIONS_AT_ONCE {
        return Err(HubError::Invalid {
            field: "applications".to_owned(),
            sentence: "send between 1 and 500 applications at a time",
        }
        .into());
    }
    let answered_after = hub.applications.times.next(hub.seams.clock.now());
    let rows = applications::file(hub, by, key, rows).await?;
    Ok((StatusCode::ACCEPTED, Json(FiledAnswer { answered_after, rows })))
}

/// What the caller's prison is told of its applications.
pub(super) async fn list(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
) -> Result<Json<ApplicationsShown>, ApiError> {
    let prison = by.role.prison().ok_or(HubError::NotFound)?;
    let found = hub.store.applications_of(&by, prison).await?;
    let applications = found.rows.into_iter().map(|one| ApplicationShown {
        application: one.id,
        prison_number: one.holder,
        kind: one.kind,
        filed_at: one.filed_at,
        answer: one.answer,
        answered_at: one.answered_at,
    });
    Ok(Json(ApplicationsShown {
        applications: applications.collect(),
        more: found.more,
    }))
}
