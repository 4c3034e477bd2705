//! One case, on one page: what is barred and whether it is in force, then the steps of the work, then what
//! came of it.
//!
//! ```text
//! open_case (audited) + proof + attempts + holders -> the page
//! POST -> one verb -> redirect to the part of the page that it changed, or the page with what to mend
//! ```

mod alerted;
mod aliases;
mod assess;
mod attempts;
mod calls;
mod decide;
pub(super) mod evidence;
mod exceptions;
mod holders;
mod locate;
mod posted;
mod proofs;
mod requests;
mod seen;
mod targets;
mod timeline;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::{get, post};
use casework::{CaseId, Reference};
use pages::Sentence;

use self::posted::Posted;
use super::desk::{Answer, Desk, Done, Told};
use crate::error::HubError;
use crate::store::CaseKey;
use crate::web::site::Site;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/cases/{reference}", get(open))
        .route("/cases/{reference}/locate", post(locate::search))
        .route("/cases/{reference}/confirm-prisoner", post(locate::confirm))
        .route("/cases/{reference}/wrong-prisoner", post(locate::reject))
        .route("/cases/{reference}/going-out", post(locate::going_out))
        .route("/cases/{reference}/in-hand", post(calls::take))
        .route("/cases/{reference}/calls", post(calls::search))
        .route("/cases/{reference}/assess", post(assess::assess))
        .route("/cases/{reference}/decide", post(decide::decide))
        .route("/cases/{reference}/targets", post(targets::add))
        .route("/cases/{reference}/alias-numbers", post(aliases::add))
        .route("/cases/{reference}/bar-held", post(targets::bar_held))
        .route("/cases/{reference}/propose-lift", post(targets::propose_lift))
        .route("/cases/{reference}/revoke-entry", post(holders::revoke_entry))
        .route("/cases/{reference}/except", post(exceptions::except))
        .route("/cases/{reference}/end-exception", post(exceptions::end))
        .route("/cases/{reference}/alert-seen", post(seen::seen))
}

/// What the page shows besides what is on record.
#[derive(Default)]
struct Shown {
    /// The form that was sent and what to mend in it, or what has just been done.
    told: Told,
    form: Form,
    /// Whom the handler searched for; none shows whom the request names.
    search: Option<locate::Asked>,
    /// What a search by the call found.
    calls: Option<calls::Found>,
}

/// The form that is shown again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    Assess,
    Decide,
    /// Another, or none: the page as it stands.
    #[default]
    Other,
}

async fn open(desk: Desk, Path(named): Path<String>, Query(told): Query<Done>) -> Answer {
    let shown = Shown {
        told: told.into(),
        ..Shown::default()
    };
    show(&desk, key(&named).ok_or(HubError::NotFound)?, shown).await
}

/// A case is named by its reference, or by its identifier, as the audit names it.
fn key(named: &str) -> Option<CaseKey> {
    let by_reference = named.parse::<Reference>().ok().map(CaseKey::Reference);
    by_reference.or_else(|| named.parse::<CaseId>().ok().map(CaseKey::Id))
}

/// Everything on record, as it stands now. The opening is audited before anything shows.
async fn show(desk: &Desk, key: CaseKey, mut shown: Shown) -> Answer {
    let file = desk.store().open_case(&desk.actor, key).await?;
    let context = view::context(desk, &file, &shown).await?;
    shown.told.typed = assess::typed(&file, &shown);
    let title = Sentence::new("case-title").with("reference", file.reference.as_str());
    let page = desk
        .page("/cases", title)
        .with_back("/cases")
        .with_next(view::next(&file));
    Ok(desk.render("staff/case.html", page, shown.told, context))
}
