//! How far a bar is in force: prison by prison, from what each gate has acknowledged.
//!
//! The count is of prisons switched on to the service. A prison is covered when every gate enrolled there
//! has acknowledged a serial at or after the bar's, with the list hash that the hub expected, has not gone back
//! to an older state since, and is still heard. A gate that is silent or revoked, a prison without a gate, and a
//! prison where a prisoner may ring until a handler has looked, all leave it red. Prisoners who keep it because
//! two people so decided are counted beside it. Times are the hub's, at receipt. An address is
//! checked at the hub itself, so its bar is in force in every mailroom from the moment it is stored.

pub mod alarms;
pub mod attest;
mod standings;

use std::collections::{BTreeSet, HashMap};

use casework::{Actor, BarId, BarScope, BarTarget, Role, Verb};
use feed::GateId;
use jiff::Timestamp;
use prison::{PrisonId, Register};
use serde::Serialize;

pub use standings::{GateStanding, PrisonStanding, standings};

use crate::error::HubError;
use crate::publish::Room;
use crate::service::Hub;
use crate::store::{BarRecord, GateRecord, GateState, PrisonOn};

/// What no gate reaches, by code; the pages have the words.
pub const BEYOND_REACH: [&str; 4] = [
    "illicit-mobiles",
    "calls-already-connected",
    "other-jurisdictions",
    "after-release",
];

impl WhyNot {
    /// The word for it, as serde writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoGate => "no-gate",
            Self::GateRevoked => "gate-revoked",
            Self::NotAcknowledged => "not-acknowledged",
            Self::GateSilent => "gate-silent",
            Self::GateFull => "gate-full",
            Self::OtherAlwaysAllowed => "other-always-allowed",
        }
    }
}

/// How far one bar is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// The bar.
    pub bar: BarId,
    /// Whether the bar stands; `false` once two people have lifted it.
    pub in_force: bool,
    /// Where it is applied.
    pub channel: Channel,
    /// To whom it applies: `estate` or `prisoner`.
    pub scope: &'static str,
    /// When it was imposed.
    pub imposed_at: Timestamp,
    /// Prisons switched on to the service.
    pub prisons: usize,
    /// How many of them are covered.
    pub covered: usize,
    /// When the last of the covered prisons was covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Each prison that is switched on, by its identifier; empty once the bar is lifted.
    pub by_prison: Vec<PrisonInForce>,
    /// Prisons of the register that are not switched on.
    pub not_covered: usize,
    /// Prisoners whom the bar does not meet because two people excepted them.
    pub kept: u64,
    /// What no gate reaches.
    pub beyond_reach: [&'static str; 4],
}

/// Where a bar is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By the gates, at every call.
    Calls,
    /// By the hub, for every mailroom.
    Letters,
}

/// How far a bar is in force in one prison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrisonInForce {
    /// The prison.
    pub prison: PrisonId,
    /// Its name in the register.
    pub name: String,
    /// Whether it is covered.
    pub covered: bool,
    /// When it was, by the last of its gates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Its gates, those awaiting admission included; retired ones are not.
    pub gates: Vec<GateInForce>,
    /// Whether calls that were up when the bar came are ended there; nothing is said of letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_calls: Option<bool>,
    /// Why it is not covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<WhyNot>,
}

/// Why a prison is not covered; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// No gate answers its calls.
    NoGate,
    /// One of its gates was revoked and neither replaced nor retired.
    GateRevoked,
    /// One of its gates cannot hold its whole list: new bars do not reach it.
    GateFull,
    /// One of its gates answers from other always-allowed numbers than the hub's: which, the hub does not know.
    OtherAlwaysAllowed,
    /// One of its gates has not acknowledged the bar.
    NotAcknowledged,
    /// One of its gates is not heard.
    GateSilent,
}

/// Where one gate of a prison stands; which one is for operators ([`GateStanding`]), not for whoever reads a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateInForce {
    /// How far it is admitted.
    pub state: GateState,
    /// When its acknowledgement of the bar was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// Whether it is not heard.
    pub silent: bool,
    /// Whether it cannot hold its list.
    #[serde(skip)]
    pub full: bool,
    /// Whether it answers from other always-allowed numbers than the hub's.
    #[serde(skip)]
    pub other_always_allowed: bool,
    /// Whether the phone platform ends calls for it that are up when they come to be refused.
    #[serde(skip)]
    pub ends_calls: bool,
}

fn gates_in(gates: &[GateRecord], prison: PrisonId) -> impl Iterator<Item = &GateRecord> {
    gates
        .iter()
        .filter(move |gate| gate.prison == prison && gate.state != GateState::Retired)
}

