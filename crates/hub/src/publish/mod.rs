//! From committed history to every gate's list, and back from the gates: who stands where.
//!
//! One task resolves new history once, into a bounded [`ring`]. Each connected gate has a stream of its own
//! ([`follow`]) that tailors the changes to the gate, signs them and sends them; a heartbeat goes out every
//! second or two. Gates answer with acknowledgements ([`acknowledge`]): verified by the gate's key, compared with
//! the hash that this hub expects at that serial, and stored before anything counts them. What is known of
//! a gate's presence is kept in memory by monotonic instants ([`liveness`]).
//!
//! ```text
//! store.history_since -> Ring -> Tailor -> Signed<Message> -> gate
//! gate -> Signed<Acknowledgement> -> expected? -> store.record_acknowledgements -> proof
//! ```
//! A row that cannot be read stops the feed: a list that cannot be built in full is not published.

mod acknowledge;
mod challenge;
mod claim;
mod enrol;
mod follow;
mod limits;
mod liveness;
mod recorder;
mod ring;
mod room;
mod snapshot;
mod stream;
mod tailor;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use feed::{AlwaysAllowedDigest, GateId, GateWord, Regime, Serial, Session, StreamId, VerifyingKey};
use tokio::sync::{Semaphore, mpsc, watch};

pub use acknowledge::AcknowledgeError;
pub use challenge::{CHALLENGE_LIFETIME, CHALLENGES_USED_PER_GATE};
pub(crate) use claim::claimed_gate;
pub use enrol::EnrolError;
pub use follow::FollowError;
pub use limits::{HANDSHAKE_LINE_BYTES, REPORT_LINE_BYTES};
pub use liveness::{MachineInstants, Monotonic, SILENT_AFTER};
pub use recorder::ACKNOWLEDGEMENTS_QUEUED;
pub use ring::RING_CHANGES;
pub use room::{ALARM_FROM_PERCENT, Room};
pub use stream::{HEARTBEAT_EVERY, LINES_QUEUED, SLOW_AFTER};

use crate::keys::HubKeys;
use crate::seams::Seams;
use crate::store::{FeedSession, Store, StoreError};
use challenge::Challenges;
use recorder::Recorder;
use ring::{Change, Ring};
use tailor::Held;

/// How often the hub looks for changes that another process committed, and at its gates' states.
const REVIEW_EVERY: Duration = Duration::from_secs(1);
/// Changes resolved in one read.
const RESOLVED_AT_ONCE: usize = 500;
/// Snapshots built at the same time; the others wait, so that a hundred gates coming back do not fill memory.
const SNAPSHOTS_AT_ONCE: usize = 2;
/// Enrolments worked at the same time; the others wait, and bars do not wait for them.
const ENROLMENTS_AT_ONCE: usize = 2;

/// The feed's source.
pub struct Publisher {
    store: Arc<Store>,
    keys: Arc<HubKeys>,
    seams: Seams,
    instants: Arc<dyn Monotonic>,
    session: Session,
    feed_session: FeedSession,
    ring: Mutex<Ring>,
    head: watch::Sender<Head>,
    gates: Mutex<HashMap<GateId, Known>>,
    challenges: Challenges,
    recorder: mpsc::Sender<Recorder>,
    snapshots: Semaphore,
    enrolments: Semaphore,
}

/// Where the resolved feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    /// Everything up to this serial is in the ring.
    At(Serial),
    /// History could not be read in full; nothing is sent.
    Damaged,
    /// The hub is stopping.
    Stopping,
}

