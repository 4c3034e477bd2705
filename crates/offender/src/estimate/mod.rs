//! The weights learned from data in which nobody has said who is who: expectation-maximisation, as Fellegi and Sunter's
//! model has been fitted since Winkler.
//!
//! In: a [`Roster`], and what was written of people on it (or the roster's own records, where some stand for one person
//! twice). Out: [`Weights`] whose m are those under which the pairs are likeliest.
//!
//! [`pairs`] takes pairs by several rules (one date of birth, both names, one PNC number, one prison number), so that each
//! field is estimated from pairs that were not chosen by it; and pairs at random, for u. [`maximise`] then tells,
//! rule by rule, which share of the pairs is of one person and how such pairs are written.
//!
//! Spreads and thresholds stay as they are: they are counts of what can be written, and policy.

mod maximise;
mod pairs;

use std::fmt;

use crate::evidence::{Field, Level};
use crate::scale::LEVELS;
use crate::weights::{Row, Weights, name_of};
use crate::{Known, Roster};

use maximise::{Fit, fit};
use pairs::{Pairs, Seeded};

/// The fields that are estimated; that a further name agrees is one level, and stays.
const FIELDS: [Field; 9] = [
    Field::FirstName,
    Field::LastName,
    Field::DateOfBirth,
    Field::BirthYear,
    Field::PrisonId,
    Field::PrisonerNumber,
    Field::PncNumber,
    Field::NameOrder,
    Field::RecordedAs,
];
/// How many of them speak for or against a pair; the last two only describe the best way to read its names.
const TELLING: usize = 7;

/// The level of each of [`FIELDS`] for one pair; `NotRecorded` where there was nothing to compare.
type Pattern = [Level; FIELDS.len()];
/// A probability for each level of each of [`FIELDS`].
type Table = [[f64; LEVELS]; FIELDS.len()];

/// Fewer pairs of one person than this say nothing worth keeping.
const LEAST_MATCHES: f64 = 100.0;
/// The weights that were there before count as so many pairs of one person.
const BEFORE_PAIRS: f64 = 10.0;

/// Between the model's name and what was learned of it.
const LEARNED: &str = " re-estimated ";

/// What to learn from.
pub struct Estimate<'a> {
    roster: &'a Roster,
    queries: Vec<(Known, Option<u32>)>,
    random: Seeded,
}

/// The weights learned, and from how much.
pub struct Estimated {
    /// In the form of the file that is compiled in, with a version of their own.
    pub weights: Weights,
    /// Pairs that each rule chose, and how many of them are of one person.
    pub rules: Vec<(&'static str, u64, f64)>,
    /// Blocks of pairs that were left out because they were too large to say much.
    pub left_out: u64,
    /// Pairs taken at random.
    pub at_random: u64,
}

/// Hardly any pair is of one person: there is nothing to learn from. Whoever asks gives other data, or a larger sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("about {matches} pairs seem to be of one person, and {least} are needed", least = LEAST_MATCHES as u64)]
pub struct TooFewPairs {
    /// How many seem to be.
    pub matches: u64,
}

impl<'a> Estimate<'a> {
    /// Learns from at most `sample` of what was `asked` about people on the roster, chosen by the seed.
    pub fn of_asked(roster: &'a Roster, asked: Vec<Known>, sample: usize, seed: u64) -> Self {
        let mut random = Seeded(seed);
        let mut queries: Vec<(Known, Option<u32>)> = asked.into_iter().map(|known| (known, None)).collect();
        random.shuffle(&mut queries);
        queries.truncate(sample);
        Self {
            roster,
            queries,
            random,
        }
    }

    /// Learns from at most `sample` records, compared with the roster's other records.
    pub fn of_roster(roster: &'a Roster, sample: usize, seed: u64) -> Self {
        let mut random = Seeded(seed);
        let mut places: Vec<u32> = (0..roster.places() as u32).collect();
        places.retain(|at| !roster.is_superseded(*at));
        random.shuffle(&mut places);
        places.truncate(sample);
        let query = |at: u32| (Known::of_record(&roster.record_at(at as usize)), Some(at));
        Self {
            roster,
            queries: places.into_iter().map(query).collect(),
            random,
        }
    }

    /// The weights. `progress` hears how many descriptions have been compared, and of how many.
    pub fn run(mut self, progress: &mut dyn FnMut(usize, usize)) -> Result<Estimated, TooFewPairs> {
        let mut pairs = Pairs::default();
        let all = self.queries.len();
        for (done, (known, own)) in self.queries.iter().enumerate() {
            pairs.take(self.roster, known, *own, &mut self.random);
            progress(done + 1, all);
        }
        let before = &*self.roster.weights;
        let fit = fit(&pairs, &table_of(before), self.roster.len());
        let matches = fit.rules.iter().map(|rule| rule.2).fold(0.0, f64::max);
        if matches < LEAST_MATCHES {
            let matches = matches.round() as u64;
            return Err(TooFewPairs { matches });
        }
        Ok(Estimated {
            weights: learned(before, &fit),
            at_random: pairs.random.values().sum(),
            left_out: pairs.left_out,
            rules: fit.rules,
        })
    }
}

/// The m of each level: what the weights said before, where it adds up to one.
fn table_of(weights: &Weights) -> Table {
    let mut table = [[0.0; LEVELS]; FIELDS.len()];
    for (field, levels) in FIELDS.iter().zip(&mut table) {
        for row in weights.rows.iter().filter(|row| row.field == *field) {
            levels[row.level as usize] = row.m;
        }
        let sum: f64 = levels.iter().sum();
        levels.iter_mut().for_each(|m| *m /= sum.max(f64::MIN_POSITIVE));
    }
    table
}

fn learned(before: &Weights, fit: &Fit) -> Weights {
    let row = |row: &Row| match FIELDS.iter().position(|field| *field == row.field) {
        Some(at) if fit.matches[at] >= LEAST_MATCHES => Row {
            m: fit.m[at][row.level as usize].max(1e-6),
            u: Some(fit.u[at][row.level as usize]),
            ..*row
        },
        _ => *row,
    };
    let rows: Vec<Row> = before.rows.iter().map(row).collect();
    let version = before.version().to_string();
    let model = version.split(LEARNED).next().unwrap_or_default();
    let version = format!("{model}{LEARNED}{:08x}", digest(&rows));
    before.with(version, rows, fit.prior)
}

/// Two sets of weights that differ are called differently.
fn digest(rows: &[Row]) -> u32 {
    let text = rows
        .iter()
        .map(|row| format!("{} {:?} {:.6}\n", name_of(row.field), row.level, row.m));
    let bytes = text.flat_map(String::into_bytes);
    bytes.fold(0x811C_9DC5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl fmt::Debug for Estimate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Estimate({} descriptions)", self.queries.len())
    }
}

impl fmt::Debug for Estimated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Estimated({}, {:?})", self.weights.version(), self.rules)
    }
}
