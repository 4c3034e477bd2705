//! Which part each word plays: addressee, name of a house, street, kind of street, place.
//!
//! Without commas an English address is read as `[name] number street kind place`; the street is what stands between
//! the number and the first kind of street, or, without a number, the word or two before the kind. Words already
//! marked county, article or addressee stay so.

use crate::address::{PostalAddress, Role, Street, Word};
use crate::alike::{collapsed, one_edit_apart};
use crate::vocabulary::meaning;

/// The most words that the name of a street may have.
const LONGEST_STREET: usize = 4;

/// Words that belong to the name behind them.
const LEADERS: &[&str] = &[
    "ST", "OLD", "NEW", "GREAT", "LITTLE", "UPPER", "LOWER", "NORTH", "SOUTH", "EAST", "WEST", "HIGH",
    "LONG", "CLAY", "LONDON", "KING", "QUEEN", "MIDDLE", "CHURCH", "MARKET", "MILL", "BACK", "FRONT", "SIR",
    "LORD", "LADY",
];

/// Assigns every word its role and fills in the street.
pub(crate) fn assign(address: &mut PostalAddress) {
    mark_addressee(&mut address.words);
    the_street(&mut address.words);
    welsh_order(&mut address.words);
    let numbered = !address.numbers.is_empty() || !address.part.is_empty();
    let in_words = address.numbers.iter().any(|number| number.in_words);
    let Some(found) = find_street(&address.words, in_words) else {
        return without_street(address, numbered);
    };
    for (i, word) in address.words.iter_mut().enumerate() {
        word.role = match word.role {
            Role::Name if found.name.contains(&i) => Role::Street,
            Role::Name if found.kind == Some(i) => Role::Kind,
            Role::Name if i >= found.name.end => Role::Place,
            other => other,
        };
    }
    let kind = found.kind.and_then(|i| {
        let canonical = kind_of(&address.words[i].text)?;
        address.words[i].text = canonical.to_owned();
        address.words[i].key = collapsed(canonical);
        Some(canonical)
    });
    let name = address
        .words_of(Role::Street)
        .map(|word| word.key.as_str())
        .collect::<String>();
    if !name.is_empty() {
        address.street = Some(Street {
            joined: kind.map(|kind| format!("{name}{}", collapsed(kind))),
            key: name,
            kind,
            anchored: found.anchored,
        });
    }
}

struct Found {
    name: std::ops::Range<usize>,
    kind: Option<usize>,
    anchored: bool,
}

/// The kind of street that a word is, with one slip allowed in longer words (`STRETT`).
pub(crate) fn kind_of(text: &str) -> Option<&'static str> {
    if let Some(kind) = meaning(text).thoroughfare {
        return Some(kind);
    }
    const MISSPELT: &[&str] = &[
        "STREET", "ROAD", "LANE", "AVENUE", "CLOSE", "DRIVE", "CRESCENT", "TERRACE", "GARDENS",
    ];
    (text.len() >= 4)
        .then(|| MISSPELT.iter().copied().find(|kind| one_edit_apart(text, kind)))
        .flatten()
}

/// The street after the number (or the number of a unit); else the one before a kind.
///
/// `in_words`: the number is written in words, so `ONE` in `TWENTY ONE HILL ROAD` is no part of the street.
fn find_street(words: &[Word], in_words: bool) -> Option<Found> {
    let number = |word: &Word| in_words && meaning(&word.text).number.is_some();
    let first = |test: fn(&Word) -> bool| {
        words
            .iter()
            .position(|word| test(word) && word.role == Role::Name && !number(word))
    };
    let anchor = first(|word| word.after_number).or_else(|| first(|word| word.after_part));
    if let Some(found) = anchor.and_then(|start| anchored_street(words, start)) {
        return Some(found);
    }
    let kinds: Vec<usize> = (0..words.len())
        .filter(|&i| i > 0 && is_kind(words, i) && !next_is_kind(words, i))
        .collect();
    let strong = kinds.iter().find(|&&i| is_strong(&words[i]));
    let weak = kinds
        .iter()
        .find(|&&i| words[i].text != "ST" && !next_is_building(words, i));
    let kind = *strong.or(weak).or(kinds.first())?;
    let before = (0..kind).rev().find(|&i| words[i].role != Role::Article);
    let alone = words[kind - 1].role == Role::Article
        || before.is_some_and(|i| !is_strong(&words[kind]) && is_building(&words[i]));
    if alone {
        return Some(Found {
            name: kind..kind + 1,
            kind: None,
            anchored: false,
        });
    }
    let start = unanchored_start(words, kind)?;
    Some(Found {
        name: start..kind,
        kind: Some(kind),
        anchored: false,
    })
}

