//! A new gate's first word.

use data_encoding::HEXLOWER;
use feed::{EnrolmentAnswer, EnrolmentRequest, Signed, public_key_from_hex};

use super::claim::{claimed_key, one_line};
use super::{HANDSHAKE_LINE_BYTES, Publisher};
use crate::store::StoreError;

/// Why a gate is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// Not a signed request, or not signed with the key that it names.
    #[error("this is not a signed enrolment request")]
    Malformed,
    /// The code is unknown, used, too old or for another prison: all in the same words.
    #[error("the enrolment code is not good; ask the hub's operator for a new one")]
    NotGood,
    /// Try again.
    #[error("the hub cannot answer now; try again")]
    Unavailable,
}

impl Publisher {
    /// Enrols a gate: the code was given out for its prison, and the request is signed by the key that it
    /// names. The gate then awaits the comparison of key fingerprints. Returns the hub's signed line.
    pub async fn enrol(&self, body: &[u8]) -> Result<Vec<u8>, EnrolError> {
        let _turn = self
            .enrolments
            .acquire()
            .await
            .map_err(|_| EnrolError::Unavailable)?;
        let line = one_line(body);
        let signed = Signed::<EnrolmentRequest>::parse_line(line, HANDSHAKE_LINE_BYTES)
            .map_err(|_| EnrolError::Malformed)?;
        let key = claimed_key(line)
            .and_then(|hex| public_key_from_hex(&hex))
            .ok_or(EnrolError::Malformed)?;
        let request = signed.verify(&key).map_err(|_| EnrolError::Malformed)?;
        let secret = HEXLOWER
            .decode(request.secret.as_bytes())
            .map_err(|_| EnrolError::NotGood)?;
        let secret: [u8; 16] = secret.try_into().map_err(|_| EnrolError::NotGood)?;
        let gate = self
            .store
            .enrol_gate(request.prison, secret, key, request.sealing_key)
            .await
            .map_err(|error| match error {
                StoreError::Unavailable(_) => EnrolError::Unavailable,
                _ => EnrolError::NotGood,
            })?;
        let answer = EnrolmentAnswer {
            gate,
            prison: request.prison,
            hub_sealing_key: self.keys.sealing_key().public(),
            session: self.session,
            epoch: self.feed_session.epoch,
        };
        let signed =
            Signed::sign(&answer, self.keys.feed_signing_key()).map_err(|_| EnrolError::Unavailable)?;
        Ok(signed.to_line())
    }
}
