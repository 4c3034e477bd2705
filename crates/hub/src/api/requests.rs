//! Requests as registered organisations file them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use casework::{ContactRequest, Reference};

use super::ApiError;
use super::body::{IdempotencyHeader, JsonBody};
use crate::callers::Caller;
use crate::error::HubError;
use crate::intake::{self, ReceiptAnswer};
use crate::service::Hub;

/// Takes a request; 201 with its receipt.
pub(super) async fn file(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<ContactRequest>,
) -> Result<(StatusCode, Json<ReceiptAnswer>), ApiError> {
    let key = key.map(|key| hub.idempotency_key(key, &body.bytes));
    let receipt = intake::take_request(&hub, &by, key, body.value, None).await?;
    Ok((StatusCode::CREATED, Json(receipt.into())))
}

/// The receipt of a request of the caller's own.
pub(super) async fn receipt(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    Path(reference): Path<String>,
) -> Result<Json<ReceiptAnswer>, ApiError> {
    let reference: Reference = reference.parse().map_err(|_| HubError::NotFound)?;
    let receipt = hub.store.receipt(&by, &reference).await?;
    Ok(Json(receipt.into()))
}
