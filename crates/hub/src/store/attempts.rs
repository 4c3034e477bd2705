//! What gates were asked: stored once, sealed, found by the blind index of the number.

use casework::{Actor, CaseId, Verb};
use feed::{Attempt, BlockName, GateId};
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::PrisonId;

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::sql::{Row, values};
use super::tx::Tx;

/// One attempt on a number of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAttempt {
    /// The gate that was asked.
    pub gate: GateId,
    /// Its prison.
    pub prison: PrisonId,
    /// When, by the gate's clock, UTC.
    pub at: Timestamp,
    /// What was asked and answered.
    pub attempt: Attempt,
}

/// The most attempts that are shown at once.
pub const ATTEMPTS_SHOWN: usize = 1_000;
const BODY: (&str, &str) = ("attempts", "body");

impl Store {
    /// Stores a gate's attempts, each once however often it is reported; returns the highest sequence stored
    /// of that gate. A gap in the sequence stays a gap. A sequence that comes again and says something else, as
    /// after a gate's state was put back from a copy, is stored beside the first and told.
    pub async fn record_attempts(&self, gate: GateId, attempts: &[Attempt]) -> Result<u64, StoreError> {
        let tx = self.begin_as(&service(), "record-attempts").await?;
        let id = gate.to_string();
        let mut stored = 0;
        for attempt in attempts {
            stored += tx.insert_attempt(&id, attempt).await?;
        }
        let query = "SELECT COALESCE(MAX(sequence), 0) AS n FROM attempts WHERE gate = $1";
        let through = tx.count("attempts", query, values![id.as_str()]).await?;
        if stored > 0 {
            let mut detail = format!("stored={stored} through={through}");
            let twice = tx.sequences_used_twice(&id, attempts).await?;
            if twice > 0 {
                tracing::error!(%gate, twice, "A GATE GAVE OUT SEQUENCES TWICE; both attempts are kept");
                detail.push_str(&format!(" used-twice={twice}"));
            }
            tx.audit(("gate", &id), None, &detail).await?;
        }
        tx.commit().await?;
        Ok(through)
    }

    /// Records that blocks of a gate's attempts could not be opened.
    pub async fn record_unopened_blocks(&self, gate: GateId, blocks: &[BlockName]) -> Result<(), StoreError> {
        let tx = self.begin_as(&service(), "record-attempts").await?;
        let names = blocks
            .iter()
            .map(|block| format!("{}-{}", block.first, block.last));
        let detail = format!("not-opened={}", names.collect::<Vec<_>>().join(","));
        tx.audit(("gate", &gate.to_string()), None, &detail).await?;
        tx.commit().await
    }

    /// The newest attempts on the numbers that a case bars, barred or holds for a handler.
    pub async fn attempts_of_case(
        &self,
        by: &Actor,
        case: CaseId,
        limit: usize,
    ) -> Result<Vec<ShownAttempt>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-attempts").await?;
        tx.case(case).await?;
        let query = "SELECT a.gate, a.sequence, a.digest, a.at, a.body, g.prison FROM attempts a \
             JOIN gates g ON g.id = a.gate WHERE a.number_index IN \
             (SELECT number_index FROM bars WHERE case_id = $1 AND number_index IS NOT NULL \
              UNION SELECT number_index FROM held_targets WHERE case_id = $1 AND number_index IS NOT NULL) \
             ORDER BY a.at DESC, a.sequence DESC LIMIT $2";
        let limit = i64::try_from(limit.min(ATTEMPTS_SHOWN)).unwrap_or(i64::MAX);
        let rows = tx
            .all("attempts", query, values![case.to_string(), limit])
            .await?;
        let shown = rows
            .iter()
            .map(|row| self.read_attempt(row))
            .collect::<Result<Vec<_>, _>>()?;
        let detail = format!("attempts={}", shown.len());
        tx.audit(("case", &case.to_string()), Some(case), &detail).await?;
        tx.commit().await?;
        Ok(shown)
    }

    fn read_attempt(&self, row: &Row) -> Result<ShownAttempt, StoreError> {
        let key = row_key(&row.text("gate")?, row.count("sequence")?, &row.text("digest")?);
        Ok(ShownAttempt {
            gate: row.parsed("gate")?,
            prison: row.parsed("prison")?,
            at: row.time("at")?,
            attempt: self.open_sealed(BODY, &key, row)?,
        })
    }
}

impl Tx<'_> {
    async fn insert_attempt(&self, gate: &str, attempt: &Attempt) -> Result<u64, StoreError> {
        let sequence = i64::try_from(attempt.sequence)
            .map_err(|_| StoreError::Invalid("a sequence is too large to be stored"))?;
        let number = attempt
            .number
            .as_deref()
            .and_then(|text| PhoneNumber::parse_canonical(text).ok());
        let index = number.map(|number| self.store.keys.blind_index(&number));
        // A gate's clock may be anything; a time that cannot be shown is moved to the nearest that can.
        let at = attempt.at_ms.saturating_mul(1_000);
        let at = at.clamp(
            Timestamp::MIN.as_second() * 1_000_000,
            Timestamp::MAX.as_second() * 1_000_000,
        );
        let said = serde_json::to_vec(attempt)
            .map_err(|_| StoreError::Invalid("an attempt that cannot be written"))?;
        let digest = self.store.keys.body_hash(&said);
        let body = self
            .store
            .seal(BODY, &row_key(gate, attempt.sequence, &digest), attempt)?;
        let insert = "INSERT INTO attempts (gate, sequence, digest, at, number_index, body) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        self.run(insert, values![gate, sequence, digest, at, index, body])
            .await
    }

    /// How many sequences, from the lowest to the highest of these attempts, stand for more than one attempt.
    async fn sequences_used_twice(&self, gate: &str, attempts: &[Attempt]) -> Result<u64, StoreError> {
        let sequences = || {
            attempts
                .iter()
                .map(|attempt| i64::try_from(attempt.sequence).unwrap_or(i64::MAX))
        };
        let (Some(lowest), Some(highest)) = (sequences().min(), sequences().max()) else {
            return Ok(0);
        };
        let query = "SELECT COUNT(*) AS n FROM (SELECT sequence FROM attempts \
             WHERE gate = $1 AND sequence BETWEEN $2 AND $3 GROUP BY sequence HAVING COUNT(*) > 1) AS twice";
        self.count("attempts", query, values![gate, lowest, highest])
            .await
    }
}

fn row_key(gate: &str, sequence: u64, digest: &str) -> String {
    format!("{gate}/{sequence}/{digest}")
}
