//! Accounts and the API keys of organisations.

use std::fmt;

use casework::{AccountId, Actor, Role, Verb};
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::error::{Refusal, StoreError};
use super::sql::{self, Row, json, micros, values};
use super::tx::Tx;
use super::{Store, StoreMark};

/// An API key as its organisation is shown it, once: `upcs_` and 256 random bits in base32. The store keeps
/// only a keyed hash.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// The key's text, to be handed over once and never logged.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(..)")
    }
}

/// Characters of an account's name.
pub(super) const NAME_CHARS: usize = 200;
const COLUMNS: &str = "a.id, a.created_by, a.name, a.role";

impl Store {
    /// Makes an account. `by` is `None` only for a service's first operator, and in a demonstration.
    pub async fn add_account(&self, by: Option<&Actor>, name: &str, role: Role) -> Result<Actor, StoreError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS {
            return Err(StoreError::Invalid(
                "an account's name has between 1 and 200 characters",
            ));
        }
        if matches!(role, Role::Public | Role::Service) {
            return Err(StoreError::Invalid("no account is made for this role"));
        }
        let tx = match by {
            Some(by) => self.begin(by, Verb::Operate, "add-account").await?,
            None => self.begin_unattended(&role).await?,
        };
        let account = AccountId(Uuid::from_bytes(self.seams.bytes()));
        let actor = Actor {
            account,
            created_by: by.map(|by| by.account),
            name: name.to_owned(),
            role,
        };
        let insert =
            "INSERT INTO accounts (id, created_by, name, role, created_at) VALUES ($1, $2, $3, $4, $5)";
        let creator = actor.created_by.map(|creator| creator.to_string());
        let row = values![
            account.to_string(),
            creator,
            name,
            json(&actor.role)?,
            micros(tx.now)
        ];
        tx.run(insert, row).await?;
        tx.audit(("account", &account.to_string()), None, &json(&actor.role)?)
            .await?;
        tx.commit().await?;
        Ok(actor)
    }

    async fn begin_unattended(&self, role: &Role) -> Result<Tx<'_>, StoreError> {
        let tx = self.begin_as(&service(), "add-account").await?;
        let first = tx
            .one("accounts", "SELECT id FROM accounts LIMIT 1", values![])
            .await?
            .is_none();
        let allowed = self.mark == StoreMark::Demo || (first && *role == Role::Operator);
        if allowed {
            Ok(tx)
        } else {
            Err(tx.refuse(Refusal::NotTheirs).await)
        }
    }

    /// Gives an account a new API key and returns it, this once.
    pub async fn add_key(&self, by: &Actor, account: AccountId) -> Result<ApiKeySecret, StoreError> {
        let tx = self.begin(by, Verb::Operate, "add-key").await?;
        find(&tx, account).await?.ok_or(StoreError::NotFound)?;
        let secret = ApiKeySecret(format!("upcs_{}", BASE32_NOPAD.encode(&self.seams.bytes::<32>())));
        let id = Uuid::from_bytes(self.seams.bytes()).to_string();
        let hash = self.keys.secret_hash(secret.expose().as_bytes());
        let insert = "INSERT INTO api_keys (id, account, hash, created_at) VALUES ($1, $2, $3, $4)";
        tx.run(
            insert,
            values![id.as_str(), account.to_string(), hash, micros(tx.now)],
        )
        .await?;
        tx.audit(("api-key", &id), None, &format!("of account {account}"))
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Takes all of an account's API keys from it; returns how many there were.
    pub async fn revoke_keys(&self, by: &Actor, account: AccountId) -> Result<u64, StoreError> {
        let tx = self.begin(by, Verb::Operate, "revoke-keys").await?;
        let update = "UPDATE api_keys SET revoked_at = $1 WHERE account = $2 AND revoked_at IS NULL";
        let revoked = tx
            .run(update, values![micros(tx.now), account.to_string()])
            .await?;
        tx.audit(
            ("account", &account.to_string()),
            None,
            &format!("keys={revoked}"),
        )
        .await?;
        tx.commit().await?;
        Ok(revoked)
    }

    /// Whose key this is; `None` for an unknown or revoked one.
    pub async fn find_key(&self, secret: &str) -> Result<Option<Actor>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM accounts a JOIN api_keys k ON k.account = a.id \
             WHERE k.hash = $1 AND k.revoked_at IS NULL"
        );
        let hash = self.keys.secret_hash(secret.as_bytes());
        let row = sql::one(&self.reader, "accounts", &query, values![hash]).await?;
        row.as_ref().map(read).transpose()
    }

    /// One account.
    pub async fn account(&self, account: AccountId) -> Result<Option<Actor>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM accounts a WHERE a.id = $1");
        let row = sql::one(&self.reader, "accounts", &query, values![account.to_string()]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Every account, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Actor>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM accounts a ORDER BY a.created_at, a.id");
        let rows = sql::all(&self.reader, "accounts", &query, values![]).await?;
        rows.iter().map(read).collect()
    }
}

/// The hub itself, where no person acts.
pub(super) fn service() -> Actor {
    Actor {
        account: AccountId(Uuid::from_u128(1)),
        created_by: None,
        name: "the hub".to_owned(),
        role: Role::Service,
    }
}

/// The actor as he is on record. The public form and the hub itself have no account.
pub(super) async fn on_record(tx: &Tx<'_>, by: &Actor) -> Result<Option<Actor>, StoreError> {
    match by.role {
        Role::Public | Role::Service => Ok(Some(by.clone())),
        _ => find(tx, by.account).await,
    }
}

pub(super) async fn find(tx: &Tx<'_>, account: AccountId) -> Result<Option<Actor>, StoreError> {
    let query = format!("SELECT {COLUMNS} FROM accounts a WHERE a.id = $1");
    let row = tx.one("accounts", &query, values![account.to_string()]).await?;
    row.as_ref().map(read).transpose()
}

pub(super) fn read(row: &Row) -> Result<Actor, StoreError> {
    Ok(Actor {
        account: row.parsed("id")?,
        created_by: row.parsed_if_any("created_by")?,
        name: row.text("name")?,
        role: row.json("role")?,
    })
}
