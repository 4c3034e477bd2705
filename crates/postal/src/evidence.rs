//! Collects the evidence about two addresses: postcode, number, part of the building, street, house name, place.

use crate::address::{PostalAddress, Role, Word};
use crate::door::door;
use crate::postcode::PostcodeAgreement;
use crate::reason::Reason;
use crate::street::{Found, Kind, Reading};
use crate::vocabulary::meaning;

/// The street agrees, exactly or but for one slip.
pub(crate) const SAME_STREET: &[Reason] = &[
    Reason::StreetSameRare,
    Reason::StreetSameCommon,
    Reason::StreetSlipRare,
    Reason::StreetSlipCommon,
];

/// Evidence about one pair.
pub(crate) struct Evidence {
    pub(crate) reasons: Vec<Reason>,
}

impl Evidence {
    pub(crate) fn has_any(&self, reasons: &[Reason]) -> bool {
        reasons.iter().any(|reason| self.reasons.contains(reason))
    }
}

/// The evidence that costs little: postcode, house number and part of the building.
pub(crate) struct Threshold {
    pub(crate) reasons: Vec<Reason>,
}

/// What is at the threshold of two addresses, before their words are compared.
pub(crate) fn threshold(written: &PostalAddress, barred: &PostalAddress) -> Threshold {
    let mut reasons = Vec::with_capacity(8);
    reasons.push(postcode(written, barred));
    let (numbers, parts) = door(written, barred);
    reasons.extend(numbers);
    reasons.extend(parts);
    Threshold { reasons }
}

/// All evidence, in the order of a report.
pub(crate) fn collect(
    threshold: Threshold,
    written: &Reading<'_>,
    barred: &PostalAddress,
    common: bool,
) -> Evidence {
    let mut reasons = threshold.reasons;
    let mut used = vec![false; written.address.words.len()];
    let mut street = street(written, barred, common, &mut used);
    let name = name(written, barred, &mut used);
    if name != Some(Reason::NameSame) && stands_by_building(written.address, barred) {
        street
            .iter_mut()
            .filter(|reason| SAME_STREET.contains(reason))
            .for_each(|reason| *reason = Reason::StreetBeside);
    }
    reasons.extend(street);
    reasons.extend(name);
    reasons.extend(place(written, barred, &mut used));
    reasons.extend(boxes(written.address, barred));
    Evidence { reasons }
}

fn postcode(written: &PostalAddress, barred: &PostalAddress) -> Reason {
    let agreement = match (&written.postcode, &barred.postcode) {
        (Some(a), Some(b)) => a.agreement(b),
        _ => PostcodeAgreement::Missing,
    };
    match agreement {
        PostcodeAgreement::Same => Reason::PostcodeSame,
        PostcodeAgreement::Swapped => Reason::PostcodeSwapped,
        PostcodeAgreement::OneEdit => Reason::PostcodeOneEdit,
        PostcodeAgreement::OutcodeOnly => Reason::PostcodeFirstHalf,
        PostcodeAgreement::SameSector => Reason::PostcodeSector,
        PostcodeAgreement::SameOutcode => Reason::PostcodeDistrict,
        PostcodeAgreement::Missing => Reason::PostcodeMissing,
        PostcodeAgreement::Different => Reason::PostcodeDifferent,
    }
}

fn street(written: &Reading<'_>, barred: &PostalAddress, common: bool, used: &mut [bool]) -> Vec<Reason> {
    let Some(street) = &barred.street else {
        return written
            .address
            .street
            .is_some()
            .then_some(Reason::StreetMissing)
            .into_iter()
            .collect();
    };
    let Some(found) = written.find_street(street, barred) else {
        return vec![match written.address.street {
            Some(_) if written.half_written(street) => Reason::StreetPartly,
            Some(_) => Reason::StreetDifferent,
            None => Reason::StreetMissing,
        }];
    };
    let end = found.at.end + usize::from(found.kind == Kind::Same && street.kind.is_some());
    used.iter_mut()
        .take(end)
        .skip(found.at.start)
        .for_each(|used| *used = true);
    if found.beside && found.kind != Kind::Same {
        return vec![Reason::StreetDifferent];
    }
    let likeness = match (found.at.edits, common) {
        _ if found.beside => Reason::StreetBeside,
        (0, false) => Reason::StreetSameRare,
        (0, true) => Reason::StreetSameCommon,
        (1, false) => Reason::StreetSlipRare,
        (1, true) => Reason::StreetSlipCommon,
        _ => Reason::StreetSlips,
    };
    let kind = match found.kind {
        Kind::Same => None,
        Kind::Missing => Some(Reason::KindMissing),
        Kind::Different => Some(Reason::KindDifferent),
    };
    std::iter::once(likeness).chain(kind).collect()
}

