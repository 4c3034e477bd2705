//! A gate's word that its disk and its answers stand at a serial.
//!
//! Counted only if the gate's own key signed it, the hub sent that serial to that gate in this session, and
//! the hash of what the gate holds is the one the hub expects. A gate that holds something else is red, and
//! its stream ends: when it comes back it gets a snapshot.

use feed::{Acknowledgement, ListHash, Serial, Signed};
use tokio::sync::oneshot;

use super::claim::{claimed_gate, one_line};
use super::recorder::Recorder;
use super::{HANDSHAKE_LINE_BYTES, Known, Publisher};

/// Why an acknowledgement is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeError {
    /// Not a signed acknowledgement.
    #[error("this is not a signed acknowledgement")]
    Malformed,
    /// The gate has not asked for its feed since the hub started; it should.
    #[error("ask for the feed first")]
    NotFollowing,
    /// Not signed by the gate that it names.
    #[error("the signature is not the gate's")]
    BadSignature,
    /// Another session, or a serial that the hub has not sent to this gate or no longer remembers.
    #[error("this serial was not sent to this gate")]
    NotSent,
    /// The gate holds another list than the hub expects.
    #[error("the list held is not the one expected; ask for the feed again")]
    OtherList,
    /// Not stored yet; say it again.
    #[error("not stored yet; say it again")]
    Unavailable,
}

impl Publisher {
    /// Takes a signed acknowledgement; returns once it is stored and counts.
    pub async fn acknowledge(&self, body: &[u8]) -> Result<(), AcknowledgeError> {
        let acknowledgement = self.verify_acknowledgement(one_line(body))?;
        let at = self.seams.clock.now();
        let Acknowledgement {
            gate,
            session,
            serial,
            hash,
            ..
        } = acknowledgement;
        if session != self.session {
            return Err(AcknowledgeError::NotSent);
        }
        let is_news = {
            let mut gates = self.known();
            let known = gates.get_mut(&gate).ok_or(AcknowledgeError::NotFollowing)?;
            known.compare(serial, hash).inspect_err(|error| {
                tracing::warn!(%gate, serial = serial.0, %error, "an acknowledgement does not count");
            })?;
            known.heard = Some(self.instants.elapsed());
            known.held_without_record = acknowledgement.held_without_record;
            known.acknowledged.is_none_or(|before| before < serial)
        };
        if !is_news {
            return Ok(());
        }
        let (stored, waiting) = oneshot::channel();
        let recorder = Recorder {
            acknowledgement: (gate, session, serial, hash, at),
            stored,
        };
        self.recorder
            .try_send(recorder)
            .map_err(|_| AcknowledgeError::Unavailable)?;
        if waiting.await != Ok(true) {
            return Err(AcknowledgeError::Unavailable);
        }
        if let Some(known) = self.known().get_mut(&gate) {
            known.acknowledged = known.acknowledged.max(Some(serial));
        }
        Ok(())
    }

    fn verify_acknowledgement(&self, line: &[u8]) -> Result<Acknowledgement, AcknowledgeError> {
        let signed = Signed::<Acknowledgement>::parse_line(line, HANDSHAKE_LINE_BYTES)
            .map_err(|_| AcknowledgeError::Malformed)?;
        let gate = claimed_gate(line).ok_or(AcknowledgeError::Malformed)?;
        let key = self
            .known()
            .get(&gate)
            .map(|known| known.verifying)
            .ok_or(AcknowledgeError::NotFollowing)?;
        signed.verify(&key).map_err(|_| AcknowledgeError::BadSignature)
    }
}

impl Known {
    /// Compares what the gate says it holds with what it was sent.
    fn compare(&mut self, serial: Serial, hash: ListHash) -> Result<(), AcknowledgeError> {
        let at = self
            .expected
            .iter()
            .rposition(|(sent, _)| *sent == serial)
            .ok_or(AcknowledgeError::NotSent)?;
        if self.expected[at].1 != hash {
            self.wants_snapshot = true;
            self.heard = None;
            self.generation += 1;
            return Err(AcknowledgeError::OtherList);
        }
        // What lies before an acknowledged serial will not be acknowledged any more.
        self.expected.drain(..at);
        Ok(())
    }
}
