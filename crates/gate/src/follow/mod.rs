//! Follows the hub: asks for the feed, verifies each line before reading it, refuses at once what it newly
//! refuses, keeps the change on disk, swaps the list that calls are answered from, and acknowledges. In that
//! order.
//!
//! Each connection is a stream that this gate names by a random number, and every line of it has its [`Turn`].
//! A line of another stream, a repeated one and one that is left out end the connection; so nobody on the way
//! passes off an old line as a new one. Lines that come late are applied, and are no sign that the hub is heard
//! ([`turns`]).
//!
//! Whatever goes wrong, the list held stays in force; following is tried again for as long as the gate runs.

mod acknowledge;
mod keep;
mod lines;
mod session;
mod turns;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use feed::{
    Believed, Body, Challenge, FollowRequest, Limits, Message, Serial, Session, Signed, SignedError,
    StreamId, Turn,
};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::config::Config;
use crate::identity::Identity;
use crate::list::{BarList, NotUsable, Standing, Step};
use crate::seams::Seams;
use crate::status::{SILENT_AFTER, Trouble};
use lines::{Lines, NoLine};
use turns::Turns;

pub use keep::Keeper;

/// Lines that are kept on disk together.
const LINES_AT_ONCE: usize = 256;
/// How long the hub may take to begin the feed; it may have to build a whole list first.
const BEGINS_WITHIN: Duration = Duration::from_secs(60);
/// How long the hub may take to give a challenge.
const CHALLENGED_WITHIN: Duration = Duration::from_secs(5);
/// The pause before the feed is asked for again, doubled up to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// The pause while two people have yet to compare key fingerprints.
const NOT_ADMITTED_PAUSE: Duration = Duration::from_secs(1);
/// Characters of the hub's own words that are logged.
const WORDS_LOGGED: usize = 120;

/// What it takes to follow.
pub struct Follower {
    /// Reaches the hub.
    pub client: reqwest::Client,
    /// The hub's address, without a slash at its end.
    pub hub: String,
    /// Who follows whom.
    pub identity: Identity,
    /// Names the streams; keeps whom the gate believes.
    pub seams: Seams,
    /// The prison that the gate was configured for, and the root keys.
    pub config: Config,
    /// The list: followed, kept and in force.
    pub keeper: Arc<Mutex<Keeper>>,
    /// Told of every word from the hub.
    pub standing: Arc<crate::status::Standing>,
}

/// Why following ended, this time.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the hub was not reached: {0}")]
    Unreachable(reqwest::Error),
    #[error("the hub did not answer in time")]
    NoAnswer,
    #[error("the hub gives this gate no feed: {0}")]
    NotAdmitted(String),
    #[error("the hub answered {0}")]
    Declined(u16),
    #[error("the hub's challenge is not one")]
    BadChallenge,
    #[error(transparent)]
    NoLine(#[from] NoLine),
    #[error("a line of the feed: {0}")]
    Signed(#[from] SignedError),
    #[error("a line is out of turn: it was repeated, left out or is another stream's")]
    OutOfTurn,
    #[error(
        "it is another session than the one that this gate believes, and no certificate of a higher epoch came"
    )]
    OtherSession,
    #[error("a message is not usable: {0}")]
    NotUsable(NotUsable),
    #[error("what came was not taken by a fault of the program: {0}")]
    Fault(#[from] tokio::task::JoinError),
}

impl Ended {
    /// Whether the hub may have another session or key by now, for which it should have a certificate.
    fn may_be_another_session(&self) -> bool {
        matches!(self, Self::OtherSession | Self::Signed(SignedError::BadSignature))
    }
}

impl Follower {
    /// Follows for as long as it is polled.
    pub async fn follow(self) {
        let (due, acknowledged) = watch::channel(None);
        let (client, hub, identity) = (self.client.clone(), self.hub.clone(), self.identity.clone());
        let standing = Arc::clone(&self.standing);
        tokio::join!(
            self.follow_forever(due),
            acknowledge::acknowledge(client, hub, identity, standing, acknowledged)
        );
    }

