//! Offered addresses on which a case handler has to look: shown until he says what was done, and told as an alert on
//! every case whose bar one meets.

use casework::{Actor, Personal, Reference, RequestLimits, Verb};
use prison::{PrisonId, PrisonerNumber};
use uuid::Uuid;

use super::Store;
use super::accounts::{find, service};
use super::barred_addresses::{BarredAddresses, LetterVerdict};
use super::bounded::Bounded;
use super::error::{Conflict, Refusal, StoreError};
use super::letter_alerts::TriedAddress;
use super::offered_addresses::{COLUMNS, OfferedAddress};
use super::sql::{self, micros, values};
use super::tx::{Tx, missing};

/// Tasks that are shown at once, the oldest.
pub const OFFERED_SHOWN: i64 = 100;
/// Addresses of which alerts are raised before others have their turn.
const AT_ONCE: i64 = 50;
const WAITS: &str = "o.done_at IS NULL AND (o.verdict <> 'pass' OR o.decoy = 1)";
const SAID: (&str, &str) = ("offered_addresses", "said");

/// An offered address on which somebody has to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedTask {
    /// The address and what was found.
    pub offered: OfferedAddress,
    /// The case of the bar that it agrees with, if with any.
    pub case: Option<Reference>,
    /// Who asked, by the account's name.
    pub asked_by: String,
}

/// What a handler did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferedDone {
    /// Whoever asked has been spoken to; it stays an address about which to speak.
    Told,
    /// Nothing stands in its way.
    Cleared,
}

impl OfferedDone {
    /// The deed of this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Told, Self::Cleared]
            .into_iter()
            .find(|done| done.as_str() == word)
    }

    /// The word for it, in the audit and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Cleared => "cleared",
        }
    }
}

