//! The part of an address that says which door: house numbers, ranges, and the part of the building.
//!
//! Terms: a [`HouseNumber`] is digits with at most one letter (`21A`) or a range (`30-32`); a [`Part`] is a flat, unit
//! or floor. Number-like tokens flow in; how two doors agree flows out.

use crate::postcode::as_digit;

/// The longest span of a range that is taken for a range.
const LONGEST_RANGE: u32 = 200;

/// One house number: `21`, `21A`, or a range `30-32` (then `last` is larger than `first`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HouseNumber {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) suffix: Option<char>,
    /// Written as a word (`ONE`): may be part of a name.
    pub(crate) in_words: bool,
    /// The other number that these characters may be (`4O`: 40; `1B`: 18).
    pub(crate) misread: Option<u32>,
}

/// A part of a building: its letter or number, and its floor.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Part {
    /// `2`, `B`, `2F1`, `2/1`; leading zeros removed.
    pub(crate) label: Option<String>,
    /// A floor code of the vocabulary.
    pub(crate) floor: Option<u8>,
    /// Whether the label came from a number's letter (`21A`) or a slash, not after the word FLAT.
    pub(crate) implied: bool,
    /// Named as a unit, plot or stall, which stands alone like a house, not as a flat within one.
    pub(crate) stands_alone: bool,
}

impl HouseNumber {
    /// Reads a token such as `21`, `21A`, `30-32`, `92-92A`, `4O`. `None` when it is a word.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        if let Some((left, right)) = token.split_once('-') {
            // `14-B` is 14B.
            if matches!(right.as_bytes(), [b'A'..=b'H']) {
                return Self::parse_one(&format!("{left}{right}"));
            }
            let (left, right) = (Self::parse_one(left)?, Self::parse_one(right)?);
            let spans = right.first >= left.first && right.first - left.first <= LONGEST_RANGE;
            return Some(Self {
                last: if spans { right.first } else { left.first },
                ..left
            });
        }
        Self::parse_one(token)
    }

    /// A number written in words.
    pub(crate) fn in_words(number: u32) -> Self {
        Self {
            first: number,
            last: number,
            suffix: None,
            in_words: true,
            misread: None,
        }
    }

    fn parse_one(token: &str) -> Option<Self> {
        let digits = token.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 && led_by_misread_digit(token) {
            let number = as_misread(token)?;
            return Some(Self {
                first: number,
                last: number,
                suffix: None,
                in_words: false,
                misread: None,
            });
        }
        if digits == 0 || token.len() > 5 {
            return None;
        }
        let rest = &token[digits..];
        let number: u32 = token[..digits].parse().ok()?;
        let misread = as_misread(token);
        let (number, suffix, misread) = match (rest.len(), rest.chars().next()) {
            (0, _) => (number, None, None),
            // A flat letter beyond H is rarer than a misread digit.
            (1, Some('O' | 'I' | 'S' | 'Z' | 'Q')) if misread.is_some() => (misread?, None, Some(number)),
            (1, Some(letter)) if letter.is_ascii_alphabetic() => (number, Some(letter), misread),
            _ => (misread?, None, None),
        };
        Some(Self {
            first: number,
            last: number,
            suffix,
            in_words: false,
            misread,
        })
    }

    /// The letter of `21A`; that of a range belongs to one end of it.
    pub(crate) fn letter(&self) -> Option<char> {
        self.suffix.filter(|_| self.first == self.last)
    }

    /// Whether both are the same number, letters aside.
    pub(crate) fn same_number(&self, other: &Self) -> bool {
        self.first == other.first && self.last == other.last
    }

    /// Whether one is a range that holds the other; on one side of the road if both ends are.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let holds = |range: &Self, one: &Self| {
            let one_sided = range.first % 2 == range.last % 2;
            let inside =
                |n: u32| (range.first..=range.last).contains(&n) && (!one_sided || n % 2 == range.first % 2);
            range.first < range.last && (inside(one.first) || inside(one.last))
        };
        holds(self, other) || holds(other, self)
    }

    /// Whether one of them misread is the other.
    pub(crate) fn misread_as(&self, other: &Self) -> bool {
        let either =
            |a: &Self, b: &Self| a.misread == Some(b.first) && b.first == b.last && b.suffix.is_none();
        either(self, other) || either(other, self)
    }
}

/// The number that the token is when letters stand for digits; `None` if one does not.
pub(crate) fn as_misread(token: &str) -> Option<u32> {
    if token.len() > 4 {
        return None;
    }
    let digits: Option<String> = token.chars().map(as_digit).collect();
    digits?.parse().ok()
}

impl Part {
    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.label.is_none() && self.floor.is_none()
    }

    /// A part named by `label`.
    pub(crate) fn labelled(label: &str, implied: bool) -> Self {
        let trimmed = label.trim_start_matches('0');
        let label = if trimmed.is_empty() { label } else { trimmed };
        Self {
            label: Some(label.to_owned()),
            floor: None,
            implied,
            stands_alone: false,
        }
    }
}

/// `I24`: a letter that is no road's (`A12`, `B1023`, `M1`) before digits.
fn led_by_misread_digit(token: &str) -> bool {
    let rest = token.trim_start_matches(['I', 'L', 'O', 'S', 'Z']);
    rest.len() + 1 == token.len() && !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a token can name a flat: a short number, one letter, or a Scottish form (`2F1`, `2/1`, `3-2`).
pub(crate) fn is_part_label(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    token.len() <= 5 && ((digits == 0 && letters == 1) || (digits > 0 && letters <= 2))
}

/// `2F1`, `1F2`, `GF1`: floor, F, flat; written without the word FLAT in Scotland.
pub(crate) fn is_scottish_label(token: &str) -> bool {
    matches!(
        token.as_bytes(),
        [b'0'..=b'9' | b'G', b'F', b'0'..=b'9'] | [b'P', b'F', b'0'..=b'9']
    )
}
