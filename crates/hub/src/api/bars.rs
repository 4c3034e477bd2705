//! The proof of one bar.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use casework::BarId;

use super::ApiError;
use crate::callers::Caller;
use crate::error::HubError;
use crate::proof::{self, InForce};
use crate::service::Hub;

/// How far a bar of the caller's own is in force; a case handler may ask for any. Everything else is not found.
pub(super) async fn in_force(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    Path(bar): Path<String>,
) -> Result<Json<InForce>, ApiError> {
    let bar: BarId = bar.parse().map_err(|_| HubError::NotFound)?;
    Ok(Json(proof::in_force(&hub, &by, bar).await?))
}
