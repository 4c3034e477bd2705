//! The names on an envelope: whom the letter is for, and in whose care.
//!
//! The text as typed flows in; names flow out, each of one person, without title, as far as they can be told from the
//! address: what stands before the first number, a line each, but for lines that name a building or a street. The town
//! comes after and is never read. A name that was none (a firm's) does no harm: it is like nobody's.

use crate::token::{Cut, Token, tokens};
use crate::vocabulary::meaning;
use crate::written::WrittenAddress;

/// The most names that are read off one envelope.
const MOST_NAMES: usize = 6;
/// The most words of one name.
const MOST_WORDS: usize = 5;
/// Words before a name that are not part of it.
const LEADERS: [&str; 11] = [
    "C/O",
    "CO",
    "CARE",
    "FAO",
    "ATTN",
    "ATTENTION",
    "TO",
    "FOR",
    "PRIVATE",
    "CONFIDENTIAL",
    "PERSONAL",
];

/// Each person's name in upper case, words one blank apart, `SARAH HARTWELL`; `MR & MRS A HARTWELL` is one name. Personal:
/// never for a log.
pub fn names_on_envelope(written: &WrittenAddress) -> Vec<String> {
    let (tokens, _) = tokens(written.expose(), Cut::First);
    let has_digit = |token: &Token| token.text.bytes().any(|b| b.is_ascii_digit());
    let end = tokens.iter().position(has_digit);
    // Without a number the first line alone can be told from the address.
    let first_line = tokens.iter().take_while(|token| token.line == 0).count();
    let tokens = &tokens[..end.unwrap_or(first_line)];
    let lines = tokens.chunk_by(|a, b| a.line == b.line);
    let mut names: Vec<String> = lines.filter(|line| !is_address(line)).flat_map(people).collect();
    names.dedup();
    names.truncate(MOST_NAMES);
    names
}

/// A line that names a building, a street or a part: `THISTLE HOUSE`, `FLAT`.
fn is_address(line: &[Token]) -> bool {
    line.iter().any(|token| {
        let known = meaning(&token.text);
        let title = known.title;
        let part = known.unit.is_some() || known.floor.is_some() || known.building.is_some();
        part || (known.thoroughfare.is_some() && !title)
    })
}

/// The names in one line; `AND` separates two people unless one of them has no name of his own.
fn people(line: &[Token]) -> Vec<String> {
    let texts: Vec<&str> = line.iter().map(|token| token.text.as_str()).collect();
    let parts = texts.split(|text| *text == "AND");
    let mut names: Vec<Vec<&str>> = parts
        .map(|part| {
            let kept = part.iter().copied().filter(|text| is_part_of_name(text));
            kept.take(MOST_WORDS).collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty())
        .collect();
    // `SARAH AND TOM HARTWELL`: the family name is hers, too.
    if let Some(family) = names
        .last()
        .filter(|last| last.len() > 1)
        .and_then(|last| last.last().copied())
    {
        names
            .iter_mut()
            .filter(|name| name.len() == 1)
            .for_each(|name| name.push(family));
    }
    names.into_iter().map(|name| name.join(" ")).collect()
}

fn is_part_of_name(text: &str) -> bool {
    let known = meaning(text);
    let told = known.title || known.household || known.article || LEADERS.contains(&text);
    !told && text.bytes().all(|b| b.is_ascii_alphabetic())
}
