//! One prison's page, for those who work there: is it up to date, and what waits for them. It shows no
//! number, nobody protected, and nothing that differs by what is barred.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::routing::get;
use casework::{ProposedChange, Verb};
use feed::Serial;
use jiff::Timestamp;
use pages::Sentence;
use prison::PrisonId;
use serde::Serialize;

use super::desk::{Answer, Desk};
use super::{frame, words};
use crate::store::{GateRecord, GateState};
use crate::web::site::{PageError, Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/prison", get(show))
}

/// One gate of the prison.
#[derive(Serialize)]
struct Gate {
    stand: Stand,
    at: Option<Timestamp>,
    /// Sequences of its attempts that are missing at the hub.
    missing: u64,
}

/// Where a gate stands, as the page tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Stand {
    /// It answers by the newest list.
    InStep,
    /// It has not stored the newest list.
    Late,
    /// It is not heard.
    Quiet,
    /// Two people have not admitted it yet; it refuses every call.
    Awaiting,
    /// It was cut off and not replaced.
    RevokedTag,
}

async fn show(desk: Desk) -> Answer {
    let (site, prison) = (&desk.site, desk.prison()?);
    let on = desk.store().prisons_on().await?;
    let on = on.into_iter().find(|on| on.prison == prison);
    let gates = gates(site, prison).await?;
    let stand = if on.is_some() { stand_of(&gates) } else { "not-on" };
    let since = (stand == "current")
        .then(|| gates.iter().filter_map(|gate| gate.at).max())
        .flatten();
    let waiting = waiting(&desk, prison).await?;
    let may = |verb| desk.actor.role.may(verb);
    let context = view! {
        stand, since, gates, may_check => may(Verb::CheckLetter), may_apply => may(Verb::ApplyForNumber),
        now => site.hub.seams.clock.now(), regime => on.map(|on| words::code(on.regime)),
        letters => desk.store().letters_on_shelf(&desk.actor, prison).await?,
        applications => waiting.map(|(numbers, _)| numbers), files => waiting.map(|(_, files)| files),
    };
    let title = Sentence::new("prison-title").with("prison", frame::prison_name(prison));
    let page = desk
        .page("/prison", title)
        .with_next(["prison-next-1", "prison-next-2"]);
    Ok(site.pages.render("staff/prison.html", &page, context))
}

async fn gates(site: &Site, prison: PrisonId) -> Result<Vec<Gate>, PageError> {
    let store = &site.hub.store;
    // Read before the acknowledgements: a change in between makes a gate late for a moment, never early.
    let head = store.head().await?;
    let acknowledged = store.first_acknowledged(head).await?;
    let records = store.gates().await?;
    let here = records
        .iter()
        .filter(|gate| gate.prison == prison && gate.state != GateState::Retired);
    let mut gates = Vec::new();
    for gate in here {
        let missing = store.missing_attempts(gate.id).await?.missing;
        gates.push(Gate {
            missing,
            ..gate_of(site, gate, head, acknowledged.get(&gate.id).copied())
        });
    }
    Ok(gates)
}

/// Before the first change there is nothing to acknowledge, and a gate that is heard is in step.
fn gate_of(site: &Site, gate: &GateRecord, head: Serial, at: Option<Timestamp>) -> Gate {
    let silent = site.hub.publisher.presence(gate.id).silent;
    let stand = match gate.state {
        GateState::Awaiting => Stand::Awaiting,
        GateState::Revoked | GateState::Retired => Stand::RevokedTag,
        GateState::Admitted if silent => Stand::Quiet,
        GateState::Admitted if at.is_none() && head != Serial(0) => Stand::Late,
        GateState::Admitted => Stand::InStep,
    };
    Gate {
        stand,
        at,
        missing: 0,
    }
}

/// The code of the sentence for the whole prison; the first thing that is wrong counts.
fn stand_of(gates: &[Gate]) -> &'static str {
    let counted = || gates.iter().filter(|gate| gate.stand != Stand::Awaiting);
    let any = |stand| counted().any(|gate| gate.stand == stand);
    match counted().count() {
        0 => "no-gate",
        _ if any(Stand::RevokedTag) => "revoked",
        _ if any(Stand::Late) => "late",
        _ if any(Stand::Quiet) => "silent",
        _ => "current",
    }
}

/// How many numbers, and how many files of them, wait for a second person here; none for those who have nothing to do
/// with it.
async fn waiting(desk: &Desk, prison: PrisonId) -> Result<Option<(usize, usize)>, PageError> {
    let role = &desk.actor.role;
    let concerned = role.may(Verb::ApplyForNumber) || role.may(Verb::ApproveNumber);
    if !concerned {
        return Ok(None);
    }
    let open = desk.store().open_proposals(&desk.actor).await?.rows;
    let changes = open.iter().map(|open| &open.proposal.change);
    let here = changes.filter(|change| change.prison() == Some(prison));
    let (files, numbers): (Vec<_>, Vec<_>) =
        here.partition(|change| matches!(change, ProposedChange::ImportList { .. }));
    Ok(Some((numbers.len(), files.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gates(stands: &[Stand]) -> Vec<Gate> {
        stands
            .iter()
            .map(|stand| Gate {
                stand: *stand,
                at: None,
                missing: 0,
            })
            .collect()
    }

    #[test]
    fn a_prison_is_up_to_date_only_when_every_gate_there_is() {
        use Stand::*;
        let table: [(&[Stand], &str); 6] = [
            (&[InStep, InStep], "current"),
            (&[], "no-gate"),
            (&[Awaiting], "no-gate"),
            (&[InStep, Late], "late"),
            (&[InStep, Quiet], "silent"),
            (&[InStep, RevokedTag], "revoked"),
        ];
        for (stands, expected) in table {
            assert_eq!(stand_of(&gates(stands)), expected, "{stands:?}");
        }
    }
}