/// What the hub knows in memory of one gate that has followed since the hub started.
struct Known {
    verifying: VerifyingKey,
    /// Counts the gate's streams; only the newest one sends.
    generation: u64,
    regime: Regime,
    /// The newest stream, as the gate named it.
    stream: StreamId,
    /// The lines of it that the gate may still acknowledge, oldest first and none left out.
    sent: VecDeque<Sent>,
    /// The newest line of it that the gate acknowledged.
    answered: u64,
    /// When the newest line that the gate ever acknowledged was sent: an answer that somebody on the way kept
    /// back is as old as what it answers.
    heard: Option<Duration>,
    acknowledged: Option<Serial>,
    held_without_record: u64,
    /// Entries that it says it can hold.
    capacity: Option<u64>,
    /// Entries that it holds, or would have to hold if it could.
    entries: usize,
    /// The always-allowed numbers that it answers from.
    always_allowed: Option<AlwaysAllowedDigest>,
    /// How often its fingerprint key had been made anew when this stream began.
    key_generation: u64,
    ends_calls: bool,
    /// Its list is not what the hub expects: the next thing it gets is a snapshot.
    wants_snapshot: bool,
    /// The newest acknowledgement of its newest stream that fits, for attestations.
    word: Option<GateWord>,
}

/// One line that was sent, and what the gate holds once it has applied it.
#[derive(Clone, Copy)]
struct Sent {
    line: u64,
    serial: Serial,
    held: Held,
    at: Duration,
}

/// What is known of one gate's presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Not heard for longer than [`SILENT_AFTER`], or never since the hub started.
    pub silent: bool,
    /// The serial that it acknowledged last since the hub started.
    pub acknowledged: Option<Serial>,
    /// Bars that it still holds although the newest snapshot did not name them.
    pub held_without_record: u64,
    /// Whether it can hold its list.
    pub room: Room,
    /// The always-allowed numbers that it answers from; `None` if it has none or was not heard.
    pub always_allowed: Option<AlwaysAllowedDigest>,
    /// Whether it said last that calls which are up are ended when they come to be refused.
    pub ends_calls: bool,
    /// How long it has not been heard; never since the hub started: as long as the hub runs.
    pub unheard_for: Duration,
}

impl Known {
    fn room(&self) -> Room {
        Room::of(self.entries, room::capacity(self.capacity))
    }
}

impl Publisher {
    /// Starts the feed where the store's history stands. The two tasks end with [`Publisher::stop`].
    pub async fn start(
        store: Arc<Store>,
        keys: Arc<HubKeys>,
        seams: Seams,
        instants: Arc<dyn Monotonic>,
    ) -> Result<Arc<Self>, StoreError> {
        let session = store.session();
        let feed_session = store.feed_session().await?;
        let head = store.head().await?;
        let (recorder, queue) = mpsc::channel(ACKNOWLEDGEMENTS_QUEUED);
        let challenge_key = seams.bytes();
        let publisher = Arc::new(Self {
            store: Arc::clone(&store),
            keys,
            seams,
            instants,
            session,
            feed_session,
            ring: Mutex::new(Ring::starting_at(head)),
            head: watch::Sender::new(Head::At(head)),
            gates: Mutex::default(),
            challenges: Challenges::new(challenge_key),
            recorder,
            snapshots: Semaphore::new(SNAPSHOTS_AT_ONCE),
            enrolments: Semaphore::new(ENROLMENTS_AT_ONCE),
        });
        tokio::spawn(Arc::clone(&publisher).resolve_new_history());
        tokio::spawn(recorder::record(store, queue, publisher.head.subscribe()));
        Ok(publisher)
    }

    /// Ends every stream and both tasks.
    pub fn stop(&self) {
        self.head.send_replace(Head::Stopping);
    }

    /// Whether the feed is sound: nothing in history was found damaged.
    pub fn is_sound(&self) -> bool {
        matches!(*self.head.borrow(), Head::At(_))
    }

    /// What is known of a gate's presence.
    pub fn presence(&self, gate: GateId) -> Presence {
        let now = self.instants.elapsed();
        let gates = self.known();
        let known = gates.get(&gate);
        let heard = known.and_then(|known| known.heard);
        Presence {
            unheard_for: now.saturating_sub(heard.unwrap_or_default()),
            silent: liveness::is_silent(heard, now),
            acknowledged: known.and_then(|known| known.acknowledged),
            held_without_record: known.map_or(0, |known| known.held_without_record),
            room: known.map_or_else(Room::default, Known::room),
            always_allowed: known.and_then(|known| known.always_allowed),
            ends_calls: known.is_some_and(|known| known.ends_calls),
        }
    }

