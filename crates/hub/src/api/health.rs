//! Whether the hub takes requests and publishes them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::custody::queue::unread_since;
use crate::mailroom::late_letters;
use crate::service::Hub;

/// What a watch asks for; it says nothing of any case.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
    /// What an operator must look at although requests are taken and published.
    alarms: Vec<&'static str>,
}

/// 200 while the hub takes requests and its feed is sound, 503 otherwise.
pub(super) async fn health(State(hub): State<Arc<Hub>>) -> (StatusCode, Json<Health>) {
    let sound = hub.publisher.is_sound() && hub.store.head().await.is_ok();
    let (code, status) = if sound {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not-sound")
    };
    (
        code,
        Json(Health {
            status,
            version: env!("CARGO_PKG_VERSION"),
            alarms: alarms(&hub).await,
        }),
    )
}

async fn alarms(hub: &Hub) -> Vec<&'static str> {
    let letters = late_letters(hub).await.is_ok_and(|late| !late.is_empty());
    let unread = unread_since(hub).await.is_ok_and(|since| since.is_some());
    let all = [
        ("gate-short-of-room", hub.publisher.is_short_of_room()),
        ("letters-late", letters),
        ("queue-unread", unread),
    ];
    let raised = all.into_iter().filter(|(_, raised)| *raised);
    raised.map(|(alarm, _)| alarm).collect()
}
