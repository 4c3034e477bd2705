//! The lines between the hub and its gates: signed text in, signed text out.
//!
//! Who speaks is shown by the signature inside the line, not by a header. Refusals are one line of text.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use feed::GateId;
use futures_util::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::body::read;
use crate::attempts::{self, ReportError};
use crate::publish::{AcknowledgeError, EnrolError, FollowError, HANDSHAKE_LINE_BYTES, REPORT_LINE_BYTES};
use crate::service::Hub;

/// Gives a known gate a number to sign: 32 hexadecimal digits.
pub(super) async fn challenge(State(hub): State<Arc<Hub>>, Path(gate): Path<String>) -> Response {
    let Ok(gate) = gate.parse::<GateId>() else {
        return refuse(StatusCode::NOT_FOUND, FollowError::Unknown);
    };
    match hub.publisher.challenge(gate).await {
        Ok(Some(challenge)) => challenge.to_string().into_response(),
        Ok(None) => refuse(StatusCode::NOT_FOUND, FollowError::Unknown),
        Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, FollowError::Unavailable),
    }
}

/// Enrols a gate.
pub(super) async fn enrol(State(hub): State<Arc<Hub>>, body: Body) -> Response {
    let Some(body) = line(body, HANDSHAKE_LINE_BYTES).await else {
        return too_long();
    };
    match hub.publisher.enrol(&body).await {
        Ok(answer) => answer_line(answer),
        Err(error @ EnrolError::Malformed) => refuse(StatusCode::BAD_REQUEST, error),
        Err(error @ EnrolError::NotGood) => refuse(StatusCode::FORBIDDEN, error),
        Err(error @ EnrolError::Unavailable) => refuse(StatusCode::SERVICE_UNAVAILABLE, error),
    }
}

/// Opens a gate's feed: signed lines for as long as both sides last.
pub(super) async fn feed(State(hub): State<Arc<Hub>>, body: Body) -> Response {
    let Some(body) = line(body, HANDSHAKE_LINE_BYTES).await else {
        return too_long();
    };
    match hub.publisher.follow(&body).await {
        Ok(lines) => {
            let lines = ReceiverStream::new(lines).map(|mut line| {
                line.push(b'\n');
                Ok::<_, std::convert::Infallible>(Bytes::from(line))
            });
            (
                [(header::CONTENT_TYPE, "application/x-ndjson")],
                Body::from_stream(lines),
            )
                .into_response()
        }
        Err(error) => refuse(status_of(error), error),
    }
}

fn status_of(error: FollowError) -> StatusCode {
    match error {
        FollowError::Malformed => StatusCode::BAD_REQUEST,
        FollowError::Unknown => StatusCode::NOT_FOUND,
        FollowError::BadSignature | FollowError::StaleChallenge => StatusCode::UNAUTHORIZED,
        FollowError::Awaiting | FollowError::NotAdmitted | FollowError::NotSwitchedOn => {
            StatusCode::FORBIDDEN
        }
        FollowError::GateIsAhead => StatusCode::CONFLICT,
        FollowError::Damaged | FollowError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Takes an acknowledgement; 204 once it is stored and counts.
pub(super) async fn acknowledge(State(hub): State<Arc<Hub>>, body: Body) -> Response {
    let Some(body) = line(body, HANDSHAKE_LINE_BYTES).await else {
        return too_long();
    };
    let Err(error) = hub.publisher.acknowledge(&body).await else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let status = match error {
        AcknowledgeError::Malformed => StatusCode::BAD_REQUEST,
        AcknowledgeError::BadSignature => StatusCode::UNAUTHORIZED,
        AcknowledgeError::NotFollowing | AcknowledgeError::NotSent | AcknowledgeError::OtherList => {
            StatusCode::CONFLICT
        }
        AcknowledgeError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    };
    refuse(status, error)
}

/// Takes a report of attempts; the answer says through which sequence it is stored.
pub(super) async fn attempts(State(hub): State<Arc<Hub>>, body: Body) -> Response {
    let Some(body) = line(body, REPORT_LINE_BYTES).await else {
        return too_long();
    };
    match attempts::take_report(&hub, &body).await {
        Ok(receipt) => Json(receipt).into_response(),
        Err(error) => {
            let status = match error {
                ReportError::Malformed => StatusCode::BAD_REQUEST,
                ReportError::Unknown => StatusCode::NOT_FOUND,
                ReportError::BadSignature => StatusCode::UNAUTHORIZED,
                ReportError::NotAdmitted => StatusCode::FORBIDDEN,
                ReportError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            };
            refuse(status, error)
        }
    }
}

async fn line(body: Body, limit_bytes: usize) -> Option<Bytes> {
    read(body, limit_bytes).await.ok()
}

fn answer_line(line: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], line).into_response()
}

fn refuse(status: StatusCode, error: impl std::error::Error) -> Response {
    (status, error.to_string()).into_response()
}

fn too_long() -> Response {
    (StatusCode::PAYLOAD_TOO_LARGE, "the line is too long").into_response()
}
