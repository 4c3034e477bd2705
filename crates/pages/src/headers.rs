//! What every answer says to the browser (run nothing foreign, keep nothing, tell nobody), and the check
//! that a form was sent from our own pages.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Nothing inline and nothing foreign: no component needs either.
///
/// Browsers hold redirects after a form to `form-action` too: what leads to another site (the exit, a
/// sign-in elsewhere) must be a link.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// On every answer.
///
/// Under `no-referrer` browsers send `Origin: null` even with our own forms; those that do also send
/// `Sec-Fetch-Site`, which [`sent_from_here`] therefore believes first.
const ALWAYS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Marks an answer that holds nothing of anyone and may be kept: the assets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MayBeKept;

/// Marks a script that runs beside pages and fetches on their behalf: it may fetch from here, and do nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IsWorker;

/// For a worker.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

/// A layer for the whole service, pages and API alike.
///
/// No answer may be cached but an asset, and none tells another site where the visitor was, whatever a
/// handler wrote.
pub async fn safe(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let may_be_kept = response.extensions().get::<MayBeKept>().is_some();
    let is_worker = response.extensions().get::<IsWorker>().is_some();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        if name != CACHE_CONTROL || !may_be_kept {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_worker {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
    }
    response
}

/// A layer for pages (an API with keys of its own does not need it): refuses, with a bare 403, what would
/// change something and was not sent from our own pages.
pub async fn same_origin(request: Request, next: Next) -> Response {
    match sent_from_here(&request) {
        true => next.run(request).await,
        false => StatusCode::FORBIDDEN.into_response(),
    }
}

/// Reading is free. Else the browser must say `same-origin`; or `none` (typed or repeated by the person)
/// or nothing (an older browser), and then `Origin` must name the host that was asked. A proxy in front must
/// pass `Host` on as it came.
pub fn sent_from_here(request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let headers = request.headers();
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin") => true,
        Some(b"none") | None => origin_is_host(headers, request.uri()),
        Some(_) => false,
    }
}

fn origin_is_host(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some((scheme, origin)) = text(ORIGIN).and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    let Some(host) = text(HOST).or_else(|| uri.authority().map(|authority| authority.as_str())) else {
        return false;
    };
    let plain = |authority: &str| {
        let port = if scheme == "https" { ":443" } else { ":80" };
        authority
            .strip_suffix(port)
            .unwrap_or(authority)
            .to_ascii_lowercase()
    };
    !origin.is_empty() && plain(origin) == plain(host)
}
