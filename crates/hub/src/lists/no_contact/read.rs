//! A no-contact list as a table: the columns of [`COLUMNS`] by name and in any order, with commas, semicolons or tabs,
//! as UTF-8, UTF-16 or in the Windows code page that spreadsheets write.
//!
//! What would pass over a row in silence refuses the file: a column that nobody knows (a misspelt `numbers` would be
//! numbers that are not barred), a quotation mark that is never closed and swallows the rows after it.

use casework::{RequestLimits, WrittenAddress};
use csv::StringRecord;
use phone::AreaCode;
use prison::PrisonId;

use super::{Gap, NoContactLimits, NoContactRow, ReadRow, cells};
use crate::lists::read::area_of;

/// The columns; those of [`NEEDED`] must be there, even if they are empty in every row.
const COLUMNS: [&str; 10] = [
    "prison_number",
    "prisoner",
    "person",
    "numbers",
    "address",
    "postcode",
    "reason",
    "order",
    "reference",
    "expires",
];
const NEEDED: [&str; 5] = ["prison_number", "prisoner", "person", "numbers", "address"];

/// Lines of one cell; more are rows that an open quotation mark swallowed.
const CELL_LINES: usize = 20;

/// The file as a whole cannot be taken. The operator or case handler corrects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoContactFileProblem {
    /// It does not begin with the columns.
    #[error("the first line must name the columns prison_number, prisoner, person, numbers and address")]
    Columns,
    /// A column that nobody knows, counted from 1.
    #[error(
        "column {0} is none of prison_number, prisoner, person, numbers, address, postcode, reason, order, \
         reference, expires; name it so or leave it out"
    )]
    UnknownColumn(usize),
    /// A cell of this row holds other rows.
    #[error("row {0} opens a quotation mark that is not closed, so that rows after it cannot be told apart")]
    OpenQuote(u64),
    /// More bytes or rows than a file may have.
    #[error("the file is larger than one file may be; split it")]
    TooLarge,
    /// There is no row.
    #[error("the file has no row")]
    Empty,
}

/// Reads the rows of a list, in their order; rows of empty cells alone are none.
pub fn read_no_contact(bytes: &[u8], prison: PrisonId) -> Result<Vec<ReadRow>, NoContactFileProblem> {
    if bytes.len() > NoContactLimits::DEFAULT.bytes {
        return Err(NoContactFileProblem::TooLarge);
    }
    let text = text_of(bytes);
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|_| NoContactFileProblem::Columns)?
        .clone();
    let table = Table {
        places: places(&header)?,
        columns: header.len(),
        delimiter: char::from(delimiter),
        area: area_of(prison),
    };
    let mut rows = Vec::new();
    for (at, record) in (1..).zip(reader.records()) {
        let Ok(record) = record else {
            rows.push((at, Err(Gap::Unreadable)));
            continue;
        };
        if record.iter().any(|cell| table.holds_rows(cell)) {
            return Err(NoContactFileProblem::OpenQuote(at));
        }
        if record.iter().any(|cell| !cell.is_empty()) {
            rows.push((at, table.row(&record)));
        }
        if rows.len() > NoContactLimits::DEFAULT.rows {
            return Err(NoContactFileProblem::TooLarge);
        }
    }
    match rows.is_empty() {
        true => Err(NoContactFileProblem::Empty),
        false => Ok(rows),
    }
}

struct Table {
    /// Where each column of [`COLUMNS`] stands.
    places: [Option<usize>; COLUMNS.len()],
    columns: usize,
    delimiter: char,
    area: Option<AreaCode>,
}

impl Table {
    /// Whether a cell holds a line that looks like a row, or more lines than a cell has.
    fn holds_rows(&self, cell: &str) -> bool {
        let mut lines = cell.lines();
        let like_a_row = |line: &str| line.matches(self.delimiter).count() + 1 >= self.columns;
        cell.contains('\n') && (lines.any(like_a_row) || cell.lines().count() > CELL_LINES)
    }

    fn row(&self, record: &StringRecord) -> Result<NoContactRow, Gap> {
        if record.iter().skip(self.columns).any(|cell| !cell.is_empty()) {
            return Err(Gap::Unreadable);
        }
        let fields = self
            .places
            .map(|place| cells::plain(place.and_then(|at| record.get(at)).unwrap_or_default()));
        let row = of_fields(fields, self.area);
        match row.names_a_target() {
            true => Ok(row),
            false => Err(Gap::NothingToBar),
        }
    }
}

