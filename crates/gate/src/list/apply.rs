//! One message of the feed and the list before it become the list after it, whole or not at all.

use data_encoding::BASE64;
use feed::{
    BarId, Body, Delta, Entry, EntryId, Excepting, Exception, FingerprintKey, GateId, Limits, ListHash,
    Message, Regime, SealingKey, Serial, Session, Snapshot, Withdrawal,
};
use prison::PrisonId;

use super::exceptions::Exceptions;
use super::revoked::Revoked;
use super::table::{Table, Twice};
use super::{Approved, Bar, BarList, Standing, only};

/// Identifiers of revoked entries that a list may remember.
pub(super) const MAX_REVOKED: usize = 4 * Limits::DEFAULT.entries;

/// Why a message, though rightly signed, is not applied. The list stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// It is for another gate.
    #[error("it is for another gate")]
    WrongGate,
    /// The snapshot is for another prison than the one configured.
    #[error("it is for another prison")]
    WrongPrison,
    /// A change to a list of which no snapshot has come.
    #[error("there is no list to change")]
    NoList,
    /// A change in another session than the list's.
    #[error("it belongs to another session")]
    OtherSession,
    /// It lies before what is held already.
    #[error("it is older than what is held")]
    Older,
    /// A change between it and what is held is missing.
    #[error("a change is missing before it")]
    Skipped,
    /// Above a limit of the feed.
    #[error("it is above a limit of the feed")]
    TooLarge,
    /// It names one identifier twice.
    #[error("it names an identifier twice")]
    Twice,
    /// A bar is withdrawn, or somebody excepted from it, without the agreement of two different people.
    #[error("a bar is withdrawn, or somebody excepted from it, without two people")]
    NotTwoPeople,
    /// Somebody is excepted from a bar that is not on record.
    #[error("somebody is excepted from a bar that is not on record")]
    ExceptionWithoutBar,
    /// The fingerprint key is not sealed to this gate.
    #[error("the fingerprint key cannot be opened")]
    KeyUnreadable,
    /// More keys of earlier enrolments than a list may know.
    #[error("there are bars under too many earlier keys")]
    TooManyKeys,
    /// The list that would result is not the one that the hub expects.
    #[error("the resulting list is not the one expected")]
    HashMismatch,
}

impl NotUsable {
    /// Whether the gate should ask for a snapshot, for it cannot go on from where it stands.
    pub fn needs_snapshot(self) -> bool {
        !matches!(
            self,
            Self::WrongGate | Self::WrongPrison | Self::Older | Self::Skipped
        )
    }
}

/// An entry of the feed as the list holds it.
enum AsHeld {
    Bar(Bar),
    Approved(Approved),
}

impl From<Twice> for NotUsable {
    fn from(_: Twice) -> Self {
        Self::Twice
    }
}

impl BarList {
    /// Applies a message for `gate` in `prison` to what is held. `Ok(None)`: a heartbeat that finds the list
    /// where it should be.
    pub fn apply(
        held: Option<&Self>,
        message: &Message,
        gate: GateId,
        prison: PrisonId,
        key: &SealingKey,
    ) -> Result<Option<Self>, NotUsable> {
        if message.gate != gate {
            return Err(NotUsable::WrongGate);
        }
        let at = (message.session, message.serial);
        match &message.body {
            Body::Snapshot(snapshot) => {
                if snapshot.prison != prison {
                    return Err(NotUsable::WrongPrison);
                }
                let key = open_key(snapshot, key)?;
                Self::start(held, gate, at, snapshot, key).map(Some)
            }
            Body::Delta(delta) => {
                let held = held
                    .filter(|held| held.standing.gate == gate)
                    .ok_or(NotUsable::NoList)?;
                held.step(at, delta).map(Some)
            }
            Body::Heartbeat => {
                let held = held
                    .filter(|held| held.standing.gate == gate)
                    .ok_or(NotUsable::NoList)?;
                held.in_session(at.0)?;
                match at.1.cmp(&held.standing.serial) {
                    std::cmp::Ordering::Less => Err(NotUsable::Older),
                    std::cmp::Ordering::Equal => Ok(None),
                    std::cmp::Ordering::Greater => Err(NotUsable::Skipped),
                }
            }
        }
    }

