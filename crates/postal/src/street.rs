//! Finding one address's words in another's: every run of up to four words is a [`Window`], compared as one key
//! without blanks, so that split, joined, misspelt and reordered words are still found.

use crate::address::{PostalAddress, Role, Street};
use crate::alike::{allowed_edits, distance_within};
use crate::roles::kind_of;

/// The most words in one window.
const LONGEST_WINDOW: usize = 4;

/// The words of an address being checked, made ready once and compared with many.
pub(crate) struct Reading<'a> {
    pub(crate) address: &'a PostalAddress,
    windows: Vec<Window>,
}

/// A run of words `start..end` joined to one key.
pub(crate) struct Window {
    pub(crate) start: usize,
    pub(crate) end: usize,
    key: String,
    letters: u64,
}

/// Where a key was found, and how many edits away.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) edits: usize,
}

impl<'a> Reading<'a> {
    /// Makes an address ready, in each way that it can be read; at least one.
    pub(crate) fn all(address: &'a PostalAddress) -> Vec<Self> {
        address.readings().map(Self::new).collect()
    }

    fn new(address: &'a PostalAddress) -> Self {
        let words = &address.words;
        let mut windows = Vec::with_capacity(words.len() * LONGEST_WINDOW);
        for start in 0..words.len() {
            let mut key = String::new();
            for (offset, word) in words[start..].iter().take(LONGEST_WINDOW).enumerate() {
                let edge = word.role == Role::Article || word.role == Role::Addressee;
                if edge && (offset == 0 || word.role == Role::Addressee) {
                    break;
                }
                if !edge {
                    key.push_str(&word.key);
                    let letters = letters_of(&key);
                    windows.push(Window {
                        start,
                        end: start + offset + 1,
                        key: key.clone(),
                        letters,
                    });
                }
            }
        }
        Self { address, windows }
    }

    /// The closest window to `key` among words not `used` yet, if it is close enough for its length.
    pub(crate) fn find(&self, key: &str, used: &[bool]) -> Option<Found> {
        let mut limit = allowed_edits(key.len());
        let letters = letters_of(key);
        let mut best: Option<Found> = None;
        for window in &self.windows {
            let too_unlike = (window.letters ^ letters).count_ones() as usize > 2 * limit;
            if too_unlike || window.key.len().abs_diff(key.len()) > limit {
                continue;
            }
            let Some(edits) = distance_within(window.key.as_bytes(), key.as_bytes(), limit) else {
                continue;
            };
            if used[window.start..window.end].contains(&true) {
                continue;
            }
            if best.is_none_or(|held| edits < held.edits) {
                best = Some(Found {
                    start: window.start,
                    end: window.end,
                    edits,
                });
                if edits == 0 {
                    break;
                }
                limit = edits;
            }
        }
        best
    }
}

/// How a street was found in the other address.
#[derive(Clone, Copy)]
pub(crate) struct StreetFound {
    pub(crate) at: Found,
    pub(crate) kind: Kind,
    /// The number in the other address stands by another street.
    pub(crate) beside: bool,
}

impl StreetFound {
    /// Smaller is a better reading.
    fn cost(&self) -> usize {
        let kind = match self.kind {
            Kind::Same => 0,
            Kind::Missing => 3,
            Kind::Different => 4,
        };
        2 * self.at.edits + kind + if self.beside { 3 } else { 0 }
    }
}

/// How the kinds of street agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Same,
    Missing,
    Different,
}

