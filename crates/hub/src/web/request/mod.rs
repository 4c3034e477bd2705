//! The request, as a form: for anybody at `/request`, for a signed-in organisation at `/refer`.
//!
//! ```text
//! GET           -> an empty draft -> first page
//! POST          -> what the page sent is put into the draft (and sent: take_request) -> kept -> redirect
//! GET ?page=N   -> what is kept -> that page, with what is wrong in it, or the receipt
//! ```
//! Everything that is typed is posted, so that no address tells it, and every POST leads to a page of its own,
//! so that the browser's files do not keep it either: see [`kept`]. A request that is sent, gone back to, changed and sent again becomes a second request linked to
//! the first; the first stands, so both numbers are barred.

mod channel;
mod draft;
mod kept;
mod order;
mod posted;
mod receipt;
mod remarks;
mod step;

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use casework::{Actor, OrganisationKind, Reference, ReferrerKind, RequestLimits, Role};
use pages::{FieldErrors, Page, Visit};
use serde::{Deserialize, Serialize};

use super::session::SignedInActor;
use super::site::Site;
use crate::callers::public_caller;
use crate::error::HubError;
use crate::intake::take_request;
use crate::store::{IdempotencyKey, Receipt};
use draft::{Dates, Draft};
use kept::{Keeper, Standing, lead};
use posted::{Posted, Wish};
use remarks::Remarks;
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
        .layer(Keeper::layer())
}

/// Which page of the form is asked for, from 1; without it a new form is begun.
#[derive(Deserialize)]
struct At {
    page: Option<String>,
}

impl At {
    /// The page's place, from 0; what is no number leads to the first page.
    fn place(&self) -> Option<usize> {
        let page = self.page.as_deref()?;
        Some(page.parse().unwrap_or(1).max(1) - 1)
    }
}

/// Who fills in the form, and where.
struct Asker {
    actor: Actor,
    path: &'static str,
    organisation: Option<ReferrerKind>,
}

impl Asker {
    fn anybody() -> Self {
        Self {
            actor: public_caller(),
            path: "/request",
            organisation: None,
        }
    }

