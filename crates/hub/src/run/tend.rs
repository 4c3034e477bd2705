//! What the hub does by itself: looked for in the store by what is not done yet, so that a hub that was down misses
//! nothing and does nothing twice.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::service::Hub;
use crate::store::StoreError;

/// How often a running hub looks.
const TICK: Duration = Duration::from_secs(1);

/// Does some of what is not done, again and again until told to stop: at once where there may be more, else at the next
/// tick. What cannot be done now waits, and `waits` says what that is.
pub(super) async fn tend<Once>(
    hub: Arc<Hub>,
    mut stopping: watch::Receiver<bool>,
    waits: &'static str,
    once: impl Fn(Arc<Hub>) -> Once,
) where
    Once: Future<Output = Result<bool, StoreError>>,
{
    loop {
        let pause = match once(Arc::clone(&hub)).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => TICK,
            Err(error) => {
                tracing::error!(%error, "{waits}");
                TICK
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.changed() => return,
        }
    }
}
