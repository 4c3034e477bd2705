//! The audit: who did what to what, and when, in a chain in which each row's keyed hash covers the row
//! before. It holds codes, identifiers and counts, and nothing of what a protected person wrote.
//!
//! Every write notes itself in its own transaction, and so does every read of a case. A row changed, taken
//! out or put in breaks the chain; rows cut off the end are missed against the counter.

use casework::{Actor, CaseId, Verb};
use jiff::Timestamp;
use sea_orm::DatabaseTransaction;
use serde::Serialize;

use super::error::StoreError;
use super::sql::{self, Row, json, micros, values};
use super::tx::Tx;
use super::{HubKeys, Store};

/// One row of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Gapless, from 1.
    pub seq: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// The account that acted.
    pub account: String,
    /// Its name then.
    pub name: String,
    /// Its role then, as JSON.
    pub role: String,
    /// What was done.
    pub verb: String,
    /// What kind of thing it was done to.
    pub kind: String,
    /// Which one.
    pub subject: String,
    /// The case that it belongs to, if any.
    pub case: Option<CaseId>,
    /// Codes and counts.
    pub detail: String,
}

/// Which rows of the audit are asked for; everything that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of one case.
    pub case: Option<CaseId>,
    /// Of one account.
    pub account: Option<casework::AccountId>,
    /// Of one verb.
    pub verb: Option<String>,
}

/// A page of the audit, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only rows before this one; `None` for the newest.
    pub before: Option<u64>,
    /// How many at most; [`Page::LIMIT`] is the most there ever are.
    pub rows: u32,
}

impl Page {
    /// The most rows of one page.
    pub const LIMIT: u32 = 500;
    /// The newest rows.
    pub const NEWEST: Self = Self {
        before: None,
        rows: 100,
    };
}

/// What became of checking the whole chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "audit", rename_all = "kebab-case")]
pub enum AuditCheck {
    /// Every row is as it was written.
    Whole {
        /// How many there are.
        rows: u64,
    },
    /// The first row that is not as it was written, or is missing.
    Broken {
        /// Its number.
        at: u64,
    },
}

pub(super) const COLUMNS: &str =
    "seq, at, account, name, role, verb, kind, subject, case_id, detail, previous, hash";
/// Rows read at once when the chain is checked.
const CHECKED_AT_ONCE: i64 = 2_000;

