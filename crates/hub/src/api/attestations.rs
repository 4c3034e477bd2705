//! The daily attestation of one prison.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use jiff::civil::Date;
use prison::PrisonId;

use super::ApiError;
use crate::callers::Caller;
use crate::error::HubError;
use crate::proof::attest;
use crate::service::Hub;

/// The line as it was signed, for `upcs attest verify`. Another prison's, and a day without one, are not found.
pub(super) async fn attestation(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    Path((prison, date)): Path<(String, String)>,
) -> Result<impl IntoResponse, ApiError> {
    let prison: PrisonId = prison.parse().map_err(|_| HubError::NotFound)?;
    let date: Date = date.parse().map_err(|_| HubError::NotFound)?;
    let line = attest::attestation(&hub, &by, prison, date).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], line + "\n"))
}
