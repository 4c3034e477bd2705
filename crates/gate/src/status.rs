//! How the gate stands, for the prison's staff and their monitoring: whether a list is held and followed, and
//! why not. Never how many bars there are, nothing that moves when one of this prison's numbers is barred, and
//! nothing about any call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use feed::AlwaysAllowedDigest;
use prison::PrisonId;
use serde::Serialize;

use crate::answer::InForce;
use crate::report::{SpoolState, Spooled};

/// A hub that was not heard for this long is silent; it sends a heartbeat every second.
pub const SILENT_AFTER: Duration = Duration::from_secs(5);

/// Why a gate is not healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// The key from outside the state folder is missing. Everything but always-allowed numbers is refused.
    NoKey,
    /// The gate was never enrolled. The same.
    NotEnrolled,
    /// The state on disk is damaged or older than what was acknowledged. The same.
    Damaged,
    /// No list was received yet. The same.
    NoList,
    /// The hub gives this gate no feed: two people have yet to compare its key fingerprint, or it was revoked.
    NotAdmitted,
    /// There is no always-allowed list that can be read. Helplines are refused unless they are approved.
    NoAlwaysAllowed,
    /// The disk is full. New bars are in force from memory alone and not acknowledged; what was lifted is still
    /// refused.
    DiskFull,
    /// The disk takes no list. The same.
    DiskFailing,
    /// The hub is silent, or what it sends cannot be used. Calls are answered from the list held.
    NotFollowing,
    /// Attempts are not kept: the spool is full or cannot be opened. Calls are answered from the list held.
    NotRecording,
    /// The hub could not open blocks of attempts. They lie in `spool/aside` until an operator has looked.
    BlocksSetAside,
}

/// What a healthy gate still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// The mark outside the state folder cannot be written: an older copy of the whole folder may count.
    NotMarkedOutside,
    /// The phone platform does not list the calls that are up: those to newly barred numbers go on.
    CallsNotListed,
}

/// Whether calls that are up can be ended when they come to be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiveCallsState {
    /// No phone platform is configured that could.
    NotConfigured,
    /// The phone platform lists them.
    Listed,
    /// A phone platform is configured and does not list them.
    NotListed,
}

/// The parts of the gate that know how it stands.
pub struct Standing {
    prison: PrisonId,
    list: InForce,
    spooled: Arc<Spooled>,
    /// The always-allowed numbers in the answers.
    always_allowed: Mutex<Option<AlwaysAllowedDigest>>,
    /// Why the state on disk gave no list.
    without_list: Mutex<Option<Trouble>>,
    /// What keeps the gate from following.
    not_following: Mutex<Option<Trouble>>,
    /// Why the newest list is not on disk.
    not_kept: Mutex<Option<Trouble>>,
    heard: Mutex<Option<Instant>>,
    is_marked_outside: AtomicBool,
    live_calls: Mutex<LiveCallsState>,
}

/// How the gate stands, as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The prison.
    pub prison: PrisonId,
    /// The gate's identifier, once it holds a list.
    pub gate: Option<String>,
    /// The session of the list.
    pub session: Option<String>,
    /// The serial of the list.
    pub serial: Option<u64>,
    /// Seconds since the hub was last heard.
    pub heard_seconds_ago: Option<u64>,
    /// Whether the hub was heard lately and nothing it sent is missing.
    pub in_sync: bool,
    /// The spool of attempts.
    pub spool: SpoolState,
    /// Attempts lost since the start.
    pub attempts_lost: u64,
    /// Blocks of attempts that the hub could not open; they lie in `spool/aside`.
    pub blocks_set_aside: u64,
    /// Whether the mark outside the state folder can be written, so that an older copy of the whole folder is
    /// found out.
    pub marked_outside: bool,
    /// Whether the always-allowed list was installed and its signatures fit.
    pub always_allowed_installed: bool,
    /// Whether calls that are up can be ended when they come to be refused.
    pub live_calls: LiveCallsState,
    /// Why the gate is not healthy, if it is not.
    pub trouble: Option<Trouble>,
}

impl Standing {
    /// Before anything is known.
    pub fn new(prison: PrisonId, list: InForce, spooled: Arc<Spooled>) -> Self {
        Self {
            prison,
            list,
            spooled,
            always_allowed: Mutex::new(None),
            without_list: Mutex::new(None),
            not_following: Mutex::new(Some(Trouble::NotFollowing)),
            not_kept: Mutex::new(None),
            is_marked_outside: AtomicBool::new(true),
            live_calls: Mutex::new(LiveCallsState::NotConfigured),
            heard: Mutex::new(None),
        }
    }

    /// The state on disk gave no list. Whether that is news.
    pub fn without_list(&self, why: Trouble) -> bool {
        lock(&self.without_list).replace(why) != Some(why)
    }

    /// The hub cannot be followed.
    pub fn not_following(&self, why: Trouble) {
        *lock(&self.not_following) = Some(why);
    }

