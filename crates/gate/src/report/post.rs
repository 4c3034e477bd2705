//! Sends sealed blocks to the hub, what is prompt first and then the oldest, and forgets what the hub has stored. What the hub cannot open is
//! set aside first: one damaged block holds up no other.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use feed::{AttemptReport, ReportNotice, ReportReceipt, SealedBlock, Signed};
use tokio::time::sleep;

use super::Spooled;
use crate::identity::Identity;

/// How long the hub may take to store a report.
const STORED_WITHIN: Duration = Duration::from_secs(30);
/// The pause after a report that failed, doubled up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Posts reports for as long as it is polled.
pub async fn post_reports(client: reqwest::Client, hub: String, identity: Identity, spooled: Arc<Spooled>) {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match post_oldest(&client, &hub, &identity, &spooled).await {
            Ok(true) => pause = SHORTEST_PAUSE,
            Ok(false) => {
                pause = SHORTEST_PAUSE;
                spooled.added.notified().await;
            }
            Err(why) => {
                tracing::warn!(%why, "attempts wait: the hub does not take them");
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Why a report did not get through. It is sent again.
#[derive(Debug, thiserror::Error)]
enum NotTaken {
    #[error("the hub was not reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("the hub answered {0}")]
    Declined(u16),
    #[error("the hub did not say what it stored")]
    NoReceipt,
    #[error("the hub stored none of it")]
    NothingStored,
    #[error("the spool: {0}")]
    Spool(#[from] io::Error),
    #[error("the report: {0}")]
    Unwritable(#[from] feed::SignedError),
}

/// Posts one report; `false` if nothing waits.
async fn post_oldest(
    client: &reqwest::Client,
    hub: &str,
    identity: &Identity,
    spooled: &Arc<Spooled>,
) -> Result<bool, NotTaken> {
    let (lane, blocks) = on_disk(spooled, |lanes| lanes.next()).await?;
    let Some(first) = blocks.first().map(|block: &SealedBlock| block.last) else {
        return Ok(false);
    };
    let report = AttemptReport {
        gate: identity.gate,
        blocks,
    };
    let line = Signed::sign(&report, &identity.signing)?.to_line();
    let notice = ReportNotice {
        gate: identity.gate,
        bytes: line.len() as u64,
    };
    let post = client
        .post(format!("{hub}/v1/gates/attempts"))
        .header("content-type", "text/plain")
        .header(
            ReportNotice::HEADER,
            Signed::sign(&notice, &identity.signing)?.to_line(),
        );
    let response = post
        .timeout(STORED_WITHIN)
        .body(line)
        .send()
        .await
        .map_err(reqwest::Error::without_url)?;
    if !response.status().is_success() {
        return Err(NotTaken::Declined(response.status().as_u16()));
    }
    let receipt: ReportReceipt = response.json().await.map_err(|_| NotTaken::NoReceipt)?;
    if receipt.accepted_through < first {
        return Err(NotTaken::NothingStored);
    }
    if !receipt.not_opened.is_empty() {
        tracing::error!(blocks = ?receipt.not_opened, "THE HUB CANNOT OPEN BLOCKS OF ATTEMPTS; they are set aside");
    }
    spooled.stored_at_hub(receipt.highest);
    on_disk(spooled, move |lanes| {
        lanes.taken(
            lane,
            &report.blocks,
            &receipt.not_opened,
            receipt.accepted_through,
        )
    })
    .await?;
    spooled.look();
    Ok(true)
}

/// Does something with the spool on a thread that may wait for the disk.
async fn on_disk<T: Default + Send + 'static>(
    spooled: &Arc<Spooled>,
    work: impl FnOnce(&mut super::Lanes) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let spooled = Arc::clone(spooled);
    let work = move || spooled.lock().as_mut().map_or_else(|| Ok(T::default()), work);
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}
