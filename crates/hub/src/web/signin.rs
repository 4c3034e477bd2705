//! Signing in and out. The demonstration has a role chooser: each account of its store is a button. A hub
//! outside the demonstration has no such thing, and says so.

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use casework::{AccountId, Actor, Role};
use pages::{Page, Visit};
use serde::{Deserialize, Serialize};

use super::session::{self, Token};
use super::site::{PageError, Site};
use super::staff::frame::{home, role_sentence};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/sign-in", get(choose).post(sign_in))
        .route("/sign-out", post(sign_out))
}

/// The accounts that do one kind of work.
#[derive(Serialize)]
struct Group {
    /// The end of the sentence's key.
    kind: &'static str,
    accounts: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    id: AccountId,
    name: String,
    role: String,
}

async fn choose(State(site): State<Arc<Site>>, visit: Visit) -> Result<Response, PageError> {
    let page = Page::public(&visit, "signin-title");
    if !site.demo {
        return Ok(site.pages.render("staff/signin_missing.html", &page, ()));
    }
    let accounts = site.hub.store.accounts().await?;
    let groups = KINDS.iter().map(|kind| group(&site, &visit, kind, &accounts));
    let groups: Vec<Group> = groups.filter(|group| !group.accounts.is_empty()).collect();
    Ok(site.pages.render("staff/signin.html", &page, view! { groups }))
}

const KINDS: [&str; 6] = ["cases", "refer", "letters", "prison", "audit", "operate"];

fn kind_of(role: &Role) -> Option<&'static str> {
    match role {
        Role::CaseHandler => Some("cases"),
        Role::Referrer { .. } => Some("refer"),
        Role::Mailroom { .. } => Some("letters"),
        Role::PinphoneClerk { .. } | Role::PrisonSecurity { .. } | Role::Governor { .. } => Some("prison"),
        Role::Auditor => Some("audit"),
        Role::Operator => Some("operate"),
        Role::Public | Role::PrisonService | Role::Service => None,
    }
}

fn group(site: &Site, visit: &Visit, kind: &'static str, accounts: &[Actor]) -> Group {
    let of_kind = accounts.iter().filter(|actor| kind_of(&actor.role) == Some(kind));
    let choice = |actor: &Actor| Choice {
        id: actor.account,
        name: actor.name.clone(),
        role: site
            .pages
            .say(visit.lang, &role_sentence(&actor.role))
            .unwrap_or_default(),
    };
    Group {
        kind,
        accounts: of_kind.map(choice).collect(),
    }
}

#[derive(Deserialize)]
struct Chosen {
    account: AccountId,
}

/// Opens a session for the chosen account, closing the one before.
async fn sign_in(
    State(site): State<Arc<Site>>,
    Token(before): Token,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if !site.demo {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let Some(actor) = site.hub.store.account(chosen.account).await? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let Some(home) = home(&actor.role) else {
        return Ok(StatusCode::FORBIDDEN.into_response());
    };
    if let Some(before) = before {
        site.hub.store.close_session(&before).await?;
    }
    let cookie = session::open(&site, actor.account).await?;
    let mut answer = Redirect::to(home).into_response();
    answer.headers_mut().append(SET_COOKIE, cookie);
    Ok(answer)
}

async fn sign_out(State(site): State<Arc<Site>>, Token(token): Token) -> Result<Response, PageError> {
    let mut answer = Redirect::to("/sign-in").into_response();
    session::close(&site, token.as_deref(), answer.headers_mut()).await?;
    let kept = HeaderValue::from_static("\"cache\", \"storage\"");
    answer.headers_mut().insert(CLEAR_SITE_DATA, kept);
    Ok(answer)
}
