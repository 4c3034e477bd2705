//! A contact application: whom a prisoner asks to be allowed to ring, as the prison's form gives it, and what the
//! prison is told. There are two answers and no reasons: a refusal because of a bar is a refusal like any other.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::personal::Personal;
use crate::request::{Problem, ProblemKind, RequestLimits, WrittenAddress};

/// The contact of one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Given names.
    pub first_name: Personal,
    /// Family name.
    pub last_name: Personal,
    /// Date of birth.
    #[serde(default)]
    pub date_of_birth: Option<Date>,
    /// Age in years, where the date is not known.
    #[serde(default)]
    pub age_years: Option<u8>,
    /// What the contact is to the prisoner, in his words.
    #[serde(default)]
    pub relationship: Option<Personal>,
    /// Where the contact lives.
    #[serde(default)]
    pub address: Option<WrittenAddress>,
    /// One or two numbers, as written.
    pub numbers: Vec<Personal>,
}

/// What a prison is told of an application. Nothing else ever differs because of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationAnswer {
    /// Received; answered in the daily batch with all others. Nobody may ring the number.
    Received,
    /// The number may be rung to verify it; then two people put it on the list.
    MayBeRung,
    /// Official and legal: a second person decides now, from a register; nobody rings.
    WithTwoPeople,
    /// Not approved.
    NotApproved,
}

impl Contact {
    /// Numbers of one application.
    pub const MOST_NUMBERS: usize = 2;

    /// What must be mended before it can be taken: it depends on what is written alone.
    pub fn problems(&self) -> Vec<Problem> {
        let Self {
            first_name,
            last_name,
            date_of_birth: _,
            age_years: _,
            relationship,
            address,
            numbers,
        } = self;
        let mut problems = Vec::new();
        let mut line = |field: &str, text: &Personal, needed: bool| {
            if needed && text.is_blank() {
                problems.push(problem(field, ProblemKind::Missing));
            }
            if text.expose().chars().count() > RequestLimits::DEFAULT.line_chars {
                problems.push(problem(field, ProblemKind::TooLong));
            }
        };
        line("first_name", first_name, false);
        line("last_name", last_name, true);
        if let Some(relationship) = relationship {
            line("relationship", relationship, false);
        }
        for (n, number) in numbers.iter().enumerate() {
            line(&format!("numbers[{n}]"), number, false);
        }
        if let Some(WrittenAddress { lines, postcode }) = address {
            if lines.expose().chars().count() > RequestLimits::DEFAULT.text_chars {
                problems.push(problem("address.lines", ProblemKind::TooLong));
            }
            let long = |code: &Personal| code.expose().chars().count() > RequestLimits::DEFAULT.line_chars;
            if postcode.as_ref().is_some_and(long) {
                problems.push(problem("address.postcode", ProblemKind::TooLong));
            }
        }
        if numbers.len() > Self::MOST_NUMBERS {
            problems.push(problem("numbers", ProblemKind::TooMany));
        }
        if numbers.iter().all(Personal::is_blank) {
            problems.push(problem("numbers", ProblemKind::Missing));
        }
        problems
    }

    /// The numbers that were written, without blank ones.
    pub fn written_numbers(&self) -> impl Iterator<Item = &Personal> {
        self.numbers.iter().filter(|number| !number.is_blank())
    }

    /// The name as one writes it.
    pub fn name(&self) -> Personal {
        Personal::new(&format!(
            "{} {}",
            self.first_name.expose(),
            self.last_name.expose()
        ))
    }
}

fn problem(field: &str, problem: ProblemKind) -> Problem {
    Problem {
        field: field.to_owned(),
        problem,
    }
}
