//! What goes on in the background for as long as the hub runs: imports that two people agreed to are taken over, one
//! batch after the other, no-contact lists beside them, and a roster that another process took over is read again.
//! Between two batches every other verb has its turn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::TakeOver;
use crate::intake::Intake;
use crate::service::Hub;
use crate::store::{Store, StoreError};

/// How long the hub waits before it looks again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After the roster was read, so many times as long passes before it is read again: while events come all the time, a
/// large one would be read without a pause.
const REST_TIMES: u32 = 10;
/// And never longer than this: whoever came is compared within the minute.
const REST_AT_MOST: Duration = Duration::from_secs(30);

/// Carries on until it is dropped. What cannot be done now stays where it is and is tried again. No-contact lists have a
/// turn of their own: a bar does not wait for an approved list to be through.
pub async fn carry_on(hub: Arc<Hub>) {
    tokio::join!(take_no_contact_lists(&hub), take_lists(&hub));
}

async fn take_no_contact_lists(hub: &Hub) {
    let mut every = tokio::time::interval(LOOK_EVERY);
    loop {
        every.tick().await;
        let take_over = TakeOver {
            store: &hub.store,
            intake: Intake::of(hub),
        };
        if let Err(error) = take_over.finish().await {
            tracing::error!(%error, "rows of a no-contact list cannot be taken over now: nothing bars them yet");
        }
    }
}

async fn take_lists(hub: &Hub) {
    let mut every = tokio::time::interval(LOOK_EVERY);
    let (mut roster, mut read_at, mut rest) = (None, Instant::now(), Duration::ZERO);
    loop {
        every.tick().await;
        if let Err(error) = finish(&hub.store).await {
            tracing::error!(%error, "an approved list cannot be taken over now");
        }
        if read_at.elapsed() < rest {
            continue;
        }
        let begun = Instant::now();
        match read_again(hub, roster).await {
            Ok(mark) => {
                roster = Some(mark);
                (read_at, rest) = (Instant::now(), (begun.elapsed() * REST_TIMES).min(REST_AT_MOST));
            }
            Err(error) => tracing::error!(%error, "the roster cannot be read now"),
        }
    }
}

/// Takes over all that is approved by now; returns how many rows went through.
pub async fn finish(store: &Store) -> Result<u64, StoreError> {
    let mut rows = 0;
    while let Some(applied) = store.apply_list_import().await? {
        rows += applied.rows;
        // Whoever waits for the store has his turn first.
        tokio::task::yield_now().await;
    }
    Ok(rows)
}

type Mark = (u64, i64);

async fn read_again(hub: &Hub, known: Option<Mark>) -> Result<Mark, StoreError> {
    let mark = hub.store.roster_mark().await?;
    if known.is_some_and(|known| known != mark) {
        hub.custody.refresh(&hub.store).await?;
    }
    Ok(mark)
}
