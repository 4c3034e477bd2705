//! Which sequences of a gate's attempts are stored, and which are missing: as runs without a gap, so that a
//! gate's whole life is a few rows and not one for each call.
//!
//! A sequence is given out for every call that a gate was asked, also for one that it could not keep because its
//! spool was full. So a gap says how many attempts were lost at most: after a crash some numbers were reserved
//! and never given out, and a report that is still on its way may yet fill it.

use feed::GateId;
use serde::Serialize;

use super::Store;
use super::error::StoreError;
use super::sql::{self, values};
use super::tx::Tx;

/// Gaps of one gate that are told, the newest.
pub const GAPS_SHOWN: usize = 20;

/// Sequences `first..=last` of a gate of which no attempt is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SequenceGap {
    /// The first that is missing.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// What is missing of one gate's attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingAttempts {
    /// The highest sequence stored, 0 for none.
    pub highest: u64,
    /// How many sequences below it are missing.
    pub missing: u64,
    /// Where: the newest [`GAPS_SHOWN`], oldest first.
    pub gaps: Vec<SequenceGap>,
}

impl Store {
    /// What is missing of a gate's attempts now.
    pub async fn missing_attempts(&self, gate: GateId) -> Result<MissingAttempts, StoreError> {
        let query = "SELECT first, last FROM attempt_runs WHERE gate = $1 ORDER BY first";
        let rows = sql::all(&self.reader, "attempt_runs", query, values![gate.to_string()]).await?;
        let mut found = MissingAttempts::default();
        for row in &rows {
            let first = row.count("first")?;
            let gap = SequenceGap {
                first: found.highest + 1,
                last: first.saturating_sub(1),
            };
            if gap.first <= gap.last {
                found.missing += gap.last - gap.first + 1;
                found.gaps.push(gap);
            }
            found.highest = row.count("last")?;
        }
        let older = found.gaps.len().saturating_sub(GAPS_SHOWN);
        found.gaps.drain(..older);
        Ok(found)
    }
}

impl Tx<'_> {
    /// Joins sequences that are stored now to the runs of their gate.
    pub(super) async fn join_runs(&self, gate: &str, stored: &mut [i64]) -> Result<(), StoreError> {
        stored.sort_unstable();
        let mut rest = &*stored;
        while let Some(first) = rest.first().copied() {
            let gap = rest
                .windows(2)
                .position(|pair| pair[1] > pair[0].saturating_add(1));
            let (run, others) = rest.split_at(gap.map_or(rest.len(), |at| at + 1));
            self.join_run(gate, first, run.last().copied().unwrap_or(first))
                .await?;
            rest = others;
        }
        Ok(())
    }

    async fn join_run(&self, gate: &str, first: i64, last: i64) -> Result<(), StoreError> {
        const TOUCHED: &str = "FROM attempt_runs WHERE gate = $1 AND first <= $3 AND last >= $2";
        let touched = || values![gate, first.saturating_sub(1), last.saturating_add(1)];
        let query =
            format!("SELECT COALESCE(MIN(first), $4) AS first, COALESCE(MAX(last), $5) AS last {TOUCHED}");
        let mut asked = touched();
        asked.extend(values![first, last]);
        let row = self.one("attempt_runs", &query, asked).await?;
        let (mut begins, mut ends) = (first, last);
        if let Some(row) = row {
            begins = begins.min(row.int("first")?);
            ends = ends.max(row.int("last")?);
        }
        self.run(&format!("DELETE {TOUCHED}"), touched()).await?;
        let insert = "INSERT INTO attempt_runs (gate, first, last) VALUES ($1, $2, $3)";
        self.run(insert, values![gate, begins, ends]).await.map(drop)
    }
}
