//! The one narrow way to the database: statements with bound values, rows that name their table when they
//! cannot be read, and values that are text, integers or bytes.

use jiff::Timestamp;
use sea_orm::{ConnectionTrait, QueryResult, Statement, TryGetable, Value};

use super::error::{StoreError, unavailable};

/// The values of a statement, in order: `$1`, `$2` ...
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(::sea_orm::Value::from($value)),*] };
}
pub(super) use values;

/// So many places for values, from `$from` on: `$3, $4`.
pub(super) fn places(from: usize, count: usize) -> String {
    let places: Vec<String> = (from..from + count).map(|place| format!("${place}")).collect();
    places.join(", ")
}

/// Texts as values.
pub(super) fn texts(texts: Vec<String>) -> Vec<Value> {
    texts.into_iter().map(Value::from).collect()
}

/// One row of a table.
pub(super) struct Row {
    table: &'static str,
    inner: QueryResult,
}

impl Row {
    pub(super) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(super) fn text_if_any(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(super) fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(super) fn count(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| self.damaged())
    }

    pub(super) fn int_if_any(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    pub(super) fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    pub(super) fn bytes_if_any(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(column)
    }

    pub(super) fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.int(column)?).map_err(|_| self.damaged())
    }

    pub(super) fn time_if_any(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        let micros = self.int_if_any(column)?;
        micros
            .map(Timestamp::from_microsecond)
            .transpose()
            .map_err(|_| self.damaged())
    }

    /// A column that holds an identifier or another word that parses.
    pub(super) fn parsed<T: std::str::FromStr>(&self, column: &str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| self.damaged())
    }

    pub(super) fn parsed_if_any<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.text_if_any(column)?
            .map(|text| text.parse().map_err(|_| self.damaged()))
            .transpose()
    }

    /// A column that holds JSON without personal content.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| self.damaged())
    }

    /// That this row cannot be read.
    pub(super) fn damaged(&self) -> StoreError {
        let key = ["id", "number", "serial", "seq", "sequence"];
        let text = key
            .iter()
            .find_map(|column| self.inner.try_get::<String>("", column).ok());
        let int = || {
            key.iter()
                .find_map(|column| self.inner.try_get::<i64>("", column).ok())
        };
        let row = text
            .or_else(|| int().map(|key| key.to_string()))
            .unwrap_or_default();
        StoreError::Damaged {
            table: self.table,
            row,
        }
    }

    fn get<T: TryGetable>(&self, column: &str) -> Result<T, StoreError> {
        self.inner.try_get("", column).map_err(|_| self.damaged())
    }
}

/// Runs a statement; returns how many rows it touched.
pub(super) async fn run(on: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
    let done = on
        .execute_raw(statement(on, sql, values))
        .await
        .map_err(unavailable)?;
    Ok(done.rows_affected())
}

/// The rows of a query on a table.
pub(super) async fn all(
    on: &impl ConnectionTrait,
    table: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let rows = on
        .query_all_raw(statement(on, sql, values))
        .await
        .map_err(unavailable)?;
    Ok(rows.into_iter().map(|inner| Row { table, inner }).collect())
}

/// The first row of a query on a table, if there is one.
pub(super) async fn one(
    on: &impl ConnectionTrait,
    table: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<Row>, StoreError> {
    let row = on
        .query_one_raw(statement(on, sql, values))
        .await
        .map_err(unavailable)?;
    Ok(row.map(|inner| Row { table, inner }))
}

fn statement(on: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(on.get_database_backend(), sql, values)
}

/// A time as it is stored.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A value as JSON text. For values of our own making, which always can be written.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Invalid("a value cannot be written as JSON"))
}
