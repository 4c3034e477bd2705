//! One case, on one page: what is barred and whether it is in force, then the steps of the work, then what
//! came of it.
//!
//! ```text
//! open_case (audited) + proof + attempts + holders -> the page
//! POST -> one verb -> redirect to the part of the page that it changed, or the page with what to mend
//! ```

mod aliases;
mod attempts;
mod exceptions;
mod holders;
mod locate;
mod proofs;
mod requests;
mod targets;
mod timeline;
mod view;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use casework::{Actor, CaseId, Reference};
use pages::{FieldErrors, Page, Sentence, Visit};

use super::fields::Fields;
use super::{ToldBy, done, frame, refusal};
use crate::error::HubError;
use crate::store::{CaseFile, CaseKey, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/cases/{reference}", get(open))
        .route("/cases/{reference}/locate", post(locate::search))
        .route("/cases/{reference}/confirm-prisoner", post(locate::confirm))
        .route("/cases/{reference}/assess", post(work::assess))
        .route("/cases/{reference}/decide", post(work::decide))
        .route("/cases/{reference}/targets", post(work::add_target))
        .route("/cases/{reference}/alias-numbers", post(aliases::add))
        .route("/cases/{reference}/bar-held", post(work::bar_held))
        .route("/cases/{reference}/propose-lift", post(work::propose_lift))
        .route("/cases/{reference}/revoke-entry", post(holders::revoke_entry))
        .route("/cases/{reference}/except", post(exceptions::except))
        .route("/cases/{reference}/end-exception", post(exceptions::end))
}

/// What the page shows besides what is on record: the form that was sent and what to mend in it.
#[derive(Default)]
struct Shown {
    typed: Fields,
    errors: FieldErrors,
    finished: Option<&'static str>,
    form: Form,
    /// Whom the handler searched for; none shows whom the request names.
    search: Option<locate::Asked>,
}

/// The form that is shown again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// None: the page as it stands.
    #[default]
    None,
    Assess,
    Decide,
    Other,
}

impl Shown {
    fn again(form: Form, typed: Fields, errors: FieldErrors) -> Self {
        Self {
            typed,
            errors,
            form,
            ..Self::default()
        }
    }
}

async fn open(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    let Some(key) = key(&named) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let shown = Shown {
        finished: told.finished(),
        ..Shown::default()
    };
    show(&site, &visit, &actor, key, shown).await
}

/// A case is named by its reference, or by its identifier, as the audit names it.
fn key(named: &str) -> Option<CaseKey> {
    let by_reference = named.parse::<Reference>().ok().map(CaseKey::Reference);
    by_reference.or_else(|| named.parse::<CaseId>().ok().map(CaseKey::Id))
}

/// The case that a posted form belongs to.
struct Posted {
    reference: Reference,
    case: CaseId,
}

impl Posted {
    async fn find(site: &Site, actor: &Actor, named: &str) -> Result<Self, PageError> {
        let reference: Reference = named.parse().map_err(|_| HubError::NotFound)?;
        let case = site
            .hub
            .store
            .case_of(actor, &reference)
            .await?
            .ok_or(HubError::NotFound)?;
        Ok(Self { reference, case })
    }

    fn done(&self, part: &str, code: &'static str) -> Response {
        done(&format!("/cases/{}#{part}", self.reference), code)
    }

    fn key(&self) -> CaseKey {
        CaseKey::Id(self.case)
    }
}

/// The page with a refusal of the store beside `field`, or a page of the shell for what this page cannot tell.
async fn refused(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    (posted, form, typed): (&Posted, Form, Fields),
    (field, error): (&str, StoreError),
) -> Result<Response, PageError> {
    let Some(sentence) = refusal::sentence(&error) else {
        return Err(error.into());
    };
    let mut errors = FieldErrors::new();
    errors.add(field.to_owned(), sentence);
    show(
        site,
        visit,
        actor,
        posted.key(),
        Shown::again(form, typed, errors),
    )
    .await
}

/// Everything on record, as it stands now. The opening is audited before anything shows.
async fn show(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    key: CaseKey,
    shown: Shown,
) -> Result<Response, PageError> {
    let file = site.hub.store.open_case(actor, key).await?;
    let context = view::context(site, visit.lang, actor, &file, &shown).await?;
    let page = page(visit, actor, &file).with_errors(shown.errors);
    Ok(site.pages.render("staff/case.html", &page, context))
}

fn page(visit: &Visit, actor: &Actor, file: &CaseFile) -> Page {
    let title = Sentence::new("case-title").with("reference", file.reference.as_str());
    frame::page(visit, "/cases", title, actor)
        .with_back("/cases")
        .with_next(view::next(file))
}
