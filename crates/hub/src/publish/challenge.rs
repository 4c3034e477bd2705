//! Numbers used once: a gate signs one to show that its request for the feed is fresh.
//!
//! Anybody may ask for one, so nothing is kept of those that are given out: a challenge carries its own time and
//! a keyed check that it is this hub's, for this gate. Only those that a gate has signed and used are remembered,
//! until they are too old anyway. So nobody who holds no gate's key can take up room or push a gate's own out.
//!
//! ```text
//! 5 bytes milliseconds since the hub started | 3 random bytes | 8 bytes keyed hash of gate and both
//! ```
//! 64 bits of check are enough: a guess is tried against the running hub, and one that fits is worth nothing
//! before the gate signs it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use feed::{Challenge, GateId};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Publisher;

/// How long a challenge may be used.
pub const CHALLENGE_LIFETIME: Duration = Duration::from_secs(60);
/// Challenges that one gate may use up within their lifetime; a further one is refused.
pub const CHALLENGES_USED_PER_GATE: usize = 256;

/// Makes challenges and tells whether one is good.
pub(super) struct Challenges {
    /// Drawn when the hub starts: no challenge outlives it.
    key: Zeroizing<[u8; 32]>,
    /// Used ones that are not too old yet, by the gate that signed them.
    used: Mutex<HashMap<GateId, Vec<Challenge>>>,
}

impl Challenges {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self {
            key: Zeroizing::new(key),
            used: Mutex::default(),
        }
    }

    fn make(&self, gate: GateId, nonce: [u8; 3], now: Duration) -> Challenge {
        let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX).to_be_bytes();
        let mut open = [0; 8];
        open[..5].copy_from_slice(&millis[3..]);
        open[5..].copy_from_slice(&nonce);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&open);
        bytes[8..].copy_from_slice(&self.check(gate, open));
        Challenge::from_bytes(bytes)
    }

    /// Uses a challenge up that `gate` has signed; says whether it was this gate's and still good.
    pub(super) fn take(&self, gate: GateId, challenge: Challenge, now: Duration) -> bool {
        if !self.is_good(gate, challenge, now) {
            return false;
        }
        let mut all = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let used = all.entry(gate).or_default();
        used.retain(|used| is_fresh(*used, now));
        if used.contains(&challenge) || used.len() >= CHALLENGES_USED_PER_GATE {
            return false;
        }
        used.push(challenge);
        true
    }

    fn is_good(&self, gate: GateId, challenge: Challenge, now: Duration) -> bool {
        let (mut open, bytes) = ([0; 8], challenge.as_bytes());
        open.copy_from_slice(&bytes[..8]);
        bool::from(bytes[8..].ct_eq(&self.check(gate, open))) && is_fresh(challenge, now)
    }

    fn check(&self, gate: GateId, open: [u8; 8]) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(gate.as_bytes()).update(&open);
        let mut check = [0; 8];
        check.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        check
    }
}

fn is_fresh(challenge: Challenge, now: Duration) -> bool {
    let mut millis = [0; 8];
    millis[3..].copy_from_slice(&challenge.as_bytes()[..5]);
    let given = Duration::from_millis(u64::from_be_bytes(millis));
    now.saturating_sub(given) <= CHALLENGE_LIFETIME
}

impl Publisher {
    /// Gives a gate a challenge; whether there is such a gate is not looked up and not said.
    pub fn challenge(&self, gate: GateId) -> Challenge {
        let nonce = self.seams.bytes();
        self.challenges.make(gate, nonce, self.instants.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATE: GateId = GateId::from_bytes([1; 16]);
    const OTHER: GateId = GateId::from_bytes([2; 16]);

    fn nonce(n: usize) -> [u8; 3] {
        [0, (n >> 8) as u8, n as u8]
    }

    #[test]
    fn a_challenge_is_good_once_for_its_gate_and_for_a_minute() {
        let hub = Challenges::new([3; 32]);
        let begun = Duration::from_secs(1_000_000);
        let [first, second, third] = [0, 1, 2].map(|n| hub.make(GATE, nonce(n), begun));
        assert!(!hub.take(OTHER, first, begun), "another gate's");
        assert!(hub.take(GATE, first, begun));
        assert!(!hub.take(GATE, first, begun), "used");
        assert!(hub.take(GATE, second, begun + CHALLENGE_LIFETIME));
        let later = begun + CHALLENGE_LIFETIME + Duration::from_millis(1);
        assert!(!hub.take(GATE, third, later), "old");
        assert!(!hub.take(GATE, first, later), "used and forgotten, but old");
    }

    #[test]
    fn a_challenge_that_this_hub_did_not_make_is_not_good() {
        let (hub, restarted) = (Challenges::new([3; 32]), Challenges::new([4; 32]));
        let challenge = hub.make(GATE, nonce(0), Duration::ZERO);
        assert!(!restarted.take(GATE, challenge, Duration::ZERO));
        for bit in 0..128 {
            let mut bytes = *challenge.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let changed = Challenge::from_bytes(bytes);
            assert!(!hub.take(GATE, changed, Duration::ZERO), "bit {bit}");
        }
        assert!(hub.take(GATE, challenge, Duration::ZERO));
    }

    #[test]
    fn a_gate_uses_up_as_many_as_the_limit_and_one_more_when_they_are_old() {
        let hub = Challenges::new([3; 32]);
        let take = |n, now| hub.take(GATE, hub.make(GATE, nonce(n), now), now);
        assert!((0..CHALLENGES_USED_PER_GATE).all(|n| take(n, Duration::ZERO)));
        assert!(!take(CHALLENGES_USED_PER_GATE, Duration::ZERO));
        assert!(hub.take(OTHER, hub.make(OTHER, nonce(0), Duration::ZERO), Duration::ZERO));
        assert!(take(0, CHALLENGE_LIFETIME + Duration::from_millis(1)));
    }
}
