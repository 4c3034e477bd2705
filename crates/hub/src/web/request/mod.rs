//! The request, as a form: for anybody at `/request`, for a signed-in organisation at `/refer`.
//!
//! ```text
//! GET  -> an empty draft -> first page
//! POST -> what the page sent is put into the draft -> next page, the page again, or take_request -> receipt
//! ```
//! After the first page everything is POST, so that neither the history nor the address bar tells what was
//! typed. A request that is sent, gone back to, changed and sent again becomes a second request linked to
//! the first; the first stands, so both numbers are barred.

mod draft;
mod posted;
mod receipt;
mod step;

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use casework::{Actor, OrganisationKind, Reference, ReferrerKind, Role};
use pages::{FieldErrors, Page, Visit};
use serde::Serialize;

use super::session::SignedInActor;
use super::site::Site;
use crate::callers::public_caller;
use crate::error::HubError;
use crate::intake::take_request;
use crate::store::{IdempotencyKey, Receipt};
use draft::Draft;
use posted::{Posted, Wish};
use step::Step;

/// The largest form that is read, in bytes: every field of the largest request, escaped.
const FORM_BYTES: usize = 1024 * 1024;

/// Bytes of randomness in a draft's token.
const TOKEN_BYTES: usize = 16;

/// The routes of the form.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(start))
        .route("/request", get(begin_public).post(go_on_public))
        .route("/refer", get(begin_referral).post(go_on_referral))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

/// Who fills in the form, and where.
struct Asker {
    actor: Actor,
    path: &'static str,
    organisation: Option<ReferrerKind>,
}

impl Asker {
    fn anybody() -> Self {
        Self { actor: public_caller(), path: "/request", organisation: None }
    }

    /// A signed-in organisation; `None` for any other account.
    fn organisation(actor: Actor) -> Option<Self> {
        let Role::Referrer { organisation } = actor.role else { return None };
        let kind = match organisation {
            OrganisationKind::Police => ReferrerKind::Police,
            OrganisationKind::Probation => ReferrerKind::Probation,
            OrganisationKind::Prison => ReferrerKind::Prison,
            OrganisationKind::VictimService => ReferrerKind::VictimService,
        };
        Some(Self { actor, path: "/refer", organisation: Some(kind) })
    }

    fn page(&self, visit: &Visit) -> Page {
        match self.organisation {
            None => Page::public(visit, "request-title"),
            Some(_) => super::staff_page(visit, "request-title", &self.actor),
        }
    }
}

async fn start(State(site): State<Arc<Site>>, visit: Visit) -> Response {
    let page = Page::public(&visit, "request-title");
    site.pages.render("request/start.html", &page, ())
}

async fn begin_public(State(site): State<Arc<Site>>, visit: Visit) -> Response {
    begin(&site, &visit, &Asker::anybody())
}

