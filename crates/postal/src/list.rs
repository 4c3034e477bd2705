//! The barred addresses, indexed so that a letter is weighed against the few that could be meant, never all.
//!
//! Each barred address is filed under several keys (its postcode, and its postcode with any one character left open;
//! number with outcode, street or town; house name with street or town). A letter's own keys are looked up, and what
//! they bring is weighed.

use crate::address::PostalAddress;
use crate::compare::{Comparison, LetterVerdict, weigh};
use crate::index::Index;
use crate::keys::{barred_keys, letter_keys};
use crate::reason::Reason;
use crate::street::Reading;
use crate::vocabulary::COMMON_STREETS;
use std::collections::HashMap;
use std::fmt;

/// A street name counts as common in a list when it has more than one in so many of its addresses.
const COMMON_SHARE: usize = 200;
/// And at least so many.
const COMMON_LEAST: usize = 4;

/// A pass with no more points than these is a pass without a best candidate.
const LEAST_POINTS: i32 = 0;

/// An index over barred addresses, each under the caller's own id.
pub struct AddressList<Id> {
    entries: Vec<Entry<Id>>,
    index: Index,
}

struct Entry<Id> {
    id: Id,
    address: PostalAddress,
    common: bool,
}

/// What [`AddressList::find`] says about one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<Id> {
    /// Stop, hold or pass.
    pub verdict: LetterVerdict,
    /// The barred address that fits best, even on a pass; `None` when none comes near.
    pub best: Option<Id>,
    /// Points of the best one; larger is surer. `None` without one.
    pub score: Option<i32>,
    /// The evidence about the best one.
    pub reasons: Vec<Reason>,
    /// As [`Comparison::near`].
    pub near: bool,
}

impl<Id: Clone + Ord> AddressList<Id> {
    /// Files every address. Two addresses may share an id.
    pub fn build(addresses: impl IntoIterator<Item = (Id, PostalAddress)>) -> Self {
        let mut entries: Vec<Entry<Id>> = addresses
            .into_iter()
            .map(|(id, address)| Entry {
                id,
                address,
                common: false,
            })
            .collect();
        mark_common(&mut entries);
        let filed = (0_u32..).zip(&entries).flat_map(|(place, entry)| {
            barred_keys(&entry.address)
                .into_iter()
                .map(move |key| (key, place))
        });
        let index = Index::build(filed);
        Self { entries, index }
    }

    /// How many addresses are filed.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Weighs the addresses that could be meant and gives the best; of equals, the smallest id. One that has no more
    /// than [`LEAST_POINTS`] is not named.
    pub fn find(&self, written: &PostalAddress) -> Match<Id> {
        let readings = Reading::all(written);
        let mut best: Option<(Comparison, &Id)> = None;
        for entry in self.candidates(written) {
            let least = match &best {
                Some((held, id)) if entry.id < **id => held.score - 1,
                Some((held, _)) => held.score,
                None => LEAST_POINTS,
            };
            if let Some(better) = weigh(&readings, &entry.address, entry.common, least) {
                best = Some((better, &entry.id));
            }
        }
        best.map_or_else(Match::none, |(comparison, id)| Match::of(comparison, id.clone()))
    }

    /// Every barred address that stops or holds the letter or comes [near](Comparison::near), surest first: two cases may
    /// bar one address.
    pub fn find_all(&self, written: &PostalAddress) -> Vec<Match<Id>> {
        let readings = Reading::all(written);
        let weighed = self.candidates(written).filter_map(|entry| {
            let comparison = weigh(&readings, &entry.address, entry.common, LEAST_POINTS)?;
            Some(Match::of(comparison, entry.id.clone()))
        });
        let mut found: Vec<Match<Id>> = weighed
            .filter(|held| held.verdict > LetterVerdict::Pass || held.near)
            .collect();
        found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.best.cmp(&b.best)));
        found
    }

    fn candidates(&self, written: &PostalAddress) -> impl Iterator<Item = &Entry<Id>> {
        let mut found: Vec<u32> = letter_keys(written)
            .iter()
            .flat_map(|&key| self.index.at(key))
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|position| &self.entries[position as usize])
    }
}

impl<Id> Match<Id> {
    fn of(comparison: Comparison, id: Id) -> Self {
        let Comparison {
            verdict,
            score,
            reasons,
            near,
        } = comparison;
        Self {
            verdict,
            best: Some(id),
            score: Some(score),
            reasons,
            near,
        }
    }

    /// Nothing comes near: pass.
    pub(crate) fn none() -> Self {
        Self {
            verdict: LetterVerdict::Pass,
            best: None,
            score: None,
            reasons: Vec::new(),
            near: false,
        }
    }
}

impl<Id> fmt::Debug for AddressList<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AddressList({} addresses)", self.entries.len())
    }
}

fn mark_common<Id>(entries: &mut [Entry<Id>]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for street in entries.iter().filter_map(|entry| entry.address.street.as_ref()) {
        *counts.entry(street.key.clone()).or_default() += 1;
    }
    let limit = (entries.len() / COMMON_SHARE).max(COMMON_LEAST);
    for entry in entries {
        entry.common = entry.address.street.as_ref().is_some_and(|street| {
            COMMON_STREETS.contains(&street.key)
                || counts.get(&street.key).is_some_and(|&count| count > limit)
        });
    }
}
