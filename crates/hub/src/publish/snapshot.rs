//! The whole list of one gate, built from one consistent read, sealed key included.

use std::sync::Arc;

use data_encoding::BASE64;
use feed::{Body, FingerprintKey, GateId, Limits, Message, Serial, Signed, Snapshot, Turn};

use super::Publisher;
use super::follow::{FollowError, Opening};
use super::tailor::{Held, Tailor};
use crate::store::{GateRecord, ListEntry};

impl Publisher {
    /// A signed snapshot of the gate's list as it stands, as the line `turn`. Refused whole if a row of it cannot be read or it
    /// is larger than a gate accepts.
    pub(super) async fn snapshot(
        &self,
        record: &GateRecord,
        tailor: &Arc<Tailor>,
        turn: Turn,
    ) -> Result<Opening, FollowError> {
        let _permit = self
            .snapshots
            .acquire()
            .await
            .map_err(|_| FollowError::Unavailable)?;
        let (serial, list) = self.store.list_of(tailor.prison(), tailor.regime()).await?;
        self.find_room(record.id, list.len())?;
        let sealed = feed::seal(
            &record.sealing_key,
            FingerprintKey::SEAL_PURPOSE,
            tailor.key().as_bytes(),
            &mut self.seams.crypto_random(),
        );
        let sealed_key = BASE64.encode(&sealed.map_err(|_| FollowError::Damaged)?);
        let (snapshot, held) = self.written(tailor, list, sealed_key).await?;
        let body = Body::Snapshot(snapshot);
        let message = Message {
            gate: record.id,
            turn,
            answered: 0,
            session: self.session,
            serial,
            body,
        };
        let line = self.signed(&message).ok_or(FollowError::Damaged)?;
        Ok(Opening {
            stream: turn.stream,
            serial,
            held,
            snapshot: Some(line),
            backlog: Vec::new(),
        })
    }

    /// Whether a gate can hold so many entries; if not, it keeps what it has and is red.
    fn find_room(&self, gate: GateId, entries: usize) -> Result<(), FollowError> {
        let mut gates = self.known();
        let known = gates.get_mut(&gate);
        let capacity = super::room::capacity(known.as_ref().and_then(|known| known.capacity));
        if let Some(known) = known {
            known.entries = entries;
        }
        if entries as u64 > capacity {
            tracing::error!(%gate, "A GATE CANNOT HOLD ITS LIST: new bars do not reach it");
            return Err(FollowError::GateIsFull);
        }
        Ok(())
    }

    /// Fingerprints a list on a thread that may take its time.
    async fn written(
        &self,
        tailor: &Arc<Tailor>,
        list: Vec<ListEntry>,
        sealed_key: String,
    ) -> Result<(Snapshot, Held), FollowError> {
        let tailor = Arc::clone(tailor);
        let build = move || {
            let (entries, exceptions) = tailor.whole(&list);
            let held = Held::of(&entries, &exceptions);
            let (prison, regime) = (tailor.prison(), tailor.regime());
            (
                Snapshot {
                    prison,
                    regime,
                    sealed_key,
                    entries,
                    exceptions,
                    hash: held.hash,
                },
                held,
            )
        };
        tokio::task::spawn_blocking(build)
            .await
            .map_err(|_| FollowError::Unavailable)
    }

    /// The line to send, or `None` if a gate would have to reject it.
    pub(super) fn signed(&self, message: &Message) -> Option<Vec<u8>> {
        let line = Signed::sign(message, self.keys.feed_signing_key())
            .ok()?
            .to_line();
        let fits = line.len() <= Limits::DEFAULT.line_bytes;
        if !fits {
            let Message {
                gate,
                serial: Serial(serial),
                ..
            } = message;
            tracing::error!(%gate, serial, bytes = line.len(), "a line is longer than a gate accepts");
        }
        fits.then_some(line)
    }
}
