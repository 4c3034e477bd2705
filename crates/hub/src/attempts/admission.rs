//! Which reports are read at all: a report may be long, so its gate is asked for ahead of it.
//!
//! The notice in the header is signed by an admitted gate and says how long the report is. Each gate has one
//! report read at a time, and all of them together [`REPORTS_AT_ONCE`]; the others wait for their turn, first come,
//! first served, so that gates with many attempts to report starve no other. Whoever waits too long is told to
//! come again and loses nothing, for a gate keeps what is not stored. So what unread and half-sent reports cost is
//! bounded, and nobody but a gate costs anything.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use feed::{GateId, ReportNotice, Signed};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::{ReportError, gate_of};
use crate::publish::{HANDSHAKE_LINE_BYTES, REPORT_LINE_BYTES};
use crate::service::Hub;

/// Reports read and stored at the same time.
pub const REPORTS_AT_ONCE: usize = 4;
/// How long a report waits for its turn; a gate gives up after thirty seconds in all.
pub const TURN_WITHIN: Duration = Duration::from_secs(10);

/// The gates whose reports are being read or wait for their turn.
#[derive(Clone)]
pub(crate) struct ReportsUnderWay {
    gates: Arc<Mutex<HashSet<GateId>>>,
    turns: Arc<Semaphore>,
}

impl Default for ReportsUnderWay {
    fn default() -> Self {
        Self {
            gates: Arc::default(),
            turns: Arc::new(Semaphore::new(REPORTS_AT_ONCE)),
        }
    }
}

/// Leave to read one report; while it lasts, its gate has no other.
pub(crate) struct Admitted {
    /// Bytes that may be read.
    pub(crate) bytes: usize,
    _one_of_its_gate: OneOfItsGate,
    _turn: OwnedSemaphorePermit,
}

/// Admits the report that a notice announces, when it is its turn.
pub(crate) async fn admit(hub: &Hub, notice: &[u8]) -> Result<Admitted, ReportError> {
    let signed = Signed::<ReportNotice>::parse_line(notice, HANDSHAKE_LINE_BYTES)
        .map_err(|_| ReportError::Malformed)?;
    let (gate, notice) = gate_of(hub, notice, &signed).await?;
    let bytes = usize::try_from(notice.bytes).unwrap_or(usize::MAX);
    if bytes > REPORT_LINE_BYTES {
        return Err(ReportError::TooLong);
    }
    let one_of_its_gate = hub.reports.begin(gate.id).ok_or(ReportError::Unavailable)?;
    let turn = timeout(TURN_WITHIN, Arc::clone(&hub.reports.turns).acquire_owned()).await;
    match turn {
        Ok(Ok(turn)) => Ok(Admitted {
            bytes,
            _one_of_its_gate: one_of_its_gate,
            _turn: turn,
        }),
        Ok(Err(_)) | Err(_) => Err(ReportError::Unavailable),
    }
}

impl ReportsUnderWay {
    fn begin(&self, gate: GateId) -> Option<OneOfItsGate> {
        self.lock().insert(gate).then(|| OneOfItsGate {
            gate,
            under_way: self.clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<GateId>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While it lasts, the gate has no other report.
struct OneOfItsGate {
    gate: GateId,
    under_way: ReportsUnderWay,
}

impl Drop for OneOfItsGate {
    fn drop(&mut self) {
        self.under_way.lock().remove(&self.gate);
    }
}
