//! What was typed or read off an envelope, before anything is made of it, and why an address could not be used.
//!
//! Free text flows in, bounded; [`WrittenAddress`] flows out. It prints nothing of itself: an address is personal.

use std::fmt;

/// The longest address that is read, in bytes of UTF-8.
pub const MAX_ADDRESS_BYTES: usize = 500;
/// The most lines that an address may have, blank ones not counted.
pub const MAX_LINES: usize = 12;
/// The longest text that is taken for a postcode, in bytes; more is an error, not a guess.
pub const MAX_POSTCODE_BYTES: usize = 16;

/// An address as somebody typed it: up to [`MAX_LINES`] lines, [`MAX_ADDRESS_BYTES`] bytes. Debug shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenAddress(String);

impl WrittenAddress {
    /// Takes the text as typed, lines separated by line breaks (commas may stand for them).
    ///
    /// # Errors
    /// [`AddressError::Empty`], [`AddressError::TooLong`] or [`AddressError::TooManyLines`].
    pub fn new(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(AddressError::TooLong);
        }
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        match lines {
            0 => Err(AddressError::Empty),
            n if n > MAX_LINES => Err(AddressError::TooManyLines),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// Takes the lines of a form one by one; blank lines are left out.
    ///
    /// # Errors
    /// As [`WrittenAddress::new`].
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, AddressError> {
        let kept: Vec<&str> = lines.into_iter().filter(|line| !line.trim().is_empty()).collect();
        Self::new(&kept.join("\n"))
    }

    /// The text itself, for the page of someone who may see it or for a sealed column. Never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WrittenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrittenAddress(..)")
    }
}

/// Why an address cannot be used, said so that whoever typed it can put it right. Holds nothing of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Nothing but blanks.
    #[error("the address is empty: write at least a house number or name, and the street or the postcode")]
    Empty,
    /// More than [`MAX_ADDRESS_BYTES`].
    #[error(
        "the address is longer than {MAX_ADDRESS_BYTES} bytes: leave out what is not part of the address"
    )]
    TooLong,
    /// More than [`MAX_LINES`].
    #[error("the address has more than {MAX_LINES} lines: leave out what is not part of the address")]
    TooManyLines,
    /// The postcode field holds more than a postcode.
    #[error("the postcode is longer than {MAX_POSTCODE_BYTES} bytes: write only the postcode there")]
    PostcodeTooLong,
    /// A street or a town alone, which would match every house in it.
    #[error("no house and no postcode: add the house number or name, or the postcode")]
    NoHouseAndNoPostcode,
    /// A postcode or a number alone.
    #[error("only a postcode or only a number: add the house number or name and the street")]
    TooLittle,
}
