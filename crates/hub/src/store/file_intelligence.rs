//! Intelligence: stored, shown to the handlers of the cases that it touches; nothing is barred by it.

use casework::{AccountId, Actor, Caps, CaseId, Intelligence, Priority, Reference, Verb};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Store;
use super::bounded::Bounded;
use super::error::StoreError;
use super::filing::IdempotencyKey;
use super::sql::{Row, micros, values};
use super::tx::{Tx, missing};

/// One piece of intelligence as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledIntelligence {
    /// Its reference.
    pub reference: Reference,
    /// When it came in, UTC.
    pub received_at: Timestamp,
    /// The account that filed it.
    pub filed_by: AccountId,
    /// What is known.
    pub intelligence: Intelligence,
    /// Whether the account had filed more than the cap within the hour.
    pub over_cap: bool,
}

/// Pieces of intelligence that a page shows.
pub const INTELLIGENCE_SHOWN: i64 = 100;

const VERB: &str = "file-intelligence";
const BODY: (&str, &str) = ("intelligence", "body");

impl Store {
    /// Files a piece of intelligence. With a key that was used before for the same body, returns the
    /// reference given then. A reference that belongs to no case is kept as it was given. Over the cap for one
    /// account and hour it is kept too, marked, and raises an alarm on the cases that it touches.
    pub async fn file_intelligence(
        &self,
        by: &Actor,
        key: Option<IdempotencyKey>,
        intelligence: Intelligence,
        caps: Caps,
    ) -> Result<Reference, StoreError> {
        let tx = self.begin(by, Verb::FileIntelligence, VERB).await?;
        if let Some(key) = &key
            && let Some(before) = self.answered(&tx.db, by.account, VERB, key).await?
        {
            return parse(&before);
        }
        let reference = tx.insert_intelligence(&intelligence, caps).await?;
        let Some(key) = key else {
            tx.commit().await?;
            return Ok(reference);
        };
        tx.keep_answer(&key, reference.as_str()).await?;
        let Err(error) = tx.commit().await else {
            return Ok(reference);
        };
        // A failed commit may have committed: what stands under the key says.
        match self.answered(&self.reader, by.account, VERB, &key).await? {
            Some(stored) => parse(&stored),
            None => Err(error),
        }
    }

    /// Intelligence filed under a case's references or naming one of its numbers, oldest first; the newest
    /// [`INTELLIGENCE_SHOWN`].
    pub(super) async fn intelligence_of(
        &self,
        tx: &Tx<'_>,
        case: CaseId,
    ) -> Result<Bounded<FiledIntelligence>, StoreError> {
        let query = "SELECT id, reference, received_at, filed_by, body, over_cap FROM intelligence \
             WHERE case_id = $1 OR number_index IN \
             (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
              UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL) \
             ORDER BY received_at DESC, id LIMIT $2";
        let asked = values![case.to_string(), INTELLIGENCE_SHOWN + 1];
        let mut newest = self.read_bounded(&tx.all("intelligence", query, asked).await?)?;
        newest.rows.reverse();
        Ok(newest)
    }

    /// Intelligence that shows on no case, newest first: it names none, or none that there is, and no number of
    /// one.
    pub async fn intelligence_without_case(
        &self,
        by: &Actor,
    ) -> Result<Bounded<FiledIntelligence>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-intelligence").await?;
        let query = "SELECT id, reference, received_at, filed_by, body, over_cap FROM intelligence WHERE case_id IS NULL \
             AND (number_index IS NULL OR number_index NOT IN \
             (SELECT number_index FROM bars WHERE number_index IS NOT NULL \
              UNION SELECT number_index FROM held_targets WHERE number_index IS NOT NULL)) \
             ORDER BY received_at DESC, id LIMIT $1";
        let filed = self.read_bounded(
            &tx.all("intelligence", query, values![INTELLIGENCE_SHOWN + 1])
                .await?,
        )?;
        let detail = format!("shown={}", filed.rows.len());
        tx.audit(("intelligence", "without-case"), None, &detail).await?;
        tx.commit().await?;
        Ok(filed)
    }

    fn read_bounded(&self, rows: &[Row]) -> Result<Bounded<FiledIntelligence>, StoreError> {
        let filed = rows.iter().map(|row| {
            Ok(FiledIntelligence {
                reference: row.parsed("reference")?,
                received_at: row.time("received_at")?,
                filed_by: row.parsed("filed_by")?,
                intelligence: self.open_sealed(BODY, &row.text("id")?, row)?,
                over_cap: row.int("over_cap")? != 0,
            })
        });
        Ok(Bounded::of(
            filed.collect::<Result<Vec<_>, StoreError>>()?,
            INTELLIGENCE_SHOWN,
        ))
    }
}

