//! The other prisoners who had a number of the case on their lists. One person leaves it off; that somebody keeps
//! it is proposed to a second.

use std::collections::BTreeSet;

use casework::{BarId, ProposedChange};
use feed::EntryId;
use serde::Serialize;
use uuid::Uuid;

use super::Posted;
use crate::error::HubError;
use crate::store::{CaseFile, Holder, HolderStands};
use crate::web::staff::desk::Answer;
use crate::web::staff::{frame, words};

/// One prisoner, as the page shows him.
#[derive(Serialize)]
pub(super) struct Row {
    entry: Uuid,
    /// The bar that suspended his entry; none once somebody has decided.
    bar: Option<BarId>,
    prisoner: String,
    prison: String,
    prison_id: String,
    kind: String,
    state: &'static str,
    may_ring: bool,
    /// Whether one step takes the number off his list.
    can_revoke: bool,
    /// Whether a second person is asked to let him keep it.
    asked: bool,
}

/// Everybody but the prisoner of the case himself.
pub(super) fn rows(file: &CaseFile, holders: &[Holder]) -> Vec<Row> {
    let others = holders
        .iter()
        .filter(|holder| Some(holder.holder) != file.state.prisoner());
    others.map(|holder| row(file, holder)).collect()
}

/// A prisoner with two of the numbers is one prisoner.
pub(super) fn distinct(rows: &[Row]) -> usize {
    rows.iter()
        .map(|row| row.prisoner.as_str())
        .collect::<BTreeSet<_>>()
        .len()
}

fn row(file: &CaseFile, holder: &Holder) -> Row {
    use HolderStands::{Approved, Kept, Revoked, Undecided};
    let entry = Uuid::from_bytes(*holder.entry.as_bytes());
    let bar = match holder.stands {
        Undecided(bar) => Some(bar),
        _ => None,
    };
    let asked = |change: &ProposedChange| match change {
        ProposedChange::ExceptPrisoner {
            bar: of,
            prison,
            prisoner,
        } => Some(*of) == bar && (*prison, *prisoner) == (holder.prison, holder.holder),
        _ => false,
    };
    Row {
        entry,
        bar,
        prisoner: holder.holder.to_string(),
        prison: frame::prison_name(holder.prison),
        prison_id: holder.prison.to_string(),
        kind: words::code(holder.contact),
        state: match holder.stands {
            Undecided(_) => "suspended",
            Kept => "kept",
            Approved => "approved",
            Revoked => "revoked",
        },
        may_ring: matches!(holder.stands, Kept | Approved),
        can_revoke: matches!(holder.stands, Undecided(_) | Kept),
        asked: file.proposals.iter().any(|open| asked(&open.proposal.change)),
    }
}

/// Leaves a number of this case off the list of a prisoner whom the request did not name, or of all such.
pub(super) async fn revoke_entry(posted: Posted) -> Answer {
    // The form for all of whom nobody has decided names none.
    let entry = match posted.fields.text("entry") {
        "" => None,
        named => {
            let named: Uuid = named.parse().map_err(|_| HubError::NotFound)?;
            Some(EntryId::from_bytes(*named.as_bytes()))
        }
    };
    let desk = &posted.desk;
    let left = desk
        .store()
        .leave_suspended(&desk.actor, posted.case, entry)
        .await;
    posted
        .answer(left.map(|_| ("holders", "revoked")), "holders")
        .await
}
