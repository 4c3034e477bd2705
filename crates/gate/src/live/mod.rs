//! Calls that are up when their number comes to be refused: the phone platform lists them, the same
//! [`authorise`] rules on each, and the platform is asked to end those that it refuses.
//!
//! ```text
//! platform -> calls that are up -> authorise -> end -> an attempt of its own kind -> hub
//! ```
//! The platform is asked on a fixed [`BEAT`], whatever the feed brought: whoever watches the questions learns
//! nothing of what changed. All this goes on beside the answers and beside the feed; neither waits for it. Nothing
//! of it reaches the log or the counters but whether the platform lists its calls.
//!
//! Nothing is ended without a list, or before the always-allowed numbers were read: a gate that starts again, or has
//! lost its key, cuts nobody off.

mod http;
mod kamailio;
mod told;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use feed::{Attempt, Reason};
use phone::{Refused, Resolved};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::answer::Desk;
use crate::authorise::{Caller, Verdict, authorise};
use crate::status::Standing;
use told::Told;

/// How often the platform is asked which calls are up.
pub const BEAT: Duration = Duration::from_secs(2);
/// How long the platform may take over one answer.
pub const ANSWERED_WITHIN: Duration = Duration::from_millis(1_500);
/// Calls that a platform may list; of a longer list none is taken.
pub const MAX_CALLS: usize = 10_000;
/// Bytes of a platform's answer.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of a call's name.
pub const MAX_ID_BYTES: usize = 128;
/// Calls that the platform is asked to end at the same time.
const ENDED_AT_ONCE: usize = 16;

/// Which phone platform it is, and where it is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveCalls {
    /// How it is spoken to.
    pub platform: Spoken,
    /// Where it is asked, as `http://127.0.0.1:8088/calls`.
    pub hook: String,
}

/// How a platform is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spoken {
    /// `GET hook` lists the calls that are up, `POST hook/ID/end` ends one.
    Http,
    /// JSON-RPC 2.0: `dlg.list` and `dlg.end_dlg` of Kamailio's dialog module.
    Kamailio,
}

/// A call that is up, as the platform names it. Its Debug shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct LiveCall {
    /// The platform's name of it.
    pub id: String,
    /// Who calls: a prison number, `generic`, `official-NAME`.
    pub caller: String,
    /// What the trunk dialled.
    pub dialled: String,
}

/// What became of asking that a call end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The platform says that it is ended.
    Ended,
    /// There is no such call any more.
    Gone,
    /// The platform does not say so.
    NotEnded,
}

/// Why the calls that are up are not known. Never any word of the platform's: it could be a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotListed {
    /// No answer, or none in time.
    #[error("the phone platform was not reached")]
    Unreachable,
    /// Another answer than success.
    #[error("the phone platform answered {0}")]
    Declined(u16),
    /// More bytes or more calls than are taken.
    #[error("the phone platform lists more calls than a gate takes")]
    TooLong,
    /// Not what is expected.
    #[error("the phone platform's answer is not a list of calls")]
    Malformed,
}

/// The phone platform, as far as calls that are up go.
#[derive(Clone)]
pub struct Platform {
    spoken: Spoken,
    hook: reqwest::Url,
    client: reqwest::Client,
}

impl Platform {
    /// Reaches nobody yet. `None` for a hook that is no address.
    pub fn new(live: &LiveCalls, client: reqwest::Client) -> Option<Self> {
        let hook = hook(&live.hook)?;
        Some(Self {
            spoken: live.platform,
            hook,
            client,
        })
    }

    /// The calls that are up.
    pub async fn calls(&self) -> Result<Vec<LiveCall>, NotListed> {
        let asked = match self.spoken {
            Spoken::Http => http::calls(self).await,
            Spoken::Kamailio => kamailio::calls(self).await,
        };
        let calls = asked?;
        if calls.len() > MAX_CALLS {
            return Err(NotListed::TooLong);
        }
        let sound = |call: &LiveCall| !call.id.is_empty() && call.id.len() <= MAX_ID_BYTES;
        if calls.iter().all(sound) {
            Ok(calls)
        } else {
            Err(NotListed::Malformed)
        }
    }

    /// Asks that one call end.
    pub async fn end(&self, call: &LiveCall) -> Ending {
        match self.spoken {
            Spoken::Http => http::end(self, call).await,
            Spoken::Kamailio => kamailio::end(self, call).await,
        }
    }

