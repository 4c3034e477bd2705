//! Text as typed becomes upper-case tokens that remember their line.
//!
//! Accents, apostrophes and full stops go; commas and line breaks end a line; `74HIGH` becomes two tokens; `30 - 32`
//! becomes `30-32`. Only `A-Z`, `0-9`, and `-` or `/` between digits remain.

use crate::premises::is_scottish_label;
use crate::vocabulary::{meaning, put_right};

/// One word or number-like piece of an address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Upper case, never empty.
    pub(crate) text: String,
    /// Which line it stood on, from 0; commas count as line breaks.
    pub(crate) line: u8,
}

/// Which way a piece is cut that can be cut two ways (`35ANORTH`: `35` or `35A`; `FLAT 277`: flat 277, or 2 at 77).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The way that is met more often.
    First,
    /// The other way, but for the numbers of flats.
    Second,
    /// The other way throughout.
    SecondWithLabels,
}

/// What could be cut another way.
#[derive(Clone, Copy, Default)]
pub(crate) struct Doubt {
    pub(crate) words: bool,
    /// The number of a flat may hold that of the house.
    pub(crate) labels: bool,
}

/// Splits `text` into tokens; also says what could be cut another way.
pub(crate) fn tokens(text: &str, cut: Cut) -> (Vec<Token>, Doubt) {
    let plain = plain(text);
    let mut pieces = Pieces {
        cut,
        doubt: Doubt::default(),
        after_flat: false,
        found: Vec::with_capacity(16),
        line: 0,
    };
    for (line, part) in plain
        .split(['\n', ','])
        .filter(|part| !part.trim().is_empty())
        .enumerate()
    {
        pieces.line = u8::try_from(line).unwrap_or(u8::MAX);
        part.split_whitespace().for_each(|piece| pieces.split(piece));
    }
    (join_ranges(join_letters(pieces.found)), pieces.doubt)
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

/// Cuts pieces without blanks at hyphens and slashes that do not join numbers, and between a number and a word.
struct Pieces {
    cut: Cut,
    doubt: Doubt,
    /// The token before is `FLAT` or the like.
    after_flat: bool,
    found: Vec<Token>,
    line: u8,
}

impl Pieces {
    fn push(&mut self, text: &str) {
        self.after_flat = meaning(text).unit == Some("FLAT");
        self.found.push(Token {
            text: text.to_owned(),
            line: self.line,
        });
    }

    fn split(&mut self, piece: &str) {
        if let Some(at) = self.slash_with_number(piece) {
            self.push(&piece[..at]);
            return self.push(&piece[at..]);
        }
        if piece == "C/O" || is_joined_numbers(piece) || piece == "-" {
            return self.push(piece);
        }
        if let Some((word, label)) = labelled_slash(piece) {
            self.push(word);
            return self.split(label);
        }
        if let Some((range, word)) = range_before_word(piece) {
            self.push(range);
            return self.push(word);
        }
        piece
            .split(['-', '/'])
            .filter(|part| !part.is_empty())
            .for_each(|part| self.split_word(part));
    }

    fn split_word(&mut self, part: &str) {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let labelled = letters.len() < part.len() && meaning(letters).unit.is_some();
        if let Some(word) = put_right(part).filter(|_| !labelled) {
            return self.push(word);
        }
        let (front, back) = self.cut_at(part).map_or((part, ""), |at| part.split_at(at));
        self.push(front);
        if !back.is_empty() {
            self.push(back);
        }
    }

    /// Where a blank was left out, if anywhere.
    fn cut_at(&mut self, part: &str) -> Option<usize> {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let letters = part.bytes().take_while(u8::is_ascii_alphabetic).count();
        match (digits, letters) {
            (0, _) if letters == part.len() => glued_word(part),
            (0, _) => self.word_before_number(part, letters),
            _ if digits == part.len() => self.label_with_number(part),
            _ if part.len() > 3 && is_scottish_label(&part[..3]) => Some(3),
            _ => self.number_before_word(part, digits),
        }
    }

    /// `HOUSE4`, `INN54`; `KIN65` and `B44` have two ways.
    fn word_before_number(&mut self, part: &str, letters: usize) -> Option<usize> {
        let known = meaning(&part[..letters]);
        let number = part[letters..].bytes().all(|b| b.is_ascii_digit());
        // No postcode starts with NO.
        if number && &part[..letters] == "NO" {
            return Some(letters);
        }
        if letters > 2 && (known.unit.is_some() || (number && known.is_known())) {
            return Some(letters);
        }
        if number && letters == 1 && self.after_flat {
            self.doubt.labels = true;
            return (self.cut == Cut::SecondWithLabels).then_some(1);
        }
        if !number || letters < 3 || part.len() - letters > 4 {
            return None;
        }
        self.doubt.words = true;
        let at_once = part.len() - letters > 1;
        (at_once == (self.cut == Cut::First)).then_some(letters)
    }

    /// `FLAT 2/148`: flat 2/148, or 2/1 at 48.
    fn slash_with_number(&mut self, piece: &str) -> Option<usize> {
        let (left, right) = piece.split_once('/')?;
        let digits = |side: &str| side.bytes().all(|b| b.is_ascii_digit());
        let doubtful = self.after_flat && left.len() == 1 && right.len() > 1 && digits(left) && digits(right);
        self.doubt.labels |= doubtful && right.as_bytes()[1] != b'0';
        (doubtful && self.cut == Cut::SecondWithLabels).then_some(left.len() + 2)
    }

    /// `FLAT 277`: flat 277, or flat 2 at 77.
    fn label_with_number(&mut self, part: &str) -> Option<usize> {
        let doubtful = self.after_flat && part.len() > 1 && part.as_bytes()[1] != b'0';
        self.doubt.labels |= doubtful;
        (doubtful && self.cut == Cut::SecondWithLabels).then_some(1)
    }

    /// `74HIGH`, `66ST`; `35ANORTH` has two ways.
    fn number_before_word(&mut self, part: &str, digits: usize) -> Option<usize> {
        let word = &part[digits..];
        let letters_only = word.bytes().all(|b| b.is_ascii_alphabetic());
        // `8EDFORD` away from the front is a word more often than a number.
        let misread = digits == 1 && matches!(part.as_bytes()[0], b'0' | b'1' | b'2' | b'5' | b'6' | b'8');
        let front = self.found.is_empty() || self.after_flat || !misread;
        let incode = part.len() == 3 && self.found.last().is_some_and(|last| is_like_outcode(&last.text));
        if !letters_only || word.len() < 2 || incode {
            return None;
        }
        if is_ordinal(part) {
            return self.otherwise(word == "ST", digits);
        }
        let suffix = matches!(word.as_bytes()[0], b'A'..=b'H') && word.len() > 2;
        let split = (word.len() > 2 && front) || meaning(word).thoroughfare.is_some();
        if !split {
            return self.otherwise(word.len() > 2, digits);
        }
        self.otherwise(suffix, digits + 1).or(Some(digits))
    }

    /// The place of the second way, if that is the one asked for.
    fn otherwise(&mut self, doubtful: bool, at: usize) -> Option<usize> {
        self.doubt.words |= doubtful;
        (doubtful && self.cut != Cut::First).then_some(at)
    }
}

/// `CM14`, `B4`, `EC1A`: what follows may be the rest of a postcode (`CM14 6ST`).
fn is_like_outcode(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    (2..=4).contains(&text.len()) && (1..=2).contains(&letters) && letters < text.len()
}

const STOREYS: &[&str] = &[
    "BASEMENT", "GARDEN", "GROUND", "FIRST", "SECOND", "THIRD", "FOURTH", "TOP", "UPPER", "LOWER", "FRONT",
    "REAR", "FLOOR",
];
const TENS: &[&str] = &[
    "TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY",
];
/// The shortest town and the shortest county that are cut apart where they are written as one word.
const LEAST_TOWN: usize = 4;
const LEAST_COUNTY: usize = 5;

/// `FLAT2/1`.
fn labelled_slash(piece: &str) -> Option<(&str, &str)> {
    let at = piece.find(|c: char| c.is_ascii_digit())?;
    let (word, label) = piece.split_at(at);
    (meaning(word).unit.is_some() && label.contains('/') && is_joined_numbers(label)).then_some((word, label))
}

/// `FLATB`, `THEROAD`, `BASEMENTFLAT`, `TWENTYONE`, `STRYDYR`, `ASHFORDSURREY`.
fn glued_word(part: &str) -> Option<usize> {
    let floor = |behind: &str| part.strip_suffix(behind).filter(|front| STOREYS.contains(front));
    let tens = |tens: &&&str| {
        let ones = part.strip_prefix(**tens).map(|ones| meaning(ones).number);
        matches!(ones, Some(Some(1..=9)))
    };
    let welsh = |front: &&str| {
        meaning(front)
            .welsh_thoroughfare
            .or(meaning(front).word)
            .is_some()
    };
    let behind = || {
        let county = |at: &usize| meaning(&part[*at..]).county.is_some();
        (LEAST_TOWN..part.len().saturating_sub(LEAST_COUNTY)).find(county)
    };
    let cut = (floor("FLAT").or_else(|| floor("FLOOR")).map(str::len))
        .or_else(|| TENS.iter().find(tens).map(|tens| tens.len()))
        .or_else(|| part.strip_suffix("YR").filter(welsh).map(str::len))
        .or_else(behind);
    if cut.is_some() && !meaning(part).is_known() {
        return cut;
    }
    let (front, last) = part.split_at(part.len() - 1);
    if meaning(front).unit.is_some() && front.len() > 2 && matches!(last.as_bytes()[0], b'A'..=b'H') {
        return (meaning(part).unit.is_none()).then_some(front.len());
    }
    let behind = part.strip_prefix("THE")?;
    (behind.len() > 2 && meaning(behind).thoroughfare.is_some()).then_some(3)
}

/// `1ST`, `22ND`, `103RD`, `4TH`, `11TH`; `66ST` is none.
pub(crate) fn is_ordinal(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, end) = text.split_at(digits);
    let teen = number.len() > 1 && number.as_bytes()[number.len() - 2] == b'1';
    let wanted = match number.bytes().last() {
        None => return false,
        Some(b'1') if !teen => "ST",
        Some(b'2') if !teen => "ND",
        Some(b'3') if !teen => "RD",
        _ => "TH",
    };
    end == wanted
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
    if let Some((left, right)) = piece.split_once('/')
        && right.contains('-')
    {
        // `11/73-87`: flat 11 at 73 to 87.
        return is_joined_numbers(right) && left.len() <= 3 && left.bytes().all(|b| b.is_ascii_digit());
    }
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

/// Joins single characters written apart (`Z X 4 7 Q P`) where there are more than initials.
fn join_letters(tokens: Vec<Token>) -> Vec<Token> {
    const LEAST: usize = 5;
    let single = |token: &Token| token.text.len() == 1 && token.text != "-";
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for run in tokens.chunk_by(|a, b| single(a) && single(b) && a.line == b.line) {
        if run.len() >= LEAST {
            joined.push(Token {
                text: run.iter().map(|token| token.text.as_str()).collect(),
                line: run[0].line,
            });
        } else {
            joined.extend_from_slice(run);
        }
    }
    joined
}

/// Joins `30` `-` `32` and `30` `TO` `32`; a hyphen elsewhere is dropped.
fn join_ranges(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut pending = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let before_number = tokens.peek().is_some_and(|next| starts_with_digit(&next.text));
        if token.text == "-" || (token.text == "TO" && before_number) {
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
