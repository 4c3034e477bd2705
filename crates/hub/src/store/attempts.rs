//! What gates were asked: stored once, sealed, found by the blind index of the number.

use casework::{Actor, CaseId, Verb};
use feed::{Attempt, BlockName, GateId};
use jiff::Timestamp;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};

use super::Store;
use super::accounts::service;
use super::error::StoreError;
use super::raise_alerts::Tried;
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

/// An attempt as a gate reported it, read for storing.
pub(super) struct Reported<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) sequence: i64,
    /// Microseconds since 1970, by the gate's clock.
    pub(super) at: i64,
    /// The number under which it is found: the dialled one, or the barred one that it begins with.
    pub(super) number_index: Option<String>,
    /// The shorter numbers that ring the same telephone, longest first.
    pub(super) beginnings: Vec<String>,
    pub(super) caller_index: String,
    /// The caller, if he is exactly one prisoner.
    pub(super) prisoner: Option<PrisonerNumber>,
}

impl Store {
    /// Stores a gate's attempts, each once however often it is reported, and raises the alerts that follow from
    /// those that are new; returns the highest sequence stored of that gate. A gap in the sequence stays a gap. A
    /// sequence that comes again and says something else, as after a gate's state was put back from a copy, is
    /// stored beside the first and told.
    pub async fn record_attempts(&self, gate: GateId, attempts: &[Attempt]) -> Result<u64, StoreError> {
        let _turn = self.can_wait.lock().await;
        let tx = self.begin_as(&service(), "record-attempts").await?;
        let id = gate.to_string();
        let prison = tx.prison_of_gate(&id).await?;
        let mut reported = attempts
            .iter()
            .map(|attempt| self.read_reported(prison, attempt))
            .collect::<Result<Vec<_>, _>>()?;
        let mut tried = Tried::look_up(&tx, &mut reported).await?;
        let mut stored = Vec::new();
        for reported in &reported {
            tried.know_caller(&tx, reported).await?;
            if tx.insert_attempt(&id, reported).await? > 0 {
                stored.push(reported.sequence);
                tried.note(reported);
            }
        }
        tx.join_runs(&id, &mut stored).await?;
        tx.raise_alerts(prison, tried).await?;
        let query = "SELECT COALESCE(MAX(last), 0) AS n FROM attempt_runs WHERE gate = $1";
        let through = tx.count("attempt_runs", query, values![id.as_str()]).await?;
        if !stored.is_empty() {
            let mut detail = format!("stored={} through={through}", stored.len());
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

    pub(super) fn read_attempt(&self, row: &Row) -> Result<ShownAttempt, StoreError> {
        let key = row_key(&row.text("gate")?, row.count("sequence")?, &row.text("digest")?);
        Ok(ShownAttempt {
            gate: row.parsed("gate")?,
            prison: row.parsed("prison")?,
            at: row.time("at")?,
            attempt: self.open_sealed(BODY, &key, row)?,
        })
    }
}

impl Store {
    fn read_reported<'a>(&self, prison: PrisonId, attempt: &'a Attempt) -> Result<Reported<'a>, StoreError> {
        let sequence = i64::try_from(attempt.sequence)
            .map_err(|_| StoreError::Invalid("a sequence is too large to be stored"))?;
        let number = attempt
            .number
            .as_deref()
            .and_then(|text| PhoneNumber::parse_canonical(text).ok());
        let beginnings = number.iter().flat_map(PhoneNumber::beginnings);
        let prisoner: Option<PrisonerNumber> = attempt.caller.parse().ok();
        // A prisoner is the same wherever he is; `generic` of two prisons is not one caller.
        let caller = match prisoner {
            Some(prisoner) => prisoner.to_string(),
            None => format!("{prison} {}", attempt.caller),
        };
        // A gate's clock may be anything; a time that cannot be shown is moved to the nearest that can.
        let at = attempt.at_ms.saturating_mul(1_000).clamp(
            Timestamp::MIN.as_second() * 1_000_000,
            Timestamp::MAX.as_second() * 1_000_000,
        );
        Ok(Reported {
            attempt,
            sequence,
            at,
            number_index: number.map(|number| self.keys.blind_index(&number)),
            beginnings: beginnings.map(|number| self.keys.blind_index(&number)).collect(),
            caller_index: self.keys.caller_index(&caller),
            prisoner,
        })
    }
}

impl Tx<'_> {
    async fn prison_of_gate(&self, gate: &str) -> Result<PrisonId, StoreError> {
        let query = "SELECT id, prison FROM gates WHERE id = $1";
        let row = self.one("gates", query, values![gate]).await?;
        row.ok_or(StoreError::NotFound)?.parsed("prison")
    }

    async fn insert_attempt(&self, gate: &str, reported: &Reported<'_>) -> Result<u64, StoreError> {
        let said = serde_json::to_vec(reported.attempt)
            .map_err(|_| StoreError::Invalid("an attempt that cannot be written"))?;
        let digest = self.store.keys.body_hash(&said);
        let key = row_key(gate, reported.attempt.sequence, &digest);
        let body = self.store.seal(BODY, &key, reported.attempt)?;
        let insert = "INSERT INTO attempts (gate, sequence, digest, at, number_index, caller_index, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let row = values![
            gate,
            reported.sequence,
            digest,
            reported.at,
            reported.number_index.clone(),
            reported.caller_index.as_str(),
            body
        ];
        self.run(insert, row).await
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