    /// The session of the feed and, if it has one, its certificate.
    pub fn feed_session(&self) -> &FeedSession {
        &self.feed_session
    }

    /// Whether any gate is short of room or full: an operator must act.
    pub fn is_short_of_room(&self) -> bool {
        self.known().values().any(|known| known.room() != Room::Enough)
    }

    /// What a gate acknowledged last in its newest stream, as it signed it.
    pub fn last_word(&self, gate: GateId) -> Option<GateWord> {
        self.known().get(&gate)?.word.clone()
    }

    /// How long the feed has run.
    pub fn running_for(&self) -> Duration {
        self.instants.elapsed()
    }

    async fn resolve_new_history(self: Arc<Self>) {
        let mut committed = self.store.serial();
        let mut head = self.head.subscribe();
        loop {
            self.catch_up().await;
            let review = tokio::select! {
                changed = committed.changed() => { if changed.is_err() { return }; false }
                () = tokio::time::sleep(REVIEW_EVERY) => true,
                () = stopping(&mut head) => return,
            };
            if review {
                self.review_gates().await;
            }
        }
    }

    /// Moves everything committed since into the ring and wakes the streams.
    async fn catch_up(&self) {
        loop {
            let from = self.ring().head();
            match self.store.history_since(from, RESOLVED_AT_ONCE).await {
                Ok(changes) if changes.is_empty() => return self.move_head(Head::At(from)),
                Ok(changes) => self.take(changes),
                Err(StoreError::Unavailable(_)) => return,
                Err(error) => {
                    tracing::error!(%error, serial = from.0, "the feed is stopped: history cannot be read");
                    return self.move_head(Head::Damaged);
                }
            }
            if !self.is_sound() {
                return;
            }
        }
    }

    fn take(&self, resolved: Vec<(Serial, Vec<crate::store::ResolvedChange>)>) {
        let mut ring = self.ring();
        let in_turn = resolved
            .into_iter()
            .all(|(serial, changes)| ring.push(Change { serial, changes }));
        let head = ring.head();
        drop(ring);
        if in_turn {
            self.move_head(Head::At(head));
        } else {
            tracing::error!(
                serial = head.0,
                "the feed is stopped: a serial is missing from history"
            );
            self.move_head(Head::Damaged);
        }
    }

    fn move_head(&self, to: Head) {
        self.head.send_if_modified(|head| {
            let moves = *head != Head::Stopping && *head != to;
            if moves {
                *head = to;
            }
            moves
        });
    }

    /// Ends the streams of gates that are no longer admitted, whose prison's regime has changed or whose
    /// fingerprint key was made anew.
    async fn review_gates(&self) {
        self.review_session().await;
        if self.known().is_empty() {
            return;
        }
        let (Ok(admitted), Ok(prisons)) = (self.store.admitted_gates().await, self.store.prisons_on().await)
        else {
            return;
        };
        let regimes: HashMap<_, _> = prisons.iter().map(|on| (on.prison, on.regime)).collect();
        for (id, known) in self.known().iter_mut() {
            let stays = admitted.get(id).is_some_and(|(prison, key_generation)| {
                *key_generation == known.key_generation && regimes.get(prison) == Some(&known.regime)
            });
            if !stays {
                known.generation += 1;
            }
        }
    }

    /// Stops the feed if the store has another session by now: this hub would go on in one that is over.
    async fn review_session(&self) {
        let Ok(on_record) = self.store.feed_session().await else {
            return;
        };
        if on_record.epoch != self.feed_session.epoch && self.is_sound() {
            tracing::error!("the feed is stopped: the store has a new session; start this hub anew");
            self.stop();
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<GateId, Known>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Resolves when the hub stops.
async fn stopping(head: &mut watch::Receiver<Head>) {
    // An error means that the publisher is gone, which is a stop too.
    let _ = head.wait_for(|head| *head == Head::Stopping).await;
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Publisher({:?})", *self.head.borrow())
    }
}
