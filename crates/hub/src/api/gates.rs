//! The lines between the hub and its gates: signed text in, signed text out.
//!
//! Who speaks is shown by the signature inside the line, not by a header. Refusals are one line of text.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use feed::{GateId, ReportNotice};
use futures_util::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::body::{BODY_WITHIN, Unread, read};
use crate::attempts::{self, ReportError};
use crate::publish::{AcknowledgeError, EnrolError, FollowError, HANDSHAKE_LINE_BYTES};
use crate::service::Hub;

/// How long a report of attempts may take to come; a gate gives it up after thirty seconds.
const REPORT_WITHIN: Duration = Duration::from_secs(25);

/// Gives whoever names a gate a number for that gate to sign: 32 hexadecimal digits.
pub(super) async fn challenge(State(hub): State<Arc<Hub>>, Path(gate): Path<String>) -> Response {
    let Ok(gate) = gate.parse::<GateId>() else {
        return refuse(StatusCode::NOT_FOUND, FollowError::Unknown);
    };
    hub.publisher.challenge(gate).to_string().into_response()
}

/// Enrols a gate.
pub(super) async fn enrol(State(hub): State<Arc<Hub>>, body: Body) -> Response {
    let body = match line(body).await {
        Ok(body) => body,
        Err(refused) => return refused,
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
    let body = match line(body).await {
        Ok(body) => body,
        Err(refused) => return refused,
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
        FollowError::GateIsAhead | FollowError::GateIsFull => StatusCode::CONFLICT,
        FollowError::Damaged | FollowError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Shows the certificate of the feed's session, which two root keys signed off the hub; 404 while there is none.
pub(super) async fn session(State(hub): State<Arc<Hub>>) -> Response {
    match &hub.publisher.feed_session().certificate {
        Some(certificate) => answer_line(certificate.clone()),
        None => (
            StatusCode::NOT_FOUND,
            "this hub is in its first session and needs no certificate",
        )
            .into_response(),
    }
}

/// Takes an acknowledgement; 204 once it is stored and counts.
pub(super) async fn acknowledge(State(hub): State<Arc<Hub>>, body: Body) -> Response {
    let body = match line(body).await {
        Ok(body) => body,
        Err(refused) => return refused,
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

/// Takes a report of attempts; the answer says through which sequence it is stored. Nothing of it is read before
/// the notice in its header shows that a gate sends it.
pub(super) async fn attempts(State(hub): State<Arc<Hub>>, headers: HeaderMap, body: Body) -> Response {
    let notice = headers
        .get(ReportNotice::HEADER)
        .map_or(&[][..], HeaderValue::as_bytes);
    let admitted = match attempts::admit(&hub, notice).await {
        Ok(admitted) => admitted,
        Err(error) => return refuse(report_status(error), error),
    };
    let body = match read(body, admitted.bytes, REPORT_WITHIN).await {
        Ok(body) => body,
        Err(unread) => return not_read(unread),
    };
    match attempts::take_report(&hub, &body).await {
        Ok(receipt) => Json(receipt).into_response(),
        Err(error) => refuse(report_status(error), error),
    }
}

fn report_status(error: ReportError) -> StatusCode {
    match error {
        ReportError::Malformed => StatusCode::BAD_REQUEST,
        ReportError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        ReportError::Unknown => StatusCode::NOT_FOUND,
        ReportError::BadSignature => StatusCode::UNAUTHORIZED,
        ReportError::NotAdmitted => StatusCode::FORBIDDEN,
        ReportError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn line(body: Body) -> Result<Bytes, Response> {
    read(body, HANDSHAKE_LINE_BYTES, BODY_WITHIN)
        .await
        .map_err(not_read)
}

fn answer_line(line: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], line).into_response()
}

fn refuse(status: StatusCode, error: impl std::error::Error) -> Response {
    (status, error.to_string()).into_response()
}

fn not_read(unread: Unread) -> Response {
    let status = match unread {
        Unread::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
    };
    refuse(status, unread)
}