impl Reading<'_> {
    /// Looks for `street`: its name followed by its kind, or both written as one word, or hidden in a longer word.
    pub(crate) fn find_street(&self, street: &Street, barred: &PostalAddress) -> Option<StreetFound> {
        // Joined with its kind a name gains letters, not slips.
        let limit = allowed_edits(street.key.len());
        let by_name = self
            .near(&street.key, limit)
            .map(|at| self.placed(at, self.kind_after(at.end, street.kind)));
        let whole = street
            .joined
            .iter()
            .flat_map(|joined| self.near(joined, limit))
            .map(|at| self.placed(at, Kind::Same));
        let best = by_name.chain(whole).min_by_key(StreetFound::cost);
        best.or_else(|| self.hidden(street, barred))
    }

    fn near(&self, key: &str, limit: usize) -> impl Iterator<Item = Found> {
        let letters = letters_of(key);
        self.windows.iter().filter_map(move |window| {
            if (window.letters ^ letters).count_ones() as usize > 2 * limit {
                return None;
            }
            let edits = distance_within(window.key.as_bytes(), key.as_bytes(), limit)?;
            Some(Found {
                start: window.start,
                end: window.end,
                edits,
            })
        })
    }

    /// `DEPOTFAIRFIELD ROAD`: the name at the front or the end of a longer word; `GREENFINCHAM`: joined with the town.
    fn hidden(&self, street: &Street, barred: &PostalAddress) -> Option<StreetFound> {
        let long = street.key.len() >= 6;
        let inside = |key: &str| long && (key.starts_with(&street.key) || key.ends_with(&street.key));
        let joined = |key: &str| {
            let rest = key.strip_prefix(street.key.as_str());
            rest.is_some_and(|rest| rest.len() > 2 && barred.words.iter().any(|word| word.key == rest))
        };
        let mut single = self
            .windows
            .iter()
            .filter(|window| window.end == window.start + 1);
        let place = |window: &Window, kind: Kind| {
            let at = Found {
                start: window.start,
                end: window.end,
                edits: 1,
            };
            self.placed(at, kind)
        };
        let whole = single.clone().find(|window| inside(&window.key));
        let whole = whole.map(|window| place(window, self.kind_after(window.end, street.kind)));
        whole.filter(|found| found.kind == Kind::Same).or_else(|| {
            let window = single.find(|window| street.kind.is_none() && joined(&window.key))?;
            Some(place(window, Kind::Same))
        })
    }

    /// Whether half of the pairs of letters of the street's name stand somewhere in the other address: a name too
    /// badly spelt to be found, rather than another.
    pub(crate) fn half_written(&self, street: &Street) -> bool {
        let pairs = street.key.as_bytes().windows(2);
        let all = pairs.len();
        let words = self.address.words.iter();
        let written: Vec<&[u8]> = words
            .filter(|word| matches!(word.role, Role::Name | Role::Street | Role::Kind))
            .map(|word| word.key.as_bytes())
            .collect();
        let held = |pair: &[u8]| {
            written
                .iter()
                .any(|word| word.windows(2).any(|other| other == pair))
        };
        all > 1 && pairs.filter(|pair| held(pair)).count() * 2 >= all
    }

    fn kind_after(&self, end: usize, wanted: Option<&'static str>) -> Kind {
        let Some(wanted) = wanted else { return Kind::Same };
        let Some(next) = self.address.words.get(end) else {
            return Kind::Missing;
        };
        match kind_of(&next.text) {
            Some(kind) if kind == wanted => Kind::Same,
            _ if distance_within(next.text.as_bytes(), wanted.as_bytes(), 2).is_some()
                && wanted.len() >= 4 =>
            {
                Kind::Same
            }
            Some(_) => Kind::Different,
            None => Kind::Missing,
        }
    }

    /// Whether the number stands by other words than these: by another street, or by a building.
    fn placed(&self, at: Found, kind: Kind) -> StreetFound {
        let words = &self.address.words;
        let anchored = self.address.street.as_ref().is_some_and(|street| street.anchored);
        let own = words.iter().position(|word| word.role == Role::Street);
        let number = words.iter().position(|word| word.after_number || word.after_part);
        let before_number = number.is_some_and(|number| at.end == number || at.end + 1 == number);
        let beside = anchored && !before_number && own.is_some_and(|own| at.start > own || at.end <= own);
        StreetFound { at, kind, beside }
    }
}

fn letters_of(key: &str) -> u64 {
    key.bytes().fold(0, |set, byte| set | 1 << (byte & 63))
}
