//! Small answers for pages: which case a reference names, how many letters stand on a prison's shelf. They
//! hold an identifier and a count, and nothing of anyone.

use casework::{Actor, CaseId, Reference, Verb};
use prison::PrisonId;

use super::Store;
use super::error::{Refusal, StoreError};
use super::sql::{self, values};

impl Store {
    /// The case of any of its requests' references, for those who work cases and for the auditor.
    pub async fn case_of(&self, by: &Actor, reference: &Reference) -> Result<Option<CaseId>, StoreError> {
        if !by.role.may(Verb::ReadCases) && !by.role.may(Verb::ReadAudit) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT case_id FROM requests WHERE reference = $1";
        let row = sql::one(&self.reader, "requests", query, values![reference.as_str()]).await?;
        row.map(|row| row.parsed("case_id")).transpose()
    }

    /// How many letters stand on the shelf of the account's own prison, decoys too.
    pub async fn letters_on_shelf(&self, by: &Actor, prison: PrisonId) -> Result<u64, StoreError> {
        if !by.role.may(Verb::ReadPrison) || by.role.prison() != Some(prison) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT COUNT(*) AS n FROM letters \
             WHERE prison = $1 AND shelf_code IS NOT NULL AND decision IS NULL";
        let row = sql::one(&self.reader, "letters", query, values![prison.as_str()]).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }
}
