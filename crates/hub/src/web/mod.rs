//! The pages: a public form, a form for organisations, and the staff pages behind sign-in.
//!
//! ```text
//! request -> pages::guard (same origin, headers) -> session::admit (the table of pages) -> handler -> template
//! ```
//! [`pages`] is the one table of all pages and of who may see each. [`session::admit`] looks every request up
//! in it before any handler runs: a page that is not in the table cannot be reached, and a handler behind
//! sign-in cannot be reached by an account whose role lacks the page's verb. The store checks the verb again.

mod request;
pub mod session;
mod signin;
mod site;
mod staff;

use std::sync::Arc;

use ::pages::{Page, PagesError, Visit};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use casework::{Actor, Verb};

use crate::service::Hub;
pub use site::Site;

/// The largest form of a staff page, in bytes; the request's form has a limit of its own.
pub const STAFF_FORM_BYTES: usize = 64 * 1024;

/// The largest file that a page takes, in bytes; a prison's whole list is about three million.
pub const UPLOAD_BYTES: usize = 16 * 1024 * 1024;

/// One page, or one form that a page posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRoute {
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Whether it is read, posted, or both.
    pub methods: Methods,
    /// Who may.
    pub audience: Audience,
}

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methods {
    /// `GET` alone.
    Get,
    /// `POST` alone; answers with a redirect, or with the page that holds the form and its errors.
    Post,
    /// Both.
    GetPost,
}

/// Who may see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Public,
    /// A signed-in account whose role may do this.
    SignedIn(Verb),
    /// Anybody, in the demonstration alone: the role chooser.
    Demo,
}

impl Methods {
    /// Whether a request with this method is one of them.
    pub fn take(self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD => self != Self::Post,
            Method::POST => self != Self::Get,
            _ => false,
        }
    }
}

