//! The daily attestation of one prison: what the hub says of it, signed, and beside it what each gate signed
//! itself. An inspector who has read a gate's key off its own screen need not trust the hub for what the gate
//! holds. It names no bar and counts none.

use std::fmt;

use prison::PrisonId;
use serde::{Deserialize, Serialize};

use crate::ids::{GateId, Serial, Session};
use crate::list::ListHash;
use crate::message::{Acknowledgement, Regime};
use crate::signed::{Purpose, Signed};
use crate::{KeyFingerprint, SealingPublicKey, SignedError, VerifyingKey, public_key_from_hex};

/// Bytes of one attestation, its signature included.
pub const ATTESTATION_BYTES: usize = 256 * 1024;

/// Where one prison stood at one moment of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The day, UTC, as `2026-11-26`.
    pub date: String,
    /// The moment, in milliseconds since 1970 (UTC), by the hub's clock.
    pub at_ms: i64,
    /// The prison.
    pub prison: PrisonId,
    /// What becomes there of a number that is neither barred nor approved.
    pub regime: Regime,
    /// The session in which `serial` counts.
    pub session: Session,
    /// The newest change at that moment.
    pub serial: Serial,
    /// Whether every gate of the prison answered by it.
    pub covered: bool,
    /// Why not, as a code.
    pub why_not: Option<String>,
    /// Its gates; retired ones are not.
    pub gates: Vec<AttestedGate>,
}

impl Purpose for Attestation {
    const CONTEXT: &'static str = "upcs attestation v1";
}

/// One gate of the prison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestedGate {
    /// The gate.
    pub gate: GateId,
    /// Verifies what it signs; 64 hexadecimal digits.
    pub verifying_key: String,
    /// Its other key. The fingerprint of both is what the gate shows when it enrols.
    pub sealing_key: SealingPublicKey,
    /// How far it is admitted, as a code.
    pub state: String,
    /// What it acknowledged last.
    pub word: Option<GateWord>,
    /// What is stored of the calls that it was asked about.
    pub attempts: AttestedAttempts,
}

/// A gate's own word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateWord {
    /// When the hub received it, in milliseconds since 1970 (UTC).
    pub received_at_ms: i64,
    /// The serial that it acknowledged.
    pub serial: Serial,
    /// The hash of the list that it holds.
    pub hash: ListHash,
    /// The acknowledgement itself, as the gate signed it.
    pub signed: String,
}

/// What is stored of a gate's attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestedAttempts {
    /// The highest sequence.
    pub highest: u64,
    /// Sequences below it of which nothing is stored: at most so many attempts were lost or are on their way.
    pub missing: u64,
    /// Where, first and last; the newest of them.
    pub gaps: Vec<(u64, u64)>,
}

/// Why an attestation proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttestationError {
    /// Not the hub's.
    #[error("this is not an attestation that the hub with this key signed")]
    Hub(#[from] SignedError),
    /// A gate's own word is not there or not its own.
    #[error("gate {0} did not sign what the attestation shows as its word")]
    Gate(GateId),
    /// The hub says other than the gate.
    #[error("the hub says of gate {0} what the gate did not say: another gate, session, serial or list")]
    Contradicted(GateId),
    /// A gate's keys are not among those that were given.
    #[error("the keys of gate {0} have none of the fingerprints that were given")]
    StrangeKey(GateId),
    /// The hub says that the prison is covered, and what it shows does not bear it out.
    #[error("it says that {0} is covered, and its gates' words do not bear that out")]
    NotCovered(PrisonId),
}

/// Checks the hub's signature, every gate's own signature below it, and that the hub claims no more than the gates
/// said. With `fingerprints`, as they were read off the gates, each gate's keys must have one of them; without, the
/// hub is trusted for which keys are the gates'.
pub fn verify_attestation(
    line: &[u8],
    hub: &VerifyingKey,
    fingerprints: &[String],
) -> Result<Attestation, AttestationError> {
    let attestation = Signed::<Attestation>::parse_line(line, ATTESTATION_BYTES)?.verify(hub)?;
    for gate in attestation.gates.iter().filter(|gate| gate.counts()) {
        let key = public_key_from_hex(&gate.verifying_key).ok_or(AttestationError::Gate(gate.gate))?;
        let shown = KeyFingerprint::of_gate(&key, &gate.sealing_key);
        if !fingerprints.is_empty() && !fingerprints.iter().any(|read| shown.matches(read)) {
            return Err(AttestationError::StrangeKey(gate.gate));
        }
        if let Some(word) = &gate.word {
            check_word(&attestation, gate.gate, word, &key)?;
        }
    }
    if attestation.covered && !attestation.is_borne_out() {
        return Err(AttestationError::NotCovered(attestation.prison));
    }
    Ok(attestation)
}

fn check_word(
    attestation: &Attestation,
    gate: GateId,
    word: &GateWord,
    key: &VerifyingKey,
) -> Result<(), AttestationError> {
    let said = Signed::<Acknowledgement>::parse_line(word.signed.as_bytes(), ATTESTATION_BYTES)
        .and_then(|signed| signed.verify(key))
        .map_err(|_| AttestationError::Gate(gate))?;
    let fits = said.gate == gate
        && said.session == attestation.session
        && said.serial == word.serial
        && said.hash == word.hash;
    if fits {
        Ok(())
    } else {
        Err(AttestationError::Contradicted(gate))
    }
}

impl Attestation {
    /// Whether its gates' words bear out that the prison is covered.
    fn is_borne_out(&self) -> bool {
        let mut counted = self.gates.iter().filter(|gate| gate.counts()).peekable();
        counted.peek().is_some()
            && counted.all(|gate| {
                let reached = gate.word.as_ref().is_some_and(|word| word.serial >= self.serial);
                gate.state == AttestedGate::ADMITTED && reached
            })
    }
}

impl AttestedGate {
    /// The code of a gate that gets its list and is counted.
    pub const ADMITTED: &'static str = "admitted";
    /// The code of a gate that nobody has admitted yet: it holds no list, refuses every call and is not counted.
    pub const AWAITING: &'static str = "awaiting";

    fn counts(&self) -> bool {
        self.state != Self::AWAITING
    }
}

impl fmt::Display for Attestation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            prison, date, serial, ..
        } = self;
        match &self.why_not {
            None if self.covered => write!(f, "{prison} was covered on {date}, by change {serial}"),
            why => {
                let why = why.as_deref().unwrap_or("no reason given");
                write!(f, "{prison} was NOT covered on {date}, at change {serial}: {why}")
            }
        }
    }
}
