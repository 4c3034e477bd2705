//! The name on an envelope as evidence, compared with everybody whom cases protect: [`postal`] reads the names,
//! [`casework`] says how much of one is enough from this sender. Where a letter goes is never looked at here: whoever
//! tried towns could otherwise learn hers.

use casework::{CaseId, WrittenAddress, named_on_envelope};
use jiff::Timestamp;
use postal::names_on_envelope;
use prison::PrisonerNumber;

use super::Applications;
use super::screen::{Known, Place, is_about};
use crate::custody::Custody;
use crate::store::{Store, StoreError};

impl Applications {
    /// The case of the protected person whom the envelope names, if that is evidence enough from this sender.
    ///
    /// # Errors
    /// As [`Store::protected_people`]: letters then wait, because one that was passed over might be to her.
    pub(crate) async fn protects_by_name(
        &self,
        store: &Store,
        custody: &Custody,
        now: Timestamp,
        sender: Option<PrisonerNumber>,
        written: &WrittenAddress,
    ) -> Result<Option<CaseId>, StoreError> {
        let known = self.known(store).await?;
        Ok(protected(&known, custody, now, sender, written))
    }
}

fn protected(
    known: &Known,
    custody: &Custody,
    now: Timestamp,
    sender: Option<PrisonerNumber>,
    written: &WrittenAddress,
) -> Option<CaseId> {
    // What cannot be read is looked at by a person anyway.
    let names = names_on_envelope(&postal::WrittenAddress::new(written.lines.expose()).ok()?);
    let own = |(case, ..): &Place| {
        let case = known.protected.cases.get(case);
        sender.is_some_and(|sender| case.is_some_and(|case| is_about(case, sender, custody, now)))
    };
    named_on_envelope(&names, &known.people, own).map(|named| named.id.0)
}