fn parse(stored: &str) -> Result<Reference, StoreError> {
    stored.parse().map_err(|_| missing("idempotency", VERB))
}

impl Tx<'_> {
    async fn insert_intelligence(
        &self,
        intelligence: &Intelligence,
        caps: Caps,
    ) -> Result<Reference, StoreError> {
        let reference = Reference::from_random(self.store.seams.bytes());
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let case = self.case_named(intelligence.reference.as_ref()).await?;
        let number = intelligence.number.as_ref();
        let number = number.and_then(|number| phone::resolve(number.expose(), None).ok());
        let index = number.map(|resolved| self.store.keys.blind_index(&resolved.number));
        let over_cap = self.intelligence_is_over(caps).await?;
        let insert = "INSERT INTO intelligence (id, reference, case_id, filed_by, received_at, number_index, \
             body, over_cap) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let row = values![
            id.as_str(),
            reference.as_str(),
            case.map(|case| case.to_string()),
            self.by.account.to_string(),
            micros(self.now),
            index.as_deref(),
            self.store.seal(BODY, &id, intelligence)?,
            i64::from(over_cap),
        ];
        self.run(insert, row).await?;
        if over_cap {
            self.alarm_where_touched(case, index).await?;
        }
        self.audit(
            ("intelligence", &id),
            case,
            if over_cap { "filed over-cap" } else { "filed" },
        )
        .await?;
        Ok(reference)
    }

    async fn intelligence_is_over(&self, caps: Caps) -> Result<bool, StoreError> {
        let hour_ago = self
            .now
            .saturating_sub(SignedDuration::from_hours(1))
            .unwrap_or(self.now);
        let query = "SELECT COUNT(*) AS n FROM intelligence WHERE filed_by = $1 AND received_at > $2";
        let by = values![self.by.account.to_string(), micros(hour_ago)];
        let filed = self.count("intelligence", query, by).await?;
        Ok(filed >= u64::from(caps.intelligence_per_account_and_hour))
    }

    /// Puts the case that is named, and those that bar or hold the number, at the top of the queue.
    async fn alarm_where_touched(
        &self,
        case: Option<CaseId>,
        index: Option<String>,
    ) -> Result<(), StoreError> {
        let query = "SELECT id FROM cases WHERE id = $1 \
             OR id IN (SELECT case_id FROM bars WHERE number_index = $2) \
             OR id IN (SELECT case_id FROM held_targets WHERE number_index = $2)";
        let touched = values![case.map(|case| case.to_string()), index];
        for row in self.all("cases", query, touched).await? {
            let case = self.case(row.parsed("id")?).await?;
            if case.priority != Priority::LifeAtRisk {
                self.set_priority(&case, Priority::OverCap).await?;
            }
        }
        Ok(())
    }

    async fn case_named(&self, reference: Option<&Reference>) -> Result<Option<CaseId>, StoreError> {
        let Some(reference) = reference else {
            return Ok(None);
        };
        let query = "SELECT case_id FROM requests WHERE reference = $1";
        let row = self.one("requests", query, values![reference.as_str()]).await?;
        row.map(|row| row.parsed("case_id")).transpose()
    }
}
