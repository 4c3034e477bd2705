//! What a prisoner is in prison for, in the prison service's words and in the referrer's: a word in common agrees.
//!
//! In: every offence as the roster is laid out, each distinct one once. Out: what each weighs in one query. An offence
//! helps to rank; it never makes an answer sure, for it is known from hearsay and recorded as the law calls it.

use std::collections::HashMap;

use crate::Roster;
use crate::evidence::{Evidence, Field, Level};
use crate::scale::Scale;

/// Words are compared by so many letters, so that "murdered" is murder and "robbed" robbery.
const STEM_LETTERS: usize = 4;
/// Words of one offence that are compared; what follows is not read.
const MOST_WORDS: usize = 32;
/// Words that say nothing of an offence.
const EMPTY: [&str; 6] = ["with", "from", "that", "other", "they", "offe"];
/// Of somebody who is not on the roster, the share whose offence has a word that is asked.
const AGREE_BY_CHANCE: f64 = 0.05;

/// Distinct offences, and how many prisoners are held for each.
#[derive(Default)]
pub(crate) struct Offences {
    ids: HashMap<Box<str>, u32>,
    people: Vec<u32>,
    /// The offences that have a word with this stem.
    by_stem: HashMap<String, Vec<u32>>,
}

impl Offences {
    /// The place of an offence among the distinct ones, from one; zero where none is recorded.
    pub(crate) fn count(&mut self, offence: Option<&str>) -> u32 {
        let Some(offence) = offence.map(str::trim).filter(|text| !text.is_empty()) else {
            return 0;
        };
        let next = self.people.len() as u32 + 1;
        let id = *self.ids.entry(offence.into()).or_insert(next);
        if id == next {
            self.people.push(0);
            for stem in stems(offence) {
                self.by_stem.entry(stem).or_default().push(id);
            }
        }
        self.people[id as usize - 1] += 1;
        id
    }

    /// One prisoner fewer is held for this offence; zero for none.
    pub(crate) fn discount(&mut self, offence: u32) {
        if let Some(at) = offence.checked_sub(1) {
            self.people[at as usize] -= 1;
        }
    }
}

/// The offence asked, and the level of every distinct one recorded.
pub(crate) struct AskedOffence {
    levels: Vec<Level>,
    scale: Scale,
    written: String,
}

impl AskedOffence {
    /// Nothing where no word can be compared.
    pub(crate) fn new(roster: &Roster, written: &str) -> Option<Self> {
        let asked = stems(written);
        if asked.is_empty() {
            return None;
        }
        let offences = &roster.offences;
        let mut levels = vec![Level::Different; offences.people.len() + 1];
        levels[0] = Level::NotRecorded;
        for id in asked
            .iter()
            .filter_map(|stem| offences.by_stem.get(stem))
            .flatten()
        {
            levels[*id as usize] = Level::Agrees;
        }
        let people = || levels[1..].iter().zip(&offences.people);
        let all: f64 = people().map(|(_, people)| f64::from(*people)).sum();
        let agreeing = people().filter(|(level, _)| **level == Level::Agrees);
        let agreeing: f64 = agreeing.map(|(_, people)| f64::from(*people)).sum();
        let weights = &roster.weights;
        let more = weights.settings.population_weight;
        let u = (agreeing + AGREE_BY_CHANCE * more) / (all + more);
        let mut scale = Scale::new(Field::Offence);
        let limits = (weights.settings.lowest_bits, f64::INFINITY);
        let m = |level| weights.m(Field::Offence, level);
        scale.set(Level::Agrees, m(Level::Agrees), u, (0.0, f64::INFINITY));
        scale.set(Level::Different, m(Level::Different), 1.0 - u, limits);
        Some(Self {
            levels,
            scale,
            written: written.trim().to_owned(),
        })
    }

    #[inline]
    pub(crate) fn bits(&self, offence: u32) -> f64 {
        self.scale.bits(self.levels[offence as usize])
    }

    pub(crate) fn most_bits(&self) -> f64 {
        self.scale.most_bits()
    }

    pub(crate) fn explain(&self, offence: u32, recorded: Option<&str>) -> Evidence {
        let level = self.levels[offence as usize];
        let recorded = recorded.filter(|_| level != Level::NotRecorded);
        self.scale
            .evidence(level, Some(self.written.clone()), recorded.map(str::to_owned))
    }
}

fn stems(text: &str) -> Vec<String> {
    text.split(|ch: char| !ch.is_alphabetic())
        .filter(|word| word.chars().count() >= STEM_LETTERS)
        .map(|word| word.to_lowercase().chars().take(STEM_LETTERS).collect())
        .filter(|stem: &String| !EMPTY.contains(&stem.as_str()))
        .take(MOST_WORDS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_deed_has_a_stem_in_common() {
        for (told, recorded) in [
            ("he murdered a man", "Murder"),
            ("robbed a shop", "Robbery with a firearm"),
            ("stalking", "Stalking involving fear of violence"),
        ] {
            assert!(
                stems(told).iter().any(|stem| stems(recorded).contains(stem)),
                "{told}"
            );
        }
        assert!(stems("with a DUI").is_empty());
    }
}
