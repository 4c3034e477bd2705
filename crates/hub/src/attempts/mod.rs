//! What gates were asked: sealed reports in, evidence on the cases out.
//!
//! A gate sends its oldest unreported blocks, signed with its key and each sealed to the hub. The hub opens
//! them, stores every attempt once (gate, sequence and what it says name it; a gap stays visible as a gap) and
//! answers through which sequence it has them. A block that cannot be opened is named in the answer and in the
//! audit, and its attempts stay a gap: the gate keeps it apart, for it may be evidence and the fault may be the
//! hub's. It holds up no other block.

mod admission;

use data_encoding::BASE64;
use feed::{
    Attempt, AttemptReport, BlockName, GateId, Limits, Purpose, ReportReceipt, SealedBlock, SealingKey,
    Signed,
};
use serde::de::DeserializeOwned;

pub use admission::{REPORTS_AT_ONCE, TURN_WITHIN};
pub(crate) use admission::{ReportsUnderWay, admit};

use crate::publish::{REPORT_LINE_BYTES, claimed_gate};
use crate::service::Hub;
use crate::store::{GateRecord, GateState, StoreError};

/// Attempts in one transaction, for which a bar may have to wait.
const STORED_AT_ONCE: usize = 100;

/// Why a report is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// Not a signed report, one with more blocks than the limit, or one without a signed notice ahead of it.
    #[error("this is not a signed report of attempts with a signed notice ahead of it")]
    Malformed,
    /// Announced as longer than the limit.
    #[error("the report is too long")]
    TooLong,
    /// No such gate.
    #[error("this gate is not known")]
    Unknown,
    /// Not signed by the gate that it names.
    #[error("the signature is not the gate's")]
    BadSignature,
    /// Not a gate whose calls count.
    #[error("this gate is not admitted")]
    NotAdmitted,
    /// Try again.
    #[error("the hub cannot answer now; try again")]
    Unavailable,
}

impl From<StoreError> for ReportError {
    fn from(_: StoreError) -> Self {
        Self::Unavailable
    }
}

/// Takes a signed report: opens its blocks, stores the attempts, says through which sequence they are stored.
pub async fn take_report(hub: &Hub, body: &[u8]) -> Result<ReportReceipt, ReportError> {
    let line = body.strip_suffix(b"\n").unwrap_or(body);
    let (gate, report) = verify(hub, line).await?;
    let opened = open_blocks(hub.keys.sealing_key(), &report.blocks);
    if !opened.not_opened.is_empty() {
        tracing::error!(gate = %gate.id, blocks = ?opened.not_opened, "blocks of attempts cannot be opened");
        hub.store
            .record_unopened_blocks(gate.id, &opened.not_opened)
            .await?;
    }
    let highest = store(hub, gate.id, &opened.attempts).await?;
    Ok(ReportReceipt {
        not_opened: opened.not_opened,
        highest,
        accepted_through: report.blocks.last().map_or(0, |block| block.last),
    })
}

/// Stores some at a time: a bar that waits for its turn to be written never waits for a whole report.
async fn store(hub: &Hub, gate: GateId, attempts: &[Attempt]) -> Result<u64, StoreError> {
    let mut parts = attempts.chunks(STORED_AT_ONCE);
    let mut through = hub
        .store
        .record_attempts(gate, parts.next().unwrap_or_default())
        .await?;
    for part in parts {
        through = hub.store.record_attempts(gate, part).await?;
    }
    Ok(through)
}

async fn verify(hub: &Hub, line: &[u8]) -> Result<(GateRecord, AttemptReport), ReportError> {
    let signed =
        Signed::<AttemptReport>::parse_line(line, REPORT_LINE_BYTES).map_err(|_| ReportError::Malformed)?;
    let (gate, report) = gate_of(hub, line, &signed).await?;
    if report.blocks.len() > Limits::DEFAULT.report_blocks {
        return Err(ReportError::Malformed);
    }
    Ok((gate, report))
}

/// The admitted gate that signed a line, and what it signed.
async fn gate_of<T: Purpose + DeserializeOwned>(
    hub: &Hub,
    line: &[u8],
    signed: &Signed<T>,
) -> Result<(GateRecord, T), ReportError> {
    let claimed = claimed_gate(line).ok_or(ReportError::Malformed)?;
    let gate = hub
        .store
        .gate_if_any(claimed)
        .await?
        .ok_or(ReportError::Unknown)?;
    let said = signed
        .verify(&gate.verifying_key)
        .map_err(|_| ReportError::BadSignature)?;
    if gate.state != GateState::Admitted {
        return Err(ReportError::NotAdmitted);
    }
    Ok((gate, said))
}

/// What became of the blocks of a report.
#[derive(Default)]
struct Opened {
    attempts: Vec<Attempt>,
    not_opened: Vec<BlockName>,
}

fn open_blocks(key: &SealingKey, blocks: &[SealedBlock]) -> Opened {
    let mut opened = Opened::default();
    for block in blocks {
        match open_block(key, block) {
            Some(attempts) => opened.attempts.extend(attempts),
            None => opened.not_opened.push(block.name()),
        }
    }
    opened
}

fn open_block(key: &SealingKey, block: &SealedBlock) -> Option<Vec<Attempt>> {
    let sealed = BASE64.decode(block.sealed.as_bytes()).ok()?;
    let plain = key.open(Attempt::SEAL_PURPOSE, &sealed).ok()?;
    let attempts: Vec<Attempt> = serde_json::from_slice(&plain).ok()?;
    let in_block = |attempt: &Attempt| (block.first..=block.last).contains(&attempt.sequence);
    let sound = attempts.len() <= Limits::DEFAULT.block_attempts && attempts.iter().all(in_block);
    sound.then_some(attempts)
}
