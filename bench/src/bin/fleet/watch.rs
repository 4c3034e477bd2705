//! Times, bar by bar and gate by gate.

use std::fmt;
use std::time::Duration;

/// What was measured.
#[derive(Default)]
pub(crate) struct Measured {
    /// Of each bar: from the request's first byte to the refusal at each gate.
    refused: Vec<Vec<Duration>>,
    /// Of each bar: from the request's first byte to the hub's receipt.
    receipts: Vec<Duration>,
    /// How often each gate is asked.
    every: Duration,
    /// The hub's processor time meanwhile.
    hub_cpu: Duration,
}

impl Measured {
    /// Nothing yet; gates are asked this often.
    pub(crate) fn asking_every(every: Duration) -> Self {
        Self {
            every,
            ..Self::default()
        }
    }

    /// The processor time that the hub took for all bars, heartbeats and reports included.
    pub(crate) fn hub_took(&mut self, cpu: Duration) {
        self.hub_cpu = cpu;
    }

    /// One bar.
    pub(crate) fn add(&mut self, receipt: Duration, refused: Vec<Duration>) {
        self.receipts.push(receipt);
        self.refused.push(refused);
    }

    /// How many bars.
    pub(crate) fn bars(&self) -> usize {
        self.refused.len()
    }

    /// Of each bar: until the last gate refused.
    fn everywhere(&self) -> Vec<Duration> {
        let last = |gates: &Vec<Duration>| gates.iter().max().copied().unwrap_or_default();
        self.refused.iter().map(last).collect()
    }

    /// Milliseconds until the last gate refused, of all bars but the slowest in a hundred.
    pub(crate) fn everywhere_p99_ms(&self) -> f64 {
        quantile(&self.everywhere(), 0.99)
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<Duration> = self.refused.iter().flatten().copied().collect();
        let rows = [
            ("the hub's receipt", &self.receipts),
            ("refused, each gate", &each),
            ("refused, every gate", &self.everywhere()),
        ];
        writeln!(
            f,
            "from the request's first byte, ms (each gate asked every {} ms):",
            self.every.as_millis()
        )?;
        write!(f, "{:<22}{:>9}{:>9}{:>9}", "", "p50", "p99", "worst")?;
        for (what, times) in rows {
            let [p50, p99, worst] = [0.5, 0.99, 1.0].map(|part| quantile(times, part));
            write!(f, "\n{what:<22}{p50:>9.1}{p99:>9.1}{worst:>9.1}")?;
        }
        let each_ms = self.hub_cpu.as_secs_f64() * 1e3 / self.bars().max(1) as f64;
        write!(
            f,
            "\nthe hub's processor time for each bar, all else that it did meanwhile included: {each_ms:.0} ms"
        )
    }
}

/// The smallest time in milliseconds that this part of all times does not exceed.
pub(crate) fn quantile(times: &[Duration], part: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