/// The kinds that are seldom part of a building's or a village's name.
fn is_strong(word: &Word) -> bool {
    const STRONG: &[&str] = &[
        "STREET", "ROAD", "LANE", "AVENUE", "CLOSE", "DRIVE", "CRESCENT", "WAY", "TERRACE",
    ];
    word.text != "ST" && kind_of(&word.text).is_some_and(|kind| STRONG.contains(&kind))
}

/// `GROVE HOUSE`, `HILL FARM`.
fn next_is_building(words: &[Word], i: usize) -> bool {
    words
        .get(i + 1)
        .is_some_and(|next| next.line == words[i].line && is_building(next))
}

fn anchored_street(words: &[Word], start: usize) -> Option<Found> {
    let line = words[start].line;
    let ends = |i: usize| words[i].line != line || words[i].role == Role::County;
    let stop = (start..words.len()).find(|&i| ends(i)).unwrap_or(words.len());
    // "41 THE STREET CAPEL ST MARY": the street is called so.
    let behind_article = start > 0 && words[start - 1].role == Role::Article && words[start - 1].line == line;
    if behind_article && kind_of(&words[start].text).is_some() && !next_is_kind(words, start) {
        return Some(Found {
            name: start..start + 1,
            kind: None,
            anchored: true,
        });
    }
    // A building between the number and the street ("5 CHANTRY HOUSE HIGH STREET") is not part of the street.
    let kind = (start + 1..stop).find(|&i| is_kind(words, i) && !next_is_kind(words, i));
    if let Some(kind) = kind {
        let start = match (start..kind.saturating_sub(1))
            .rev()
            .find(|&i| is_building(&words[i]))
        {
            Some(building) => building + 1,
            None => start.max(kind.saturating_sub(LONGEST_STREET)),
        };
        return Some(Found {
            name: start..kind,
            kind: Some(kind),
            anchored: true,
        });
    }
    let one_line = words.iter().all(|word| word.line == line);
    // The number may end a reordered address; or the street has no kind ("9 BEAUWAY").
    let end = if one_line {
        (start + 1).min(stop)
    } else {
        stop.min(start + LONGEST_STREET)
    };
    Some(Found {
        name: start..end,
        kind: None,
        anchored: true,
    })
}

/// Where the name of a street begins when no number says so: after a building, at its line, or one word (or two) back.
fn unanchored_start(words: &[Word], kind: usize) -> Option<usize> {
    let line = words[kind].line;
    let first = (0..kind).find(|&i| words[i].line == line && words[i].role == Role::Name)?;
    let building = (first..kind - 1).rev().find(|&i| is_building(&words[i]));
    if let Some(building) = building {
        return Some(building + 1);
    }
    let whole_line = words.get(kind + 1).is_none_or(|next| next.line != line);
    let several_lines = words.iter().any(|word| word.line != line);
    if whole_line && several_lines && kind - first <= LONGEST_STREET {
        return Some(first);
    }
    let mut start = kind - 1;
    while start > first && LEADERS.contains(&words[start - 1].text.as_str()) {
        start -= 1;
    }
    Some(start)
}

fn is_building(word: &Word) -> bool {
    word.role == Role::Name && meaning(&word.text).building.is_some()
}

/// Whether the word at `i` is a kind of street there (`ST JOHNS` is not).
fn is_kind(words: &[Word], i: usize) -> bool {
    let word = &words[i];
    if word.role != Role::Name || kind_of(&word.text).is_none() {
        return false;
    }
    if word.text != "ST" || i == 0 {
        return true;
    }
    let before = words[i - 1].text.as_str();
    let led = words[i - 1].line != word.line
        || matches!(before, "OLD" | "NEW" | "GREAT" | "LITTLE" | "UPPER" | "LOWER");
    let saint = words
        .get(i + 2)
        .is_some_and(|next| kind_of(&next.text).is_some() && next.line == word.line);
    !led && !saint && !word.after_number
}