/// How far a bar is in force, for its own referrer or a case handler.
///
/// # Errors
/// [`HubError::NotFound`] for every other caller and for a bar that is not there, alike.
pub async fn in_force(hub: &Hub, by: &Actor, bar: BarId) -> Result<InForce, HubError> {
    if !by.role.may(Verb::ReadProof) {
        return Err(HubError::NotFound);
    }
    let bar = hub.store.bar(bar).await?;
    if by.role != Role::CaseHandler && bar.filed_by != Some(by.account) {
        return Err(HubError::NotFound);
    }
    let prisons = hub.store.prisons_on().await?;
    let by_prison = match &bar.bar.target {
        _ if !bar.bar.state.in_force() => Vec::new(),
        BarTarget::Number(_) => by_gates(hub, &bar, &prisons).await?,
        BarTarget::Address(_) => prisons.iter().map(|on| by_mailroom(on, &bar)).collect(),
    };
    let kept = hub.store.kept_under(bar.bar.id).await?;
    Ok(counted(&bar, &prisons, by_prison, kept))
}

fn counted(bar: &BarRecord, prisons: &[PrisonOn], mut by_prison: Vec<PrisonInForce>, kept: u64) -> InForce {
    by_prison.sort_by_key(|row| row.prison);
    let on: BTreeSet<PrisonId> = prisons.iter().map(|on| on.prison).collect();
    let covered = by_prison.iter().filter(|row| row.covered);
    InForce {
        bar: bar.bar.id,
        in_force: bar.bar.state.in_force(),
        channel: match bar.bar.target {
            BarTarget::Number(_) => Channel::Calls,
            BarTarget::Address(_) => Channel::Letters,
        },
        scope: match bar.bar.scope {
            BarScope::Estate => "estate",
            BarScope::Prisoner(_) => "prisoner",
        },
        imposed_at: bar.imposed_at,
        prisons: on.len(),
        covered: covered.clone().count(),
        at: covered.filter_map(|row| row.at).max(),
        not_covered: Register::built_in()
            .active()
            .filter(|prison| !on.contains(&prison.id))
            .count(),
        by_prison,
        kept,
        beyond_reach: BEYOND_REACH,
    }
}

async fn by_gates(hub: &Hub, bar: &BarRecord, prisons: &[PrisonOn]) -> Result<Vec<PrisonInForce>, HubError> {
    let acknowledged = hub.store.first_acknowledged(bar.serial).await?;
    let gates = hub.store.gates().await?;
    let rows = prisons.iter().map(|on| {
        let gates = gates_in(&gates, on.prison)
            .map(|gate| stand(hub, gate, &acknowledged))
            .collect();
        judge(gates).in_prison(on.prison)
    });
    Ok(rows.collect())
}

fn stand(hub: &Hub, gate: &GateRecord, acknowledged: &HashMap<GateId, Timestamp>) -> GateInForce {
    let presence = hub.publisher.presence(gate.id);
    let digest = hub.always_allowed.digest();
    GateInForce {
        state: gate.state,
        acknowledged_at: acknowledged.get(&gate.id).copied(),
        silent: presence.silent,
        full: presence.room == Room::Full,
        // A gate without any lets nothing ring that a bar refuses.
        other_always_allowed: presence.always_allowed.is_some_and(|held| held != digest),
        ends_calls: presence.ends_calls,
    }
}

/// What the gates of one prison amount to.
struct Judged {
    at: Option<Timestamp>,
    why_not: Option<WhyNot>,
    gates: Vec<GateInForce>,
}

impl Judged {
    fn in_prison(self, prison: PrisonId) -> PrisonInForce {
        let covered = self.why_not.is_none();
        let at = if covered { self.at } else { None };
        let name = name_of(prison);
        PrisonInForce {
            prison,
            name,
            covered,
            at,
            ends_calls: Some(ends_calls(&self.gates)),
            gates: self.gates,
            why_not: self.why_not,
        }
    }
}

/// Whether every gate there is heard and says that its phone platform ends calls that come to be refused.
fn ends_calls(gates: &[GateInForce]) -> bool {
    let mut counted = gates
        .iter()
        .filter(|gate| gate.state != GateState::Awaiting)
        .peekable();
    counted.peek().is_some()
        && counted.all(|gate| gate.state == GateState::Admitted && !gate.silent && gate.ends_calls)
}

