//! The list that calls are answered from, in memory and pure: no disk, no clock, no network.
//!
//! Three parts. **On record** is what the hub says this gate holds; its hash covers exactly that. **Kept**
//! are bars that were held and that a later snapshot, or a later session, did not name in the same words:
//! leaving a bar out removes nothing. **Revoked** are identifiers of approved entries that were taken away
//! once; they are never honoured again, whoever announces them.
//!
//! A message comes in through [`apply`](BarList::apply) and a new list comes out, or the reason why not;
//! the old list stays as it was. A number is refused while any bar, on record or kept, names it.

mod apply;
mod shards;
mod written;

use std::fmt;

use feed::{
    BarId, ContactKind, Entry, EntryId, Fingerprint, FingerprintKey, GateId, ListHash, Regime, Scope, Serial,
    Session,
};
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};

pub use apply::NotUsable;
pub use written::{Step, Unreadable, WrittenList};

use shards::Shards;

/// Where a list stands in the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The gate whose list it is.
    pub gate: GateId,
    /// The session.
    pub session: Session,
    /// The last change that is in it.
    pub serial: Serial,
    /// The hash of what is on record.
    pub hash: ListHash,
    /// Bars held although the newest snapshot did not name them.
    pub held_without_record: u64,
}

/// One gate's list. A copy is cheap.
#[derive(Clone)]
pub struct BarList {
    standing: Standing,
    prison: PrisonId,
    regime: Regime,
    keys: Vec<FingerprintKey>,
    /// Place in `keys` of the one in force.
    current: u8,
    bars: Shards<BarId, Bar>,
    approved: Shards<EntryId, Approved>,
    kept: Shards<BarId, Vec<Bar>>,
    revoked: Shards<EntryId, ()>,
    /// From here on: what follows from the above, arranged for the question that a call asks.
    refused: Shards<Fingerprint, RefusedTo>,
    contacts: Shards<(PrisonerNumber, Fingerprint), Counts>,
    legal: Shards<Fingerprint, u32>,
}

/// A bar as held.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bar {
    number: Fingerprint,
    scope: Scope,
    /// Place in [`BarList::keys`] of the key that made `number`.
    key: u8,
}

/// An approved entry as held.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Approved {
    number: Fingerprint,
    holder: PrisonerNumber,
    contact: ContactKind,
}

/// How many bars refuse a number, and to whom.
#[derive(Clone, Default)]
struct RefusedTo {
    everyone: u32,
    prisoners: Vec<PrisonerNumber>,
}

/// How many entries of each kind one prisoner has for one number.
#[derive(Clone, Copy, Default)]
struct Counts {
    social: u32,
    official: u32,
    legal: u32,
}

impl BarList {
    /// Where the list stands.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The prison it is for.
    pub fn prison(&self) -> PrisonId {
        self.prison
    }

    /// What becomes of a number that is neither barred nor approved.
    pub fn regime(&self) -> Regime {
        self.regime
    }

    /// Entries on record.
    pub fn entries(&self) -> usize {
        self.bars.len() + self.approved.len()
    }

    /// Whether a bar stands against this caller dialling this number; `None` is a caller who is not exactly
    /// one known prisoner, and meets every bar. A bar on a number abroad stands against whatever is dialled after
    /// it too: that rings the same telephone.
    pub fn bars(&self, number: &PhoneNumber, caller: Option<PrisonerNumber>) -> bool {
        let names = |number: &PhoneNumber| {
            self.keys.iter().any(|key| {
                self.refused
                    .get(&key.fingerprint(number))
                    .is_some_and(|refused| refused.to(caller))
            })
        };
        names(number) || number.beginnings().any(|shorter| names(&shorter))
    }

    /// The contact that a number is to a prisoner: the most confidential kind, if it stands on his list more
    /// than once.
    pub fn contact(&self, number: &PhoneNumber, holder: PrisonerNumber) -> Option<ContactKind> {
        let counts = self.contacts.get(&(holder, self.key().fingerprint(number)))?;
        Some(match counts {
            Counts { legal: 1.., .. } => ContactKind::Legal,
            Counts { official: 1.., .. } => ContactKind::Official,
            _ => ContactKind::Social,
        })
    }

    /// Whether a number is a legal entry on anybody's list here.
    pub fn is_legal(&self, number: &PhoneNumber) -> bool {
        self.legal.contains(&self.key().fingerprint(number))
    }

    fn key(&self) -> &FingerprintKey {
        &self.keys[usize::from(self.current)]
    }

    fn refuse(&mut self, bar: &Bar) {
        let add = |refused: &mut RefusedTo| match bar.scope {
            Scope::Everyone => refused.everyone += 1,
            Scope::Prisoner(prisoner) => refused.prisoners.push(prisoner),
        };
        self.refused.change(bar.number, add, RefusedTo::is_empty);
    }

    fn no_longer_refuse(&mut self, bar: &Bar) {
        let take = |refused: &mut RefusedTo| match bar.scope {
            Scope::Everyone => refused.everyone = refused.everyone.saturating_sub(1),
            Scope::Prisoner(prisoner) => {
                if let Some(at) = refused.prisoners.iter().position(|held| *held == prisoner) {
                    refused.prisoners.swap_remove(at);
                }
            }
        };
        self.refused.change(bar.number, take, RefusedTo::is_empty);
    }

    fn approve(&mut self, approved: &Approved) {
        let Approved {
            number,
            holder,
            contact,
        } = *approved;
        self.contacts.change(
            (holder, number),
            |counts| *counts.of(contact) += 1,
            Counts::is_empty,
        );
        if contact == ContactKind::Legal {
            self.legal
                .change(number, |count| *count += 1, |count| *count == 0);
        }
    }

    fn no_longer_approve(&mut self, approved: &Approved) {
        let Approved {
            number,
            holder,
            contact,
        } = *approved;
        let less = |count: &mut u32| *count = count.saturating_sub(1);
        self.contacts.change(
            (holder, number),
            |counts| less(counts.of(contact)),
            Counts::is_empty,
        );
        if contact == ContactKind::Legal {
            self.legal.change(number, less, |count| *count == 0);
        }
    }
}

impl RefusedTo {
    fn to(&self, caller: Option<PrisonerNumber>) -> bool {
        let named = || caller.is_none_or(|caller| self.prisoners.contains(&caller));
        self.everyone > 0 || (!self.prisoners.is_empty() && named())
    }

    fn is_empty(&self) -> bool {
        self.everyone == 0 && self.prisoners.is_empty()
    }
}

impl Counts {
    fn of(&mut self, contact: ContactKind) -> &mut u32 {
        match contact {
            ContactKind::Social => &mut self.social,
            ContactKind::Official => &mut self.official,
            ContactKind::Legal => &mut self.legal,
        }
    }

    fn is_empty(&self) -> bool {
        self.social == 0 && self.official == 0 && self.legal == 0
    }
}

impl Bar {
    fn entry(&self, bar: BarId) -> Entry {
        Entry::Bar {
            bar,
            number: self.number,
            scope: self.scope,
        }
    }
}

impl Approved {
    fn entry(&self, entry: EntryId) -> Entry {
        Entry::Approved {
            entry,
            number: self.number,
            holder: self.holder,
            contact: self.contact,
        }
    }
}

impl fmt::Debug for BarList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "BarList({} at {})",
            self.standing.session, self.standing.serial
        )
    }
}
