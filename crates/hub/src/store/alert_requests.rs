//! No-contact alerts that the service asks for on prisoners' own records, one for each prisoner, however many cases bar him.
//!
//! ```text
//! his first bar -> asked -> to-raise -> raised -> (his last bar lifted) to-review -> closed
//!                     \-> not-needed, closed
//! ```
//! Who is barred is read from cases and bars whenever somebody looks ([`Store::note_alert_requests`]); nothing that bars
//! or lifts knows of it, so that it can hold up neither. A request that leaves the hub is an
//! [`AlertToRaise`](crate::custody::AlertToRaise) and names nobody who is protected. An alert is not a bar: raising one
//! protects by itself nobody, and none is taken off from here.

use casework::{Actor, Reference, Verb};
use jiff::Timestamp;
use prison::PrisonerNumber;
use uuid::Uuid;

use super::Store;
use super::accounts::service;
use super::alerts_on_record::day;
use super::bounded::Bounded;
use super::error::{Conflict, StoreError};
use super::sql::{micros, values};
use super::tx::Tx;
use crate::custody::{AlertCode, AlertToRaise, RaiseAlerts};

/// Requests that a page shows, the oldest.
pub const ALERT_REQUESTS_SHOWN: i64 = 100;
/// Requests that are given out at once, the oldest.
pub const ALERTS_AT_ONCE: i64 = 100;
/// Prisoners who are noted at once; further ones the next time that somebody looks.
pub const NOTED_AT_ONCE: i64 = 500;

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertRequestState {
    /// A handler decides whether to ask for the alert.
    Asked,
    /// The prison service's system is to raise it, or somebody by hand.
    ToRaise,
    /// His last bar was lifted: somebody looks whether the alert is still right.
    ToReview,
}

/// What a handler decides of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertDecision {
    /// Ask the prison service's system for it.
    Ask,
    /// It was raised by hand.
    Raised,
    /// It is not needed.
    NotNeeded,
    /// His record was looked at after his last bar was lifted.
    Reviewed,
}

/// A request as a handler sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRequest {
    /// The request.
    pub id: Uuid,
    /// The prisoner.
    pub prisoner: PrisonerNumber,
    /// Where it stands.
    pub state: AlertRequestState,
    /// Since when the hub knows, UTC.
    pub noticed_at: Timestamp,
    /// The cases that bar him.
    pub cases: Vec<Reference>,
}

impl AlertRequestState {
    /// Those in which somebody is still to do something.
    pub const OPEN: [Self; 3] = [Self::Asked, Self::ToRaise, Self::ToReview];

    /// The word for it, in the store, in the audit and in the names of sentences.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::ToRaise => "to-raise",
            Self::ToReview => "to-review",
        }
    }
}

impl AlertDecision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ask, Self::Raised, Self::NotNeeded, Self::Reviewed];

    /// The decision of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == word)
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Raised => "raised",
            Self::NotNeeded => "not-needed",
            Self::Reviewed => "reviewed",
        }
    }

    /// Where it may be decided, and where the request stands then.
    const fn step(self) -> (&'static str, &'static str) {
        match self {
            Self::Ask => ("'asked'", "to-raise"),
            Self::Raised => ("'asked', 'to-raise'", "raised"),
            Self::NotNeeded => ("'asked', 'to-raise'", "not-needed"),
            Self::Reviewed => ("'to-review'", "closed"),
        }
    }
}

impl Store {
    /// Brings the requests up to what is barred now, as the policy wants it; says how many wait for a handler. In the hub's
    /// own name: it follows from what others have done.
    pub async fn note_alert_requests(&self, policy: RaiseAlerts) -> Result<u64, StoreError> {
        let tx = self.begin_as(&service(), "note-alert-requests").await?;
        let moved = tx.follow_bars().await?;
        let new = match policy {
            RaiseAlerts::Off => 0,
            RaiseAlerts::Ask => tx.stand_alert_requests("asked").await?,
            RaiseAlerts::Raise => tx.stand_alert_requests("to-raise").await?,
        };
        let waiting = "SELECT COUNT(*) AS n FROM alert_requests WHERE state IN ('asked', 'to-review')";
        let waiting = tx.count("alert_requests", waiting, values![]).await?;
        if moved + new > 0 {
            let detail = format!("new={new} moved={moved}");
            tx.audit(("alert-request", "all"), None, &detail).await?;
        }
        tx.commit().await?;
        Ok(waiting)
    }

