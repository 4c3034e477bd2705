//! The wait-list: cases whose prisoner is in no prison, or not known, and everybody who comes into one.
//!
//! A case is armed as long as it is not declined. Whoever comes into custody, by an event or by a file, is compared
//! with what every armed case knows: the case asks, and he is weighed with the rarity of names on the whole roster. One
//! who weighs [`ARRIVAL_BITS`] or whom the case names raises an alert on it. He was screened when he was put on record;
//! nothing is barred by a likeness.
//!
//! ```text
//! event, file -> prisoners (arrival = 1) -> roster read again -> compare -> alert, arrival = 0
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::CaseId;
use prison::PrisonerNumber;

use super::asked;
use crate::service::Hub;
use crate::store::{Arrival, ProtectedCase, ProtectedPeople, StoreError};

/// From how many bits on an arrival is likely enough to be told. With 300 receptions a day and 2,000 armed cases, two
/// or three a day are somebody else; one who is sure weighs more.
pub const ARRIVAL_BITS: f64 = 18.0;

/// Compares some; whether there may be more to do at once. Those whom the roster in memory does not hold as they are
/// on record wait until it was read again.
pub async fn tend_once(hub: &Arc<Hub>) -> Result<bool, StoreError> {
    let mut arrivals = hub.store.arrivals_waiting().await?;
    arrivals.retain(|arrival| {
        hub.custody.prisoner(arrival.record.prisoner_number).as_ref() == Some(&arrival.record)
    });
    if arrivals.is_empty() {
        return Ok(false);
    }
    let armed = hub.custody.armed(&hub.store).await?;
    let comparing = {
        let (hub, arrivals) = (Arc::clone(hub), arrivals.clone());
        tokio::task::spawn_blocking(move || compare(&hub, &armed, &arrivals))
    };
    let met = comparing
        .await
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    for (arrival, cases) in arrivals.iter().zip(met) {
        hub.store.raise_arrival(arrival, &cases).await?;
    }
    Ok(true)
}

/// The cases that wait for each arrival, and whether the case names him.
fn compare(hub: &Hub, armed: &ProtectedPeople, arrivals: &[Arrival]) -> Vec<BTreeMap<CaseId, bool>> {
    let mut met = vec![BTreeMap::new(); arrivals.len()];
    for (case, waits) in &armed.cases {
        for (cases, arrival) in met.iter_mut().zip(arrivals) {
            if is_named(waits, arrival) {
                cases.insert(*case, true);
            }
        }
        if waits.located {
            continue;
        }
        for request in &waits.requests {
            let knew = |arrival: &&Arrival| request.received_at <= arrival.learnt_at;
            let numbers: Vec<PrisonerNumber> = arrivals
                .iter()
                .filter(knew)
                .map(|arrival| arrival.record.prisoner_number)
                .collect();
            let known = asked(&request.prisoner, request.received_at);
            // Let go between two requests: what has changed waits for it.
            let likely = hub
                .custody
                .laid_out()
                .roster
                .among(&known, &numbers, ARRIVAL_BITS);
            for likely in likely {
                let place = arrivals
                    .iter()
                    .position(|arrival| arrival.record.prisoner_number == likely.prisoner_number);
                if let Some(place) = place {
                    met[place].entry(*case).or_insert(false);
                }
            }
        }
    }
    met
}

/// Whether a case that was there before names him: by a request's prison number, or because he was located.
fn is_named(waits: &ProtectedCase, arrival: &Arrival) -> bool {
    let opened = waits.requests.iter().map(|request| request.received_at).min();
    opened.is_some_and(|opened| opened <= arrival.learnt_at)
        && waits.prisoners.contains(&arrival.record.prisoner_number)
}
