//! The numbers that cannot be barred for the estate: helplines, ombudsmen, inspectorates, courts.
//!
//! A co-signed list flows in, the one that every gate has; one question flows out: is this number on it? A list
//! to begin with ships with the service and counts once two people have signed it.

use std::collections::HashSet;

use feed::{AlwaysAllowed, AlwaysAllowedDigest, AlwaysAllowedNumber};
use phone::PhoneNumber;

/// The list that the service ships with, each line with its source.
pub const BUILT_IN: &str = include_str!("../data/always_allowed.csv");

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AlwaysAllowedError {
    /// Not lines of `number,name` with anything after them.
    #[error("line {line} of the always-allowed list is not `number,name`")]
    Line {
        /// Counted from 1, the header included.
        line: usize,
    },
    /// The number on a line does not resolve. It is public, but it is not repeated.
    #[error("line {line} of the always-allowed list holds no number that resolves")]
    Number {
        /// Counted from 1, the header included.
        line: usize,
    },
}

/// The always-allowed numbers, ready to be asked.
#[derive(Clone, Debug)]
pub struct AlwaysAllowedNumbers {
    numbers: HashSet<PhoneNumber>,
    digest: AlwaysAllowedDigest,
}

impl AlwaysAllowedNumbers {
    /// The numbers of a verified list.
    pub fn of(list: &AlwaysAllowed) -> Self {
        Self {
            numbers: list.numbers.iter().map(|entry| entry.number).collect(),
            digest: list.digest(),
        }
    }

    /// Says which numbers it holds, to be compared with what gates answer from.
    pub fn digest(&self) -> AlwaysAllowedDigest {
        self.digest
    }

    /// Whether a number is on the list.
    pub fn contains(&self, number: &PhoneNumber) -> bool {
        self.numbers.contains(number)
    }
}

/// Reads `number,name` lines under a header; further columns, as the source, are for people.
pub fn read_csv(file: &[u8]) -> Result<Vec<AlwaysAllowedNumber>, AlwaysAllowedError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(file);
    let mut numbers = Vec::new();
    for row in reader.records() {
        let line = reader_line(&row, numbers.len());
        let row = row.map_err(|_| AlwaysAllowedError::Line { line })?;
        let (Some(number), Some(name)) = (row.get(0), row.get(1).filter(|name| !name.trim().is_empty()))
        else {
            return Err(AlwaysAllowedError::Line { line });
        };
        let resolved = phone::resolve(number, None).map_err(|_| AlwaysAllowedError::Number { line })?;
        numbers.push(AlwaysAllowedNumber {
            number: resolved.number,
            name: name.trim().to_owned(),
        });
    }
    Ok(numbers)
}

fn reader_line(row: &Result<csv::StringRecord, csv::Error>, read: usize) -> usize {
    let position = match row {
        Ok(row) => row.position().map(csv::Position::line),
        Err(error) => error.position().map(csv::Position::line),
    };
    position
        .and_then(|line| usize::try_from(line).ok())
        .unwrap_or(read + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_holds_the_helplines_that_everyone_may_dial() {
        let list = AlwaysAllowedNumbers::of(&AlwaysAllowed {
            version: 1,
            numbers: read_csv(BUILT_IN.as_bytes()).unwrap(),
        });
        for dialled in ["116 123", "0800 1111", "0800 555 111"] {
            let number = phone::resolve(dialled, None).unwrap().number;
            assert!(list.contains(&number), "{dialled}");
        }
        let somebody = phone::resolve("07700 900123", None).unwrap().number;
        assert!(!list.contains(&somebody));
    }

    #[test]
    fn a_bad_line_is_named_and_not_passed_over() {
        let file = b"number,name,source\n116123,Samaritans,x\nnonsense,Somebody,x\n";
        assert!(matches!(
            read_csv(file),
            Err(AlwaysAllowedError::Number { line: 3 })
        ));
        let file = b"number,name\n116123\n";
        assert!(matches!(
            read_csv(file),
            Err(AlwaysAllowedError::Line { line: 2 })
        ));
    }
}
