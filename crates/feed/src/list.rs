//! What a gate's list is made of, and the hash that says which list is held.

use std::fmt;

use data_encoding::HEXLOWER;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::ids::{BarId, EntryId, ParseIdError};

/// One line of a gate's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// Nobody within `scope` may dial the number while this bar stands.
    Bar {
        /// The bar; several bars may name one number, and it is refused while any of them does.
        bar: BarId,
        /// The barred number.
        number: Fingerprint,
        /// Whose calls are refused.
        scope: Scope,
    },
    /// `holder` may dial the number.
    Approved {
        /// The entry; once revoked, this identifier is never honoured again.
        entry: EntryId,
        /// The approved number.
        number: Fingerprint,
        /// The prisoner on whose list it stands.
        holder: PrisonerNumber,
        /// Whether it is a social, official or legal contact.
        contact: ContactKind,
    },
}

/// Another line of a list: one bar does not meet one prisoner. It names the bar and not the number, so that any other
/// bar on the number meets him as before, and it helps no other caller. On whose authority a gate takes it is said
/// beside it, in [`Excepting`](crate::Excepting).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The exception; once revoked, this identifier is never honoured again.
    pub entry: EntryId,
    /// The bar.
    pub bar: BarId,
    /// The prisoner whom it does not meet.
    pub prisoner: PrisonerNumber,
}

/// Whose calls a bar refuses. A caller who is not exactly one known prisoner meets every bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Every caller in the estate.
    Everyone,
    /// One prisoner, wherever he is.
    Prisoner(PrisonerNumber),
}

/// What kind of contact an approved entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactKind {
    /// Family and friends.
    Social,
    /// Agencies.
    Official,
    /// A legal adviser, from a register; calls to it are never recorded as attempts.
    Legal,
}

/// What the hash of a list covers: each [`Entry`] and each [`Exception`] of it.
pub trait Listed {
    /// Hands every field to the hasher, after a word that no other kind of line begins with.
    fn hash_into(&self, hasher: &mut blake3::Hasher);
}

/// Says which entries a list holds, whatever their order: the lane-wise wrapping sum of the entries'
/// BLAKE3 hashes. Adding and removing one entry costs one hash, so a hub with thousands of gates can
/// expect each gate's hash without building its list anew. It detects a list that went wrong; against a
/// forger stands the gate's signature.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ListHash([u64; 4]);

impl ListHash {
    /// Of a list with nothing on it.
    pub const EMPTY: Self = Self([0; 4]);

    /// Counts an entry in.
    pub fn add(&mut self, entry: &impl Listed) {
        let lanes = lanes(entry);
        self.0
            .iter_mut()
            .zip(lanes)
            .for_each(|(sum, lane)| *sum = sum.wrapping_add(lane));
    }

    /// Counts an entry out that had been counted in.
    pub fn remove(&mut self, entry: &impl Listed) {
        let lanes = lanes(entry);
        self.0
            .iter_mut()
            .zip(lanes)
            .for_each(|(sum, lane)| *sum = sum.wrapping_sub(lane));
    }

    /// The hash of these entries.
    pub fn of<'a, L: Listed + 'a>(entries: impl IntoIterator<Item = &'a L>) -> Self {
        let mut hash = Self::EMPTY;
        entries.into_iter().for_each(|entry| hash.add(entry));
        hash
    }
}

impl Listed for Entry {
    fn hash_into(&self, hasher: &mut blake3::Hasher) {
        match self {
            Self::Bar { bar, number, scope } => {
                hasher
                    .update(b"bar")
                    .update(bar.as_bytes())
                    .update(number.as_bytes());
                if let Scope::Prisoner(prisoner) = scope {
                    hasher.update(prisoner.as_str().as_bytes());
                }
            }
            Self::Approved {
                entry,
                number,
                holder,
                contact,
            } => {
                hasher
                    .update(b"app")
                    .update(entry.as_bytes())
                    .update(number.as_bytes());
                hasher
                    .update(holder.as_str().as_bytes())
                    .update(&[*contact as u8]);
            }
        }
    }
}

impl Listed for Exception {
    fn hash_into(&self, hasher: &mut blake3::Hasher) {
        hasher
            .update(b"exc")
            .update(self.entry.as_bytes())
            .update(self.bar.as_bytes())
            .update(self.prisoner.as_str().as_bytes());
    }
}

fn lanes(entry: &impl Listed) -> [u64; 4] {
    let mut hasher = blake3::Hasher::new_derive_key("upcs list entry v1");
    entry.hash_into(&mut hasher);
    let digest = hasher.finalize();
    let mut lanes = [0; 4];
    for (lane, bytes) in lanes.iter_mut().zip(digest.as_bytes().chunks_exact(8)) {
        *lane = bytes
            .iter()
            .rev()
            .fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
    lanes
}

impl fmt::Display for ListHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<u8> = self.0.iter().flat_map(|lane| lane.to_be_bytes()).collect();
        f.write_str(&HEXLOWER.encode(&bytes))
    }
}

impl fmt::Debug for ListHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ListHash({self})")
    }
}

impl TryFrom<String> for ListHash {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| ParseIdError)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| ParseIdError)?;
        let mut lanes = [0; 4];
        for (lane, bytes) in lanes.iter_mut().zip(bytes.chunks_exact(8)) {
            *lane = bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        Ok(Self(lanes))
    }
}

impl From<ListHash> for String {
    fn from(hash: ListHash) -> Self {
        hash.to_string()
    }
}
