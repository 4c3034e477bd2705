//! Letters: every check is recorded before it is answered; what went to the shelf waits for a case handler.

use casework::{Actor, Verb, WrittenAddress};
use feed::Serial;
use jiff::Timestamp;
use prison::{PrisonId, PrisonerNumber};
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use uuid::Uuid;

use super::Store;
use super::barred_addresses::{JudgedBy, LetterFinding, LetterVerdict};
use super::error::{Conflict, Refusal, StoreError};
use super::filing::IdempotencyKey;
use super::history::head_on;
use super::letter_exemptions::exemptions_mark;
use super::letter_pictures::Picture;
use super::raise_alerts::MICROS_PER_HOUR;
use super::sql::{Row, micros, values};
use super::tx::{Tx, as_int};

/// Checks that one prison may make in one hour, by page, file and JSON together: enough for a mailroom, too few to
/// type a town's addresses one by one.
pub const CHECKS_PER_PRISON_AND_HOUR: u64 = 600;

/// What kind of mail it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum MailKind {
    /// A letter, card or parcel.
    #[default]
    Letter,
    /// An e-mail that is printed, or sent on, by a service outside the prison.
    Email,
    /// Mail that is photocopied or scanned, and whose copy is handed over.
    Photocopy,
}

/// Which way a check came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Via {
    /// Typed on the mailroom's page.
    Page,
    /// A row of a file.
    File,
    /// The JSON verb.
    Json,
}

/// One letter that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRecord {
    /// The prison.
    pub prison: PrisonId,
    /// The sender, if he is known.
    pub sender: Option<PrisonerNumber>,
    /// The address on the envelope, as it was written.
    pub written: WrittenAddress,
    /// What kind of mail it is.
    pub kind: MailKind,
    /// Which way the check came in.
    pub via: Via,
    /// What the check found.
    pub finding: LetterFinding,
    /// The code under which it stands on the shelf; `None` if it left.
    pub shelf_code: Option<String>,
    /// Whether it stands on the shelf only so that the others do not stand out.
    pub decoy: bool,
}

/// What is stored together with a check.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The caller's key: the same check sent again gets the same answer and is recorded once.
    pub key: Option<IdempotencyKey>,
    /// The row of a file that it answers.
    pub row: Option<BatchRow>,
    /// The envelope's picture; kept only if the letter goes to the shelf.
    pub picture: Option<Picture>,
}

/// One row of a file of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// The file.
    pub batch: Uuid,
    /// The row; the first below the header is 1.
    pub row: u64,
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
    /// Whether there is a picture of its envelope.
    pub pictured: bool,
}

/// The most letters that are shown at once, oldest first.
pub const LETTERS_SHOWN: i64 = 500;
pub(super) const COLUMNS: &str = "id, prison, sender, written, verdict, marked, bar, judged_serial, shelf_code, decoy, \
     checked_at, decision, kind, via, exempt, named_case, \
     (SELECT COUNT(*) FROM letter_pictures p WHERE p.letter = letters.id) AS pictured";
const WRITTEN: (&str, &str) = ("letters", "written");

impl Store {
    /// Records a letter that the mailroom of one prison checked; gives back the code under which it stands on the shelf,
    /// which is that of the first time when the same check is sent again.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if it was judged by other bars than those now in force: it is judged again.
    /// [`Refusal::NotHeldHere`] for a sender whom the prison does not hold: a sender is never guessed.
    /// [`Refusal::TooManyChecks`] past [`CHECKS_PER_PRISON_AND_HOUR`]: it waits.
    pub async fn record_letter(
        &self,
        by: &Actor,
        letter: LetterRecord,
        beside: Beside,
    ) -> Result<Option<String>, StoreError> {
        let tx = self
            .begin_in_prison(by, Verb::CheckLetter, "check-letter", letter.prison)
            .await?;
        if let Some(key) = &beside.key
            && let Some(before) = self.answered(&tx.db, tx.by.account, tx.verb, key).await?
        {
            return Ok((!before.is_empty()).then_some(before));
        }
        if let Err(refusal) = tx.may_check(&letter).await? {
            return Err(tx.refuse(refusal).await);
        }
        tx.judged_now(letter.finding.judged_at).await?;
        let id = Uuid::from_bytes(self.seams.bytes()).to_string();
        tx.insert_letter(&id, &letter).await?;
        let code = letter.shelf_code;
        if let Some(picture) = beside.picture.filter(|_| code.is_some()) {
            tx.keep_picture(&id, &picture).await?;
        }
        if let Some(row) = beside.row {
            tx.answer_row(row, code.as_deref()).await?;
        }
        if let Some(key) = &beside.key {
            tx.keep_answer(key, code.as_deref().unwrap_or_default()).await?;
        }
        tx.audit(("letter", &id), None, "checked").await?;
        tx.commit().await?;
        Ok(code)
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

    pub(super) fn read_letter(&self, row: &Row) -> Result<WaitingLetter, StoreError> {
        let finding = LetterFinding {
            verdict: verdict(row)?,
            marked: row.int("marked")? != 0,
            bar: row.parsed_if_any("bar")?,
            judged_at: JudgedBy {
                serial: Serial(row.count("judged_serial")?),
                ..JudgedBy::default()
            },
            exempt: row.int("exempt")? != 0,
            named: row.parsed_if_any("named_case")?,
        };
        let letter = LetterRecord {
            prison: row.parsed("prison")?,
            sender: row.parsed_if_any("sender")?,
            written: self.open_sealed(WRITTEN, &row.text("id")?, row)?,
            kind: kind(row)?,
            via: via(row)?,
            finding,
            shelf_code: row.text_if_any("shelf_code")?,
            decoy: row.int("decoy")? != 0,
        };
        Ok(WaitingLetter {
            id: row.parsed("id")?,
            letter,
            checked_at: row.time("checked_at")?,
            pictured: row.count("pictured")? > 0,
        })
    }
}

impl Tx<'_> {
    /// Whether the prison holds the sender and has checks left in this hour. Neither depends on a bar.
    async fn may_check(&self, letter: &LetterRecord) -> Result<Result<(), Refusal>, StoreError> {
        if let Some(sender) = letter.sender
            && !self.is_held_in(letter.prison, sender).await?
        {
            return Ok(Err(Refusal::NotHeldHere));
        }
        let prison = letter.prison.as_str();
        let checked = self
            .this_hour("letters", ("prison", prison), "checked_at")
            .await?;
        Ok(if checked < CHECKS_PER_PRISON_AND_HOUR {
            Ok(())
        } else {
            Err(Refusal::TooManyChecks)
        })
    }

