//! The keys under which a barred address is filed, and those by which a letter looks for it.
//!
//! A key is a hash; two different keys that collide bring one candidate too many and nothing worse.

use crate::abroad::Abroad;
use crate::address::{PostalAddress, Role};
use crate::postcode::Postcode;
use crate::premises::HouseNumber;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The longest range whose every number is filed.
const FILED_RANGE: u32 = 40;

/// The most words of a letter that it is looked up by.
const MOST_WORDS: usize = 40;

#[derive(Hash)]
enum Key<'a> {
    Postcode(&'a str),
    /// With the house number, or 0 without one.
    OpenPostcode(&'a str, u32),
    OutcodeNumber(&'a str, u32),
    StreetNumber(&'a str, u32),
    PlaceNumber(&'a str, u32),
    OutcodeStreet(&'a str, &'a str),
    NameStreet(&'a str, &'a str),
    NamePlace(&'a str, &'a str),
    WholeName(&'a str),
    Box(&'a str),
    Abroad(&'a str),
    /// All words but the addressee's, the part and the numbers: the same text is found whatever it is.
    AsWritten(&'a (String, &'a Option<String>, &'a Vec<u32>)),
}

impl Key<'_> {
    fn hashed(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// The keys of a barred address.
pub(crate) fn barred_keys(address: &PostalAddress) -> Vec<u64> {
    merged(address.readings().flat_map(barred_keys_of))
}

/// The keys of a letter: any word may be its street or its town.
pub(crate) fn letter_keys(address: &PostalAddress) -> Vec<u64> {
    merged(address.readings().flat_map(letter_keys_of))
}

fn merged(keys: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut keys: Vec<u64> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn barred_keys_of(address: &PostalAddress) -> Vec<u64> {
    let streets: Vec<String> = address
        .street
        .iter()
        .flat_map(|street| shortened(&street.key))
        .collect();
    let places: Vec<String> = address
        .words_of(Role::Place)
        .flat_map(|word| shortened(&word.key))
        .collect();
    keys(address, &streets, &places, true)
}

fn letter_keys_of(address: &PostalAddress) -> Vec<u64> {
    let words: Vec<&str> = address
        .words
        .iter()
        .filter(|word| matches!(word.role, Role::Name | Role::Street | Role::Place | Role::Kind))
        .map(|word| word.key.as_str())
        .take(MOST_WORDS)
        .collect();
    let mut streets: Vec<String> = Vec::new();
    for start in 0..words.len() {
        for end in start + 1..=words.len().min(start + 3) {
            streets.extend(shortened(&words[start..end].concat()));
        }
    }
    let places: Vec<String> = words.iter().flat_map(|word| shortened(word)).collect();
    keys(address, &streets, &places, false)
}

fn keys(address: &PostalAddress, streets: &[String], places: &[String], barred: bool) -> Vec<u64> {
    let mut keys = Vec::with_capacity(64);
    let mut add = |key: Key<'_>| keys.push(key.hashed());
    let numbers = numbers(address);
    let unnumbered = numbers.is_empty();
    if let Some(postcode) = &address.postcode {
        if postcode.is_whole() {
            add(Key::Postcode(postcode.joined()));
            let doors = numbers.iter().copied().chain(unnumbered.then_some(0));
            for open in open_postcodes(postcode, barred) {
                doors.clone().for_each(|door| add(Key::OpenPostcode(&open, door)));
            }
        }
        numbers
            .iter()
            .for_each(|&number| add(Key::OutcodeNumber(postcode.outcode(), number)));
        // A letter to a number is to no house that has none, and to none of another number.
        if barred || unnumbered {
            streets
                .iter()
                .for_each(|street| add(Key::OutcodeStreet(postcode.outcode(), street)));
        }
    }
    // Without street and postcode there is the town; with a postcode that is no evidence worth looking for.
    let by_town = barred || address.postcode.is_none();
    // `FLAT C, LARKSPUR COURT`: a part that is no number.
    let lettered = (unnumbered && !address.part.is_empty()).then_some(&0);
    for &number in numbers.iter().chain(lettered) {
        streets
            .iter()
            .for_each(|street| add(Key::StreetNumber(street, number)));
        places
            .iter()
            .filter(|_| by_town)
            .for_each(|place| add(Key::PlaceNumber(place, number)));
    }
    if address.numbers.is_empty() || !barred {
        for name in address.words_of(Role::Name).filter(|word| word.key.len() > 1) {
            streets
                .iter()
                .for_each(|street| add(Key::NameStreet(&name.key, street)));
            places
                .iter()
                .for_each(|place| add(Key::NamePlace(&name.key, place)));
        }
    }
    let joined = |is_meant: fn(Role) -> bool| -> String {
        let meant = address.words.iter().filter(|word| is_meant(word.role));
        meant.map(|word| word.key.as_str()).collect()
    };
    let name = joined(|role| role == Role::Name);
    if name.len() > 5 {
        add(Key::WholeName(&name));
    }
    let written = (
        joined(|role| role != Role::Addressee),
        &address.part.label,
        &numbers,
    );
    add(Key::AsWritten(&written));
    address
        .po_box
        .iter()
        .chain(&address.bfpo)
        .for_each(|number| add(Key::Box(number)));
    // A barred address is filed under its words only if it lies abroad; a letter may leave the country out.
    let abroad = address
        .abroad
        .iter()
        .filter(|abroad| abroad.country.is_some() || !barred);
    abroad
        .flat_map(Abroad::pieces)
        .for_each(|piece| add(Key::Abroad(piece)));
    keys
}

/// The key whole, its first four and its last five letters: one slip leaves one of them whole.
fn shortened(key: &str) -> impl Iterator<Item = String> {
    let front = (key.len() > 4).then(|| format!("{}<", &key[..4]));
    let back = (key.len() > 6).then(|| format!(">{}", &key[key.len() - 5..]));
    std::iter::once(key.to_owned()).chain(front).chain(back)
}

/// Every number that the address answers to: each of a range, and a unit's number.
fn numbers(address: &PostalAddress) -> Vec<u32> {
    let spread = |number: &HouseNumber| {
        let last = number.last.min(number.first + FILED_RANGE);
        (number.first..=last).chain(number.misread).chain([number.last])
    };
    let unit = address.part.label.as_deref().and_then(HouseNumber::parse);
    let mut numbers: Vec<u32> = address.numbers.iter().chain(&unit).flat_map(spread).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The postcode with each character left open in turn; a letter also tries each swap of neighbours.
fn open_postcodes(postcode: &Postcode, barred: bool) -> Vec<String> {
    let joined = postcode.joined();
    let mut forms: Vec<String> = (0..joined.len())
        .map(|i| format!("{}?{}", &joined[..i], &joined[i + 1..]))
        .collect();
    if !barred {
        // A swap away: found where the barred one has its first character left open.
        let swapped = (2..joined.len()).map(|i| {
            format!(
                "?{}{}{}{}",
                &joined[1..i - 1],
                &joined[i..=i],
                &joined[i - 1..i],
                &joined[i + 1..]
            )
        });
        forms.extend(swapped);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MAX_ADDRESS_BYTES, WrittenAddress};

    #[test]
    fn no_text_however_long_is_looked_up_under_more_keys_than_a_machine_hashes_in_a_moment() {
        let ranges: String = (1..90).map(|n| format!("{n}-{} ", n + 39)).collect();
        let words: String = ('A'..='Z').map(|c| format!("{c}A{c} ")).collect();
        for text in [
            format!("{words}{ranges}"),
            ranges.clone(),
            words.repeat(4),
            format!("1-40,{ranges}{words}"),
        ] {
            let text = &text[..text.len().min(MAX_ADDRESS_BYTES)];
            let address = PostalAddress::parse(&WrittenAddress::new(text).unwrap(), Some("ZX4 7QP")).unwrap();
            let keys = letter_keys(&address).len();
            assert!(keys < 250_000, "{keys}");
        }
    }
}
