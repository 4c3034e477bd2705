//! Says to the hub what is on disk and in the answers. Only the newest word counts: what was overtaken while
//! the hub was busy is not sent, and applying never waits for it.

use std::sync::Arc;
use std::time::Duration;

use feed::{Acknowledgement, Limits, Signed};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::Due;
use crate::identity::Identity;
use crate::status;

/// How long the hub may take to store an acknowledgement.
const STORED_WITHIN: Duration = Duration::from_secs(5);
/// The pause before an acknowledgement is said again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Acknowledges whatever comes through `due`, until its sender is gone.
pub(super) async fn acknowledge(
    client: reqwest::Client,
    hub: String,
    identity: Identity,
    standing: Arc<status::Standing>,
    mut due: watch::Receiver<Option<Due>>,
) {
    while due.changed().await.is_ok() {
        loop {
            // Read out at once, so that nothing is locked while the hub is asked.
            let newest = *due.borrow_and_update();
            let Some(newest) = newest else { break };
            match timeout(STORED_WITHIN, say(&client, &hub, &identity, &standing, newest)).await {
                Ok(Said::Again) | Err(_) => sleep(AGAIN_AFTER).await,
                Ok(Said::Stored | Said::Declined) => break,
            }
        }
    }
}

/// What became of an acknowledgement.
enum Said {
    Stored,
    /// The hub does not count it; the feed will show what it wants instead.
    Declined,
    /// The hub was not reached or cannot store it now.
    Again,
}

async fn say(
    client: &reqwest::Client,
    hub: &str,
    identity: &Identity,
    answers: &status::Standing,
    due: Due,
) -> Said {
    let Due { standing, turn } = due;
    let acknowledgement = Acknowledgement {
        gate: standing.gate,
        turn,
        session: standing.session,
        serial: standing.serial,
        hash: standing.hash,
        held_without_record: standing.held_without_record,
        capacity: Limits::DEFAULT.entries as u64,
        always_allowed: answers.always_allowed(),
        ends_calls: answers.ends_calls(),
    };
    let Ok(signed) = Signed::sign(&acknowledgement, &identity.signing) else {
        return Said::Declined;
    };
    let post = client
        .post(format!("{hub}/v1/gates/acknowledgements"))
        .header("content-type", "text/plain");
    match post.body(signed.to_line()).send().await {
        Ok(response) if response.status().is_success() => Said::Stored,
        Ok(response) if response.status().is_server_error() => Said::Again,
        Ok(response) => {
            let status = response.status().as_u16();
            tracing::warn!(
                status,
                serial = standing.serial.0,
                "the hub does not count an acknowledgement"
            );
            Said::Declined
        }
        Err(_) => Said::Again,
    }
}
