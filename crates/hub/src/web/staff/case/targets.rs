//! Each number and address of a case: where it stands, and what the handler does with it. Adding protection happens at
//! once; whatever removes it, and barring a lawyer's number, becomes a proposal for a second person.

use casework::{BarId, BarScope, BarTarget, CaseState, ProposedChange};
use jiff::Timestamp;
use pages::FieldErrors;
use phone::PhoneNumber;
use serde::Serialize;
use uuid::Uuid;

use super::Posted;
use crate::error::HubError;
use crate::intake::{AskWhy, read_address, read_number};
use crate::store::{Added, BarRecord, CaseFile, HeldTarget, HeldWhy};
use crate::web::site::Site;
use crate::web::staff::desk::Answer;
use crate::web::staff::fields::Fields;
use crate::web::staff::words;

/// One number or address, as the page shows it.
#[derive(Serialize)]
pub(super) struct Target {
    /// The bar, or what is held.
    id: String,
    shown: String,
    state: &'static str,
    /// Why it waits for a handler.
    why: Option<&'static str>,
    /// The only prisoner to whom the bar applies.
    prisoner: Option<String>,
    since: Option<Timestamp>,
    can: Can,
}

/// What can be done with a target.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Can {
    /// Bar it, in one step.
    Bar,
    /// Propose to bar a lawyer's number.
    ProposeLegal,
    /// Propose to lift the bar.
    ProposeLift,
    /// A second person is asked already.
    Proposed,
    /// Nothing more.
    Nothing,
}

/// Bars one more number or address, in one step.
pub(super) async fn add(mut posted: Posted) -> Answer {
    let Some(target) = read(&posted.desk.site, &posted.fields, &mut posted.errors) else {
        return posted.again().await;
    };
    let desk = &posted.desk;
    let outcome = desk.store().add_target(&desk.actor, posted.case, &target).await;
    posted.answer(outcome.map(added), "add-number").await
}

/// The part of the page that says what became of a number or address that was added, and in which words.
pub(super) fn added(added: Added) -> (&'static str, &'static str) {
    match added {
        Added::Barred(_) => ("proof", "added"),
        Added::Held(_) => ("targets", "added-held"),
    }
}

fn read(site: &Site, fields: &Fields, errors: &mut FieldErrors) -> Option<BarTarget> {
    let (field, sentence) = match (fields.text("number"), fields.address()) {
        ("", None) => ("add-number", "targets-error-nothing"),
        ("", Some(written)) => match read_address(&written) {
            Ok(()) => return Some(BarTarget::Address(written)),
            Err(_) => ("add-address", "targets-error-address"),
        },
        (number, None) => return number_of(site, number, "add-number", errors).map(BarTarget::Number),
        (_, Some(_)) => ("add-number", "targets-error-both"),
    };
    errors.add(field, sentence);
    None
}

/// A number as it was typed; what cannot be barred is told beside `field`.
pub(super) fn number_of(
    site: &Site,
    typed: &str,
    field: &'static str,
    errors: &mut FieldErrors,
) -> Option<PhoneNumber> {
    let sentence = match read_number(typed, &site.hub.always_allowed) {
        Ok(number) => return Some(number),
        Err(AskWhy::AlwaysAllowed) => "targets-error-always",
        Err(AskWhy::EmergencyNumber) => "targets-error-emergency",
        Err(_) => "targets-error-number",
    };
    errors.add(field, sentence);
    None
}

/// Bars what waited for a handler; a lawyer's number is proposed to a second person.
pub(super) async fn bar_held(posted: Posted) -> Answer {
    let held: Uuid = posted
        .fields
        .text("held")
        .parse()
        .map_err(|_| HubError::NotFound)?;
    let field = format!("reason-{held}");
    // Only the form of a lawyer's number asks for a reason.
    if posted.fields.has("reason") {
        let case = posted.case;
        return posted
            .propose(ProposedChange::BarLegalNumber { case, held }, &field)
            .await;
    }
    let desk = &posted.desk;
    let barred = desk.store().bar_held(&desk.actor, held).await;
    posted.answer(barred.map(|_| ("proof", "barred")), &field).await
}

/// Proposes to lift one bar. It stays until a second person approves.
pub(super) async fn propose_lift(posted: Posted) -> Answer {
    let bar: BarId = posted
        .fields
        .text("bar")
        .parse()
        .map_err(|_| HubError::NotFound)?;
    posted
        .propose(ProposedChange::LiftBar { bar }, &format!("lift-{bar}"))
        .await
}

/// What waits for the handler first, then what is barred, then what was lifted.
pub(super) fn all(file: &CaseFile) -> Vec<Target> {
    let held = file.held.iter().map(|held| held_target(file, held));
    let (standing, lifted): (Vec<_>, Vec<_>) =
        file.bars.iter().partition(|record| record.bar.state.in_force());
    held.chain(
        standing
            .into_iter()
            .chain(lifted)
            .map(|record| barred(file, record)),
    )
    .collect()
}

fn held_target(file: &CaseFile, held: &HeldTarget) -> Target {
    let legal = held.why == HeldWhy::Legal;
    let asked = is_proposed(
        file,
        |change| matches!(change, ProposedChange::BarLegalNumber { held: named, .. } if *named == held.id),
    );
    let can = match (&file.state, asked, legal) {
        (CaseState::Declined { .. }, ..) => Can::Nothing,
        (_, true, _) => Can::Proposed,
        (_, false, true) => Can::ProposeLegal,
        (_, false, false) => Can::Bar,
    };
    Target {
        id: held.id.to_string(),
        shown: words::target(&held.target),
        state: if legal { "held-legal" } else { "held" },
        why: Some(held.why.as_str()),
        prisoner: None,
        since: Some(held.held_at),
        can,
    }
}

fn barred(file: &CaseFile, record: &BarRecord) -> Target {
    let bar = &record.bar;
    let asked = is_proposed(file, |change| match change {
        ProposedChange::LiftBar { bar: named } | ProposedChange::NarrowBar { bar: named, .. } => {
            *named == bar.id
        }
        ProposedChange::DeclineCase { seen, .. } => seen.bars.contains(&bar.id),
        _ => false,
    });
    let can = match (bar.state.in_force(), asked) {
        (false, _) => Can::Nothing,
        (true, true) => Can::Proposed,
        (true, false) => Can::ProposeLift,
    };
    Target {
        id: bar.id.to_string(),
        shown: words::target(&bar.target),
        state: match bar.state {
            casework::BarState::Interim => "interim",
            casework::BarState::Confirmed => "confirmed",
            casework::BarState::Lifted => "lifted",
        },
        why: None,
        prisoner: match bar.scope {
            BarScope::Estate => None,
            BarScope::Prisoner(prisoner) => Some(prisoner.to_string()),
        },
        since: Some(record.imposed_at),
        can,
    }
}

fn is_proposed(file: &CaseFile, matches: impl Fn(&ProposedChange) -> bool) -> bool {
    file.proposals.iter().any(|open| matches(&open.proposal.change))
}
