//! Files of letters: staged whole in one transaction, then checked row by row, each row answered in the transaction
//! that records its check. A hub that is stopped goes on where it was, and checks no row twice.

use casework::{AccountId, Actor, Personal, Verb, WrittenAddress};
use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use uuid::Uuid;

use super::Store;
use super::accounts::service;
use super::error::{Conflict, StoreError};
use super::letters::{BatchRow, MailKind, kind};
use super::sql::{self, Row, micros, values};
use super::tx::Tx;

/// Rows of one file.
pub const BATCH_ROWS: usize = 1_000;
/// Files that a mailroom is shown, the newest.
pub const BATCHES_SHOWN: i64 = 20;
/// Rows of one prison that are checked before another prison has its turn.
const ROWS_AT_ONCE: i64 = 25;
const BODY: (&str, &str) = ("letter_batch_rows", "body");
const REFERENCE: (&str, &str) = ("letter_batch_rows", "reference");

/// A row as it was read: whose letter to which address, or why nothing can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatchRow {
    /// What the mailroom calls it; may be empty.
    pub reference: Personal,
    /// What is to be checked.
    pub asked: Result<AskedLetter, RowAnswer>,
}

/// What a row asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedLetter {
    /// The sender; a file names each.
    pub sender: PrisonerNumber,
    /// The address as it stands on the envelope.
    pub written: WrittenAddress,
}

/// What a row is answered with. Only the first two are of a letter that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum RowAnswer {
    /// The letter leaves.
    Post,
    /// It goes to the shelf.
    Shelf,
    /// The prison does not hold this sender now.
    NotHeldHere,
    /// What stands in its place is no prison number.
    NoPrisonNumber,
    /// There is no address.
    NoAddress,
    /// The address or the reference is longer than any.
    TooLong,
    /// The row has other columns than the first.
    NoRow,
    /// The account that sent the file may check no letters any more, or what was kept of the row cannot be read.
    NotChecked,
}

/// A file and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterBatch {
    /// The file.
    pub id: Uuid,
    /// What kind of mail is in it.
    pub kind: MailKind,
    /// When it came in, UTC.
    pub filed_at: Timestamp,
    /// How many rows it has.
    pub rows: u64,
    /// How many of them are answered.
    pub answered: u64,
}

/// One line of the answer to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchLine {
    /// The row; the first below the header is 1.
    pub row: u64,
    /// What the mailroom calls it.
    pub reference: Personal,
    /// The answer, once there is one.
    pub answer: Option<BatchAnswer>,
}

/// The answer to one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchAnswer {
    /// In one word.
    pub answer: RowAnswer,
    /// The code under which it stands on the shelf.
    pub code: Option<String>,
}

/// A row that waits to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRow {
    /// Which.
    pub row: BatchRow,
    /// The account that sent the file.
    pub filed_by: AccountId,
    /// Its prison.
    pub prison: PrisonId,
    /// What kind of mail it is.
    pub kind: MailKind,
    /// What it asks; `None` if that cannot be opened any more.
    pub asked: Option<AskedLetter>,
}