    /// The requests in which somebody is still to do something, oldest first.
    pub async fn alert_requests(&self, by: &Actor) -> Result<Bounded<AlertRequest>, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-alert-requests").await?;
        let query = "SELECT id, prisoner, state, noticed_at FROM alert_requests \
             WHERE state IN ('asked', 'to-raise', 'to-review') ORDER BY noticed_at, id LIMIT $1";
        let rows = tx
            .all("alert_requests", query, values![ALERT_REQUESTS_SHOWN + 1])
            .await?;
        let mut requests = Vec::with_capacity(rows.len());
        for row in &rows {
            let (prisoner, state) = (row.parsed("prisoner")?, row.text("state")?);
            let known = AlertRequestState::OPEN
                .into_iter()
                .find(|known| known.as_str() == state);
            requests.push(AlertRequest {
                id: row.parsed("id")?,
                prisoner,
                state: known.ok_or_else(|| row.damaged())?,
                noticed_at: row.time("noticed_at")?,
                cases: tx.cases_barring(prisoner).await?,
            });
        }
        let requests = Bounded::of(requests, ALERT_REQUESTS_SHOWN);
        let detail = format!("requests={} more={}", requests.rows.len(), requests.more);
        tx.audit(("alert-request", "open"), None, &detail).await?;
        tx.commit().await?;
        Ok(requests)
    }

    /// A handler decides of a request.
    pub async fn decide_alert_request(
        &self,
        by: &Actor,
        request: Uuid,
        decision: AlertDecision,
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::WorkCases, "decide-alert-request").await?;
        let (from, to) = decision.step();
        if tx.move_alert_request(request, from, to).await? == 0 {
            let known = "SELECT COUNT(*) AS n FROM alert_requests WHERE id = $1";
            let known = tx
                .count("alert_requests", known, values![request.to_string()])
                .await?;
            return Err(match known {
                0 => StoreError::NotFound,
                _ => Conflict::Changed.into(),
            });
        }
        tx.audit(("alert-request", &request.to_string()), None, decision.as_str())
            .await?;
        tx.commit().await
    }

    /// What the prison service's system is to raise, oldest first, and whether there is more.
    pub async fn alerts_to_raise(&self, by: &Actor) -> Result<Bounded<AlertToRaise>, StoreError> {
        let tx = self.begin(by, Verb::RaiseAlerts, "read-alerts-to-raise").await?;
        let query = "SELECT id, prisoner FROM alert_requests WHERE state = 'to-raise' \
             ORDER BY noticed_at, id LIMIT $1";
        let rows = tx
            .all("alert_requests", query, values![ALERTS_AT_ONCE + 1])
            .await?;
        let to_raise = rows.iter().map(|row| {
            Ok(AlertToRaise {
                reference: row.parsed("id")?,
                prison_number: row.parsed("prisoner")?,
                alert_code: AlertCode::NoContactRequest,
            })
        });
        let to_raise = to_raise.collect::<Result<Vec<_>, StoreError>>()?;
        let to_raise = Bounded::of(to_raise, ALERTS_AT_ONCE);
        let detail = format!("alerts={} more={}", to_raise.rows.len(), to_raise.more);
        tx.audit(("alert-request", "to-raise"), None, &detail).await?;
        tx.commit().await?;
        Ok(to_raise)
    }

    /// The prison service's system has raised one. Said again it changes nothing; of one that is not to be raised it is
    /// told that there is none.
    pub async fn alert_raised(&self, by: &Actor, request: Uuid) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::RaiseAlerts, "alert-raised").await?;
        if tx.move_alert_request(request, "'to-raise'", "raised").await? == 0 {
            let before =
                "SELECT COUNT(*) AS n FROM alert_requests WHERE id = $1 AND state IN ('raised', 'to-review')";
            let before = tx
                .count("alert_requests", before, values![request.to_string()])
                .await?;
            return if before > 0 {
                Ok(())
            } else {
                Err(StoreError::NotFound)
            };
        }
        tx.audit(("alert-request", &request.to_string()), None, "raised")
            .await?;
        tx.commit().await
    }
}

