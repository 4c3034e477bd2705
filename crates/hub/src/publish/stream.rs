//! One gate's stream: its deltas in order, a heartbeat every second or two, and an end when anything is wrong.
//!
//! Each stream is a task with a bounded queue of its own. A gate that does not read is waited for
//! [`SLOW_AFTER`] and then let go; no other gate notices.

use std::sync::Arc;
use std::time::Duration;

use feed::{Body, GateId, Limits, Message, Serial, Turn};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::follow::Opening;
use super::ring::Change;
use super::tailor::{Held, Tailor};
use super::{Head, Publisher, RING_CHANGES, Room, Sent};

/// A heartbeat goes out this often, but for one that would follow a change at once. Each stream keeps the moments that
/// its beginning gave it, so that they do not all fall due with the same change.
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);
/// Where there are so many gates that heartbeats and their answers would take the processor from a bar, each is sent
/// after this much for every gate, and at the least half as often as with few: well before a gate is silent.
const HEARTBEAT_SHARE: Duration = Duration::from_micros(400);
/// Lines that may wait for one gate to read.
pub const LINES_QUEUED: usize = 64;
/// A gate whose queue stays full for this long is disconnected.
pub const SLOW_AFTER: Duration = Duration::from_secs(10);

/// The sending half of one gate's feed.
pub(super) struct Stream {
    publisher: Arc<Publisher>,
    gate: GateId,
    generation: u64,
    tailor: Arc<Tailor>,
    /// The newest line.
    turn: Turn,
    serial: Serial,
    held: Held,
    opening: Option<Vec<u8>>,
    backlog: Vec<Arc<Change>>,
    lines: mpsc::Sender<Vec<u8>>,
}

/// The stream ends here; the gate comes back by itself.
struct Ended;

impl Stream {
    pub(super) fn new(
        publisher: Arc<Publisher>,
        gate: GateId,
        generation: u64,
        tailor: Arc<Tailor>,
        opening: Opening,
        lines: mpsc::Sender<Vec<u8>>,
    ) -> Self {
        let Opening {
            stream,
            serial,
            held,
            snapshot,
            backlog,
        } = opening;
        Self {
            publisher,
            gate,
            generation,
            tailor,
            turn: Turn::before_first(stream),
            serial,
            held,
            opening: snapshot,
            backlog,
            lines,
        }
    }

    /// Sends until the stream ends.
    pub(super) async fn run(mut self) {
        let Err(Ended) = self.send_all().await else { return };
        tracing::info!(gate = %self.gate, serial = self.serial.0, "a gate's stream ended");
    }

    async fn send_all(&mut self) -> Result<(), Ended> {
        let mut head = self.publisher.head.subscribe();
        let mut beat_at = Instant::now();
        if let Some(snapshot) = self.opening.take() {
            self.send(snapshot).await?;
        }
        for change in std::mem::take(&mut self.backlog) {
            self.send_change(&change).await?;
        }
        loop {
            if self.catch_up().await? {
                beat_at = self.after_change(beat_at);
            }
            let beat = tokio::select! {
                changed = head.changed() => { changed.map_err(|_| Ended)?; false }
                () = tokio::time::sleep_until(beat_at) => true,
                () = self.lines.closed() => return Err(Ended),
            };
            if !matches!(*head.borrow_and_update(), Head::At(_)) {
                return Err(Ended);
            }
            if beat {
                self.send_message(Body::Heartbeat).await?;
                beat_at = Instant::now() + self.heartbeat_every();
            }
        }
    }

    /// Sends what has changed; says whether anything had.
    async fn catch_up(&mut self) -> Result<bool, Ended> {
        // The lock is let go before anything is sent.
        let changes = self.publisher.ring().after(self.serial).ok_or(Ended)?;
        for change in &changes {
            self.send_change(change).await?;
        }
        Ok(!changes.is_empty())
    }

