//! Whether two addresses mean the same door: house number, then flat, unit or floor.

use crate::address::{PostalAddress, Role};
use crate::alike::collapsed;
use crate::premises::{HouseNumber, Part, as_misread};
use crate::reason::Reason;

/// Number and part of the building.
pub(crate) fn door(written: &PostalAddress, barred: &PostalAddress) -> (Option<Reason>, Option<Reason>) {
    if range_by_slash(written, barred) || range_by_slash(barred, written) {
        return (Some(Reason::NumberInRange), None);
    }
    let numbers = numbers(
        &written.numbers,
        &written.part,
        &barred.numbers,
        &barred.part,
        written,
    );
    let parts = parts(written, barred);
    // "91A" and "91C" are doors of their own; "Flat A" and "Flat C" share one building.
    if numbers == Some(Reason::NumberSame)
        && parts == Some(Reason::PartDifferent)
        && lettered(written, barred)
    {
        return (Some(Reason::NumberDifferent), None);
    }
    (numbers, parts)
}

/// `30/32` for `30-32`, unless it is flat 30 at 32.
fn range_by_slash(one: &PostalAddress, other: &PostalAddress) -> bool {
    let ([number], [range], true) = (&one.numbers[..], &other.numbers[..], one.part.implied) else {
        return false;
    };
    let flat = one.part.label.as_deref().and_then(|label| label.parse().ok());
    range.first < range.last
        && (flat, number.first, number.last) == (Some(range.first), range.last, range.last)
}

/// Both sides only put a letter behind the number, and no word for a part or floor.
fn lettered(written: &PostalAddress, barred: &PostalAddress) -> bool {
    let bare = |address: &PostalAddress| {
        let letter = |label: &str| matches!(label.as_bytes(), [b'A'..=b'Z']);
        let part = &address.part;
        part.label.as_deref().is_some_and(letter) && part.implied && part.floor.is_none()
    };
    bare(written) && bare(barred)
}

/// House numbers; where one side has none, the number of its unit (`Unit 5` for `5`).
fn numbers(
    ours: &[HouseNumber],
    our_part: &Part,
    theirs: &[HouseNumber],
    their_part: &Part,
    written: &PostalAddress,
) -> Option<Reason> {
    let unit_number = |part: &Part| part.label.as_deref().and_then(HouseNumber::parse);
    let as_unit = |part: &Part, numbers: &[HouseNumber]| {
        unit_number(part).is_some_and(|unit| numbers.iter().any(|number| number.same_number(&unit)))
    };
    let other_unit = |part: &Part| part.stands_alone && unit_number(part).is_some();
    match (ours.is_empty(), theirs.is_empty()) {
        (true, true) => return units(our_part, their_part),
        (false, true) if as_unit(their_part, ours) => return Some(Reason::NumberIsUnit),
        (true, false) if as_unit(our_part, theirs) => return Some(Reason::NumberIsUnit),
        (true, false) if misread_word(written, theirs) => return Some(Reason::NumberMisread),
        (true, false) if other_unit(our_part) => return Some(Reason::NumberDifferent),
        (false, true) if other_unit(their_part) => return Some(Reason::NumberDifferent),
        (true, _) | (_, true) => return Some(Reason::NumberMissing),
        (false, false) => {}
    }
    Some(written_numbers(ours, theirs))
}

/// Both sides have house numbers. A number in words may be part of a name, so it never tells houses apart.
fn written_numbers(ours: &[HouseNumber], theirs: &[HouseNumber]) -> Reason {
    let any =
        |test: fn(&HouseNumber, &HouseNumber) -> bool| ours.iter().any(|a| theirs.iter().any(|b| test(a, b)));
    let same = ours
        .iter()
        .filter(|a| theirs.iter().any(|b| a.same_number(b)))
        .count();
    match same {
        n if n > 0 && n == ours.len().min(theirs.len()) => Reason::NumberSame,
        n if n > 0 => Reason::NumberOneOfSeveral,
        _ if any(HouseNumber::overlaps) => Reason::NumberInRange,
        _ if any(HouseNumber::misread_as) => Reason::NumberMisread,
        _ if ours.iter().chain(theirs).any(|number| number.in_words) => Reason::NumberMissing,
        _ => Reason::NumberDifferent,
    }
}

/// Without house numbers a unit's number serves as one; two flats of one building are not two houses.
fn units(ours: &Part, theirs: &Part) -> Option<Reason> {
    let (a, b) = (ours.label.as_deref()?, theirs.label.as_deref()?);
    if same_label(a, b) {
        return Some(Reason::NumberSame);
    }
    (ours.stands_alone && theirs.stands_alone).then_some(Reason::NumberDifferent)
}

