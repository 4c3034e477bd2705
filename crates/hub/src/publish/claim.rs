//! From whom a signed line says it comes.
//!
//! A claim only picks the key with which the line is then verified; nothing else is believed of it. The
//! payload that is verified holds the same bytes, so that a false claim ends in a bad signature.

use feed::GateId;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The gate that a line claims to be from.
pub(crate) fn claimed_gate(line: &[u8]) -> Option<GateId> {
    #[derive(Deserialize)]
    struct Claim {
        gate: GateId,
    }
    payload::<Claim>(line).map(|claim| claim.gate)
}

/// The public key, in hexadecimal, with which a line claims to be signed.
pub(crate) fn claimed_key(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Claim {
        verifying_key: String,
    }
    payload::<Claim>(line).map(|claim| claim.verifying_key)
}

/// A body without the line break that may end it.
pub(crate) fn one_line(body: &[u8]) -> &[u8] {
    body.strip_suffix(b"\n").unwrap_or(body)
}

fn payload<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let space = line.iter().position(|byte| *byte == b' ')?;
    serde_json::from_slice(&line[space + 1..]).ok()
}
