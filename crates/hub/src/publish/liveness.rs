//! Whether a gate is there: monotonic instants in memory, nothing on disk.

use std::time::{Duration, Instant};

/// A gate that has not been heard for longer than this is silent, and its prison is red.
pub const SILENT_AFTER: Duration = Duration::from_secs(5);

/// A clock that only moves forward; unlike the wall clock nobody sets it. Passed in, so that a test moves it.
pub trait Monotonic: Send + Sync {
    /// Time since some fixed moment.
    fn elapsed(&self) -> Duration;
}

/// The machine's own monotonic clock.
#[derive(Debug)]
pub struct MachineInstants(Instant);

impl MachineInstants {
    /// Starts counting now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Monotonic for MachineInstants {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Whether something last heard at `heard` is silent at `now`.
pub(crate) fn is_silent(heard: Option<Duration>, now: Duration) -> bool {
    heard.is_none_or(|heard| now.saturating_sub(heard) > SILENT_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_silent_one_moment_past_the_limit_and_not_at_it() {
        let heard = Some(Duration::from_secs(100));
        assert!(!is_silent(heard, Duration::from_secs(100) + SILENT_AFTER));
        assert!(is_silent(
            heard,
            Duration::from_secs(100) + SILENT_AFTER + Duration::from_nanos(1)
        ));
        assert!(is_silent(None, Duration::ZERO), "a gate never heard is silent");
    }
}
