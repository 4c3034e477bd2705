//! Signed-in sessions of staff: a random token in a cookie, a keyed hash in the store, an end when idle.

use std::fmt;

use casework::{AccountId, Actor};
use data_encoding::BASE32_NOPAD;
use jiff::SignedDuration;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Store;
use super::accounts::{self, read};
use super::error::StoreError;
use super::sql::{self, micros, values};

/// A session that nobody used for so long is closed: half an hour.
pub const SESSION_IDLE_SECONDS: i64 = 30 * 60;
/// A session's last use is written down at most this often.
const NOTED_EVERY_SECONDS: i64 = 60;

/// What a signed-in browser carries: 256 random bits in base32.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SessionToken(String);

impl SessionToken {
    /// The token's text, for the cookie and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

impl Store {
    /// Opens a session for an account whose owner has just shown who he is.
    pub async fn open_session(&self, account: AccountId) -> Result<SessionToken, StoreError> {
        let actor = self.account(account).await?.ok_or(StoreError::NotFound)?;
        let tx = self.begin_as(&actor, "open-session").await?;
        let token = SessionToken(BASE32_NOPAD.encode(&self.seams.bytes::<32>()));
        let hash = self.keys.secret_hash(token.expose().as_bytes());
        let insert = "INSERT INTO sessions (hash, account, opened_at, used_at) VALUES ($1, $2, $3, $3)";
        tx.run(insert, values![hash, account.to_string(), micros(tx.now)])
            .await?;
        tx.audit(("account", &account.to_string()), None, "").await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Whose session this is; `None` for an unknown, closed or idle one.
    pub async fn find_session(&self, token: &str) -> Result<Option<Actor>, StoreError> {
        let hash = self.keys.secret_hash(token.as_bytes());
        let now = self.seams.clock.now();
        let idle = now
            .saturating_sub(SignedDuration::from_secs(SESSION_IDLE_SECONDS))
            .unwrap_or(now);
        let query = "SELECT a.id, a.created_by, a.name, a.role, s.used_at FROM sessions s \
             JOIN accounts a ON a.id = s.account \
             WHERE s.hash = $1 AND s.closed_at IS NULL AND s.used_at >= $2";
        let row = sql::one(
            &self.reader,
            "sessions",
            query,
            values![hash.as_str(), micros(idle)],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        let unnoted = now.duration_since(row.time("used_at")?).as_secs();
        if unnoted >= NOTED_EVERY_SECONDS {
            let tx = self.begin_as(&accounts::service(), "use-session").await?;
            let update = "UPDATE sessions SET used_at = $1 WHERE hash = $2 AND closed_at IS NULL";
            tx.run(update, values![micros(now), hash]).await?;
            tx.commit().await?;
        }
        read(&row).map(Some)
    }

    /// Closes a session; an unknown one is closed already.
    pub async fn close_session(&self, token: &str) -> Result<(), StoreError> {
        let Some(actor) = self.find_session(token).await? else {
            return Ok(());
        };
        let tx = self.begin_as(&actor, "close-session").await?;
        let update = "UPDATE sessions SET closed_at = $1 WHERE hash = $2 AND closed_at IS NULL";
        tx.run(
            update,
            values![micros(tx.now), self.keys.secret_hash(token.as_bytes())],
        )
        .await?;
        tx.audit(("account", &actor.account.to_string()), None, "")
            .await?;
        tx.commit().await
    }
}
