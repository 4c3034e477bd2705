//! A prisoner as the prison service records him: the fields that locating reads, under their HMPPS names.
//!
//! In: one JSON object of the prisoner search service; fields not named here are ignored. Out: [`PrisonerRecord`].

use std::fmt;

use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};

use crate::BirthDate;

/// One prisoner of the roster, in custody or not.
///
/// Its `Debug` shows the prisoner number alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrisonerRecord {
    /// The prison number, a letter, four digits, two letters.
    pub prisoner_number: PrisonerNumber,
    /// The Police National Computer number, `2012/394773H` or `12/394773H`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pnc_number: Option<String>,
    /// The Criminal Records Office number; kept, not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cro_number: Option<String>,
    /// The given name; may be empty for a person with a single name.
    #[serde(default)]
    pub first_name: String,
    /// Other given names, space separated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_names: Option<String>,
    /// The family name, or the single name.
    #[serde(default)]
    pub last_name: String,
    /// The date of birth; 1 January often stands for an unknown day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<BirthDate>,
    /// The recorded gender; shown, never compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Whether he is in custody.
    #[serde(default)]
    pub status: Status,
    /// The prison that holds him, or `OUT`, `TRN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prison_id: Option<PrisonId>,
    /// The prison that held him last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_prison_id: Option<PrisonId>,
    /// The gravest offence that he is held for or convicted of, in the prison service's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_serious_offence: Option<String>,
    /// On what ground he is held, in the prison service's words, as `REMAND`; shown, never compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_status: Option<String>,
    /// His cell; never leaves the staff pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell_location: Option<String>,
    /// Other recorded names, former names among them.
    #[serde(default)]
    pub aliases: Vec<Alias>,
    /// The alerts on his record, where a file brings them: none says nothing, an empty list says that there are none. They
    /// are kept apart from the record, and are never part of it when it is written.
    #[serde(default, skip_serializing)]
    pub alerts: Option<Vec<RecordedAlert>>,
}

/// One alert as the prison service records it.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordedAlert {
    /// Its code, as `ONCR`.
    pub alert_code: String,
    /// Whether it stands; taken to, where the file does not say.
    pub active: Option<bool>,
    /// Whether it has run out.
    pub expired: Option<bool>,
    /// The day on which it was made, year-month-day.
    pub date_created: Option<String>,
    /// The day from which it stands no more, year-month-day.
    pub date_expires: Option<String>,
}

/// Another recorded name of a prisoner.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alias {
    /// The given name.
    #[serde(default)]
    pub first_name: String,
    /// The family name.
    #[serde(default)]
    pub last_name: String,
    /// The date of birth given with this name, where it was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<BirthDate>,
}

/// The custody status in the words of the prison service: `ACTIVE IN`, `ACTIVE OUT`, `INACTIVE OUT`, `INACTIVE TRN`.
///
/// A status not known here is kept as it came.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(String);

impl Status {
    /// The status as written by the prison service.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The words as they came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Held by, or moving between, prisons: `ACTIVE ...` and `INACTIVE TRN`.
    pub fn in_custody(&self) -> bool {
        self.0.starts_with("ACTIVE") || self.0 == "INACTIVE TRN"
    }
}

impl PrisonerRecord {
    /// A record with a number and a name, and nothing else known yet.
    pub fn new(prisoner_number: PrisonerNumber, first_name: &str, last_name: &str) -> Self {
        Self {
            prisoner_number,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            pnc_number: None,
            cro_number: None,
            middle_names: None,
            date_of_birth: None,
            gender: None,
            status: Status::default(),
            prison_id: None,
            last_prison_id: None,
            most_serious_offence: None,
            legal_status: None,
            cell_location: None,
            aliases: Vec::new(),
            alerts: None,
        }
    }
}

impl fmt::Debug for PrisonerRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrisonerRecord({}, ..)", self.prisoner_number.as_str())
    }
}

impl fmt::Debug for RecordedAlert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordedAlert(..)")
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alias(..)")
    }
}