impl Store {
    /// Offered addresses of which no handler has said what was done, oldest first.
    pub async fn open_offered_addresses(&self, by: &Actor) -> Result<Bounded<OfferedTask>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-offered-addresses").await?;
        let query = format!(
            "SELECT {COLUMNS}, a.name AS asker, c.reference AS of_case FROM offered_addresses o \
             JOIN accounts a ON a.id = o.asked_by LEFT JOIN bars b ON b.id = o.bar \
             LEFT JOIN cases c ON c.id = b.case_id WHERE {WAITS} ORDER BY o.asked_at, o.id LIMIT $1"
        );
        let rows = tx
            .all("offered_addresses", &query, values![OFFERED_SHOWN + 1])
            .await?;
        let tasks = rows.iter().map(|row| {
            Ok(OfferedTask {
                offered: self.read_offer(row)?,
                case: row.parsed_if_any("of_case")?,
                asked_by: row.text("asker")?,
            })
        });
        let tasks = Bounded::of(tasks.collect::<Result<Vec<_>, StoreError>>()?, OFFERED_SHOWN);
        let detail = format!("offered={} more={}", tasks.rows.len(), tasks.more);
        tx.audit(("offered-address", "open"), None, &detail).await?;
        tx.commit().await?;
        Ok(tasks)
    }

    /// How many wait.
    pub async fn offered_addresses_waiting(&self, by: &Actor) -> Result<u64, StoreError> {
        if !by.role.may(Verb::ReadCases) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = format!("SELECT COUNT(*) AS n FROM offered_addresses o WHERE {WAITS}");
        let row = sql::one(&self.reader, "offered_addresses", &query, values![]).await?;
        row.ok_or_else(|| missing("offered_addresses", "count"))?
            .count("n")
    }

    /// Says what was done about an offered address, and in what way.
    ///
    /// # Errors
    /// [`Refusal::TakesTwoPeople`] to clear one with which a bar in force surely agrees: two people lift or narrow the
    /// bar first. [`Conflict::Changed`] if `barred` are not the bars now in force: the caller takes these and tries
    /// again. [`Conflict::AlreadyDecided`] if somebody has said before what was done.
    pub async fn settle_offered_address(
        &self,
        by: &Actor,
        offered: Uuid,
        (done, said): (OfferedDone, &Personal),
        barred: &BarredAddresses,
    ) -> Result<(), StoreError> {
        if said.is_blank() || said.expose().chars().count() > RequestLimits::DEFAULT.text_chars {
            return Err(StoreError::Invalid("say what was done"));
        }
        let tx = self.begin(by, Verb::WorkCases, "settle-offered-address").await?;
        let id = offered.to_string();
        let query = format!("SELECT {COLUMNS} FROM offered_addresses o WHERE o.id = $1");
        let row = tx.one("offered_addresses", &query, values![id.as_str()]).await?;
        let asked = self.read_offer(&row.ok_or(StoreError::NotFound)?)?;
        if asked.done_at.is_some() || !asked.is_kept() {
            return Err(Conflict::AlreadyDecided.into());
        }
        tx.judged_now(barred.judged_by()).await?;
        let now = barred.judge_offered(asked.prisoner, &asked.written);
        if done == OfferedDone::Cleared && now.verdict() == LetterVerdict::Stop {
            return Err(tx.refuse(Refusal::TakesTwoPeople).await);
        }
        let update =
            "UPDATE offered_addresses SET done_at = $2, done_by = $3, cleared = $4, said = $5 WHERE id = $1";
        let row = values![
            id.as_str(),
            micros(tx.now),
            tx.by.account.to_string(),
            i64::from(done == OfferedDone::Cleared),
            self.seal(SAID, &id, said)?,
        ];
        tx.run(update, row).await?;
        tx.audit(("offered-address", &id), None, done.as_str()).await?;
        tx.commit().await
    }

    /// Offered addresses that agree with a barred one and of which no alert is raised, oldest first. One that was
    /// damaged is told in the log and holds up no other.
    pub async fn offered_to_alert(&self) -> Result<Vec<OfferedAddress>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM offered_addresses o WHERE o.alerted = 0 AND o.verdict <> 'pass' \
             ORDER BY o.asked_at, o.id LIMIT $1"
        );
        let rows = sql::all(&self.reader, "offered_addresses", &query, values![AT_ONCE]).await?;
        let told =
            |error: &StoreError| tracing::error!(%error, "AN OFFERED ADDRESS CANNOT BE READ: no alert of it");
        let read = rows.iter().map(|row| self.read_offer(row).inspect_err(told));
        Ok(read.filter_map(Result::ok).collect())
    }

    /// Raises the alert of one offered address, on every case whose bar it met, once. One that is only doubtful stands
    /// as a task and raises none, unless it was planted.
    pub async fn alert_of_offered_address(
        &self,
        offered: &OfferedAddress,
        met: &[casework::BarId],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_as(&service(), "alert-offered-address").await?;
        let id = offered.id.to_string();
        let update = "UPDATE offered_addresses SET alerted = 1 WHERE id = $1 AND alerted = 0";
        if tx.run(update, values![id.as_str()]).await? == 0 {
            return Ok(());
        }
        let account = find(&tx, offered.asked_by).await?;
        let tried = TriedAddress {
            prison: tx.prison_of(offered.prisoner).await?,
            prisoner: Some(offered.prisoner),
            written: &offered.written,
            surely: offered.finding.verdict() == LetterVerdict::Stop,
            at: micros(offered.receipt.asked_at),
            asked_by: account.map(|account| account.name).unwrap_or_default(),
            offered_for: Some(offered.offered_for),
            letter: None,
        };
        tx.raise_of_address(&tried, met).await?;
        tx.audit(("offered-address", &id), None, "alerted").await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    /// Where he is held or was last; out, if that is not known.
    async fn prison_of(&mut self, prisoner: PrisonerNumber) -> Result<PrisonId, StoreError> {
        let known = self.known_prisoner(prisoner).await?.map(|known| known.record);
        let prison = known.and_then(|record| record.prison_id.or(record.last_prison_id));
        Ok(prison.unwrap_or(PrisonId::OUT))
    }
}
