//! A refusal as `application/problem+json`: status, title, one sentence, the field where there is one.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::{Problem, ProblemKind, RequestLimits};
use serde::Serialize;

use crate::error::HubError;

/// A hub error on its way out as JSON.
#[derive(Debug)]
pub struct ApiError(pub HubError);

impl<E: Into<HubError>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Debug, Serialize)]
struct Body {
    status: u16,
    title: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, detail, field) = describe(&self.0);
        let mut response = problem(status, detail, field);
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if matches!(
            status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

fn describe(error: &HubError) -> (StatusCode, String, Option<String>) {
    let sentence = error.to_string();
    match error {
        HubError::Unauthenticated => (StatusCode::UNAUTHORIZED, sentence, None),
        HubError::NotFound => (StatusCode::NOT_FOUND, sentence, None),
        HubError::Incomplete(problems) => match problems.first() {
            Some(first) => {
                let detail = format!("{}: {}", first.field, sentence_of(first));
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    detail,
                    Some(first.field.clone()),
                )
            }
            None => (StatusCode::UNPROCESSABLE_ENTITY, sentence, None),
        },
        HubError::Invalid { field, .. } => (StatusCode::UNPROCESSABLE_ENTITY, sentence, Some(field.clone())),
        HubError::TooLong { .. } => (StatusCode::PAYLOAD_TOO_LARGE, sentence, None),
        HubError::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence, None),
        HubError::Refused(_) => (StatusCode::FORBIDDEN, sentence, None),
        HubError::Conflict(_) => (StatusCode::CONFLICT, sentence, None),
        HubError::TooMany => (StatusCode::TOO_MANY_REQUESTS, sentence, None),
        HubError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, sentence, None),
        HubError::Damaged => (StatusCode::INTERNAL_SERVER_ERROR, sentence, None),
    }
}

/// What is wrong with one field of a request, for somebody who writes to the JSON interface.
fn sentence_of(problem: &Problem) -> String {
    let RequestLimits {
        people,
        per_person,
        orders,
        line_chars,
        text_chars,
    } = RequestLimits::DEFAULT;
    match problem.problem {
        ProblemKind::Missing if problem.field.ends_with("numbers") => {
            "give at least one number, address or e-mail address that must not be reached".to_owned()
        }
        ProblemKind::Missing => "this is needed".to_owned(),
        ProblemKind::TooLong => {
            format!("too long: at most {line_chars} characters, or {text_chars} where text is asked for")
        }
        ProblemKind::TooMany => {
            format!("too many: at most {people} people, {per_person} of each for one person, {orders} orders")
        }
    }
}

/// A problem document.
pub(super) fn problem(status: StatusCode, detail: String, field: Option<String>) -> Response {
    let title = status.canonical_reason().unwrap_or("Problem");
    let body = Body {
        status: status.as_u16(),
        title,
        detail,
        field,
    };
    let mut response = (status, Json(body)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// For paths that the interface does not have.
pub(super) async fn no_such_path() -> Response {
    problem(StatusCode::NOT_FOUND, "there is no such path".to_owned(), None)
}

/// For methods that a path does not take.
pub(super) async fn no_such_method() -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path does not take this method".to_owned(),
        None,
    )
}
