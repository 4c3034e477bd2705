//! Every call is ruled on here, whichever way it was asked: who calls and what was dialled in, a verdict out,
//! and a record of it on its way to the hub.
//!
//! All refusals take one path: the same look-ups in memory, the same answer, the same record. What differs is
//! the reason, which goes into the record alone.

mod batch;
pub mod call;
pub mod http;
pub mod peers;
pub mod seen;
pub mod sip;
pub mod tcp;
pub mod tls;
pub mod udp;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use feed::Attempt;
use phone::{AreaCode, Refused, Resolved};

use self::seen::Seen;
use crate::authorise::{AlwaysAllowedSet, Caller, ClassPolicy, Verdict, authorise};
use crate::list::BarList;
use crate::report::AttemptQueue;
use crate::seams::Seams;

/// The list in force. Whoever applies a message swaps it whole.
pub type InForce = Arc<ArcSwapOption<BarList>>;

/// Bytes of what was dialled that are kept for the record.
const DIALLED_BYTES: usize = 128;

/// Where calls are ruled on.
pub struct Desk {
    /// The list in force.
    pub list: InForce,
    /// Numbers that everyone may dial; none until the list could be read.
    pub always: ArcSwap<AlwaysAllowedSet>,
    /// What rings under call barring, by its class.
    pub classes: ClassPolicy,
    /// Where local numbers are dialled.
    pub area: Option<AreaCode>,
    /// Host and port that an allowed call is sent to.
    pub trunk: String,
    /// The SIP header field that names the caller, if it is not From.
    pub caller_header: Option<String>,
    /// Who is answered.
    pub peers: Vec<IpAddr>,
    /// Where attempts go.
    pub attempts: AttemptQueue,
    /// The clock.
    pub seams: Seams,
    /// Makes To tags; new with every start.
    pub tag_key: [u8; 32],
    /// How many calls were answered, without reasons.
    pub counted: Counted,
    /// INVITEs that were recorded a moment ago.
    pub seen: Seen,
}

/// Calls answered since the start.
#[derive(Debug, Default)]
pub struct Counted {
    /// Allowed.
    pub allowed: AtomicU64,
    /// Refused.
    pub refused: AtomicU64,
}

impl Desk {
    /// Whether this address is answered.
    pub fn answers(&self, peer: IpAddr) -> bool {
        self.peers.contains(&peer.to_canonical())
    }

    /// Rules on one call.
    pub fn rule(&self, caller: &Caller, dialled: &Result<Resolved, Refused>) -> Verdict {
        let list = self.list.load();
        let always = self.always.load();
        authorise(list.as_deref(), &always, &self.classes, caller, dialled)
    }

    /// Counts a call that was ruled on, and hands its record on without waiting.
    pub fn record(&self, caller: &Caller, text: &str, dialled: &Result<Resolved, Refused>, verdict: Verdict) {
        let count = if matches!(verdict, Verdict::Allow(_)) {
            &self.counted.allowed
        } else {
            &self.counted.refused
        };
        count.fetch_add(1, Ordering::Relaxed);
        if !verdict.is_recorded() {
            return;
        }
        self.attempts.push(Attempt {
            sequence: 0,
            at_ms: (self.seams.now_ms)(),
            caller: caller.text(),
            dialled: as_kept(text).to_owned(),
            number: dialled
                .as_ref()
                .ok()
                .map(|resolved| resolved.number.expose().to_owned()),
            verdict: match verdict {
                Verdict::Allow(_) => feed::Verdict::Allow,
                Verdict::Refuse(reason) => feed::Verdict::Refuse(reason),
            },
        });
    }
}

/// As much of what was dialled as is kept for the record.
pub(crate) fn as_kept(text: &str) -> &str {
    &text[..text.floor_char_boundary(DIALLED_BYTES)]
}
