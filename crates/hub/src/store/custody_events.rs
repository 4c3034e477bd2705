//! An event of the prison service: taken once, in whatever order events come, and never a reason to lift anything.

use casework::{Actor, Verb};

use super::Store;
use super::error::StoreError;
use super::sql::{json, micros, values};
use super::tx::Tx;
use crate::custody::{CustodyEvent, Occurred};

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventTaken {
    /// It was acted upon.
    Taken,
    /// It was taken before.
    Repeated,
    /// Something newer was known.
    Overtaken,
}

impl EventTaken {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Repeated => "repeated",
            Self::Overtaken => "overtaken",
        }
    }
}

/// Kinds of events that are counted apart; further ones are counted together.
const KINDS_COUNTED: u64 = 200;
/// Under which name further ones are counted.
const FURTHER: &str = "others";

impl Store {
    /// Takes an event, of this kind by name. One that was taken before changes nothing, not even what people have
    /// decided since.
    pub async fn record_custody_event(
        &self,
        by: &Actor,
        kind: &str,
        occurred: &Occurred,
    ) -> Result<EventTaken, StoreError> {
        let mut tx = self
            .begin(by, Verb::RecordCustody, "record-custody-event")
            .await?;
        let taken = tx.take_event(occurred).await?;
        tx.count_message(kind, taken.as_str()).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Counts a message of a kind that is of no concern here.
    pub async fn pass_custody_message(&self, by: &Actor, kind: &str) -> Result<(), StoreError> {
        let tx = self
            .begin(by, Verb::RecordCustody, "record-custody-event")
            .await?;
        tx.count_message(kind, "passed").await?;
        tx.commit().await
    }
}

impl Tx<'_> {
    pub(super) async fn take_event(&mut self, occurred: &Occurred) -> Result<EventTaken, StoreError> {
        if !self.is_first_of(occurred).await? {
            return Ok(EventTaken::Repeated);
        }
        let (about, newer) = match occurred.event {
            CustodyEvent::Merged { gone, survives } => {
                self.merge(gone, survives).await?;
                (survives, true)
            }
            CustodyEvent::BookingMoved { from, to } => {
                self.move_booking(from, to).await?;
                (to, true)
            }
            CustodyEvent::AlertChanged {
                prisoner,
                code,
                change,
            } => {
                let newer = self.change_alert(prisoner, (code, change), occurred.at).await?;
                (prisoner, newer)
            }
            CustodyEvent::Received { prisoner, .. }
            | CustodyEvent::Released { prisoner, .. }
            | CustodyEvent::RestrictedPatientAdded { prisoner } => {
                (prisoner, self.place(prisoner, occurred).await?)
            }
        };
        let taken = if newer {
            EventTaken::Taken
        } else {
            EventTaken::Overtaken
        };
        let detail = format!("{} {}", taken.as_str(), json(&occurred)?);
        self.audit(("prisoner", about.as_str()), None, &detail).await?;
        Ok(taken)
    }

    /// Notes the event, unless it was noted before.
    async fn is_first_of(&self, occurred: &Occurred) -> Result<bool, StoreError> {
        let digest = self.store.keys.body_hash(json(occurred)?.as_bytes());
        let insert = "INSERT INTO custody_events (digest, occurred_at, taken_at) VALUES ($1, $2, $3) \
             ON CONFLICT (digest) DO NOTHING";
        let row = values![digest, micros(occurred.at), micros(self.now)];
        Ok(self.run(insert, row).await? == 1)
    }

    pub(super) async fn count_message(&self, kind: &str, outcome: &str) -> Result<(), StoreError> {
        let query = "SELECT COUNT(DISTINCT kind) AS n FROM custody_counts WHERE kind <> $1 AND kind <> $2";
        let others = self
            .count("custody_counts", query, values![kind, FURTHER])
            .await?;
        let full = others >= KINDS_COUNTED;
        let upsert = "INSERT INTO custody_counts (kind, outcome, messages, last_at) VALUES ($1, $2, 1, $3) \
             ON CONFLICT (kind, outcome) DO UPDATE SET messages = custody_counts.messages + 1, \
             last_at = excluded.last_at";
        let kind = if full { FURTHER } else { kind };
        self.run(upsert, values![kind, outcome, micros(self.now)])
            .await
            .map(drop)
    }
}
