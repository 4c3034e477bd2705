//! What the hub does by itself for mailrooms: checks the rows of their files, and raises alerts of letters. Both are
//! found in the store by what is not done yet, so that a hub that was down misses none and does none twice.

use std::collections::BTreeSet;

use casework::{Actor, BarId};
use jiff::SignedDuration;

use super::{Envelope, check_letter, due_before};
use crate::error::HubError;
use crate::service::Hub;
use crate::store::{
    BarredAddresses, Beside, LateLetters, RowAnswer, StoreError, Via, WaitingBatchRow, WaitingLetter,
};

/// A row of a file that waits for longer is an alarm, in hours.
const UNCHECKED_HOURS: i64 = 24;

/// Does some of it; whether there may be more to do at once.
pub async fn tend_once(hub: &Hub) -> Result<bool, StoreError> {
    let alerted = raise_alerts(hub).await?;
    let offered = super::offered::raise_alerts(hub).await?;
    let checked = check_rows(hub).await?;
    Ok(alerted || offered || checked)
}

async fn raise_alerts(hub: &Hub) -> Result<bool, StoreError> {
    let letters = hub.store.letters_to_alert().await?;
    if letters.is_empty() {
        return Ok(false);
    }
    let barred = hub.mailroom.barred(hub).await?;
    for letter in &letters {
        hub.store.alert_of_letter(letter, &met(&barred, letter)).await?;
    }
    Ok(true)
}

/// The bars that a letter met, first the one that it was recorded with.
fn met(barred: &BarredAddresses, waiting: &WaitingLetter) -> Vec<BarId> {
    met_by(barred, waiting.letter.finding.bar(), &waiting.letter.written)
}

/// The bars that an address met, first the one that it was recorded with.
pub(super) fn met_by(
    barred: &BarredAddresses,
    recorded: Option<BarId>,
    written: &casework::WrittenAddress,
) -> Vec<BarId> {
    let now = barred.met(written);
    let others = now.into_iter().filter(|bar| Some(*bar) != recorded);
    recorded.into_iter().chain(others).collect()
}

/// Checks some rows of each prison's oldest file that waits, as the account that sent it. A prison over its cap waits for the next
/// hour, and holds up no other.
async fn check_rows(hub: &Hub) -> Result<bool, StoreError> {
    let (mut over, mut checked) = (BTreeSet::new(), false);
    for waiting in hub.store.letter_rows_waiting().await? {
        if over.contains(&waiting.prison) {
            continue;
        }
        let by = hub.store.account(waiting.filed_by).await?;
        match check_row(hub, by.as_ref(), &waiting).await {
            Ok(()) => checked = true,
            Err(HubError::TooMany) => drop(over.insert(waiting.prison)),
            Err(error) => return Err(StoreError::Unavailable(error.to_string())),
        }
    }
    Ok(checked)
}

async fn check_row(hub: &Hub, by: Option<&Actor>, waiting: &WaitingBatchRow) -> Result<(), HubError> {
    let leave = |answer| hub.store.leave_letter_row(waiting.row, answer);
    let (Some(by), Some(asked)) = (by, &waiting.asked) else {
        return Ok(leave(RowAnswer::NotChecked).await?);
    };
    let envelope = Envelope {
        sender: Some(asked.sender),
        written: asked.written.clone(),
        kind: waiting.kind,
        via: Via::File,
    };
    let beside = Beside {
        row: Some(waiting.row),
        ..Beside::default()
    };
    match check_letter(hub, by, waiting.prison, &envelope, beside).await {
        Ok(_) => Ok(()),
        Err(HubError::Invalid { field, .. }) if field == "prison_number" => {
            Ok(leave(RowAnswer::NotHeldHere).await?)
        }
        Err(HubError::Invalid { .. }) => Ok(leave(RowAnswer::NoAddress).await?),
        Err(HubError::Refused(_)) => Ok(leave(RowAnswer::NotChecked).await?),
        Err(error) => Err(error),
    }
}

/// The prisons in which letters have waited too long: on the shelf for more than one working day, or as rows of a file
/// for more than 24 hours.
pub async fn late_letters(hub: &Hub) -> Result<Vec<LateLetters>, StoreError> {
    let now = hub.seams.clock.now();
    let sent = now
        .checked_sub(SignedDuration::from_hours(UNCHECKED_HOURS))
        .unwrap_or(now);
    hub.store.late_letters(due_before(now), sent).await
}
