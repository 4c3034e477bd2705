//! Postcodes: read, repaired where a letter was taken for a digit, and compared.
//!
//! Terms: outcode (`CM14`, the part before the space), incode (`4RG`), area (the leading letters of the outcode).
//! Text flows in; a [`Postcode`] flows out when the text has a postcode's shape after repair by position.

use crate::alike::one_edit_apart;
use std::fmt;

/// Leading letters in use; another area is still accepted, but a repair prefers these. From general knowledge.
const AREAS: &str = " AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT \
DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK \
ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ \
TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE ";

/// The areas of inner London whose outcodes may end in a letter (`EC1A`, `W1T`).
const LETTERED: [&str; 8] = ["E", "EC", "N", "NW", "SE", "SW", "W", "WC"];

/// The most characters that a repair changes by position before the text no longer counts as a postcode.
const MAX_REPAIRS: u32 = 3;

/// A whole postcode or an outcode alone. Debug shows nothing.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Postcode {
    /// Both parts without a space.
    joined: String,
    /// How long the outcode is, in bytes.
    split: usize,
    repairs: u32,
}

/// How two postcodes agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostcodeAgreement {
    /// The same whole postcode.
    Same,
    /// Whole postcodes that differ in the order of two neighbouring characters.
    Swapped,
    /// Whole postcodes one letter or digit apart.
    OneEdit,
    /// One side has only the outcode, and it is the same.
    OutcodeOnly,
    /// Whole postcodes that share the outcode and the digit after it.
    SameSector,
    /// Whole postcodes that share the outcode.
    SameOutcode,
    /// One side or both have none.
    Missing,
    /// Different outcodes.
    Different,
}

impl Postcode {
    /// Reads `text` as a postcode, with or without the space. `None` when it has no such shape even after repair.
    /// Where a space leaves a good first half and no second one (`CM14 4RGG`), the first half counts.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |text: &str| -> String {
            let kept = text.chars().filter(char::is_ascii_alphanumeric);
            kept.map(|c| c.to_ascii_uppercase()).collect()
        };
        if let Some((front, back)) = text.trim().split_once(' ')
            && !matches!(plain(back).len(), 0 | 3)
            && let Some(front) = Self::shaped_as_postcode(&plain(front)).filter(|front| front.is_first_half())
        {
            return Some(front);
        }
        let plain = plain(text);
        if !plain.bytes().any(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        Self::shaped_as_postcode(&plain)
            .or_else(|| Self::shaped_as_postcode(&plain.replace("RN", "M").replace("VV", "W")))
    }

    /// Whole, of a known area, and nothing in it was put right.
    pub(crate) fn is_sure(&self) -> bool {
        let area = self.outcode().trim_end_matches(|c: char| c.is_ascii_digit());
        self.is_whole() && self.repairs == 0 && AREAS.contains(&format!(" {area} "))
    }

    /// An outcode alone, as written.
    fn is_first_half(&self) -> bool {
        !self.is_whole() && self.repairs == 0
    }

    fn shaped_as_postcode(plain: &str) -> Option<Self> {
        let letters: Vec<char> = plain.chars().collect();
        match letters.len() {
            2..=4 => outcode(&letters).map(|(outcode, repairs)| Self {
                split: outcode.len(),
                joined: outcode,
                repairs,
            }),
            5..=7 => whole(&letters),
            _ => None,
        }
        .filter(|read| read.repairs <= MAX_REPAIRS)
    }

    /// The part before the space.
    pub fn outcode(&self) -> &str {
        &self.joined[..self.split]
    }

    /// The part after the space, if it was written.
    pub fn incode(&self) -> Option<&str> {
        self.is_whole().then(|| &self.joined[self.split..])
    }

    /// Whether both parts are known.
    pub fn is_whole(&self) -> bool {
        self.split < self.joined.len()
    }

    /// How many characters were changed by position (`O` for `0` and the like, or an unknown area).
    pub(crate) fn repairs(&self) -> u32 {
        self.repairs
    }

    /// A neighbour's postcode often differs in one character; two characters change places by a slip alone.
    fn edit(&self, other: &Self) -> PostcodeAgreement {
        let (ours, theirs) = (&self.joined, &other.joined);
        let differing = ours.bytes().zip(theirs.bytes()).filter(|(a, b)| a != b).count();
        if ours.len() == theirs.len() && differing == 2 {
            PostcodeAgreement::Swapped
        } else {
            PostcodeAgreement::OneEdit
        }
    }

    /// Both parts without a space, as a key.
    pub fn joined(&self) -> &str {
        &self.joined
    }

    /// How `self` agrees with `other`; symmetrical.
    pub fn agreement(&self, other: &Self) -> PostcodeAgreement {
        let same_outcode = self.outcode() == other.outcode();
        match (self.incode(), other.incode()) {
            (Some(a), Some(b)) if same_outcode && a == b => PostcodeAgreement::Same,
            (Some(_), Some(_)) if one_edit_apart(&self.joined, &other.joined) => self.edit(other),
            (Some(a), Some(b)) if same_outcode && a[..1] == b[..1] => PostcodeAgreement::SameSector,
            (Some(_), Some(_)) if same_outcode => PostcodeAgreement::SameOutcode,
            (Some(_), Some(_)) => PostcodeAgreement::Different,
            _ if same_outcode => PostcodeAgreement::OutcodeOnly,
            _ => PostcodeAgreement::Different,
        }
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(..)")
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.incode() {
            Some(incode) => write!(f, "{} {incode}", self.outcode()),
            None => f.write_str(self.outcode()),
        }
    }
}

