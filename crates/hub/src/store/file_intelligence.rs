//! Intelligence: stored, shown to the handlers of the cases that it touches; nothing is barred by it.

use casework::{AccountId, Actor, CaseId, Intelligence, Reference, Verb};
use jiff::Timestamp;
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
}

/// Pieces of intelligence that a page shows.
pub const INTELLIGENCE_SHOWN: i64 = 100;

const VERB: &str = "file-intelligence";
const BODY: (&str, &str) = ("intelligence", "body");

impl Store {
    /// Files a piece of intelligence. With a key that was used before for the same body, returns the
    /// reference given then. A reference that belongs to no case is kept as it was given.
    pub async fn file_intelligence(
        &self,
        by: &Actor,
        key: Option<IdempotencyKey>,
        intelligence: Intelligence,
    ) -> Result<Reference, StoreError> {
        let tx = self.begin(by, Verb::FileIntelligence, VERB).await?;
        if let Some(key) = &key
            && let Some(before) = self.answered(&tx.db, by.account, VERB, key).await?
        {
            return parse(&before);
        }
        let reference = tx.insert_intelligence(&intelligence).await?;
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
        let query = "SELECT id, reference, received_at, filed_by, body FROM intelligence \
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
        let query = "SELECT id, reference, received_at, filed_by, body FROM intelligence WHERE case_id IS NULL \
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
    async fn insert_intelligence(&self, intelligence: &Intelligence) -> Result<Reference, StoreError> {
        let reference = Reference::from_random(self.store.seams.bytes());
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let case = self.case_named(intelligence.reference.as_ref()).await?;
        let number = intelligence.number.as_ref();
        let number = number.and_then(|number| phone::resolve(number.expose(), None).ok());
        let insert = "INSERT INTO intelligence (id, reference, case_id, filed_by, received_at, number_index, \
             body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let row = values![
            id.as_str(),
            reference.as_str(),
            case.map(|case| case.to_string()),
            self.by.account.to_string(),
            micros(self.now),
            number.map(|resolved| self.store.keys.blind_index(&resolved.number)),
            self.store.seal(BODY, &id, intelligence)?,
        ];
        self.run(insert, row).await?;
        self.audit(("intelligence", &id), case, "filed").await?;
        Ok(reference)
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
