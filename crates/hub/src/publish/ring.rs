//! The newest changes, resolved once and shared by every gate's stream.
//!
//! The ring is bounded: a stream that falls further behind than [`RING_CHANGES`] finds its place gone and
//! ends, and the gate comes back for a snapshot. So one slow gate costs no memory and holds up no other.

use std::collections::VecDeque;
use std::sync::Arc;

use feed::Serial;

use crate::store::ResolvedChange;

/// Changes kept in memory.
pub const RING_CHANGES: usize = 4_096;

/// What happened at one serial.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) serial: Serial,
    pub(crate) changes: Vec<ResolvedChange>,
}

/// Consecutive changes, oldest first.
#[derive(Debug)]
pub(crate) struct Ring {
    /// The serial before the oldest change held.
    base: Serial,
    changes: VecDeque<Arc<Change>>,
}

impl Ring {
    /// An empty ring for a feed that stands at `head`.
    pub(crate) fn starting_at(head: Serial) -> Self {
        Self {
            base: head,
            changes: VecDeque::new(),
        }
    }

    /// The serial of the newest change held.
    pub(crate) fn head(&self) -> Serial {
        self.changes.back().map_or(self.base, |change| change.serial)
    }

    /// Takes the next change; says `false`, and keeps things as they are, if it is not the next.
    pub(crate) fn push(&mut self, change: Change) -> bool {
        if self.head().next() != Some(change.serial) {
            return false;
        }
        self.changes.push_back(Arc::new(change));
        if self.changes.len() > RING_CHANGES
            && let Some(oldest) = self.changes.pop_front()
        {
            self.base = oldest.serial;
        }
        true
    }

    /// Every change after `serial`, or `None` if some of them are no longer held.
    pub(crate) fn after(&self, serial: Serial) -> Option<Vec<Arc<Change>>> {
        if serial < self.base {
            return None;
        }
        let skip = usize::try_from(serial.0 - self.base.0).unwrap_or(usize::MAX);
        Some(self.changes.iter().skip(skip).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring_of(count: u64) -> Ring {
        let mut ring = Ring::starting_at(Serial(10));
        for serial in 11..11 + count {
            assert!(ring.push(Change {
                serial: Serial(serial),
                changes: Vec::new()
            }));
        }
        ring
    }

    fn serials(ring: &Ring, after: u64) -> Option<Vec<u64>> {
        Some(
            ring.after(Serial(after))?
                .iter()
                .map(|change| change.serial.0)
                .collect(),
        )
    }

    #[test]
    fn a_stream_gets_exactly_what_it_has_not_seen() {
        let ring = ring_of(3);
        assert_eq!(serials(&ring, 10), Some(vec![11, 12, 13]));
        assert_eq!(serials(&ring, 12), Some(vec![13]));
        assert_eq!(serials(&ring, 13), Some(vec![]));
        assert_eq!(serials(&ring, 99), Some(vec![]));
        assert_eq!(serials(&ring, 9), None, "what was before the ring is not guessed");
    }

    #[test]
    fn a_serial_out_of_turn_is_not_taken() {
        let mut ring = ring_of(1);
        assert!(!ring.push(Change {
            serial: Serial(13),
            changes: Vec::new()
        }));
        assert!(!ring.push(Change {
            serial: Serial(11),
            changes: Vec::new()
        }));
        assert_eq!(ring.head(), Serial(11));
    }

    #[test]
    fn the_ring_keeps_its_limit_and_one_past_it_pushes_the_oldest_out() {
        let limit = RING_CHANGES as u64;
        let ring = ring_of(limit);
        assert_eq!(ring.after(Serial(10)).unwrap().len(), RING_CHANGES);
        let ring = ring_of(limit + 1);
        assert!(ring.after(Serial(10)).is_none());
        assert_eq!(ring.after(Serial(11)).unwrap().len(), RING_CHANGES);
    }
}
