//! Where the gates stand, whatever the bar: for the operators' page and for each prison's own.

use casework::{Actor, Verb};
use feed::{GateId, Regime, Serial};
use jiff::Timestamp;
use prison::PrisonId;
use serde::Serialize;

use super::{WhyNot, gates_in, judge, name_of, stand};
use crate::error::HubError;
use crate::publish::Room;
use crate::service::Hub;
use crate::store::{GateRecord, GateState};

/// How far the gates of one prison follow the feed, whatever the bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrisonStanding {
    /// The prison.
    pub prison: PrisonId,
    /// Its name in the register.
    pub name: String,
    /// What becomes of a number that is neither barred nor approved there.
    pub regime: Regime,
    /// When it was switched on.
    pub since: Timestamp,
    /// Its gates; retired ones are not.
    pub gates: Vec<GateStanding>,
    /// Why the newest change is not in force there; `None` while it is.
    pub why_not: Option<WhyNot>,
}

/// Where one gate stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateStanding {
    /// The gate.
    pub gate: GateId,
    /// How far it is admitted.
    pub state: GateState,
    /// Whether it is not heard.
    pub silent: bool,
    /// The highest serial that it acknowledged since the hub started.
    pub acknowledged: Option<Serial>,
    /// Bars that it still holds although the newest snapshot did not name them.
    pub held_without_record: u64,
    /// Whether it can hold its list.
    pub room: Room,
}

/// Where every prison that is switched on stands, for operators and, each its own, for prisons.
pub async fn standings(hub: &Hub, by: &Actor) -> Result<Vec<PrisonStanding>, HubError> {
    let own = by.role.prison();
    let may_see = by.role.may(Verb::Operate) || (by.role.may(Verb::ReadPrison) && own.is_some());
    if !may_see {
        return Err(HubError::Refused(
            "this account may not see where the gates stand".to_owned(),
        ));
    }
    let head = hub.store.head().await?;
    let acknowledged = hub.store.first_acknowledged(head).await?;
    let gates = hub.store.gates().await?;
    let mut standings = Vec::new();
    for on in hub.store.prisons_on().await? {
        if own.is_some_and(|own| own != on.prison) {
            continue;
        }
        let here = || gates_in(&gates, on.prison);
        let judged = judge(here().map(|gate| stand(hub, gate, &acknowledged)).collect());
        standings.push(PrisonStanding {
            prison: on.prison,
            name: name_of(on.prison),
            regime: on.regime,
            since: on.since,
            gates: here().map(|gate| standing(hub, gate)).collect(),
            why_not: judged.why_not,
        });
    }
    standings.sort_by_key(|standing| standing.prison);
    Ok(standings)
}

fn standing(hub: &Hub, gate: &GateRecord) -> GateStanding {
    let presence = hub.publisher.presence(gate.id);
    GateStanding {
        gate: gate.id,
        state: gate.state,
        silent: presence.silent,
        acknowledged: presence.acknowledged,
        held_without_record: presence.held_without_record,
        room: presence.room,
    }
}