    /// A signed-in organisation; `None` for any other account.
    fn organisation(actor: Actor) -> Option<Self> {
        let Role::Referrer { organisation } = actor.role else {
            return None;
        };
        let kind = match organisation {
            OrganisationKind::Police => ReferrerKind::Police,
            OrganisationKind::Probation => ReferrerKind::Probation,
            OrganisationKind::Prison => ReferrerKind::Prison,
            OrganisationKind::VictimService => ReferrerKind::VictimService,
        };
        Some(Self {
            actor,
            path: "/refer",
            organisation: Some(kind),
        })
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

async fn begin_public(
    State(site): State<Arc<Site>>,
    visit: Visit,
    keeper: Keeper,
    Query(at): Query<At>,
) -> Response {
    look(&site, &visit, &Asker::anybody(), &keeper, &at)
}

async fn begin_referral(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    keeper: Keeper,
    Query(at): Query<At>,
) -> Response {
    match Asker::organisation(actor) {
        Some(asker) => look(&site, &visit, &asker, &keeper, &at),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn go_on_public(
    State(site): State<Arc<Site>>,
    keeper: Keeper,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    go_on(&site, &Asker::anybody(), keeper, Posted(fields)).await
}

async fn go_on_referral(
    State(site): State<Arc<Site>>,
    SignedInActor(actor): SignedInActor,
    keeper: Keeper,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    match Asker::organisation(actor) {
        Some(asker) => go_on(&site, &asker, keeper, Posted(fields)).await,
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

/// Shows a new form, or one page of the form that this browser is filling in.
fn look(site: &Site, visit: &Visit, asker: &Asker, keeper: &Keeper, at: &At) -> Response {
    let Some(place) = at.place() else {
        return begin(site, visit, asker);
    };
    let Some(Standing { draft, wrong, sent }) = keeper.standing(site) else {
        let page = asker.page(visit).with_errors(again());
        return site.pages.render("request/start.html", &page, ());
    };
    if let (Some((receipt, linked)), true) = (sent, place >= Step::COUNT) {
        return receipt::show(site, visit.lang, asker.page(visit), receipt, linked);
    }
    let step = Step::from_place(place);
    let errors = if wrong == Some(step) {
        faults(step, &draft)
    } else {
        FieldErrors::new()
    };
    show(site, visit, asker, step, &draft, errors)
}

fn begin(site: &Site, visit: &Visit, asker: &Asker) -> Response {
    let token = data_encoding::HEXLOWER.encode(&site.hub.seams.bytes::<TOKEN_BYTES>());
    show(
        site,
        visit,
        asker,
        Step::Who,
        &Draft::new(token),
        FieldErrors::new(),
    )
}

/// Puts what was sent into the draft and does what the pressed button says.
async fn go_on(site: &Site, asker: &Asker, keeper: Keeper, posted: Posted) -> Response {
    let Some(mut draft) = unseal(site, posted.text("sealed")) else {
        return lead(asker.path, 1);
    };
    let step = Step::from_name(posted.text("step"));
    posted.fill(step, &mut draft);
    let Some((next, wrong)) = turn(step, posted.wish(), &mut draft) else {
        return submit(site, asker, keeper, draft).await;
    };
    keeper.keep(
        site,
        asker.path,
        next.place() + 1,
        &Standing {
            draft,
            wrong,
            sent: None,
        },
    )
}

/// The page that comes next, and whether it is shown with what to mend; none when all is there and the request is to be
/// filed.
fn turn(step: Step, wish: Wish, draft: &mut Draft) -> Option<(Step, Option<Step>)> {
    Some(match wish {
        Wish::Back => (step.back(), None),
        Wish::Change(to) => (to, None),
        Wish::Room(room) => {
            draft.change_room(room);
            (step, None)
        }
        Wish::Submit => {
            let wrong = Step::first_with_errors(draft)?;
            (wrong, Some(wrong))
        }
        Wish::Next if !step.errors(draft).is_empty() => (step, Some(step)),
        Wish::Next => (step.next(), None),
    })
}

/// Files the request. The draft's token is the idempotency key: sent twice unchanged it is one request,
/// sent again with other answers it is a second one, linked to the first.
async fn submit(site: &Site, asker: &Asker, keeper: Keeper, draft: Draft) -> Response {
    let (place, wrong, sent) = match file(site, asker, &draft).await {
        Ok(sent) => (Step::COUNT, None, Some(sent)),
        Err(HubError::Incomplete(_) | HubError::Invalid { .. }) => {
            let wrong = Step::first_with_errors(&draft).unwrap_or(Step::People);
            (wrong.place(), Some(wrong), None)
        }
        Err(HubError::Refused(_)) => return StatusCode::FORBIDDEN.into_response(),
        Err(HubError::TooMany) => return StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    keeper.keep(site, asker.path, place + 1, &Standing { draft, wrong, sent })
}

/// What is to be mended on a page. Only what the hub as a whole finds too long is not found by the page itself.
fn faults(step: Step, draft: &Draft) -> FieldErrors {
    let mut errors = step.errors(draft);
    if errors.is_empty() && step == Step::People {
        errors.add("people-0-numbers-0", "request-error-too-long");
    }
    errors
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
    let key = format!(
        "{}-{}",
        draft.token,
        site.hub.idempotency_key(String::new(), &body).body_hash
    );
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
    dates: Dates,
    remarks: Vec<Remarks>,
    most: Most,
}

/// How many of each there can be; the page offers no more.
#[derive(Serialize)]
struct Most {
    people: usize,
    per_person: usize,
    orders: usize,
}

const MOST: Most = Most {
    people: RequestLimits::DEFAULT.people,
    per_person: RequestLimits::DEFAULT.per_person,
    orders: RequestLimits::DEFAULT.orders,
};

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
    let remarks = |person| Remarks::of(person, &site.hub.always_allowed);
    let shown = Shown {
        draft,
        step: step.name(),
        place: step.place() + 1,
        path: asker.path,
        organisation,
        sealed,
        dates: draft.dates(),
        remarks: draft.people.iter().map(remarks).collect(),
        most: MOST,
    };
    site.pages.render(step.template(), &page, shown)
}

/// Where sealed drafts belong, for the key under which they are sealed.
const TABLE: &str = "form";
const COLUMN: &str = "draft";

fn seal(site: &Site, draft: &Draft) -> Option<String> {
    let plain = serde_json::to_vec(draft).ok()?;
    let sealed = site
        .hub
        .keys
        .seal_field(TABLE, COLUMN, "", &plain, site.hub.seams.random.as_ref());
    Some(data_encoding::BASE64URL_NOPAD.encode(&sealed))
}

fn unseal(site: &Site, sealed: &str) -> Option<Draft> {
    let sealed = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let plain = site.hub.keys.open_field(TABLE, COLUMN, "", &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}
