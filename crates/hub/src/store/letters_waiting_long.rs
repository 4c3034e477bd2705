//! Letters that have waited too long, by prison: counts alone. What lies on a desk the service knows by what a clerk
//! counts: of a pile, the letters that came first are taken to be checked first.

use casework::{Actor, Verb};
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
    /// Rows of its files, and letters that were counted on its desks, that are not checked in time.
    pub unchecked: u64,
}

/// Letters that one count may say, far more than a mailroom gets in a day.
pub const COUNTED_LETTERS: u32 = 100_000;

/// Of each prison's piles, what lay there by the newest count before $2 and cannot have been checked since: no more is
/// left of it than the smallest of all counts since then, each less the checks that came after it.
const LEFT_OF_PILES: &str = "SELECT prison, 0 AS undecided, MIN(still) AS unchecked FROM ( \
     SELECT c.prison, c.letters - (SELECT COUNT(*) FROM letters l \
      WHERE l.prison = c.prison AND l.checked_at > c.counted_at) AS still \
     FROM letter_counts c WHERE c.counted_at >= (SELECT MAX(o.counted_at) FROM letter_counts o \
      WHERE o.prison = c.prison AND o.counted_at <= $2) \
     ) AS piles GROUP BY prison HAVING MIN(still) > 0";

impl Store {
    /// Keeps how many letters lie unchecked in a mailroom now.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for more than [`COUNTED_LETTERS`].
    pub async fn count_unchecked_letters(
        &self,
        by: &Actor,
        prison: PrisonId,
        letters: u32,
    ) -> Result<(), StoreError> {
        if letters > COUNTED_LETTERS {
            return Err(StoreError::Invalid("a mailroom has at most 100,000 letters"));
        }
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "count-letters", prison)
            .await?;
        let insert =
            "INSERT INTO letter_counts (prison, counted_at, letters, counted_by) VALUES ($1, $2, $3, $4)";
        let counted_by = tx.by.account.to_string();
        let row = values![prison.as_str(), micros(tx.now), i64::from(letters), counted_by];
        tx.run(insert, row).await?;
        let detail = format!("letters={letters}");
        tx.audit(("letter-pile", prison.as_str()), None, &detail).await?;
        tx.commit().await
    }

    /// The prisons with letters on the shelf since before `shelved`, or with letters that are not checked: rows of
    /// files that were sent before `sent`, and what a mailroom counted before then.
    pub async fn late_letters(
        &self,
        shelved: Timestamp,
        sent: Timestamp,
    ) -> Result<Vec<LateLetters>, StoreError> {
        let query = format!(
            "SELECT prison, CAST(SUM(undecided) AS BIGINT) AS undecided, \
             CAST(SUM(unchecked) AS BIGINT) AS unchecked FROM ( \
             SELECT prison, 1 AS undecided, 0 AS unchecked FROM letters \
              WHERE shelf_code IS NOT NULL AND decision IS NULL AND checked_at <= $1 \
             UNION ALL SELECT b.prison, 0 AS undecided, 1 AS unchecked FROM letter_batch_rows r \
              JOIN letter_batches b ON b.id = r.batch WHERE r.answer IS NULL AND b.filed_at <= $2 \
             UNION ALL {LEFT_OF_PILES}) AS late GROUP BY prison ORDER BY prison"
        );
        let asked = values![micros(shelved), micros(sent)];
        let rows = sql::all(&self.reader, "letters", &query, asked).await?;
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
