//! Addresses that prisoners offer for release or leave: each is judged by the barred addresses, recorded and counted as
//! a letter's is, and one that agrees with any stands as a task for case handlers ([`super::offered_tasks`]). Whoever
//! asked reads his own alone.

use casework::{AccountId, Actor, OfferedFor, Reference, Verb, WrittenAddress};
use jiff::Timestamp;
use prison::PrisonerNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use super::barred_addresses::{JudgedBy, LetterFinding, LetterVerdict};
use super::error::{Refusal, StoreError};
use super::filing::IdempotencyKey;
use super::letters::{verdict, verdict_word};
use super::sql::{Row, json, micros, values};
use super::tx::{Tx, as_int, missing};

/// Addresses that one account may ask about in one hour: enough for a day's releases, too few to type a town's.
pub const OFFERED_PER_ACCOUNT_AND_HOUR: u64 = 60;
const VERB: &str = "offer-address";
const WRITTEN: (&str, &str) = ("offered_addresses", "written");
pub(super) const COLUMNS: &str = "o.id, o.reference, o.prisoner, o.offered_for, o.written, o.verdict, o.bar, \
     o.judged_serial, o.decoy, o.asked_by, o.asked_at, o.done_at, o.cleared";

/// An address that is asked about, and what was found.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// Who offers it.
    pub prisoner: PrisonerNumber,
    /// For what.
    pub offered_for: OfferedFor,
    /// The address as it was written.
    pub written: WrittenAddress,
    /// What the barred addresses say.
    pub finding: LetterFinding,
    /// Whether it stands as a task only so that the others do not stand out.
    pub decoy: bool,
}

/// What whoever asked is given: nothing of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReceipt {
    /// What to quote, and to ask the answer by.
    pub reference: Reference,
    /// When it was recorded, UTC.
    pub asked_at: Timestamp,
}

/// One address that was asked about, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedAddress {
    /// Its identifier.
    pub id: Uuid,
    /// What was given to whoever asked.
    pub receipt: OfferReceipt,
    /// Who offers it.
    pub prisoner: PrisonerNumber,
    /// For what.
    pub offered_for: OfferedFor,
    /// The address.
    pub written: WrittenAddress,
    /// What was found, the strongest since it was asked.
    pub finding: LetterFinding,
    /// Whether it stands as a task by lot.
    pub decoy: bool,
    /// Who asked.
    pub asked_by: AccountId,
    /// When a handler said what was done, UTC.
    pub done_at: Option<Timestamp>,
    /// Whether a handler found that nothing stands in its way.
    pub cleared: bool,
}

impl OfferedAddress {
    /// Whether whoever asked has to speak to the service before he approves it.
    pub fn is_kept(&self) -> bool {
        (self.decoy || self.finding.verdict() != LetterVerdict::Pass) && !self.cleared
    }
}

