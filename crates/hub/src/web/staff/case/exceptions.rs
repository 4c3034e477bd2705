//! Whom a bar of the case leaves alone: proposed to a second person, ended by one.

use casework::{BarId, BarScope, BarTarget, ProposedChange};
use feed::EntryId;
use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use serde::Serialize;
use uuid::Uuid;

use super::Posted;
use crate::error::HubError;
use crate::store::{CaseFile, ExceptionRecord};
use crate::web::site::PageError;
use crate::web::staff::desk::Answer;
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
pub(super) async fn except(mut posted: Posted) -> Answer {
    let bar: BarId = posted
        .fields
        .text("bar")
        .parse()
        .map_err(|_| HubError::NotFound)?;
    let reason_at = match posted.fields.text("entry") {
        "" => "except-reason".to_owned(),
        entry => format!("keep-{entry}"),
    };
    let Some((prison, prisoner)) = find_prisoner(&posted).await? else {
        posted.errors.add("except-prisoner", "staff-error-not-on-record");
        let missing = "staff-error-reason";
        let _ = posted
            .fields
            .words("reason", &reason_at, missing, &mut posted.errors);
        return posted.again().await;
    };
    let change = ProposedChange::ExceptPrisoner {
        bar,
        prison,
        prisoner,
    };
    posted.propose(change, &reason_at).await
}

/// The prisoner whom the form names, and the prison: the one that it names, else the one that holds him.
async fn find_prisoner(posted: &Posted) -> Result<Option<(PrisonId, PrisonerNumber)>, PageError> {
    let Ok(prisoner) = posted.fields.text("prisoner").trim().parse::<PrisonerNumber>() else {
        return Ok(None);
    };
    if let Ok(prison) = posted.fields.text("prison").parse() {
        return Ok(Some((prison, prisoner)));
    }
    let record = posted.desk.store().prisoner(prisoner).await?;
    let prison = record.and_then(|record| record.prison_id);
    Ok(prison.map(|prison| (prison, prisoner)))
}

/// Ends an exception at once: the bar meets him again.
pub(super) async fn end(posted: Posted) -> Answer {
    let exception: Uuid = posted
        .fields
        .text("exception")
        .parse()
        .map_err(|_| HubError::NotFound)?;
    let exception = EntryId::from_bytes(*exception.as_bytes());
    let desk = &posted.desk;
    let ended = desk
        .store()
        .end_exception(&desk.actor, posted.case, exception)
        .await;
    posted
        .answer(ended.map(|()| ("exceptions", "exception-ended")), "exceptions")
        .await
}
