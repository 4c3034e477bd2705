//! What a gate reports of the calls it was asked about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::GateId;
use crate::signed::Purpose;

/// The gate's answer to one call, with the reason that goes to the hub and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "because", rename_all = "kebab-case")]
pub enum Verdict {
    /// The call goes through.
    Allow,
    /// The call does not.
    Refuse(Reason),
    /// The call was up already when it came to be refused, and the phone platform ended it.
    Ended(Reason),
    /// The call was up already when it came to be refused, and the phone platform has not ended it.
    NotEnded(Reason),
}

/// Why a call was refused. Outside the hub all refusals are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The gate holds no list, or has no key to read it with.
    NoList,
    /// What was dialled is not a number that the gate understands.
    Unresolvable,
    /// A bar names the number.
    Barred,
    /// Under call enabling: not on the caller's list.
    NotApproved,
    /// Numbers of this class may not be dialled.
    ClassRefused,
}

/// One call asked of a gate, or one that was up when it came to be refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Rises by one with every attempt of this gate; a gap says that a crash lost some.
    pub sequence: u64,
    /// When, by the gate's clock, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// The caller as the switch named him: a prison number, `generic`, `official-NAME`, or other text.
    pub caller: String,
    /// What was dialled, as it came.
    pub dialled: String,
    /// The number it resolved to, in canonical form.
    pub number: Option<String>,
    /// The answer.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Attempt {
    /// The purpose under which blocks of attempts are sealed to the hub.
    pub const SEAL_PURPOSE: &'static str = "upcs attempts v1";
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempt({}, {:?})", self.sequence, self.verdict)
    }
}

/// Attempts `first..=last`, as a JSON array sealed to the hub under [`Attempt::SEAL_PURPOSE`], in base64. White
/// space behind the array makes a block's size follow from how many its attempts are and whether what was asked was
/// long: whoever sees the sealed bytes learns nothing of what was answered and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedBlock {
    /// Sequence of the first attempt in the block.
    pub first: u64,
    /// Sequence of the last.
    pub last: u64,
    /// The sealed bytes, in base64.
    pub sealed: String,
}

/// A gate's report: its oldest unreported blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptReport {
    /// The gate that speaks.
    pub gate: GateId,
    /// The blocks, in order.
    pub blocks: Vec<SealedBlock>,
}

impl Purpose for AttemptReport {
    const CONTEXT: &'static str = "upcs attempt report v1";
}

/// What a gate says of a report ahead of it, in the header [`ReportNotice::HEADER`]: so that the hub reads
/// nothing long from anybody but a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportNotice {
    /// The gate that speaks.
    pub gate: GateId,
    /// Bytes of the report as it is sent; a longer one is cut off.
    pub bytes: u64,
}

impl ReportNotice {
    /// The header that carries it, as a signed line.
    pub const HEADER: &'static str = "upcs-report";
}

impl Purpose for ReportNotice {
    const CONTEXT: &'static str = "upcs report notice v1";
}

/// A block by its sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockName {
    /// Sequence of the first attempt in the block.
    pub first: u64,
    /// Sequence of the last.
    pub last: u64,
}

impl SealedBlock {
    /// The block's name.
    pub const fn name(&self) -> BlockName {
        BlockName {
            first: self.first,
            last: self.last,
        }
    }
}

/// The hub's answer to one report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportReceipt {
    /// Blocks that cannot be opened or are not what they say. The gate keeps them apart: they may be evidence,
    /// and the fault may be the hub's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_opened: Vec<BlockName>,
    /// The highest sequence of this gate that is stored. The gate gives out only numbers behind it.
    pub highest: u64,
    /// Every block of the report up to this sequence is stored, or named above.
    pub accepted_through: u64,
}
