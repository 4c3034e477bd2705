//! Who is signed in, and who may come in: before any handler runs, every request is looked up in the table
//! of pages.
//!
//! The session is a cookie with a random token, of which the store keeps a hash. The cookie is for this
//! browser session, for this site alone, and out of scripts' reach.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use casework::{AccountId, Actor};

use super::site::{PageError, Site};
use super::table::{Audience, page_at};

/// The cookie's name.
pub const COOKIE_NAME: &str = "session";

/// Longer than any token that the hub gives out; a longer cookie is not looked at.
const TOKEN_BYTES: usize = 128;

/// The account that [`admit`] let in. A handler that asks for it is never run without one.
#[derive(Clone, Debug)]
pub struct SignedInActor(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for SignedInActor {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Redirect> {
        parts.extensions.get::<Self>().cloned().ok_or_else(to_sign_in)
    }
}

/// The session that a request carries, signed in or not.
pub(super) struct Token(pub(super) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(token(&parts.headers).map(str::to_owned)))
    }
}

/// A layer round all pages: finds the page in the table and lets in whom the table names. Anything that is
/// not in the table is not found, so a route that was forgotten there cannot be reached by anybody.
pub(super) async fn admit(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let Some(page) = path.and_then(|path| page_at(&path, request.method())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Audience::SignedIn(verb) = page.audience else {
        return next.run(request).await;
    };
    match signed_in(&site, request.headers()).await {
        Ok(None) => to_sign_in().into_response(),
        Ok(Some(actor)) if !actor.role.may(verb) => StatusCode::FORBIDDEN.into_response(),
        Ok(Some(actor)) => {
            request.extensions_mut().insert(SignedInActor(actor));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Opens a session and gives the browser its cookie.
pub(super) async fn open(site: &Site, account: AccountId) -> Result<HeaderValue, PageError> {
    let token = site.hub.store.open_session(account).await?;
    cookie(site, token.expose())
}

/// Closes the session, if the request carried one, and takes the cookie back.
pub(super) async fn close(
    site: &Site,
    token: Option<&str>,
    headers: &mut HeaderMap,
) -> Result<(), PageError> {
    if let Some(token) = token {
        site.hub.store.close_session(token).await?;
    }
    let gone = HeaderValue::from_static("session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    headers.append(SET_COOKIE, gone);
    Ok(())
}

async fn signed_in(site: &Site, headers: &HeaderMap) -> Result<Option<Actor>, PageError> {
    match token(headers) {
        Some(token) => Ok(site.hub.store.find_session(token).await?),
        None => Ok(None),
    }
}

fn to_sign_in() -> Redirect {
    Redirect::to("/sign-in")
}

/// On this machine's loopback a browser may have no TLS to ask for; everywhere else the cookie needs it.
fn cookie(site: &Site, token: &str) -> Result<HeaderValue, PageError> {
    let secure = if site.demo { "" } else { "; Secure" };
    let text = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(|_| PageError(crate::error::HubError::Unavailable))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.find(|(name, _)| *name == COOKIE_NAME)?.1;
    (!found.is_empty() && found.len() <= TOKEN_BYTES).then_some(found)
}
