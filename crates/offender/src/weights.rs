//! The model: how often a referrer who means a prisoner writes this or that of him. Read once from `data/weights.csv`.
//!
//! Only m is a matter of judgement and stands in the file. u, how likely the same is written of anyone, is measured
//! on the roster for each query, so that Smith weighs little and Zeffirelli much.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use crate::evidence::{Field, Level, ModelVersion};

static SHIPPED: LazyLock<Arc<Weights>> = LazyLock::new(|| {
    let shipped = include_str!("../data/weights.csv").parse();
    // Unwrap safety: the file is compiled in, and a test reads it.
    Arc::new(shipped.expect("the shipped weights can be read"))
});

/// The weights of one version of the model: the ones compiled in, or those of a file of the same form.
#[derive(Debug, Clone)]
pub struct Weights {
    pub(crate) version: ModelVersion,
    /// In the order of the file.
    pub(crate) rows: Vec<Row>,
    probabilities: HashMap<(Field, Level), f64>,
    named: Vec<(String, f64)>,
    pub(crate) settings: Settings,
}

/// How often something is written at one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) field: Field,
    pub(crate) level: Level,
    /// How often a referrer who means this prisoner writes something at this level.
    pub(crate) m: f64,
    /// Over how many different spellings, days or numbers that is shared out.
    pub(crate) spread: f64,
    /// How often two people taken at random stand at this level, where that was counted; told, not weighed with.
    pub(crate) u: Option<f64>,
}

/// What a version may be called; it is kept with every answer.
const MOST_VERSION_CHARS: usize = 100;
/// The name of the setting that estimating adds.
const PRIOR: &str = "prior";

/// What the file calls each field.
const COMPARISONS: [(Field, &str); 11] = [
    (Field::FirstName, "givenName"),
    (Field::LastName, "surname"),
    (Field::NameOrder, "nameOrder"),
    (Field::RecordedAs, "recordedAs"),
    (Field::OtherNames, "otherNames"),
    (Field::DateOfBirth, "dateOfBirth"),
    (Field::BirthYear, "birthYear"),
    (Field::PrisonId, "prisonId"),
    (Field::PrisonerNumber, "prisonerNumber"),
    (Field::PncNumber, "pncNumber"),
    (Field::Offence, "offence"),
];

/// Thresholds in bits, and how often a name nobody has listed turns up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// The share of people who bear one given name that is on no list.
    pub(crate) unseen_given_name: f64,
    /// The share of people who bear one family name that is on no list.
    pub(crate) unseen_surname: f64,
    /// How likely somebody not on the roster has one given number.
    pub(crate) unseen_number: f64,
    /// For how many prisoners the national name lists count beside the roster's own names.
    pub(crate) population_weight: f64,
    /// No single piece of evidence counts lower than this.
    pub(crate) lowest_bits: f64,
    /// Sure needs at least this many bits...
    pub(crate) sure_bits: f64,
    /// ...and this many above log2 of the roster's size...
    pub(crate) sure_above_roster_bits: f64,
    /// ...and so many more than the next candidate.
    pub(crate) sure_margin_bits: f64,
    /// Candidates below this are not shown.
    pub(crate) least_bits: f64,
}

/// A line of the weights file cannot be read, or a setting is missing; whoever edits it corrects it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the weights file is wrong at {0:?}")]
pub struct WeightsError(String);

impl Weights {
    /// The weights compiled into the crate.
    pub(crate) fn shipped() -> Arc<Self> {
        Arc::clone(&SHIPPED)
    }

    /// The first line of the file, which is kept with every answer.
    pub fn version(&self) -> &ModelVersion {
        &self.version
    }

    /// How likely one prisoner taken at random is the one meant, where the weights were estimated.
    pub fn prior(&self) -> Option<f64> {
        let prior = self.named.iter().find(|(name, _)| name == PRIOR);
        prior.map(|(_, value)| *value)
    }

    /// The probability of this very spelling, day or number at `level`: m shared out over the level's spread.
    ///
    /// A level that the file does not list for the field weighs as never written.
    pub(crate) fn m(&self, field: Field, level: Level) -> f64 {
        self.probabilities.get(&(field, level)).copied().unwrap_or(1e-12)
    }

    /// The same for a name, by the role in which it is recorded.
    pub(crate) fn name(&self, role: Role, level: Level) -> f64 {
        match role {
            Role::Given => self.m(Field::FirstName, level),
            Role::Family => self.m(Field::LastName, level),
        }
    }

    /// The same model with other m, under a version of its own; spreads and thresholds stay.
    pub(crate) fn with(&self, version: String, rows: Vec<Row>, prior: f64) -> Self {
        let mut named = self.named.clone();
        named.retain(|(name, _)| name != PRIOR);
        named.push((PRIOR.to_owned(), prior));
        Self {
            version: ModelVersion(version),
            probabilities: probabilities(&rows),
            rows,
            named,
            settings: self.settings,
        }
    }
}

/// The weights compiled into the crate.
impl Default for Weights {
    fn default() -> Self {
        Self::clone(&SHIPPED)
    }
}

impl FromStr for Weights {
    type Err = WeightsError;

