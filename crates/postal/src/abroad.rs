//! Addresses abroad, where nothing is known of how they are built: compared word for word.
//!
//! Every number must agree, both ways. Then an address is exact if all words of the barred one are found, near if most
//! of their letters are; further words (an addressee) count for nothing. No more is claimed: no foreign abbreviation,
//! order of naming or postcode is understood.

use crate::alike::{allowed_edits, collapsed, distance_within};
use crate::compare::{Comparison, LetterVerdict};
use crate::reason::Reason;
use crate::token::Token;
use crate::vocabulary::{LONGEST_PHRASE, meaning};
use crate::weights::WEIGHTS;

/// Of the letters of the barred address, so many in a hundred must be found for a near agreement.
const NEAR_PERCENT: usize = 75;

/// The words of an address that may lie abroad, and the country if it is written.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Abroad {
    pub(crate) country: Option<String>,
    /// Words as keys, numbers as they stand; each once, in order of the alphabet.
    words: Vec<String>,
    numbers: Vec<String>,
}

impl Abroad {
    /// From all tokens of an address, and a postcode written apart.
    pub(crate) fn new(tokens: &[Token], postcode: Option<&str>, country: Option<String>) -> Self {
        let apart = postcode.map(|text| text.to_ascii_uppercase().replace(' ', ""));
        let texts = tokens
            .iter()
            .map(|token| token.text.as_str())
            .chain(apart.as_deref());
        let (mut words, mut numbers) = (Vec::new(), Vec::new());
        for text in texts.filter(|text| country.as_deref() != Some(*text) && !meaning(text).abroad) {
            let known = meaning(text);
            let canonical = known.thoroughfare.or(known.unit).or(known.building);
            match text.bytes().any(|b| b.is_ascii_digit()) {
                true => numbers.push(text.to_owned()),
                false if !known.article && !known.title => words.push(collapsed(canonical.unwrap_or(text))),
                false => {}
            }
        }
        for list in [&mut words, &mut numbers] {
            list.sort_unstable();
            list.dedup();
        }
        Self {
            country,
            words,
            numbers,
        }
    }

    /// What it is filed and looked up under.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter().filter(|word| word.len() > 3);
        words.chain(&self.numbers).map(String::as_str)
    }
}

/// The country abroad that the address ends in; `NORTHERN IRELAND` is none, though it ends in one.
pub(crate) fn country_abroad(tokens: &[Token]) -> Option<String> {
    let last = |count: usize| {
        let end = &tokens[tokens.len() - count..];
        let texts = end.iter().map(|token| token.text.as_str());
        texts.collect::<Vec<_>>().join(" ")
    };
    let phrases = (1..=LONGEST_PHRASE.min(tokens.len())).rev().map(last);
    let known = |phrase: &String| meaning(phrase).abroad || meaning(phrase).county.is_some();
    phrases
        .into_iter()
        .find(known)
        .filter(|phrase| meaning(phrase).abroad)
}

/// Compares two of which at least one names a country abroad.
pub(crate) fn compare(written: &Abroad, barred: &Abroad) -> Comparison {
    let length = |words: &[&String]| words.iter().map(|word| word.len()).sum::<usize>();
    let found: Vec<&String> = barred.words.iter().filter(|word| holds(written, word)).collect();
    let (all, found) = (length(&barred.words.iter().collect::<Vec<_>>()), length(&found));
    let whole = barred.words.iter().all(|word| written.words.contains(word));
    let share = (found * 100).checked_div(all).unwrap_or(0);
    let (stop, hold) = (WEIGHTS.stop_points, WEIGHTS.hold_points);
    let points = i32::try_from(share).unwrap_or(0);
    let (verdict, score, reason) = match written.numbers == barred.numbers {
        false => (LetterVerdict::Pass, points.min(hold - 1), Reason::AbroadDifferent),
        true if whole && written.country == barred.country => {
            (LetterVerdict::Stop, stop + points, Reason::AbroadSame)
        }
        true if share >= NEAR_PERCENT => (
            LetterVerdict::Hold,
            points.clamp(hold, stop - 1),
            Reason::AbroadNear,
        ),
        true => (LetterVerdict::Pass, points.min(hold - 1), Reason::AbroadDifferent),
    };
    Comparison {
        verdict,
        score,
        reasons: vec![reason],
        near: false,
    }
}

fn holds(written: &Abroad, word: &str) -> bool {
    let limit = allowed_edits(word.len());
    let close = |other: &String| distance_within(other.as_bytes(), word.as_bytes(), limit).is_some();
    written.words.iter().any(close)
}
