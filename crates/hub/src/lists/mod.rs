//! Files that a prison or the prison service already keeps, read row by row: approved lists, no-contact lists and
//! the roster.
//!
//! ```text
//! a file -> read -> rows, each read or with the reason why not -> store (staged) -> two people -> carry_on
//! a no-contact list -> read -> rows ................................ -> store (staged) -----> carry_on -> bars
//! ```
//! A row that cannot be read is reported by its number and a code, never by what stands in it, and stops no other.
//! What the report of an approved list says derives from the file, the roster and the list as the prison sees it; no bar
//! shows in it. The report of a no-contact list tells of bars and entries, and is for case handlers alone.

mod carry_on;
mod no_contact;
mod read;
mod roster;

use casework::Personal;
use feed::ContactKind;
use phone::PhoneNumber;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};

pub(crate) use carry_on::TURN_OF_OTHERS;
pub use carry_on::{carry_on, finish, let_others_in, settle};
pub(crate) use no_contact::row_key;
pub use no_contact::{
    Gap, ListOrigin, NoContactFileProblem, NoContactLimits, NoContactRow, ReadRow, TakeOver, read_no_contact,
};
pub use read::{ListFormat, read_list};
pub use roster::{RosterFormat, RosterLimits, RosterLine, RosterReader, RosterStopped};

/// The named limits of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// Rows of one file.
    pub rows: u64,
    /// Bytes of one file.
    pub bytes: usize,
    /// Characters of a name, with the relationship beside it.
    pub name_chars: usize,
    /// Rows that one transaction stages.
    pub batch_rows: usize,
    /// Rows that one transaction takes over. Fewer, because each is screened and told to gates while a bar waits.
    pub taken_at_once: usize,
}

impl FileLimits {
    /// The limits in force. A prison of 1,000 has at most 35,000 rows.
    pub const DEFAULT: Self = Self {
        rows: 500_000,
        bytes: 256 * 1024 * 1024,
        name_chars: 200,
        batch_rows: 250,
        taken_at_once: 50,
    };
}

/// One row of an approved list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// On whose list it stands.
    pub holder: PrisonerNumber,
    /// The number.
    pub number: PhoneNumber,
    /// What kind of contact it is.
    pub contact: ContactKind,
    /// Whose number it is, with the relationship where the file gives one.
    pub name: Personal,
}

/// Why a row is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowProblem {
    /// It is not a row of this format.
    Unreadable,
    /// The prison number is not one.
    Holder,
    /// The number does not resolve.
    Number,
    /// There is no name, or it is too long.
    Name,
    /// It is neither social, official nor legal.
    Kind,
    /// The supplier's record says that it may not be called.
    NotAllowed,
    /// The same prisoner and number came before in this file.
    Twice,
    /// Nobody on record has this prison number.
    UnknownPrisoner,
    /// This prison does not hold him.
    NotHeldHere,
    /// The line is longer than a row may be.
    TooLong,
}

impl RowProblem {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Unreadable,
        Self::Holder,
        Self::Number,
        Self::Name,
        Self::Kind,
        Self::NotAllowed,
        Self::Twice,
        Self::UnknownPrisoner,
        Self::NotHeldHere,
        Self::TooLong,
    ];

    /// Its code, as `not-held-here`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Holder => "holder",
            Self::Number => "number",
            Self::Name => "name",
            Self::Kind => "kind",
            Self::NotAllowed => "not-allowed",
            Self::Twice => "twice",
            Self::UnknownPrisoner => "unknown-prisoner",
            Self::NotHeldHere => "not-held-here",
            Self::TooLong => "too-long",
        }
    }

    /// Of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.code() == code)
    }

    /// Whether the row may name an entry that is on the list: what it leaves out cannot be told then.
    pub const fn hides_an_entry(self) -> bool {
        matches!(
            self,
            Self::Unreadable | Self::Holder | Self::Number | Self::TooLong
        )
    }
}

/// One row and what was read of it. Rows count from 1, without the header.
pub type Numbered<T> = (u64, Result<T, RowProblem>);

/// The file as a whole cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// It does not begin with the columns of this format.
    #[error("the first line must name the columns {0}")]
    Columns(&'static str),
    /// More bytes or rows than a file may have.
    #[error("the file is larger than one file may be; split it")]
    TooLarge,
}

/// The hash by which people speak of a file: SHA-256 in hexadecimal, as `sha256sum` prints it.
pub fn file_hash(bytes: &[u8]) -> String {
    use sha2::Digest;
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes))
}

fn within_limits<T>(bytes: &[u8], rows: &[T]) -> Result<(), FileProblem> {
    if bytes.len() > FileLimits::DEFAULT.bytes || rows.len() as u64 > FileLimits::DEFAULT.rows {
        Err(FileProblem::TooLarge)
    } else {
        Ok(())
    }
}

/// The rows of a table with commas, each with its fields by the names of the columns asked for; a column that the
/// table lacks is empty. Rows that are not text are `None`.
fn table<const N: usize>(
    bytes: &[u8],
    wanted: [&str; N],
    needed: &'static str,
) -> Result<Vec<Option<[String; N]>>, FileProblem> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let header = reader
        .headers()
        .cloned()
        .map_err(|_| FileProblem::Columns(needed))?;
    let place = |name: &str| header.iter().position(|known| known.eq_ignore_ascii_case(name));
    if !needed.split(',').all(|name| place(name).is_some()) {
        return Err(FileProblem::Columns(needed));
    }
    let places = wanted.map(place);
    let fields = |row: csv::StringRecord| {
        places.map(|place| place.and_then(|at| row.get(at)).unwrap_or_default().to_owned())
    };
    Ok(reader.records().map(|row| row.ok().map(fields)).collect())
}
