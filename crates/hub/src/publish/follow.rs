//! A gate asks for its feed: who it is, where it stands, and what it gets first.
//!
//! A gate that stands at a serial of this session resumes there, if the hash of its list at that serial can
//! be known: from what the hub remembers of this gate, or by building today's list and taking the changes
//! since back. Otherwise it gets a snapshot.

use std::collections::VecDeque;
use std::sync::Arc;

use feed::{FollowRequest, GateId, Regime, Serial, Signed, StreamId, Turn};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::claim::{claimed_gate, one_line};
use super::recorder::Recorder;
use super::ring::Change;
use super::stream::Stream;
use super::tailor::{Held, Tailor};
use super::{HANDSHAKE_LINE_BYTES, Known, Publisher, RING_CHANGES, Sent};
use crate::store::{GateRecord, GateState, PrisonOn, StoreError};

/// After a prison is switched on, or a gate's fingerprint key made anew, streams under the earlier regime or key
/// have ended within this time.
const SETTLES_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// Why a gate gets no feed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// Not a signed request.
    #[error("this is not a signed request for the feed")]
    Malformed,
    /// No such gate.
    #[error("this gate is not known")]
    Unknown,
    /// Not signed by the gate that it names.
    #[error("the signature is not the gate's")]
    BadSignature,
    /// The challenge is not this gate's, was used or is too old.
    #[error("ask for a new challenge")]
    StaleChallenge,
    /// Nobody has compared the key fingerprints yet.
    #[error("waiting for two people to compare the key fingerprint")]
    Awaiting,
    /// Revoked or retired.
    #[error("this gate is no longer admitted")]
    NotAdmitted,
    /// The prison is not switched on to the service.
    #[error("this prison is not switched on to the service")]
    NotSwitchedOn,
    /// The gate stands at a serial that this hub has not reached: the hub's store is older than the gate's
    /// list. An operator must look; the gate keeps what it holds.
    #[error("the gate is ahead of the hub; the hub's store is older than this gate's list")]
    GateIsAhead,
    /// The list is longer than this gate can hold. It keeps what it holds; operators are told.
    #[error("the list is longer than this gate can hold")]
    GateIsFull,
    /// The list cannot be built in full, so none is published.
    #[error("the list cannot be built in full; nothing is published")]
    Damaged,
    /// Try again.
    #[error("the hub cannot answer now; try again")]
    Unavailable,
}

impl From<StoreError> for FollowError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable,
            error => {
                tracing::error!(%error, "a gate's list cannot be built");
                Self::Damaged
            }
        }
    }
}

/// Where a stream begins.
pub(super) struct Opening {
    /// The stream's name.
    pub(super) stream: StreamId,
    pub(super) serial: Serial,
    pub(super) held: Held,
    /// A signed snapshot, the first line, if the gate does not resume.
    pub(super) snapshot: Option<Vec<u8>>,
    /// Changes after `serial` that the ring may not hold.
    pub(super) backlog: Vec<Arc<Change>>,
}

impl Publisher {
    /// Takes a signed request for the feed; returns the stream of signed lines, without line breaks. The
    /// stream ends when the gate is too slow, is no longer admitted, opens another one, or the hub stops.
    pub async fn follow(self: &Arc<Self>, body: &[u8]) -> Result<mpsc::Receiver<Vec<u8>>, FollowError> {
        let (record, request) = self.verify_follow(one_line(body)).await?;
        let on = self.switched_on(&record).await?;
        if !self.is_sound() {
            return Err(FollowError::Damaged);
        }
        let tailor = Arc::new(Tailor::new(
            record.prison,
            on.regime,
            self.keys.fingerprint_key(record.id, record.key_generation),
        ));
        let opening = self.open(&record, &on, &tailor, &request).await?;
        let stands_at = self.stands_at(&request);
        let generation = self.register(&record, on.regime, stands_at, &opening);
        self.forget_after(record.id, stands_at).await?;
        let (lines, receiver) = mpsc::channel(super::LINES_QUEUED);
        let stream = Stream::new(Arc::clone(self), record.id, generation, tailor, opening, lines);
        tokio::spawn(stream.run());
        Ok(receiver)
    }

