//! The lines of the feed and the gate's answer to them.

use prison::PrisonId;
use serde::{Deserialize, Serialize};

use crate::always::AlwaysAllowedDigest;
use crate::ids::{BarId, EntryId, GateId, Serial, Session, StreamId};
use crate::list::{Entry, Exception, ListHash};
use crate::signed::Purpose;

/// The place of one line in one stream. The gate draws the stream's name and the hub counts the lines, from 1,
/// whatever they say: a line of an earlier stream, a repeated one and one that was left out are all out of
/// turn. An acknowledgement names the newest line read, so that it cannot be said again for a later moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The stream, in the gate's own random words.
    pub stream: StreamId,
    /// The number of the line.
    pub line: u64,
}

impl Turn {
    /// Before the first line of a stream.
    pub const fn before_first(stream: StreamId) -> Self {
        Self { stream, line: 0 }
    }

    /// The line after this one, or `None` at the end of the counter.
    pub fn next(self) -> Option<Self> {
        let line = self.line.checked_add(1)?;
        Some(Self { line, ..self })
    }
}

/// One line from the hub to one gate. All of it must be understood: a word that this version does not know could
/// change what the others mean, so a line with one is not taken at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The one gate that may apply it.
    pub gate: GateId,
    /// Which line of which stream it is.
    pub turn: Turn,
    /// The newest line of this stream that the gate acknowledged, 0 before the first. The gate knows when it
    /// said so, and by that how old this line is at most.
    pub answered: u64,
    /// The session in which `serial` counts.
    pub session: Session,
    /// The change after whose application the gate stands at this serial. A heartbeat repeats it.
    pub serial: Serial,
    /// What to do.
    pub body: Body,
}

impl Purpose for Message {
    const CONTEXT: &'static str = "upcs feed message v2";
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// The whole list.
    Snapshot(Snapshot),
    /// The change from the serial before.
    Delta(Delta),
    /// Nothing has changed; the hub is there, and the gate answers with an acknowledgement.
    Heartbeat,
}

/// The whole list of one gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The prison whose calls this gate answers; must be the one it was configured for.
    pub prison: PrisonId,
    /// What becomes of a number that is neither barred nor approved.
    pub regime: Regime,
    /// This gate's fingerprint key, sealed to its sealing key, in base64.
    pub sealed_key: String,
    /// Every entry.
    pub entries: Vec<Entry>,
    /// Every exception, each from a bar among the entries, under its authority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Excepting>,
    /// The hash of `entries` and `exceptions`.
    pub hash: ListHash,
}

/// The change from one serial to the next, as far as it concerns one gate; often empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// Entries to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announce: Vec<Entry>,
    /// Bars to take away, each under its authority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdraw: Vec<Withdrawal>,
    /// Prisoners whom a bar on record does not meet any more, each under its authority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Excepting>,
    /// Approved entries and exceptions to take away; needs no authority, for it only refuses more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoke: Vec<EntryId>,
    /// The hash of the list once this delta is applied.
    pub hash: ListHash,
}

/// One bar taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The bar.
    pub bar: BarId,
    /// Why the gate may believe it.
    pub authority: LiftAuthority,
}

/// One prisoner excepted from one bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excepting {
    /// What it adds to the list.
    pub exception: Exception,
    /// Why the gate may believe it.
    pub authority: LiftAuthority,
}

/// On whose authority a bar is withdrawn, or a prisoner excepted from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum LiftAuthority {
    /// The hub's record that two different people agreed; opaque references to the proposal and to them.
    HubRecord {
        /// The proposal that was approved.
        proposal: String,
        /// Who proposed it.
        proposed_by: String,
        /// Who approved it.
        approved_by: String,
    },
}

impl Delta {
    /// Whether it lets anything through that was refused before, approved entries apart.
    pub fn lifts(&self) -> bool {
        !self.withdraw.is_empty() || !self.except.is_empty()
    }

    /// Entries and removals in it.
    pub fn changes(&self) -> usize {
        self.announce.len() + self.withdraw.len() + self.except.len() + self.revoke.len()
    }
}

impl LiftAuthority {
    /// Whether two different people stand behind it. A gate refuses whatever holds one that does not.
    pub fn names_two_people(&self) -> bool {
        let Self::HubRecord {
            proposed_by,
            approved_by,
            ..
        } = self;
        !proposed_by.is_empty() && !approved_by.is_empty() && proposed_by != approved_by
    }
}

/// What becomes of a number that is neither always allowed, barred nor approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regime {
    /// All but barred numbers may be dialled.
    CallBarring,
    /// Only approved numbers may be dialled.
    CallEnabling,
}

/// A gate's word that its disk and its answers stand at a serial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The gate that speaks.
    pub gate: GateId,
    /// The newest line that it has read and applied.
    pub turn: Turn,
    /// The session.
    pub session: Session,
    /// Everything up to and including this serial is fsynced and in the answers.
    pub serial: Serial,
    /// The hash of the entries held on record.
    pub hash: ListHash,
    /// Bars still held although the newest snapshot did not name them.
    pub held_without_record: u64,
    /// Entries that this gate can hold.
    pub capacity: u64,
    /// Which numbers everyone may dial here whatever the list says; `None` while there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub always_allowed: Option<AlwaysAllowedDigest>,
    /// Whether the phone platform lists the calls that are up to this gate, which has it end those that it refuses.
    /// A gate that says nothing of it cannot.
    #[serde(default)]
    pub ends_calls: bool,
}

impl Purpose for Acknowledgement {
    const CONTEXT: &'static str = "upcs gate acknowledgement v2";
}
