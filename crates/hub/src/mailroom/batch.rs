//! Files of letters: a table of senders and addresses in, the same rows with post or shelf out.
//!
//! In: the columns `prison_number` and `address`, and `reference` and `postcode` where there are any. Out: `row`,
//! `reference`, `answer`, `code`. A row that cannot be checked is answered by its line, with the reason as its answer.

use casework::{Personal, WrittenAddress};
use csv::StringRecord;

use crate::store::{AskedLetter, BATCH_ROWS, BatchLine, NewBatchRow, RowAnswer};

/// Characters of an address; what is longer is not an address.
pub(crate) const ADDRESS_CHARS: usize = 500;
/// Characters of what a mailroom calls a row.
const REFERENCE_CHARS: usize = 100;
const COLUMNS: [&str; 4] = ["reference", "prison_number", "address", "postcode"];

/// Why nothing of a file was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileUnread {
    /// The first line does not name the columns.
    #[error(
        "the first line must name the columns prison_number and address, and no others than reference and postcode"
    )]
    Columns,
    /// It holds no letter.
    #[error("the file holds no letter")]
    Empty,
    /// It holds more rows than are taken at a time.
    #[error("the file holds more than {BATCH_ROWS} letters")]
    TooManyRows,
}

/// The rows of a file.
///
/// # Errors
/// [`FileUnread`] when nothing can be taken in; what is wrong with one row is that row's answer.
pub fn read_letters_csv(bytes: &[u8]) -> Result<Vec<NewBatchRow>, FileUnread> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(|_| FileUnread::Columns)?.clone();
    let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    let known = names.iter().all(|name| COLUMNS.contains(&name.as_str()));
    let place = |name: &str| names.iter().position(|named| named == name);
    let (Some(_), Some(_), true) = (place("prison_number"), place("address"), known) else {
        return Err(FileUnread::Columns);
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        if rows.len() == BATCH_ROWS {
            return Err(FileUnread::TooManyRows);
        }
        rows.push(match record {
            Ok(record) => row(&record, &place, names.len()),
            Err(_) => left(Personal::default(), RowAnswer::NoRow),
        });
    }
    if rows.is_empty() {
        Err(FileUnread::Empty)
    } else {
        Ok(rows)
    }
}

fn row(record: &StringRecord, place: &impl Fn(&str) -> Option<usize>, columns: usize) -> NewBatchRow {
    let cell = |name: &str| {
        place(name)
            .and_then(|place| record.get(place))
            .unwrap_or_default()
            .trim()
    };
    let reference = cell("reference");
    if reference.chars().count() > REFERENCE_CHARS {
        return left(Personal::default(), RowAnswer::TooLong);
    }
    let reference = Personal::new(reference);
    if record.len() != columns {
        return left(reference, RowAnswer::NoRow);
    }
    let (address, postcode) = (cell("address"), cell("postcode"));
    let Ok(sender) = cell("prison_number").to_uppercase().parse() else {
        return left(reference, RowAnswer::NoPrisonNumber);
    };
    if address.is_empty() {
        return left(reference, RowAnswer::NoAddress);
    }
    if address.chars().count() + postcode.chars().count() > ADDRESS_CHARS {
        return left(reference, RowAnswer::TooLong);
    }
    let written = WrittenAddress {
        lines: address.into(),
        postcode: (!postcode.is_empty()).then(|| postcode.into()),
    };
    NewBatchRow {
        reference,
        asked: Ok(AskedLetter { sender, written }),
    }
}

fn left(reference: Personal, answer: RowAnswer) -> NewBatchRow {
    NewBatchRow {
        reference,
        asked: Err(answer),
    }
}

/// The answers as a table; a row that waits has none yet.
pub fn answers_csv(lines: &[BatchLine]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["row", "reference", "answer", "code"].map(str::to_owned);
    let rows = lines.iter().map(|line| {
        let answer = line.answer.as_ref();
        let word = answer.map_or("", |answer| answer.answer.as_str()).to_owned();
        let code = answer.and_then(|answer| answer.code.clone()).unwrap_or_default();
        [line.row.to_string(), as_text(line.reference.expose()), word, code]
    });
    for row in std::iter::once(header).chain(rows) {
        // Unwrap safety: a vector takes whatever is written to it, and every row has four columns.
        writer
            .write_record(&row)
            .expect("a vector takes a row of four columns");
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that a spreadsheet takes for text: one that begins like a formula gets an apostrophe before it.
fn as_text(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(file: &str) -> Vec<Option<RowAnswer>> {
        let rows = read_letters_csv(file.as_bytes()).unwrap();
        rows.into_iter().map(|row| row.asked.err()).collect()
    }

    #[test]
    fn a_row_that_cannot_be_checked_is_answered_by_its_line_and_the_others_are_read() {
        let long = "x".repeat(ADDRESS_CHARS + 1);
        let file = format!(
            "Reference,prison_number,address,postcode\n1,a1234bc,\"1 Invented Row\nNowhereby\",ZZ9 9ZZ\n\
             2,nobody,1 Invented Row,\n3,A1234BC,,\n4,A1234BC,{long},\n5,A1234BC\n6,unknown,1 Invented Row,\n"
        );
        let expected = [
            None,
            Some(RowAnswer::NoPrisonNumber),
            Some(RowAnswer::NoAddress),
            Some(RowAnswer::TooLong),
            Some(RowAnswer::NoRow),
            // A file names each sender.
            Some(RowAnswer::NoPrisonNumber),
        ];
        assert_eq!(answers(&file), expected);
    }

    #[test]
    fn a_file_without_its_columns_or_with_too_many_rows_is_not_taken_in() {
        let rows = |count: usize| {
            format!(
                "prison_number,address\n{}",
                "A1234BC,1 Invented Row\n".repeat(count)
            )
        };
        let unread = |file: &str| read_letters_csv(file.as_bytes()).map(|rows| rows.len());
        assert_eq!(unread(""), Err(FileUnread::Columns));
        assert_eq!(unread("address\n1 Invented Row\n"), Err(FileUnread::Columns));
        assert_eq!(unread("prison_number,address,name\n"), Err(FileUnread::Columns));
        assert_eq!(unread("\u{feff}prison_number,address\n"), Err(FileUnread::Empty));
        assert_eq!(unread(&rows(BATCH_ROWS)), Ok(BATCH_ROWS));
        assert_eq!(unread(&rows(BATCH_ROWS + 1)), Err(FileUnread::TooManyRows));
    }

    #[test]
    fn a_reference_that_looks_like_a_formula_comes_back_as_text() {
        let line = BatchLine {
            row: 1,
            reference: "=1+1".into(),
            answer: None,
        };
        let csv = String::from_utf8(answers_csv(&[line])).unwrap();
        assert_eq!(csv, "row,reference,answer,code\n1,'=1+1,,\n");
    }
}
