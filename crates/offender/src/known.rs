//! What a referrer knows of the offender, before he is located.

use std::fmt;

use prison::PrisonId;
use serde::{Deserialize, Serialize};

use crate::{BirthDate, PrisonerRecord};

/// Everything is optional; whatever is given is weighed. Fields not named here are ignored.
///
/// Its `Debug` shows nothing of what it holds.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Known {
    /// The given name or nickname, as the referrer writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name, or the only name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Middle, former or street names, space or comma separated. They can only help, never count against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_names: Option<String>,
    /// The date of birth. Where it is given, the range of birth years is not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<BirthDate>,
    /// The earliest year of birth, from an age; alone it means "or later".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_year_from: Option<u16>,
    /// The latest year of birth; alone it means "or earlier".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_year_to: Option<u16>,
    /// The prison, three letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prison_id: Option<PrisonId>,
    /// The prison number as written, which may hold a slip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prisoner_number: Option<String>,
    /// What he is in prison for, in the referrer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offence: Option<String>,
    /// The Police National Computer number as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pnc_number: Option<String>,
}

impl Known {
    /// All that a record says and that could be asked of another record of the same person; so not its prison number.
    pub(crate) fn of_record(record: &PrisonerRecord) -> Self {
        Self {
            first_name: Some(record.first_name.clone()),
            last_name: Some(record.last_name.clone()),
            date_of_birth: record.date_of_birth,
            prison_id: record.prison_id,
            pnc_number: record.pnc_number.clone(),
            ..Self::default()
        }
    }

    /// The range of birth years to weigh: only where there is no date and at least one end. Ends in the wrong order are exchanged.
    pub(crate) fn birth_years(&self) -> Option<(u16, u16)> {
        if self.date_of_birth.is_some() {
            return None;
        }
        let (from, to) = match (self.birth_year_from, self.birth_year_to) {
            (None, None) => return None,
            (from, to) => (from.unwrap_or(0), to.unwrap_or(u16::MAX)),
        };
        Some((from.min(to), from.max(to)))
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known(..)")
    }
}
