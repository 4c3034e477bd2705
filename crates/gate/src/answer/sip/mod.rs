//! SIP as a redirect server speaks it (RFC 3261, sections 8.2.6, 8.2.7 and 21): one datagram in, one out.
//!
//! [`Request::parse`] reads a request without copying it; [`response`] writes the answer. Nothing is
//! remembered between datagrams but that a call was recorded ([`super::seen`]): a retransmission gets the same
//! bytes again. Bytes only: no socket, no clock.

mod request;
pub(crate) mod response;
mod via;

pub use request::{MAX_VIAS, Malformed, Method, Request};
pub use response::{Answer, respond};

/// Bytes of a datagram that are read; an INVITE with a session description has about 1,500. A longer one is
/// refused.
pub const MAX_DATAGRAM_BYTES: usize = 8 * 1024;
