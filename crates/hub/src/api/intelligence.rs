//! Intelligence as registered organisations file it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use casework::{Intelligence, Reference};
use serde::Serialize;

use super::ApiError;
use super::body::{IdempotencyHeader, JsonBody};
use crate::callers::Caller;
use crate::intake;
use crate::service::Hub;

/// What to quote.
#[derive(Debug, Serialize)]
pub(super) struct IntelligenceReceipt {
    reference: Reference,
}

/// Takes one piece of intelligence; 201 with its reference. A number in it is shown to a handler; it is not
/// barred by itself.
pub(super) async fn file(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<Intelligence>,
) -> Result<(StatusCode, Json<IntelligenceReceipt>), ApiError> {
    let key = key.map(|key| hub.idempotency_key(key, &body.bytes));
    let reference = intake::take_intelligence(&hub, &by, key, body.value).await?;
    Ok((StatusCode::CREATED, Json(IntelligenceReceipt { reference })))
}
