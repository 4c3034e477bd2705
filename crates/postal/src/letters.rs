//! A file of letters against a list: one answer for each row, in order, whatever the row holds.

use crate::address::PostalAddress;
use crate::compare::LetterVerdict;
use crate::list::{AddressList, Match};
use crate::written::{AddressError, WrittenAddress};
use std::fmt;

/// One row: an id, the address as one text, and its postcode if it stands apart.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// The caller's id, given back.
    pub id: String,
    /// The address as typed.
    pub address: String,
    /// The postcode, or empty.
    pub postcode: String,
}

/// The answer for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedLetter {
    /// The row's id.
    pub id: String,
    /// Stop, hold or pass, with the best candidate. An address that cannot be read is held.
    pub found: Match<String>,
    /// Why the address could not be read, if so.
    pub unread: Option<AddressError>,
}

impl fmt::Debug for LetterRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LetterRow(..)")
    }
}

impl LetterRow {
    /// Reads the row's address.
    ///
    /// # Errors
    /// [`AddressError`] as [`PostalAddress::parse`].
    pub fn read(&self) -> Result<PostalAddress, AddressError> {
        let written = WrittenAddress::new(&self.address)?;
        let postcode = self.postcode.trim();
        PostalAddress::parse(&written, (!postcode.is_empty()).then_some(postcode))
    }
}

/// Answers every row in order.
pub fn check_letters<'a>(
    barred: &'a AddressList<String>,
    letters: impl IntoIterator<Item = LetterRow> + 'a,
) -> impl Iterator<Item = CheckedLetter> + 'a {
    letters.into_iter().map(|row| match row.read() {
        Ok(address) => CheckedLetter {
            id: row.id,
            found: barred.find(&address),
            unread: None,
        },
        Err(error) => {
            let found = Match {
                verdict: LetterVerdict::Hold,
                best: None,
                score: None,
                reasons: Vec::new(),
                near: false,
            };
            CheckedLetter {
                id: row.id,
                found,
                unread: Some(error),
            }
        }
    })
}
