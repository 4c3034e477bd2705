//! Ofcom's files of number blocks, which an operator may load: which blocks are in use, and how long their numbers
//! are.
//!
//! They only ever narrow what resolves: a number in a block that is not in use, or of a length that the block does
//! not have, is refused. They never make a number resolve that the built-in plan refuses, because hub and gates read
//! the plan alike and a file is one gate's own: a number that this gate alone could read could be dialled here and
//! barred nowhere. A block that stands in no file keeps the built-in rule, so that a file that is old, or cut off at
//! the end of a line, does not cut off a range.
//!
//! In: the files' bytes, as Ofcom publishes them every week (`s1.csv` for 01 and 02, then `s3`, `s5`, `s7`, `s8`,
//! `s9`). A file that is not of that form is an error with its line. Out: [`Allocations`], and counts of what it holds.

use std::collections::BTreeMap;

use csv::ByteRecord;

use crate::number::PhoneNumber;
use crate::resolve::Refused;

/// Blocks that all files together may hold. Ofcom's hold some 200,000.
pub const MAX_BLOCKS: usize = 2_000_000;

/// Digits of the longest national number; blocks are compared as if all had so many.
const DIGITS: usize = 10;

/// Number blocks, ready to be asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Allocations {
    /// From each number on, up to the next: what is known of it. In rising order, from 0.
    segments: Vec<(u64, Says)>,
    counts: BTreeMap<char, BlockCount>,
}

/// How many blocks there are whose numbers begin alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockCount {
    /// Blocks in use.
    pub in_use: usize,
    /// Blocks that are free, protected, quarantined or kept back.
    pub not_in_use: usize,
}

/// A file that is not one of Ofcom's number blocks. The operator gets it anew, or takes it away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {why}")]
pub struct AllocationsError {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// What the files say of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// No block holds it.
    Nothing,
    /// It is nobody's.
    NotInUse,
    /// It may be somebody's. Bit n is set where numbers of n digits exist; none: any that the plan has.
    InUse(u16),
}

/// A block as its file has it.
struct Block {
    first: u64,
    /// The number after the last one.
    end: u64,
    says: Says,
}

impl Allocations {
    /// Reads files, each with its name. Two rows may name the same block if they say the same.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, AllocationsError> {
        let mut blocks = BTreeMap::new();
        let mut counts: BTreeMap<char, BlockCount> = BTreeMap::new();
        for (file, bytes) in files {
            let before = blocks.len();
            let found = read_file(file, bytes, &mut blocks, &mut counts)?;
            if found == 0 {
                let why = "not one block in it is in use";
                return Err(wrong(file, 0, why));
            }
            if blocks.len() > MAX_BLOCKS {
                return Err(wrong(
                    file,
                    0,
                    &format!("after {before} blocks there are more than {MAX_BLOCKS}"),
                ));
            }
        }
        let mut blocks: Vec<Block> = blocks.into_values().collect();
        // A block stands before those within it.
        blocks.sort_by_key(|block| (block.first, std::cmp::Reverse(block.end)));
        Ok(Self {
            segments: segments(&blocks),
            counts,
        })
    }

    /// How many blocks there are, by the first digit of their numbers after the 0.
    pub fn counts(&self) -> impl Iterator<Item = (char, BlockCount)> {
        self.counts.iter().map(|(digit, count)| (*digit, *count))
    }

    /// Whether the number may be somebody's, as far as the files say. Numbers outside +44 and short ones always may.
    pub fn confirm(&self, number: &PhoneNumber) -> Result<(), Refused> {
        let Some(national) = number.expose().strip_prefix("+44") else {
            return Ok(());
        };
        match self.says(national) {
            Says::NotInUse => Err(Refused::Unresolvable),
            Says::InUse(lengths) if lengths != 0 && lengths & (1 << national.len()) == 0 => {
                let longest = u16::BITS - 1 - lengths.leading_zeros();
                Err(if national.len() > longest as usize {
                    Refused::TooLong
                } else {
                    Refused::TooShort
                })
            }
            _ => Ok(()),
        }
    }

    fn says(&self, national: &str) -> Says {
        let Some(number) = padded(national) else {
            return Says::Nothing;
        };
        let after = self.segments.partition_point(|(from, _)| *from <= number);
        after
            .checked_sub(1)
            .map_or(Says::Nothing, |at| self.segments[at].1)
    }
}

impl std::fmt::Debug for Allocations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(&self.counts).finish()
    }
}

/// National digits, filled up with 0 to ten.
fn padded(digits: &str) -> Option<u64> {
    let missing = DIGITS.checked_sub(digits.len())?;
    Some(digits.parse::<u64>().ok()? * 10_u64.pow(missing as u32))
}

/// Lays blocks that stand within each other out side by side.
fn segments(blocks: &[Block]) -> Vec<(u64, Says)> {
    let mut segments = vec![(0, Says::Nothing)];
    let mut put = |from: u64, says: Says| match segments.last_mut() {
        Some(last) if last.0 == from => last.1 = says,
        _ => segments.push((from, says)),
    };
    let mut open: Vec<&Block> = Vec::new();
    for block in blocks {
        while let Some(outer) = open.pop_if(|outer| outer.end <= block.first) {
            put(outer.end, open.last().map_or(Says::Nothing, |outer| outer.says));
        }
        put(block.first, block.says);
        open.push(block);
    }
    while let Some(outer) = open.pop() {
        put(outer.end, open.last().map_or(Says::Nothing, |outer| outer.says));
    }
    segments
}

