//! Addresses that prisoners offer for release or leave, asked about by the prison service, prisons and probation.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use casework::{OfferedFor, Reference, WrittenAddress};
use serde::Deserialize;

use super::ApiError;
use super::body::{IdempotencyHeader, JsonBody};
use crate::callers::Caller;
use crate::error::HubError;
use crate::mailroom::{Offer, OfferAnswered, offer_address, offered_answer};
use crate::service::Hub;

/// One offered address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfferBody {
    prison_number: String,
    offered_for: OfferedFor,
    address: WrittenAddress,
}

/// Takes one; 201, and the same answer whatever is found.
pub(super) async fn offer(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody<OfferBody>,
) -> Result<(StatusCode, Json<OfferAnswered>), ApiError> {
    let key = key.map(|key| hub.idempotency_key(key, &body.bytes));
    let OfferBody {
        prison_number,
        offered_for,
        address,
    } = body.value;
    let offer = Offer {
        prisoner: prison_number.parse().map_err(|_| HubError::Invalid {
            field: "prison_number".to_owned(),
            sentence: "a prison number like A1234BC",
        })?,
        offered_for,
        written: address,
    };
    let answered = offer_address(&hub, &by, key.as_ref(), &offer).await?;
    Ok((StatusCode::CREATED, Json(answered)))
}

/// The answer to one of the caller's own.
pub(super) async fn answer(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    Path(reference): Path<String>,
) -> Result<Json<OfferAnswered>, ApiError> {
    let reference: Reference = reference.parse().map_err(|_| HubError::NotFound)?;
    Ok(Json(offered_answer(&hub, &by, &reference).await?))
}