impl Store {
    /// Records an address that a prisoner offers. A task, if it is one, stands from this transaction on; the receipt is
    /// the same whether it is or not.
    ///
    /// # Errors
    /// [`super::Conflict::Changed`] if it was judged by other bars than those now in force: it is judged again.
    /// [`Refusal::NotOnRecord`] for a number that nobody on record has, [`Refusal::TooManyChecks`] past
    /// [`OFFERED_PER_ACCOUNT_AND_HOUR`].
    pub async fn offer_address(
        &self,
        by: &Actor,
        key: Option<&IdempotencyKey>,
        offer: &NewOffer,
    ) -> Result<OfferReceipt, StoreError> {
        let tx = self.begin(by, Verb::OfferAddress, VERB).await?;
        if let Some(key) = key
            && let Some(before) = self.answered(&tx.db, tx.by.account, VERB, key).await?
        {
            return serde_json::from_str(&before).map_err(|_| missing("idempotency", "answer"));
        }
        if !tx.is_on_record(offer.prisoner).await? {
            return Err(tx.refuse(Refusal::NotOnRecord).await);
        }
        let account = tx.by.account.to_string();
        let asked = tx.this_hour("offered_addresses", ("asked_by", &account), "asked_at");
        if asked.await? >= OFFERED_PER_ACCOUNT_AND_HOUR {
            return Err(tx.refuse(Refusal::TooManyChecks).await);
        }
        tx.judged_now(offer.finding.judged_at).await?;
        let receipt = OfferReceipt {
            reference: Reference::from_random(self.seams.bytes()),
            asked_at: tx.now,
        };
        let id = Uuid::from_bytes(self.seams.bytes()).to_string();
        tx.insert_offer(&id, &receipt, offer).await?;
        if let Some(key) = key {
            tx.keep_answer(key, &json(&receipt)?).await?;
        }
        tx.audit(("offered-address", &id), None, "asked").await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// An address that this account asked about.
    pub async fn offered_address(
        &self,
        by: &Actor,
        reference: &Reference,
    ) -> Result<OfferedAddress, StoreError> {
        let tx = self.begin(by, Verb::OfferAddress, "read-offered-address").await?;
        tx.own_offer(reference).await
    }

    /// An address that this account asked about, judged again: what was barred since counts, and stands as a task again
    /// though a handler was done with it.
    ///
    /// # Errors
    /// [`super::Conflict::Changed`] if it was judged by other bars than those now in force: it is judged again.
    pub async fn answer_offered_address(
        &self,
        by: &Actor,
        reference: &Reference,
        finding: LetterFinding,
    ) -> Result<OfferedAddress, StoreError> {
        let tx = self.begin(by, Verb::OfferAddress, "read-offered-address").await?;
        tx.judged_now(finding.judged_at).await?;
        let mut offered = tx.own_offer(reference).await?;
        let known = offered.finding;
        let more = finding.verdict() > known.verdict()
            || (finding.bar() != known.bar() && finding.verdict() > LetterVerdict::Pass);
        if more {
            tx.stand_again(offered.id, &finding).await?;
            offered.finding = finding;
            (offered.done_at, offered.cleared) = (None, false);
        }
        let detail = if more { "stands again" } else { "answered" };
        tx.audit(("offered-address", &offered.id.to_string()), None, detail)
            .await?;
        tx.commit().await?;
        Ok(offered)
    }

    pub(super) fn read_offer(&self, row: &Row) -> Result<OfferedAddress, StoreError> {
        let judged_at = JudgedBy {
            serial: feed::Serial(row.count("judged_serial")?),
            ..JudgedBy::default()
        };
        let word = row.text("offered_for")?;
        let offered_for = OfferedFor::ALL.into_iter().find(|one| one.as_str() == word);
        Ok(OfferedAddress {
            id: row.parsed("id")?,
            receipt: OfferReceipt {
                reference: row.parsed("reference")?,
                asked_at: row.time("asked_at")?,
            },
            prisoner: row.parsed("prisoner")?,
            offered_for: offered_for.ok_or_else(|| row.damaged())?,
            written: self.open_sealed(WRITTEN, &row.text("id")?, row)?,
            finding: LetterFinding {
                verdict: verdict(row)?,
                marked: false,
                bar: row.parsed_if_any("bar")?,
                judged_at,
                exempt: false,
                named: None,
            },
            decoy: row.int("decoy")? != 0,
            asked_by: row.parsed("asked_by")?,
            done_at: row.time_if_any("done_at")?,
            cleared: row.int("cleared")? != 0,
        })
    }
}

impl Tx<'_> {
    /// Not theirs is not there.
    async fn own_offer(&self, reference: &Reference) -> Result<OfferedAddress, StoreError> {
        let query =
            format!("SELECT {COLUMNS} FROM offered_addresses o WHERE o.reference = $1 AND o.asked_by = $2");
        let own = values![reference.as_str(), self.by.account.to_string()];
        let row = self.one("offered_addresses", &query, own).await?;
        self.store.read_offer(&row.ok_or(StoreError::NotFound)?)
    }

    async fn insert_offer(
        &self,
        id: &str,
        receipt: &OfferReceipt,
        offer: &NewOffer,
    ) -> Result<(), StoreError> {
        let insert = "INSERT INTO offered_addresses (id, reference, prisoner, offered_for, written, verdict, bar, \
             judged_serial, decoy, asked_by, asked_at, alerted, cleared) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0)";
        let row = values![
            id,
            receipt.reference.as_str(),
            offer.prisoner.as_str(),
            offer.offered_for.as_str(),
            self.store.seal(WRITTEN, id, &offer.written)?,
            verdict_word(offer.finding.verdict()),
            offer.finding.bar().map(|bar| bar.to_string()),
            as_int(offer.finding.judged_at.serial)?,
            i64::from(offer.decoy),
            self.by.account.to_string(),
            micros(self.now),
        ];
        self.run(insert, row).await.map(drop)
    }

    async fn stand_again(&self, id: Uuid, finding: &LetterFinding) -> Result<(), StoreError> {
        let update = "UPDATE offered_addresses SET verdict = $2, bar = $3, judged_serial = $4, alerted = 0, \
             cleared = 0, done_at = NULL WHERE id = $1";
        let row = values![
            id.to_string(),
            verdict_word(finding.verdict()),
            finding.bar().map(|bar| bar.to_string()),
            as_int(finding.judged_at.serial)?,
        ];
        self.run(update, row).await.map(drop)
    }
}
