//! A visit: in which language the page is asked for, and where it stands, so that the same page can be
//! offered in the other language. The language comes from `?lang=cy`, else from a cookie, else English.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::Lang;

const NAME: &str = "lang";

/// Extracted from a request; never refuses one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The language of the answer.
    pub lang: Lang,
    /// Path and query without the language; none when the page answers a form, which a link cannot repeat.
    pub here: Option<String>,
}

impl Visit {
    /// What a request says of itself.
    pub fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Visit {
        let cookie = CookieJar::from_headers(headers);
        let remembered = cookie
            .get(NAME)
            .and_then(|cookie| Lang::from_code(cookie.value()));
        Visit {
            lang: asked(uri).or(remembered).unwrap_or_default(),
            here: here(method, uri),
        }
    }

    /// The address of this page in `lang`.
    pub fn in_language(&self, lang: Lang) -> Option<String> {
        let here = self.here.as_deref()?;
        let joint = if here.contains('?') { '&' } else { '?' };
        Some(format!("{here}{joint}{NAME}={}", lang.code()))
    }

    /// The same visit, saying no more where the page stands: for a page that must not repeat what was asked.
    pub(crate) fn nowhere(&self) -> Visit {
        Visit {
            here: None,
            ..self.clone()
        }
    }

    pub(crate) fn of_request(request: &Request) -> Visit {
        let whole = request.extensions().get::<OriginalUri>();
        Visit::of(
            request.method(),
            whole.map_or(request.uri(), |uri| &uri.0),
            request.headers(),
        )
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Visit, Infallible> {
        let whole = parts.extensions.get::<OriginalUri>();
        Ok(Visit::of(
            &parts.method,
            whole.map_or(&parts.uri, |uri| &uri.0),
            &parts.headers,
        ))
    }
}

/// A layer: a page asked for in a language sets the cookie, for this browser session only.
///
/// The cookie holds `en` or `cy`, which is no secret, so it needs no `Secure` and works on plain loopback.
pub async fn remember_language(request: Request, next: Next) -> Response {
    let chosen = (request.method() == Method::GET)
        .then(|| asked(request.uri()))
        .flatten();
    let mut response = next.run(request).await;
    if let Some(lang) = chosen {
        let cookie = match lang {
            Lang::En => "lang=en; Path=/; HttpOnly; SameSite=Lax",
            Lang::Cy => "lang=cy; Path=/; HttpOnly; SameSite=Lax",
        };
        response
            .headers_mut()
            .append(SET_COOKIE, HeaderValue::from_static(cookie));
    }
    response
}

fn asked(uri: &Uri) -> Option<Lang> {
    let parts = uri.query().unwrap_or_default().split('&');
    parts
        .filter_map(|part| part.strip_prefix("lang="))
        .find_map(Lang::from_code)
}

/// `//host/` would lead to another site when used as a link.
fn here(method: &Method, uri: &Uri) -> Option<String> {
    if method != Method::GET || uri.path().starts_with("//") {
        return None;
    }
    let kept: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("lang="))
        .collect();
    match kept.is_empty() {
        true => Some(uri.path().to_string()),
        false => Some(format!("{}?{}", uri.path(), kept.join("&"))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    fn visit(method: Method, uri: &str, cookie: &'static str) -> Visit {
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookie))]);
        Visit::of(&method, &uri.parse().unwrap(), &headers)
    }

    #[test]
    fn the_query_outranks_the_cookie_and_english_is_the_default() {
        let table = [
            ("/a?lang=cy", "lang=en", Lang::Cy),
            ("/a?lang=fr", "lang=cy", Lang::Cy),
            ("/a", "other=1; lang=cy", Lang::Cy),
            ("/a", "lang=xx", Lang::En),
        ];
        for (uri, cookie, lang) in table {
            assert_eq!(visit(Method::GET, uri, cookie).lang, lang, "{uri} {cookie}");
        }
    }

    #[test]
    fn the_same_page_is_offered_in_the_other_language_but_not_after_a_form() {
        let other = |method, uri| visit(method, uri, "").in_language(Lang::Cy);
        assert_eq!(other(Method::GET, "/a/b").unwrap(), "/a/b?lang=cy");
        assert_eq!(
            other(Method::GET, "/a?page=2&lang=en").unwrap(),
            "/a?page=2&lang=cy"
        );
        assert_eq!(other(Method::POST, "/a"), None);
        assert_eq!(other(Method::GET, "//example.com/a"), None);
    }
}