    /// The always-allowed list was read, and calls are answered from it.
    pub fn always_allowed_read(&self, digest: Option<AlwaysAllowedDigest>) {
        *lock(&self.always_allowed) = digest;
    }

    /// Which numbers are always allowed; `None` while no list was read.
    pub fn always_allowed(&self) -> Option<AlwaysAllowedDigest> {
        *lock(&self.always_allowed)
    }

    /// Whether the always-allowed list was read.
    pub fn has_always_allowed(&self) -> bool {
        self.always_allowed().is_some()
    }

    /// Whether the phone platform lists the calls that are up.
    pub fn calls_listed(&self, are_listed: bool) {
        *lock(&self.live_calls) = if are_listed {
            LiveCallsState::Listed
        } else {
            LiveCallsState::NotListed
        };
    }

    /// Whether calls that are up are ended when they come to be refused, as far as is known.
    pub fn ends_calls(&self) -> bool {
        *lock(&self.live_calls) == LiveCallsState::Listed
    }

    /// The newest list cannot be stored. Whether that is news.
    pub fn not_kept(&self, why: Trouble) -> bool {
        lock(&self.not_kept).replace(why) != Some(why)
    }

    /// The newest list is stored.
    pub fn kept(&self) {
        *lock(&self.not_kept) = None;
    }

    /// Whether the mark outside the state folder is written.
    pub fn marked_outside(&self, is_marked: bool) {
        if !is_marked && self.is_marked_outside.swap(is_marked, Ordering::Relaxed) {
            tracing::warn!("no mark can be written outside the state folder; set mark_file to where one can");
        }
        self.is_marked_outside.store(is_marked, Ordering::Relaxed);
    }

    /// What is not as it should be, though calls are answered rightly.
    pub fn warnings(&self) -> Vec<Warning> {
        let is_marked = self.is_marked_outside.load(Ordering::Relaxed);
        let not_listed = *lock(&self.live_calls) == LiveCallsState::NotListed;
        let warnings = [
            (!is_marked).then_some(Warning::NotMarkedOutside),
            not_listed.then_some(Warning::CallsNotListed),
        ];
        warnings.into_iter().flatten().collect()
    }

    /// The hub was heard, and what it said was usable.
    pub fn heard(&self) {
        *lock(&self.heard) = Some(Instant::now());
        *lock(&self.not_following) = None;
    }

    /// Why the gate is not healthy; `None` if it holds a list and follows the hub.
    pub fn trouble(&self) -> Option<Trouble> {
        let not_following = *lock(&self.not_following);
        let not_kept = *lock(&self.not_kept);
        if not_kept.is_some() {
            return not_kept;
        }
        if self.list.load().is_some() {
            return self
                .lacks_always_allowed()
                .or(not_following)
                .or_else(|| (!self.is_heard()).then_some(Trouble::NotFollowing))
                .or_else(|| self.records_trouble());
        }
        match (*lock(&self.without_list), not_following) {
            (Some(why @ (Trouble::NoKey | Trouble::NotEnrolled | Trouble::Damaged)), _) => Some(why),
            (_, Some(Trouble::NotAdmitted)) => Some(Trouble::NotAdmitted),
            _ => Some(Trouble::NoList),
        }
    }

    fn lacks_always_allowed(&self) -> Option<Trouble> {
        self.always_allowed()
            .is_none()
            .then_some(Trouble::NoAlwaysAllowed)
    }

    fn records_trouble(&self) -> Option<Trouble> {
        match self.spooled.state() {
            SpoolState::Absent | SpoolState::Full => Some(Trouble::NotRecording),
            SpoolState::Keeping => (self.spooled.aside() > 0).then_some(Trouble::BlocksSetAside),
        }
    }

    fn is_heard(&self) -> bool {
        self.heard_ago().is_some_and(|ago| ago <= SILENT_AFTER)
    }

    /// How the gate stands.
    pub fn status(&self) -> Status {
        let list = self.list.load();
        let standing = list.as_ref().map(|list| list.standing());
        Status {
            prison: self.prison,
            gate: standing.map(|standing| standing.gate.to_string()),
            session: standing.map(|standing| standing.session.to_string()),
            serial: standing.map(|standing| standing.serial.0),
            heard_seconds_ago: self.heard_ago().map(|ago| ago.as_secs()),
            in_sync: self.is_heard() && lock(&self.not_following).is_none(),
            spool: self.spooled.state(),
            attempts_lost: self.spooled.lost(),
            blocks_set_aside: self.spooled.aside(),
            marked_outside: self.is_marked_outside.load(Ordering::Relaxed),
            always_allowed_installed: self.always_allowed().is_some(),
            live_calls: *lock(&self.live_calls),
            trouble: self.trouble(),
        }
    }

    /// How long ago the hub was heard.
    pub fn heard_ago(&self) -> Option<Duration> {
        lock(&self.heard).map(|at| at.elapsed())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
