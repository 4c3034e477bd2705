//! Acknowledgements go to disk in batches, and only then count.

use std::sync::Arc;

use feed::{GateId, ListHash, Serial, Session};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use super::{Head, stopping};
use crate::store::Store;

/// Acknowledgements that may wait for the next batch; gates beyond it are asked to come again.
pub const ACKNOWLEDGEMENTS_QUEUED: usize = 1_024;
/// Acknowledgements in one transaction.
const RECORDED_AT_ONCE: usize = 256;

/// One acknowledgement that was checked, and who waits to hear that it is stored.
pub(super) struct Recorder {
    /// `None` only waits for those before it.
    pub(super) acknowledgement: Option<(GateId, Session, Serial, ListHash, Timestamp)>,
    pub(super) stored: oneshot::Sender<bool>,
}

/// Stores what is queued, one transaction at a time, until the hub stops.
pub(super) async fn record(
    store: Arc<Store>,
    mut queue: mpsc::Receiver<Recorder>,
    mut head: watch::Receiver<Head>,
) {
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            taken = queue.recv_many(&mut batch, RECORDED_AT_ONCE) => if taken == 0 { return },
            () = stopping(&mut head) => return,
        }
        let rows = batch
            .iter()
            .filter_map(|waiting| waiting.acknowledgement)
            .collect();
        let stored = match store.record_acknowledgements(rows).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, count = batch.len(), "acknowledgements could not be stored");
                false
            }
        };
        for waiting in batch.drain(..) {
            // The gate may have hung up; what is stored stays stored.
            let _ = waiting.stored.send(stored);
        }
    }
}
