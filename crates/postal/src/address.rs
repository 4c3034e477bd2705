//! A [`PostalAddress`]: one address read into its parts, ready to be compared. Debug shows nothing of it.

use crate::abroad::Abroad;
use crate::parse;
use crate::postcode::Postcode;
use crate::premises::{HouseNumber, Part};
use crate::written::{AddressError, MAX_POSTCODE_BYTES, WrittenAddress};
use std::fmt;

/// A marking that claims confidential handling. It exempts nothing by itself: only the checked register of lawyers,
/// confidential-access bodies and embassies does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrivilegedMarking {
    /// Prison Rule 39, adults.
    Rule39,
    /// Rule 14 of the Young Offender Institution Rules.
    YoiRule14,
    /// "Confidential access".
    ConfidentialAccess,
}

/// One address in the United Kingdom, or marked as abroad: numbers, part of the building, street, place, postcode.
#[derive(Clone, PartialEq, Eq)]
pub struct PostalAddress {
    pub(crate) words: Vec<Word>,
    pub(crate) numbers: Vec<HouseNumber>,
    pub(crate) part: Part,
    /// What else the same characters may mean: `4/10A` is flat 4 at 10A or flat 10A at 4; see [`crate::token::Cut`].
    pub(crate) otherwise: Option<Box<Self>>,
    pub(crate) street: Option<Street>,
    pub(crate) postcode: Option<Postcode>,
    pub(crate) po_box: Option<String>,
    pub(crate) bfpo: Option<String>,
    pub(crate) marking: Option<PrivilegedMarking>,
    pub(crate) care_of: bool,
    /// The words as they stand, where there is no whole postcode of the United Kingdom.
    pub(crate) abroad: Option<Abroad>,
}

/// One word of an address with the part it plays.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// The text with characters that scanners confuse made one.
    pub(crate) key: String,
    pub(crate) role: Role,
    pub(crate) line: u8,
    /// The word follows a house number at once.
    pub(crate) after_number: bool,
    /// The word follows the number of a flat or unit at once.
    pub(crate) after_part: bool,
}

/// The part that a word plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Who the letter is for.
    Addressee,
    /// A house, a building, a firm; also anything before the number that is nothing else.
    Name,
    /// The street's own name.
    Street,
    /// What the street is: road, lane.
    Kind,
    /// Locality and town.
    Place,
    /// County or country: weighs nothing.
    County,
    /// `THE`, `AND`: weighs nothing.
    Article,
}

/// The street: its name as one key without blanks, and its kind if written.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Street {
    pub(crate) key: String,
    pub(crate) kind: Option<&'static str>,
    /// Name and kind as one key, where there is a kind.
    pub(crate) joined: Option<String>,
    /// The name follows the house number, so nothing is missing at its front.
    pub(crate) anchored: bool,
}

impl PostalAddress {
    /// Reads an address. A `postcode` given apart is tried first; without one the text is searched for it.
    ///
    /// # Errors
    /// [`AddressError`] when there is too little to tell one house from another.
    pub fn parse(written: &WrittenAddress, postcode: Option<&str>) -> Result<Self, AddressError> {
        if postcode.is_some_and(|text| text.len() > MAX_POSTCODE_BYTES) {
            return Err(AddressError::PostcodeTooLong);
        }
        let address = parse::parse(written.expose(), postcode);
        let house = address.has_house();
        let postcode = address.postcode.is_some();
        if !house && !postcode && !address.is_abroad() {
            return Err(AddressError::NoHouseAndNoPostcode);
        }
        let words = address.words.iter().any(|word| word.role != Role::Article);
        if (!house && !words) || (!postcode && !words && address.bfpo.is_none() && address.po_box.is_none()) {
            return Err(AddressError::TooLittle);
        }
        Ok(address)
    }

    /// The postcode, or the outcode alone, after repair.
    pub fn postcode(&self) -> Option<&Postcode> {
        self.postcode.as_ref()
    }

    /// Whether the envelope claims confidential handling, and which.
    pub fn privileged_marking(&self) -> Option<PrivilegedMarking> {
        self.marking
    }

    /// Whether the letter goes through somebody else (`c/o`).
    pub fn is_care_of(&self) -> bool {
        self.care_of
    }

    /// Whether the address is a PO box, which is normally refused.
    pub fn is_po_box(&self) -> bool {
        self.po_box.is_some()
    }

    /// Whether the address is a British Forces post office.
    pub fn is_bfpo(&self) -> bool {
        self.bfpo.is_some()
    }

    /// Whether the last line names a country outside the United Kingdom.
    pub fn is_abroad(&self) -> bool {
        self.abroad
            .as_ref()
            .is_some_and(|abroad| abroad.country.is_some())
    }

    /// The addressee's words as written, upper case, one blank between them; empty when none was recognised.
    /// Personal: never for a log.
    pub fn expose_addressee(&self) -> String {
        let words = self.words.iter().filter(|word| word.role == Role::Addressee);
        words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether anything says which house: a number, a part, a name, a box.
    fn has_house(&self) -> bool {
        !self.numbers.is_empty()
            || !self.part.is_empty()
            || self.po_box.is_some()
            || self.bfpo.is_some()
            || self.words.iter().any(|word| word.role == Role::Name)
    }

    /// Both ways to read it; one, if there is no doubt.
    pub(crate) fn readings(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.otherwise.as_deref())
    }

    pub(crate) fn words_of(&self, role: Role) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |word| word.role == role)
    }
}

impl fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostalAddress(..)")
    }
}
