//! The words that parsing knows, from `data/vocabulary.csv`: kinds of street, parts of a building, Welsh forms, titles.
//!
//! A written word or phrase (up to [`LONGEST_PHRASE`] words) flows in; a [`Meaning`] flows out. One written form may
//! mean several things (`ST` is a street or a saint); the parser decides by where it stands.

use crate::alike::{collapsed, one_edit_apart};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Keys (see [`crate::alike`]) of the street names that many towns have.
pub(crate) static COMMON_STREETS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    WORDS
        .iter()
        .filter(|(_, meaning)| meaning.common_street)
        .map(|(name, _)| collapsed(name))
        .collect()
});

/// The most words in one phrase of the vocabulary.
pub(crate) const LONGEST_PHRASE: usize = 5;

/// All that one written form may mean. The texts are canonical forms.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Meaning {
    /// A kind of street: `STREET`.
    pub(crate) thoroughfare: Option<&'static str>,
    /// A kind of street that Welsh writes before the name.
    pub(crate) welsh_thoroughfare: Option<&'static str>,
    /// A kind of building: `HOUSE`.
    pub(crate) building: Option<&'static str>,
    /// A part of a building that a number or letter follows: `FLAT`.
    pub(crate) unit: Option<&'static str>,
    /// A floor, by a code that says only whether two are the same.
    pub(crate) floor: Option<u8>,
    /// A county or a country of the United Kingdom: agrees with too much to weigh anything.
    pub(crate) county: Option<&'static str>,
    /// A town's usual English name.
    pub(crate) place: Option<&'static str>,
    /// A plain synonym.
    pub(crate) word: Option<&'static str>,
    /// A number in words.
    pub(crate) number: Option<u32>,
    /// `MR`, `MRS` ...
    pub(crate) title: bool,
    /// `THE OCCUPIER`, `MUM AND DAD` ...
    pub(crate) household: bool,
    /// A country outside the United Kingdom.
    pub(crate) abroad: bool,
    /// A street's name that many towns have.
    pub(crate) common_street: bool,
    /// A word that carries nothing: `THE`, `Y`, `AND`.
    pub(crate) article: bool,
}

impl Meaning {
    /// Whether the vocabulary holds the word at all.
    pub(crate) fn is_known(&self) -> bool {
        let texts = [
            self.thoroughfare,
            self.welsh_thoroughfare,
            self.building,
            self.unit,
            self.county,
            self.place,
            self.word,
        ];
        texts.iter().any(Option::is_some) || self.floor.is_some() || self.common_street
    }
}

/// What `written` (upper case, words separated by one space) means; nothing by default.
pub(crate) fn meaning(written: &str) -> Meaning {
    WORDS.get(written).copied().unwrap_or_default()
}

/// Whether any phrase of the vocabulary starts with `word` and goes on.
pub(crate) fn starts_phrase(word: &str) -> bool {
    PHRASE_STARTS.contains_key(word)
}

/// A word of the vocabulary that scanners made another (`5TREET`, `BA5EMENT`, `GARDFNS`); only words that say what
/// kind of street, building or part it is.
pub(crate) fn put_right(written: &str) -> Option<&'static str> {
    if written.len() < LEAST_PUT_RIGHT || WORDS.contains_key(written) {
        return None;
    }
    let right = KEYED.get(collapsed(written).as_str()).copied();
    right
        .filter(|right| right.len().abs_diff(written.len()) <= 1)
        .or_else(|| welsh(written))
}

/// A Welsh word one slip away: what becomes English must be known first. Digits are no slip.
fn welsh(written: &str) -> Option<&'static str> {
    if !written.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    WELSH.iter().copied().find(|right| one_edit_apart(written, right))
}

static WELSH: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<&'static str> = WORDS
        .iter()
        .filter(|(form, meaning)| {
            let kind = meaning.welsh_thoroughfare.is_some() && form.len() >= LEAST_PUT_RIGHT;
            kind || (meaning.word.is_some() && form.len() > LEAST_PUT_RIGHT && !form.contains(' '))
        })
        .map(|(form, _)| *form)
        .collect();
    words.sort_unstable();
    words
});

/// The shortest word that is put right.
const LEAST_PUT_RIGHT: usize = 4;

static KEYED: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let structural = |meaning: &Meaning| {
        meaning.thoroughfare.is_some()
            || meaning.welsh_thoroughfare.is_some()
            || meaning.building.is_some()
            || meaning.unit.is_some()
            || meaning.floor.is_some()
    };
    let mut keyed: Vec<&'static str> = WORDS
        .iter()
        .filter(|(_, meaning)| structural(meaning))
        .flat_map(|(form, _)| form.split(' '))
        .filter(|word| word.len() >= LEAST_PUT_RIGHT)
        .collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|word| (collapsed(word), word)).collect()
});

static WORDS: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in include_str!("../data/vocabulary.csv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut fields = line.splitn(3, ',');
        let (Some(kind), Some(written), Some(means)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        for form in written.split('|') {
            learn(words.entry(form).or_default(), kind, means);
        }
    }
    words
});

static PHRASE_STARTS: LazyLock<HashMap<&'static str, ()>> = LazyLock::new(|| {
    WORDS
        .keys()
        .filter_map(|form| form.split_once(' '))
        .map(|(first, _)| (first, ()))
        .collect()
});

fn learn(meaning: &mut Meaning, kind: &str, means: &'static str) {
    match kind {
        "thoroughfare" => meaning.thoroughfare = Some(means),
        "welsh_thoroughfare" => meaning.welsh_thoroughfare = Some(means),
        "building" => meaning.building = Some(means),
        "unit" => meaning.unit = Some(means),
        "floor" => meaning.floor = means.parse().ok(),
        "county" => meaning.county = Some(means),
        "place" => meaning.place = Some(means),
        "word" => meaning.word = Some(means),
        "number" => meaning.number = means.parse().ok(),
        "title" => meaning.title = true,
        "household" => meaning.household = true,
        "abroad" => meaning.abroad = true,
        "article" => meaning.article = true,
        "common_street" => meaning.common_street = true,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &str = "thoroughfare welsh_thoroughfare building unit floor county place word number title household \
                         abroad article common_street";

    #[test]
    fn every_line_of_the_vocabulary_has_a_known_kind_and_three_fields() {
        for line in include_str!("../data/vocabulary.csv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(KINDS.split(' ').any(|kind| kind == fields[0]), "{line}");
            let longest = fields[1]
                .split('|')
                .map(|form| form.split(' ').count())
                .max()
                .unwrap();
            assert!(longest <= LONGEST_PHRASE, "{line}");
        }
    }
}
