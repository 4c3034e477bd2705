//! How every form of the staff pages is answered: one way for all of them.
//!
//! ```text
//! form -> verb -> redirect to the place, which says what has been done
//!              -> the place again: what to mend beside its field (422), or what the store refused on top (409)
//!              -> a page of the shell (not found, damaged)
//! ```
//! A [`Desk`] is who asks, in which language, of which hub. A [`Place`] is a page on which forms are answered; its
//! file says what it shows, and nothing else of the above.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Redirect, Response};
use casework::{Actor, ProposedChange};
use minijinja::{Value, context};
use pages::{FieldErrors, Lang, Page, Sentence, Visit};
use prison::PrisonId;
use serde::Deserialize;

use super::fields::Fields;
use super::{DONE, done, frame, refusal};
use crate::error::HubError;
use crate::store::{Store, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site, view};

/// What a handler gives back: a page or a redirect, or the status of a page of the shell.
pub(super) type Answer = Result<Response, PageError>;

/// Who asks, in which language, of which hub.
pub(super) struct Desk {
    pub(super) site: Arc<Site>,
    pub(super) actor: Actor,
    visit: Visit,
}

/// A page of the navigation on which forms are answered.
pub(super) trait Place: 'static {
    /// Its address.
    const PATH: &'static str;
    /// What it says beside a reason that is missing.
    const SAY_WHY: &'static str = "staff-error-reason";

    /// The page as things stand now, and what it tells.
    fn show(desk: &Desk, told: Told) -> impl Future<Output = Answer> + Send;

    /// The sentence for a refusal that the page itself tells; none for what makes a page of its own.
    fn refusal(error: &StoreError) -> Option<&'static str> {
        refusal::sentence(error)
    }
}

/// What a page tells besides what is on record.
#[derive(Default)]
pub(super) struct Told {
    /// The form as it was sent, to be shown again.
    pub(super) typed: Fields,
    /// What to mend in it.
    pub(super) errors: FieldErrors,
    /// What has just been done: the end of a sentence that begins `done-`.
    pub(super) finished: Option<&'static str>,
    /// What the store refused.
    pub(super) problem: Option<&'static str>,
}

impl Told {
    /// The form again, with what to mend.
    pub(super) fn mend(typed: Fields, errors: FieldErrors) -> Self {
        Self {
            typed,
            errors,
            ..Self::default()
        }
    }
}

/// What a page is told by the redirect that led to it.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

impl From<Done> for Told {
    /// Anything but one of our codes shows nothing.
    fn from(told: Done) -> Self {
        Self {
            finished: DONE.into_iter().find(|code| *code == told.done),
            ..Self::default()
        }
    }
}

/// Opens a place.
pub(super) async fn open<P: Place>(desk: Desk, Query(told): Query<Done>) -> Answer {
    P::show(&desk, told.into()).await
}

impl Desk {
    pub(super) fn store(&self) -> &Store {
        &self.site.hub.store
    }

    pub(super) fn lang(&self) -> Lang {
        self.visit.lang
    }

    /// A sentence in the reader's language; nothing for a key that there is not.
    pub(super) fn say(&self, sentence: impl Into<Sentence>) -> String {
        self.site
            .pages
            .say(self.lang(), &sentence.into())
            .unwrap_or_default()
    }

    /// The prison to which the account belongs; not found for all others.
    pub(super) fn prison(&self) -> Result<PrisonId, PageError> {
        self.actor.role.prison().ok_or(PageError(HubError::NotFound))
    }

    /// A page that belongs to a place of the navigation.
    pub(super) fn page(&self, place: &str, title: impl Into<Sentence>) -> Page {
        frame::page(&self.visit, place, title, &self.actor)
    }

    /// The page with what it tells: its template knows that as `typed`, `errors`, `finished` and `problem`.
    pub(super) fn render(&self, template: &str, page: Page, told: Told, shown: Value) -> Response {
        let Told {
            typed,
            errors,
            finished,
            problem,
        } = told;
        let status = match problem {
            Some(_) => StatusCode::CONFLICT,
            None => StatusCode::OK,
        };
        let page = page.with_status(status).with_errors(errors);
        let told = view! { typed, finished, problem };
        let context = context! { ..told, ..shown };
        self.site.pages.render(template, &page, context)
    }

    /// Answers with `answered`, or with the place and why the store refused.
    pub(super) async fn answer<P: Place>(
        &self,
        outcome: Result<(), StoreError>,
        answered: Response,
    ) -> Answer {
        let Err(error) = outcome else {
            return Ok(answered);
        };
        let problem = Some(P::refusal(&error).ok_or(error)?);
        let told = Told {
            problem,
            ..Told::default()
        };
        P::show(self, told).await
    }

    /// Proposes with the reason that was typed; without one says so beside `field`.
    pub(super) async fn propose<P: Place>(
        &self,
        change: ProposedChange,
        typed: Fields,
        field: &str,
    ) -> Answer {
        let mut errors = FieldErrors::new();
        let Some(reason) = typed.words("reason", field, P::SAY_WHY, &mut errors) else {
            return P::show(self, Told::mend(typed, errors)).await;
        };
        let proposed = self.store().propose(&self.actor, change, reason.expose()).await;
        self.answer::<P>(proposed.map(drop), done(P::PATH, "proposed"))
            .await
    }
}

impl FromRequestParts<Arc<Site>> for Desk {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Redirect> {
        let SignedInActor(actor) = SignedInActor::from_request_parts(parts, site).await?;
        let Ok(visit) = Visit::from_request_parts(parts, site).await;
        Ok(Self {
            site: Arc::clone(site),
            actor,
            visit,
        })
    }
}
