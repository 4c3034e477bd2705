//! Alarms: prisons where some bar has not been in force for longer than two minutes. Nobody raises or clears one:
//! it follows from where the gates stand, each time it is asked for, and is gone when the prison is covered. Alarms
//! are for operators; what one prisoner does is told to case handlers, by [`crate::alerts`].

use std::time::Duration;

use casework::{Actor, Verb};
use jiff::SignedDuration;
use prison::PrisonId;
use serde::Serialize;

use super::{GateInForce, WhyNot, gates_in, judge, name_of, stand};
use crate::error::HubError;
use crate::service::Hub;

/// A bar may be this old before a prison where it is not in force is an alarm, and a gate this long unheard.
pub const ALARM_AFTER: Duration = Duration::from_secs(120);

/// A prison where a bar is not in force, and was to be long ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LatePrison {
    /// The prison.
    pub prison: PrisonId,
    /// Its name in the register.
    pub name: String,
    /// Why: the first that holds.
    pub why_not: WhyNot,
}

/// The prisons switched on for longer than [`ALARM_AFTER`] where a number barred for longer than that is not in
/// force, for operators and case handlers. Who may ring until a handler has looked is no alarm: it stands in the
/// queue.
pub async fn late_prisons(hub: &Hub, by: &Actor) -> Result<Vec<LatePrison>, HubError> {
    if !by.role.may(Verb::Operate) && !by.role.may(Verb::ReadCases) {
        return Err(HubError::NotFound);
    }
    let after = SignedDuration::try_from(ALARM_AFTER).unwrap_or_default();
    let now = hub.seams.clock.now();
    let limit = now.saturating_sub(after).unwrap_or(now);
    let Some(due) = hub.store.newest_bar_before(limit).await? else {
        return Ok(Vec::new());
    };
    let acknowledged = hub.store.first_acknowledged(due).await?;
    let gates = hub.store.gates().await?;
    let mut late: Vec<LatePrison> = Vec::new();
    for on in hub.store.prisons_on().await? {
        let here = gates_in(&gates, on.prison).map(|gate| GateInForce {
            silent: hub.publisher.presence(gate.id).unheard_for > ALARM_AFTER,
            ..stand(hub, gate, &acknowledged)
        });
        let judged = judge(here.collect());
        if let Some(why_not) = judged.why_not.filter(|_| on.since < limit) {
            late.push(LatePrison {
                prison: on.prison,
                name: name_of(on.prison),
                why_not,
            });
        }
    }
    late.sort_by_key(|prison| prison.prison);
    Ok(late)
}
