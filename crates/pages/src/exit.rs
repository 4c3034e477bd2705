//! "Exit this page": one address that clears what the browser keeps of the site and leads to a neutral one.
//!
//! Every public page links to it, by the button and by a second skip link, so that it works without
//! scripts. It cannot erase the browser's history; the page that explains it must say so. Use it by link:
//! the content security policy stops a browser that follows a form's redirect to another site.

use axum::Router;
use axum::http::header::{HeaderName, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Where the button leads first.
pub const PATH: &str = "/exit";

/// Where the visitor ends: a page that explains nothing. The GOV.UK component's own default.
pub const NEUTRAL_SITE: &str = "https://www.bbc.co.uk/weather";

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route(PATH, get(leave).post(leave))
}

/// Clears and leads away. A link on another site leads away too, but clears nothing: nobody else may sign
/// a case handler out.
pub async fn leave(headers: HeaderMap) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let answer = response.headers_mut();
    answer.insert(LOCATION, HeaderValue::from_static(NEUTRAL_SITE));
    if headers
        .get("sec-fetch-site")
        .is_none_or(|site| site != "cross-site")
    {
        let kept = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
        answer.insert(CLEAR_SITE_DATA, kept);
    }
    response
}
