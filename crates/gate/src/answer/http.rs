//! HTTP for switches that speak no SIP, and for monitoring. Only configured peers are answered ([`super::peers`]).
//!
//! `POST /v1/calls {"from":"A1234BC","dialled":"07700 900123"}` is answered 200 whatever the verdict:
//! `{"verdict":"allow","dial":"+447700900123"}` or `{"verdict":"refuse"}`. `GET /health`, `GET /status`,
//! `GET /metrics` say how the gate stands, never how many bars there are or why a call was refused.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::Desk;
use super::sip::response::service;
use crate::authorise::{Caller, Verdict};
use crate::status::{Standing, Trouble, Warning};

/// Bytes of a request's body.
pub const MAX_BODY_BYTES: usize = 4 * 1024;

#[derive(Clone)]
struct Counter {
    desk: Arc<Desk>,
    standing: Arc<Standing>,
}

/// One route: its method in lower case, its path, and who answers.
type Route = (&'static str, &'static str, MethodRouter<Counter>);

fn table() -> Vec<Route> {
    vec![
        ("post", "/v1/calls", post(call)),
        ("get", "/health", get(health)),
        ("get", "/status", get(status)),
        ("get", "/metrics", get(metrics)),
    ]
}

/// Method and path of every route; `docs/api/gate-openapi.json` describes them.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    table()
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect()
}

/// The routes.
pub fn router(desk: Arc<Desk>, standing: Arc<Standing>) -> Router {
    let counter = Counter { desk, standing };
    let router = table()
        .into_iter()
        .fold(Router::new(), |router, (_, path, answer)| {
            router.route(path, answer)
        });
    router
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(counter)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    from: String,
    dialled: String,
}

#[derive(Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
enum Said {
    Allow {
        #[serde(with = "phone::exposed")]
        dial: phone::PhoneNumber,
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<&'static str>,
    },
    Refuse,
}

async fn call(State(counter): State<Counter>, asked: Result<Json<Asked>, JsonRejection>) -> Response {
    let Ok(Json(Asked { from, dialled: text })) = asked else {
        // Nothing of the body is repeated.
        return (
            StatusCode::BAD_REQUEST,
            "from and dialled are expected, as JSON\n",
        )
            .into_response();
    };
    let desk = &counter.desk;
    let caller = Caller::parse(&from);
    let dialled = phone::resolve(&text, desk.area);
    let verdict = desk.rule(&caller, &dialled);
    desk.record(&caller, &text, &dialled, verdict);
    let said = match (verdict, &dialled) {
        (Verdict::Allow(_), Ok(resolved)) => Said::Allow {
            dial: resolved.number,
            service: service(resolved),
        },
        _ => Said::Refuse,
    };
    Json(said).into_response()
}

#[derive(Serialize)]
struct Health {
    healthy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Trouble>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

async fn health(State(counter): State<Counter>) -> Response {
    let why = counter.standing.trouble();
    let code = if why.is_none() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let said = Health {
        healthy: why.is_none(),
        why,
        warnings: counter.standing.warnings(),
    };
    (code, Json(said)).into_response()
}

async fn status(State(counter): State<Counter>) -> Response {
    Json(counter.standing.status()).into_response()
}

async fn metrics(State(counter): State<Counter>) -> Response {
    let counted = &counter.desk.counted;
    let allowed = counted.allowed.load(Ordering::Relaxed);
    let refused = counted.refused.load(Ordering::Relaxed);
    let status = counter.standing.status();
    let mut text = format!(
        "# TYPE upcs_gate_calls_total counter\n\
         upcs_gate_calls_total{{verdict=\"allow\"}} {allowed}\n\
         upcs_gate_calls_total{{verdict=\"refuse\"}} {refused}\n\
         # TYPE upcs_gate_in_sync gauge\n\
         upcs_gate_in_sync {}\n\
         # TYPE upcs_gate_attempts_lost_total counter\n\
         upcs_gate_attempts_lost_total {}\n",
        u8::from(status.in_sync),
        status.attempts_lost,
    );
    if let Some(ago) = counter.standing.heard_ago() {
        let age = format!(
            "# TYPE upcs_gate_feed_age_seconds gauge\nupcs_gate_feed_age_seconds {:.3}\n",
            ago.as_secs_f64()
        );
        text.push_str(&age);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
