//! What was written on an envelope becomes a [`PostalAddress`]; how strongly two addresses agree, and why.
//!
//! ```text
//! WrittenAddress -> PostalAddress -> AddressList::find -> Match { verdict, best, score, reasons }
//! ```
//! [`WrittenAddress`] is the bounded text as typed. [`PostalAddress::parse`] reads it into numbers, part of the
//! building, street, place and postcode, two ways where it can be read two ways. [`AddressList`] indexes the barred
//! addresses; [`AddressList::find`] takes the few that could be meant and weighs each with [`compare`]. The verdict is
//! stop (sure), hold (a person looks) or pass. [`check_letters`] is the same for a file of letters. An address abroad is
//! compared word for word. [`names_on_envelope`] reads whom the letter is for. Weights stand in `data/weights.toml`, what
//! becomes of a letter case by case in `tests/data/cases.csv`.
//!
//! Nothing here reads a clock, a file or a socket, and no Debug or [`Reason`] shows an address.

mod abroad;
mod address;
mod alike;
mod compare;
mod door;
mod evidence;
mod identity;
mod index;
mod keys;
mod letters;
mod list;
mod names;
mod parse;
mod postcode;
mod premises;
mod reason;
mod roles;
mod street;
mod strip;
mod token;
mod vocabulary;
mod weights;
mod written;

pub use address::{PostalAddress, PrivilegedMarking};
pub use compare::{Comparison, LetterVerdict, compare};
pub use letters::{CheckedLetter, LetterRow, check_letters};
pub use list::{AddressList, Match};
pub use names::names_on_envelope;
pub use postcode::{Postcode, PostcodeAgreement};
pub use reason::Reason;
pub use weights::weights_version;
pub use written::{AddressError, MAX_ADDRESS_BYTES, MAX_LINES, MAX_POSTCODE_BYTES, WrittenAddress};