    /// When the next heartbeat is due: one that would follow a change at once is left out, for the change said as much,
    /// and it would only keep a bar from other gates. The moments at which streams beat stay as spread as they are.
    fn after_change(&self, beat_at: Instant) -> Instant {
        let every = self.heartbeat_every();
        if beat_at < Instant::now() + every / 2 {
            beat_at + every
        } else {
            beat_at
        }
    }

    fn heartbeat_every(&self) -> Duration {
        heartbeat_every(self.publisher.known().len())
    }

    async fn send_change(&mut self, change: &Change) -> Result<(), Ended> {
        if self.serial.next() != Some(change.serial) {
            return Err(Ended);
        }
        let delta = self.tailor.delta(&change.changes, &mut self.held);
        if delta.changes() > Limits::DEFAULT.delta_changes {
            // A gate would reject it; a snapshot says the same.
            self.with_known(|known| known.wants_snapshot = true)?;
            return Err(Ended);
        }
        self.find_room()?;
        self.serial = change.serial;
        self.send_message(Body::Delta(delta)).await
    }

    /// Notes how long the list would be. A gate that could not hold it gets nothing more: it keeps what it has, and
    /// is red until a list that it can hold is to be had.
    fn find_room(&self) -> Result<(), Ended> {
        let entries = self.held.entries;
        let (before, now) = self.with_known(|known| {
            let before = known.room();
            known.entries = entries;
            known.wants_snapshot |= known.room() == Room::Full;
            (before, known.room())
        })?;
        let gate = self.gate;
        match now {
            Room::Full => {
                tracing::error!(%gate, "A GATE CANNOT HOLD ITS LIST: new bars do not reach it");
                Err(Ended)
            }
            Room::Short if before != now => {
                tracing::error!(%gate, "a gate is short of room: it will soon hold no further bars");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn send_message(&mut self, body: Body) -> Result<(), Ended> {
        let message = Message {
            gate: self.gate,
            turn: self.turn.next().ok_or(Ended)?,
            answered: self.with_known(|known| known.answered)?,
            session: self.publisher.session,
            serial: self.serial,
            body,
        };
        let line = self.publisher.signed(&message).ok_or(Ended)?;
        self.send(line).await
    }

    /// Sends the next line; what it leads to is noted first, for the gate may answer at once.
    async fn send(&mut self, line: Vec<u8>) -> Result<(), Ended> {
        self.turn = self.turn.next().ok_or(Ended)?;
        let sent = Sent {
            line: self.turn.line,
            serial: self.serial,
            held: self.held,
            at: self.publisher.instants.elapsed(),
        };
        self.with_known(|known| {
            known.sent.push_back(sent);
            if known.sent.len() > RING_CHANGES {
                known.sent.pop_front();
            }
        })?;
        self.lines.send_timeout(line, SLOW_AFTER).await.map_err(|_| Ended)
    }

    /// Reads or changes what is known of the gate, as long as this is its stream.
    fn with_known<T>(&self, use_it: impl FnOnce(&mut super::Known) -> T) -> Result<T, Ended> {
        let mut gates = self.publisher.known();
        let known = gates.get_mut(&self.gate).ok_or(Ended)?;
        if known.generation != self.generation {
            return Err(Ended);
        }
        Ok(use_it(known))
    }
}

fn heartbeat_every(gates: usize) -> Duration {
    let share = HEARTBEAT_SHARE.saturating_mul(u32::try_from(gates).unwrap_or(u32::MAX));
    share.clamp(HEARTBEAT_EVERY, 2 * HEARTBEAT_EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::SILENT_AFTER;

    #[test]
    fn many_gates_are_told_less_often_and_none_so_seldom_that_it_seems_silent() {
        let table = [
            (0, 1_000),
            (2_500, 1_000),
            (3_000, 1_200),
            (5_000, 2_000),
            (usize::MAX, 2_000),
        ];
        for (gates, every) in table {
            assert_eq!(heartbeat_every(gates), Duration::from_millis(every), "{gates}");
            let at_most = heartbeat_every(gates) * 3 / 2;
            assert!(
                at_most + Duration::from_secs(1) < SILENT_AFTER,
                "a second for the way back"
            );
        }
    }
}
