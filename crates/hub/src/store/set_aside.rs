//! Messages of the prison service that could not be acted upon: kept sealed, shown to operators by why and when, tried
//! again or dismissed. None is deleted.

use casework::{Actor, Verb};
use jiff::Timestamp;
use uuid::Uuid;

use super::Store;
use super::accounts::service;
use super::bounded::Bounded;
use super::custody_events::EventTaken;
use super::error::{Conflict, Refusal, StoreError};
use super::sql::{self, Row, micros, values};
use super::tx::Tx;
use crate::custody::queue::QueueStanding;
use crate::custody::{Occurred, Unreadable};

/// The most messages that wait; one past it stays with its sender.
pub const SET_ASIDE_WAITING: u64 = 10_000;
/// The most that are shown at once.
pub const SET_ASIDE_SHOWN: i64 = 50;
/// Under which name messages are counted whose kind could not be read.
const UNREADABLE: &str = "unreadable";

const BODY: (&str, &str) = ("custody_set_aside", "body");

/// By which way a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBy {
    /// It was posted.
    Post,
    /// It stood in the queue.
    Queue,
}

impl CameBy {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Queue => "queue",
        }
    }
}

/// A message that waits for an operator. What it says stays sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its identifier.
    pub id: Uuid,
    /// Why it was set aside, as a code of [`Unreadable`].
    pub why: String,
    /// By which way it came, as a word of [`CameBy`].
    pub via: String,
    /// When it came first.
    pub came_at: Timestamp,
}

/// How many messages of one kind came to one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageCount {
    /// The kind, by its name.
    pub kind: String,
    /// What came of them.
    pub outcome: String,
    /// How many.
    pub messages: u64,
    /// When the last one came.
    pub last_at: Timestamp,
}

/// What has come from the prison service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodyMessages {
    /// How the queue stood, and when it was asked, UTC; none if nothing follows one.
    pub queue: Option<(QueueStanding, Timestamp)>,
    /// By kind and outcome.
    pub counts: Vec<MessageCount>,
    /// How many wait for an operator.
    pub waiting: u64,
    /// The oldest of them.
    pub set_aside: Bounded<SetAside>,
}

impl Store {
    /// Keeps a message that could not be acted upon. One that is kept already is counted and not kept twice.
    ///
    /// # Errors
    /// [`Refusal::TooManySetAside`] past [`SET_ASIDE_WAITING`]: whoever sent it keeps it.
    pub async fn set_message_aside(
        &self,
        by: &Actor,
        via: CameBy,
        why: Unreadable,
        message: &[u8],
    ) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::RecordCustody, "set-message-aside").await?;
        let digest = self.keys.body_hash(message);
        let query = "SELECT COUNT(*) AS n FROM custody_set_aside WHERE digest = $1";
        if tx
            .count("custody_set_aside", query, values![digest.as_str()])
            .await?
            == 0
        {
            if tx.set_aside_waiting().await? >= SET_ASIDE_WAITING {
                return Err(Refusal::TooManySetAside.into());
            }
            let id = tx.insert_set_aside(&digest, via, why, message).await?;
            let detail = format!("why={} via={}", why.code(), via.as_str());
            tx.audit(("message", &id), None, &detail).await?;
        }
        tx.count_message(UNREADABLE, "set-aside").await?;
        tx.commit().await
    }

    /// What has come from the prison service, for those who run the service.
    pub async fn custody_messages(&self, by: &Actor) -> Result<CustodyMessages, StoreError> {
        if !by.role.may(Verb::Operate) {
            return Err(Refusal::NotTheirs.into());
        }
        let counts = "SELECT kind, outcome, messages, last_at FROM custody_counts ORDER BY kind, outcome";
        let counts = sql::all(&self.reader, "custody_counts", counts, values![]).await?;
        let waiting = "SELECT COUNT(*) AS n FROM custody_set_aside WHERE state = 'waiting'";
        let waiting = sql::one(&self.reader, "custody_set_aside", waiting, values![]).await?;
        let oldest = "SELECT id, why, via, came_at FROM custody_set_aside WHERE state = 'waiting' \
             ORDER BY came_at, id LIMIT $1";
        let shown = values![SET_ASIDE_SHOWN + 1];
        let oldest = sql::all(&self.reader, "custody_set_aside", oldest, shown).await?;
        let queue = "SELECT waiting, oldest_at, asked_at FROM custody_queue WHERE name = 'queue'";
        let queue = sql::one(&self.reader, "custody_queue", queue, values![]).await?;
        Ok(CustodyMessages {
            queue: queue.as_ref().map(queue_standing).transpose()?,
            counts: counts.iter().map(count).collect::<Result<_, _>>()?,
            waiting: waiting.map_or(Ok(0), |row| row.count("n"))?,
            set_aside: Bounded::of(
                oldest.iter().map(set_aside).collect::<Result<_, _>>()?,
                SET_ASIDE_SHOWN,
            ),
        })
    }

    /// Notes how the queue stands, for the page of those who run the service.
    pub async fn note_custody_queue(&self, by: &Actor, standing: QueueStanding) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::RecordCustody, "note-custody-queue").await?;
        let upsert = "INSERT INTO custody_queue (name, asked_at, waiting, oldest_at) VALUES ('queue', $1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET asked_at = excluded.asked_at, waiting = excluded.waiting, \
             oldest_at = excluded.oldest_at";
        let waiting = i64::try_from(standing.waiting).unwrap_or(i64::MAX);
        let row = values![micros(tx.now), waiting, standing.oldest.map(micros)];
        tx.run(upsert, row).await?;
        tx.commit().await
    }

    /// When the queue was read last, UTC; none if nothing follows one.
    pub async fn custody_queue_read_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let query = "SELECT asked_at FROM custody_queue WHERE name = 'queue'";
        let row = sql::one(&self.reader, "custody_queue", query, values![]).await?;
        row.map(|row| row.time("asked_at")).transpose()
    }

    /// Forgets the queue: it is followed no longer, and nobody waits for its next word.
    pub async fn forget_custody_queue(&self, by: &Actor) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::Operate, "forget-custody-queue").await?;
        tx.run("DELETE FROM custody_queue WHERE name = 'queue'", values![])
            .await?;
        tx.audit(("queue", "queue"), None, "followed no longer").await?;
        tx.commit().await
    }

    /// A message that waits, to be read anew.
    pub async fn message_set_aside(&self, by: &Actor, id: Uuid) -> Result<Vec<u8>, StoreError> {
        if !by.role.may(Verb::Operate) {
            return Err(Refusal::NotTheirs.into());
        }
        let query = "SELECT id, body FROM custody_set_aside WHERE id = $1 AND state = 'waiting'";
        let row = sql::one(&self.reader, "custody_set_aside", query, values![id.to_string()]).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        self.open_sealed(BODY, &id.to_string(), &row)
    }

    /// A message that was set aside can be read now: its event is taken, if it is one that is acted upon.
    pub async fn take_message_again(
        &self,
        by: &Actor,
        id: Uuid,
        (kind, occurred): (&str, Option<&Occurred>),
    ) -> Result<Option<EventTaken>, StoreError> {
        let mut tx = self.begin(by, Verb::Operate, "record-custody-event").await?;
        tx.settle_set_aside(id, "taken").await?;
        let taken = match occurred {
            Some(occurred) => Some(tx.take_event(occurred).await?),
            None => None,
        };
        let outcome = taken.map_or("passed", EventTaken::as_str);
        tx.count_message(kind, outcome).await?;
        tx.audit(("message", &id.to_string()), None, outcome).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// An operator says that nothing need come of a message. It stays where it is, sealed.
    pub async fn dismiss_message(&self, by: &Actor, id: Uuid) -> Result<(), StoreError> {
        let tx = self.begin(by, Verb::Operate, "dismiss-message").await?;
        tx.settle_set_aside(id, "dismissed").await?;
        tx.audit(("message", &id.to_string()), None, "dismissed").await?;
        tx.commit().await
    }

    /// The hub in its own name: what it takes from the queue.
    pub fn itself(&self) -> Actor {
        service()
    }
}