impl Store {
    /// Rows of the audit, newest first.
    pub async fn audit(
        &self,
        by: &Actor,
        filter: &AuditFilter,
        page: Page,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let tx = self.begin(by, Verb::ReadAudit, "read-audit").await?;
        tx.audit(("audit", "rows"), filter.case, "").await?;
        let before = page
            .before
            .and_then(|seq| i64::try_from(seq).ok())
            .unwrap_or(i64::MAX);
        let query = format!(
            "SELECT {COLUMNS} FROM audit WHERE seq < $1 AND (CAST($2 AS TEXT) IS NULL OR case_id = $2) \
             AND (CAST($3 AS TEXT) IS NULL OR account = $3) AND (CAST($4 AS TEXT) IS NULL OR verb = $4) \
             ORDER BY seq DESC LIMIT $5"
        );
        let case = filter.case.map(|case| case.to_string());
        let account = filter.account.map(|account| account.to_string());
        let rows = i64::from(page.rows.min(Page::LIMIT));
        let rows = tx
            .all(
                "audit",
                &query,
                values![before, case, account, filter.verb.clone(), rows],
            )
            .await?;
        let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Checks every row of the chain, from the first.
    pub async fn verify_audit(&self) -> Result<AuditCheck, StoreError> {
        let db = self.snapshot().await?;
        let counter = "SELECT value FROM counters WHERE name = 'audit'";
        let counted = sql::one(&db, "counters", counter, values![]).await?;
        let counted = counted.map_or(Ok(0), |row| row.count("value"))?;
        let (mut at, mut previous) = (0, String::new());
        loop {
            let rows = rows_after(&db, at).await?;
            if rows.is_empty() {
                let whole = at == counted;
                return Ok(if whole {
                    AuditCheck::Whole { rows: at }
                } else {
                    AuditCheck::Broken { at: at + 1 }
                });
            }
            for row in rows {
                at += 1;
                match follows(&self.keys, &row, at, &previous) {
                    Some(hash) => previous = hash,
                    None => return Ok(AuditCheck::Broken { at }),
                }
            }
        }
    }

    /// Notes that a rule forbade a verb.
    pub(super) async fn note_refusal(&self, by: &Actor, verb: &'static str) -> Result<(), StoreError> {
        let tx = self.begin_as(by, verb).await?;
        tx.audit(("account", &by.account.to_string()), None, "refused")
            .await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    /// Notes what this transaction does to one subject. `detail` holds codes and counts only.
    pub(super) async fn audit(
        &self,
        (kind, subject): (&str, &str),
        case: Option<CaseId>,
        detail: &str,
    ) -> Result<(), StoreError> {
        let seq = self.next("audit").await?;
        let last = "SELECT hash FROM audit WHERE seq = $1";
        let before = self
            .one("audit", last, values![as_int(seq.saturating_sub(1))?])
            .await?;
        let row = AuditRow {
            seq,
            at: self.now,
            account: self.by.account.to_string(),
            name: self.by.name.clone(),
            role: json(&self.by.role)?,
            verb: self.verb.to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            case,
            detail: detail.to_owned(),
        };
        let previous = before.map_or(Ok(String::new()), |row| row.text("hash"))?;
        insert(self, &row, previous).await
    }
}

async fn insert(tx: &Tx<'_>, row: &AuditRow, previous: String) -> Result<(), StoreError> {
    let hash = chained(&tx.store.keys, row, &previous);
    let statement =
        format!("INSERT INTO audit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    let AuditRow {
        seq,
        at,
        account,
        name,
        role,
        verb,
        kind,
        subject,
        case,
        detail,
    } = row.clone();
    let case = case.map(|case| case.to_string());
    let (seq, at) = (as_int(seq)?, micros(at));
    let row = values![
        seq, at, account, name, role, verb, kind, subject, case, detail, previous, hash
    ];
    tx.run(&statement, row).await.map(drop)
}

async fn rows_after(db: &DatabaseTransaction, seq: u64) -> Result<Vec<Row>, StoreError> {
    let query = format!("SELECT {COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2");
    sql::all(db, "audit", &query, values![as_int(seq)?, CHECKED_AT_ONCE]).await
}

/// The row's hash, if it is the one expected next and stands as it was written.
fn follows(keys: &HubKeys, row: &Row, seq: u64, previous: &str) -> Option<String> {
    let stored = read(row).ok()?;
    let hash = row.text("hash").ok()?;
    let sound = stored.seq == seq
        && row.text("previous").ok()? == previous
        && chained(keys, &stored, previous) == hash;
    sound.then_some(hash)
}

fn chained(keys: &HubKeys, row: &AuditRow, previous: &str) -> String {
    let case = row.case.map(|case| case.to_string()).unwrap_or_default();
    let (seq, at) = (row.seq.to_string(), micros(row.at).to_string());
    let fields = [
        &seq,
        &at,
        &row.account,
        &row.name,
        &row.role,
        &row.verb,
        &row.kind,
        &row.subject,
        &case,
        &row.detail,
    ];
    let mut bytes = Vec::new();
    for field in fields.into_iter().map(String::as_str).chain([previous]) {
        bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
        bytes.extend_from_slice(field.as_bytes());
    }
    keys.audit_hash(&bytes)
}

pub(super) fn read(row: &Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        seq: row.count("seq")?,
        at: row.time("at")?,
        account: row.text("account")?,
        name: row.text("name")?,
        role: row.text("role")?,
        verb: row.text("verb")?,
        kind: row.text("kind")?,
        subject: row.text("subject")?,
        case: row.parsed_if_any("case_id")?,
        detail: row.text("detail")?,
    })
}

fn as_int(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::Invalid("the audit is full"))
}
