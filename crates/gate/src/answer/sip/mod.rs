//! SIP as a redirect server speaks it (RFC 3261, sections 8.2.6, 8.2.7 and 21): one message in, one out.
//!
//! On a stream [`frame`] says where a message ends. [`Request::parse`] reads a request without copying it;
//! [`response`] writes the answer. Nothing is remembered between messages but that a call was recorded ([`super::seen`]): a retransmission gets the same
//! bytes again. Bytes only: no socket, no clock.

mod frame;
mod request;
pub(crate) mod response;
mod tag;
mod via;

pub use frame::{Frame, frame};
pub use request::{MAX_VIAS, Malformed, Method, Request};
pub use response::{Answer, respond};
pub use tag::Tag;

/// Bytes of a message that are read, body included, whichever way it comes; an INVITE with a session description
/// has about 1,500. A longer one is refused.
pub const MAX_DATAGRAM_BYTES: usize = 8 * 1024;