    async fn verify_follow(&self, line: &[u8]) -> Result<(GateRecord, FollowRequest), FollowError> {
        let signed = Signed::<FollowRequest>::parse_line(line, HANDSHAKE_LINE_BYTES)
            .map_err(|_| FollowError::Malformed)?;
        let gate = claimed_gate(line).ok_or(FollowError::Malformed)?;
        let record = self.store.gate_if_any(gate).await?.ok_or(FollowError::Unknown)?;
        let request = signed
            .verify(&record.verifying_key)
            .map_err(|_| FollowError::BadSignature)?;
        if !self
            .challenges
            .take(gate, request.challenge, self.instants.elapsed())
        {
            return Err(FollowError::StaleChallenge);
        }
        match record.state {
            GateState::Admitted => Ok((record, request)),
            GateState::Awaiting => Err(FollowError::Awaiting),
            GateState::Revoked | GateState::Retired => Err(FollowError::NotAdmitted),
        }
    }

    async fn switched_on(&self, record: &GateRecord) -> Result<PrisonOn, FollowError> {
        let prisons = self.store.prisons_on().await?;
        prisons
            .into_iter()
            .find(|on| on.prison == record.prison)
            .ok_or(FollowError::NotSwitchedOn)
    }

    async fn open(
        &self,
        record: &GateRecord,
        on: &PrisonOn,
        tailor: &Arc<Tailor>,
        request: &FollowRequest,
    ) -> Result<Opening, FollowError> {
        if let Some((session, serial)) = request.from
            && session == self.session
            && let Some((held, backlog)) = self.resume(record, on, tailor, serial).await?
        {
            return Ok(Opening {
                stream: request.stream,
                serial,
                held,
                snapshot: None,
                backlog,
            });
        }
        let first = Turn::before_first(request.stream).next();
        self.snapshot(record, tailor, first.ok_or(FollowError::Malformed)?)
            .await
    }

    /// Where the gate says that it stands in this session; at its beginning, if it says nothing of it.
    fn stands_at(&self, request: &FollowRequest) -> Serial {
        let here = request.from.filter(|(session, _)| *session == self.session);
        here.map_or(Serial(0), |(_, serial)| serial)
    }

    /// What the gate acknowledged after `stands_at` it no longer holds: its state is an older one, restored or
    /// lost. Until it has acknowledged again, nothing after that is in force there.
    async fn forget_after(&self, gate: GateId, stands_at: Serial) -> Result<(), FollowError> {
        // What it said on its earlier streams is stored first, so that none of it is stored afterwards.
        let (stored, waiting) = oneshot::channel();
        let acknowledgement = None;
        self.recorder
            .send(Recorder {
                acknowledgement,
                stored,
            })
            .await
            .map_err(|_| FollowError::Unavailable)?;
        waiting.await.map_err(|_| FollowError::Unavailable)?;
        let forgotten = self.store.forget_acknowledged_after(gate, stands_at).await?;
        if let Some(before) = forgotten {
            tracing::error!(%gate, serial = stands_at.0, before = before.0,
                "A GATE WENT BACK: it no longer holds what it acknowledged");
        }
        Ok(())
    }

    /// What the gate holds at `from` and the changes after it that the ring may not hold, or `None` if
    /// the gate needs a snapshot.
    async fn resume(
        &self,
        record: &GateRecord,
        on: &PrisonOn,
        tailor: &Tailor,
        from: Serial,
    ) -> Result<Option<(Held, Vec<Arc<Change>>)>, FollowError> {
        let gate = record.id;
        let remembered = self.known().get(&gate).map(|known| {
            let same_key = known.key_generation == record.key_generation;
            !known.wants_snapshot && same_key && known.regime == on.regime
        });
        let told_both = match remembered {
            Some(resumes) => resumes,
            None => self.acknowledged_under(on, record, from).await?,
        };
        if !told_both {
            return Ok(None);
        }
        if let Some(held) = self.remembered(gate, tailor, from) {
            return Ok(Some((held, Vec::new())));
        }
        let (head, list) = self.store.list_of(tailor.prison(), tailor.regime()).await?;
        if from > head {
            tracing::error!(%gate, gate_serial = from.0, hub_serial = head.0, "a gate is ahead of the hub");
            return Err(FollowError::GateIsAhead);
        }
        if usize::try_from(head.0 - from.0).is_ok_and(|behind| behind > RING_CHANGES) {
            return Ok(None);
        }
        let backlog = self.history_between(from, head).await?;
        let (entries, exceptions) = tailor.whole(&list);
        let mut held = Held::of(&entries, &exceptions);
        backlog
            .iter()
            .rev()
            .for_each(|change| tailor.undo(&change.changes, &mut held));
        Ok(Some((held, backlog)))
    }

