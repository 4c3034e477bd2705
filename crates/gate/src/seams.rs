//! What the gate is handed from outside: time, randomness, disk. A test hands it others.

use std::sync::Arc;

use rand::rngs::{StdRng, SysRng};
use rand::{SeedableRng, TryRng};

use crate::disk::{Disk, RealDisk};

/// The world as the gate sees it.
#[derive(Clone)]
pub struct Seams {
    /// The wall clock: milliseconds since 1970 (UTC). Only attempts carry it; nothing depends on it.
    pub now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// 32 fresh random bytes, fit for keys.
    pub random: Random,
    /// Where the state is kept.
    pub disk: Arc<dyn Disk>,
}

/// A source of randomness that is fit for keys.
pub type Random = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

impl Seams {
    /// The machine's own clock, randomness and disk.
    pub fn real() -> Self {
        Self {
            now_ms: Arc::new(machine_time_ms),
            random: Arc::new(machine_random),
            disk: Arc::new(RealDisk),
        }
    }

    /// A generator for those who take one, seeded from [`Seams::random`].
    pub(crate) fn generator(&self) -> StdRng {
        StdRng::from_seed((self.random)())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the gate reads the machine's clock"
)]
fn machine_time_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn machine_random() -> [u8; 32] {
    let mut bytes = [0; 32];
    // Unwrap safety: a machine without randomness cannot make keys, and nothing could be answered safely.
    SysRng
        .try_fill_bytes(&mut bytes)
        .expect("the machine gives randomness");
    bytes
}
