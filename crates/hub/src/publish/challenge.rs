//! Numbers used once: a gate signs one to show that its request for the feed is fresh.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use feed::{Challenge, GateId};

use super::Publisher;
use crate::store::StoreError;

/// How long a challenge may be used.
pub const CHALLENGE_LIFETIME: Duration = Duration::from_secs(60);
/// Challenges that one gate may have open; a further one takes the oldest one's place.
pub const CHALLENGES_PER_GATE: usize = 4;

/// The open challenges, for known gates only.
#[derive(Default)]
pub(super) struct Challenges(Mutex<HashMap<GateId, Vec<(Challenge, Duration)>>>);

impl Challenges {
    fn put(&self, gate: GateId, challenge: Challenge, now: Duration) {
        let mut all = self.lock();
        let open = all.entry(gate).or_default();
        if open.len() >= CHALLENGES_PER_GATE {
            open.remove(0);
        }
        open.push((challenge, now));
    }

    /// Uses a challenge up; says whether it was this gate's and still good.
    pub(super) fn take(&self, gate: GateId, challenge: Challenge, now: Duration) -> bool {
        let mut all = self.lock();
        let Some(open) = all.get_mut(&gate) else {
            return false;
        };
        let Some(at) = open.iter().position(|(known, _)| *known == challenge) else {
            return false;
        };
        let (_, given) = open.remove(at);
        now.saturating_sub(given) <= CHALLENGE_LIFETIME
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<GateId, Vec<(Challenge, Duration)>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Publisher {
    /// Gives a known gate a challenge; `None` if the gate is not known.
    pub async fn challenge(&self, gate: GateId) -> Result<Option<Challenge>, StoreError> {
        if self.record_of(gate).await?.is_none() {
            return Ok(None);
        }
        let mut bytes = [0; 16];
        self.seams.random.fill(&mut bytes);
        let challenge = Challenge::from_bytes(bytes);
        self.challenges.put(gate, challenge, self.instants.elapsed());
        Ok(Some(challenge))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATE: GateId = GateId::from_bytes([1; 16]);
    const OTHER: GateId = GateId::from_bytes([2; 16]);

    fn challenge(n: u8) -> Challenge {
        Challenge::from_bytes([n; 16])
    }

    #[test]
    fn a_challenge_is_good_once_for_its_gate_and_for_a_minute() {
        let open = Challenges::default();
        for n in 0..3 {
            open.put(GATE, challenge(n), Duration::ZERO);
        }
        assert!(!open.take(OTHER, challenge(0), Duration::ZERO), "another gate's");
        assert!(open.take(GATE, challenge(0), Duration::ZERO));
        assert!(!open.take(GATE, challenge(0), Duration::ZERO), "used");
        assert!(open.take(GATE, challenge(1), CHALLENGE_LIFETIME));
        assert!(
            !open.take(GATE, challenge(2), CHALLENGE_LIFETIME + Duration::from_nanos(1)),
            "old"
        );
    }

    #[test]
    fn one_challenge_past_the_limit_takes_the_oldest_ones_place() {
        let open = Challenges::default();
        for n in 0..=CHALLENGES_PER_GATE {
            open.put(GATE, challenge(n as u8), Duration::ZERO);
        }
        assert!(!open.take(GATE, challenge(0), Duration::ZERO));
        assert!(open.take(GATE, challenge(1), Duration::ZERO));
    }
}
