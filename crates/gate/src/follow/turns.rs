//! How old what the hub says is at most, without a clock that hub and gate share.
//!
//! Every line names the newest acknowledgement that the hub had when it sent it. The gate knows when it read the
//! line that it acknowledged; the line in hand was sent after that. Before the first acknowledgement it was sent
//! after the gate drew the stream's name. Somebody on the way who lets lines through, but late, is found out.

use std::collections::VecDeque;
use std::time::Instant;

use feed::{StreamId, Turn};

use crate::status::SILENT_AFTER;

/// Moments of reading that are remembered; the hub is [`SILENT_AFTER`] long before it is this far behind.
const MOMENTS: usize = 4_096;

/// The lines of one stream, as far as they were read.
pub(super) struct Turns {
    newest: Turn,
    /// When lines were read, oldest first; what the hub has answered since is forgotten.
    read: VecDeque<(u64, Instant)>,
}

impl Turns {
    /// A stream that is about to be asked for.
    pub(super) fn begin(stream: StreamId, now: Instant) -> Self {
        Self {
            newest: Turn::before_first(stream),
            read: VecDeque::from([(0, now)]),
        }
    }

    pub(super) fn stream(&self) -> StreamId {
        self.newest.stream
    }

    /// The newest line that was read.
    pub(super) fn newest(&self) -> Turn {
        self.newest
    }

    /// Lines up to this one were read now.
    pub(super) fn took(&mut self, newest: Turn, now: Instant) {
        self.newest = newest;
        self.read.push_back((newest.line, now));
        if self.read.len() > MOMENTS {
            self.read.pop_front();
        }
    }

    /// Whether a line in which the hub answers `answered` was sent lately.
    pub(super) fn are_fresh(&mut self, answered: u64, now: Instant) -> bool {
        while self.read.get(1).is_some_and(|(line, _)| *line <= answered) {
            self.read.pop_front();
        }
        let said = self.read.front().filter(|(line, _)| *line <= answered);
        said.is_some_and(|(_, at)| now.saturating_duration_since(*at) <= SILENT_AFTER)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn turn(line: u64) -> Turn {
        let stream = StreamId::from_bytes([1; 16]);
        Turn { stream, line }
    }

    #[test]
    fn a_line_is_as_fresh_as_the_acknowledgement_that_it_answers() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut turns = Turns::begin(turn(0).stream, start);
        turns.took(turn(1), at(1_000));
        assert!(
            turns.are_fresh(0, at(5_000)),
            "the name was drawn five seconds ago"
        );
        assert!(!turns.are_fresh(0, at(5_001)), "and longer ago");
        turns.took(turn(4), at(2_000));
        turns.took(turn(5), at(3_000));
        assert!(turns.are_fresh(4, at(7_000)));
        assert!(!turns.are_fresh(4, at(7_001)), "let through late");
        assert!(turns.are_fresh(5, at(8_000)));
        assert!(
            !turns.are_fresh(4, at(8_000)),
            "an older answer after a newer one"
        );
    }
}