impl Store {
    /// Takes a file's rows in, all of them or none. What cannot be checked is answered at once.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for no row, or more than [`BATCH_ROWS`].
    pub async fn file_letter_batch(
        &self,
        by: &Actor,
        prison: PrisonId,
        kind: MailKind,
        rows: &[NewBatchRow],
    ) -> Result<Uuid, StoreError> {
        if rows.is_empty() || rows.len() > BATCH_ROWS {
            return Err(StoreError::Invalid("a file has between 1 and 1,000 letters"));
        }
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "file-letters", prison)
            .await?;
        let batch = Uuid::from_bytes(self.seams.bytes());
        let insert =
            "INSERT INTO letter_batches (id, prison, kind, filed_by, filed_at) VALUES ($1, $2, $3, $4, $5)";
        let row = values![
            batch.to_string(),
            prison.as_str(),
            kind.as_str(),
            tx.by.account.to_string(),
            micros(tx.now)
        ];
        tx.run(insert, row).await?;
        for (row, number) in rows.iter().zip(1_u64..) {
            tx.stage_letter(BatchRow { batch, row: number }, row).await?;
        }
        let detail = format!("rows={}", rows.len());
        tx.audit(("letter-batch", &batch.to_string()), None, &detail)
            .await?;
        tx.commit().await?;
        Ok(batch)
    }

    /// The files of the account's own prison, the newest first.
    pub async fn letter_batches(&self, by: &Actor, prison: PrisonId) -> Result<Vec<LetterBatch>, StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "read-letter-batches", prison)
            .await?;
        let query = "SELECT b.id, b.kind, b.filed_at, COUNT(*) AS n, COUNT(r.answer) AS answered \
             FROM letter_batches b JOIN letter_batch_rows r ON r.batch = b.id WHERE b.prison = $1 \
             GROUP BY b.id, b.kind, b.filed_at ORDER BY b.filed_at DESC, b.id LIMIT $2";
        let rows = tx
            .all("letter_batches", query, values![prison.as_str(), BATCHES_SHOWN])
            .await?;
        tx.audit(("letter-batch", "all"), None, &format!("batches={}", rows.len()))
            .await?;
        tx.commit().await?;
        let batch = |row: &Row| {
            Ok(LetterBatch {
                id: row.parsed("id")?,
                kind: kind(row)?,
                filed_at: row.time("filed_at")?,
                rows: row.count("n")?,
                answered: row.count("answered")?,
            })
        };
        rows.iter().map(batch).collect()
    }

    /// The answers to a file of the account's own prison, row by row.
    pub async fn letter_batch_answers(
        &self,
        by: &Actor,
        prison: PrisonId,
        batch: Uuid,
    ) -> Result<Vec<BatchLine>, StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "read-letter-batches", prison)
            .await?;
        let id = batch.to_string();
        let query = "SELECT r.batch AS id, r.row_no, r.reference, r.answer, r.code FROM letter_batch_rows r \
             JOIN letter_batches b ON b.id = r.batch WHERE r.batch = $1 AND b.prison = $2 ORDER BY r.row_no";
        let rows = tx
            .all("letter_batch_rows", query, values![id.as_str(), prison.as_str()])
            .await?;
        if rows.is_empty() {
            return Err(StoreError::NotFound);
        }
        tx.audit(("letter-batch", &id), None, "read").await?;
        tx.commit().await?;
        rows.iter().map(|row| self.read_line(&id, row)).collect()
    }

    /// Rows that wait to be checked: some of each prison's oldest file, so that no prison's files stand before another's.
    pub async fn letter_rows_waiting(&self) -> Result<Vec<WaitingRow>, StoreError> {
        let query = "WITH waits AS (SELECT id, prison, kind, filed_by, filed_at FROM letter_batches b \
              WHERE EXISTS (SELECT 1 FROM letter_batch_rows r WHERE r.batch = b.id AND r.answer IS NULL)) \
             SELECT id, prison, kind, filed_by FROM waits b WHERE NOT EXISTS (SELECT 1 FROM waits o \
              WHERE o.prison = b.prison AND (o.filed_at, o.id) < (b.filed_at, b.id)) ORDER BY filed_at, id";
        let batches = sql::all(&self.reader, "letter_batches", query, values![]).await?;
        let mut waiting = Vec::new();
        for batch in &batches {
            let id = batch.text("id")?;
            let query = "SELECT batch AS id, row_no, body FROM letter_batch_rows \
                 WHERE batch = $1 AND answer IS NULL ORDER BY row_no LIMIT $2";
            let rows = values![id.as_str(), ROWS_AT_ONCE];
            for row in sql::all(&self.reader, "letter_batch_rows", query, rows).await? {
                let number = row.count("row_no")?;
                waiting.push(WaitingRow {
                    row: BatchRow {
                        batch: batch.parsed("id")?,
                        row: number,
                    },
                    filed_by: batch.parsed("filed_by")?,
                    prison: batch.parsed("prison")?,
                    kind: kind(batch)?,
                    // One that was damaged is answered as such and holds up no other.
                    asked: self.open_sealed(BODY, &key(&id, number), &row).ok(),
                });
            }
        }
        Ok(waiting)
    }

    /// Answers a row whose letter cannot be checked.
    pub async fn leave_letter_row(&self, row: BatchRow, answer: RowAnswer) -> Result<(), StoreError> {
        let tx = self.begin_as(&service(), "leave-letter-row").await?;
        tx.set_answer(row, answer, None).await?;
        tx.audit(("letter-batch", &row.batch.to_string()), None, answer.as_str())
            .await?;
        tx.commit().await
    }

    fn read_line(&self, batch: &str, row: &Row) -> Result<BatchLine, StoreError> {
        let number = row.count("row_no")?;
        let answer = row.text_if_any("answer")?;
        let answer = answer
            .map(|word| {
                let answer = RowAnswer::VARIANTS
                    .iter()
                    .copied()
                    .find(|answer| answer.as_str() == word);
                Ok::<_, StoreError>(BatchAnswer {
                    answer: answer.ok_or_else(|| row.damaged())?,
                    code: row.text_if_any("code")?,
                })
            })
            .transpose()?;
        Ok(BatchLine {
            row: number,
            reference: self.open_sealed(REFERENCE, &key(batch, number), row)?,
            answer,
        })
    }
}

