//! A request comes in: checked, ruled on, screened target by target, filed.
//!
//! ```text
//! ContactRequest -> problems? -> Ruling -> ScreenedTarget per number and address -> store.file_request -> Receipt
//!                                                               agency's number stands -> store.confirm_by_number
//! ```
//! Each number and address stands alone: those that resolve are barred as the policy rules, the rest go back
//! to the referrer, and the receipt says so. The receipt derives from this one request: it is the same
//! whether or not anything is barred already.

mod receipt;
mod screen;

use std::collections::BTreeSet;

use casework::{
    Actor, ContactRequest, Intelligence, OrganisationKind, Policy, Reference, ReferrerKind, Role, Verb,
};
use jiff::Timestamp;
use offender::Verified;
use prison::PrisonerNumber;

pub use receipt::{AskWhy, ReceiptAnswer, TargetAnswer};
pub(crate) use screen::{read_address, read_number};

use crate::always_allowed::AlwaysAllowedNumbers;
use crate::custody::Custody;
use crate::error::HubError;
use crate::service::Hub;
use crate::store::{Filing, IdempotencyKey, NamedPrisoners, Receipt};

/// Takes one request from whoever `by` is. The JSON verb and the web form both end here.
///
/// `linked_to` names an earlier request of the same caller that this one corrects or completes.
///
/// # Errors
/// [`HubError::Incomplete`] and [`HubError::Invalid`] name what the referrer must mend;
/// [`HubError::Refused`] if `by` may not file it in that capacity; [`HubError::Conflict`] if the key was
/// used for another body.
pub async fn take_request(
    hub: &Hub,
    by: &Actor,
    key: Option<IdempotencyKey>,
    request: ContactRequest,
    linked_to: Option<Reference>,
) -> Result<Receipt, HubError> {
    if !by.role.may(Verb::FileRequest) || !may_file_as(&by.role, request.referrer.kind) {
        return Err(HubError::Refused(
            "this caller may not file a request in that capacity".to_owned(),
        ));
    }
    let problems = request.problems();
    if !problems.is_empty() {
        return Err(HubError::Incomplete(problems));
    }
    let intake = Intake::of(hub);
    let verified = intake.verified(by, &request);
    let filing = intake.filing(request, linked_to);
    let receipt = hub.store.file_request(by, key, filing).await?;
    if let Some(verified) = verified
        && let Err(error) = hub.store.confirm_by_number(&receipt.reference, &verified).await
    {
        // The request is filed, and the case waits for a person as any other.
        tracing::error!(%error, "a prisoner was not confirmed by his number");
    }
    Ok(receipt)
}

/// By what requests are ruled on and screened.
#[derive(Clone, Copy)]
pub struct Intake<'a> {
    /// When a bar comes at once.
    pub policy: &'a Policy,
    /// What cannot be barred.
    pub always_allowed: &'a AlwaysAllowedNumbers,
    /// Who is in custody.
    pub custody: &'a Custody,
    /// Turns an age into years of birth.
    pub now: Timestamp,
}

impl<'a> Intake<'a> {
    /// By what this hub goes now.
    pub fn of(hub: &'a Hub) -> Self {
        Self {
            policy: &hub.policy,
            always_allowed: &hub.always_allowed,
            custody: &hub.custody,
            now: hub.seams.clock.now(),
        }
    }

    /// A request with its ruling, its targets as they are screened and the prisoners whom it names: what the store
    /// files.
    pub fn filing(&self, request: ContactRequest, linked_to: Option<Reference>) -> Filing {
        let ruling = self.policy.rule(&request);
        let targets = screen::screen(&request, &ruling, self.always_allowed);
        let named = NamedPrisoners {
            numbers: self.named_prisoners(&request),
        };
        Filing {
            request,
            ruling,
            caps: self.policy.caps,
            targets,
            linked_to,
            named,
        }
    }

    /// The prisoner whose number an agency gave, if it stands by itself.
    fn verified(&self, by: &Actor, request: &ContactRequest) -> Option<Verified> {
        by.role
            .vouches_for_prison_numbers()
            .then(|| self.custody.verify(&request.prisoner, self.now))
            .flatten()
    }

    /// The prisoners whom the request names: by his prison number, or so well described that there is no doubt.
    fn named_prisoners(&self, request: &ContactRequest) -> Vec<PrisonerNumber> {
        let given = request.prisoner.prison_number.as_ref();
        let given = given.and_then(|number| number.expose().parse::<PrisonerNumber>().ok());
        let sure = self.custody.locate(&request.prisoner, self.now).sure();
        given
            .into_iter()
            .chain(sure)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }
}

/// Takes one piece of intelligence.
pub async fn take_intelligence(
    hub: &Hub,
    by: &Actor,
    key: Option<IdempotencyKey>,
    intelligence: Intelligence,
) -> Result<Reference, HubError> {
    let problems = intelligence.problems();
    if !problems.is_empty() {
        return Err(HubError::Incomplete(problems));
    }
    Ok(hub
        .store
        .file_intelligence(by, key, intelligence, hub.policy.caps)
        .await?)
}

/// A capacity is what the account was registered for; the public form has two.
fn may_file_as(role: &Role, kind: ReferrerKind) -> bool {
    match role {
        Role::Public => matches!(
            kind,
            ReferrerKind::ProtectedPerson | ReferrerKind::FriendOrRelative
        ),
        Role::Referrer { organisation } => kind == capacity_of(*organisation),
        // On the telephone a case handler takes a request in the caller's capacity.
        Role::CaseHandler => true,
        _ => false,
    }
}

fn capacity_of(organisation: OrganisationKind) -> ReferrerKind {
    match organisation {
        OrganisationKind::Police => ReferrerKind::Police,
        OrganisationKind::Probation => ReferrerKind::Probation,
        OrganisationKind::Prison => ReferrerKind::Prison,
        OrganisationKind::VictimService => ReferrerKind::VictimService,
    }
}