    /// The list of a snapshot, with every bar kept and every revocation remembered that was held before.
    fn start(
        held: Option<&Self>,
        gate: GateId,
        (session, serial): (Session, Serial),
        snapshot: &Snapshot,
        key: FingerprintKey,
    ) -> Result<Self, NotUsable> {
        let is_older = |held: &Self| {
            let Standing {
                gate: of,
                session: in_session,
                serial: at,
                ..
            } = held.standing;
            of == gate && in_session == session && serial < at
        };
        if held.is_some_and(is_older) {
            return Err(NotUsable::Older);
        }
        // A serial that no hub can count to would make every true one look old.
        if serial.0 > Limits::DEFAULT.serial {
            return Err(NotUsable::TooLarge);
        }
        if snapshot.entries.len() + snapshot.exceptions.len() > Limits::DEFAULT.entries {
            return Err(NotUsable::TooLarge);
        }
        let standing = Standing {
            gate,
            session,
            serial,
            hash: ListHash::EMPTY,
            held_without_record: 0,
        };
        let mut list = Self::empty(standing, snapshot, held, key)?;
        if let Some(held) = held {
            list.revoked = held.revoked.clone();
        }
        list.put_all_on_record(&snapshot.entries)?;
        snapshot
            .exceptions
            .iter()
            .try_for_each(|excepting| list.except(excepting))?;
        if list.standing.hash != snapshot.hash {
            return Err(NotUsable::HashMismatch);
        }
        if let Some(held) = held {
            list.keep_bars_of(held);
            list.revoke_entries_of(held)?;
        }
        Ok(list)
    }

    fn empty(
        standing: Standing,
        snapshot: &Snapshot,
        held: Option<&Self>,
        key: FingerprintKey,
    ) -> Result<Self, NotUsable> {
        let mut keys = held.map(|held| held.keys.clone()).unwrap_or_default();
        let current = keys.iter().position(|known| *known == key).unwrap_or(keys.len());
        if current == keys.len() {
            keys.push(key);
        }
        if keys.len() > Limits::DEFAULT.fingerprint_keys {
            return Err(NotUsable::TooManyKeys);
        }
        Ok(Self {
            standing,
            prison: snapshot.prison,
            regime: snapshot.regime,
            keys,
            current: current as u8,
            bars: Table::new(),
            approved: Table::new(),
            kept: Table::new(),
            exceptions: Exceptions::default(),
            revoked: Revoked::new(),
        })
    }

    /// Keeps what the older list refused and this one does not name in the same words.
    fn keep_bars_of(&mut self, older: &Self) {
        let unnamed = older.bars.not_in(&self.bars).chain(older.kept.not_in(&self.kept));
        let unnamed: Vec<Bar> = unnamed
            .filter(|held| !self.bars.contains(held) && !self.kept.contains(held))
            .copied()
            .collect();
        unnamed.into_iter().for_each(|held| self.keep(held));
    }

    /// This list, refusing besides whatever `older` refuses by a bar or by its regime: what calls are answered
    /// from until it is stored, for only then may anything be lifted.
    pub fn withholding(&self, older: &Self) -> Self {
        let mut list = self.clone();
        let is_lifted = |bar: &BarId| {
            [&self.bars, &self.kept]
                .iter()
                .all(|held| !held.has_id(bar.as_bytes()))
        };
        list.exceptions = self.exceptions.also_in(&older.exceptions, is_lifted);
        list.keep_bars_of(older);
        if older.regime == Regime::CallEnabling {
            list.regime = Regime::CallEnabling;
        }
        list
    }

    /// Keeps one bar that is not on record in these words.
    pub(super) fn keep(&mut self, held: Bar) {
        let id = held.bar.as_bytes();
        if !self.bars.has_id(id) && !self.kept.has_id(id) {
            self.standing.held_without_record += 1;
        }
        self.kept.insert(held);
    }

