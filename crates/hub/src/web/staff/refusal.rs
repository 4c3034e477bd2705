//! What the store forbids, in the words of a page: some refusals a person can mend or must know of; the rest
//! becomes a page of the shell.

use casework::NotTwoPeople;

use crate::store::{Conflict, Refusal, StoreError};

/// The sentence for a refusal that the page itself tells; none for what makes a page of its own (not found,
/// damaged).
pub(super) fn sentence(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::Conflict(Conflict::CannotApprove) => Some("staff-error-cannot-approve"),
        StoreError::Conflict(Conflict::AlreadyDecided) => Some("staff-error-decided"),
        StoreError::Conflict(Conflict::AlreadyProposed) => Some("staff-error-proposed"),
        StoreError::Conflict(Conflict::Overtaken) => Some("staff-error-overtaken"),
        StoreError::Conflict(_) => Some("staff-error-again"),
        StoreError::Refused(Refusal::NotTwoPeople(NotTwoPeople::SamePerson)) => {
            Some("staff-error-not-two-people")
        }
        StoreError::Refused(Refusal::NotTwoPeople(NotTwoPeople::OneCreatedTheOther)) => {
            Some("staff-error-created")
        }
        StoreError::Refused(Refusal::InvalidTransition(_)) => Some("staff-error-transition"),
        StoreError::Refused(Refusal::NotTwoPeople(_) | Refusal::NotTheirs) => Some("staff-error-not-allowed"),
        StoreError::Refused(Refusal::HoldersUndecided) => Some("staff-error-holders"),
        StoreError::Refused(Refusal::CannotExcept) => Some("staff-error-cannot-except"),
        StoreError::Refused(Refusal::NotHeldHere) => Some("staff-error-not-held-here"),
        StoreError::Refused(Refusal::NotOnRecord) => Some("staff-error-not-on-record"),
        StoreError::Refused(Refusal::NotInHand) => Some("calls-error-not-in-hand"),
        StoreError::Refused(Refusal::NotTheirNumber) => Some("calls-error-number"),
        StoreError::Refused(Refusal::TakesTwoPeople) => Some("staff-error-not-two-people"),
        StoreError::Unavailable(_) => Some("staff-error-busy"),
        StoreError::Refused(_)
        | StoreError::NotFound
        | StoreError::Invalid(_)
        | StoreError::Damaged { .. } => None,
    }
}
