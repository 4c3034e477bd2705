//! A gate's word that its disk and its answers stand at a serial.
//!
//! Counted only if the gate's own key signed it, it names a line of the gate's newest stream, and serial and
//! hash are those which that line leads to. A gate that holds something else is red, and its stream ends: when
//! it comes back it gets a snapshot.
//!
//! It is a sign of life only if it names a newer line than any before it, and only of the moment when that
//! line was sent. So one that is said again, or that somebody on the way kept for later, keeps no prison green.

use std::time::Duration;

use feed::{Acknowledgement, GateWord, Signed};
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
    /// Another session or stream, or a line that does not lead to this serial, was overtaken or is forgotten.
    #[error("this is not what the gate's newest stream leads to")]
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
        let line = one_line(body);
        let word = self.verify_acknowledgement(line)?;
        let waiting = self.count(&word)?;
        self.keep_word(&word, line);
        let Some(waiting) = waiting else {
            return Ok(());
        };
        if waiting.await != Ok(true) {
            return Err(AcknowledgeError::Unavailable);
        }
        if let Some(known) = self.known().get_mut(&word.gate)
            && known.stream == word.turn.stream
        {
            known.acknowledged = known.acknowledged.max(Some(word.serial));
        }
        Ok(())
    }

    /// Keeps the gate's newest word that fits, as it was signed, for attestations.
    fn keep_word(&self, word: &Acknowledgement, line: &[u8]) {
        let said = GateWord {
            received_at_ms: self.seams.clock.now().as_millisecond(),
            serial: word.serial,
            hash: word.hash,
            signed: String::from_utf8_lossy(line).into_owned(),
        };
        if let Some(known) = self.known().get_mut(&word.gate)
            && known.stream == word.turn.stream
            && known.answered == word.turn.line
        {
            known.word = Some(said);
        }
    }

    /// Compares a gate's word with what was sent and hands it to be stored; `None` if that was done before.
    /// Nothing else happens to the gate meanwhile, so that no word of an earlier stream is stored after the
    /// gate has opened another.
    fn count(&self, word: &Acknowledgement) -> Result<Option<oneshot::Receiver<bool>>, AcknowledgeError> {
        let (gate, session, serial) = (word.gate, word.session, word.serial);
        if session != self.session {
            return Err(AcknowledgeError::NotSent);
        }
        let mut gates = self.known();
        let known = gates.get_mut(&gate).ok_or(AcknowledgeError::NotFollowing)?;
        let sent_at = known.compare(word).inspect_err(|error| {
            tracing::warn!(%gate, serial = serial.0, %error, "an acknowledgement does not count");
        })?;
        known.hear(word, sent_at);
        if known.acknowledged.is_some_and(|before| before >= serial) {
            return Ok(None);
        }
        let (stored, waiting) = oneshot::channel();
        let at = self.seams.clock.now();
        let recorder = Recorder {
            acknowledgement: Some((gate, session, serial, word.hash, at)),
            stored,
        };
        self.recorder
            .try_send(recorder)
            .map_err(|_| AcknowledgeError::Unavailable)?;
        Ok(Some(waiting))
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
    /// Compares what the gate says it holds with what was sent to it; says when the line was sent.
    fn compare(&mut self, word: &Acknowledgement) -> Result<Duration, AcknowledgeError> {
        if word.turn.stream != self.stream {
            return Err(AcknowledgeError::NotSent);
        }
        let at = self
            .sent
            .binary_search_by_key(&word.turn.line, |sent| sent.line)
            .map_err(|_| AcknowledgeError::NotSent)?;
        let sent = self.sent[at];
        if sent.serial != word.serial {
            return Err(AcknowledgeError::NotSent);
        }
        if sent.held.hash != word.hash {
            self.wants_snapshot = true;
            self.heard = None;
            self.generation += 1;
            return Err(AcknowledgeError::OtherList);
        }
        // What lies before an acknowledged line will not be acknowledged any more.
        self.sent.drain(..at);
        Ok(sent.at)
    }

    /// Takes an acknowledgement that fits as a sign of life, if it is the first of its line.
    fn hear(&mut self, word: &Acknowledgement, sent_at: Duration) {
        if word.turn.line > self.answered {
            self.answered = word.turn.line;
            self.heard = self.heard.max(Some(sent_at));
            self.held_without_record = word.held_without_record;
            self.capacity = Some(word.capacity);
            self.always_allowed = word.always_allowed;
            self.ends_calls = word.ends_calls;
        }
    }
}
