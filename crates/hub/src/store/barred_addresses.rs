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

use casework::{BarId, BarScope, CaseId, WrittenAddress};
use feed::Serial;
use postal::{AddressError, AddressList, PostalAddress, Reason};
use prison::PrisonerNumber;

use super::Store;
use super::bars::AddressBar;
use super::bars_about::{About, about_mark};
use super::error::StoreError;
use super::letter_exemptions::{Exemptions, exemptions_mark};
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
    pub(super) judged_at: JudgedBy,
    pub(super) exempt: bool,
    pub(super) named: Option<CaseId>,
}

/// By which bars and which exemptions a letter was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct JudgedBy {
    pub(super) serial: Serial,
    pub(super) exemptions: u64,
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

    /// Whether it leaves because two people exempted such letters, although its address may agree with a bar.
    pub fn is_exempt(&self) -> bool {
        self.exempt
    }

    /// The case of a protected person whose name the envelope bears, if that is why the letter is held.
    pub fn named(&self) -> Option<CaseId> {
        self.named
    }

    /// Held because of the name on the envelope, unless something else keeps it already or it is exempt.
    pub fn held_by_name(self, case: Option<CaseId>) -> Self {
        match case {
            Some(case) if self.verdict == LetterVerdict::Pass && !self.exempt => Self {
                verdict: LetterVerdict::Hold,
                named: Some(case),
                ..self
            },
            _ => self,
        }
    }

    /// The bar that the address agrees with, if any.
    pub fn bar(&self) -> Option<BarId> {
        self.bar
    }
}

/// A bar with which an address agrees.
struct Agrees {
    verdict: LetterVerdict,
    /// It is narrowed to the prisoner.
    own: bool,
    bar: BarId,
    case: CaseId,
}

/// Every address bar in force at one serial.
pub struct BarredAddresses {
    serial: Serial,
    list: AddressList<BarId>,
    bars: HashMap<BarId, (CaseId, BarScope)>,
    exemptions: Exemptions,
    about: About,
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
        let mark = exemptions_mark(&self.reader).await?;
        let located = about_mark(&self.reader).await?;
        let same = |before: &&Arc<BarredAddresses>| {
            (before.serial, before.exemptions.mark, before.about.mark) == (head, mark, located)
        };
        if let Some(before) = before.as_ref().filter(same) {
            return Ok(Arc::clone(before));
        }
        let exemptions = self.exemptions_on(&self.snapshot().await?).await?;
        let about = About::read(&self.snapshot().await?).await?;
        let (serial, bars) = self.address_bars().await?;
        let read = tokio::task::spawn_blocking(move || {
            BarredAddresses::read(serial, bars, (exemptions, about), before.as_deref())
        });
        let read = read
            .await
            .map_err(|_| StoreError::Unavailable("the barred addresses were not read".to_owned()))?;
        read.map(Arc::new)
    }
}

impl BarredAddresses {
    fn read(
        serial: Serial,
        in_force: Vec<AddressBar>,
        (exemptions, about): (Exemptions, About),
        before: Option<&Self>,
    ) -> Result<Self, StoreError> {
        let (mut bars, mut read) = (HashMap::new(), HashMap::new());
        for bar in in_force {
            let known = before.and_then(|before| before.read.get(&bar.bar)).cloned();
            let address = known
                .or_else(|| read_address(&bar.written).ok())
                .ok_or_else(|| missing("bars", &bar.bar.to_string()))?;
            read.insert(bar.bar, address);
            bars.insert(bar.bar, (bar.case, bar.scope));
        }
        let list = AddressList::build(read.iter().map(|(bar, address)| (*bar, address.clone())));
        Ok(Self {
            serial,
            list,
            bars,
            exemptions,
            about,
            read,
        })
    }

    /// When these are the bars and the exemptions in force.
    pub(super) fn judged_by(&self) -> JudgedBy {
        JudgedBy {
            serial: self.serial,
            exemptions: self.exemptions.mark,
        }
    }

    /// What a sender's letter to this address deserves. An address that cannot be read is looked at by a
    /// person.
    pub fn judge(&self, sender: Option<PrisonerNumber>, written: &WrittenAddress) -> LetterFinding {
        let Ok(address) = read_address(written) else {
            return self.found(LetterVerdict::Hold, None);
        };
        let marked = address.privileged_marking().is_some();
        if marked && self.exemptions.is_registered(&address) {
            let exempt = self.found(LetterVerdict::Pass, None);
            return LetterFinding {
                marked,
                exempt: true,
                ..exempt
            };
        }
        let (verdict, bar) = self.strongest(sender, written, &address);
        let exempt = verdict == LetterVerdict::Pass && self.is_to_a_relative(sender, written, &address);
        LetterFinding {
            marked,
            exempt,
            ..self.found(verdict, bar)
        }
    }