async fn begin_referral(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
) -> Response {
    match Asker::organisation(actor) {
        Some(asker) => begin(&site, &visit, &asker),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn go_on_public(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    go_on(&site, &visit, &Asker::anybody(), Posted(fields)).await
}

async fn go_on_referral(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    match Asker::organisation(actor) {
        Some(asker) => go_on(&site, &visit, &asker, Posted(fields)).await,
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

fn begin(site: &Site, visit: &Visit, asker: &Asker) -> Response {
    let mut token = [0; TOKEN_BYTES];
    site.hub.seams.random.fill(&mut token);
    let draft = Draft::new(data_encoding::HEXLOWER.encode(&token));
    show(site, visit, asker, Step::Who, &draft, FieldErrors::new())
}

/// Puts what was sent into the draft and does what the pressed button says.
async fn go_on(site: &Site, visit: &Visit, asker: &Asker, posted: Posted) -> Response {
    let Some(mut draft) = unseal(site, posted.text("sealed")) else {
        let page = asker.page(visit).with_errors(again());
        return site.pages.render("request/start.html", &page, ());
    };
    let step = Step::from_name(posted.text("step"));
    posted.fill(step, &mut draft);
    let next = match posted.wish() {
        Wish::Back => step.back(),
        Wish::Change(to) => to,
        Wish::AddPerson | Wish::RemovePerson(_) | Wish::AddNumber(_) | Wish::AddAddress(_) => {
            make_room(&mut draft, posted.wish());
            step
        }
        Wish::Submit => match Step::first_with_errors(&draft) {
            None => return submit(site, visit, asker, &draft).await,
            Some(wrong) => return show_with_errors(site, visit, asker, wrong, &draft),
        },
        Wish::Next if !step.errors(&draft).is_empty() => {
            return show_with_errors(site, visit, asker, step, &draft);
        }
        Wish::Next => step.next(),
    };
    show(site, visit, asker, next, &draft, FieldErrors::new())
}

fn make_room(draft: &mut Draft, wish: Wish) {
    match wish {
        Wish::AddPerson => draft.add_person(),
        Wish::RemovePerson(at) if at < draft.people.len() && draft.people.len() > 1 => {
            draft.people.remove(at);
        }
        Wish::AddNumber(at) => draft.people.get_mut(at).into_iter().for_each(draft::Person::add_number),
        Wish::AddAddress(at) => draft.people.get_mut(at).into_iter().for_each(draft::Person::add_address),
        _ => {}
    }
}

/// Files the request. The draft's token is the idempotency key: sent twice unchanged it is one request,
/// sent again with other answers it is a second one, linked to the first.
async fn submit(site: &Site, visit: &Visit, asker: &Asker, draft: &Draft) -> Response {
    match file(site, asker, draft).await {
        Ok((receipt, linked)) => receipt::show(site, visit.lang, asker.page(visit), receipt, linked),
        Err(HubError::Incomplete(_) | HubError::Invalid { .. }) => {
            let wrong = Step::first_with_errors(draft).unwrap_or(Step::People);
            let mut errors = wrong.errors(draft);
            if errors.is_empty() {
                errors.add("people-0-numbers-0", "request-error-too-long");
            }
            show(site, visit, asker, wrong, draft, errors)
        }
        Err(HubError::Refused(_)) => StatusCode::FORBIDDEN.into_response(),
        Err(HubError::TooMany) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn file(site: &Site, asker: &Asker, draft: &Draft) -> Result<(Receipt, bool), HubError> {
    let request = draft.to_request(asker.organisation);
    let body = serde_json::to_vec(&request).map_err(|_| HubError::Unavailable)?;
    let first = site.hub.idempotency_key(draft.token.clone(), &body);
    match take_request(&site.hub, &asker.actor, Some(first), request.clone(), None).await {
        Err(HubError::Conflict(_)) => {}
        filed => return filed.map(|receipt| (receipt, false)),
    }
    let earlier = earlier_reference(site, asker, &draft.token).await?;
    // The answers are part of this key, so that sending the corrected form twice is one request too.
    let key = format!("{}-{}", draft.token, site.hub.idempotency_key(String::new(), &body).body_hash);
    let corrected: IdempotencyKey = site.hub.idempotency_key(key, &body);
    let filed = take_request(&site.hub, &asker.actor, Some(corrected), request, Some(earlier)).await;
    filed.map(|receipt| (receipt, true))
}

async fn earlier_reference(site: &Site, asker: &Asker, token: &str) -> Result<Reference, HubError> {
    let earlier = site.hub.store.filed_under(&asker.actor, token).await?;
    earlier.ok_or(HubError::Unavailable)
}

fn again() -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.add("main-content", "request-error-again");
    errors
}

#[derive(Serialize)]
struct Shown<'a> {
    draft: &'a Draft,
    step: &'static str,
    place: usize,
    path: &'static str,
    organisation: bool,
    sealed: String,
}

fn show_with_errors(site: &Site, visit: &Visit, asker: &Asker, step: Step, draft: &Draft) -> Response {
    show(site, visit, asker, step, draft, step.errors(draft))
}

fn show(
    site: &Site,
    visit: &Visit,
    asker: &Asker,
    step: Step,
    draft: &Draft,
    errors: FieldErrors,
) -> Response {
    let Some(sealed) = seal(site, draft) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let page = asker.page(visit).with_errors(errors);
    let organisation = asker.organisation.is_some();
    let shown = Shown { draft, step: step.name(), place: step.place() + 1, path: asker.path, organisation, sealed };
    site.pages.render(step.template(), &page, shown)
}

/// Where sealed drafts belong, for the key under which they are sealed.
const TABLE: &str = "form";
const COLUMN: &str = "draft";

fn seal(site: &Site, draft: &Draft) -> Option<String> {
    let plain = serde_json::to_vec(draft).ok()?;
    let sealed = site.hub.keys.seal_field(TABLE, COLUMN, "", &plain, site.hub.seams.random.as_ref());
    Some(data_encoding::BASE64URL_NOPAD.encode(&sealed))
}

fn unseal(site: &Site, sealed: &str) -> Option<Draft> {
    let sealed = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let plain = site.hub.keys.open_field(TABLE, COLUMN, "", &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}
