//! Whom a gate believes, and how it comes to believe another: by a certificate that two root keys signed.
//!
//! The hub's store has one session for its life. A store that was put back from an older copy counts its changes
//! anew from there, so it needs a new session; and a feed key that somebody may have taken needs another. Both are
//! a [`SessionCertificate`], whose epoch rises with each. The hub cannot make one: the keys are two people's.

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::cosigned::RootSigned;
use crate::ids::Session;
use crate::signed::{Purpose, public_key_from_hex, public_key_to_hex};

/// Says that from this epoch on the feed is this session's, signed with this key of the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionCertificate {
    /// Rises with every certificate; 0 is the session in which a hub began.
    pub epoch: u64,
    /// The session.
    pub session: Session,
    /// The hub's public feed key, 64 hexadecimal digits.
    pub hub_key: String,
}

impl SessionCertificate {
    /// For a hub with this key.
    pub fn new(epoch: u64, session: Session, hub_key: &VerifyingKey) -> Self {
        let hub_key = public_key_to_hex(hub_key);
        Self {
            epoch,
            session,
            hub_key,
        }
    }
}

impl Purpose for SessionCertificate {
    const CONTEXT: &'static str = "upcs session certificate v1";
}

impl RootSigned for SessionCertificate {
    const FILE_BYTES: usize = 1024;
}

/// Whose words a gate takes: those of one session, signed with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Believed {
    /// The hub's public feed key.
    pub hub_key: VerifyingKey,
    /// The session; no line of another one is read further.
    pub session: Session,
    /// The highest epoch that was ever believed.
    pub epoch: u64,
}

/// Why a certificate changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// It is no newer than what is believed.
    #[error("its epoch is not above the highest one seen")]
    OldEpoch,
    /// It names another session or key under the epoch that is believed: two hubs, or two certificates for one
    /// epoch.
    #[error("another session or key bears the epoch that is believed already")]
    Forked,
    /// It names no key.
    #[error("it names no key")]
    NoKey,
}

impl Believed {
    /// What is believed once a certificate, whose signatures fit, is taken; as before if it says the same.
    pub fn renewed(self, certificate: &SessionCertificate) -> Result<Self, NotBelieved> {
        let next = Self {
            hub_key: public_key_from_hex(&certificate.hub_key).ok_or(NotBelieved::NoKey)?,
            session: certificate.session,
            epoch: certificate.epoch,
        };
        match certificate.epoch.cmp(&self.epoch) {
            std::cmp::Ordering::Greater => Ok(next),
            std::cmp::Ordering::Equal if next == self => Ok(self),
            std::cmp::Ordering::Equal => Err(NotBelieved::Forked),
            std::cmp::Ordering::Less => Err(NotBelieved::OldEpoch),
        }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;

    fn key(n: u8) -> VerifyingKey {
        SigningKey::from_bytes(&[n; 32]).verifying_key()
    }

    fn certificate(epoch: u64, session: u8, hub: u8) -> SessionCertificate {
        SessionCertificate::new(epoch, Session::from_bytes([session; 16]), &key(hub))
    }

    #[test]
    fn only_a_higher_epoch_changes_what_is_believed() {
        let before = Believed {
            hub_key: key(1),
            session: Session::from_bytes([1; 16]),
            epoch: 5,
        };
        let table = [
            ("the next", certificate(6, 2, 1), Ok((6, 2))),
            ("far ahead", certificate(u64::MAX, 2, 1), Ok((u64::MAX, 2))),
            ("another key alone", certificate(6, 1, 2), Ok((6, 1))),
            ("the same again", certificate(5, 1, 1), Ok((5, 1))),
            ("another session", certificate(5, 2, 1), Err(NotBelieved::Forked)),
            ("another key", certificate(5, 1, 2), Err(NotBelieved::Forked)),
            ("an older epoch", certificate(4, 2, 1), Err(NotBelieved::OldEpoch)),
            (
                "the first epoch",
                certificate(0, 1, 1),
                Err(NotBelieved::OldEpoch),
            ),
        ];
        for (what, certificate, expected) in table {
            let expected = expected.map(|(epoch, session)| (epoch, Session::from_bytes([session; 16])));
            let renewed = before.renewed(&certificate);
            assert_eq!(renewed.map(|next| (next.epoch, next.session)), expected, "{what}");
        }
    }
}
