//! What a handler does with a case. Adding protection happens at once; whatever removes it becomes a
//! proposal for a second person.

use std::sync::Arc;

use axum::Form as Sent;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::{
    Actor, Assessment, BarId, BarScope, BarTarget, Consent, DeclineReason, Personal, ProposedChange,
    WrittenAddress,
};
use jiff::tz::Offset;
use pages::{FieldErrors, Visit};
use uuid::Uuid;

use super::{Form, Posted, Shown, refused, show};
use crate::error::HubError;
use crate::intake::{AskWhy, read_address, read_number};
use crate::store::{Added, CaseFile, Conflict, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site};
use crate::web::staff::fields::Fields;

/// Records the assessment.
pub(super) async fn assess(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let mut errors = FieldErrors::new();
    let today = Offset::UTC.to_datetime(site.hub.seams.clock.now()).date();
    let Some(assessment) = read_assessment(&fields, today, &mut errors) else {
        return show(
            &site,
            &visit,
            &actor,
            posted.key(),
            Shown::again(Form::Assess, fields, errors),
        )
        .await;
    };
    match site
        .hub
        .store
        .record_assessment(&actor, posted.case, assessment)
        .await
    {
        Ok(()) => Ok(posted.done("decision", "assessed")),
        Err(error) => {
            refused(
                &site,
                &visit,
                &actor,
                (&posted, Form::Assess, fields),
                ("ground", error),
            )
            .await
        }
    }
}

fn read_assessment(
    fields: &Fields,
    today: jiff::civil::Date,
    errors: &mut FieldErrors,
) -> Option<Assessment> {
    let ground = fields.choice("ground", "assess-error-ground", errors);
    let necessity = fields.words("necessity", "necessity", "assess-error-necessity", errors);
    let missing = "assess-error-proportionality";
    let proportionality = fields.words("proportionality", "proportionality", missing, errors);
    let consent = match fields.text("consent") {
        "given" => Some(Consent::Given),
        "absent" => {
            let missing = "assess-error-consent-reason";
            let reason = fields.words("consent-reason", "consent-reason", missing, errors);
            reason.map(|reason| Consent::Absent { reason })
        }
        _ => {
            errors.add("consent", "assess-error-consent");
            None
        }
    };
    let relationship = fields.choice("relationship", "assess-error-relationship", errors);
    let review_on = fields.date("review").ok().flatten().filter(|date| *date > today);
    if review_on.is_none() {
        errors.add("review-day", "assess-error-review");
    }
    Some(Assessment {
        ground: ground?,
        necessity: necessity?,
        proportionality: proportionality?,
        consent: consent?,
        relationship: relationship?,
        review_on: review_on?,
    })
}

/// Confirms, or proposes to narrow or to decline.
pub(super) async fn decide(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let mut errors = FieldErrors::new();
    let Some(decided) = read_decision(&fields, &mut errors) else {
        return show(
            &site,
            &visit,
            &actor,
            posted.key(),
            Shown::again(Form::Decide, fields, errors),
        )
        .await;
    };
    let (outcome, code) = match decided {
        Decided::Confirm => (
            site.hub.store.confirm_case(&actor, posted.case).await,
            "confirmed",
        ),
        Decided::Narrow(reason) => (narrow(&site, &actor, &posted, &fields, &reason).await, "proposed"),
        Decided::Decline(reason, why) => (
            decline(&site, &actor, &posted, &fields, (reason, &why)).await,
            "proposed",
        ),
    };
    match outcome {
        Ok(()) => Ok(posted.done("decision", code)),
        Err(error) => {
            refused(
                &site,
                &visit,
                &actor,
                (&posted, Form::Decide, fields),
                ("decision", error),
            )
            .await
        }
    }
}

/// What the decision form says.
enum Decided {
    Confirm,
    Narrow(Personal),
    Decline(DeclineReason, Personal),
}