/// Every page of the hub. Assets and the exit belong to the shell and stand beside it.
pub fn pages() -> Vec<PageRoute> {
    use Audience::{Demo, Public, SignedIn};
    use Methods::{Get, GetPost, Post};
    let page = |path, methods, audience| PageRoute {
        path,
        methods,
        audience,
    };
    // Of all roles only a registered organisation may read receipts; that makes the verb of its pages.
    let organisation = SignedIn(Verb::ReadReceipt);
    vec![
        page("/", Get, Public),
        page("/request", GetPost, Public),
        page("/sign-in", GetPost, Demo),
        page("/sign-out", Post, Public),
        page("/refer", GetPost, organisation),
        page("/referrals", GetPost, organisation),
        page("/intelligence", GetPost, SignedIn(Verb::FileIntelligence)),
        page("/cases", GetPost, SignedIn(Verb::ReadCases)),
        page("/cases/{reference}", Get, SignedIn(Verb::ReadCases)),
        page("/cases/{reference}/locate", Post, SignedIn(Verb::WorkCases)),
        page(
            "/cases/{reference}/confirm-prisoner",
            Post,
            SignedIn(Verb::WorkCases),
        ),
        page("/cases/{reference}/assess", Post, SignedIn(Verb::WorkCases)),
        page("/cases/{reference}/decide", Post, SignedIn(Verb::WorkCases)),
        page("/cases/{reference}/targets", Post, SignedIn(Verb::WorkCases)),
        page(
            "/cases/{reference}/alias-numbers",
            Post,
            SignedIn(Verb::WorkCases),
        ),
        page("/cases/{reference}/bar-held", Post, SignedIn(Verb::WorkCases)),
        page("/cases/{reference}/propose-lift", Post, SignedIn(Verb::WorkCases)),
        page("/cases/{reference}/revoke-entry", Post, SignedIn(Verb::WorkCases)),
        page("/cases/{reference}/except", Post, SignedIn(Verb::WorkCases)),
        page(
            "/cases/{reference}/end-exception",
            Post,
            SignedIn(Verb::WorkCases),
        ),
        page("/cases/{reference}/alert-seen", Post, SignedIn(Verb::WorkCases)),
        page("/alerts", Get, SignedIn(Verb::ReadCases)),
        page("/attestations", Get, SignedIn(Verb::ReadAttestations)),
        page(
            "/attestations/{prison}/{date}",
            Get,
            SignedIn(Verb::ReadAttestations),
        ),
        page("/proposals", Get, SignedIn(Verb::ApproveCaseProposal)),
        page(
            "/proposals/{id}/approve",
            Post,
            SignedIn(Verb::ApproveCaseProposal),
        ),
        page("/proposals/{id}/withdraw", Post, SignedIn(Verb::WorkCases)),
        page("/letters", Get, SignedIn(Verb::ReadCases)),
        page("/letters/{id}/decide", Post, SignedIn(Verb::WorkCases)),
        page("/mailroom", GetPost, SignedIn(Verb::CheckLetter)),
        page("/prison", Get, SignedIn(Verb::ReadPrison)),
        page("/applications", Get, SignedIn(Verb::ReadCases)),
        page("/applications/{id}/bar", Post, SignedIn(Verb::WorkCases)),
        page("/applications/{id}/clear", Post, SignedIn(Verb::WorkCases)),
        page("/prison/applications", GetPost, SignedIn(Verb::ApplyForNumber)),
        page(
            "/prison/applications/{id}/refuse",
            Post,
            SignedIn(Verb::ApproveNumber),
        ),
        page("/prison/numbers", Get, SignedIn(Verb::ApplyForNumber)),
        page("/prison/numbers/list", Post, SignedIn(Verb::RevokeNumber)),
        page("/prison/numbers/revoke", Post, SignedIn(Verb::RevokeNumber)),
        page(
            "/prison/numbers/{id}/approve",
            Post,
            SignedIn(Verb::ApproveNumber),
        ),
        page(
            "/prison/numbers/{id}/withdraw",
            Post,
            SignedIn(Verb::ApplyForNumber),
        ),
        page("/prison/lists", GetPost, SignedIn(Verb::ApplyForNumber)),
        page("/prison/lists/{id}/propose", Post, SignedIn(Verb::ApplyForNumber)),
        page("/prison/lists/{id}/approve", Post, SignedIn(Verb::ApproveNumber)),
        page(
            "/prison/lists/{id}/withdraw",
            Post,
            SignedIn(Verb::ApplyForNumber),
        ),
        page("/audit", Get, SignedIn(Verb::ReadAudit)),
        page("/operations", Get, SignedIn(Verb::Operate)),
        page("/operations/enrolment-code", Post, SignedIn(Verb::Operate)),
        page("/operations/switch-on", Post, SignedIn(Verb::Operate)),
        page("/operations/propose", Post, SignedIn(Verb::Operate)),
        page("/operations/revoke-gate", Post, SignedIn(Verb::Operate)),
        page(
            "/operations/proposals/{id}/approve",
            Post,
            SignedIn(Verb::ApproveOperation),
        ),
        page(
            "/operations/proposals/{id}/withdraw",
            Post,
            SignedIn(Verb::Operate),
        ),
    ]
}

/// All page routes, guarded. `demo` mounts the role chooser and with it the staff pages. There is no other
/// sign-in yet: without it the staff pages are not there, and the log says so.
pub fn router(hub: Arc<Hub>, demo: bool) -> Result<Router, PagesError> {
    let site = Site::new(hub, demo)?;
    let mut routes = request::routes().merge(signin::routes());
    if demo {
        routes = routes.merge(staff::routes().layer(DefaultBodyLimit::max(STAFF_FORM_BYTES)));
        routes = routes.merge(staff::upload_routes().layer(DefaultBodyLimit::max(UPLOAD_BYTES)));
    } else {
        tracing::warn!(
            "no sign-in is configured: staff pages are not served; the public form and the JSON verbs are"
        );
    }
    let admitted = routes.layer(from_fn_with_state(Arc::clone(&site), session::admit));
    Ok(site.pages.guard(admitted).with_state(site))
}

/// A page of the referral form, with the header and the navigation of the account's role.
fn staff_page(visit: &Visit, title: impl Into<::pages::Sentence>, actor: &Actor) -> Page {
    staff::frame::page(visit, "/refer", title, actor)
}
