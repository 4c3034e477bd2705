//! Letters that have waited too long, by prison: counts alone.

use jiff::Timestamp;
use prison::PrisonId;

use super::Store;
use super::error::StoreError;
use super::sql::{self, micros, values};

/// What waits too long in one prison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateLetters {
    /// The prison.
    pub prison: PrisonId,
    /// Letters on its shelf that no case handler has decided in time.
    pub undecided: u64,
    /// Rows of its files that are not checked in time.
    pub unchecked: u64,
}

impl Store {
    /// The prisons with letters on the shelf since before `shelved`, or with rows of files that were sent before
    /// `sent` and are not checked.
    pub async fn late_letters(
        &self,
        shelved: Timestamp,
        sent: Timestamp,
    ) -> Result<Vec<LateLetters>, StoreError> {
        let query = "SELECT prison, SUM(undecided) AS undecided, SUM(unchecked) AS unchecked FROM ( \
             SELECT prison, 1 AS undecided, 0 AS unchecked FROM letters \
              WHERE shelf_code IS NOT NULL AND decision IS NULL AND checked_at <= $1 \
             UNION ALL SELECT b.prison, 0 AS undecided, 1 AS unchecked FROM letter_batch_rows r \
              JOIN letter_batches b ON b.id = r.batch WHERE r.answer IS NULL AND b.filed_at <= $2 \
             ) AS late GROUP BY prison ORDER BY prison";
        let asked = values![micros(shelved), micros(sent)];
        let rows = sql::all(&self.reader, "letters", query, asked).await?;
        let late = rows.iter().map(|row| {
            Ok(LateLetters {
                prison: row.parsed("prison")?,
                undecided: row.count("undecided")?,
                unchecked: row.count("unchecked")?,
            })
        });
        late.collect()
    }
}
