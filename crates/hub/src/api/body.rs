//! Bodies and headers as the verbs take them: bounded before they are read, silent when they are wrong.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::ApiError;
use crate::error::HubError;

/// Bytes of a JSON body.
pub const REQUEST_BODY_BYTES: usize = 256 * 1024;
/// How long a body of JSON or a line of a gate may take to come.
pub(super) const BODY_WITHIN: Duration = Duration::from_secs(10);
/// Characters of an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_CHARS: usize = 128;
/// Characters of the longest name that is repeated to a caller as a field that there is not.
const FIELD_NAME_CHARS: usize = 40;
/// What the whole body is called where a field is named.
const BODY: &str = "body";

/// A JSON body with the bytes it was read from. What is wrong with it is said by field, never by value.
pub(super) struct JsonBody<T> {
    pub(super) value: T,
    pub(super) bytes: Bytes,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        if !is_json(request.headers()) {
            return Err(HubError::NotJson.into());
        }
        let bytes = read(request.into_body(), REQUEST_BODY_BYTES, BODY_WITHIN).await?;
        let value = parse(&bytes)?;
        Ok(Self { value, bytes })
    }
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    /// It is longer than the limit.
    #[error("this is too long")]
    TooLong { limit_bytes: usize },
    /// It did not come in time.
    #[error("this did not come in time")]
    TooSlow,
}

impl From<Unread> for HubError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLong { limit_bytes } => Self::TooLong { limit_bytes },
            Unread::TooSlow => Self::Invalid {
                field: "body".to_owned(),
                sentence: "it did not come in time",
            },
        }
    }
}

/// Reads a body whole, or refuses it at one byte past the limit or when its time is over.
pub(super) async fn read(body: Body, limit_bytes: usize, within: Duration) -> Result<Bytes, Unread> {
    let read = tokio::time::timeout(within, axum::body::to_bytes(body, limit_bytes));
    let read = read.await.map_err(|_| Unread::TooSlow)?;
    read.map_err(|_| Unread::TooLong { limit_bytes })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HubError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| unreadable(&error))?;
    json.end().map_err(|_| HubError::Invalid {
        field: BODY.to_owned(),
        sentence: "something follows the JSON object",
    })?;
    Ok(value)
}

/// The parser's own words may repeat a value, so only the path is taken from it.
fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> HubError {
    let (field, sentence) = match error.inner().classify() {
        serde_json::error::Category::Data if is_unknown_field(error.inner()) => (
            unknown_field(error.path()),
            "there is no field of this name here; nothing was stored",
        ),
        serde_json::error::Category::Data => (
            error.path().to_string(),
            "missing here, or of another shape than the documentation gives it",
        ),
        _ => (BODY.to_owned(), "this is not well-formed JSON"),
    };
    let field = if field == "." { BODY.to_owned() } else { field };
    HubError::Invalid { field, sentence }
}

fn is_unknown_field(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("unknown field")
}

/// The path of a field that there is not. What does not look like a field's name may be a number or an
/// address that stands in the wrong place: then only the place is told.
fn unknown_field(path: &serde_path_to_error::Path) -> String {
    let told = path.to_string();
    let looks_like_a_name = |name: &str| {
        name.len() <= FIELD_NAME_CHARS && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    match path.iter().next_back() {
        Some(serde_path_to_error::Segment::Map { key }) if !looks_like_a_name(key) => {
            let place = told.strip_suffix(key.as_str()).unwrap_or(BODY);
            let place = place.trim_end_matches('.');
            if place.is_empty() {
                BODY.to_owned()
            } else {
                place.to_owned()
            }
        }
        _ => told,
    }
}

/// The `Idempotency-Key` header, if there is one.
pub(super) struct IdempotencyHeader(pub(super) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyHeader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(header) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = header.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > IDEMPOTENCY_KEY_CHARS {
            return Err(HubError::Invalid {
                field: "Idempotency-Key".to_owned(),
                sentence: "between 1 and 128 ASCII characters",
            }
            .into());
        }
        Ok(Self(Some(key.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_at_its_limit_is_read_and_one_byte_past_it_is_not() {
        let body = |bytes: usize| Body::from(vec![b'x'; bytes]);
        assert_eq!(read(body(8), 8, BODY_WITHIN).await.unwrap().len(), 8);
        let limit_bytes = 8;
        assert_eq!(
            read(body(9), 8, BODY_WITHIN).await,
            Err(Unread::TooLong { limit_bytes })
        );
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_waited_for_no_longer_than_its_time() {
        let half = futures_util::stream::once(async { Ok::<_, std::convert::Infallible>("half") });
        let half = futures_util::StreamExt::chain(half, futures_util::stream::pending());
        let unread = read(Body::from_stream(half), 8, Duration::from_millis(50)).await;
        assert_eq!(unread, Err(Unread::TooSlow));
    }
}