/// Whether a no-contact alert stands on a prisoner's record on a day: his number and the day's place follow.
fn stands_already(prisoner: &str, today: &str) -> String {
    let code = AlertCode::NoContactRequest.as_str();
    format!(
        "EXISTS (SELECT 1 FROM prisoner_alerts a WHERE a.code = '{code}' AND a.stands = 1 \
         AND a.prisoner = {prisoner} AND (a.ends_on IS NULL OR a.ends_on > {today}))"
    )
}

impl Tx<'_> {
    /// Moves what stands to where bars and records have led; says how many moved.
    async fn follow_bars(&self) -> Result<u64, StoreError> {
        let barred = "IN (SELECT prisoner FROM barred_prisoners)";
        let mut moved = 0;
        for (from, to, is_barred) in [
            ("'asked', 'to-raise', 'not-needed'", "closed", "NOT"),
            ("'raised'", "to-review", "NOT"),
            ("'to-review'", "raised", ""),
        ] {
            let which = format!("state IN ({from}) AND prisoner {is_barred} {barred}");
            moved += self.move_all(&which, values![to]).await?;
        }
        let today = || day(self.now).to_string();
        let stands = stands_already("alert_requests.prisoner", "$3");
        // Somebody else raised it: it is not the service's to look after.
        let asked = format!("state = 'asked' AND {stands}");
        moved += self.move_all(&asked, values!["closed", today()]).await?;
        let sent = format!("state = 'to-raise' AND {stands}");
        Ok(moved + self.move_all(&sent, values!["raised", today()]).await?)
    }

    async fn move_all(&self, which: &str, mut to: Vec<sea_orm::Value>) -> Result<u64, StoreError> {
        let update = format!("UPDATE alert_requests SET state = $1, decided_at = $2 WHERE {which}");
        to.insert(1, micros(self.now).into());
        self.run(&update, to).await
    }

    /// A request for everybody who is barred by a case in which a person has confirmed him, unless one stands or the
    /// alert does; says how many.
    async fn stand_alert_requests(&self, state: &str) -> Result<u64, StoreError> {
        let query = format!(
            "SELECT b.prisoner FROM barred_prisoners b WHERE NOT {} AND NOT EXISTS (SELECT 1 \
             FROM alert_requests r WHERE r.prisoner = b.prisoner AND r.state <> 'closed') \
             ORDER BY b.prisoner LIMIT $2",
            stands_already("b.prisoner", "$1")
        );
        let asked = values![day(self.now).to_string(), NOTED_AT_ONCE];
        let rows = self.all("alert_requests", &query, asked).await?;
        for row in &rows {
            let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
            let insert =
                "INSERT INTO alert_requests (id, prisoner, state, noticed_at) VALUES ($1, $2, $3, $4)";
            let values = values![id, row.text("prisoner")?, state, micros(self.now)];
            self.run(insert, values).await?;
        }
        Ok(rows.len() as u64)
    }

    async fn move_alert_request(&self, request: Uuid, from: &str, to: &str) -> Result<u64, StoreError> {
        let update = format!(
            "UPDATE alert_requests SET state = $2, decided_at = $3, decided_by = $4 \
             WHERE id = $1 AND state IN ({from})"
        );
        let by = self.by.account.to_string();
        let row = values![request.to_string(), to, micros(self.now), by];
        self.run(&update, row).await
    }

    async fn cases_barring(&self, prisoner: PrisonerNumber) -> Result<Vec<Reference>, StoreError> {
        let query = "SELECT c.reference FROM cases c JOIN barring_cases b ON b.case_id = c.id \
             WHERE b.prisoner = $1 ORDER BY c.reference LIMIT $2";
        let rows = self
            .all("cases", query, values![prisoner.as_str(), super::ELSEWHERE_SHOWN])
            .await?;
        rows.iter().map(|row| row.parsed("reference")).collect()
    }
}
