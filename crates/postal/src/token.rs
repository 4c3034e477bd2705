//! Text as typed becomes upper-case tokens that remember their line.
//!
//! Accents, apostrophes and full stops go; commas and line breaks end a line; `74HIGH` becomes two tokens; `30 - 32`
//! becomes `30-32`. Only `A-Z`, `0-9`, and `-` or `/` between digits remain.

use crate::vocabulary::meaning;

/// One word or number-like piece of an address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Upper case, never empty.
    pub(crate) text: String,
    /// Which line it stood on, from 0; commas count as line breaks.
    pub(crate) line: u8,
}

/// Splits `text` into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let plain = plain(text);
    let mut found = Vec::new();
    for (line, part) in plain
        .split(['\n', ','])
        .filter(|part| !part.trim().is_empty())
        .enumerate()
    {
        let line = u8::try_from(line).unwrap_or(u8::MAX);
        for piece in part.split_whitespace() {
            let first = found.is_empty();
            split_piece(piece, first, |text| found.push(Token { text, line }));
        }
    }
    join_ranges(found)
}

/// Upper case without accents; separators made one.
fn plain(text: &str) -> String {
    let text = text
        .replace('½', " AND A HALF")
        .replace('℅', " C/O ")
        .replace(['–', '—'], "-");
    let mut plain = String::with_capacity(text.len());
    for c in deunicode::deunicode(&text).chars() {
        match c.to_ascii_uppercase() {
            '\'' | '`' | '.' | '"' => {}
            '&' => plain.push_str(" AND "),
            '\n' | '\r' | ',' | ';' | '|' => plain.push('\n'),
            c if c.is_ascii_alphanumeric() || c == '-' || c == '/' => plain.push(c),
            _ => plain.push(' '),
        }
    }
    plain
}

/// Cuts one blank-free piece at hyphens and slashes that do not join numbers, and between a number and a word.
fn split_piece(piece: &str, first: bool, mut push: impl FnMut(String)) {
    if piece == "C/O" || is_joined_numbers(piece) || piece == "-" {
        return push(piece.to_owned());
    }
    if let Some((range, word)) = range_before_word(piece) {
        push(range.to_owned());
        return push(word.to_owned());
    }
    for part in piece.split(['-', '/']).filter(|part| !part.is_empty()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let word = &part[digits..];
        let letters_only = word.len() >= 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
        let letters = part.bytes().take_while(u8::is_ascii_alphabetic).count();
        if digits > 0 && letters_only && (first || digits > 1) {
            push(part[..digits].to_owned());
            push(word.to_owned());
        } else if letters > 2 && letters < part.len() && meaning(&part[..letters]).unit.is_some() {
            push(part[..letters].to_owned());
            push(part[letters..].to_owned());
        } else {
            push(part.to_owned());
        }
    }
}

/// `48-56EAST` as `48-56` and `EAST`.
fn range_before_word(piece: &str) -> Option<(&str, &str)> {
    let word = piece.find(|c: char| c.is_ascii_alphabetic())?;
    let (range, word) = piece.split_at(word);
    (is_joined_numbers(range) && word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic()))
        .then_some((range, word))
}

/// `30-32`, `92-92A`, `2/14`, `2/1`, `A/12`: two short pieces, at least one of them starting with a digit.
fn is_joined_numbers(piece: &str) -> bool {
    let Some((left, right)) = piece.split_once(['-', '/']) else {
        return false;
    };
    let short =
        |side: &str| !side.is_empty() && side.len() <= 5 && side.bytes().all(|b| b.is_ascii_alphanumeric());
    let number = |side: &str| {
        side.starts_with(|c: char| c.is_ascii_digit())
            && side.bytes().filter(u8::is_ascii_alphabetic).count() <= 1
    };
    let letter = |side: &str| side.len() == 1;
    short(left)
        && short(right)
        && (number(left) || letter(left))
        && (number(right) || letter(right))
        && (number(left) || number(right))
}

/// Joins `30` `-` `32`; a hyphen elsewhere is dropped.
fn join_ranges(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut pending = false;
    for token in tokens {
        if token.text == "-" {
            pending = joined.last().is_some_and(|last| starts_with_digit(&last.text));
            continue;
        }
        match joined.last_mut() {
            Some(last) if pending && starts_with_digit(&token.text) && !last.text.contains(['-', '/']) => {
                last.text = format!("{}-{}", last.text, token.text);
            }
            _ => joined.push(token),
        }
        pending = false;
    }
    joined
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
