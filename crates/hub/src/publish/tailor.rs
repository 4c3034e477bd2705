//! What one gate is told of a list and of a change.
//!
//! Under call barring a gate holds every bar and its own prison's exceptions and approved entries; under call enabling
//! only its own prison's approved entries, from which the store has already taken what is barred. Resolved
//! changes flow in (numbers in the clear, inside the hub); entries and deltas under the gate's own
//! fingerprint key flow out. Every change can also be taken back, so that the hash of an earlier list is
//! known without building that list.

use feed::{
    ContactKind, Delta, Entry, EntryId, Excepting, Exception, FingerprintKey, LiftAuthority, ListHash,
    Listed, Regime, Scope, Withdrawal,
};
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};

use crate::store::{Authority, ExceptionRecord, ListEntry, ResolvedChange};

/// Which list a gate holds, and how long it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) hash: ListHash,
    pub(crate) entries: usize,
}

impl Held {
    /// A list of these entries.
    pub(crate) fn of(entries: &[Entry], exceptions: &[Excepting]) -> Self {
        let mut held = Self {
            hash: ListHash::of(entries),
            entries: entries.len(),
        };
        let excepted = exceptions.iter().map(|excepting| &excepting.exception);
        excepted.for_each(|exception| held.add(exception));
        held
    }

    fn add(&mut self, entry: &impl Listed) {
        self.hash.add(entry);
        self.entries += 1;
    }

    fn remove(&mut self, entry: &impl Listed) {
        self.hash.remove(entry);
        self.entries = self.entries.saturating_sub(1);
    }
}

/// What makes one gate's view of the feed its own.
pub(crate) struct Tailor {
    prison: PrisonId,
    regime: Regime,
    key: FingerprintKey,
}

impl Tailor {
    /// For a gate of this prison, under this regime, with this fingerprint key.
    pub(crate) fn new(prison: PrisonId, regime: Regime, key: FingerprintKey) -> Self {
        Self { prison, regime, key }
    }

    /// The gate's prison.
    pub(crate) fn prison(&self) -> PrisonId {
        self.prison
    }

    /// The regime it was told.
    pub(crate) fn regime(&self) -> Regime {
        self.regime
    }

    /// The key under which its numbers are fingerprinted, to be sealed to it.
    pub(crate) fn key(&self) -> &FingerprintKey {
        &self.key
    }

    /// A whole list, as this gate holds it.
    pub(crate) fn whole(&self, list: &[ListEntry]) -> (Vec<Entry>, Vec<Excepting>) {
        let (mut entries, mut exceptions) = (Vec::with_capacity(list.len()), Vec::new());
        for line in list {
            match line {
                ListEntry::Bar { bar, number, scope } => entries.push(self.bar(*bar, number, *scope)),
                ListEntry::Approved {
                    entry,
                    number,
                    holder,
                    contact,
                } => entries.push(self.approved(*entry, number, *holder, *contact)),
                ListEntry::Exception(record) => exceptions.push(excepting(record)),
            }
        }
        (entries, exceptions)
    }

    /// What the gate is told of one serial's changes; `held` goes from the list before to the list after.
    pub(crate) fn delta(&self, changes: &[ResolvedChange], held: &mut Held) -> Delta {
        let mut delta = Delta::default();
        for change in changes {
            match self.effect(change) {
                Effect::None => {}
                Effect::Announce(entry) => {
                    held.add(&entry);
                    delta.announce.push(entry);
                }
                Effect::Withdraw(entry, withdrawal) => {
                    held.remove(&entry);
                    delta.withdraw.push(withdrawal);
                }
                Effect::Revoke(entry, id) => {
                    held.remove(&entry);
                    delta.revoke.push(id);
                }
                Effect::Except(excepting) => {
                    held.add(&excepting.exception);
                    delta.except.push(excepting);
                }
                Effect::EndException(exception) => {
                    held.remove(&exception);
                    delta.revoke.push(exception.entry);
                }
            }
        }
        delta.hash = held.hash;
        delta
    }