fn read_decision(fields: &Fields, errors: &mut FieldErrors) -> Option<Decided> {
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
async fn as_shown(
    site: &Site,
    actor: &Actor,
    posted: &Posted,
    fields: &Fields,
) -> Result<CaseFile, StoreError> {
    let file = site.hub.store.open_case(actor, posted.key()).await?;
    if fields.text("version").parse() == Ok(file.version) {
        Ok(file)
    } else {
        Err(Conflict::Changed.into())
    }
}

async fn decline(
    site: &Site,
    actor: &Actor,
    posted: &Posted,
    fields: &Fields,
    (reason, why): (DeclineReason, &Personal),
) -> Result<(), StoreError> {
    let file = as_shown(site, actor, posted, fields).await?;
    let change = ProposedChange::DeclineCase {
        case: file.case,
        reason,
        seen: file.seen(),
    };
    site.hub
        .store
        .propose(actor, change, why.expose())
        .await
        .map(drop)
}

/// One proposal for each bar that covers the estate: each is lifted, narrowed or kept on its own.
async fn narrow(
    site: &Site,
    actor: &Actor,
    posted: &Posted,
    fields: &Fields,
    reason: &Personal,
) -> Result<(), StoreError> {
    let file = as_shown(site, actor, posted, fields).await?;
    let prisoner = file.state.prisoner().ok_or(StoreError::NotFound)?;
    let asked = |bar: BarId| {
        let of_bar = |change: &ProposedChange| matches!(change, ProposedChange::NarrowBar { bar: named, .. } if *named == bar);
        file.proposals.iter().any(|open| of_bar(&open.proposal.change))
    };
    let bars = file.bars.iter().filter(|record| record.bar.state.in_force());
    let (before, rest): (Vec<_>, Vec<_>) = bars
        .filter(|record| record.bar.scope == BarScope::Estate)
        .partition(|record| asked(record.bar.id));
    if rest.is_empty() && !before.is_empty() {
        return Err(Conflict::AlreadyProposed.into());
    }
    for record in rest {
        let change = ProposedChange::NarrowBar {
            bar: record.bar.id,
            prisoner,
        };
        site.hub.store.propose(actor, change, reason.expose()).await?;
    }
    Ok(())
}

/// Bars one more number or address, in one step.
pub(super) async fn add_target(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let mut errors = FieldErrors::new();
    let Some(target) = read_target(&site, &fields, &mut errors) else {
        return show(
            &site,
            &visit,
            &actor,
            posted.key(),
            Shown::again(Form::Other, fields, errors),
        )
        .await;
    };
    match site.hub.store.add_target(&actor, posted.case, &target).await {
        Ok(Added::Barred(_)) => Ok(posted.done("proof", "added")),
        Ok(Added::Held(_)) => Ok(posted.done("targets", "added-held")),
        Err(error) => {
            refused(
                &site,
                &visit,
                &actor,
                (&posted, Form::Other, fields),
                ("add-number", error),
            )
            .await
        }
    }
}

fn read_target(site: &Site, fields: &Fields, errors: &mut FieldErrors) -> Option<BarTarget> {
    let (number, address) = (fields.text("number"), fields.given("address"));
    let (field, sentence) = match (number.is_empty(), address) {
        (true, None) => ("add-number", "targets-error-nothing"),
        (false, Some(_)) => ("add-number", "targets-error-both"),
        (false, None) => match read_number(number, &site.hub.always_allowed) {
            Ok(number) => return Some(BarTarget::Number(number)),
            Err(AskWhy::AlwaysAllowed) => ("add-number", "targets-error-always"),
            Err(AskWhy::EmergencyNumber) => ("add-number", "targets-error-emergency"),
            Err(_) => ("add-number", "targets-error-number"),
        },
        (true, Some(lines)) => {
            let written = WrittenAddress {
                lines,
                postcode: fields.given("postcode"),
            };
            match read_address(&written) {
                Ok(()) => return Some(BarTarget::Address(written)),
                Err(_) => ("add-address", "targets-error-address"),
            }
        }
    };
    errors.add(field, sentence);
    None
}

/// Bars what waited for a handler; a lawyer's number is proposed to a second person.
pub(super) async fn bar_held(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let held: Uuid = fields.text("held").parse().map_err(|_| HubError::NotFound)?;
    // Only the form of a lawyer's number asks for a reason.
    let legal = fields.has("reason");
    let field = format!("reason-{held}");
    let outcome = if legal {
        let mut errors = FieldErrors::new();
        let Some(reason) = fields.words("reason", &field, "staff-error-reason", &mut errors) else {
            return show(
                &site,
                &visit,
                &actor,
                posted.key(),
                Shown::again(Form::Other, fields, errors),
            )
            .await;
        };
        let change = ProposedChange::BarLegalNumber {
            case: posted.case,
            held,
        };
        site.hub
            .store
            .propose(&actor, change, reason.expose())
            .await
            .map(drop)
    } else {
        site.hub.store.bar_held(&actor, held).await.map(drop)
    };
    match outcome {
        Ok(()) if legal => Ok(posted.done("decision", "proposed")),
        Ok(()) => Ok(posted.done("proof", "barred")),
        Err(error) => {
            refused(
                &site,
                &visit,
                &actor,
                (&posted, Form::Other, fields),
                (&field, error),
            )
            .await
        }
    }
}

/// Proposes to lift one bar. It stays until a second person approves.
pub(super) async fn propose_lift(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(named): Path<String>,
    Sent(fields): Sent<Fields>,
) -> Result<Response, PageError> {
    let posted = Posted::find(&site, &actor, &named).await?;
    let bar: BarId = fields.text("bar").parse().map_err(|_| HubError::NotFound)?;
    let field = format!("lift-{bar}");
    let mut errors = FieldErrors::new();
    let Some(reason) = fields.words("reason", &field, "staff-error-reason", &mut errors) else {
        return show(
            &site,
            &visit,
            &actor,
            posted.key(),
            Shown::again(Form::Other, fields, errors),
        )
        .await;
    };
    let change = ProposedChange::LiftBar { bar };
    match site.hub.store.propose(&actor, change, reason.expose()).await {
        Ok(_) => Ok(posted.done("decision", "proposed")),
        Err(error) => {
            refused(
                &site,
                &visit,
                &actor,
                (&posted, Form::Other, fields),
                (&field, error),
            )
            .await
        }
    }
}
