//! The barred addresses, read once and indexed: those barred for the estate, and those barred for one
//! prisoner.

use std::collections::HashMap;

use casework::{BarId, BarScope};
use feed::Serial;
use postal::{AddressList, PostalAddress};
use prison::PrisonerNumber;

use crate::error::HubError;
use crate::store::{AddressBar, LetterVerdict};

/// Every address bar in force at one serial.
pub(super) struct BarredAddresses {
    serial: Serial,
    estate: AddressList<BarId>,
    narrowed: AddressList<BarId>,
    /// Whom each narrowed bar is for.
    narrowed_to: HashMap<BarId, PrisonerNumber>,
    /// Each address as it was read, so that the next reading only reads what is new.
    read: HashMap<BarId, PostalAddress>,
}

impl BarredAddresses {
    /// Indexes the bars; addresses that `before` has read already are taken over from it. Every address was
    /// read once when it was barred. If one can no longer be read there is no index: letters wait, for a list
    /// that cannot be built in full lets through what was stopped before.
    pub(super) fn read(
        serial: Serial,
        bars: Vec<AddressBar>,
        before: Option<&Self>,
    ) -> Result<Self, HubError> {
        let (mut estate, mut narrowed) = (Vec::new(), Vec::new());
        let (mut narrowed_to, mut read) = (HashMap::new(), HashMap::new());
        for bar in bars {
            let known = before.and_then(|before| before.read.get(&bar.bar)).cloned();
            let Some(address) = known.or_else(|| super::read_address(&bar.written).ok()) else {
                tracing::error!(bar = %bar.bar, "a barred address can no longer be read");
                return Err(HubError::Damaged);
            };
            read.insert(bar.bar, address.clone());
            match bar.scope {
                BarScope::Estate => estate.push((bar.bar, address)),
                BarScope::Prisoner(prisoner) => {
                    narrowed_to.insert(bar.bar, prisoner);
                    narrowed.push((bar.bar, address));
                }
            }
        }
        let (estate, narrowed) = (AddressList::build(estate), AddressList::build(narrowed));
        Ok(Self {
            serial,
            estate,
            narrowed,
            narrowed_to,
            read,
        })
    }

    /// The serial that the bars were read at, or after.
    pub(super) fn serial(&self) -> Serial {
        self.serial
    }

    /// What a sender's letter to this address deserves. A bar for the estate, or for this sender, counts in
    /// full whoever at the address the letter is for; a bar for another prisoner makes a person look.
    pub(super) fn judge(
        &self,
        sender: Option<PrisonerNumber>,
        address: &PostalAddress,
    ) -> (LetterVerdict, Option<BarId>) {
        let estate = self.estate.find(address);
        let narrowed = self.narrowed.find(address);
        let owner = narrowed.best.and_then(|bar| self.narrowed_to.get(&bar).copied());
        let narrowed_verdict = match verdict(narrowed.verdict) {
            LetterVerdict::Stop if owner != sender || sender.is_none() => LetterVerdict::Hold,
            verdict => verdict,
        };
        match (verdict(estate.verdict), narrowed_verdict) {
            (LetterVerdict::Stop, _) => (LetterVerdict::Stop, estate.best),
            (_, LetterVerdict::Stop) => (LetterVerdict::Stop, narrowed.best),
            (LetterVerdict::Pass, LetterVerdict::Pass) => (LetterVerdict::Pass, None),
            (LetterVerdict::Pass, verdict) => (verdict, narrowed.best),
            (verdict, _) => (verdict, estate.best),
        }
    }
}

fn verdict(found: postal::LetterVerdict) -> LetterVerdict {
    match found {
        postal::LetterVerdict::Stop => LetterVerdict::Stop,
        postal::LetterVerdict::Hold => LetterVerdict::Hold,
        postal::LetterVerdict::Pass => LetterVerdict::Pass,
    }
}
