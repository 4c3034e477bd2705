//! The register of prisons of England and Wales.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::ids::PrisonId;

/// One establishment, as the register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prison {
    /// Its identifier.
    pub id: PrisonId,
    /// Its name, as `Leeds (HMP)`.
    pub name: String,
    /// Its Welsh name, if it has one.
    pub name_welsh: Option<String>,
    /// Whether it is in use.
    pub active: bool,
    /// Who runs it: `PSP` is the public sector.
    pub operator: String,
    /// The lines of its address above the town.
    pub address_lines: Vec<String>,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// The area code from which it dials, with the leading 0; `None` where it is not certain.
    pub area_code: Option<String>,
}

/// All prisons that the service may know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    prisons: BTreeMap<PrisonId, Prison>,
}

/// The register's file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the register of prisons cannot be read: {why}")]
pub struct RegisterError {
    /// The line, counted from 1; 0 if not known.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

#[derive(Deserialize)]
struct Row {
    prison_id: String,
    name: String,
    name_welsh: String,
    active: u8,
    operator: String,
    address_line1: String,
    address_line2: String,
    town: String,
    postcode: String,
}

#[derive(Deserialize)]
struct AreaCodeRow {
    prison_id: String,
    area_code: String,
}

impl Register {
    /// The register that the service ships with (`data/README.md` names the source).
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Register> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let read = Self::parse(
                include_str!("../data/prisons.csv"),
                include_str!("../data/area_codes.csv"),
            );
            // A test reads both files, so that a broken one never ships; an empty register refuses.
            read.unwrap_or(Self {
                prisons: BTreeMap::new(),
            })
        })
    }

    /// Reads a register and its area codes, both CSV with a header line. Establishments whose identifier is
    /// not of three letters are left out.
    pub fn parse(prisons: &str, area_codes: &str) -> Result<Self, RegisterError> {
        let mut read = BTreeMap::new();
        for row in csv::Reader::from_reader(prisons.as_bytes()).deserialize() {
            let row: Row = row.map_err(|error| unreadable(&error))?;
            if let Ok(id) = row.prison_id.parse() {
                read.insert(id, row.prison(id));
            }
        }
        for row in csv::Reader::from_reader(area_codes.as_bytes()).deserialize() {
            let row: AreaCodeRow = row.map_err(|error| unreadable(&error))?;
            let id = row.prison_id.parse().ok();
            let prison = id.and_then(|id: PrisonId| read.get_mut(&id));
            let why = format!(
                "the area codes name {}, which the register does not",
                row.prison_id
            );
            prison.ok_or(RegisterError { line: 0, why })?.area_code = Some(row.area_code);
        }
        Ok(Self { prisons: read })
    }

    /// The prison with this identifier.
    pub fn get(&self, id: PrisonId) -> Option<&Prison> {
        self.prisons.get(&id)
    }

    /// Every prison, by identifier.
    pub fn iter(&self) -> impl Iterator<Item = &Prison> {
        self.prisons.values()
    }

    /// The prisons in use.
    pub fn active(&self) -> impl Iterator<Item = &Prison> {
        self.iter().filter(|prison| prison.active)
    }
}

impl Row {
    fn prison(self, id: PrisonId) -> Prison {
        let lines = [self.address_line1, self.address_line2];
        Prison {
            id,
            name: self.name,
            name_welsh: Some(self.name_welsh).filter(|name| !name.is_empty()),
            active: self.active == 1,
            operator: self.operator,
            address_lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
            town: self.town,
            postcode: self.postcode,
            area_code: None,
        }
    }
}

fn unreadable(error: &csv::Error) -> RegisterError {
    RegisterError {
        line: error.position().map_or(0, csv::Position::line),
        why: error.to_string(),
    }
}
