//! One name made comparable: folded to plain letters, split into parts, with its sound.
//!
//! In: a name in any script. Out: a [`Spelling`], lower-case a to z only, and the [`Level`] at which two agree.

use deunicode::deunicode_char;
use rapidfuzz::distance::{jaro_winkler, osa};
use rphonetic::DoubleMetaphone;

use crate::evidence::Level;

/// Letters of one name that are compared; what follows is cut off.
pub(crate) const LONGEST_NAME_LETTERS: usize = 60;

/// Shorter names are too often one or two letters apart by chance.
const LEAST_LETTERS_FOR_TWO_TYPOS: usize = 6;
const ALIKE: f64 = 0.88;
/// Names further apart in length, or in the letters that occur, are different.
const MOST_LETTERS_LONGER: u32 = 3;
const MOST_LETTERS_APART: u32 = 4;

/// A name, folded.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Spelling {
    /// All letters without spaces or hyphens: `kellyhammond`.
    pub(crate) letters: Box<str>,
    /// The parts, where there is more than one: `kelly`, `hammond`.
    pub(crate) parts: Box<[Box<str>]>,
    outline: Outline,
    /// The first letter.
    initial: u8,
    /// How it sounds, in one or two ways; zero where it has no sound.
    sounds: [u64; 2],
}

impl Spelling {
    /// Folds a name: accents, other scripts, case, apostrophes and punctuation go; nothing left gives `None`.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let parts = fold(name);
        let letters: String = parts.concat();
        if letters.is_empty() {
            return None;
        }
        let initial = letters.as_bytes()[0];
        let sounds = sounds_of(&letters);
        let parts: Box<[Box<str>]> = if parts.len() > 1 {
            parts.into_iter().map(String::into_boxed_str).collect()
        } else {
            Box::default()
        };
        Some(Self {
            outline: outline_of(&letters),
            letters: letters.into_boxed_str(),
            parts,
            initial,
            sounds,
        })
    }

    /// What makes this spelling distinct from others: its parts with a space between.
    pub(crate) fn key(&self) -> String {
        if self.parts.is_empty() {
            self.letters.to_string()
        } else {
            self.parts.join(" ")
        }
    }

    /// What of it can be compared without a look at its letters.
    pub(crate) fn outline(&self) -> Outline {
        self.outline
    }

    /// Whether two sounds of one agree.
    fn sounds_like(&self, other: &Self) -> bool {
        self.sounds
            .iter()
            .any(|sound| *sound != 0 && other.sounds.contains(sound))
    }

    /// Whether it is of the same parts, in whatever order.
    pub(crate) fn same_parts(&self, other: &Self) -> bool {
        let sorted = |name: &Self| {
            let mut parts = name.parts.to_vec();
            parts.sort_unstable();
            parts
        };
        self.parts.len() == other.parts.len() && sorted(self) == sorted(other)
    }
}

/// The little of a name by which almost every other is told to be different.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Outline {
    /// One bit for each letter of the alphabet that occurs, and 32 bits higher one for each that occurs again.
    occurring: u64,
    /// The first four letters, zeros behind a shorter name.
    beginning: u32,
    letters: u8,
}

impl Outline {
    /// Whether a recorded name of this outline could agree with the one asked at any level but by a list or by its parts.
    ///
    /// Written without short cuts: which of the questions says no cannot be foreseen, and each is an instruction or two.
    #[inline]
    pub(crate) fn may_agree(self, asked: Self) -> bool {
        let lengths_apart = u32::from(self.letters.abs_diff(asked.letters));
        let alike = within_slips(lengths_apart, (self.occurring ^ asked.occurring).count_ones());
        let shorter = u32::from(self.letters.min(asked.letters).min(4));
        let begins_alike = u64::from(self.beginning ^ asked.beginning) >> (32 - 8 * shorter) == 0;
        alike | begins_alike
    }
}

/// Two slips change four letters at most; one that makes the name longer or shorter changes one letter, not two.
#[inline]
fn within_slips(lengths_apart: u32, letters_apart: u32) -> bool {
    (lengths_apart <= MOST_LETTERS_LONGER) & (lengths_apart + letters_apart <= MOST_LETTERS_APART)
}

/// One written name, ready to be compared with many recorded ones.
pub(crate) struct Comparator<'a> {
    asked: &'a Spelling,
    edits: osa::BatchComparator<u8>,
    likeness: jaro_winkler::BatchComparator<u8>,
}

impl<'a> Comparator<'a> {
    pub(crate) fn new(asked: &'a Spelling) -> Self {
        Self {
            asked,
            edits: osa::BatchComparator::new(asked.letters.bytes()),
            likeness: jaro_winkler::BatchComparator::new(asked.letters.bytes()),
        }
    }

