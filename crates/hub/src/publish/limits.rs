//! How long a line from a gate may be.

/// Bytes of an enrolment, a request for the feed or an acknowledgement.
pub const HANDSHAKE_LINE_BYTES: usize = 4 * 1024;

/// Bytes of a report of attempts: the blocks that one report may hold, full, sealed and in base64.
pub const REPORT_LINE_BYTES: usize = 32 * 1024 * 1024;
