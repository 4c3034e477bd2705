//! The queue: the cases on which something is to do, a page at a time. What the public asked and what registered
//! organisations asked can be read apart, so that a flood of the one does not bury the other.

use casework::{AccountId, Actor, CaseId, Priority, Reference, Verb};
use jiff::Timestamp;

use super::Store;
use super::cases::priority;
use super::error::StoreError;
use super::sql::{Row, values};
use super::tx::{Tx, missing};

/// Cases on one page of the queue.
pub const QUEUE_ROWS: u64 = 50;

/// Which part of the queue is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueAsked {
    /// Whose cases; none for everybody's.
    pub asked_by: Option<AskedBy>,
    /// The page, from 0; past the end, the last one.
    pub page: u64,
}

/// On whose request a case rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedBy {
    /// Somebody with an account: a registered organisation, or a case handler on the telephone.
    Organisations,
    /// Nobody but the public form.
    Public,
}

/// One page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// The cases, most urgent first, then oldest first.
    pub cases: Vec<CaseSummary>,
    /// The page, from 0.
    pub page: u64,
    /// Cases in the part that was asked for.
    pub asked: u64,
    /// Cases that rest on a request of somebody with an account, whatever was asked for.
    pub organisations: u64,
    /// Cases that rest on the public form alone.
    pub public: u64,
    /// Cases that need somebody at once, of both.
    pub alarms: u64,
    /// Cases with an alert of which no handler has seen everything, of both.
    pub alerted: u64,
}

/// One case in the queue. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSummary {
    /// The case.
    pub case: CaseId,
    /// The reference by which people speak of it.
    pub reference: Reference,
    /// Where it stands in the queue.
    pub priority: Priority,
    /// On whose request it rests.
    pub asked_by: AskedBy,
    /// Where the case stands: `waiting`, `located`, `assessed`, `confirmed`, `declined`.
    pub state: String,
    /// When its first request came in.
    pub opened_at: Timestamp,
    /// Its bars in force.
    pub bars: u64,
    /// Its numbers and addresses that wait for a handler.
    pub held: u64,
    /// Entries of prisoners whom the request did not name, suspended until somebody has decided.
    pub suspended: u64,
    /// Its alerts of which no handler has seen everything.
    pub alerts: u64,
}

/// Somebody tried a number of the case, and no handler has seen all of it.
const ALERTED: &str =
    "EXISTS (SELECT 1 FROM alert_cases a WHERE a.case_id = c.id AND a.signs <> a.seen_signs)";

/// Something is to do: it is not decided, something waits, or somebody is suspended undecided. A planted number's
/// case needs nobody until somebody tries it.
const OPEN: &str = "(EXISTS (SELECT 1 FROM alert_cases a WHERE a.case_id = c.id AND a.signs <> a.seen_signs) \
     OR (c.state_name NOT IN ('confirmed', 'declined') \
     AND NOT EXISTS (SELECT 1 FROM canaries k WHERE k.case_id = c.id)) \
     OR EXISTS (SELECT 1 FROM held_targets h WHERE h.case_id = c.id AND h.settled IS NULL) \
     OR EXISTS (SELECT 1 FROM bars b WHERE b.case_id = c.id AND b.state = 'interim') \
     OR EXISTS (SELECT 1 FROM suspensions s WHERE s.case_id = c.id AND s.stands = 'undecided'))";

/// `$1` is the account of the public form.
const BY_ORGANISATION: &str = "EXISTS (SELECT 1 FROM requests r WHERE r.case_id = c.id AND r.filed_by <> $1)";

/// A life at risk, then alerts and other alarms, then where a handler must look first or no bar is in force, whatever the reason: nothing protects
/// those. Then the rest, and the oldest first in each.
const ORDER: &str = "ORDER BY CASE WHEN c.priority = 'life-at-risk' THEN 0 \
     WHEN EXISTS (SELECT 1 FROM alert_cases a WHERE a.case_id = c.id AND a.signs <> a.seen_signs) THEN 1 \
     WHEN c.priority = 'over-cap' THEN 1 \
     WHEN c.priority = 'handler-first' THEN 2 \
     WHEN NOT EXISTS (SELECT 1 FROM bars b WHERE b.case_id = c.id AND b.state <> 'lifted') THEN 2 ELSE 3 END, \
     c.opened_at, c.id";