    /// How many rows of a table are somebody's and of this hour: what a cap on checks counts, in the transaction that
    /// records one more.
    pub(super) async fn this_hour(
        &self,
        table: &'static str,
        (column, whose): (&'static str, &str),
        at: &'static str,
    ) -> Result<u64, StoreError> {
        let hour = micros(self.now).div_euclid(MICROS_PER_HOUR) * MICROS_PER_HOUR;
        let query = format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} = $1 AND {at} >= $2");
        self.count(table, &query, values![whose, hour]).await
    }

    async fn insert_letter(&self, id: &str, letter: &LetterRecord) -> Result<(), StoreError> {
        let insert = "INSERT INTO letters (id, prison, sender, written, verdict, marked, bar, judged_serial, \
             shelf_code, decoy, checked_by, checked_at, kind, via, exempt, named_case) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let LetterFinding {
            verdict,
            marked,
            bar,
            judged_at,
            exempt,
            named,
        } = letter.finding;
        let row = values![
            id,
            letter.prison.as_str(),
            letter.sender.map(|sender| sender.to_string()),
            self.store.seal(WRITTEN, id, &letter.written)?,
            verdict_word(verdict),
            i64::from(marked),
            bar.map(|bar| bar.to_string()),
            as_int(judged_at.serial)?,
            letter.shelf_code.as_deref(),
            i64::from(letter.decoy),
            self.by.account.to_string(),
            micros(self.now),
            letter.kind.as_str(),
            letter.via.as_str(),
            i64::from(exempt),
            named.map(|case| case.to_string()),
        ];
        self.run(insert, row).await.map(drop)
    }

    /// That these bars and exemptions are those in force, until this transaction ends.
    pub(super) async fn judged_now(&self, by: JudgedBy) -> Result<(), StoreError> {
        let now = JudgedBy {
            serial: head_on(&self.db).await?,
            exemptions: exemptions_mark(&self.db).await?,
        };
        if now == by {
            Ok(())
        } else {
            Err(Conflict::Changed.into())
        }
    }
}

impl MailKind {
    /// As it is stored and sent: `letter`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Email => "email",
            Self::Photocopy => "photocopy",
        }
    }
}

impl Via {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::File => "file",
            Self::Json => "json",
        }
    }
}

pub(super) fn verdict_word(verdict: LetterVerdict) -> &'static str {
    match verdict {
        LetterVerdict::Stop => "stop",
        LetterVerdict::Hold => "hold",
        LetterVerdict::Pass => "pass",
    }
}

pub(super) fn verdict(row: &Row) -> Result<LetterVerdict, StoreError> {
    match row.text("verdict")?.as_str() {
        "stop" => Ok(LetterVerdict::Stop),
        "hold" => Ok(LetterVerdict::Hold),
        "pass" => Ok(LetterVerdict::Pass),
        _ => Err(row.damaged()),
    }
}

pub(super) fn kind(row: &Row) -> Result<MailKind, StoreError> {
    let word = row.text("kind")?;
    let kind = MailKind::VARIANTS
        .iter()
        .copied()
        .find(|kind| kind.as_str() == word);
    kind.ok_or_else(|| row.damaged())
}

fn via(row: &Row) -> Result<Via, StoreError> {
    let word = row.text("via")?;
    let via = Via::VARIANTS.iter().copied().find(|via| via.as_str() == word);
    via.ok_or_else(|| row.damaged())
}
