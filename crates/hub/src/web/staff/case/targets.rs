//! Each number and address of a case: where it stands, and what the handler can do with it.

use casework::{BarScope, CaseState, ProposedChange};
use jiff::Timestamp;
use serde::Serialize;

use crate::store::{BarRecord, CaseFile, HeldTarget, HeldWhy};
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