impl Store {
    /// The cases on which something is to do, a page of them: alarms, the unprotected, the rest; then oldest first.
    pub async fn queue(&self, by: &Actor, asked: QueueAsked) -> Result<Queue, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-queue").await?;
        let mut queue = tx.count_queue(asked.asked_by).await?;
        queue.page = asked.page.min(queue.asked.saturating_sub(1) / QUEUE_ROWS);
        queue.cases = tx.queue_page(asked.asked_by, queue.page).await?;
        let detail = format!(
            "cases={} of={} page={}",
            queue.cases.len(),
            queue.asked,
            queue.page
        );
        tx.audit(("queue", "cases"), None, &detail).await?;
        tx.commit().await?;
        Ok(queue)
    }
}

impl Tx<'_> {
    async fn count_queue(&self, asked_by: Option<AskedBy>) -> Result<Queue, StoreError> {
        let query = format!(
            "SELECT COUNT(*) AS n, COUNT(CASE WHEN {BY_ORGANISATION} THEN 1 END) AS organisations, \
             COUNT(CASE WHEN c.priority IN ('life-at-risk', 'over-cap') THEN 1 END) AS alarms, \
             COUNT(CASE WHEN {ALERTED} THEN 1 END) AS alerted \
             FROM cases c WHERE {OPEN}"
        );
        let row = self
            .one("cases", &query, values![AccountId::PUBLIC.to_string()])
            .await?
            .ok_or_else(|| missing("cases", "count"))?;
        let (all, organisations) = (row.count("n")?, row.count("organisations")?);
        let public = all.saturating_sub(organisations);
        Ok(Queue {
            cases: Vec::new(),
            page: 0,
            asked: match asked_by {
                None => all,
                Some(AskedBy::Organisations) => organisations,
                Some(AskedBy::Public) => public,
            },
            organisations,
            public,
            alarms: row.count("alarms")?,
            alerted: row.count("alerted")?,
        })
    }

    /// The inner query finds the page; only its rows are counted in.
    async fn queue_page(&self, asked_by: Option<AskedBy>, page: u64) -> Result<Vec<CaseSummary>, StoreError> {
        let part = match asked_by {
            None => String::new(),
            Some(AskedBy::Organisations) => format!("AND {BY_ORGANISATION}"),
            Some(AskedBy::Public) => format!("AND NOT {BY_ORGANISATION}"),
        };
        let query = format!(
            "SELECT c.id, c.reference, c.priority, c.state_name, c.opened_at, \
             CASE WHEN {BY_ORGANISATION} THEN 'organisations' ELSE 'public' END AS asked_by, \
             (SELECT COUNT(*) FROM bars b WHERE b.case_id = c.id AND b.state <> 'lifted') AS bars, \
             (SELECT COUNT(*) FROM held_targets h WHERE h.case_id = c.id AND h.settled IS NULL) AS held, \
             (SELECT COUNT(DISTINCT s.entry) FROM suspensions s \
              WHERE s.case_id = c.id AND s.stands = 'undecided') AS suspended, \
             (SELECT COUNT(*) FROM alert_cases a \
              WHERE a.case_id = c.id AND a.signs <> a.seen_signs) AS alerts \
             FROM (SELECT c.id, c.reference, c.priority, c.state_name, c.opened_at FROM cases c \
              WHERE {OPEN} {part} {ORDER} LIMIT $2 OFFSET $3) c {ORDER}"
        );
        let int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let asked = values![
            AccountId::PUBLIC.to_string(),
            int(QUEUE_ROWS),
            int(page.saturating_mul(QUEUE_ROWS))
        ];
        let rows = self.all("cases", &query, asked).await?;
        rows.iter().map(summary).collect()
    }
}

fn summary(row: &Row) -> Result<CaseSummary, StoreError> {
    Ok(CaseSummary {
        case: row.parsed("id")?,
        reference: row.parsed("reference")?,
        priority: priority(row)?,
        asked_by: match row.text("asked_by")?.as_str() {
            "organisations" => AskedBy::Organisations,
            _ => AskedBy::Public,
        },
        state: row.text("state_name")?,
        opened_at: row.time("opened_at")?,
        bars: row.count("bars")?,
        held: row.count("held")?,
        suspended: row.count("suspended")?,
        alerts: row.count("alerts")?,
    })
}