/// The number stands by a building ("3A FREEBOURNES FARMHOUSE NEWLAND STREET") that the other address does not name.
fn stands_by_building(written: &PostalAddress, barred: &PostalAddress) -> bool {
    let by = |address: &PostalAddress| {
        let word = address.words.iter().find(|word| {
            word.role == Role::Name && word.after_number && meaning(&word.text).number.is_none()
        });
        word.map(|word| word.key.clone())
    };
    let lacks = |key: Option<String>, other: &PostalAddress| {
        key.is_some_and(|key| !other.words.iter().any(|word| word.key == key))
    };
    lacks(by(written), barred) || lacks(by(barred), written)
}

/// Finds each different word of one role of the barred address; gives each with whether it was found.
fn matched<'b>(
    written: &Reading<'_>,
    barred: &'b PostalAddress,
    role: Role,
    used: &mut [bool],
) -> Vec<(&'b Word, bool)> {
    let mut seen: Vec<(&Word, bool)> = Vec::new();
    for word in barred.words_of(role).filter(|word| word.key.len() > 1) {
        if seen.iter().any(|(held, _)| held.key == word.key) {
            continue;
        }
        let at = written.find(&word.key, used);
        if let Some(at) = at {
            mark(used, at);
        }
        seen.push((word, at.is_some()));
    }
    seen
}

fn mark(used: &mut [bool], at: Found) {
    used.iter_mut()
        .take(at.end)
        .skip(at.start)
        .for_each(|used| *used = true);
}

/// How house names agree. `ROSE` weighs more than `COTTAGE`, which tells no house from the next.
fn name(written: &Reading<'_>, barred: &PostalAddress, used: &mut [bool]) -> Option<Reason> {
    const OWN_WORD: usize = 3;
    let whole: String = barred
        .words_of(Role::Name)
        .map(|word| word.key.as_str())
        .collect();
    if whole.len() > 4
        && let Some(at) = written.find(&whole, used)
    {
        mark(used, at);
        return Some(Reason::NameSame);
    }
    let words = matched(written, barred, Role::Name, used);
    let plain = words
        .iter()
        .all(|(word, _)| meaning(&word.text).building.is_some());
    let own = |word: &Word| plain || meaning(&word.text).building.is_none();
    let weight = |word: &Word| if own(word) { OWN_WORD } else { 1 };
    let all: usize = words.iter().map(|(word, _)| weight(word)).sum();
    let found: usize = words
        .iter()
        .filter(|(_, found)| *found)
        .map(|(word, _)| weight(word))
        .sum();
    let any = words.iter().any(|(word, found)| *found && own(word));
    let ours = written
        .address
        .words_of(Role::Name)
        .any(|word| word.key.len() > 2);
    match (all, found) {
        (0, _) => ours.then_some(Reason::NameMissing),
        (all, found) if any && found * 5 > all * 4 => Some(Reason::NameSame),
        _ if any => Some(Reason::NamePartly),
        _ if ours && barred.numbers.is_empty() => Some(Reason::NameDifferent),
        _ => Some(Reason::NameMissing),
    }
}

fn place(written: &Reading<'_>, barred: &PostalAddress, used: &mut [bool]) -> Option<Reason> {
    let words = matched(written, barred, Role::Place, used);
    let (all, found) = (words.len(), words.iter().filter(|(_, found)| *found).count());
    let left = written.address.words.iter().zip(used.iter());
    let other = left
        .filter(|(word, used)| !**used && word.role == Role::Place && word.key.len() > 2)
        .count();
    match (all, found, other) {
        (0, _, _) => Some(Reason::PlaceMissing),
        (all, found, 0) if found == all => Some(Reason::PlaceSame),
        (_, found, _) if found > 0 => Some(Reason::PlacePartly),
        (_, _, 0) => Some(Reason::PlaceMissing),
        _ => Some(Reason::PlaceDifferent),
    }
}

fn boxes(written: &PostalAddress, barred: &PostalAddress) -> Option<Reason> {
    let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (None, None) => None,
        (a, b) => Some(a == b),
    };
    match (
        same(&written.po_box, &barred.po_box),
        same(&written.bfpo, &barred.bfpo),
    ) {
        (None, None) => None,
        (Some(false), _) | (_, Some(false)) => Some(Reason::BoxDifferent),
        _ => Some(Reason::BoxSame),
    }
}
