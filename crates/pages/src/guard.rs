//! Round the service's page routes: assets and exit, the layers in their order, and calm pages for whatever
//! a handler answers without one.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use minijinja::context;

use crate::{Page, Pages, Visit, assets, exit, headers, visit};

/// When even the page for a problem cannot be rendered.
const LAST_RESORT: &str = "<!DOCTYPE html><html lang=\"en\"><title>Problem</title>\
    <p>Sorry, there is a problem. Please try again in a few minutes.</p>\
    <p lang=\"cy\">Mae\u{2019}n ddrwg gennym, mae problem. Rhowch gynnig arall arni ymhen ychydig funudau.</p>";

impl Pages {
    /// Adds to page routes: `/assets`, `/exit`, a page for what is not found, the same-origin check, the
    /// language cookie and the safe headers. API routes with keys of their own stay outside.
    pub fn guard<S: Clone + Send + Sync + 'static>(&self, routes: Router<S>) -> Router<S> {
        routes
            .merge(assets::router(self.edition().to_string()))
            .merge(exit::router())
            .fallback(|| std::future::ready(StatusCode::NOT_FOUND))
            .layer(from_fn(headers::same_origin))
            .layer(from_fn_with_state(self.clone(), dress))
            .layer(from_fn(visit::remember_language))
            .layer(from_fn(headers::safe))
    }

    /// A calm page for a status that is not success: 403, 404, 500, 503 have their own words.
    pub fn problem(&self, status: StatusCode, visit: &Visit) -> Response {
        let which = match status.as_u16() {
            403 => "shell-403",
            404 | 405 => "shell-404",
            429 | 502..=504 => "shell-503",
            500.. => "shell-500",
            _ => "shell-400",
        };
        let page = Page::public(&visit.nowhere(), format!("{which}-title")).with_status(status);
        match self.html("problem.html", &page, context! { which }) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "the page for a problem could not be rendered");
                (status, Html(LAST_RESORT)).into_response()
            }
        }
    }
}

/// Handlers answer a bare status; axum's own refusals are plain text that repeats what was sent. Both
/// become a page. JSON and HTML are left as they are.
async fn dress(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let visit = Visit::of_request(&request);
    let response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || !is_bare(response.headers()) {
        return response;
    }
    pages.problem(status, &visit)
}

fn is_bare(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_none_or(|kind| kind.starts_with(b"text/plain"))
}