fn of_fields(fields: [String; COLUMNS.len()], area: Option<AreaCode>) -> NoContactRow {
    let [
        number,
        prisoner,
        person,
        numbers,
        address,
        postcode,
        reason,
        order,
        reference,
        expires,
    ] = fields;
    let RequestLimits {
        line_chars,
        text_chars,
        ..
    } = RequestLimits::DEFAULT;
    let (numbers, mut gaps) = cells::numbers(&numbers, area);
    let address = address_of(&address, &postcode, &mut gaps);
    let expires = cells::day(&expires).unwrap_or_else(|gap| {
        gaps.push(gap);
        None
    });
    let row = NoContactRow {
        prison_number: cells::cut(&number.to_uppercase(), line_chars, &mut gaps),
        prisoner: cells::cut(&prisoner, line_chars, &mut gaps),
        person: cells::cut(&person, line_chars, &mut gaps),
        numbers,
        address,
        reason: cells::cut(&reason, text_chars, &mut gaps),
        order: cells::cut(&order, text_chars, &mut gaps),
        reference: cells::cut(&reference, line_chars, &mut gaps),
        expires,
        gaps: Vec::new(),
    };
    gaps.extend(row.person.is_blank().then_some(Gap::NoName));
    gaps.sort();
    gaps.dedup();
    NoContactRow { gaps, ..row }
}

/// A postcode alone is handed on as an address, so that it is told if it is too little.
fn address_of(lines: &str, postcode: &str, gaps: &mut Vec<Gap>) -> Option<WrittenAddress> {
    let limits = RequestLimits::DEFAULT;
    let (lines, postcode) = match lines {
        "" => (postcode, ""),
        lines => (lines, postcode),
    };
    let lines = cells::cut(lines, limits.text_chars, gaps);
    let postcode = cells::cut(postcode, limits.line_chars, gaps);
    (!lines.is_blank()).then(|| WrittenAddress {
        lines,
        postcode: (!postcode.is_blank()).then_some(postcode),
    })
}

/// Where each known column stands. Every column of the file must be known.
fn places(header: &StringRecord) -> Result<[Option<usize>; COLUMNS.len()], NoContactFileProblem> {
    let place = |name: &str| header.iter().position(|known| known.eq_ignore_ascii_case(name));
    if NEEDED.iter().any(|name| place(name).is_none()) {
        return Err(NoContactFileProblem::Columns);
    }
    let mut seen = Vec::new();
    for (at, name) in (1..).zip(header) {
        let name = name.to_ascii_lowercase();
        // A second column of the same name would be passed over.
        if !COLUMNS.contains(&name.as_str()) || seen.contains(&name) {
            return Err(NoContactFileProblem::UnknownColumn(at));
        }
        seen.push(name);
    }
    Ok(COLUMNS.map(place))
}

/// What separates cells: whichever of comma, semicolon and tab the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default().as_bytes();
    let times = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|wanted| times(*wanted))
        .unwrap_or(b',')
}

/// The text of a file: UTF-8 or UTF-16 by its mark, UTF-8 where it is, else the Windows code page 1252.
fn text_of(bytes: &[u8]) -> String {
    let pairs = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|pair| read([pair[0], *pair.get(1).unwrap_or(&0)]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => pairs(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => pairs(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| of_windows(*byte)).collect(),
        },
    }
}

