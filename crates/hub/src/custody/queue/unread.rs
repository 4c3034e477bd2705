//! The alarm of a queue that was followed and is not read any more. Nobody raises or clears it: it follows from when the
//! queue was read last, and is gone when it is read again or an operator says that it is followed no longer.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::service::Hub;
use crate::store::StoreError;

/// How long a queue that is followed may go unread before that is an alarm: it answers within 20 seconds when nothing
/// is in it, and is left alone for a minute at most.
pub const UNREAD_AFTER: Duration = Duration::from_secs(300);

/// When the queue was read last, if that is longer ago than [`UNREAD_AFTER`]; none if nothing follows one.
pub async fn unread_since(hub: &Hub) -> Result<Option<Timestamp>, StoreError> {
    let after = SignedDuration::try_from(UNREAD_AFTER).unwrap_or_default();
    let now = hub.seams.clock.now();
    let limit = now.saturating_sub(after).unwrap_or(now);
    let read_at = hub.store.custody_queue_read_at().await?;
    Ok(read_at.filter(|read_at| *read_at < limit))
}
