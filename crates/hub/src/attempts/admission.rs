//! Which reports are read at all: a report may be long, so its gate is asked for ahead of it.
//!
//! The notice in the header is signed by an admitted gate and says how long the report is. Each gate has one
//! report read at a time, and all of them together [`REPORTS_AT_ONCE`]; whoever is told to come again does so
//! later and loses nothing, for a gate keeps what is not stored. So what unread and half-sent reports cost is
//! bounded, and nobody but a gate costs anything.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use feed::{GateId, ReportNotice, Signed};

use super::{ReportError, gate_of};
use crate::publish::{HANDSHAKE_LINE_BYTES, REPORT_LINE_BYTES};
use crate::service::Hub;

/// Reports read and stored at the same time.
pub const REPORTS_AT_ONCE: usize = 4;

/// The gates whose reports are being read.
#[derive(Clone, Default)]
pub(crate) struct ReportsUnderWay(Arc<Mutex<HashSet<GateId>>>);

/// Leave to read one report; while it lasts, its gate has no other.
pub(crate) struct Admitted {
    gate: GateId,
    /// Bytes that may be read.
    pub(crate) bytes: usize,
    under_way: ReportsUnderWay,
}

/// Admits the report that a notice announces.
pub(crate) async fn admit(hub: &Hub, notice: &[u8]) -> Result<Admitted, ReportError> {
    let signed = Signed::<ReportNotice>::parse_line(notice, HANDSHAKE_LINE_BYTES)
        .map_err(|_| ReportError::Malformed)?;
    let (gate, notice) = gate_of(hub, notice, &signed).await?;
    let bytes = usize::try_from(notice.bytes).unwrap_or(usize::MAX);
    if bytes > REPORT_LINE_BYTES {
        return Err(ReportError::TooLong);
    }
    hub.reports.begin(gate.id, bytes).ok_or(ReportError::Unavailable)
}

impl ReportsUnderWay {
    fn begin(&self, gate: GateId, bytes: usize) -> Option<Admitted> {
        let mut gates = self.lock();
        if gates.len() >= REPORTS_AT_ONCE || !gates.insert(gate) {
            return None;
        }
        Some(Admitted {
            gate,
            bytes,
            under_way: self.clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<GateId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.under_way.lock().remove(&self.gate);
    }
}
