//! Sealing to a public key (HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305): whoever seals cannot
//! read back.

use std::fmt;

use data_encoding::HEXLOWER;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

type Suite = X25519HkdfSha256;

/// Bytes of the encapsulated key that precede the ciphertext.
const ENCAPSULATED_BYTES: usize = 32;

/// The seal could not be made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not a public or private X25519 key.
    #[error("this is not a sealing key")]
    BadKey,
    /// Sealed to another key or for another purpose, cut short or changed.
    #[error("the seal cannot be opened with this key for this purpose")]
    CannotOpen,
}

/// The secret half: opens what was sealed to its public half.
#[derive(Clone)]
pub struct SealingKey {
    secret: <Suite as Kem>::PrivateKey,
    public: SealingPublicKey,
}

impl SealingKey {
    /// Derives a pair from 32 secret random bytes.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let (secret, public) = Suite::derive_keypair(secret);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&public.to_bytes());
        Self {
            secret,
            public: SealingPublicKey(bytes),
        }
    }

    /// The half to give away.
    pub fn public(&self) -> SealingPublicKey {
        self.public
    }

    /// Opens what [`seal`] made for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        if sealed.len() < ENCAPSULATED_BYTES {
            return Err(SealError::CannotOpen);
        }
        let (encapsulated, ciphertext) = sealed.split_at(ENCAPSULATED_BYTES);
        let encapsulated =
            <Suite as Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| SealError::CannotOpen)?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
            &OpModeR::Base,
            &self.secret,
            &encapsulated,
            purpose.as_bytes(),
            ciphertext,
            b"",
        )
        .map_err(|_| SealError::CannotOpen)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(..)")
    }
}

/// The public half, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealingPublicKey([u8; 32]);

impl SealingPublicKey {
    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SealingPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingPublicKey({})", HEXLOWER.encode(&self.0))
    }
}

impl TryFrom<String> for SealingPublicKey {
    type Error = SealError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| SealError::BadKey)?;
        bytes.try_into().map(Self).map_err(|_| SealError::BadKey)
    }
}

impl From<SealingPublicKey> for String {
    fn from(key: SealingPublicKey) -> Self {
        HEXLOWER.encode(&key.0)
    }
}

/// Seals bytes to a public key for one purpose: 32 bytes of encapsulated key, then the ciphertext and its
/// 16-byte tag.
pub fn seal(
    to: &SealingPublicKey,
    purpose: &str,
    plain: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealError> {
    let public = <Suite as Kem>::PublicKey::from_bytes(&to.0).map_err(|_| SealError::BadKey)?;
    let (encapsulated, ciphertext) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &public,
        purpose.as_bytes(),
        plain,
        b"",
        random,
    )
    .map_err(|_| SealError::BadKey)?;
    let mut sealed = encapsulated.to_bytes().to_vec();
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}