    /// The level at which a recorded spelling agrees, as far as its letters as a whole and its sound tell.
    ///
    /// The cheap questions come first: almost every pair is settled by length and alphabet alone.
    pub(crate) fn level(&self, recorded: &Spelling) -> Level {
        let asked = self.asked;
        if asked.letters == recorded.letters {
            return Level::Exact;
        }
        let lengths_apart = asked.letters.len().abs_diff(recorded.letters.len()) as u32;
        let letters_apart = (asked.outline.occurring ^ recorded.outline.occurring).count_ones();
        let by_letters = match lengths_apart {
            _ if !within_slips(lengths_apart, letters_apart) => Level::Different,
            0..=2 => self.level_by_edits(recorded),
            _ => self.level_by_likeness(recorded),
        };
        by_letters.min(self.level_by_beginning(recorded))
    }

    fn level_by_edits(&self, recorded: &Spelling) -> Level {
        let edits = self.edits(&recorded.letters, 2);
        let long = self.asked.letters.len().min(recorded.letters.len()) >= LEAST_LETTERS_FOR_TWO_TYPOS;
        match edits {
            0..=2 if self.asked.sounds_like(recorded) => Level::SoundsAlike,
            0 | 1 => Level::OneTypo,
            2 if long => Level::TwoTypos,
            _ => self.level_by_likeness(recorded),
        }
    }

    fn level_by_likeness(&self, recorded: &Spelling) -> Level {
        let likeness = self.likeness.similarity(recorded.letters.bytes());
        let alike = likeness >= ALIKE || (likeness >= ALIKE - 0.1 && self.asked.sounds_like(recorded));
        if alike { Level::Alike } else { Level::Different }
    }

    fn level_by_beginning(&self, recorded: &Spelling) -> Level {
        if self.asked.initial != recorded.initial {
            return Level::Different;
        }
        let (asked, recorded) = (&*self.asked.letters, &*recorded.letters);
        match asked.len() {
            1 if recorded.starts_with(asked) => Level::Initial,
            2.. if recorded.starts_with(asked) => Level::Shortened,
            _ if recorded.len() == 1 && asked.starts_with(recorded) => Level::Initial,
            _ if recorded.len() >= 3 && asked.starts_with(recorded) => Level::Shortened,
            _ => Level::Different,
        }
    }

    /// Letters wrong, missing, added or exchanged with a neighbour; anything above `most` is given as `most + 1`.
    fn edits(&self, other: &str, most: usize) -> usize {
        let args = osa::Args::default().score_cutoff(most);
        self.edits
            .distance_with_args(other.bytes(), &args)
            .unwrap_or(most + 1)
    }
}

fn fold(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = 0;
    for ch in name.chars().take(4 * LONGEST_NAME_LETTERS) {
        if matches!(ch, '\'' | '’' | '‘' | '`' | 'ʼ') {
            continue;
        }
        let before = letters;
        for letter in deunicode_char(ch)
            .unwrap_or_default()
            .bytes()
            .filter(u8::is_ascii_alphabetic)
        {
            if letters < LONGEST_NAME_LETTERS
                && let Some(part) = parts.last_mut()
            {
                part.push(char::from(letter.to_ascii_lowercase()));
                letters += 1;
            }
        }
        if before == letters && !ch.is_alphanumeric() {
            parts.push(String::new());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn outline_of(letters: &str) -> Outline {
    let occurring = letters.bytes().fold(0_u64, |seen, letter| {
        let bit = 1 << (letter - b'a');
        seen | if seen & bit == 0 { bit } else { bit << 32 }
    });
    let beginning = letters.bytes().zip([24, 16, 8, 0]);
    Outline {
        occurring,
        beginning: beginning.map(|(letter, up)| u32::from(letter) << up).sum(),
        letters: letters.len() as u8,
    }
}

fn sounds_of(letters: &str) -> [u64; 2] {
    let code = DoubleMetaphone::new(Some(8)).double_metaphone(letters);
    let pack = |code: String| {
        code.bytes()
            .fold(0u64, |packed, byte| packed << 8 | u64::from(byte))
    };
    [pack(code.primary()), pack(code.alternate())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(asked: &str, recorded: &str) -> Level {
        let (asked, recorded) = (Spelling::of(asked).unwrap(), Spelling::of(recorded).unwrap());
        Comparator::new(&asked).level(&recorded)
    }

    #[test]
    fn names_agree_at_the_level_a_reader_would_name() {
        for (asked, recorded, expected) in [
            ("smith", "Smith", Level::Exact),
            ("O'Brien", "OBRIEN", Level::Exact),
            ("Erdogan", "Erdoğan", Level::Exact),
            ("Mac Donald", "MacDonald", Level::Exact),
            ("Al", "Alexander", Level::Shortened),
            ("J", "John", Level::Initial),
            ("Butlar", "Butler", Level::SoundsAlike),
            ("Parcer", "Parker", Level::OneTypo),
            ("Fuller", "Luller", Level::OneTypo),
            ("Hutchincom", "Hutchinson", Level::TwoTypos),
            ("Jones", "Khan", Level::Different),
        ] {
            assert_eq!(level(asked, recorded), expected, "{asked} for {recorded}");
        }
    }

    #[test]
    fn a_name_without_letters_is_no_name() {
        for name in ["", "-", " . ", "123", "'"] {
            assert!(Spelling::of(name).is_none(), "{name}");
        }
    }
}