    /// Whether what the hub stored shows that the gate stood at `from` under the regime that its prison has
    /// now and under the fingerprint key that it has now. A gate that could still be under another must not resume:
    /// only a snapshot names them.
    async fn acknowledged_under(
        &self,
        on: &PrisonOn,
        record: &GateRecord,
        from: Serial,
    ) -> Result<bool, FollowError> {
        let acknowledged = self.store.first_acknowledged(from).await?;
        let settled = on
            .since
            .max(record.key_since.unwrap_or(on.since))
            .saturating_add(SETTLES_WITHIN)
            .unwrap_or(Timestamp::MAX);
        Ok(acknowledged.get(&record.id).is_some_and(|at| *at > settled))
    }

    /// What the gate holds at `to`, walked from the last list that was sent to it.
    fn remembered(&self, gate: GateId, tailor: &Tailor, to: Serial) -> Option<Held> {
        let Sent {
            serial: at, mut held, ..
        } = *self.known().get(&gate)?.sent.back()?;
        let ring = self.ring();
        if to > ring.head() {
            return None;
        }
        let changes = ring.after(at.min(to))?;
        let between = changes.iter().filter(|change| change.serial <= at.max(to));
        if to <= at {
            between
                .rev()
                .for_each(|change| tailor.undo(&change.changes, &mut held));
        } else {
            between.for_each(|change| drop(tailor.delta(&change.changes, &mut held)));
        }
        Some(held)
    }

    /// The changes after `from` up to `head`, read from the store; every one of them, or an error.
    async fn history_between(&self, from: Serial, head: Serial) -> Result<Vec<Arc<Change>>, FollowError> {
        let mut changes: Vec<Arc<Change>> = Vec::new();
        let mut at = from;
        while at < head {
            let read = self.store.history_since(at, super::RESOLVED_AT_ONCE).await?;
            if read.is_empty() {
                return Err(FollowError::Damaged);
            }
            for (serial, resolved) in read {
                if at.next() != Some(serial) {
                    return Err(FollowError::Damaged);
                }
                at = serial;
                if serial <= head {
                    changes.push(Arc::new(Change {
                        serial,
                        changes: resolved,
                    }));
                }
            }
        }
        Ok(changes)
    }

    /// Makes this stream the gate's only one.
    fn register(&self, record: &GateRecord, regime: Regime, stands_at: Serial, opening: &Opening) -> u64 {
        let opened = Sent {
            line: 0,
            serial: opening.serial,
            held: opening.held,
            at: self.instants.elapsed(),
        };
        let mut gates = self.known();
        let before = gates.remove(&record.id);
        let generation = before.as_ref().map_or(0, |known| known.generation) + 1;
        let acknowledged = before.as_ref().and_then(|known| known.acknowledged);
        let known = Known {
            verifying: record.verifying_key,
            generation,
            regime,
            stream: opening.stream,
            sent: VecDeque::from([opened]),
            answered: 0,
            heard: before.as_ref().and_then(|known| known.heard),
            acknowledged: acknowledged.map(|serial| serial.min(stands_at)),
            held_without_record: before.as_ref().map_or(0, |known| known.held_without_record),
            capacity: before.as_ref().and_then(|known| known.capacity),
            entries: opening.held.entries,
            always_allowed: before.as_ref().and_then(|known| known.always_allowed),
            key_generation: record.key_generation,
            ends_calls: before.is_some_and(|known| known.ends_calls),
            wants_snapshot: false,
            word: None,
        };
        gates.insert(record.id, known);
        generation
    }
}