impl Tx<'_> {
    async fn set_aside_waiting(&self) -> Result<u64, StoreError> {
        let query = "SELECT COUNT(*) AS n FROM custody_set_aside WHERE state = 'waiting'";
        self.count("custody_set_aside", query, values![]).await
    }

    async fn insert_set_aside(
        &self,
        digest: &str,
        via: CameBy,
        why: Unreadable,
        message: &[u8],
    ) -> Result<String, StoreError> {
        let id = Uuid::from_bytes(self.store.seams.bytes()).to_string();
        let insert = "INSERT INTO custody_set_aside (id, digest, body, why, via, came_at, state) \
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting')";
        let body = self.store.seal(BODY, &id, &message)?;
        let row = values![
            id.as_str(),
            digest,
            body,
            why.code(),
            via.as_str(),
            micros(self.now)
        ];
        self.run(insert, row).await?;
        Ok(id)
    }

    async fn settle_set_aside(&self, id: Uuid, state: &str) -> Result<(), StoreError> {
        let update = "UPDATE custody_set_aside SET state = $1, decided_by = $2, decided_at = $3 \
             WHERE id = $4 AND state = 'waiting'";
        let by = self.by.account.to_string();
        let row = values![state, by, micros(self.now), id.to_string()];
        match self.run(update, row).await? {
            1 => Ok(()),
            _ => Err(Conflict::Changed.into()),
        }
    }
}

fn queue_standing(row: &Row) -> Result<(QueueStanding, Timestamp), StoreError> {
    let standing = QueueStanding {
        waiting: row.count("waiting")?,
        oldest: row.time_if_any("oldest_at")?,
    };
    Ok((standing, row.time("asked_at")?))
}

fn count(row: &Row) -> Result<MessageCount, StoreError> {
    Ok(MessageCount {
        kind: row.text("kind")?,
        outcome: row.text("outcome")?,
        messages: row.count("messages")?,
        last_at: row.time("last_at")?,
    })
}

fn set_aside(row: &Row) -> Result<SetAside, StoreError> {
    Ok(SetAside {
        id: row.parsed("id")?,
        why: row.text("why")?,
        via: row.text("via")?,
        came_at: row.time("came_at")?,
    })
}