    /// An entry or exception that a snapshot leaves out was revoked while the gate was away; a hub that was restored from
    /// an older backup must not bring it back.
    fn revoke_entries_of(&mut self, older: &Self) -> Result<(), NotUsable> {
        for Approved { entry, .. } in older.approved.not_in(&self.approved) {
            if !self.approved.has_id(entry.as_bytes()) {
                self.revoked.insert(*entry);
            }
        }
        for Exception { entry, .. } in older.exceptions.iter() {
            if !self.exceptions.has_id(entry) {
                self.revoked.insert(*entry);
            }
        }
        if self.revoked.len() > MAX_REVOKED {
            Err(NotUsable::TooLarge)
        } else {
            Ok(())
        }
    }

    /// The list after the next change.
    pub(super) fn step(
        &self,
        (session, serial): (Session, Serial),
        delta: &Delta,
    ) -> Result<Self, NotUsable> {
        self.in_session(session)?;
        if serial <= self.standing.serial {
            return Err(NotUsable::Older);
        }
        if self.standing.serial.next() != Some(serial) {
            return Err(NotUsable::Skipped);
        }
        if delta.changes() > Limits::DEFAULT.delta_changes {
            return Err(NotUsable::TooLarge);
        }
        let mut next = self.clone();
        // Withdrawn and announced again in one change, as when a bar is narrowed: out first, then in.
        delta
            .withdraw
            .iter()
            .try_for_each(|withdrawal| next.withdraw(withdrawal))?;
        delta.revoke.iter().try_for_each(|entry| next.revoke(*entry))?;
        delta.announce.iter().try_for_each(|entry| next.announce(entry))?;
        delta
            .except
            .iter()
            .try_for_each(|excepting| next.except(excepting))?;
        if !delta.withdraw.is_empty() {
            next.check_exceptions()?;
        }
        if next.entries_exceed_limit(delta) {
            return Err(NotUsable::TooLarge);
        }
        if next.standing.hash != delta.hash {
            return Err(NotUsable::HashMismatch);
        }
        next.standing.serial = serial;
        Ok(next)
    }

    /// Counting every part is left out where nothing was added.
    fn entries_exceed_limit(&self, delta: &Delta) -> bool {
        let adds = !delta.announce.is_empty() || !delta.except.is_empty();
        adds && self.entries() > Limits::DEFAULT.entries
    }

    fn in_session(&self, session: Session) -> Result<(), NotUsable> {
        if self.standing.session == session {
            Ok(())
        } else {
            Err(NotUsable::OtherSession)
        }
    }

    /// Puts the entries of a whole list on record, where there were none.
    pub(super) fn put_all_on_record(&mut self, entries: &[Entry]) -> Result<(), NotUsable> {
        let (mut bars, mut approved) = (Vec::new(), Vec::new());
        for entry in entries {
            match self.held(entry) {
                AsHeld::Bar(bar) => bars.push(bar),
                AsHeld::Approved(entry) => approved.push(entry),
            }
            self.standing.hash.add(entry);
        }
        self.bars = Table::of(bars)?;
        self.approved = Table::of(approved)?;
        Ok(())
    }

    /// Puts an entry on record.
    fn announce(&mut self, entry: &Entry) -> Result<(), NotUsable> {
        match self.held(entry) {
            AsHeld::Bar(bar) => {
                if self.bars.has_id(bar.bar.as_bytes()) {
                    return Err(NotUsable::Twice);
                }
                self.bars.insert(bar);
                self.put_on_record(&bar);
            }
            AsHeld::Approved(approved) => {
                let id = approved.entry;
                if self.approved.has_id(id.as_bytes()) || self.exceptions.has_id(&id) {
                    return Err(NotUsable::Twice);
                }
                // On record, for the hub says so and the hash covers it; honoured only if never revoked.
                self.approved.insert(approved);
            }
        }
        self.standing.hash.add(entry);
        Ok(())
    }

