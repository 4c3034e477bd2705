//! The alerts on prisoners' own records, beside who may be meant: they are no evidence and move no rank.
//!
//! Where nobody clearly fits, those who fit about as well and have such an alert are named first; and a handler may list
//! those with one whom a named prison holds and whose name fits in part.

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::KnownOfPrisoner;
use jiff::civil::Date;
use offender::{Candidate, Field};
use prison::PrisonerNumber;
use serde::Serialize;

use super::evidence::TELLING_BITS;
use super::locate::Prisoner;
use crate::custody::prison_named;
use crate::error::HubError;
use crate::store::{CaseFile, StandingAlert};
use crate::web::site::PageError;
use crate::web::staff::desk::Desk;

/// Prisoners of one list.
const LISTED_MOST: usize = 30;

/// An alert as the page shows it.
#[derive(Clone, Serialize)]
pub(super) struct Alert {
    code: &'static str,
    since: Option<Date>,
}

impl From<&StandingAlert> for Alert {
    fn from(alert: &StandingAlert) -> Self {
        Self {
            code: alert.code.as_str(),
            since: alert.since,
        }
    }
}

/// What stands on the records of these prisoners, put beside each.
pub(super) async fn put_beside(desk: &Desk, prisoners: &mut [Prisoner]) -> Result<(), PageError> {
    let numbers: Vec<PrisonerNumber> = prisoners.iter().map(|one| one.prisoner).collect();
    let on_record: BTreeMap<_, Vec<StandingAlert>> = desk.store().alerts_on(&numbers).await?;
    for prisoner in prisoners {
        let alerts = on_record.get(&prisoner.prisoner).into_iter().flatten();
        prisoner.alerts = alerts.map(Alert::from).collect();
    }
    Ok(())
}

/// Of these candidates those with such an alert.
pub(super) async fn with_alert(desk: &Desk, near: Vec<Candidate>) -> Result<Vec<Candidate>, PageError> {
    let numbers: Vec<PrisonerNumber> = near.iter().map(|one| one.prisoner_number).collect();
    let alerted = desk.store().alerts_on(&numbers).await?;
    let mut near = near;
    near.retain(|one| alerted.contains_key(&one.prisoner_number));
    Ok(near)
}

/// Whether the prison that is written is one: without it nobody is listed.
pub(super) fn names_a_prison(known: &KnownOfPrisoner) -> bool {
    known.prison.as_ref().and_then(prison_named).is_some()
}

/// Those with such an alert whom the named prison holds and whose name fits in part, the likeliest first, and whether
/// there are more; everybody there with one where no name is asked.
pub(super) async fn listed(
    desk: &Desk,
    file: &CaseFile,
    known: KnownOfPrisoner,
) -> Result<(Vec<Candidate>, bool), PageError> {
    let Some(prison) = known.prison.as_ref().and_then(prison_named) else {
        return Ok((Vec::new(), false));
    };
    let alerted = desk.store().alerted_in(&desk.actor, file.case, prison).await?;
    let hub = Arc::clone(&desk.site.hub);
    let now = hub.seams.clock.now();
    let weighing = tokio::task::spawn_blocking(move || hub.custody.weigh(&known, &alerted, now));
    let mut weighed = weighing.await.map_err(|_| PageError(HubError::Unavailable))?;
    weighed.retain(name_fits_in_part);
    weighed.sort_by(|one, other| other.bits.total_cmp(&one.bits));
    let more = weighed.len() > LISTED_MOST;
    weighed.truncate(LISTED_MOST);
    Ok((weighed, more))
}

/// Whether a given name, a family name or another name speaks for him; or no name was asked.
fn name_fits_in_part(candidate: &Candidate) -> bool {
    let of_a_name = |field| matches!(field, Field::FirstName | Field::LastName | Field::OtherNames);
    let names = candidate.evidence.iter().filter(|piece| of_a_name(piece.field));
    let mut bits = names.map(|piece| piece.bits).peekable();
    bits.peek().is_none() || bits.any(|bits| bits >= TELLING_BITS)
}
