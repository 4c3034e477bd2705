//! Which pairs are of one person, and how such pairs are written: each answers the other, by turns, until neither moves.

use std::collections::BTreeMap;

use super::pairs::{Pairs, Rule};
use super::{BEFORE_PAIRS, FIELDS, Pattern, TELLING, Table};
use crate::evidence::Level;
use crate::scale::LEVELS;

type Counts = BTreeMap<Pattern, u64>;

/// Turns of one rule; it settles in far fewer.
const MOST_TURNS: usize = 300;
/// How little the share of pairs of one person still moves when it has settled.
const SETTLED: f64 = 1e-9;
/// Of the pairs that a rule chooses, so many are of one person at the start.
const SHARE_AT_START: f64 = 0.1;
/// Pairs at random hold some of one person too; so often these are taken out of u and all is fitted anew.
const ROUNDS: usize = 4;

/// What was learned.
pub(super) struct Fit {
    pub(super) m: Table,
    pub(super) u: Table,
    /// How likely a description and a record taken at random are of one person.
    pub(super) prior: f64,
    /// For each field, the pairs of one person that m was learned from.
    pub(super) matches: [f64; FIELDS.len()],
    /// Each rule with the pairs that it chose, and how many are of one person.
    pub(super) rules: Vec<(&'static str, u64, f64)>,
}

/// Fits all rules, each from the weights before, and pools what they learned.
pub(super) fn fit(pairs: &Pairs, before: &Table, records: usize) -> Fit {
    let everybody = (pairs.descriptions as f64 * records as f64).max(1.0);
    let mut fit = Fit {
        m: *before,
        u: *before,
        prior: 0.0,
        matches: [0.0; FIELDS.len()],
        rules: Vec::new(),
    };
    for _ in 0..ROUNDS {
        fit.u = by_chance(&pairs.random, before, &fit);
        let mut pooled = Expected::default();
        fit.rules.clear();
        for (rule, counts) in Rule::ALL.iter().zip(&pairs.by_rule) {
            let expected = of_rule(*rule, counts, before, &fit.u);
            fit.rules
                .push((rule.name(), counts.values().sum(), expected.pairs));
            pooled.add(&expected, |at| !rule.chooses_by(FIELDS[at]));
        }
        fit.m = pooled.shares(before);
        fit.matches = pooled.of_field;
        fit.prior = prior(&pairs.by_any, &fit, everybody);
    }
    fit
}

/// The pairs of one person as they are expected: how many in all, by field, and at each level.
struct Expected {
    pairs: f64,
    of_field: [f64; FIELDS.len()],
    levels: Table,
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            pairs: 0.0,
            of_field: [0.0; FIELDS.len()],
            levels: [[0.0; LEVELS]; FIELDS.len()],
        }
    }
}

impl Expected {
    fn count(&mut self, pattern: &Pattern, pairs: f64) {
        self.pairs += pairs;
        for (at, level) in compared(pattern) {
            self.of_field[at] += pairs;
            self.levels[at][level as usize] += pairs;
        }
    }

    fn add(&mut self, other: &Self, which: impl Fn(usize) -> bool) {
        self.pairs += other.pairs;
        for at in (0..FIELDS.len()).filter(|at| which(*at)) {
            self.of_field[at] += other.of_field[at];
            for (sum, more) in self.levels[at].iter_mut().zip(other.levels[at]) {
                *sum += more;
            }
        }
    }

    /// The share of each level, where what was there before counts as a few pairs: no level is ever impossible.
    fn shares(&self, before: &Table) -> Table {
        let mut shares = *before;
        for (at, levels) in shares.iter_mut().enumerate() {
            for (share, pairs) in levels.iter_mut().zip(self.levels[at]) {
                *share = (pairs + BEFORE_PAIRS * *share) / (self.of_field[at] + BEFORE_PAIRS);
            }
        }
        shares
    }
}

/// Expectation-maximisation over the pairs of one rule.
fn of_rule(rule: Rule, counts: &Counts, before: &Table, u: &Table) -> Expected {
    let total = counts.values().sum::<u64>() as f64;
    let (mut m, mut share) = (*before, SHARE_AT_START);
    let mut expected = Expected::default();
    for _ in 0..MOST_TURNS {
        expected = Expected::default();
        for (pattern, pairs) in counts {
            let odds = odds(pattern, &m, u, |at| !rule.chooses_by(FIELDS[at]));
            expected.count(pattern, *pairs as f64 * of_one_person(share, odds));
        }
        m = expected.shares(before);
        let next = (expected.pairs / total.max(1.0)).clamp(1e-9, 1.0 - 1e-9);
        let moved = (next - share).abs();
        share = next;
        if moved < SETTLED {
            break;
        }
    }
    expected
}

/// u, with the pairs left out that are of one person, as far as that is known by now.
fn by_chance(random: &Counts, before: &Table, fit: &Fit) -> Table {
    let mut chance = Expected::default();
    for (pattern, pairs) in random {
        let odds = if fit.prior > 0.0 {
            odds(pattern, &fit.m, &fit.u, |_| true)
        } else {
            0.0
        };
        chance.count(pattern, *pairs as f64 * (1.0 - of_one_person(fit.prior, odds)));
    }
    let mut u = [[0.0; LEVELS]; FIELDS.len()];
    for (at, levels) in u.iter_mut().enumerate() {
        let possible = before[at].iter().filter(|m| **m > 0.0).count() as f64;
        for (level, u) in levels
            .iter_mut()
            .enumerate()
            .filter(|(level, _)| before[at][*level] > 0.0)
        {
            // Half a pair for each level: what was never seen is rare, not impossible.
            *u = (chance.levels[at][level] + 0.5) / (chance.of_field[at] + 0.5 * possible);
        }
    }
    u
}

/// How likely any pair at all is of one person: as many as are found by any rule, of all there are.
fn prior(by_any: &Counts, fit: &Fit, everybody: f64) -> f64 {
    let mut prior = 1.0 / everybody.sqrt();
    for _ in 0..50 {
        let matches = by_any.iter().map(|(pattern, pairs)| {
            *pairs as f64 * of_one_person(prior, odds(pattern, &fit.m, &fit.u, |_| true))
        });
        prior = (matches.sum::<f64>() / everybody).clamp(1e-12, 0.5);
    }
    prior
}

fn of_one_person(share: f64, odds: f64) -> f64 {
    let odds = share / (1.0 - share) * odds;
    odds / (1.0 + odds)
}

fn odds(pattern: &Pattern, m: &Table, u: &Table, which: impl Fn(usize) -> bool) -> f64 {
    compared(pattern)
        .filter(|(at, level)| *at < TELLING && which(*at) && u[*at][*level as usize] > 0.0)
        .map(|(at, level)| m[at][level as usize] / u[at][level as usize])
        .product::<f64>()
        .min(1e12)
}

fn compared(pattern: &Pattern) -> impl Iterator<Item = (usize, Level)> {
    let levels = pattern.iter().copied().enumerate();
    levels.filter(|(_, level)| *level != Level::NotRecorded)
}
