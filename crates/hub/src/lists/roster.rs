//! The roster: everybody whom the prison service holds or held, as one JSON object of its prisoner search a line, or
//! as a table with commas. Read line by line: a file of any size is never in memory.
//!
//! `csv`: the columns `prison_number,first_name,last_name,prison`, in any order, and `middle_names`, `date_of_birth`
//! (year-month-day), `status`, `pnc_number` and `last_prison` where there are any. A row is a line: a quotation mark
//! that is not closed spoils its own line and no other.

use std::io::{self, BufRead};

use offender::{PrisonerRecord, Status};
use prison::{PrisonId, PrisonerNumber};

use super::{FileProblem, RowProblem};

/// How a roster is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RosterFormat {
    /// One JSON object of the prisoner search service a line
    Json,
    /// A table with commas: prison_number,first_name,last_name,prison and more
    Csv,
}

impl RosterFormat {
    /// `json` or `csv`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// The named limits of a roster's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterLimits {
    /// Lines of one file.
    pub lines: u64,
    /// Bytes of one line; a longer one is a bad row.
    pub line_bytes: usize,
    /// Rows that one transaction stages.
    pub batch_rows: usize,
}

impl RosterLimits {
    /// The limits in force. Everybody ever held since prison numbers were given is fewer than this.
    pub const DEFAULT: Self = Self {
        lines: 5_000_000,
        line_bytes: 64 * 1024,
        batch_rows: 500,
    };
}

/// One row of a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterLine {
    /// Its line in the file, from 1; a table's header is a line.
    pub line: u64,
    /// The record, or why there is none.
    pub row: Result<PrisonerRecord, RowProblem>,
}

