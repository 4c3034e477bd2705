//! A short day: applications filed and answered in one go, by the same verbs as in earnest, for a demonstration that is
//! being made and for tests. No page, interface or command leads here.

use std::collections::BTreeSet;

use casework::{Actor, Contact, ProposalId, ProposedChange};
use feed::ContactKind;
use jiff::{SignedDuration, Timestamp};
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};

use super::{AnswerTimes, Answering, Applications};
use crate::custody::Custody;
use crate::store::{Conflict, Lane, NewApplication, Refusal, Store, StoreError, Taken};

/// Applies for one number and answers everything that waits. Gives the proposal that a second person may approve; none
/// if the application is not approved.
pub async fn apply_and_answer(
    at: (&Store, Timestamp),
    by: &Actor,
    prison: PrisonId,
    holder: PrisonerNumber,
    number: PhoneNumber,
    kind: ContactKind,
    name: &str,
) -> Result<Option<ProposalId>, StoreError> {
    let proposals = apply_and_answer_all(at, by, prison, &[(holder, number, kind)], name).await?;
    Ok(proposals.first().copied())
}

/// The same for several numbers, answered together. Gives the proposals of those that are approved.
pub async fn apply_and_answer_all(
    (store, now): (&Store, Timestamp),
    by: &Actor,
    prison: PrisonId,
    asked: &[(PrisonerNumber, PhoneNumber, ContactKind)],
    name: &str,
) -> Result<Vec<ProposalId>, StoreError> {
    let before = proposals(store, by).await?;
    let applications = asked.iter().map(|asked| application(*asked, name)).collect();
    for taken in store.file_applications(by, prison, None, applications).await? {
        match taken {
            Taken::Application(_) => {}
            Taken::NotHeldHere => return Err(Refusal::NotHeldHere.into()),
            Taken::TooMany => return Err(Conflict::Changed.into()),
        }
    }
    answer_all(store, now).await?;
    let after = proposals(store, by).await?;
    Ok(after.difference(&before).copied().collect())
}

fn application(
    (holder, number, kind): (PrisonerNumber, PhoneNumber, ContactKind),
    name: &str,
) -> NewApplication {
    let lane = match kind {
        ContactKind::Social => Lane::Social,
        ContactKind::Official => Lane::Official(vec![number]),
        ContactKind::Legal => Lane::Legal(vec![number]),
    };
    let contact = Contact {
        first_name: Default::default(),
        last_name: name.into(),
        date_of_birth: None,
        age_years: None,
        relationship: None,
        address: None,
        numbers: vec![number.expose().into()],
    };
    NewApplication {
        holder,
        lane,
        contact,
    }
}

/// How much later a batch is held: what was filed meanwhile, on a slow machine too, is answered with it.
const LATER: SignedDuration = SignedDuration::from_secs(60);

/// Answers everything that waits, as a batch of a minute later.
pub async fn answer_all(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let custody = Custody::read(store).await?;
    let answering = Answering {
        store,
        custody: &custody,
        applications: &Applications::new(AnswerTimes::Every { seconds: 1 }),
        now: now.saturating_add(LATER).unwrap_or(now),
    };
    answering.run().await.map(drop)
}

async fn proposals(store: &Store, by: &Actor) -> Result<BTreeSet<ProposalId>, StoreError> {
    let open = store.open_proposals(by).await?.rows;
    let to_approve = open
        .iter()
        .filter(|open| matches!(open.proposal.change, ProposedChange::ApproveNumber { .. }));
    Ok(to_approve.map(|open| open.proposal.id).collect())
}