fn next_is_kind(words: &[Word], i: usize) -> bool {
    words.get(i + 1).is_some_and(|next| next.line == words[i].line) && is_kind(words, i + 1)
}

/// No street: what precedes the first line break (or everything, beside no number) names the house.
fn without_street(address: &mut PostalAddress, numbered: bool) {
    let first = address
        .words
        .iter()
        .find(|word| word.role == Role::Name)
        .map(|word| word.line);
    let last_building = address.words.iter().rposition(is_building);
    let several = address.words.iter().any(|word| Some(word.line) != first);
    for (i, word) in address.words.iter_mut().enumerate() {
        let house = match last_building {
            Some(building) => i <= building,
            None => !numbered && (!several || Some(word.line) == first),
        };
        if word.role == Role::Name && !house {
            word.role = Role::Place;
        }
    }
}

/// `THE ST` is the street, not a saint.
fn the_street(words: &mut [Word]) {
    for i in 1..words.len() {
        let ends = words
            .get(i + 1)
            .is_none_or(|next| next.line != words[i].line || next.role != Role::Name);
        let behind_article = words[i - 1].role == Role::Article && words[i - 1].line == words[i].line;
        if words[i].text == "ST" && (behind_article || (ends && words[i - 1].line == words[i].line)) {
            words[i].text = "STREET".to_owned();
            words[i].key = collapsed("STREET");
        }
    }
}

/// `MR`, `MRS` and the like, initials, and one surname.
fn mark_addressee(words: &mut [Word]) {
    let mut i = 0;
    while i < words.len() {
        let titled = meaning(&words[i].text).title && !words[i].after_number && starts_name(words, i);
        if !titled {
            i += 1;
            continue;
        }
        let line = words[i].line;
        while i < words.len() && words[i].line == line && is_title_or_initial(&words[i]) {
            words[i].role = Role::Addressee;
            i += 1;
        }
        if i < words.len() && words[i].line == line && words[i].role == Role::Name && !words[i].after_number {
            words[i].role = Role::Addressee;
        }
    }
}

/// `DR` is a doctor at the front of a line and a drive behind a name; `SIR JOHNS SQUARE` is a street.
fn starts_name(words: &[Word], i: usize) -> bool {
    let street = words
        .get(i + 2)
        .is_some_and(|kind| kind.line == words[i].line && kind_of(&kind.text).is_some());
    match words[i].text.as_str() {
        "SIR" | "LADY" => !street,
        "DR" => i == 0 || words[i - 1].line != words[i].line || words[i - 1].role == Role::Addressee,
        _ => true,
    }
}

fn is_title_or_initial(word: &Word) -> bool {
    !word.after_number && (meaning(&word.text).title || word.text == "AND" || word.text.len() == 1)
}

/// `HEOL Y CAPEL` is read as `CAPEL ROAD`: the kind moves behind the word (or two) that it names.
fn welsh_order(words: &mut Vec<Word>) {
    const TWO_WORDS: &[&str] = &[
        "TY", "PEN", "LLYN", "MAES", "CAE", "BRYN", "NANT", "ALLT", "CWM", "TAL", "HEN",
    ];
    let Some(at) = words
        .iter()
        .position(|word| meaning(&word.text).welsh_thoroughfare.is_some())
    else {
        return;
    };
    let Some(kind) = meaning(&words[at].text).welsh_thoroughfare else {
        return;
    };
    let line = words[at].line;
    let mut names = 0;
    let mut end = at + 1;
    let mut wanted = 1;
    while end < words.len() && words[end].line == line && names < wanted {
        if words[end].role == Role::Name {
            names += 1;
            wanted += usize::from(names == 1 && TWO_WORDS.contains(&words[end].text.as_str()));
        }
        end += 1;
    }
    if names == 0 {
        return;
    }
    let mut word = words.remove(at);
    let anchored = word.after_number;
    word.text = kind.to_owned();
    word.key = collapsed(kind);
    word.role = Role::Name;
    word.after_number = false;
    words.insert(end - 1, word);
    if let Some(first) = words[at..end - 1].iter_mut().find(|word| word.role == Role::Name) {
        first.after_number = anchored;
    }
}
