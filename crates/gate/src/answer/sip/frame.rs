//! Where one message ends and the next begins on a stream (RFC 3261, section 18.3): a header up to its empty line,
//! and behind it as many bytes as its one `Content-Length` says.

use super::MAX_DATAGRAM_BYTES;
use super::request::body_bytes;

/// What stands at the beginning of the bytes that have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Not yet a whole message.
    Partial,
    /// CR LF between messages: a sender that keeps the connection alive.
    Blank,
    /// A message of so many bytes.
    Whole(usize),
    /// It cannot be known where this message ends, or it is too long: nothing behind it can be read.
    Lost,
}

/// Finds the first message in the bytes that have come.
pub fn frame(bytes: &[u8]) -> Frame {
    match bytes {
        [b'\r', b'\n', ..] => return Frame::Blank,
        [] | [b'\r'] => return Frame::Partial,
        _ => {}
    }
    let looked_at = &bytes[..bytes.len().min(MAX_DATAGRAM_BYTES)];
    let Some(end) = memchr::memmem::find(looked_at, b"\r\n\r\n") else {
        return if bytes.len() < MAX_DATAGRAM_BYTES {
            Frame::Partial
        } else {
            Frame::Lost
        };
    };
    let header = end + 4;
    match body_bytes(&bytes[..header]).and_then(|body| header.checked_add(body)) {
        Some(length) if length > MAX_DATAGRAM_BYTES => Frame::Lost,
        Some(length) if length <= bytes.len() => Frame::Whole(length),
        Some(_) => Frame::Partial,
        None => Frame::Lost,
    }
}
