//! The daily attestation of each prison: made once a day from where its gates stand, signed by the hub, with each
//! gate's own signed word inside, and kept. A day that went by without one stays missing; none is made afterwards.

use std::collections::BTreeSet;
use std::time::Duration;

use casework::{Actor, Verb};
use feed::{Attestation, AttestedAttempts, AttestedGate, Signed, public_key_to_hex};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use prison::PrisonId;

use super::{gates_in, judge, name_of, stand};
use crate::error::HubError;
use crate::service::Hub;
use crate::store::{GateRecord, PrisonOn, StoreError, StoredAttestation};

/// How often the hub looks whether an attestation is due.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// A prison that is not covered is attested as such only when the hub has run for this long: after a start gates
/// need a moment to come back.
pub const SETTLED_AFTER: Duration = Duration::from_secs(120);
/// Days that a page shows.
pub const DAYS_SHOWN: i64 = 14;

/// One prison on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedDay {
    /// The day, UTC.
    pub date: Date,
    /// The prison.
    pub prison: PrisonId,
    /// Its name in the register.
    pub name: String,
    /// What was attested; `None` if nothing was.
    pub attested: Option<AttestedOn>,
    /// Whether the day is not over.
    pub is_today: bool,
}

/// What was attested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedOn {
    /// When, UTC.
    pub at: Timestamp,
    /// Whether the prison was covered.
    pub covered: bool,
    /// Sequences of its gates' attempts that were missing.
    pub missing: u64,
}

