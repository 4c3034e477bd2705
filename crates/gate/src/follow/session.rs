//! Another session, or another key of the hub: taken only under a certificate of two root keys whose epoch is
//! above the highest that this gate has seen, and only once that is stored. Whatever the list held refused, it
//! goes on refusing: a snapshot of a new session removes nothing.

use feed::{Believed, CoSigned, NotBelieved, RootSigned, SessionCertificate, SignedError};
use tokio::time::timeout;

use super::{CHALLENGED_WITHIN, Ended, Follower, answered};
use crate::identity::{Identity, NoIdentity};

/// Why the session stays the one that was believed.
#[derive(Debug, thiserror::Error)]
enum Unchanged {
    #[error("the hub gave no certificate: {0}")]
    NotGiven(Ended),
    #[error("the certificate came too slowly or is too long")]
    NotRead,
    #[error("two of this gate's roots did not sign it: {0}")]
    NotSigned(#[from] SignedError),
    #[error(transparent)]
    NotBelieved(#[from] NotBelieved),
    #[error("it cannot be stored: {0}")]
    NotStored(#[from] NoIdentity),
    #[error("it was not stored by a fault of the program: {0}")]
    Fault(#[from] tokio::task::JoinError),
}

impl Follower {
    /// Asks the hub for its certificate; says whom the gate believes from now on, if that is somebody new.
    ///
    /// `told` is why not, as it was logged last: once for each reason in a row.
    pub(super) async fn ask_session(&self, believed: Believed, told: &mut String) -> Option<Believed> {
        match self.renew(believed).await {
            Ok(newer) if newer == believed => None,
            Ok(newer) => {
                tracing::warn!(epoch = newer.epoch, session = %newer.session, "the hub has another session or key");
                Some(newer)
            }
            Err(why) => {
                let why = why.to_string();
                if why != *told {
                    tracing::warn!(
                        why,
                        epoch = believed.epoch,
                        "no other session of the hub is believed"
                    );
                    *told = why;
                }
                None
            }
        }
    }

    async fn renew(&self, believed: Believed) -> Result<Believed, Unchanged> {
        let file = self.certificate().await?;
        let roots = self.config.root_keys().unwrap_or_default();
        let certificate = CoSigned::<SessionCertificate>::parse(&file)?.verify(&roots)?;
        let newer = believed.renewed(&certificate)?;
        if newer != believed {
            let (config, seams) = (self.config.clone(), self.seams.clone());
            tokio::task::spawn_blocking(move || Identity::believe(&config, &seams, &newer)).await??;
        }
        Ok(newer)
    }

    /// The file that the hub shows, bounded before anything of it is read.
    async fn certificate(&self) -> Result<Vec<u8>, Unchanged> {
        let asked = self.client.get(format!("{}/v1/gates/session", self.hub));
        let mut response = answered(asked, CHALLENGED_WITHIN)
            .await
            .map_err(Unchanged::NotGiven)?;
        let mut file = Vec::new();
        while let Ok(Ok(Some(chunk))) = timeout(CHALLENGED_WITHIN, response.chunk()).await {
            file.extend_from_slice(&chunk);
            if file.len() > SessionCertificate::FILE_BYTES {
                return Err(Unchanged::NotRead);
            }
        }
        Ok(file)
    }
}
