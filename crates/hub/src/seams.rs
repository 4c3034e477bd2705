//! Where time and randomness come in: two seams, passed to whatever needs them, so that a seed and a clock
//! moved by hand reproduce a failure. Nothing else in the hub asks the machine for either.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rand::rngs::{StdRng, SysRng};
use rand::{CryptoRng, Rng, SeedableRng, TryCryptoRng, TryRng};

/// Says what time it is, UTC.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// Gives bytes that nobody can foretell.
pub trait RandomSource: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// The clock and the randomness that a hub works with. Cheap to clone.
#[derive(Clone)]
pub struct Seams {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn RandomSource>,
}

impl Seams {
    /// The machine's clock and randomness.
    pub fn real() -> Self {
        Self {
            clock: Arc::new(MachineClock),
            random: Arc::new(MachineRandom),
        }
    }

    /// A clock that stands still until it is moved, and randomness that a seed reproduces: for tests.
    pub fn seeded(seed: u64, start: Timestamp) -> (Self, Arc<SetClock>) {
        let clock = Arc::new(SetClock::at(start));
        let random = Arc::new(SeededRandom::new(seed));
        (
            Self {
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
                random,
            },
            clock,
        )
    }

    /// The randomness, in the shape that sealing and key making ask for.
    pub fn crypto_random(&self) -> impl CryptoRng + use<> {
        SeamRandom(Arc::clone(&self.random))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Seams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seams(..)")
    }
}

/// The machine's wall clock.
#[derive(Clone, Copy, Debug)]
pub struct MachineClock;

impl Clock for MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the hub reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug)]
pub struct MachineRandom;

impl RandomSource for MachineRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Unwrap safety: without the system's randomness no key, code or identifier may be made; stopping is
        // the only safe answer.
        SysRng
            .try_fill_bytes(bytes)
            .expect("the operating system gives randomness");
    }
}

/// A clock that a test moves by hand.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// Stands at this time.
    pub fn at(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves on by so many seconds.
    pub fn advance(&self, seconds: i64) {
        let mut now = unpoisoned(&self.0);
        *now = now
            .saturating_add(SignedDuration::from_secs(seconds))
            .unwrap_or(*now);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *unpoisoned(&self.0)
    }
}

/// Randomness that a seed reproduces.
pub struct SeededRandom(Mutex<StdRng>);

impl SeededRandom {
    /// The sequence that belongs to this seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl RandomSource for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        unpoisoned(&self.0).fill_bytes(bytes);
    }
}

impl fmt::Debug for SeededRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededRandom(..)")
    }
}

fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The seam in the shape of a generator.
struct SeamRandom(Arc<dyn RandomSource>);

impl TryRng for SeamRandom {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for SeamRandom {}