/// The file cannot be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum RosterStopped {
    /// The file as a whole cannot be taken.
    #[error("{0}")]
    File(#[from] FileProblem),
    /// The system does not give what comes next.
    #[error("{0}")]
    Read(#[from] io::Error),
}

const WANTED: [&str; 9] = [
    "prison_number",
    "first_name",
    "last_name",
    "prison",
    "middle_names",
    "date_of_birth",
    "status",
    "pnc_number",
    "last_prison",
];
const NEEDED: &str = "prison_number,first_name,last_name,prison";

/// Reads a roster, row by row.
pub struct RosterReader<R> {
    from: R,
    limits: RosterLimits,
    /// Where a table has the columns; nothing for JSON lines.
    columns: Option<[Option<usize>; 9]>,
    lines: u64,
    line: Vec<u8>,
}

/// A line that was read into the buffer.
enum Line {
    Whole,
    TooLong,
}

impl<R: BufRead> RosterReader<R> {
    /// Begins to read; of a table its header.
    ///
    /// # Errors
    /// [`RosterStopped::File`] if a table does not begin with its columns.
    pub fn new(from: R, format: RosterFormat, limits: RosterLimits) -> Result<Self, RosterStopped> {
        let mut reader = Self {
            from,
            limits,
            columns: None,
            lines: 0,
            line: Vec::new(),
        };
        if format == RosterFormat::Csv {
            reader.columns = Some(reader.read_header()?);
        }
        Ok(reader)
    }

    /// The next row; nothing at the end. Empty lines are passed over, and counted.
    ///
    /// # Errors
    /// [`RosterStopped::File`] one line past the limit.
    pub fn next_row(&mut self) -> Result<Option<RosterLine>, RosterStopped> {
        while let Some(read) = self.read_line()? {
            let row = match read {
                Line::TooLong => Err(RowProblem::TooLong),
                Line::Whole if self.line.trim_ascii().is_empty() => continue,
                Line::Whole => match &self.columns {
                    Some(columns) => of_table(&self.line, columns),
                    None => of_json(&self.line),
                },
            };
            let line = self.lines;
            return Ok(Some(RosterLine { line, row }));
        }
        Ok(None)
    }

    /// Lines that were read, the header and empty ones among them.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// What it reads from.
    pub fn source(&self) -> &R {
        &self.from
    }

    fn read_header(&mut self) -> Result<[Option<usize>; 9], RosterStopped> {
        let header = match self.read_line()? {
            Some(Line::Whole) => fields_of(&self.line),
            _ => None,
        };
        let header = header.ok_or(FileProblem::Columns(NEEDED))?;
        let place = |name: &str| header.iter().position(|known| known.eq_ignore_ascii_case(name));
        if NEEDED.split(',').all(|name| place(name).is_some()) {
            Ok(WANTED.map(place))
        } else {
            Err(FileProblem::Columns(NEEDED).into())
        }
    }

    /// Reads a line, at most as much of it as a row may have.
    fn read_line(&mut self) -> Result<Option<Line>, RosterStopped> {
        self.line.clear();
        let (mut read, mut all) = (false, 0_usize);
        loop {
            let ahead = self.from.fill_buf()?;
            if ahead.is_empty() {
                break;
            }
            read = true;
            let end = ahead.iter().position(|byte| *byte == b'\n');
            let piece = &ahead[..end.unwrap_or(ahead.len())];
            all = all.saturating_add(piece.len());
            let room = self.limits.line_bytes.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            let used = piece.len() + usize::from(end.is_some());
            self.from.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !read {
            return Ok(None);
        }
        self.lines += 1;
        if self.lines > self.limits.lines {
            return Err(FileProblem::TooLarge.into());
        }
        if self.lines == 1 && self.line.starts_with("\u{feff}".as_bytes()) {
            self.line.drain(..3);
        }
        let whole = all <= self.limits.line_bytes;
        Ok(Some(if whole { Line::Whole } else { Line::TooLong }))
    }
}

fn of_json(line: &[u8]) -> Result<PrisonerRecord, RowProblem> {
    let record: PrisonerRecord = serde_json::from_slice(line).map_err(|_| why_not(line))?;
    if record.first_name.trim().is_empty() && record.last_name.trim().is_empty() {
        return Err(RowProblem::Name);
    }
    Ok(record)
}

/// What is wrong with an object that is no prisoner.
fn why_not(line: &[u8]) -> RowProblem {
    let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(line) else {
        return RowProblem::Unreadable;
    };
    let number = object.get("prisonerNumber").and_then(serde_json::Value::as_str);
    match number.map(str::parse::<PrisonerNumber>) {
        Some(Ok(_)) => RowProblem::Unreadable,
        _ => RowProblem::Holder,
    }
}

/// The fields of one line of a table; nothing where they cannot be told apart.
fn fields_of(line: &[u8]) -> Option<csv::StringRecord> {
    let quotes = line.iter().filter(|byte| **byte == b'"').count();
    if quotes % 2 != 0 {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .buffer_capacity(line.len())
        .from_reader(line);
    reader.records().next()?.ok()
}

fn of_table(line: &[u8], columns: &[Option<usize>; 9]) -> Result<PrisonerRecord, RowProblem> {
    let row = fields_of(line).ok_or(RowProblem::Unreadable)?;
    let [
        number,
        first,
        last,
        prison,
        middle,
        born,
        status,
        pnc,
        last_prison,
    ] = columns.map(|place| place.and_then(|at| row.get(at)).unwrap_or_default());
    let number = number.to_uppercase().parse().map_err(|_| RowProblem::Holder)?;
    if last.is_empty() {
        return Err(RowProblem::Name);
    }
    let mut record = PrisonerRecord::new(number, first, last);
    record.prison_id = prison_of(prison)?;
    record.last_prison_id = prison_of(last_prison)?;
    record.middle_names = given(middle);
    record.pnc_number = given(pnc);
    record.status = Status::new(status);
    record.date_of_birth = match born {
        "" => None,
        written => Some(written.parse().map_err(|_| RowProblem::Unreadable)?),
    };
    Ok(record)
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn prison_of(written: &str) -> Result<Option<PrisonId>, RowProblem> {
    match written {
        "" => Ok(None),
        written => written
            .to_uppercase()
            .parse()
            .map(Some)
            .map_err(|_| RowProblem::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        bytes: &[u8],
        format: RosterFormat,
        limits: RosterLimits,
    ) -> Result<Vec<RosterLine>, RosterStopped> {
        // Pieces of seven bytes: lines lie across them.
        let mut reader = RosterReader::new(io::BufReader::with_capacity(7, bytes), format, limits)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(row);
        }
        Ok(rows)
    }

    fn problems(bytes: &[u8], format: RosterFormat) -> Vec<(u64, RowProblem)> {
        let rows = read(bytes, format, RosterLimits::DEFAULT).unwrap();
        let bad = rows
            .into_iter()
            .filter_map(|row| Some((row.line, row.row.err()?)));
        bad.collect()
    }

    use RowProblem::{Holder, Name, TooLong, Unreadable};

    #[test]
    fn a_roster_is_read_from_either_form_and_bad_rows_are_told_by_their_lines() {
        let json = br#"{"prisonerNumber":"A1234BC","firstName":"Ivan","lastName":"Invented","prisonId":"LEI"}
nonsense

{"prisonerNumber":"A5678DE","lastName":"Invented","dateOfBirth":"1984-02-03","cellLocation":"A-1-001"}
{"prisonerNumber":"A567","lastName":"Invented"}
{"prisonerNumber":"A5678DE","lastName":"Invented","dateOfBirth":"1984-02-31"}
{"prisonerNumber":"A5678DE","lastName":" "}
{"lastName":"Invented"}"#;
        let rows = read(json, RosterFormat::Json, RosterLimits::DEFAULT).unwrap();
        assert_eq!(rows.len(), 7);
        assert_eq!(rows[2].line, 4);
        assert_eq!(rows[2].row.as_ref().unwrap().prisoner_number.as_str(), "A5678DE");
        let expected = [
            (2, Unreadable),
            (5, Holder),
            (6, Unreadable),
            (7, Name),
            (8, Holder),
        ];
        assert_eq!(problems(json, RosterFormat::Json), expected);
        let csv = "\u{feff}prison_number,first_name,last_name,prison,date_of_birth\r\n\
            A1234BC,Ivan,\"Invented, von\",LEI,1984-02-03\r\nA12,Ivan,Invented,LEI,\nA5678DE,Ivan,,LEI,\n\
            A9012FG,Ivan,Invented,Leeds,\nA3456HJ,Ivan,Invented,,1984-02-31\n";
        let rows = read(csv.as_bytes(), RosterFormat::Csv, RosterLimits::DEFAULT).unwrap();
        let first = rows[0].row.as_ref().unwrap();
        assert_eq!((rows[0].line, first.last_name.as_str()), (2, "Invented, von"));
        assert!(first.date_of_birth.is_some());
        let expected = [(3, Holder), (4, Name), (5, Unreadable), (6, Unreadable)];
        assert_eq!(problems(csv.as_bytes(), RosterFormat::Csv), expected);
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_spoils_its_own_line_and_no_other() {
        let csv = b"prison_number,first_name,last_name,prison\nA1234BC,\"Ivan,Invented,LEI\nA5678DE,Ivan,Invented,LEI\n";
        assert_eq!(problems(csv, RosterFormat::Csv), [(2, Unreadable)]);
    }

    #[test]
    fn a_line_is_read_at_its_limit_and_one_past_it_is_a_bad_row() {
        let limits = RosterLimits {
            line_bytes: 60,
            ..RosterLimits::DEFAULT
        };
        let line = |bytes: usize| {
            let start = r#"{"prisonerNumber":"A1234BC","lastName":""#;
            format!("{start}{}\"}}\n", "n".repeat(bytes - start.len() - 2))
        };
        let file = [line(60), line(61), line(60)].concat();
        let rows = read(file.as_bytes(), RosterFormat::Json, limits).unwrap();
        let stands: Vec<_> = rows.iter().map(|row| row.row.as_ref().err().copied()).collect();
        assert_eq!(stands, [None, Some(TooLong), None]);
    }

    #[test]
    fn a_file_is_read_to_its_limit_of_lines_and_not_one_past_it() {
        let limits = RosterLimits {
            lines: 3,
            ..RosterLimits::DEFAULT
        };
        let file = |lines: usize| "\n".repeat(lines);
        assert!(read(file(3).as_bytes(), RosterFormat::Json, limits).is_ok());
        let stopped = read(file(4).as_bytes(), RosterFormat::Json, limits);
        assert!(matches!(stopped, Err(RosterStopped::File(FileProblem::TooLarge))));
    }

    #[test]
    fn a_table_without_its_columns_is_not_taken_at_all() {
        for file in ["", "prison_number,last_name\nA1234BC,Invented\n"] {
            let stopped = read(file.as_bytes(), RosterFormat::Csv, RosterLimits::DEFAULT);
            assert!(matches!(
                stopped,
                Err(RosterStopped::File(FileProblem::Columns(_)))
            ));
        }
    }
}