/// Where the columns of a file stand.
struct Columns {
    block: usize,
    status: usize,
    length: usize,
}

impl Columns {
    fn find(heading: &ByteRecord) -> Option<Self> {
        let named = |wanted: &dyn Fn(&str) -> bool| {
            heading.iter().position(|cell| {
                let name = String::from_utf8_lossy(cell).trim().to_ascii_lowercase();
                wanted(&name)
            })
        };
        Some(Self {
            block: named(&|name| name.starts_with("nms number block"))?,
            status: named(&|name| name == "block status")?,
            length: named(&|name| name.ends_with("number length"))?,
        })
    }
}

/// Reads one file into `blocks`, by their digits, and says how many are in use.
fn read_file(
    file: &str,
    bytes: &[u8],
    blocks: &mut BTreeMap<String, Block>,
    counts: &mut BTreeMap<char, BlockCount>,
) -> Result<usize, AllocationsError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let heading = reader.byte_headers().map_err(|error| unreadable(file, &error))?;
    let columns = Columns::find(heading)
        .ok_or_else(|| wrong(file, 1, "the heading is not that of Ofcom's number blocks"))?;
    let mut found = 0;
    for record in reader.byte_records() {
        let record = record.map_err(|error| unreadable(file, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let (digits, block) = read_block(&record, &columns).map_err(|why| wrong(file, line, &why))?;
        let in_use = block.says != Says::NotInUse;
        found += usize::from(in_use);
        let says = block.says;
        match blocks.get(&digits) {
            Some(known) if known.says != says => {
                return Err(wrong(
                    file,
                    line,
                    "this block stands in the files twice, and not alike",
                ));
            }
            Some(_) => {}
            None => {
                let count = counts
                    .entry(digits.chars().next().unwrap_or_default())
                    .or_default();
                count.in_use += usize::from(in_use);
                count.not_in_use += usize::from(!in_use);
                blocks.insert(digits, block);
            }
        }
    }
    Ok(found)
}

fn read_block(record: &ByteRecord, columns: &Columns) -> Result<(String, Block), String> {
    let cell = |at: usize| std::str::from_utf8(record.get(at).unwrap_or_default()).map(str::trim);
    let (Ok(block), Ok(status), Ok(length)) =
        (cell(columns.block), cell(columns.status), cell(columns.length))
    else {
        return Err("a cell that is not text".to_owned());
    };
    let digits: String = block.chars().filter(|sign| *sign != ' ').collect();
    let well_formed = (2..DIGITS).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if !well_formed {
        return Err("the block is not of two to nine digits without the 0".to_owned());
    }
    let says = match is_in_use(status)? {
        true => Says::InUse(lengths(length)?),
        false => Says::NotInUse,
    };
    let first = padded(&digits).unwrap_or_default();
    let end = first + 10_u64.pow((DIGITS - digits.len()) as u32);
    Ok((digits, Block { first, end, says }))
}

/// Ofcom's words for the state of a block. A new word is an error: somebody has to say what it means for a call.
fn is_in_use(status: &str) -> Result<bool, String> {
    let word: String = status.chars().filter(|sign| *sign != ' ').collect();
    match word.to_ascii_lowercase().as_str() {
        "allocated" | "allocated(closedrange)" => Ok(true),
        "free"
        | "freefornationaldiallingonly"
        | "protected"
        | "quarantined"
        | "requested"
        | "reserved"
        | "designated" => Ok(false),
        _ => Err("the block's status is not a known one".to_owned()),
    }
}

/// Lengths as Ofcom writes them: `10 digit numbers`, `3+7`, `Mixed 4+5 & 4+6`. Nothing: as the plan has them.
fn lengths(text: &str) -> Result<u16, String> {
    let lower = text.to_ascii_lowercase();
    let words = ["mixed", "digit", "numbers", "number", "s"];
    let mut bits = 0_u16;
    for term in lower.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '+') {
        let parts = term.split('+').map(|part| part.parse::<u8>().map(u32::from));
        let digits = parts.sum::<Result<u32, _>>();
        match digits {
            Ok(digits @ 7..=10) => bits |= 1 << digits,
            Err(_) if term.is_empty() || words.contains(&term) => {}
            _ => return Err("the number length is none that a number has".to_owned()),
        }
    }
    Ok(bits)
}

fn wrong(file: &str, line: u64, why: &str) -> AllocationsError {
    AllocationsError {
        file: file.to_owned(),
        line,
        why: why.to_owned(),
    }
}

fn unreadable(file: &str, error: &csv::Error) -> AllocationsError {
    let line = error.position().map_or(0, csv::Position::line);
    // The library's own words repeat nothing of the file.
    let why = match error.kind() {
        csv::ErrorKind::UnequalLengths { .. } => "the row has more or fewer cells than the heading",
        _ => "this is not a table with commas between its cells",
    };
    wrong(file, line, why)
}
