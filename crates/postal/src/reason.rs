//! The pieces of evidence about two addresses, each a sentence that names neither.

use serde::{Deserialize, Serialize};
use std::fmt;
use strum::VariantArray;

/// One piece of evidence. `Display` is plain English for a case handler and holds nothing of either address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, VariantArray)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The same whole postcode.
    PostcodeSame,
    /// Postcodes that differ in the order of two neighbouring characters.
    PostcodeSwapped,
    /// Postcodes one letter or digit apart.
    PostcodeOneEdit,
    /// Only the first half is written, and it agrees.
    PostcodeFirstHalf,
    /// Postcodes of the same neighbourhood (sector).
    PostcodeSector,
    /// Postcodes that share the first half and no more.
    PostcodeDistrict,
    /// A postcode is missing on one side.
    PostcodeMissing,
    /// Postcodes of different districts.
    PostcodeDifferent,
    /// The same house number.
    NumberSame,
    /// A house number inside the other's range.
    NumberInRange,
    /// House numbers equal once a misread character is put right.
    NumberMisread,
    /// One of several numbers agrees.
    NumberOneOfSeveral,
    /// A unit or flat number written as the house number.
    NumberIsUnit,
    /// A house number is missing on one side.
    NumberMissing,
    /// Different house numbers.
    NumberDifferent,
    /// The same flat, unit or floor.
    PartSame,
    /// A flat is named on one side only.
    PartMissing,
    /// Flats named in ways that cannot be compared: a letter and a number, a floor and a letter.
    PartUnclear,
    /// The envelope puts a letter behind the number (`10B`), the barred address none.
    PartLetterAdded,
    /// Different flats, units or floors.
    PartDifferent,
    /// The same street, of a rare name.
    StreetSameRare,
    /// The same street, of a name that many towns have.
    StreetSameCommon,
    /// The street's rare name, one slip apart.
    StreetSlipRare,
    /// The street's common name, one slip apart.
    StreetSlipCommon,
    /// The street's name, several slips apart.
    StreetSlips,
    /// Half of the letters of the street's name, in order.
    StreetPartly,
    /// The street is named, but the number belongs to another.
    StreetBeside,
    /// A street is missing on one side.
    StreetMissing,
    /// Different streets.
    StreetDifferent,
    /// One says road, the other lane.
    KindDifferent,
    /// One does not say what kind of street.
    KindMissing,
    /// The same name of house or building.
    NameSame,
    /// The name of house or building agrees in part.
    NamePartly,
    /// A house name on one side only.
    NameMissing,
    /// Different house names.
    NameDifferent,
    /// The same town or village.
    PlaceSame,
    /// Town or village agrees in part.
    PlacePartly,
    /// No town on one side.
    PlaceMissing,
    /// Different towns.
    PlaceDifferent,
    /// The same PO box or forces post office.
    BoxSame,
    /// Different boxes, or a box on one side only.
    BoxDifferent,
    /// Abroad, and the same word for word.
    AbroadSame,
    /// Abroad: the same numbers, and most letters of the words.
    AbroadNear,
    /// Abroad, and other numbers or words.
    AbroadDifferent,
}

impl Reason {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PostcodeSame => "same postcode",
            Self::PostcodeSwapped => "two neighbouring characters of the postcode have changed places",
            Self::PostcodeOneEdit => "postcode differs in one character",
            Self::PostcodeFirstHalf => "only the first half of the postcode is written, and it agrees",
            Self::PostcodeSector => "postcodes of the same neighbourhood",
            Self::PostcodeDistrict => "postcodes agree in the first half only",
            Self::PostcodeMissing => "no postcode on one side",
            Self::PostcodeDifferent => "postcodes of different districts",
            Self::NumberSame => "same house number",
            Self::NumberInRange => "house number inside the other's range",
            Self::NumberMisread => "same house number once a misread character is put right",
            Self::NumberOneOfSeveral => "one of several numbers agrees",
            Self::NumberIsUnit => "the flat or unit number is written as the house number",
            Self::NumberMissing => "house number on one side only",
            Self::NumberDifferent => "different house numbers",
            Self::PartSame => "same flat",
            Self::PartMissing => "flat on one side only",
            Self::PartUnclear => "flats named in ways that cannot be compared",
            Self::PartLetterAdded => "a letter behind the house number on the envelope alone",
            Self::PartDifferent => "different flats",
            Self::StreetSameRare => "same street, a rare name",
            Self::StreetSameCommon => "same street name, one that many towns have",
            Self::StreetSlipRare => "same street with one slip, a rare name",
            Self::StreetSlipCommon => "same street name with one slip, one that many towns have",
            Self::StreetSlips => "street name alike but for several slips",
            Self::StreetPartly => "street name alike in half of its letters",
            Self::StreetBeside => "street named, but the number stands by another",
            Self::StreetMissing => "no street on one side",
            Self::StreetDifferent => "different streets",
            Self::KindDifferent => "another kind of street (road, lane ...)",
            Self::KindMissing => "the kind of street is left out",
            Self::NameSame => "same house name",
            Self::NamePartly => "house name agrees in part",
            Self::NameMissing => "house name on one side only",
            Self::NameDifferent => "different house names",
            Self::PlaceSame => "same town or village",
            Self::PlacePartly => "town or village agrees in part",
            Self::PlaceMissing => "no town on one side",
            Self::PlaceDifferent => "different towns",
            Self::BoxSame => "same box number",
            Self::BoxDifferent => "different box numbers",
            Self::AbroadSame => "an address abroad, the same word for word",
            Self::AbroadNear => "an address abroad, with the same numbers and most letters of the words",
            Self::AbroadDifferent => "an address abroad, with other numbers or words",
        })
    }
}
