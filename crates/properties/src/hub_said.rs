//! What comes over the feed, and what goes back: lines, messages, blocks of attempts.

use std::fmt::Debug;

use feed::{
    Attempt, AttemptReport, GateId, Limits, Message, SealedBlock, SealingKey, Signed, SignedError,
    VerifyingKey, public_key_from_hex,
};
use gate::list::BarList;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A public key whose secret half nobody has kept: the one of RFC 8032, 7.1, test 1.
const HUB: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// A line of the feed: what is not signed by the hub is not believed, whatever it says.
pub(crate) fn feed_line(bytes: &[u8]) {
    let limit = Limits::DEFAULT.line_bytes.min(1 << 16);
    match Signed::<Message>::parse_line(bytes, limit) {
        Ok(signed) => {
            let again = Signed::<Message>::parse_line(&signed.to_line(), limit);
            assert!(again.is_ok_and(|again| again == signed), "a line reads back");
            let believed = hub().map(|hub| signed.verify(&hub));
            assert_eq!(believed, Some(Err(SignedError::BadSignature)));
        }
        Err(SignedError::TooLong { .. }) => assert!(bytes.len() > limit),
        Err(error) => assert_eq!(error, SignedError::Malformed),
    }
    message(bytes);
}

fn hub() -> Option<VerifyingKey> {
    public_key_from_hex(HUB)
}

/// A message, had it been signed: it is applied whole or not at all, and its key cannot be opened by another gate.
fn message(bytes: &[u8]) {
    let Some(message) = reads_back::<Message>(bytes) else {
        return;
    };
    let gate = GateId::from_bytes([1; 16]);
    let Ok(prison) = "LEI".parse() else {
        return;
    };
    let applied = BarList::apply(None, &message, gate, prison, &sealing());
    assert!(
        applied.is_err(),
        "a list is made from a key that was sealed to this gate"
    );
}

fn sealing() -> SealingKey {
    SealingKey::from_secret(&[3; 32])
}

/// Blocks of attempts: as they are reported, as they are when open, and sealed.
pub(crate) fn block(bytes: &[u8]) {
    reads_back::<Vec<Attempt>>(bytes);
    reads_back::<SealedBlock>(bytes);
    reads_back::<AttemptReport>(bytes);
    let opened = sealing().open(Attempt::SEAL_PURPOSE, bytes);
    assert!(opened.is_err(), "nobody sealed this");
}

/// Reads JSON; what is read can be written and reads back as the same.
fn reads_back<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(bytes).ok()?;
    let written = serde_json::to_vec(&value);
    let again = written
        .ok()
        .and_then(|written| serde_json::from_slice(&written).ok());
    assert_eq!(again.as_ref(), Some(&value), "what is written reads back");
    Some(value)
}
