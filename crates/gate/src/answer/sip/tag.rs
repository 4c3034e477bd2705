//! The names by which a request is known again: the tag of its answer's To, and its own.

use super::request::Request;

/// A keyed hash of what is the same for a retransmission and for no other request: Call-ID, From, CSeq and the top
/// Via. What was dialled is not in it, nor is the verdict.
pub struct Tag([u8; 32]);

/// Bytes of the hash that stand in an answer.
const SHOWN_BYTES: usize = 8;
const SHOWN_DIGITS: usize = 2 * SHOWN_BYTES;
/// Bytes of the hash, other ones, that go into a request's own name.
const NAMED_BYTES: usize = 16;

impl Tag {
    /// The tag of a request's answer.
    pub fn of(request: &Request<'_>, key: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_keyed(key);
        for part in [request.call_id, request.from, request.cseq, request.via] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// As it stands in the answer: hexadecimal digits.
    pub(super) fn digits(&self) -> [u8; SHOWN_DIGITS] {
        let mut digits = [0; SHOWN_DIGITS];
        data_encoding::HEXLOWER.encode_mut(&self.0[..SHOWN_BYTES], &mut digits);
        digits
    }

    /// Names the request: the same for a retransmission, and for nothing else that is dialled.
    pub(crate) fn name_of(&self, request: &Request<'_>, key: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(key);
        hasher.update(&self.0[32 - NAMED_BYTES..]).update(request.uri);
        *hasher.finalize().as_bytes()
    }
}
