//! An alert that a handler has seen, pressed on the case's page or on that of all alerts.

use super::Posted;
use crate::alerts::Signs;
use crate::error::HubError;
use crate::store::AlertId;
use crate::web::staff::alerts::Alerts;
use crate::web::staff::desk::{Answer, Place};
use crate::web::staff::done;

/// A handler has seen what the page showed him; what came since stays open.
pub(super) async fn seen(posted: Posted) -> Answer {
    let Posted { desk, fields, .. } = &posted;
    let alert: AlertId = fields.text("alert").parse().map_err(|_| HubError::NotFound)?;
    let shown: i64 = fields.text("shown").parse().map_err(|_| HubError::NotFound)?;
    let signs = Signs::of_bits(shown);
    let seen = desk
        .store()
        .mark_alert_seen(&desk.actor, posted.case, alert, signs)
        .await;
    let answered = match fields.text("from") {
        "case" => posted.done("alerts", "alert-seen"),
        _ => done(Alerts::PATH, "alert-seen"),
    };
    desk.answer::<Alerts>(seen, answered).await
}