/// Makes what is due, until the hub ends.
pub async fn attest_daily(hub: &Hub) -> std::convert::Infallible {
    loop {
        if let Err(error) = attest_due(hub).await {
            tracing::error!(%error, "attestations could not be made; tried again");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Attests today of each prison of which nothing is attested yet today; says of which.
pub async fn attest_due(hub: &Hub) -> Result<Vec<PrisonId>, StoreError> {
    let today = day_of(hub.seams.clock.now());
    let kept = hub.store.attestations_since(today, None).await?;
    let done: BTreeSet<PrisonId> = kept.iter().map(|kept| kept.prison).collect();
    let mut made = Vec::new();
    for on in hub.store.prisons_on().await? {
        if !done.contains(&on.prison) && attest(hub, &on).await? {
            made.push(on.prison);
        }
    }
    Ok(made)
}

async fn attest(hub: &Hub, on: &PrisonOn) -> Result<bool, StoreError> {
    let Some(attestation) = look(hub, on).await? else {
        return Ok(false);
    };
    let signed = Signed::sign(&attestation, hub.keys.feed_signing_key());
    let line = signed.map_err(|_| StoreError::Invalid("an attestation that cannot be written"))?;
    let kept = StoredAttestation {
        date: day_of(hub.seams.clock.now()),
        prison: on.prison,
        at: hub.seams.clock.now(),
        line: String::from_utf8_lossy(&line.to_line()).into_owned(),
    };
    hub.store.record_attestation(&kept).await
}

/// Where a prison stands, if it may be attested now: covered, or not covered and not for a moment only.
async fn look(hub: &Hub, on: &PrisonOn) -> Result<Option<Attestation>, StoreError> {
    let serial = hub.store.head().await?;
    let acknowledged = hub.store.first_acknowledged(serial).await?;
    let records = hub.store.gates().await?;
    let here = || gates_in(&records, on.prison);
    let why_not = judge(here().map(|gate| stand(hub, gate, &acknowledged)).collect()).why_not;
    let mut gates = Vec::new();
    for record in here() {
        gates.push(attested_gate(hub, record).await?);
    }
    // A gate that has just come back is covered by what it acknowledged before, and has not spoken yet.
    let has_spoken = |gate: &AttestedGate| gate.word.as_ref().is_some_and(|word| word.serial >= serial);
    let all_spoke = gates
        .iter()
        .filter(|gate| gate.state == AttestedGate::ADMITTED)
        .all(has_spoken);
    let covered = why_not.is_none() && all_spoke;
    let settled = hub.publisher.running_for() >= SETTLED_AFTER;
    if !covered && (why_not.is_none() || !settled) {
        return Ok(None);
    }
    let now = hub.seams.clock.now();
    Ok(Some(Attestation {
        date: day_of(now).to_string(),
        at_ms: now.as_millisecond(),
        prison: on.prison,
        regime: on.regime,
        session: hub.store.session(),
        serial,
        covered,
        why_not: why_not.map(|why| why.code().to_owned()),
        gates,
    }))
}

async fn attested_gate(hub: &Hub, record: &GateRecord) -> Result<AttestedGate, StoreError> {
    let found = hub.store.missing_attempts(record.id).await?;
    Ok(AttestedGate {
        gate: record.id,
        verifying_key: public_key_to_hex(&record.verifying_key),
        sealing_key: record.sealing_key,
        state: record.state.as_str().to_owned(),
        word: hub.publisher.last_word(record.id),
        attempts: AttestedAttempts {
            highest: found.highest,
            missing: found.missing,
            gaps: found.gaps.iter().map(|gap| (gap.first, gap.last)).collect(),
        },
    })
}

/// The last days of the caller's prison, or of all, newest first: each day on which a prison was switched on.
pub async fn attested_days(hub: &Hub, by: &Actor) -> Result<Vec<AttestedDay>, HubError> {
    if !by.role.may(Verb::ReadAttestations) {
        return Err(HubError::NotFound);
    }
    let own = by.role.prison();
    let today = day_of(hub.seams.clock.now());
    let since = today.saturating_sub((DAYS_SHOWN - 1).days());
    let kept = hub.store.attestations_since(since, own).await?;
    let on = hub.store.prisons_on().await?;
    let on: Vec<&PrisonOn> = on
        .iter()
        .filter(|on| own.is_none_or(|own| own == on.prison))
        .collect();
    let mut days: BTreeSet<(Date, PrisonId)> = kept.iter().map(|kept| (kept.date, kept.prison)).collect();
    for on in on {
        let first = day_of(on.since).max(since);
        days.extend(
            first
                .series(1.day())
                .take_while(|day| *day <= today)
                .map(|day| (day, on.prison)),
        );
    }
    let day = |(date, prison): (Date, PrisonId)| {
        let found = kept
            .iter()
            .find(|kept| kept.date == date && kept.prison == prison);
        Ok(AttestedDay {
            date,
            prison,
            name: name_of(prison),
            attested: found.map(|found| attested_on(hub, found)).transpose()?,
            is_today: date == today,
        })
    };
    days.into_iter().rev().map(day).collect()
}

/// The signed line of one prison and day.
pub async fn attestation(hub: &Hub, by: &Actor, prison: PrisonId, date: Date) -> Result<String, HubError> {
    let own = by.role.prison();
    if !by.role.may(Verb::ReadAttestations) || own.is_some_and(|own| own != prison) {
        return Err(HubError::NotFound);
    }
    let kept = hub.store.attestations_since(date, Some(prison)).await?;
    let found = kept.into_iter().find(|kept| kept.date == date);
    Ok(found.ok_or(HubError::NotFound)?.line)
}

/// What is kept must be what was signed.
fn attested_on(hub: &Hub, kept: &StoredAttestation) -> Result<AttestedOn, HubError> {
    let key = hub.keys.feed_signing_key().verifying_key();
    let line = kept.line.as_bytes();
    let attestation = feed::verify_attestation(line, &key, &[]).map_err(|error| {
        tracing::error!(%error, date = %kept.date, prison = %kept.prison, "an attestation that is kept does not hold");
        HubError::Damaged
    })?;
    Ok(AttestedOn {
        at: kept.at,
        covered: attestation.covered,
        missing: attestation.gates.iter().map(|gate| gate.attempts.missing).sum(),
    })
}

fn day_of(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}
