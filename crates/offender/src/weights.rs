//! The model: how often a referrer who means a prisoner writes this or that of him. Read once from `data/weights.csv`.
//!
//! Only m is a matter of judgement and stands in the file. u, how likely the same is written of anyone, is measured
//! on the roster for each query, so that Smith weighs little and Zeffirelli much.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::evidence::{Field, Level, ModelVersion};

static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
    // Unwrap safety: the file is compiled in, and a test reads it.
    Weights::parse(include_str!("../data/weights.csv")).expect("the shipped weights can be read")
});

/// The weights of one version of the model.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) version: ModelVersion,
    rows: HashMap<(Field, Level), f64>,
    surname_rows: HashMap<Level, f64>,
    pub(crate) settings: Settings,
}

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

/// A line of the weights file cannot be read; whoever edits it corrects it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the weights file is wrong at {0:?}")]
pub(crate) struct WeightsError(String);

impl Weights {
    /// The weights compiled into the crate.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The probability of this very spelling, day or number at `level`: m shared out over the level's spread.
    ///
    /// A level that the file does not list for the field weighs as never written.
    pub(crate) fn m(&self, field: Field, level: Level) -> f64 {
        self.rows.get(&(field, level)).copied().unwrap_or(1e-12)
    }

    /// The same for a name, by the role in which it is recorded.
    pub(crate) fn name(&self, role: Role, level: Level) -> f64 {
        match role {
            Role::Given => self.m(Field::FirstName, level),
            Role::Family => self.surname_rows.get(&level).copied().unwrap_or(1e-12),
        }
    }

    fn parse(text: &str) -> Result<Self, WeightsError> {
        let wrong = |line: &str| WeightsError(line.to_owned());
        let first = text.lines().next().unwrap_or_default();
        let version = first.strip_prefix("# ").ok_or_else(|| wrong(first))?;
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.starts_with("comparison,"));
        let (mut rows, mut surname_rows, mut named) = (HashMap::new(), HashMap::new(), HashMap::new());
        for line in lines {
            let (comparison, level, value) = parse_line(line).ok_or_else(|| wrong(line))?;
            match comparison {
                "setting" => drop(named.insert(level.to_owned(), value)),
                _ => {
                    let level = parse_level(level).ok_or_else(|| wrong(line))?;
                    match parse_comparison(comparison).ok_or_else(|| wrong(line))? {
                        Field::LastName => drop(surname_rows.insert(level, value)),
                        field => drop(rows.insert((field, level), value)),
                    }
                }
            }
        }
        let settings = Settings::from_rows(&named).map_err(wrong)?;
        Ok(Self {
            version: ModelVersion(version.to_owned()),
            rows,
            surname_rows,
            settings,
        })
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
    fn from_rows(rows: &HashMap<String, f64>) -> Result<Self, &'static str> {
        let get = |name: &'static str| rows.get(name).copied().ok_or(name);
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

fn parse_line(line: &str) -> Option<(&str, &str, f64)> {
    let mut cells = line.split(',');
    let (comparison, level) = (cells.next()?, cells.next()?);
    let m: f64 = cells.next()?.trim().parse().ok()?;
    let spread: f64 = cells.next()?.trim().parse().ok()?;
    (spread >= 1.0).then_some((comparison, level, m / spread))
}

fn parse_comparison(name: &str) -> Option<Field> {
    Some(match name {
        "givenName" => Field::FirstName,
        "surname" => Field::LastName,
        "nameOrder" => Field::NameOrder,
        "recordedAs" => Field::RecordedAs,
        "otherNames" => Field::OtherNames,
        "dateOfBirth" => Field::DateOfBirth,
        "birthYear" => Field::BirthYear,
        "prisonId" => Field::PrisonId,
        "prisonerNumber" => Field::PrisonerNumber,
        "pncNumber" => Field::PncNumber,
        _ => return None,
    })
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
    fn a_wrong_line_is_named() {
        for wrong in [
            "givenName,exactly,0.8,1",
            "name,exact,0.8,1",
            "givenName,exact,x,1",
            "givenName,exact,1,0",
        ] {
            let error = Weights::parse(&format!("# v\n{wrong}\n")).unwrap_err();
            assert_eq!(error, WeightsError(wrong.to_owned()));
        }
        assert_eq!(
            Weights::parse("# v\n").unwrap_err(),
            WeightsError("unseenGivenName".to_owned())
        );
    }

    #[test]
    fn no_level_of_a_name_outweighs_the_exact_one() {
        let weights = Weights::shipped();
        let exact = weights.name(Role::Family, Level::Exact);
        assert!(weights.surname_rows.values().all(|m| *m <= exact));
        for ((field, level), m) in &weights.rows {
            let best = weights.m(*field, Level::Exact);
            assert!(*field != Field::FirstName || *m <= best, "{level:?}");
        }
    }
}