    /// An entry as it is held: under the key that is in force.
    fn held(&self, entry: &Entry) -> AsHeld {
        match *entry {
            Entry::Bar { bar, number, scope } => AsHeld::Bar(Bar {
                number,
                only: only(scope),
                bar,
                key: self.current,
            }),
            Entry::Approved {
                entry,
                number,
                holder,
                contact,
            } => AsHeld::Approved(Approved {
                number,
                contact: contact.into(),
                holder,
                entry,
            }),
        }
    }

    /// Excepts a prisoner from a bar on record, if two people stand behind it.
    fn except(&mut self, excepting: &Excepting) -> Result<(), NotUsable> {
        if !excepting.authority.names_two_people() {
            return Err(NotUsable::NotTwoPeople);
        }
        self.put_exception(excepting.exception)
    }

    /// Puts an exception on record. One that was revoked once is there, for the hub says so and the hash covers it;
    /// it is never honoured.
    pub(super) fn put_exception(&mut self, exception: Exception) -> Result<(), NotUsable> {
        if self.exceptions.has_id(&exception.entry) || self.approved.has_id(exception.entry.as_bytes()) {
            return Err(NotUsable::Twice);
        }
        if !self.bars.has_id(exception.bar.as_bytes()) {
            return Err(NotUsable::ExceptionWithoutBar);
        }
        let is_honoured = !self.revoked.contains(&exception.entry);
        self.exceptions.insert(exception, is_honoured);
        self.standing.hash.add(&exception);
        Ok(())
    }

    /// An exception goes with its bar: one that stayed would hold against a bar that comes later under the same
    /// identifier.
    fn check_exceptions(&self) -> Result<(), NotUsable> {
        let stands = |exception: &Exception| self.bars.has_id(exception.bar.as_bytes());
        if self.exceptions.iter().all(stands) {
            Ok(())
        } else {
            Err(NotUsable::ExceptionWithoutBar)
        }
    }

    /// A kept bar that is on record again in the same words is kept no longer.
    fn put_on_record(&mut self, held: &Bar) {
        if self.kept.has_id(held.bar.as_bytes()) {
            self.standing.held_without_record = self.standing.held_without_record.saturating_sub(1);
            self.kept.remove(held);
        }
    }

    /// Takes a bar away, on record and kept, if two people stand behind it.
    fn withdraw(&mut self, withdrawal: &Withdrawal) -> Result<(), NotUsable> {
        if !withdrawal.authority.names_two_people() {
            return Err(NotUsable::NotTwoPeople);
        }
        let id = withdrawal.bar.as_bytes();
        let on_record = self.bars.remove_id(id);
        for bar in &on_record {
            self.standing.hash.remove(&bar.entry());
        }
        if !self.kept.remove_id(id).is_empty() && on_record.is_empty() {
            self.standing.held_without_record = self.standing.held_without_record.saturating_sub(1);
        }
        Ok(())
    }

    /// Takes an approved entry or an exception away, for good.
    fn revoke(&mut self, entry: EntryId) -> Result<(), NotUsable> {
        for approved in self.approved.remove_id(entry.as_bytes()) {
            self.standing.hash.remove(&approved.entry());
        }
        if let Some(exception) = self.exceptions.remove(&entry) {
            self.standing.hash.remove(&exception);
        }
        self.revoked.insert(entry);
        if self.revoked.len() > MAX_REVOKED {
            Err(NotUsable::TooLarge)
        } else {
            Ok(())
        }
    }
}

fn open_key(snapshot: &Snapshot, key: &SealingKey) -> Result<FingerprintKey, NotUsable> {
    let sealed = BASE64
        .decode(snapshot.sealed_key.as_bytes())
        .map_err(|_| NotUsable::KeyUnreadable)?;
    let opened = key
        .open(FingerprintKey::SEAL_PURPOSE, &sealed)
        .map_err(|_| NotUsable::KeyUnreadable)?;
    let opened = zeroize::Zeroizing::new(opened);
    let bytes = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| NotUsable::KeyUnreadable)?;
    Ok(FingerprintKey::from_bytes(bytes))
}
