//! Whom a bar of the case leaves alone: proposed to a second person, ended by one.

use std::sync::Arc;

use axum::Form as Sent;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::{BarId, BarScope, BarTarget, ProposedChange};
use feed::EntryId;
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use prison::{PrisonId, PrisonerNumber};
use serde::Serialize;
use uuid::Uuid;

use super::{Form, Posted, Shown, refused, show};
use crate::error::HubError;
use crate::store::{CaseFile, ExceptionRecord};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};
use crate::web::staff::fields::Fields;
use crate::web::staff::{Item, frame, words};

/// One exception, as the page shows it.
#[derive(Serialize)]
pub(super) struct Row {
    exception: Uuid,
    prisoner: String,
    prison: String,
    target: String,
    since: Timestamp,
}

/// Those that stand under the bars of the case.
pub(super) fn rows(file: &CaseFile) -> Vec<Row> {
    let row = |record: &ExceptionRecord| {
        let bar = file.bars.iter().find(|bar| bar.bar.id == record.bar);
        Row {
            exception: Uuid::from_bytes(*record.exception.as_bytes()),
            prisoner: record.prisoner.to_string(),
            prison: frame::prison_name(record.prison),
            target: bar.map_or_else(String::new, |bar| {
                words::one_line(&words::target(&bar.bar.target))
            }),
            since: record.since,
        }
    };
    file.exceptions.rows.iter().map(row).collect()
}

/// The bars from which somebody can be excepted.
pub(super) fn bars(file: &CaseFile) -> Vec<Item> {
    let meets_all = file.bars.iter().map(|record| &record.bar).filter(|bar| {
        bar.state.in_force() && bar.scope == BarScope::Estate && matches!(bar.target, BarTarget::Number(_))
    });
    let item = |bar: &casework::Bar| Item {
        value: bar.id.to_string(),
        text: words::one_line(&words::target(&bar.target)),
    };
    meets_all.map(item).collect()
}

/// Proposes that a bar leaves a prisoner alone in the prison that holds him. The form of somebody who lost the number
/// names his entry, and his prison.
pub(super) async fn except(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let bar: BarId = fields.text("bar").parse().map_err(|_| HubError::NotFound)?;
    let reason_at = match fields.text("entry") {
        "" => "except-reason".to_owned(),
        entry => format!("keep-{entry}"),
    };
    let mut errors = FieldErrors::new();
    let held = find_prisoner(&site, &fields, &mut errors).await?;
    let reason = fields.words("reason", &reason_at, "staff-error-reason", &mut errors);
    let (Some((prison, prisoner)), Some(reason)) = (held, reason) else {
        let shown = Shown::again(Form::Other, fields, errors);
        return show(&site, &visit, &actor, posted.key(), shown).await;
    };
    let change = ProposedChange::ExceptPrisoner {
        bar,
        prison,
        prisoner,
    };
    match site.hub.store.propose(&actor, change, reason.expose()).await {
        Ok(_) => Ok(posted.done("decision", "proposed")),
        Err(error) => {
            let again = (&posted, Form::Other, fields);
            refused(&site, &visit, &actor, again, (&reason_at, error)).await
        }
    }
}

/// The prisoner whom the form names, and the prison: the one that it names, else the one that holds him.
async fn find_prisoner(
    site: &Site,
    fields: &Fields,
    errors: &mut FieldErrors,
) -> Result<Option<(PrisonId, PrisonerNumber)>, PageError> {
    let Ok(prisoner) = fields.text("prisoner").trim().parse::<PrisonerNumber>() else {
        errors.add("except-prisoner", "staff-error-not-on-record");
        return Ok(None);
    };
    if let Ok(prison) = fields.text("prison").parse() {
        return Ok(Some((prison, prisoner)));
    }
    let record = site.hub.store.prisoner(prisoner).await?;
    let prison = record.and_then(|record| record.prison_id);
    if prison.is_none() {
        errors.add("except-prisoner", "staff-error-not-on-record");
    }
    Ok(prison.map(|prison| (prison, prisoner)))
}

/// Ends an exception at once: the bar meets him again.
pub(super) async fn end(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let exception: Uuid = fields.text("exception").parse().map_err(|_| HubError::NotFound)?;
    let exception = EntryId::from_bytes(*exception.as_bytes());
    match site.hub.store.end_exception(&actor, posted.case, exception).await {
        Ok(()) => Ok(posted.done("exceptions", "exception-ended")),
        Err(error) => {
            let again = (&posted, Form::Other, fields);
            refused(&site, &visit, &actor, again, ("exceptions", error)).await
        }
    }
}