fn whole(letters: &[char]) -> Option<Postcode> {
    let (front, back) = letters.split_at(letters.len() - 3);
    let (outcode, front_repairs) = outcode(front)?;
    let (incode, back_repairs) = shaped(back, "dll")?;
    Some(Postcode {
        split: outcode.len(),
        joined: outcode + &incode,
        repairs: front_repairs + back_repairs,
    })
}

/// The outcode with the fewest repairs among the shapes of its length; an unknown area counts as two repairs, and so does a letter
/// at the end outside inner London.
fn outcode(letters: &[char]) -> Option<(String, u32)> {
    let shapes: &[&str] = match letters.len() {
        2 => &["ld"],
        3 => &["lld", "ldd", "ldl"],
        4 => &["lldd", "lldl"],
        _ => return None,
    };
    let readings = shapes.iter().filter_map(|shape| {
        let (text, repairs) = shaped(letters, shape)?;
        let area: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
        let known = AREAS.contains(&format!(" {area} "));
        let ends_in_letter = shape.ends_with('l') && !LETTERED.contains(&area.as_str());
        let strange = if known { 0 } else { 2 } + if ends_in_letter { 2 } else { 0 };
        Some((text, repairs, strange))
    });
    let best = readings.min_by_key(|(_, repairs, strange)| repairs + strange)?;
    (letters.iter().any(char::is_ascii_digit) || best.2 == 0).then_some((best.0, best.1))
}

/// Forces `letters` into `shape` (`l` letter, `d` digit); the count says how many had to be changed.
fn shaped(letters: &[char], shape: &str) -> Option<(String, u32)> {
    let mut text = String::with_capacity(letters.len());
    let mut repairs = 0;
    for (&letter, kind) in letters.iter().zip(shape.chars()) {
        let read = if kind == 'd' {
            as_digit(letter)?
        } else {
            as_letter(letter)?
        };
        repairs += u32::from(read != letter);
        text.push(read);
    }
    Some((text, repairs))
}

/// The digit that `c` is or is often taken for.
pub(crate) fn as_digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'O' | 'Q' | 'D' | 'U' => '0',
        'I' | 'L' | 'J' => '1',
        'Z' => '2',
        'A' => '4',
        'S' => '5',
        'G' => '6',
        'T' => '7',
        'B' => '8',
        _ => return None,
    })
}

fn as_letter(c: char) -> Option<char> {
    Some(match c {
        'A'..='Z' => c,
        '0' => 'O',
        '1' => 'I',
        '2' => 'Z',
        '4' => 'A',
        '5' => 'S',
        '6' => 'G',
        '7' => 'T',
        '8' => 'B',
        _ => return None,
    })
}
