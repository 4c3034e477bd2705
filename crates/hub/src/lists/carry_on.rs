//! What goes on in the background for as long as the hub runs: imports that two people agreed to are taken over, one
//! batch after the other, no-contact lists beside them, rows of a roster that is visible become records, and the roster
//! in memory follows the one in the store.
//! Between two batches every other verb has its turn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::TakeOver;
use crate::intake::Intake;
use crate::service::Hub;
use crate::store::{Store, StoreError};

/// How long the hub waits before it looks again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between two batches whoever else writes to the same database has his turn, at least so long.
pub(crate) const TURN_OF_OTHERS: Duration = Duration::from_millis(5);
/// And as long as the last batch took: a process that waits for SQLite's lock looks only now and then whether it is free.
const TURN_AT_MOST: Duration = Duration::from_millis(100);
/// After the roster was read, so many times as long passes before it is read again: while events come all the time, a
/// large one would be read without a pause.
const REST_TIMES: u32 = 10;
/// And never longer than this: whoever came is compared within the minute.
const REST_AT_MOST: Duration = Duration::from_secs(30);
/// The command that shows a roster's file makes its rows records itself; behind so long a silence the hub does.
const COMMAND_IDLE: Duration = Duration::from_secs(10);

/// Carries on until it is dropped. What cannot be done now stays where it is and is tried again. No-contact lists have a
/// turn of their own: a bar does not wait for an approved list to be through.
pub async fn carry_on(hub: Arc<Hub>) {
    tokio::join!(
        take_no_contact_lists(&hub),
        take_lists(&hub),
        settle_rosters(&hub),
        follow_roster(&hub)
    );
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
    loop {
        every.tick().await;
        if let Err(error) = finish(&hub.store).await {
            tracing::error!(%error, "an approved list cannot be taken over now");
        }
    }
}

async fn settle_rosters(hub: &Hub) {
    let mut every = tokio::time::interval(LOOK_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = settle(&hub.store, COMMAND_IDLE, |_| {}).await {
            tracing::error!(%error, "rows of a roster cannot be made records now");
        }
    }
}

/// Makes all rows of the roster's file that is visible records, unless somebody else has done some within `idle`; tells
/// how many at a time, and leaves the others their turn between two batches.
pub async fn settle(store: &Store, idle: Duration, mut done: impl FnMut(u64)) -> Result<(), StoreError> {
    let mut idle = idle;
    loop {
        let begun = Instant::now();
        let Some(rows) = store.settle_roster(idle).await? else {
            return Ok(());
        };
        (idle, ()) = (Duration::ZERO, done(rows));
        let_others_in(begun).await;
    }
}

/// Leaves whoever else writes his turn, after a batch that was begun then.
pub async fn let_others_in(begun: Instant) {
    tokio::time::sleep(begun.elapsed().clamp(TURN_OF_OTHERS, TURN_AT_MOST)).await;
}

async fn follow_roster(hub: &Hub) {
    let mut every = tokio::time::interval(LOOK_EVERY);
    let (mut read_at, mut rest) = (Instant::now(), Duration::ZERO);
    loop {
        every.tick().await;
        if read_at.elapsed() < rest {
            continue;
        }
        let begun = Instant::now();
        match hub.custody.refresh(&hub.store).await {
            Ok(()) => (read_at, rest) = (Instant::now(), (begun.elapsed() * REST_TIMES).min(REST_AT_MOST)),
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
