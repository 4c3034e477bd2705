//! A case's own history: prisoners whom other cases about the same numbers were found to be about, and whom this case
//! was before. They are shown to the handler as such; they weigh nothing.

use casework::{CaseId, Reference};
use prison::PrisonerNumber;

use super::Store;
use super::error::StoreError;
use super::sql::values;
use super::tx::Tx;

/// Prisoners of other cases that are shown, those confirmed last.
pub const ELSEWHERE_SHOWN: i64 = 10;

/// A prisoner whom a person confirmed in a case that shares a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedElsewhere {
    /// The prisoner.
    pub prisoner: PrisonerNumber,
    /// The case in which he was confirmed; this case itself, if somebody else is confirmed in it since.
    pub reference: Reference,
    /// Where that case stands: the name of its state.
    pub state: String,
}

impl Store {
    pub(super) async fn named_elsewhere(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Vec<NamedElsewhere>, StoreError> {
        let query = "WITH numbers AS (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
              UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL), \
             related AS (SELECT case_id FROM bars WHERE number_index IN (SELECT number_index FROM numbers) \
              UNION SELECT case_id FROM held_targets WHERE number_index IN (SELECT number_index FROM numbers)) \
             SELECT l.prisoner, c.reference, c.state_name, MAX(l.located_at) AS at FROM locations l \
             JOIN cases c ON c.id = l.case_id WHERE l.case_id IN (SELECT case_id FROM related) \
             GROUP BY l.prisoner, c.reference, c.state_name ORDER BY at DESC, c.reference LIMIT $2";
        let rows = tx
            .all("locations", query, values![case.to_string(), ELSEWHERE_SHOWN])
            .await?;
        let read = rows.iter().map(|row| {
            Ok(NamedElsewhere {
                prisoner: row.parsed("prisoner")?,
                reference: row.parsed("reference")?,
                state: row.text("state_name")?,
            })
        });
        read.collect()
    }
}
