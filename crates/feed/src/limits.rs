//! The named limits of the feed. The hub never publishes what a gate must reject, so both read them here.

/// What a gate accepts and the hub keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries that one gate's list may hold.
    pub entries: usize,
    /// Bytes of one line of the feed, signature included.
    pub line_bytes: usize,
    /// Entries and removals in one delta.
    pub delta_changes: usize,
    /// The highest serial: what both databases of a hub can count to.
    pub serial: u64,
    /// Fingerprint keys that one list may know: the one in force and earlier ones, under which bars are kept.
    pub fingerprint_keys: usize,
    /// Always-allowed numbers in one list.
    pub always_allowed: usize,
    /// Attempts in one sealed block.
    pub block_attempts: usize,
    /// Sealed blocks in one report.
    pub report_blocks: usize,
}

impl Limits {
    /// The limits in force.
    pub const DEFAULT: Self = Self {
        entries: 1_000_000,
        line_bytes: 256 * 1024 * 1024,
        delta_changes: 100_000,
        serial: i64::MAX as u64,
        fingerprint_keys: 16,
        always_allowed: 1_000,
        block_attempts: 1_000,
        report_blocks: 64,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
