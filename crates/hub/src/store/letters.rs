//! Letters: every check is recorded before it is answered; what went to the shelf waits for a case handler.

use casework::{Actor, BarId, Verb, WrittenAddress};
use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::error::{Conflict, Refusal, StoreError};
use super::sql::{Row, micros, values};

/// One letter that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRecord {
    /// The prison.
    pub prison: PrisonId,
    /// The sender, if he is known.
    pub sender: Option<PrisonerNumber>,
    /// The address on the envelope, as it was written.
    pub written: WrittenAddress,
    /// What the check found.
    pub verdict: LetterVerdict,
    /// The bar that it found, if any.
    pub bar: Option<BarId>,
    /// The code under which it stands on the shelf; `None` if it left.
    pub shelf_code: Option<String>,
    /// Whether it stands on the shelf only so that the others do not stand out.
    pub decoy: bool,
}

/// What a letter's check found. The mailroom sees none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterVerdict {
    /// A barred address.
    Stop,
    /// A person must look.
    Hold,
    /// A person must look, without opening it: it claims to be confidential.
    HoldUnopened,
    /// Nothing found.
    Pass,
}

impl LetterVerdict {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Hold => "hold",
            Self::HoldUnopened => "hold-unopened",
            Self::Pass => "pass",
        }
    }
}

/// A letter on the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLetter {
    /// The letter.
    pub id: Uuid,
    /// What was recorded of it.
    pub letter: LetterRecord,
    /// When it was checked, UTC.
    pub checked_at: Timestamp,
}

/// What becomes of a letter on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterDecision {
    /// It leaves.
    Post,
    /// It goes back to the sender.
    Return,
    /// It is kept as evidence.
    Evidence,
}

impl LetterDecision {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Return => "return",
            Self::Evidence => "evidence",
        }
    }
}

/// The most letters that are shown at once, oldest first.
pub const LETTERS_SHOWN: i64 = 500;
const COLUMNS: &str = "id, prison, sender, written, verdict, bar, shelf_code, decoy, checked_at, decision";
const WRITTEN: (&str, &str) = ("letters", "written");

impl Store {
    /// Records a letter that the mailroom of one prison checked.
    pub async fn record_letter(&self, by: &Actor, letter: LetterRecord) -> Result<(), StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "check-letter", letter.prison)
            .await?;
        let id = Uuid::from_bytes(self.seams.bytes()).to_string();
        let insert = "INSERT INTO letters (id, prison, sender, written, verdict, bar, shelf_code, decoy, \
             checked_by, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let row = values![
            id.as_str(),
            letter.prison.as_str(),
            letter.sender.map(|sender| sender.to_string()),
            self.seal(WRITTEN, &id, &letter.written)?,
            letter.verdict.as_str(),
            letter.bar.map(|bar| bar.to_string()),
            letter.shelf_code,
            i64::from(letter.decoy),
            tx.by.account.to_string(),
            micros(tx.now),
        ];
        tx.run(insert, row).await?;
        tx.audit(("letter", &id), None, "checked").await?;
        tx.commit().await
    }

    /// The letters on the shelves of all prisons, oldest first.
    pub async fn letters_waiting(&self, by: &Actor) -> Result<Vec<WaitingLetter>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-letters").await?;
        let query = format!(
            "SELECT {COLUMNS} FROM letters WHERE shelf_code IS NOT NULL AND decision IS NULL \
             ORDER BY checked_at, id LIMIT $1"
        );
        let rows = tx.all("letters", &query, values![LETTERS_SHOWN]).await?;
        let letters = rows
            .iter()
            .map(|row| self.read_letter(row))
            .collect::<Result<Vec<_>, _>>()?;
        tx.audit(("letter", "waiting"), None, &format!("letters={}", letters.len()))
            .await?;
        tx.commit().await?;
        Ok(letters)
    }

    /// Says what becomes of a letter on the shelf. While a bar that it was stopped under is in force, posting
    /// it takes two people: they lift or narrow the bar first.
    pub async fn decide_letter(
        &self,
        by: &Actor,
        letter: Uuid,
        decision: LetterDecision,
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "decide-letter").await?;
        let id = letter.to_string();
        let query = format!("SELECT {COLUMNS} FROM letters WHERE id = $1 AND shelf_code IS NOT NULL");
        let row = tx
            .one("letters", &query, values![id.as_str()])
            .await?
            .ok_or(StoreError::NotFound)?;
        if row.text_if_any("decision")?.is_some() {
            return Err(Conflict::AlreadyDecided.into());
        }
        let waiting = self.read_letter(&row)?.letter;
        let stopped = matches!(waiting.verdict, LetterVerdict::Stop | LetterVerdict::HoldUnopened);
        if decision == LetterDecision::Post && stopped && tx.stands(waiting.bar).await? {
            return Err(tx.refuse(Refusal::TakesTwoPeople).await);
        }
        let update = "UPDATE letters SET decision = $1, decided_by = $2, decided_at = $3 WHERE id = $4";
        let row = values![
            decision.as_str(),
            tx.by.account.to_string(),
            micros(tx.now),
            id.as_str()
        ];
        tx.run(update, row).await?;
        tx.audit(("letter", &id), None, decision.as_str()).await?;
        tx.commit().await
    }

    fn read_letter(&self, row: &Row) -> Result<WaitingLetter, StoreError> {
        let verdict = match row.text("verdict")?.as_str() {
            "stop" => LetterVerdict::Stop,
            "hold" => LetterVerdict::Hold,
            "hold-unopened" => LetterVerdict::HoldUnopened,
            "pass" => LetterVerdict::Pass,
            _ => return Err(row.damaged()),
        };
        let letter = LetterRecord {
            prison: row.parsed("prison")?,
            sender: row.parsed_if_any("sender")?,
            written: self.open_sealed(WRITTEN, &row.text("id")?, row)?,
            verdict,
            bar: row.parsed_if_any("bar")?,
            shelf_code: row.text_if_any("shelf_code")?,
            decoy: row.int("decoy")? != 0,
        };
        Ok(WaitingLetter {
            id: row.parsed("id")?,
            letter,
            checked_at: row.time("checked_at")?,
        })
    }
}

impl super::tx::Tx<'_> {
    async fn stands(&self, bar: Option<BarId>) -> Result<bool, StoreError> {
        let Some(bar) = bar else { return Ok(false) };
        let record = self.store.bar_on(&self.db, bar).await?;
        Ok(record.is_some_and(|record| record.bar.state.in_force()))
    }
}
