//! Numbers that stand in the workspace belong to nobody: each lies in one of Ofcom's ranges for drama or on the
//! list of always-allowed numbers. The tests of `phone` parse, store nothing and may use any digits; the patches
//! of `tests/sabotage` break rules on purpose.

use std::fs;

use crate::source::{root, workspace_files};
use crate::{Finding, assert_none};

/// What stands before the last digits of a reserved range, without the leading 0, and how many digits follow.
/// Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
const DRAMA: [(&str, usize); 20] = [
    ("7700900", 3),
    ("1632960", 3),
    ("1134960", 3),
    ("1144960", 3),
    ("1154960", 3),
    ("1164960", 3),
    ("1174960", 3),
    ("1184960", 3),
    ("1214960", 3),
    ("1314960", 3),
    ("1414960", 3),
    ("1514960", 3),
    ("1614960", 3),
    ("1914980", 3),
    ("2079460", 3),
    ("2896496", 3),
    ("2920180", 3),
    ("3069990", 3),
    ("8081570", 3),
    ("909879", 4),
];

/// The national digits, without 0 or 44, of what is written here as a UK number of nine or ten digits.
fn national(text: &str) -> Option<String> {
    let start = ["+44 (0)", "+44 ", "+44", "0044 ", "0044", "0"];
    let rest = start.iter().find_map(|start| text.strip_prefix(start))?;
    let mut digits = String::new();
    let mut signs = rest.chars().peekable();
    while let Some(sign) = signs.next() {
        let joined = matches!(sign, ' ' | '-') && signs.peek().is_some_and(char::is_ascii_digit);
        match sign {
            '0'..='9' => digits.push(sign),
            _ if joined => {}
            _ if sign.is_alphanumeric() || matches!(sign, '_' | '.' | '-') => return None,
            _ => break,
        }
    }
    (9..=10).contains(&digits.len()).then_some(digits)
}

fn is_reserved(national: &String, allowed: &[String]) -> bool {
    let drama = |(start, digits): &(&str, usize)| {
        // A number that was cut short is nobody's either.
        let whole = start.len() + digits;
        national.starts_with(start) && national.len() <= whole
    };
    DRAMA.iter().any(drama) || allowed.contains(national)
}

/// The numbers of a line.
fn numbers(line: &str) -> impl Iterator<Item = String> {
    let begins = |at: usize| {
        let before = line[..at].chars().next_back();
        before
            .is_none_or(|sign| !sign.is_alphanumeric() && !matches!(sign, '+' | '.' | '-' | '_' | '/' | '#'))
    };
    line.char_indices()
        .filter(move |(at, sign)| matches!(sign, '+' | '0') && begins(*at))
        .filter_map(|(at, _)| national(&line[at..]))
}

fn foreign_numbers(path: &str, text: &str, allowed: &[String]) -> Vec<Finding> {
    let on_line = |(nth, line)| {
        numbers(line)
            .filter(|number| !is_reserved(number, allowed))
            .map(move |_| Finding::new(path, nth + 1, "a number that may be somebody's"))
    };
    text.lines().enumerate().flat_map(on_line).collect()
}

#[test]
fn every_number_in_the_workspace_is_reserved_for_drama_or_always_allowed() {
    let always_allowed = fs::read_to_string(root().join("crates/hub/data/always_allowed.csv")).unwrap();
    let allowed: Vec<String> = always_allowed.lines().flat_map(numbers).collect();
    assert!(!allowed.is_empty(), "no always-allowed number was read");
    let free = ["crates/phone/tests/", "tests/sabotage/"];
    let is_free =
        |path: &String| free.iter().any(|free| path.starts_with(free)) || path.ends_with("lock.json");
    let check = |path: String| {
        let text = fs::read_to_string(root().join(&path)).unwrap_or_default();
        foreign_numbers(&path, &text, &allowed)
    };
    let findings: Vec<Finding> = workspace_files()
        .into_iter()
        .filter(|path| !is_free(path))
        .flat_map(check)
        .collect();
    assert_none("Use a number from Ofcom's ranges for drama.", &findings);
}

#[test]
fn a_planted_number_is_found_however_it_is_written() {
    // Put together here, so that the check above does not find them.
    let planted =
        ["0", "+44", "+44 ", "0044", "+44 (0)"].map(|start| format!("call {start}7911 123 456, please"));
    for text in planted {
        assert_eq!(foreign_numbers("x", &text, &[]).len(), 1, "{text}");
    }
    for harmless in [
        "07700 900123",
        "\"020 7946 0999\"",
        "0.1234567890",
        "id-0791112345",
        "0a12345678",
        "00:00:00.123456789",
    ] {
        assert_eq!(foreign_numbers("x", harmless, &[]).len(), 0, "{harmless}");
    }
}
