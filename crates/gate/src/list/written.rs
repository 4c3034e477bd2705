//! The list as it is written to disk and read back: nothing of it is lost, and nothing is taken on trust
//! that can be worked out again.

use std::fmt;

use data_encoding::HEXLOWER;
use feed::{
    BarId, Delta, Entry, EntryId, Exception, Fingerprint, FingerprintKey, GateId, Limits, ListHash, Regime,
    Scope, Serial, Session,
};
use prison::PrisonId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::exceptions::Exceptions;
use super::revoked::Revoked;
use super::table::Table;
use super::{Approved, Bar, BarList, Standing, only};

/// A whole list. To be sealed before it is stored: it holds the fingerprint keys.
#[derive(Serialize, Deserialize)]
pub struct WrittenList {
    gate: GateId,
    prison: PrisonId,
    regime: Regime,
    session: Session,
    serial: Serial,
    keys: Vec<Zeroizing<String>>,
    current: u8,
    entries: Vec<Entry>,
    /// Files from before there were any have none. An older program that reads a file with some finds another hash than
    /// the one written, and holds no list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exceptions: Vec<Exception>,
    hash: ListHash,
    kept: Vec<Kept>,
    revoked: Vec<EntryId>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    bar: BarId,
    number: Fingerprint,
    scope: Scope,
    key: u8,
}

/// One change that was applied, as it stands behind a whole list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The session.
    pub session: Session,
    /// The serial after it.
    pub serial: Serial,
    /// The change.
    pub delta: Delta,
}

/// What was written is not a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is stored is not a list")]
pub struct Unreadable;

impl BarList {
    /// Everything that must survive.
    pub fn write(&self) -> WrittenList {
        let kept = |held: &Bar| Kept {
            bar: held.bar,
            number: held.number,
            scope: held.only.map_or(Scope::Everyone, Scope::Prisoner),
            key: held.key,
        };
        let bars = self.bars.iter().map(Bar::entry);
        let approved = self.approved.iter().map(Approved::entry);
        WrittenList {
            gate: self.standing.gate,
            prison: self.prison,
            regime: self.regime,
            session: self.standing.session,
            serial: self.standing.serial,
            keys: self
                .keys
                .iter()
                .map(|key| Zeroizing::new(HEXLOWER.encode(key.as_bytes())))
                .collect(),
            current: self.current,
            entries: bars.chain(approved).collect(),
            exceptions: self.exceptions.iter().copied().collect(),
            hash: self.standing.hash,
            kept: self.kept.iter().map(kept).collect(),
            revoked: self.revoked.iter().collect(),
        }
    }

    /// Reads a list back; its entries must still have the hash that was written with them.
    pub fn read(written: WrittenList) -> Result<Self, Unreadable> {
        let mut list = Self::without_entries(&written)?;
        for entry in &written.revoked {
            list.revoked.insert(*entry);
        }
        list.put_all_on_record(&written.entries).map_err(|_| Unreadable)?;
        for exception in &written.exceptions {
            list.put_exception(*exception).map_err(|_| Unreadable)?;
        }
        for Kept {
            bar,
            number,
            scope,
            key,
        } in written.kept
        {
            if usize::from(key) >= list.keys.len() {
                return Err(Unreadable);
            }
            list.keep(Bar {
                number,
                only: only(scope),
                bar,
                key,
            });
        }
        if list.standing.hash == written.hash {
            Ok(list)
        } else {
            Err(Unreadable)
        }
    }

    fn without_entries(written: &WrittenList) -> Result<Self, Unreadable> {
        let keys: Option<Vec<FingerprintKey>> = written.keys.iter().map(|hex| read_key(hex)).collect();
        let keys = keys
            .filter(|keys| keys.len() <= Limits::DEFAULT.fingerprint_keys)
            .ok_or(Unreadable)?;
        if usize::from(written.current) >= keys.len() {
            return Err(Unreadable);
        }
        let standing = Standing {
            gate: written.gate,
            session: written.session,
            serial: written.serial,
            hash: ListHash::EMPTY,
            held_without_record: 0,
        };
        Ok(Self {
            standing,
            prison: written.prison,
            regime: written.regime,
            keys,
            current: written.current,
            bars: Table::new(),
            approved: Table::new(),
            kept: Table::new(),
            exceptions: Exceptions::default(),
            revoked: Revoked::new(),
        })
    }

    /// Applies a change that was applied before.
    pub fn again(&self, step: &Step) -> Result<Self, Unreadable> {
        self.step((step.session, step.serial), &step.delta)
            .map_err(|_| Unreadable)
    }
}

fn read_key(hex: &str) -> Option<FingerprintKey> {
    let bytes = Zeroizing::new(HEXLOWER.decode(hex.as_bytes()).ok()?);
    <[u8; 32]>::try_from(bytes.as_slice())
        .ok()
        .map(FingerprintKey::from_bytes)
}

impl fmt::Debug for WrittenList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrittenList(..)")
    }
}
