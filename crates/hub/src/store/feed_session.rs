//! The session in which this store's serials count, and the certificate by which gates came to believe it.
//!
//! A store makes its first session itself, under epoch 0. Every later one, as after a restore, is begun with a
//! certificate that two root keys signed off the hub. It removes nothing: gates keep whatever they hold.

use casework::{Actor, Verb};
use data_encoding::BASE64;
use feed::{CoSigned, Session, SessionCertificate, VerifyingKey, public_key_to_hex};
use sea_orm::ConnectionTrait;

use super::Store;
use super::error::StoreError;
use super::sql::{self, values};
use super::tx::missing;

/// What the store says of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSession {
    /// The session.
    pub session: Session,
    /// Rises with every certificate; 0 before the first.
    pub epoch: u64,
    /// The certificate's file, to be shown to gates; `None` before the first.
    pub certificate: Option<Vec<u8>>,
}

impl Store {
    /// The session that is on record now; another than [`Store::session`] once one was begun since this store was
    /// opened.
    pub async fn feed_session(&self) -> Result<FeedSession, StoreError> {
        feed_session_on(&self.reader).await
    }

    /// Begins the session of a certificate that two of `roots` signed, for this hub's feed key and under an epoch
    /// above the one on record. Every hub on this store must be started anew.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a certificate that is not signed so, or for another key or an old epoch.
    pub async fn begin_feed_session(
        &self,
        by: &Actor,
        signed: &CoSigned<SessionCertificate>,
        roots: &[VerifyingKey],
    ) -> Result<FeedSession, StoreError> {
        let certificate = signed
            .verify(roots)
            .map_err(|_| StoreError::Invalid("two of the roots did not sign this certificate"))?;
        if certificate.hub_key != public_key_to_hex(&self.keys.feed_signing_key().verifying_key()) {
            return Err(StoreError::Invalid("this certificate is for another hub's key"));
        }
        let tx = self.begin(by, Verb::Operate, "begin-feed-session").await?;
        if certificate.epoch <= feed_session_on(&tx.db).await?.epoch {
            return Err(StoreError::Invalid(
                "the certificate's epoch must be above the one on record",
            ));
        }
        let file = signed.to_file();
        let rows = [
            ("session", certificate.session.to_string()),
            ("epoch", certificate.epoch.to_string()),
            ("certificate", BASE64.encode(&file)),
        ];
        for (name, value) in rows {
            tx.run("UPDATE meta SET value = $1 WHERE name = $2", values![value, name])
                .await?;
        }
        let detail = format!("epoch={} session={}", certificate.epoch, certificate.session);
        tx.audit(("feed", "session"), None, &detail).await?;
        tx.commit().await?;
        Ok(FeedSession {
            session: certificate.session,
            epoch: certificate.epoch,
            certificate: Some(file),
        })
    }
}

async fn feed_session_on(on: &impl ConnectionTrait) -> Result<FeedSession, StoreError> {
    let read = async |name: &str| {
        let query = "SELECT value FROM meta WHERE name = $1";
        let row = sql::one(on, "meta", query, values![name]).await?;
        row.ok_or_else(|| missing("meta", name))?.text("value")
    };
    let file = BASE64
        .decode(read("certificate").await?.as_bytes())
        .map_err(|_| missing("meta", "certificate"))?;
    Ok(FeedSession {
        session: read("session")
            .await?
            .parse()
            .map_err(|_| missing("meta", "session"))?,
        epoch: read("epoch")
            .await?
            .parse()
            .map_err(|_| missing("meta", "epoch"))?,
        certificate: (!file.is_empty()).then_some(file),
    })
}
