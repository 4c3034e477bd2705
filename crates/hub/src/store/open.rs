//! Opening a store: connect, make the tables if there are none, and refuse a database of another kind, of
//! other keys or of another version.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use feed::{Serial, Session};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, TransactionTrait};
use tokio::sync::{Mutex, watch};

use super::error::{Refusal, StoreError, cannot_connect, unavailable};
use super::sql::{self, values};
use super::{Store, schema};
use crate::keys::HubKeys;
use crate::seams::Seams;

/// Whether a store, its keys and its hub are a demonstration's or the service's. They never mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreMark {
    /// Invented people, loopback only.
    Demo,
    /// Real people.
    Service,
}

impl StoreMark {
    /// `demo` or `service`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for StoreMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StoreMark {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "demo" => Ok(Self::Demo),
            "service" => Ok(Self::Service),
            _ => Err("demo or service"),
        }
    }
}

/// Connections that read from SQLite at the same time.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL, for writing and for reading each.
const POSTGRES_CONNECTIONS: u32 = 8;
/// How long a write waits for another process that holds SQLite's write lock.
const SQLITE_BUSY_MILLISECONDS: u32 = 5_000;
/// How long a verb waits for a connection.
const ACQUIRE_WITHIN: Duration = Duration::from_secs(10);

impl Store {
    /// Opens `sqlite://PATH` or `postgres://...`; makes the tables if the database is empty.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a store of another mark, other keys or another schema;
    /// [`StoreError::Unavailable`] if the database does not answer.
    pub async fn open(
        url: &str,
        keys: Arc<HubKeys>,
        mark: StoreMark,
        seams: Seams,
    ) -> Result<Self, StoreError> {
        let sqlite = url.starts_with("sqlite:");
        let writer = connect(url, if sqlite { 1 } else { POSTGRES_CONNECTIONS }).await?;
        check_durable(&writer).await?;
        let session = prepare(&writer, &keys, mark, &seams).await?;
        let reader = connect(
            url,
            if sqlite {
                SQLITE_READERS
            } else {
                POSTGRES_CONNECTIONS
            },
        )
        .await?;
        let (serial, _) = watch::channel(Serial(0));
        let store = Self {
            writer,
            reader,
            can_wait: Mutex::default(),
            keys,
            mark,
            seams,
            session,
            serial,
        };
        let head = store.head().await?;
        store.announce(head);
        Ok(store)
    }

    /// Closes the connections that read and then the one that writes: SQLite puts its log away when the last one
    /// leaves, and leaves it where it is when two leave at the same moment.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database does not let a connection go.
    pub async fn close(self) -> Result<(), StoreError> {
        self.reader.close().await.map_err(unavailable)?;
        self.writer.close().await.map_err(unavailable)
    }
}

async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_WITHIN)
        .sqlx_logging(false);
    // synchronous=FULL: an acknowledged commit survives a power cut. foreign_keys: no row without its case.
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
            .pragma("secure_delete", "ON")
            .pragma("busy_timeout", SQLITE_BUSY_MILLISECONDS.to_string())
    });
    Database::connect(options)
        .await
        .map_err(|error| cannot_connect(&error))
}

/// An acknowledged commit must survive a power cut; a database that does not promise it is not used.
async fn check_durable(db: &DatabaseConnection) -> Result<(), StoreError> {
    let durable = match db.get_database_backend() {
        // 2 is FULL: the log is fsynced before a commit returns.
        DbBackend::Sqlite => {
            let row = sql::one(db, "pragma", "PRAGMA synchronous", values![]).await?;
            row.map_or(Ok(0), |row| row.int("synchronous"))? >= 2
        }
        _ => {
            let query = "SELECT current_setting('synchronous_commit') AS value";
            let row = sql::one(db, "settings", query, values![]).await?;
            row.map_or(Ok(String::new()), |row| row.text("value"))? != "off"
        }
    };
    if durable {
        Ok(())
    } else {
        Err(Refusal::NotDurable.into())
    }
}

/// Makes or checks the tables; returns the store's session.
async fn prepare(
    db: &DatabaseConnection,
    keys: &HubKeys,
    mark: StoreMark,
    seams: &Seams,
) -> Result<Session, StoreError> {
    if keys.mark() != mark {
        return Err(other_mark(keys.mark().as_str(), mark));
    }
    if is_empty(db).await? {
        create(db, keys, mark, seams).await?;
    }
    let schema = meta(db, "schema").await?;
    if schema.parse() != Ok(schema::VERSION) {
        return Err(Refusal::OtherSchema {
            found: schema,
            known: schema::VERSION,
        }
        .into());
    }
    let found = meta(db, "mark").await?;
    if found != mark.as_str() {
        return Err(other_mark(&found, mark));
    }
    if meta(db, "keys").await? != keys.secret_hash(KEYS_CHECK) {
        return Err(Refusal::OtherKeys.into());
    }
    let session = meta(db, "session").await?;
    session.parse().map_err(|_| super::tx::missing("meta", "session"))
}

/// What is hashed to tell one set of keys from another.
const KEYS_CHECK: &[u8] = b"these are the keys of this store";

fn other_mark(found: &str, asked: StoreMark) -> StoreError {
    Refusal::OtherMark {
        found: found.to_owned(),
        asked: asked.to_string(),
    }
    .into()
}

async fn is_empty(db: &DatabaseConnection) -> Result<bool, StoreError> {
    let query = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'",
        _ => {
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'meta'"
        }
    };
    Ok(sql::one(db, "meta", query, values![]).await?.is_none())
}

async fn create(
    db: &DatabaseConnection,
    keys: &HubKeys,
    mark: StoreMark,
    seams: &Seams,
) -> Result<(), StoreError> {
    let bytes = if db.get_database_backend() == DbBackend::Sqlite {
        "BLOB"
    } else {
        "BYTEA"
    };
    let session = Session::from_bytes(seams.bytes());
    let tx = db.begin().await.map_err(unavailable)?;
    for statement in schema::TABLES {
        sql::run(&tx, &statement.replace(" BYTES", &format!(" {bytes}")), values![]).await?;
    }
    let rows = [
        ("schema", schema::VERSION.to_string()),
        ("mark", mark.to_string()),
        ("session", session.to_string()),
        ("epoch", "0".to_owned()),
        ("certificate", String::new()),
        ("keys", keys.secret_hash(KEYS_CHECK)),
    ];
    for (name, value) in rows {
        sql::run(
            &tx,
            "INSERT INTO meta (name, value) VALUES ($1, $2)",
            values![name, value],
        )
        .await?;
    }
    tx.commit().await.map_err(unavailable)
}

async fn meta(db: &DatabaseConnection, name: &str) -> Result<String, StoreError> {
    let row = sql::one(
        db,
        "meta",
        "SELECT value FROM meta WHERE name = $1",
        values![name],
    )
    .await?;
    row.ok_or_else(|| super::tx::missing("meta", name))?.text("value")
}