    /// Takes one serial's changes back: `held` goes from the list after to the list before.
    pub(crate) fn undo(&self, changes: &[ResolvedChange], held: &mut Held) {
        for change in changes {
            match self.effect(change) {
                Effect::None => {}
                Effect::Announce(entry) => held.remove(&entry),
                Effect::Withdraw(entry, _) | Effect::Revoke(entry, _) => held.add(&entry),
                Effect::Except(excepting) => held.remove(&excepting.exception),
                Effect::EndException(exception) => held.add(&exception),
            }
        }
    }

    fn bar(&self, bar: casework::BarId, number: &PhoneNumber, scope: casework::BarScope) -> Entry {
        Entry::Bar {
            bar: feed_bar(bar),
            number: self.key.fingerprint(number),
            scope: feed_scope(scope),
        }
    }

    fn approved(
        &self,
        entry: EntryId,
        number: &PhoneNumber,
        holder: PrisonerNumber,
        contact: ContactKind,
    ) -> Entry {
        Entry::Approved {
            entry,
            number: self.key.fingerprint(number),
            holder,
            contact,
        }
    }

    fn effect(&self, change: &ResolvedChange) -> Effect {
        let bars = self.regime == Regime::CallBarring;
        match change {
            ResolvedChange::Announce { bar, number, scope } if bars => {
                Effect::Announce(self.bar(*bar, number, *scope))
            }
            ResolvedChange::Withdraw {
                bar,
                number,
                scope,
                authority,
            } if bars => {
                let withdrawal = Withdrawal {
                    bar: feed_bar(*bar),
                    authority: hub_record(authority),
                };
                Effect::Withdraw(self.bar(*bar, number, *scope), withdrawal)
            }
            ResolvedChange::Approve {
                prison,
                holder,
                number,
                contact,
                entry,
            } if *prison == self.prison => Effect::Announce(self.approved(*entry, number, *holder, *contact)),
            ResolvedChange::Revoke {
                prison,
                holder,
                number,
                contact,
                entry,
            } if *prison == self.prison => {
                Effect::Revoke(self.approved(*entry, number, *holder, *contact), *entry)
            }
            ResolvedChange::Except(record) if bars && record.prison == self.prison => {
                Effect::Except(excepting(record))
            }
            ResolvedChange::EndException(record) if bars && record.prison == self.prison => {
                Effect::EndException(exception(record))
            }
            _ => Effect::None,
        }
    }
}

/// What one change does to one gate's list.
enum Effect {
    None,
    Announce(Entry),
    Withdraw(Entry, Withdrawal),
    Revoke(Entry, feed::EntryId),
    Except(Excepting),
    EndException(Exception),
}

fn exception(record: &ExceptionRecord) -> Exception {
    Exception {
        entry: record.exception,
        bar: feed_bar(record.bar),
        prisoner: record.prisoner,
    }
}

fn excepting(record: &ExceptionRecord) -> Excepting {
    Excepting {
        exception: exception(record),
        authority: hub_record(&record.authority),
    }
}

/// The same 128 bits, in the feed's type.
fn feed_bar(bar: casework::BarId) -> feed::BarId {
    feed::BarId::from_bytes(*bar.0.as_bytes())
}

fn feed_scope(scope: casework::BarScope) -> Scope {
    match scope {
        casework::BarScope::Estate => Scope::Everyone,
        casework::BarScope::Prisoner(prisoner) => Scope::Prisoner(prisoner),
    }
}

/// Opaque references: a gate learns that two different accounts agreed, and nothing of who they are.
fn hub_record(authority: &Authority) -> LiftAuthority {
    LiftAuthority::HubRecord {
        proposal: authority.proposal.to_string(),
        proposed_by: authority.proposed_by.to_string(),
        approved_by: authority.approved_by.to_string(),
    }
}