fn same_label(a: &str, b: &str) -> bool {
    a == b || collapsed(a) == collapsed(b) || scottish(a) == scottish(b) || same_labels(a, b)
}

/// `IO HIGH STREET`, `SD YORK ROAD`: a word made only of characters taken for digits, but for a letter behind.
fn misread_word(written: &PostalAddress, theirs: &[HouseNumber]) -> bool {
    let short = written
        .words
        .iter()
        .filter(|word| word.text.len() <= 3 && matches!(word.role, Role::Name | Role::Street));
    let numbers = |text: &str| {
        let front = &text[..text.len() - 1];
        [as_misread(text), as_misread(front)]
    };
    short
        .filter(|word| word.text.is_ascii())
        .flat_map(|word| numbers(&word.text))
        .flatten()
        .any(|number| theirs.iter().any(|held| held.first == number))
}

fn parts(written: &PostalAddress, barred: &PostalAddress) -> Option<Reason> {
    let (ours, theirs) = (&written.part, &barred.part);
    let suffixes = written.numbers.iter().any(|a| {
        let other = barred.numbers.iter().find(|b| a.same_number(b));
        other.is_some_and(|b| matches!((a.suffix, b.suffix), (Some(x), Some(y)) if x != y))
    });
    let labels = match (&ours.label, &theirs.label) {
        (Some(a), Some(b)) => Some(labels(a, b)),
        _ => None,
    };
    let floors = match (ours.floor, theirs.floor) {
        (Some(a), Some(b)) => Some(floors(a, b)),
        _ => None,
    };
    match labels.or(floors) {
        Some(Reason::PartSame) if suffixes => Some(Reason::PartUnclear),
        _ if suffixes => Some(Reason::PartDifferent),
        Some(reason) => Some(reason),
        None if ours.is_empty() && theirs.is_empty() => None,
        None if letter_added(written, barred) => Some(Reason::PartLetterAdded),
        None if ours.is_empty() || theirs.is_empty() => Some(Reason::PartMissing),
        None => Some(Reason::PartUnclear),
    }
}

/// Only labels of one shape (`2` and `3`, `A` and `C`, `2F1` and `1F1`) can be two flats for sure.
fn labels(a: &str, b: &str) -> Reason {
    let shape = |label: &str| -> String {
        let kind = |c: char| match c {
            '0'..='9' => '9',
            ' ' => ' ',
            _ => 'A',
        };
        let mut shape: Vec<char> = scottish(label).chars().map(kind).collect();
        shape.dedup();
        shape.into_iter().collect()
    };
    match same_label(a, b) {
        true => Reason::PartSame,
        false if shape(a) == shape(b) => Reason::PartDifferent,
        false => Reason::PartUnclear,
    }
}

/// Floors by their code in the vocabulary: storeys are counted from the basement (0) to the seventh floor (8), and `top`
/// or `rear` may be any of several.
fn floors(a: u8, b: u8) -> Reason {
    const TOP: u8 = 9;
    const UPPER: u8 = 10;
    const LOWER: u8 = 11;
    const REAR: u8 = 12;
    const FRONT: u8 = 13;
    match (a.min(b), a.max(b)) {
        (low, high) if low == high => Reason::PartSame,
        (_, 0..TOP) | (0..=1, TOP | UPPER) | (TOP | UPPER, LOWER) | (REAR, FRONT) => Reason::PartDifferent,
        _ => Reason::PartUnclear,
    }
}

/// `10B` where `10` is barred: another door, as 10A and 10C are.
fn letter_added(written: &PostalAddress, barred: &PostalAddress) -> bool {
    let part = &written.part;
    let lettered = part.implied && part.floor.is_none() && written.numbers.iter().any(|a| a.suffix.is_some());
    let same = |a: &HouseNumber| barred.numbers.iter().any(|b| a.same_number(b));
    lettered && barred.part.is_empty() && written.numbers.iter().all(same)
}

/// `Block B Flat 2` and `Flat 2 Block B`.
fn same_labels(a: &str, b: &str) -> bool {
    let one_by_one = |label: &str| {
        let mut labels: Vec<String> = label.split(' ').map(collapsed).collect();
        labels.sort_unstable();
        labels
    };
    a.len() == b.len() && a.contains(' ') && one_by_one(a) == one_by_one(b)
}

/// `2F1`, `2/1` and `2-1` are one.
fn scottish(label: &str) -> String {
    label.replace(['/', '-'], "F")
}