    async fn follow_forever(&self, due: watch::Sender<Option<Due>>) {
        let mut pause = SHORTEST_PAUSE;
        let mut wants_snapshot = false;
        let (mut told, mut told_of_session) = (String::new(), String::new());
        let mut believed = self.identity.believed;
        loop {
            // What a failing disk did not take is tried again, hub or no hub.
            self.store_again().await;
            let mut heard_any = false;
            let ended = self
                .follow_once(&believed, wants_snapshot, &due, &mut heard_any)
                .await;
            if heard_any {
                pause = SHORTEST_PAUSE;
                wants_snapshot = false;
            }
            wants_snapshot |= matches!(&ended, Ended::NotUsable(why) if why.needs_snapshot());
            self.tell(&ended, &mut told);
            if ended.may_be_another_session()
                && let Some(newer) = self.ask_session(believed, &mut told_of_session).await
            {
                believed = newer;
                pause = SHORTEST_PAUSE;
            }
            let is_waiting = matches!(ended, Ended::NotAdmitted(_));
            sleep(if is_waiting { NOT_ADMITTED_PAUSE } else { pause }).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Logs why following ended, once for each reason in a row.
    fn tell(&self, ended: &Ended, told: &mut String) {
        let is_waiting = matches!(ended, Ended::NotAdmitted(_));
        self.standing.not_following(if is_waiting {
            Trouble::NotAdmitted
        } else {
            Trouble::NotFollowing
        });
        let why = ended.to_string();
        if why != *told {
            tracing::warn!(
                why,
                "the hub is not followed; calls are answered from what is held"
            );
            *told = why;
        }
    }

    /// One connection, from the challenge to its end.
    async fn follow_once(
        &self,
        believed: &Believed,
        wants_snapshot: bool,
        due: &watch::Sender<Option<Due>>,
        heard_any: &mut bool,
    ) -> Ended {
        let mut turns = self.new_stream();
        let mut lines = match self.ask(turns.stream(), wants_snapshot).await {
            Ok(response) => Lines::new(response, Limits::DEFAULT.line_bytes, SILENT_AFTER),
            Err(ended) => return ended,
        };
        loop {
            let read = match lines.next(LINES_AT_ONCE).await {
                Ok(read) => read,
                Err(ended) => return ended.into(),
            };
            let taken = self.take(read, turns.newest(), *believed).await;
            if let Some(usable) = taken.usable {
                *heard_any = true;
                turns.took(usable.turn, Instant::now());
                if turns.are_fresh(usable.answered, Instant::now()) {
                    self.standing.heard();
                }
                if let Some(standing) = taken.stored {
                    due.send_replace(Some(Due {
                        standing,
                        turn: usable.turn,
                    }));
                }
            }
            if let Err(ended) = taken.result {
                return ended;
            }
        }
    }

    fn new_stream(&self) -> Turns {
        let mut name = [0; 16];
        name.copy_from_slice(&(self.seams.random)()[..16]);
        Turns::begin(StreamId::from_bytes(name), Instant::now())
    }

    /// Asks for the feed from where the list stands.
    async fn ask(&self, stream: StreamId, wants_snapshot: bool) -> Result<reqwest::Response, Ended> {
        let gate = self.identity.gate;
        let post = self
            .client
            .post(format!("{}/v1/gates/{gate}/challenge", self.hub));
        let response = answered(post, CHALLENGED_WITHIN).await?;
        let challenge = timeout(CHALLENGED_WITHIN, response.text())
            .await
            .map_err(|_| Ended::NoAnswer)?;
        let challenge = challenge.map_err(|error| Ended::Unreachable(error.without_url()))?;
        let challenge: Challenge = challenge.trim().parse().map_err(|_| Ended::BadChallenge)?;
        let from = if wants_snapshot { None } else { self.from() };
        let line = Signed::sign(
            &FollowRequest {
                gate,
                challenge,
                stream,
                from,
            },
            &self.identity.signing,
        )?
        .to_line();
        let post = self
            .client
            .post(format!("{}/v1/gates/feed", self.hub))
            .header("content-type", "text/plain");
        answered(post.body(line), BEGINS_WITHIN).await
    }

    /// Where this gate's list stands; a list from an earlier enrolment stands nowhere.
    fn from(&self) -> Option<(Session, Serial)> {
        let list = locked(&self.keeper).followed();
        let standing = list.map(|list| list.standing())?;
        (standing.gate == self.identity.gate).then_some((standing.session, standing.serial))
    }

    /// Tries once more to store what a failing disk did not take.
    async fn store_again(&self) {
        let keeper = Arc::clone(&self.keeper);
        // Fails only by a fault of the program, which the next line from the hub brings to light.
        let _ = tokio::task::spawn_blocking(move || locked(&keeper).store()).await;
    }

    /// Takes the lines after `newest` on a thread that may wait for the disk.
    async fn take(&self, lines: Vec<Vec<u8>>, newest: Turn, believed: Believed) -> Taken {
        let (keeper, identity, prison) = (
            Arc::clone(&self.keeper),
            self.identity.clone(),
            self.config.prison,
        );
        let work = move || take(&lines, newest, &mut locked(&keeper), &identity, &believed, prison);
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|error| Taken {
                usable: None,
                stored: None,
                result: Err(error.into()),
            })
    }
}

/// What is to be acknowledged: where the list stands, and the line by which it came to stand there.
#[derive(Clone, Copy)]
struct Due {
    standing: Standing,
    turn: Turn,
}

/// The newest line that was usable.
#[derive(Clone, Copy)]
struct Usable {
    turn: Turn,
    /// The newest acknowledgement that the hub had when it sent it.
    answered: u64,
}

/// What became of some lines.
struct Taken {
    /// The last usable one, if there was one.
    usable: Option<Usable>,
    /// Where the list stands, if all of it is stored and in the answers.
    stored: Option<Standing>,
    /// The first line that was not usable.
    result: Result<(), Ended>,
}

fn locked(keeper: &Mutex<Keeper>) -> MutexGuard<'_, Keeper> {
    keeper.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answered(post: reqwest::RequestBuilder, within: Duration) -> Result<reqwest::Response, Ended> {
    let response = timeout(within, post.send()).await.map_err(|_| Ended::NoAnswer)?;
    let response = response.map_err(|error| Ended::Unreachable(error.without_url()))?;
    match response.status().as_u16() {
        200..=299 => Ok(response),
        403 => {
            let said = timeout(CHALLENGED_WITHIN, response.text())
                .await
                .ok()
                .and_then(Result::ok);
            let said = said.unwrap_or_default();
            Err(Ended::NotAdmitted(
                said.chars()
                    .filter(|c| !c.is_control())
                    .take(WORDS_LOGGED)
                    .collect(),
            ))
        }
        status => Err(Ended::Declined(status)),
    }
}

/// Verifies and applies lines in turn, puts what they make in force, and keeps it on disk. The first unusable
/// line ends it; what came before it counts.
fn take(
    lines: &[Vec<u8>],
    newest: Turn,
    keeper: &mut Keeper,
    identity: &Identity,
    believed: &Believed,
    prison: prison::PrisonId,
) -> Taken {
    let followed = keeper.followed();
    let mut changed = Changed {
        list: None,
        steps: Vec::new(),
        is_whole: false,
        turn: newest,
        answered: 0,
    };
    let result = lines
        .iter()
        .try_for_each(|line| changed.take_line(line, followed.as_deref(), identity, believed, prison));
    let usable = (changed.turn != newest).then_some(Usable {
        turn: changed.turn,
        answered: changed.answered,
    });
    if let Some(list) = changed.list {
        let steps = if changed.is_whole {
            Vec::new()
        } else {
            changed.steps
        };
        keeper.go_on(list, steps);
    }
    let stored = keeper.store();
    Taken {
        usable,
        stored,
        result,
    }
}

/// What some lines make of the list followed.
struct Changed {
    list: Option<BarList>,
    steps: Vec<Step>,
    /// A snapshot was among them.
    is_whole: bool,
    /// The newest line.
    turn: Turn,
    /// The acknowledgement that it answers.
    answered: u64,
}

impl Changed {
    fn take_line(
        &mut self,
        line: &[u8],
        followed: Option<&BarList>,
        identity: &Identity,
        believed: &Believed,
        prison: prison::PrisonId,
    ) -> Result<(), Ended> {
        let signed = Signed::<Message>::parse_line(line, Limits::DEFAULT.line_bytes)?;
        let message = signed.verify(&believed.hub_key)?;
        if message.session != believed.session {
            return Err(Ended::OtherSession);
        }
        if self.turn.next() != Some(message.turn) {
            return Err(Ended::OutOfTurn);
        }
        let held = self.list.as_ref().or(followed);
        let next = BarList::apply(held, &message, identity.gate, prison, &identity.sealing);
        let next = next.map_err(Ended::NotUsable)?;
        self.turn = message.turn;
        self.answered = message.answered;
        let Some(next) = next else {
            return Ok(());
        };
        self.list = Some(next);
        let Message {
            session,
            serial,
            body,
            ..
        } = message;
        match body {
            Body::Delta(delta) => self.steps.push(Step {
                session,
                serial,
                delta,
            }),
            _ => self.is_whole = true,
        }
        Ok(())
    }
}
