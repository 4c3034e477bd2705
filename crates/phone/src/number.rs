//! The canonical form of a number, kept where it cannot be printed by mistake.

use std::fmt;

use crate::uk;

/// The longest canonical form: `+` and fifteen digits.
const LONGEST_BYTES: usize = 16;

/// The shortest number abroad that is looked for in a longer one: `+` and seven digits.
const SHORTEST_ABROAD_BYTES: usize = 8;

/// One number in its one canonical form: E.164 with its plus sign (`+447700900123`), or the digits of a
/// short number (`116123`).
///
/// Its Debug shows nothing and it has no Display. Where the digits are needed, [`PhoneNumber::expose`] or
/// the serde module [`exposed`] says so for all to see.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber {
    text: [u8; LONGEST_BYTES],
    bytes: u8,
}

/// The text is not the canonical form of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a number in canonical form")]
pub struct NotCanonical;

impl PhoneNumber {
    /// Reads back exactly what [`PhoneNumber::expose`] gave. Only the shape is checked, so that a number once
    /// stored stays readable whatever becomes of the numbering plan.
    pub fn parse_canonical(text: &str) -> Result<Self, NotCanonical> {
        let number = match text.strip_prefix('+') {
            Some(digits) if (4..=15).contains(&digits.len()) && !digits.starts_with('0') => {
                Self::from_parts("+", digits.as_bytes())
            }
            None if (3..=6).contains(&text.len()) => Self::from_parts("", text.as_bytes()),
            _ => None,
        };
        number.ok_or(NotCanonical)
    }

    /// The canonical text. Never into a log, an error, a URL or a metric.
    pub fn expose(&self) -> &str {
        // Only ASCII is ever put in, and never more than there is room for.
        std::str::from_utf8(&self.text[..usize::from(self.bytes)]).unwrap_or_default()
    }

    /// The last three digits, for a page on which the whole number need not stand.
    pub fn masked(&self) -> String {
        let text = self.expose();
        format!("••• {}", &text[text.len().saturating_sub(3)..])
    }

    /// The shorter numbers that this one begins with, longest first. Whatever is dialled after a complete number
    /// reaches the same telephone, so a bar on the shorter one holds for this one too. Abroad, every beginning may be
    /// complete: lengths there are not known for certain. In the UK lengths are exact, but for ranges in which
    /// numbers of nine and of ten digits stand side by side. Nothing for short numbers.
    pub fn beginnings(&self) -> impl Iterator<Item = Self> + use<> {
        let number = *self;
        let bytes = usize::from(number.bytes);
        let shorter = match number.text.strip_prefix(b"+44") {
            Some(_) if uk::has_nine_digits(&number.text[3..bytes]) => bytes - 1..bytes,
            None if number.text[0] == b'+' => SHORTEST_ABROAD_BYTES..bytes,
            _ => 0..0,
        };
        shorter.rev().map(move |bytes| {
            let mut text = [0; LONGEST_BYTES];
            text[..bytes].copy_from_slice(&number.text[..bytes]);
            Self {
                text,
                bytes: bytes as u8,
            }
        })
    }

    /// Joins a sign and digits; `None` if they are too many or not digits.
    pub(crate) fn from_parts(sign: &str, digits: &[u8]) -> Option<Self> {
        let bytes = sign.len() + digits.len();
        if bytes > LONGEST_BYTES || digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut text = [0; LONGEST_BYTES];
        text[..sign.len()].copy_from_slice(sign.as_bytes());
        text[sign.len()..bytes].copy_from_slice(digits);
        Some(Self {
            text,
            bytes: bytes as u8,
        })
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(..)")
    }
}

/// For a field that must carry the digits: `#[serde(with = "phone::exposed")]`.
pub mod exposed {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::PhoneNumber;

    /// Writes the canonical text.
    pub fn serialize<S: Serializer>(number: &PhoneNumber, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(number.expose())
    }

    /// Reads the canonical text.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PhoneNumber, D::Error> {
        let text = String::deserialize(deserializer)?;
        PhoneNumber::parse_canonical(&text).map_err(D::Error::custom)
    }
}
