//! The list that calls are answered from, in memory and pure: no disk, no clock, no network.
//!
//! Its parts. **On record** is what the hub says this gate holds; its hash covers exactly that. **Kept**
//! are bars that were held and that a later snapshot, or a later session, did not name in the same words:
//! leaving a bar out removes nothing. **Exceptions** on record say which bar does not meet which prisoner; one that a
//! snapshot leaves out is gone. **Revoked** are identifiers of approved entries and exceptions that were taken away
//! once; they are never honoured again, whoever announces them.
//!
//! A message comes in through [`apply`](BarList::apply) and a new list comes out, or the reason why not;
//! the old list stays as it was. A number is refused while any bar, on record or kept, names it.

mod apply;
mod exceptions;
mod revoked;
mod table;
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

use exceptions::Exceptions;
use revoked::Revoked;
use table::{Held, Table};

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
    bars: Table<Bar>,
    approved: Table<Approved>,
    kept: Table<Bar>,
    exceptions: Exceptions,
    revoked: Revoked,
}

/// A bar as held. Sorted by number, then by whom it meets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bar {
    number: Fingerprint,
    /// The one prisoner whom it meets; everyone, without one.
    only: Option<PrisonerNumber>,
    bar: BarId,
    /// Place in [`BarList::keys`] of the key that made `number`.
    key: u8,
}

/// An approved entry as held. Sorted by number, then by kind and holder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Approved {
    number: Fingerprint,
    contact: Kind,
    holder: PrisonerNumber,
    entry: EntryId,
}

/// Kinds of contact, the most confidential first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Legal,
    Official,
    Social,
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
        self.bars.len() + self.approved.len() + self.exceptions.len()
    }

    /// What the list says of one number.
    pub fn asked(&self, number: &PhoneNumber) -> Asked<'_> {
        let fingerprint = self.keys[usize::from(self.current)].fingerprint(number);
        Asked {
            list: self,
            number: *number,
            fingerprint,
        }
    }

    fn names(&self, fingerprint: &Fingerprint, meets: impl Fn(&Bar) -> bool) -> bool {
        let [bars, kept] = [&self.bars, &self.kept].map(|table| table.of_number(fingerprint));
        bars.iter().chain(kept).any(meets)
    }
}

/// One number asked of a list. It is hashed once for all questions, for a hash is most of what a call costs.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    list: &'a BarList,
    number: PhoneNumber,
    /// Under the key in force.
    fingerprint: Fingerprint,
}

impl Asked<'_> {
    /// Whether a bar stands against this caller dialling the number; `None` is a caller who is not exactly
    /// one known prisoner, and meets every bar. A bar on a number abroad stands against whatever is dialled after
    /// it too: that rings the same telephone.
    pub fn is_barred(&self, caller: Option<PrisonerNumber>) -> bool {
        let excepted = self.list.exceptions.of(caller);
        let meets = |bar: &Bar| {
            let met = |only| caller.is_none_or(|caller| caller == only);
            bar.only.is_none_or(met) && !excepted.from(&bar.bar)
        };
        let list = self.list;
        let under = |place: usize, number: &PhoneNumber| list.keys[place].fingerprint(number);
        let current = usize::from(list.current);
        let mut earlier = (0..list.keys.len()).filter(|place| *place != current);
        let mut shorter = self.number.beginnings();
        list.names(&self.fingerprint, meets)
            || earlier.any(|place| list.names(&under(place, &self.number), meets))
            || shorter
                .any(|number| (0..list.keys.len()).any(|place| list.names(&under(place, &number), meets)))
    }

    /// The contact that the number is to a prisoner: the most confidential kind, if it stands on his list more
    /// than once.
    pub fn contact(&self, holder: PrisonerNumber) -> Option<ContactKind> {
        let entries = self.list.approved.of_number(&self.fingerprint);
        let kinds = [Kind::Legal, Kind::Official, Kind::Social];
        let stands = |kind: &Kind| {
            let of = |entry: &Approved| (entry.contact, entry.holder);
            let from = entries.partition_point(|entry| of(entry) < (*kind, holder));
            let his = entries[from..]
                .iter()
                .take_while(|entry| of(entry) == (*kind, holder));
            self.is_any_honoured(his)
        };
        kinds.into_iter().find(stands).map(ContactKind::from)
    }

    /// Whether the number is a legal entry on anybody's list here.
    pub fn is_legal(&self) -> bool {
        let entries = self.list.approved.of_number(&self.fingerprint);
        self.is_any_honoured(entries.iter().take_while(|entry| entry.contact == Kind::Legal))
    }

    /// An entry that was revoked once may be on record again; it is never honoured.
    fn is_any_honoured<'a>(&self, mut entries: impl Iterator<Item = &'a Approved>) -> bool {
        entries.any(|entry| !self.list.revoked.contains(&entry.entry))
    }
}

impl Bar {
    fn entry(&self) -> Entry {
        let scope = self.only.map_or(Scope::Everyone, Scope::Prisoner);
        Entry::Bar {
            bar: self.bar,
            number: self.number,
            scope,
        }
    }
}

impl Approved {
    fn entry(&self) -> Entry {
        Entry::Approved {
            entry: self.entry,
            number: self.number,
            holder: self.holder,
            contact: self.contact.into(),
        }
    }
}

impl Held for Bar {
    fn number(&self) -> Fingerprint {
        self.number
    }

    fn id(&self) -> [u8; 16] {
        *self.bar.as_bytes()
    }
}

impl Held for Approved {
    fn number(&self) -> Fingerprint {
        self.number
    }

    fn id(&self) -> [u8; 16] {
        *self.entry.as_bytes()
    }
}

impl From<Kind> for ContactKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Legal => Self::Legal,
            Kind::Official => Self::Official,
            Kind::Social => Self::Social,
        }
    }
}

impl From<ContactKind> for Kind {
    fn from(kind: ContactKind) -> Self {
        match kind {
            ContactKind::Legal => Self::Legal,
            ContactKind::Official => Self::Official,
            ContactKind::Social => Self::Social,
        }
    }
}

/// The prisoner whom a bar of this scope meets alone.
fn only(scope: Scope) -> Option<PrisonerNumber> {
    match scope {
        Scope::Everyone => None,
        Scope::Prisoner(prisoner) => Some(prisoner),
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