    /// What an address deserves at which this prisoner offers to live or to stay: by every bar, the surest first and of
    /// equals those of cases about him. Nothing exempts it, neither a marking nor a relative's name, and what cannot be
    /// read, or is a PO box, is looked at by a person.
    pub fn judge_offered(&self, prisoner: PrisonerNumber, written: &WrittenAddress) -> LetterFinding {
        let Ok(address) = read_address(written) else {
            return self.found(LetterVerdict::Hold, None);
        };
        let about = |agrees: &Agrees| agrees.own || self.about.names(agrees.case, prisoner);
        let strongest = self.agreeing(Some(prisoner), &address);
        match strongest.max_by_key(|agrees| (agrees.verdict, about(agrees))) {
            Some(Agrees { verdict, bar, .. }) => self.found(verdict, Some(bar)),
            None if address.is_po_box() => self.found(LetterVerdict::Hold, None),
            None => self.found(LetterVerdict::Pass, None),
        }
    }

    fn found(&self, verdict: LetterVerdict, bar: Option<BarId>) -> LetterFinding {
        LetterFinding {
            verdict,
            marked: false,
            bar,
            judged_at: self.judged_by(),
            exempt: false,
            named: None,
        }
    }

    /// Whether a bar agrees with the address and its case names the addressee as the sender's close relative.
    fn is_to_a_relative(
        &self,
        sender: Option<PrisonerNumber>,
        written: &WrittenAddress,
        address: &PostalAddress,
    ) -> bool {
        let mut found = self.list.find_all(address).into_iter();
        found.any(|found| {
            found
                .best
                .is_some_and(|bar| self.leaves_alone(bar, sender, written))
        })
    }

    fn leaves_alone(&self, bar: BarId, sender: Option<PrisonerNumber>, written: &WrittenAddress) -> bool {
        let case = self.bars.get(&bar).map(|(case, _)| *case);
        case.is_some_and(|case| self.exemptions.is_relative(case, sender, written))
    }

    /// Why a written address agrees with that of a bar, and what speaks against it; nothing if it does not, or if
    /// it cannot be read.
    pub fn reasons(&self, bar: BarId, written: &WrittenAddress) -> Vec<Reason> {
        let found = read_address(written).map(|address| self.list.find_all(&address));
        let mut found = found.unwrap_or_default().into_iter();
        let agrees = found.find(|found| found.best == Some(bar));
        agrees.map(|found| found.reasons).unwrap_or_default()
    }

    /// Every bar with which an address agrees surely, the surest first, whomever it applies to.
    pub fn met(&self, written: &WrittenAddress) -> Vec<BarId> {
        let found = read_address(written).map(|address| self.list.find_all(&address));
        let surely = found
            .unwrap_or_default()
            .into_iter()
            .filter(|found| found.verdict == postal::LetterVerdict::Stop);
        surely.filter_map(|found| found.best).collect()
    }

    /// The strongest of all the bars that the address agrees with: of equals the sender's own, then the surest.
    /// Without one, a PO box is held: it is normally refused, whoever is behind it.
    fn strongest(
        &self,
        sender: Option<PrisonerNumber>,
        written: &WrittenAddress,
        address: &PostalAddress,
    ) -> (LetterVerdict, Option<BarId>) {
        let weighed = self
            .agreeing(sender, address)
            .filter(|agrees| !self.leaves_alone(agrees.bar, sender, written));
        match weighed.max_by_key(|agrees| (agrees.verdict, agrees.own)) {
            Some(Agrees { verdict, bar, .. }) => (verdict, Some(bar)),
            None if address.is_po_box() => (LetterVerdict::Hold, None),
            None => (LetterVerdict::Pass, None),
        }
    }

    /// The bars that the address agrees with, the least sure first: of equals the last is the one to take.
    fn agreeing(
        &self,
        sender: Option<PrisonerNumber>,
        address: &PostalAddress,
    ) -> impl Iterator<Item = Agrees> {
        self.list
            .find_all(address)
            .into_iter()
            .rev()
            .filter_map(move |found| {
                let bar = found.best?;
                let (case, scope) = *self.bars.get(&bar)?;
                let own = sender.is_some_and(|sender| scope == BarScope::Prisoner(sender));
                let verdict = verdict_for(found.verdict, own || scope == BarScope::Estate);
                // What comes near passes for others, for there are namesakes and other flats; not for whom the bar may be about.
                let another = self.about.is_another((case, scope), sender);
                let verdict = if found.near && !another {
                    verdict.max(LetterVerdict::Hold)
                } else {
                    verdict
                };
                (verdict > LetterVerdict::Pass).then_some(Agrees {
                    verdict,
                    own,
                    bar,
                    case,
                })
            })
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