impl Tx<'_> {
    async fn stage_letter(&self, at: BatchRow, row: &NewBatchRow) -> Result<(), StoreError> {
        let (batch, number) = (at.batch.to_string(), stored(at.row)?);
        let key = key(&batch, at.row);
        let body = row
            .asked
            .as_ref()
            .ok()
            .map(|asked| self.store.seal(BODY, &key, asked));
        let answer = row.asked.as_ref().err().map(|answer| answer.as_str());
        let insert = "INSERT INTO letter_batch_rows (batch, row_no, reference, body, answer) \
             VALUES ($1, $2, $3, $4, $5)";
        let reference = self.store.seal(REFERENCE, &key, &row.reference)?;
        self.run(
            insert,
            values![batch, number, reference, body.transpose()?, answer],
        )
        .await
        .map(drop)
    }

    /// Answers a row with what its check found, in the transaction that records it.
    pub(super) async fn answer_row(&self, row: BatchRow, code: Option<&str>) -> Result<(), StoreError> {
        let answer = match code {
            None => RowAnswer::Post,
            Some(_) => RowAnswer::Shelf,
        };
        self.set_answer(row, answer, code).await
    }

    async fn set_answer(
        &self,
        row: BatchRow,
        answer: RowAnswer,
        code: Option<&str>,
    ) -> Result<(), StoreError> {
        let update = "UPDATE letter_batch_rows SET answer = $1, code = $2, body = NULL \
             WHERE batch = $3 AND row_no = $4 AND answer IS NULL";
        let asked = values![answer.as_str(), code, row.batch.to_string(), stored(row.row)?];
        match self.run(update, asked).await? {
            1 => Ok(()),
            _ => Err(Conflict::AlreadyDecided.into()),
        }
    }
}

impl RowAnswer {
    /// As it is stored, and as it stands in the answer to a file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Shelf => "shelf",
            Self::NotHeldHere => "not-held-here",
            Self::NoPrisonNumber => "no-prison-number",
            Self::NoAddress => "no-address",
            Self::TooLong => "too-long",
            Self::NoRow => "no-row",
            Self::NotChecked => "not-checked",
        }
    }
}

/// Under which a row is sealed.
fn key(batch: &str, row: u64) -> String {
    format!("{batch}/{row}")
}

fn stored(row: u64) -> Result<i64, StoreError> {
    i64::try_from(row).map_err(|_| StoreError::Invalid("a file has too many rows"))
}