/// A gate that nobody has admitted yet holds no list and refuses every call; it is shown and not counted.
fn judge(gates: Vec<GateInForce>) -> Judged {
    let counted = || gates.iter().filter(|gate| gate.state != GateState::Awaiting);
    let why_not = if counted().next().is_none() {
        Some(WhyNot::NoGate)
    } else if counted().any(|gate| gate.state != GateState::Admitted) {
        Some(WhyNot::GateRevoked)
    } else if counted().any(|gate| gate.full) {
        Some(WhyNot::GateFull)
    } else if counted().any(|gate| gate.other_always_allowed) {
        Some(WhyNot::OtherAlwaysAllowed)
    } else if counted().any(|gate| gate.acknowledged_at.is_none()) {
        Some(WhyNot::NotAcknowledged)
    } else if counted().any(|gate| gate.silent) {
        Some(WhyNot::GateSilent)
    } else {
        None
    };
    Judged {
        at: counted().filter_map(|gate| gate.acknowledged_at).max(),
        why_not,
        gates,
    }
}

fn by_mailroom(on: &PrisonOn, bar: &BarRecord) -> PrisonInForce {
    PrisonInForce {
        prison: on.prison,
        name: name_of(on.prison),
        covered: true,
        at: Some(bar.imposed_at.max(on.since)),
        gates: Vec::new(),
        ends_calls: None,
        why_not: None,
    }
}

fn name_of(prison: PrisonId) -> String {
    Register::built_in()
        .get(prison)
        .map_or_else(|| prison.to_string(), |known| known.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(state: GateState, acknowledged: Option<i64>, silent: bool) -> GateInForce {
        let acknowledged_at = acknowledged.map(|second| Timestamp::from_second(second).unwrap());
        GateInForce {
            state,
            acknowledged_at,
            silent,
            full: false,
            other_always_allowed: false,
            ends_calls: true,
        }
    }

    #[test]
    fn calls_are_ended_where_every_gate_that_counts_is_heard_and_says_so() {
        use GateState::*;
        let says_no = GateInForce {
            ends_calls: false,
            ..gate(Admitted, Some(5), false)
        };
        let (well, silent) = (gate(Admitted, Some(5), false), gate(Admitted, Some(5), true));
        let (awaiting, revoked) = (gate(Awaiting, None, true), gate(Revoked, Some(5), false));
        for (gates, expected) in [
            (vec![well.clone()], true),
            (vec![well.clone(), awaiting.clone()], true),
            (vec![], false),
            (vec![awaiting], false),
            (vec![well.clone(), says_no], false),
            (vec![well.clone(), silent], false),
            (vec![well, revoked], false),
        ] {
            assert_eq!(ends_calls(&gates), expected, "{gates:?}");
        }
    }

    #[test]
    fn a_prison_is_covered_only_when_every_gate_there_has_acknowledged_and_is_heard() {
        use GateState::*;
        let table = [
            (
                "one gate, acknowledged",
                vec![gate(Admitted, Some(5), false)],
                None,
            ),
            (
                "two gates",
                vec![gate(Admitted, Some(5), false), gate(Admitted, Some(9), false)],
                None,
            ),
            ("no gate", vec![], Some(WhyNot::NoGate)),
            (
                "only one that awaits",
                vec![gate(Awaiting, None, true)],
                Some(WhyNot::NoGate),
            ),
            (
                "one that awaits does not hide one that covers",
                vec![gate(Awaiting, None, true), gate(Admitted, Some(5), false)],
                None,
            ),
            (
                "one of two has not acknowledged",
                vec![gate(Admitted, Some(5), false), gate(Admitted, None, false)],
                Some(WhyNot::NotAcknowledged),
            ),
            (
                "silent since",
                vec![gate(Admitted, Some(5), true)],
                Some(WhyNot::GateSilent),
            ),
            (
                "revoked",
                vec![gate(Revoked, Some(5), false)],
                Some(WhyNot::GateRevoked),
            ),
            (
                "one that cannot hold its list",
                vec![GateInForce {
                    full: true,
                    ..gate(Admitted, None, true)
                }],
                Some(WhyNot::GateFull),
            ),
            (
                "one with other always-allowed numbers",
                vec![GateInForce {
                    other_always_allowed: true,
                    ..gate(Admitted, Some(5), false)
                }],
                Some(WhyNot::OtherAlwaysAllowed),
            ),
        ];
        for (what, gates, expected) in table {
            assert_eq!(judge(gates).why_not, expected, "{what}");
        }
    }

    #[test]
    fn the_time_of_a_prison_is_its_last_gates() {
        let gates = vec![
            gate(GateState::Admitted, Some(9), false),
            gate(GateState::Admitted, Some(5), false),
        ];
        assert_eq!(judge(gates).at, Some(Timestamp::from_second(9).unwrap()));
    }
}