    /// One question; the status and the bytes of the answer, in time and bounded.
    async fn ask(&self, question: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), NotListed> {
        let asked = async {
            let mut response = question.send().await.map_err(|_| NotListed::Unreachable)?;
            let status = response.status().as_u16();
            let mut bytes = Vec::new();
            while let Some(more) = response.chunk().await.map_err(|_| NotListed::Unreachable)? {
                bytes.extend_from_slice(&more);
                if bytes.len() > MAX_ANSWER_BYTES {
                    return Err(NotListed::TooLong);
                }
            }
            Ok((status, bytes))
        };
        tokio::time::timeout(ANSWERED_WITHIN, asked)
            .await
            .unwrap_or(Err(NotListed::Unreachable))
    }
}

impl LiveCalls {
    /// Whether the hook is an address that can be asked.
    pub fn is_sound(&self) -> bool {
        hook(&self.hook).is_some()
    }
}

fn hook(text: &str) -> Option<reqwest::Url> {
    let hook: reqwest::Url = text.parse().ok()?;
    (hook.scheme() == "http" && hook.has_host() && hook.query().is_none()).then_some(hook)
}

/// Asks on every beat until it is told to stop; a beat that has begun is finished, so that no call is ended without its
/// record.
pub async fn watch(
    platform: Platform,
    desk: Arc<Desk>,
    standing: Arc<Standing>,
    mut stop: watch::Receiver<bool>,
) {
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = Told::default();
    let mut heard = None;
    loop {
        tokio::select! {
            _ = beat.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let listed = platform.calls().await;
        let error = listed.as_ref().err().copied();
        standing.calls_listed(error.is_none());
        match error {
            Some(error) if heard != Some(Err(error)) => {
                tracing::warn!(%error, "calls that are up cannot be ended");
            }
            None if heard != Some(Ok(())) => tracing::info!("the phone platform lists its calls"),
            _ => {}
        }
        heard = Some(error.map_or(Ok(()), Err));
        if let Ok(calls) = listed {
            told.forget_others(&calls);
            end_refused(&platform, &desk, &standing, calls, &mut told).await;
        }
    }
}

/// Asks that every refused call end, and hands on a record of what became of it.
async fn end_refused(
    platform: &Platform,
    desk: &Desk,
    standing: &Standing,
    calls: Vec<LiveCall>,
    told: &mut Told,
) {
    let refused: Vec<(LiveCall, Ruled)> = calls
        .into_iter()
        .filter_map(|call| rule(desk, standing, &call).map(|ruled| (call, ruled)))
        .collect();
    for some in refused.chunks(ENDED_AT_ONCE) {
        let mut asked = JoinSet::new();
        for (call, ruled) in some.iter().cloned() {
            let platform = platform.clone();
            asked.spawn(async move {
                let ending = platform.end(&call).await;
                (call, ruled, ending)
            });
        }
        while let Some(done) = asked.join_next().await {
            // A task ends otherwise only by a fault of the program; the next beat asks again.
            let Ok((call, ruled, ending)) = done else { continue };
            if let Some(verdict) = told.take(&call.id, ending, ruled.reason) {
                desk.attempts.push(record(desk, &call, &ruled, verdict));
            }
        }
    }
}

/// A call that may not go on.
#[derive(Clone)]
struct Ruled {
    caller: Caller,
    dialled: Result<Resolved, Refused>,
    reason: Reason,
}

/// Rules on one call that is up; `None` if it may go on, or if this gate cannot tell.
fn rule(desk: &Desk, standing: &Standing, call: &LiveCall) -> Option<Ruled> {
    let list = desk.list.load_full()?;
    if !standing.has_always_allowed() {
        return None;
    }
    let caller = Caller::parse(&call.caller);
    let dialled = phone::resolve(&call.dialled, desk.area);
    match authorise(Some(&list), &desk.always.load(), &desk.classes, &caller, &dialled) {
        Verdict::Allow(_) => None,
        Verdict::Refuse(reason) => Some(Ruled {
            caller,
            dialled,
            reason,
        }),
    }
}

fn record(desk: &Desk, call: &LiveCall, ruled: &Ruled, verdict: feed::Verdict) -> Attempt {
    Attempt {
        sequence: 0,
        at_ms: (desk.seams.now_ms)(),
        caller: ruled.caller.text(),
        dialled: crate::answer::as_kept(&call.dialled).to_owned(),
        number: ruled
            .dialled
            .as_ref()
            .ok()
            .map(|resolved| resolved.number.expose().to_owned()),
        verdict,
    }
}

impl fmt::Debug for LiveCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LiveCall(..)")
    }
}
