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
mod table;

use std::sync::Arc;

use ::pages::{Page, PagesError, Visit};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use casework::Actor;

use crate::service::Hub;
pub use site::Site;
pub use table::{Audience, Methods, PageRoute, pages};

/// The largest form of a staff page, in bytes; the request's form has a limit of its own.
pub const STAFF_FORM_BYTES: usize = 64 * 1024;

/// The largest file that a page takes, in bytes; a prison's whole list is about three million.
pub const UPLOAD_BYTES: usize = 16 * 1024 * 1024;

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
