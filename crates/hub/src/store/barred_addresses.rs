//! The barred addresses, read once and indexed, and what a letter deserves by them.
//!
//! ```text
//! Store::barred_addresses -> BarredAddresses -> judge(sender, written) -> LetterFinding
//! ```
//! Both know the serial at which the bars stood. The verbs that record or post a letter compare it with the
//! serial of their own transaction: a letter is never judged by bars other than those in force.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use casework::{BarId, BarScope, WrittenAddress};
use feed::Serial;
use postal::{AddressError, AddressList, PostalAddress, Reason};
use prison::PrisonerNumber;

use super::Store;
use super::bars::AddressBar;
use super::error::StoreError;
use super::tx::missing;

/// How sure a letter's check is. The mailroom sees none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterVerdict {
    /// Nothing found.
    Pass,
    /// A person must look.
    Hold,
    /// A barred address.
    Stop,
}

/// What a letter deserves by the bars of one serial. Only [`BarredAddresses::judge`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterFinding {
    pub(super) verdict: LetterVerdict,
    pub(super) marked: bool,
    pub(super) bar: Option<BarId>,
    pub(super) judged_at: Serial,
}

impl LetterFinding {
    /// Pass, hold or stop.
    pub fn verdict(&self) -> LetterVerdict {
        self.verdict
    }

    /// Whether the envelope claims to be confidential (Rule 39 and the like). It then stays closed; the claim
    /// makes a letter neither easier nor harder to post.
    pub fn is_marked(&self) -> bool {
        self.marked
    }

    /// The bar that the address agrees with, if any.
    pub fn bar(&self) -> Option<BarId> {
        self.bar
    }
}

/// Every address bar in force at one serial.
pub struct BarredAddresses {
    serial: Serial,
    list: AddressList<BarId>,
    scopes: HashMap<BarId, BarScope>,
    /// Each address as it was read, so that the next reading only reads what is new.
    read: HashMap<BarId, PostalAddress>,
}

impl Store {
    /// The barred addresses as they stand now: `before` itself if nothing changed since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a bar cannot be opened, or its address no longer be read, as it could when
    /// it was barred. Letters then wait: a list without it would let through what was stopped before.
    pub async fn barred_addresses(
        &self,
        before: Option<Arc<BarredAddresses>>,
    ) -> Result<Arc<BarredAddresses>, StoreError> {
        let head = self.head().await?;
        if let Some(before) = before.as_ref().filter(|before| before.serial == head) {
            return Ok(Arc::clone(before));
        }
        let (serial, bars) = self.address_bars().await?;
        let read =
            tokio::task::spawn_blocking(move || BarredAddresses::read(serial, bars, before.as_deref()));
        let read = read
            .await
            .map_err(|_| StoreError::Unavailable("the barred addresses were not read".to_owned()))?;
        read.map(Arc::new)
    }
}

impl BarredAddresses {
    fn read(serial: Serial, bars: Vec<AddressBar>, before: Option<&Self>) -> Result<Self, StoreError> {
        let (mut scopes, mut read) = (HashMap::new(), HashMap::new());
        for bar in bars {
            let known = before.and_then(|before| before.read.get(&bar.bar)).cloned();
            let address = known
                .or_else(|| read_address(&bar.written).ok())
                .ok_or_else(|| missing("bars", &bar.bar.to_string()))?;
            read.insert(bar.bar, address);
            scopes.insert(bar.bar, bar.scope);
        }
        let list = AddressList::build(read.iter().map(|(bar, address)| (*bar, address.clone())));
        Ok(Self {
            serial,
            list,
            scopes,
            read,
        })
    }

    /// The serial at which these are the bars in force.
    pub(super) fn serial(&self) -> Serial {
        self.serial
    }

    /// What a sender's letter to this address deserves. An address that cannot be read is looked at by a
    /// person.
    pub fn judge(&self, sender: Option<PrisonerNumber>, written: &WrittenAddress) -> LetterFinding {
        let (verdict, bar, marked) = match read_address(written) {
            Ok(address) => {
                let (verdict, bar) = self.strongest(sender, &address);
                (verdict, bar, address.privileged_marking().is_some())
            }
            Err(_) => (LetterVerdict::Hold, None, false),
        };
        LetterFinding {
            verdict,
            marked,
            bar,
            judged_at: self.serial,
        }
    }

    /// Why a written address agrees with that of a bar, and what speaks against it; nothing if it does not, or if
    /// it cannot be read.
    pub fn reasons(&self, bar: BarId, written: &WrittenAddress) -> Vec<Reason> {
        let found = read_address(written).map(|address| self.list.find_all(&address));
        let mut found = found.unwrap_or_default().into_iter();
        let agrees = found.find(|found| found.best == Some(bar));
        agrees.map(|found| found.reasons).unwrap_or_default()
    }

    /// The strongest of all the bars that the address agrees with: of equals the sender's own, then the surest.
    /// Without one, a PO box is held: it is normally refused, whoever is behind it.
    fn strongest(
        &self,
        sender: Option<PrisonerNumber>,
        address: &PostalAddress,
    ) -> (LetterVerdict, Option<BarId>) {
        // The surest comes first, and of equals the last is taken.
        let weighed = self.list.find_all(address).into_iter().rev().filter_map(|found| {
            let bar = found.best?;
            let scope = *self.scopes.get(&bar)?;
            let own = sender.is_some_and(|sender| scope == BarScope::Prisoner(sender));
            let verdict = verdict_for(found.verdict, own || scope == BarScope::Estate);
            // A postcode wrong altogether passes for others, for there are namesakes; not for whom the bar is about.
            let verdict = if own && found.near {
                verdict.max(LetterVerdict::Hold)
            } else {
                verdict
            };
            (verdict > LetterVerdict::Pass).then_some((verdict, own, bar))
        });
        match weighed.max_by_key(|&(verdict, own, _)| (verdict, own)) {
            Some((verdict, _, bar)) => (verdict, Some(bar)),
            None if address.is_po_box() => (LetterVerdict::Hold, None),
            None => (LetterVerdict::Pass, None),
        }
    }
}

/// A bar that applies to the sender counts in full, whoever at the address the letter is for; a bar for
/// another prisoner makes a person look.
fn verdict_for(found: postal::LetterVerdict, applies: bool) -> LetterVerdict {
    match found {
        postal::LetterVerdict::Pass => LetterVerdict::Pass,
        postal::LetterVerdict::Stop if applies => LetterVerdict::Stop,
        postal::LetterVerdict::Stop | postal::LetterVerdict::Hold => LetterVerdict::Hold,
    }
}

/// Reads an address as postal reads it.
pub(crate) fn read_address(written: &WrittenAddress) -> Result<PostalAddress, AddressError> {
    let lines = postal::WrittenAddress::new(written.lines.expose())?;
    let postcode = written.postcode.as_ref().filter(|postcode| !postcode.is_blank());
    PostalAddress::parse(&lines, postcode.map(casework::Personal::expose))
}

impl fmt::Debug for BarredAddresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BarredAddresses({} at {})", self.list.len(), self.serial.0)
    }
}
