//! The prison service's own system fetches on whose record it is to raise an alert, and says when it has. What it is given
//! names nobody who is protected.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use casework::Verb;
use serde::Serialize;
use uuid::Uuid;

use super::ApiError;
use crate::callers::Caller;
use crate::custody::AlertToRaise;
use crate::error::HubError;
use crate::service::Hub;
use crate::store::{Refusal, StoreError};

/// The oldest that are still to be raised.
#[derive(Debug, Serialize)]
pub(super) struct AlertsToRaise {
    alerts: Vec<AlertToRaise>,
    /// There are more; they come once some of these were raised.
    more: bool,
}

/// What is to be raised as things stand now.
pub(super) async fn to_raise(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
) -> Result<Json<AlertsToRaise>, ApiError> {
    if !by.role.may(Verb::RaiseAlerts) {
        return Err(StoreError::from(Refusal::NotTheirs).into());
    }
    hub.store.note_alert_requests(hub.raise_alerts).await?;
    let alerts = hub.store.alerts_to_raise(&by).await?;
    Ok(Json(AlertsToRaise {
        alerts: alerts.rows,
        more: alerts.more,
    }))
}

/// One was raised. It may be said again.
pub(super) async fn raised(
    State(hub): State<Arc<Hub>>,
    Caller(by): Caller,
    Path(reference): Path<String>,
) -> Result<StatusCode, ApiError> {
    let reference: Uuid = reference.parse().map_err(|_| HubError::NotFound)?;
    hub.store.alert_raised(&by, reference).await?;
    Ok(StatusCode::NO_CONTENT)
}