/// A byte of the code page 1252.
fn of_windows(byte: u8) -> char {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use casework::Personal;

    use super::*;

    const HEADER: &str = "prison_number,prisoner,person,numbers,address";

    fn read(file: &[u8]) -> Result<Vec<ReadRow>, NoContactFileProblem> {
        read_no_contact(file, "LEI".parse().unwrap())
    }

    fn shown(file: &[u8]) -> Vec<String> {
        let rows = read(file).unwrap();
        let shown = rows.iter().map(|(at, row)| match row {
            Ok(row) => {
                let numbers: Vec<_> = row.numbers.iter().map(Personal::expose).collect();
                let address = row.address.as_ref().map_or("", |address| address.lines.expose());
                let codes: Vec<_> = row.gaps.iter().map(|gap| gap.code()).collect();
                let person = row.person.expose();
                format!(
                    "{at} {} {person} [{}] {address} {codes:?}",
                    row.prison_number.expose(),
                    numbers.join("+")
                )
            }
            Err(gap) => format!("{at} {}", gap.code()),
        });
        shown.collect()
    }

    #[test]
    fn every_row_is_read_or_says_why_not() {
        let file = format!(
            "{HEADER},expires\n\
             a1234bc,\"Invented, Ivan\",Zoë Prior,07700 900123;07700 900124,\"1 Fictional Row, Leeds\",01/11/2025\n\
             ,,,07700 900125,,soon 7\n\
             A1234BC,,Ann Prior,,,\n\
             ,,,,,\n\
             A1234BC,,Bo Prior,07700 900126,,,1 Fictional Row\n"
        );
        let expected = [
            "1 A1234BC Zoë Prior [07700 900123+07700 900124] 1 Fictional Row, Leeds []",
            "2   [07700 900125]  [\"no-name\", \"not-a-date\"]",
            "3 nothing-to-bar",
            "5 unreadable",
        ];
        assert_eq!(shown(file.as_bytes()), expected);
    }

    #[test]
    fn a_list_is_read_alike_in_every_form_in_which_spreadsheets_write_it() {
        let file = format!("{HEADER}\nA1234BC,Ivan,Zoë Prior,07700 900123,1 Fictional Row\n");
        let expected = shown(file.as_bytes());
        let utf16 = |bytes: fn(u16) -> [u8; 2]| {
            "\u{feff}"
                .chars()
                .chain(file.chars())
                .collect::<String>()
                .encode_utf16()
                .flat_map(bytes)
                .collect::<Vec<u8>>()
        };
        let windows: Vec<u8> = file
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        for written in [
            format!("\u{feff}{file}").into_bytes(),
            file.replace('\n', "\r\n").into_bytes(),
            file.replace(',', ";").into_bytes(),
            file.replace(',', "\t").into_bytes(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            windows,
        ] {
            assert_eq!(shown(&written), expected);
        }
    }

    #[test]
    fn a_file_that_would_lose_rows_or_cells_in_silence_is_refused() {
        use NoContactFileProblem::*;
        let row = "A1234BC,Ivan,Ann,07700 900123,1 Fictional Row\n";
        for (file, problem) in [
            (format!("{HEADER},adress\n{row}"), UnknownColumn(6)),
            (format!("{HEADER},numbers\n{row}"), UnknownColumn(6)),
            (format!("prison_number,person,numbers\n{row}"), Columns),
            (row.to_owned(), Columns),
            (format!("{HEADER}\n"), Empty),
            (String::new(), Columns),
            (
                format!("{HEADER}\n{row}A1234BC,\"Ivan,Ann,07700 900123,\n{row}{row}"),
                OpenQuote(2),
            ),
            (
                format!(
                    "{HEADER}\nA1234BC,Ivan,\"Ann{}\",07700 900123,\n",
                    "\nx".repeat(20)
                ),
                OpenQuote(1),
            ),
        ] {
            assert_eq!(read(file.as_bytes()), Err(problem), "{file}");
        }
    }

    #[test]
    fn rows_are_taken_at_their_limit_and_not_one_past_it() {
        let rows = |n: usize| read(format!("{HEADER}\n{}", ",,,1,\n".repeat(n)).as_bytes());
        let most = NoContactLimits::DEFAULT.rows;
        assert_eq!(rows(most).unwrap().len(), most);
        assert_eq!(rows(most + 1), Err(NoContactFileProblem::TooLarge));
        let bytes = vec![b' '; NoContactLimits::DEFAULT.bytes + 1];
        assert_eq!(read(&bytes), Err(NoContactFileProblem::TooLarge));
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_in_its_cells_every_row_is_accounted_for(
            cells in proptest::collection::vec(proptest::array::uniform5("[ -~éß\u{a0}\u{2013}]{0,30}"), 1..20)
        ) {
            let mut writer = csv::Writer::from_writer(format!("{HEADER}\n").into_bytes());
            for row in &cells {
                writer.write_record(row).unwrap();
            }
            let rows = read(&writer.into_inner().unwrap());
            let full = (1..).zip(&cells).filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
            let full: Vec<u64> = full.map(|(at, _)| at).collect();
            let told = rows.map(|rows| rows.into_iter().map(|(at, _)| at).collect());
            let expected = if full.is_empty() { Err(NoContactFileProblem::Empty) } else { Ok(full) };
            proptest::prop_assert_eq!(told, expected);
        }

        #[test]
        fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = read(&bytes);
            let _ = read(&[format!("{HEADER}\n").as_bytes(), &bytes].concat());
        }
    }
}
