//! What a hub would say: snapshots and deltas of a small list, made with the feed's own types.

use data_encoding::BASE64;
use feed::{
    BarId, Body, ContactKind, Delta, Entry, EntryId, Excepting, Exception, FingerprintKey, GateId,
    LiftAuthority, ListHash, Message, Regime, Scope, SealingKey, SealingPublicKey, Serial, Session, Snapshot,
    StreamId, Turn, Withdrawal,
};
use gate::list::{BarList, NotUsable};
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use rand::SeedableRng;
use rand::rngs::StdRng;

pub(crate) fn gate_id() -> GateId {
    GateId::from_bytes([7; 16])
}

pub(crate) fn leeds() -> PrisonId {
    "LEI".parse().unwrap()
}

pub(crate) fn prisoner(n: u8) -> PrisonerNumber {
    format!("A{n:04}BC").parse().unwrap()
}

/// A number of the range that Ofcom keeps for drama.
pub(crate) fn number(n: u16) -> PhoneNumber {
    PhoneNumber::parse_canonical(&format!("+447700900{n:03}")).unwrap()
}

pub(crate) fn bar_id(n: u8) -> BarId {
    BarId::from_bytes([n; 16])
}

pub(crate) fn entry_id(n: u8) -> EntryId {
    EntryId::from_bytes([n; 16])
}

pub(crate) fn sealing() -> SealingKey {
    SealingKey::from_secret(&[3; 32])
}

pub(crate) fn two_people() -> LiftAuthority {
    let of = str::to_owned;
    LiftAuthority::HubRecord {
        proposal: of("p"),
        proposed_by: of("one"),
        approved_by: of("two"),
    }
}

pub(crate) fn one_person() -> LiftAuthority {
    let of = str::to_owned;
    LiftAuthority::HubRecord {
        proposal: of("p"),
        proposed_by: of("one"),
        approved_by: of("one"),
    }
}

/// The hub's side of one gate's list.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) gate: GateId,
    pub(crate) session: Session,
    pub(crate) serial: Serial,
    pub(crate) regime: Regime,
    pub(crate) key: FingerprintKey,
    pub(crate) entries: Vec<Entry>,
    pub(crate) exceptions: Vec<Exception>,
    /// To whom the fingerprint key is sealed.
    pub(crate) seal_to: SealingPublicKey,
}

impl Source {
    pub(crate) fn new(regime: Regime) -> Self {
        Self {
            gate: gate_id(),
            session: Session::from_bytes([1; 16]),
            serial: Serial(0),
            regime,
            key: FingerprintKey::from_bytes([9; 32]),
            entries: Vec::new(),
            exceptions: Vec::new(),
            seal_to: sealing().public(),
        }
    }

    pub(crate) fn bar(&self, id: u8, n: u16, scope: Scope) -> Entry {
        Entry::Bar {
            bar: bar_id(id),
            number: self.key.fingerprint(&number(n)),
            scope,
        }
    }

    pub(crate) fn approved(&self, id: u8, n: u16, holder: u8, contact: ContactKind) -> Entry {
        let number = self.key.fingerprint(&number(n));
        Entry::Approved {
            entry: entry_id(id),
            number,
            holder: prisoner(holder),
            contact,
        }
    }

    /// A message that has no turn yet; the hub gives it one when it sends it.
    pub(crate) fn message(&self, body: Body) -> Message {
        Message {
            gate: self.gate,
            turn: Turn::before_first(StreamId::from_bytes([0; 16])),
            answered: 0,
            session: self.session,
            serial: self.serial,
            body,
        }
    }

    pub(crate) fn snapshot(&self) -> Message {
        self.snapshot_for(leeds())
    }

    pub(crate) fn snapshot_for(&self, prison: PrisonId) -> Message {
        let mut random = StdRng::seed_from_u64(5);
        let sealed = feed::seal(
            &self.seal_to,
            FingerprintKey::SEAL_PURPOSE,
            self.key.as_bytes(),
            &mut random,
        )
        .unwrap();
        self.message(Body::Snapshot(Snapshot {
            prison,
            regime: self.regime,
            sealed_key: BASE64.encode(&sealed),
            entries: self.entries.clone(),
            exceptions: self.exceptions.iter().map(excepting).collect(),
            hash: self.hash(),
        }))
    }

    /// Of everything on the list.
    pub(crate) fn hash(&self) -> ListHash {
        let mut hash = ListHash::of(&self.entries);
        self.exceptions.iter().for_each(|exception| hash.add(exception));
        hash
    }

    pub(crate) fn heartbeat(&self) -> Message {
        self.message(Body::Heartbeat)
    }

    /// The next change, with the hash that it leads to.
    pub(crate) fn change(&mut self, announce: &[Entry], withdraw: &[u8], revoke: &[u8]) -> Message {
        self.serial = self.serial.next().unwrap();
        self.entries.retain(|entry| match entry {
            Entry::Bar { bar, .. } => !withdraw.iter().any(|id| bar_id(*id) == *bar),
            Entry::Approved { entry, .. } => !revoke.iter().any(|id| entry_id(*id) == *entry),
        });
        let mut revoked: Vec<EntryId> = revoke.iter().map(|id| entry_id(*id)).collect();
        // An exception goes with its bar.
        let with_bar = self
            .exceptions
            .iter()
            .filter(|one| withdraw.iter().any(|id| bar_id(*id) == one.bar));
        revoked.extend(with_bar.map(|one| one.entry));
        self.exceptions.retain(|one| !revoked.contains(&one.entry));
        self.entries.extend_from_slice(announce);
        let withdrawal = |id: &u8| Withdrawal {
            bar: bar_id(*id),
            authority: two_people(),
        };
        self.message(Body::Delta(Delta {
            announce: announce.to_vec(),
            withdraw: withdraw.iter().map(withdrawal).collect(),
            revoke: revoked,
            except: Vec::new(),
            hash: self.hash(),
        }))
    }

    /// The next change, by which bars leave prisoners alone: `(exception, bar, prisoner)`.
    pub(crate) fn except(&mut self, of: &[(u8, u8, u8)]) -> Message {
        self.serial = self.serial.next().unwrap();
        let exceptions: Vec<Exception> = of.iter().map(|of| exception(*of)).collect();
        self.exceptions.extend_from_slice(&exceptions);
        self.message(Body::Delta(Delta {
            except: exceptions.iter().map(excepting).collect(),
            hash: self.hash(),
            ..Delta::default()
        }))
    }
}

/// That a bar leaves a prisoner alone: `(exception, bar, prisoner)`.
pub(crate) fn exception((id, bar, of): (u8, u8, u8)) -> Exception {
    Exception {
        entry: entry_id(id),
        bar: bar_id(bar),
        prisoner: prisoner(of),
    }
}

pub(crate) fn excepting(exception: &Exception) -> Excepting {
    Excepting {
        exception: *exception,
        authority: two_people(),
    }
}

pub(crate) fn apply(held: Option<&BarList>, message: &Message) -> Result<Option<BarList>, NotUsable> {
    BarList::apply(held, message, gate_id(), leeds(), &sealing())
}

/// The list of a snapshot.
pub(crate) fn list_of(source: &Source) -> BarList {
    apply(None, &source.snapshot()).unwrap().unwrap()
}
