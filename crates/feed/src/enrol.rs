//! How a gate becomes known to the hub, and how it asks for its feed.
//!
//! Two people at the hub agree to a new gate: one asks for an [`EnrolmentCode`], good once, for one
//! prison, for an hour. The gate makes its own keys and sends their public halves with the code. A second
//! person compares the [`KeyFingerprint`] that the gate shows with the one that the hub shows; before that
//! the gate gets no list.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use ed25519_dalek::VerifyingKey;
use prison::PrisonId;
use serde::{Deserialize, Serialize};

use crate::ids::{Challenge, GateId, Serial, Session, StreamId};
use crate::seal::SealingPublicKey;
use crate::signed::Purpose;

/// What a person compares: 40 hexadecimal digits in groups of four, of a gate's two public keys or of the
/// hub's signature key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyFingerprint(String);

impl KeyFingerprint {
    /// Of a gate's two public keys.
    pub fn of_gate(verifying: &VerifyingKey, sealing: &SealingPublicKey) -> Self {
        Self::of(&[verifying.as_bytes(), sealing.as_bytes()])
    }

    /// Of the hub's signature key.
    pub fn of_hub(verifying: &VerifyingKey) -> Self {
        Self::of(&[verifying.as_bytes()])
    }

    fn of(keys: &[&[u8; 32]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("upcs key fingerprint v1");
        for key in keys {
            hasher.update(*key);
        }
        let hex = HEXLOWER.encode(&hasher.finalize().as_bytes()[..20]);
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        Self(groups.join(" "))
    }

    /// Whether a person typed this fingerprint; spacing and case do not matter.
    pub fn matches(&self, typed: &str) -> bool {
        let digits = |text: &str| -> String {
            text.chars()
                .filter(|c| !c.is_whitespace())
                .map(|c| c.to_ascii_lowercase())
                .collect()
        };
        digits(&self.0) == digits(typed)
    }
}

impl fmt::Display for KeyFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `LEI.CODE.HUBKEY`: 128 random bits for one prison, and the hub's public key, so that the gate knows
/// whom it believes from its first word.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// The one prison it is for.
    pub prison: PrisonId,
    /// The secret, 128 random bits.
    pub secret: [u8; 16],
    /// The hub's public signature key.
    pub hub: VerifyingKey,
}

impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = BASE32_NOPAD.encode(&self.secret);
        write!(
            f,
            "{}.{secret}.{}",
            self.prison,
            BASE32_NOPAD.encode(self.hub.as_bytes())
        )
    }
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolmentCode({}, ..)", self.prison)
    }
}

impl FromStr for EnrolmentCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "an enrolment code looks like LEI.CODE.KEY, as the hub printed it";
        let mut parts = text.trim().split('.');
        let (Some(prison), Some(secret), Some(hub), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SHAPE);
        };
        let secret = BASE32_NOPAD.decode(secret.as_bytes()).map_err(|_| SHAPE)?;
        let hub = BASE32_NOPAD.decode(hub.as_bytes()).map_err(|_| SHAPE)?;
        let hub: [u8; 32] = hub.try_into().map_err(|_| SHAPE)?;
        Ok(Self {
            prison: prison.parse().map_err(|_| SHAPE)?,
            secret: secret.try_into().map_err(|_| SHAPE)?,
            hub: VerifyingKey::from_bytes(&hub).map_err(|_| SHAPE)?,
        })
    }
}

/// A new gate's first word, signed by the key that it names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolmentRequest {
    /// The prison it stands in.
    pub prison: PrisonId,
    /// The code's secret, in hexadecimal.
    pub secret: String,
    /// Its public signature key, in hexadecimal.
    pub verifying_key: String,
    /// Its public sealing key.
    pub sealing_key: SealingPublicKey,
}

impl Purpose for EnrolmentRequest {
    const CONTEXT: &'static str = "upcs gate enrolment v1";
}

/// The hub's answer, signed by the hub: the gate is known and awaits the comparison of key fingerprints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentAnswer {
    /// The gate's identifier from now on.
    pub gate: GateId,
    /// The prison it is enrolled for.
    pub prison: PrisonId,
    /// The public key to which attempts are sealed.
    pub hub_sealing_key: SealingPublicKey,
    /// The session of the hub's store.
    pub session: Session,
    /// Its epoch: that of its certificate, or 0 if it never needed one.
    pub epoch: u64,
}

impl Purpose for EnrolmentAnswer {
    const CONTEXT: &'static str = "upcs enrolment answer v2";
}

/// A gate's request for its feed, over a challenge that the hub gave out a moment ago.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FollowRequest {
    /// The gate that asks.
    pub gate: GateId,
    /// The hub's challenge.
    pub challenge: Challenge,
    /// What every line of the stream must name: random, and never used before.
    pub stream: StreamId,
    /// Where the gate stands; `None` asks for a snapshot.
    pub from: Option<(Session, Serial)>,
}

impl Purpose for FollowRequest {
    const CONTEXT: &'static str = "upcs follow request v2";
}