    fn from_str(text: &str) -> Result<Self, WeightsError> {
        let wrong = |line: &str| WeightsError(line.to_owned());
        let first = text.lines().next().unwrap_or_default();
        let short = |version: &&str| (1..=MOST_VERSION_CHARS).contains(&version.trim().chars().count());
        let version = first.strip_prefix("# ").filter(short);
        let version = ModelVersion(version.ok_or_else(|| wrong(first))?.to_owned());
        let lines = text.lines().filter(|line| {
            !line.trim().is_empty() && !line.starts_with('#') && !line.starts_with("comparison,")
        });
        let (mut rows, mut named) = (Vec::new(), Vec::new());
        for line in lines {
            let (comparison, level, m, spread) = parse_line(line).ok_or_else(|| wrong(line))?;
            if comparison == "setting" {
                named.push((level.to_owned(), m));
            } else {
                let row = parse_row(comparison, level, m, spread);
                rows.push(row.ok_or_else(|| wrong(line))?);
            }
        }
        let settings = Settings::from_rows(&named).map_err(wrong)?;
        Ok(Self {
            version,
            probabilities: probabilities(&rows),
            rows,
            named,
            settings,
        })
    }
}

/// The file from which the same weights are read.
impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {}\ncomparison,level,m,spread,u", self.version)?;
        for row in &self.rows {
            let (field, level) = (name_of(row.field), row.level.name());
            let u = row.u.map(|u| format!("{u:.9}")).unwrap_or_default();
            writeln!(f, "{field},{level},{:.6},{},{u}", row.m, row.spread)?;
        }
        for (name, value) in &self.named {
            writeln!(f, "setting,{name},{value},1,")?;
        }
        Ok(())
    }
}

/// Which part of a recorded name a written one is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A given name.
    Given,
    /// A family name.
    Family,
}

impl Settings {
    fn from_rows(rows: &[(String, f64)]) -> Result<Self, &'static str> {
        let get = |name: &'static str| {
            let row = rows.iter().find(|(other, _)| other == name);
            row.map(|(_, value)| *value).ok_or(name)
        };
        Ok(Self {
            unseen_given_name: get("unseenGivenName")?,
            unseen_surname: get("unseenSurname")?,
            unseen_number: get("unseenNumber")?,
            population_weight: get("populationWeight")?,
            lowest_bits: get("lowestBits")?,
            sure_bits: get("sureBits")?,
            sure_above_roster_bits: get("sureAboveRosterBits")?,
            sure_margin_bits: get("sureMarginBits")?,
            least_bits: get("leastBits")?,
        })
    }
}

fn probabilities(rows: &[Row]) -> HashMap<(Field, Level), f64> {
    let shared = |row: &Row| ((row.field, row.level), row.m / row.spread);
    rows.iter().map(shared).collect()
}

fn parse_line(line: &str) -> Option<(&str, &str, f64, f64)> {
    let mut cells = line.split(',');
    let (comparison, level) = (cells.next()?, cells.next()?);
    let mut number = || cells.next()?.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let (value, spread) = (number()?, number()?);
    (spread >= 1.0).then_some((comparison, level, value, spread))
}

fn parse_row(comparison: &str, level: &str, m: f64, spread: f64) -> Option<Row> {
    let (field, _) = COMPARISONS.iter().find(|(_, name)| *name == comparison)?;
    (m > 0.0 && m <= 1.0).then_some(Row {
        field: *field,
        level: parse_level(level)?,
        m,
        spread,
        u: None,
    })
}

pub(crate) fn name_of(field: Field) -> &'static str {
    let found = COMPARISONS.iter().find(|(other, _)| *other == field);
    found.map_or("", |(_, name)| name)
}

fn parse_level(name: &str) -> Option<Level> {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    let name: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
    Level::deserialize(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_read_and_names_its_version() {
        assert!(Weights::shipped().version.0.starts_with("upcs-offender "));
    }

    #[test]
    fn an_exact_date_of_birth_is_as_common_as_in_the_published_model() {
        let published = include_str!("../data/match_weights.csv");
        let row = published
            .lines()
            .find(|line| line.contains("Exact match on date_of_birth"))
            .unwrap();
        let m: f64 = row.split(',').nth(2).unwrap().parse().unwrap();
        assert!((Weights::shipped().m(Field::DateOfBirth, Level::Exact) - m).abs() < 0.03);
    }

    #[test]
    fn what_is_written_out_is_read_back() {
        let shipped = Weights::shipped();
        let written = shipped.with("another".to_owned(), shipped.rows.clone(), 0.25);
        let read: Weights = written.to_string().parse().unwrap();
        assert_eq!(read.rows, written.rows);
        assert_eq!(read.to_string(), written.to_string());
        assert_eq!(
            (read.version().to_string().as_str(), read.prior()),
            ("another", Some(0.25))
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        for wrong in [
            "givenName,exactly,0.8,1",
            "name,exact,0.8,1",
            "givenName,exact,x,1",
            "givenName,exact,1,0",
            "givenName,exact,0,1",
            "givenName,exact,1.5,1",
            "givenName,exact,NaN,1",
            "setting,sureBits,inf,1",
        ] {
            let error = format!("# v\n{wrong}\n").parse::<Weights>().unwrap_err();
            assert_eq!(error, WeightsError(wrong.to_owned()));
        }
        assert_eq!(
            "# v\n".parse::<Weights>().unwrap_err(),
            WeightsError("unseenGivenName".to_owned())
        );
    }

    #[test]
    fn a_version_has_a_name_that_can_be_kept() {
        let version = Weights::shipped().version.to_string();
        let named = |name: &str| {
            Weights::shipped()
                .to_string()
                .replacen(&version, name, 1)
                .parse::<Weights>()
        };
        assert!(named(&"v".repeat(100)).is_ok());
        assert!(named(&"v".repeat(101)).is_err());
        assert!(named(" ").is_err());
    }

    #[test]
    fn no_level_of_a_name_outweighs_the_exact_one() {
        let weights = Weights::shipped();
        let of_names = |row: &&Row| matches!(row.field, Field::FirstName | Field::LastName);
        for row in weights.rows.iter().filter(of_names) {
            let best = weights.m(row.field, Level::Exact);
            assert!(row.m / row.spread <= best, "{:?}", row.level);
        }
    }
}
