//! Letters: every check is recorded before it is answered; what went to the shelf waits for a case handler.

use casework::{Actor, Verb, WrittenAddress};
use feed::Serial;
use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::barred_addresses::{BarredAddresses, LetterFinding, LetterVerdict};
use super::error::{Conflict, Refusal, StoreError};
use super::history::head_on;
use super::sql::{Row, micros, values};
use super::tx::{Tx, as_int};

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
    pub finding: LetterFinding,
    /// The code under which it stands on the shelf; `None` if it left.
    pub shelf_code: Option<String>,
    /// Whether it stands on the shelf only so that the others do not stand out.
    pub decoy: bool,
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
const COLUMNS: &str = "id, prison, sender, written, verdict, marked, bar, judged_serial, shelf_code, decoy, checked_at, decision";
const WRITTEN: (&str, &str) = ("letters", "written");

impl Store {
    /// Records a letter that the mailroom of one prison checked.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if it was judged by other bars than those now in force: it is judged again.
    pub async fn record_letter(&self, by: &Actor, letter: LetterRecord) -> Result<(), StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "check-letter", letter.prison)
            .await?;
        tx.judged_now(letter.finding.judged_at).await?;
        let id = Uuid::from_bytes(self.seams.bytes()).to_string();
        let insert = "INSERT INTO letters (id, prison, sender, written, verdict, marked, bar, judged_serial, \
             shelf_code, decoy, checked_by, checked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let LetterFinding {
            verdict,
            marked,
            bar,
            judged_at,
        } = letter.finding;
        let row = values![
            id.as_str(),
            letter.prison.as_str(),
            letter.sender.map(|sender| sender.to_string()),
            self.seal(WRITTEN, &id, &letter.written)?,
            verdict_word(verdict),
            i64::from(marked),
            bar.map(|bar| bar.to_string()),
            as_int(judged_at)?,
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

    /// Says what becomes of a letter on the shelf. One person posts what the bars now in force do not stop,
    /// whatever they were when it was checked; to post another, two people lift or narrow the bar first.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if `barred` are not the bars now in force: the caller takes these and tries again.
    pub async fn decide_letter(
        &self,
        by: &Actor,
        letter: Uuid,
        decision: LetterDecision,
        barred: &BarredAddresses,
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
        tx.judged_now(barred.serial()).await?;
        let now = barred.judge(waiting.sender, &waiting.written);
        if decision == LetterDecision::Post && now.verdict == LetterVerdict::Stop {
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
        let finding = LetterFinding {
            verdict: verdict(row)?,
            marked: row.int("marked")? != 0,
            bar: row.parsed_if_any("bar")?,
            judged_at: Serial(row.count("judged_serial")?),
        };
        let letter = LetterRecord {
            prison: row.parsed("prison")?,
            sender: row.parsed_if_any("sender")?,
            written: self.open_sealed(WRITTEN, &row.text("id")?, row)?,
            finding,
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

impl Tx<'_> {
    /// That the bars of this serial are those in force, until this transaction ends.
    async fn judged_now(&self, serial: Serial) -> Result<(), StoreError> {
        if head_on(&self.db).await? == serial {
            Ok(())
        } else {
            Err(Conflict::Changed.into())
        }
    }
}

fn verdict_word(verdict: LetterVerdict) -> &'static str {
    match verdict {
        LetterVerdict::Stop => "stop",
        LetterVerdict::Hold => "hold",
        LetterVerdict::Pass => "pass",
    }
}

fn verdict(row: &Row) -> Result<LetterVerdict, StoreError> {
    match row.text("verdict")?.as_str() {
        "stop" => Ok(LetterVerdict::Stop),
        "hold" => Ok(LetterVerdict::Hold),
        "pass" => Ok(LetterVerdict::Pass),
        _ => Err(row.damaged()),
    }
}
