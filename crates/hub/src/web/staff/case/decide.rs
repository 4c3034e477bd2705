//! The decision: one person confirms; whatever narrows or lifts is proposed to a second.

use casework::{BarId, BarScope, BarState, CaseState, DeclineReason, Personal, ProposedChange};
use pages::FieldErrors;

use super::{Form, Posted};
use crate::store::{BarRecord, CaseFile, Conflict, StoreError};
use crate::web::staff::desk::{Answer, Desk};
use crate::web::staff::fields::Fields;
use crate::web::staff::proposals;

/// Why a case may be declined.
pub(super) const DECLINES: [&str; 4] = ["contact-is-wanted", "not-true", "not-theirs", "not-proportionate"];

/// Confirms, or proposes to narrow or to decline.
pub(super) async fn decide(posted: Posted) -> Answer {
    let mut posted = posted.in_form(Form::Decide);
    let Some(decided) = read(&posted.fields, &mut posted.errors) else {
        return posted.again().await;
    };
    let (outcome, code) = match decided {
        Decided::Confirm => {
            let desk = &posted.desk;
            let confirmed = desk.store().confirm_case(&desk.actor, posted.case).await;
            (confirmed, "confirmed")
        }
        Decided::Narrow(reason) => (narrow(&posted, &reason).await, "proposed"),
        Decided::Decline(reason, why) => (decline(&posted, reason, &why).await, "proposed"),
    };
    posted
        .answer(outcome.map(|()| ("decision", code)), "decision")
        .await
}

/// What the decision form says.
enum Decided {
    Confirm,
    Narrow(Personal),
    Decline(DeclineReason, Personal),
}

fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<Decided> {
    let reason =
        |errors: &mut FieldErrors| fields.words("reason", "decide-reason", "staff-error-reason", errors);
    match fields.text("decision") {
        "confirm" => Some(Decided::Confirm),
        "narrow" => reason(errors).map(Decided::Narrow),
        "decline" => {
            let why = fields.choice("decline", "decide-error-decline", errors);
            let reason = reason(errors);
            Some(Decided::Decline(why?, reason?))
        }
        _ => {
            errors.add("decision", "decide-error");
            None
        }
    }
}

/// The case as the form showed it: nobody proposes to lift what he has not seen.
async fn as_shown(posted: &Posted) -> Result<CaseFile, StoreError> {
    let desk = &posted.desk;
    let file = desk.store().open_case(&desk.actor, posted.key()).await?;
    if posted.fields.text("version").parse() == Ok(file.version) {
        Ok(file)
    } else {
        Err(Conflict::Changed.into())
    }
}

async fn decline(posted: &Posted, reason: DeclineReason, why: &Personal) -> Result<(), StoreError> {
    let file = as_shown(posted).await?;
    let change = ProposedChange::DeclineCase {
        case: file.case,
        reason,
        seen: file.seen(),
    };
    let desk = &posted.desk;
    let proposed = desk.store().propose(&desk.actor, change, why.expose()).await;
    proposed.map(drop)
}

/// One proposal for each bar that covers the estate: each is lifted, narrowed or kept on its own.
async fn narrow(posted: &Posted, reason: &Personal) -> Result<(), StoreError> {
    let file = as_shown(posted).await?;
    let prisoner = file.state.prisoner().ok_or(StoreError::NotFound)?;
    let bars = standing(&file).filter(|record| record.bar.scope == BarScope::Estate);
    let (before, rest): (Vec<_>, Vec<_>) = bars
        .map(|record| record.bar.id)
        .partition(|bar| is_asked_to_narrow(&file, *bar));
    if rest.is_empty() && !before.is_empty() {
        return Err(Conflict::AlreadyProposed.into());
    }
    let desk = &posted.desk;
    for bar in rest {
        let change = ProposedChange::NarrowBar { bar, prisoner };
        desk.store().propose(&desk.actor, change, reason.expose()).await?;
    }
    Ok(())
}

fn standing(file: &CaseFile) -> impl Iterator<Item = &BarRecord> {
    file.bars.iter().filter(|record| record.bar.state.in_force())
}

fn is_asked_to_narrow(file: &CaseFile, bar: BarId) -> bool {
    let mut changes = file.proposals.iter().map(|open| &open.proposal.change);
    changes.any(|change| matches!(change, ProposedChange::NarrowBar { bar: named, .. } if *named == bar))
}

/// What the handler may decide now.
pub(super) fn choices(file: &CaseFile) -> Vec<&'static str> {
    let interim = standing(file).any(|record| record.bar.state == BarState::Interim);
    let estate = standing(file).any(|record| record.bar.scope == BarScope::Estate);
    let confirm = match &file.state {
        _ if file.undecided_holders > 0 => false,
        CaseState::Assessed { .. } => true,
        CaseState::Confirmed { .. } => interim,
        _ => false,
    };
    let choices = [
        (confirm, "confirm"),
        (estate && file.state.prisoner().is_some(), "narrow"),
        (super::view::is_open(file), "decline"),
    ];
    let open = choices.into_iter().filter(|(may, _)| *may);
    open.map(|(_, choice)| choice).collect()
}

/// What waits for a second person, as the page shows it; what the case has overtaken is marked.
pub(super) fn waiting(desk: &Desk, file: &CaseFile) -> Vec<proposals::Shown> {
    let shown = file.proposals.iter().map(|open| {
        let mut shown = proposals::shown(desk, open);
        shown.overtaken = file.has_overtaken(&open.proposal.change);
        shown
    });
    shown.collect()
}
