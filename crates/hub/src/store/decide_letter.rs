//! What becomes of a letter on the shelf, on whose authority, and whether the prisoner was told.

use casework::{Actor, Personal, Verb};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::barred_addresses::{BarredAddresses, LetterVerdict};
use super::error::{Conflict, Refusal, StoreError};
use super::letters::COLUMNS;
use super::sql::{micros, values};

const RULING: (&str, &str) = ("letters", "ruling");

/// What becomes of a letter on the shelf, in one word: all that its mailroom is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterDecision {
    /// It leaves.
    Post,
    /// It goes back to the sender.
    Return,
    /// It is kept as evidence.
    Evidence,
}

/// The whole record of a decision. What must be said of each stands in its own case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterRuling {
    /// What becomes of it.
    pub ruled: Ruled,
    /// Who in the prison allowed it; needed for a letter that is marked confidential.
    pub authority: Option<PrisonAuthority>,
}

/// What becomes of it, and what is on record beside that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruled {
    /// It leaves.
    Post,
    /// It goes back to the sender, who then reads the address once more.
    Return {
        /// How it is known that he knew the address already.
        already_knew: Personal,
        /// Whether he was told why.
        told: Told,
    },
    /// It is kept as evidence.
    Evidence {
        /// Whether he was told that it did not leave.
        told: Told,
    },
}

/// Whether the prisoner was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// He was.
    Yes,
    /// He was not, and why not.
    No(Personal),
}

/// The governor of a public or the director of a private prison, who alone may decide on confidential mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrisonAuthority {
    /// The office.
    pub office: Office,
    /// The name.
    pub name: Personal,
}

/// Whose authority it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Office {
    /// Of a public prison.
    Governor,
    /// Of a private one.
    Director,
}

impl LetterRuling {
    /// In one word.
    pub const fn decision(&self) -> LetterDecision {
        match self.ruled {
            Ruled::Post => LetterDecision::Post,
            Ruled::Return { .. } => LetterDecision::Return,
            Ruled::Evidence { .. } => LetterDecision::Evidence,
        }
    }

    /// Words that must be there are there.
    fn is_complete(&self) -> bool {
        let told = |told: &Told| !matches!(told, Told::No(why) if why.is_blank());
        let authority = |who: &PrisonAuthority| !who.name.is_blank();
        let ruled = match &self.ruled {
            Ruled::Post => true,
            Ruled::Return {
                already_knew,
                told: he,
            } => !already_knew.is_blank() && told(he),
            Ruled::Evidence { told: he } => told(he),
        };
        ruled && self.authority.as_ref().is_none_or(authority)
    }
}

impl LetterDecision {
    /// As it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Return => "return",
            Self::Evidence => "evidence",
        }
    }
}

impl Store {
    /// Says what becomes of a letter on the shelf. One person posts what the bars now in force do not stop,
    /// whatever they were when it was checked; to post another, two people lift or narrow the bar first.
    ///
    /// # Errors
    /// [`Conflict::Changed`] if `barred` are not the bars now in force: the caller takes these and tries again.
    /// [`Refusal::NeedsAuthority`] for a letter that is marked confidential, whatever is found of it and whatever it is
    /// to become, unless the governor's or director's authority is recorded: asking him tells him nothing.
    pub async fn decide_letter(
        &self,
        by: &Actor,
        letter: Uuid,
        ruling: &LetterRuling,
        barred: &BarredAddresses,
    ) -> Result<(), StoreError> {
        if !ruling.is_complete() {
            return Err(StoreError::Invalid(
                "what is to be recorded of this decision is missing",
            ));
        }
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
        tx.judged_now(barred.judged_by()).await?;
        let now = barred.judge(waiting.sender, &waiting.written);
        let decision = ruling.decision();
        if decision == LetterDecision::Post && now.verdict() == LetterVerdict::Stop {
            return Err(tx.refuse(Refusal::TakesTwoPeople).await);
        }
        if waiting.finding.is_marked() && ruling.authority.is_none() {
            return Err(tx.refuse(Refusal::NeedsAuthority).await);
        }
        let update =
            "UPDATE letters SET decision = $1, decided_by = $2, decided_at = $3, ruling = $4 WHERE id = $5";
        let row = values![
            decision.as_str(),
            tx.by.account.to_string(),
            micros(tx.now),
            self.seal(RULING, &id, ruling)?,
            id.as_str()
        ];
        tx.run(update, row).await?;
        tx.drop_picture(&id).await?;
        tx.audit(("letter", &id), None, decision.as_str()).await?;
        tx.commit().await
    }
}
