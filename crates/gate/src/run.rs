//! The running gate: answers before it reaches the hub, follows while it answers, and stops without losing a
//! record.

use std::fs::File;
use std::future::Future;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use arc_swap::{ArcSwap, ArcSwapOption};
use prison::PrisonId;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::answer::peers::PeersOnly;
use crate::answer::seen::Seen;
use crate::answer::tcp::{StreamLimits, Streams};
use crate::answer::tls::TlsFiles;
use crate::answer::udp::UdpAnswers;
use crate::answer::{Counted, Desk, InForce, http};
use crate::config::Config;
use crate::follow::{Follower, Keeper};
use crate::hold::{Hold, NoList};
use crate::identity::{Identity, NoIdentity, state_key};
use crate::live::{self, Platform};
use crate::report::{AttemptQueue, Sealing, Spooled, WaitingAttempts, post_reports};
use crate::seams::Seams;
use crate::state_key::StateKey;
use crate::status::{Standing, Trouble};

/// Threads that answer SIP over UDP, at most; no more than there are processors for.
const MAX_SIP_THREADS: usize = 4;
/// How often a port is looked for that is free for both UDP and TCP, where any will do.
const PORTS_TRIED: usize = 16;
/// How often a gate without key, identity or always-allowed list looks whether it has them now.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How long the hub may take to accept a connection.
const CONNECTED_WITHIN: Duration = Duration::from_secs(3);
/// How long answers over HTTP, TCP and TLS may take when the gate stops.
const DRAINED_WITHIN: Duration = Duration::from_secs(5);

/// Said once when calls are answered.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ready {
    /// Where SIP is answered, over UDP and TCP.
    pub sip: SocketAddr,
    /// Where SIP is answered over TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sips: Option<SocketAddr>,
    /// Where HTTP is answered.
    pub http: SocketAddr,
    /// The prison.
    pub prison: PrisonId,
}

/// Runs a gate until `shutdown` comes. `ready` is called once calls are answered; whether a list is held, and
/// whether the hub is reached, does not matter for that.
pub async fn run(
    config: Config,
    seams: Seams,
    ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    config.check()?;
    let _only_one = lock_state(&config, &seams)?;
    let list: InForce = Arc::new(ArcSwapOption::empty());
    let spooled = Arc::new(Spooled::default());
    let standing = Arc::new(Standing::new(config.prison, list.clone(), Arc::clone(&spooled)));
    let (attempts, waiting) = AttemptQueue::new(&spooled);
    let opened = open(&config, &seams, &list, &standing);
    let desk = Arc::new(desk(&config, &seams, list, attempts)?);
    let looking = read_always_allowed(&config, &desk, &standing);
    let ending = Ending::start(&config, &desk, &standing);
    let answers = Answers::start(&config, &desk, &standing, ready).await?;
    let (stop, stopping) = watch::channel(false);
    let inner = Inner {
        config,
        seams,
        list: Arc::clone(&desk.list),
        spooled,
        standing,
    };
    let inner = tokio::spawn(inner.follow_and_report(opened, waiting, stopping));
    shutdown.await;
    tracing::info!("stopping");
    looking.abort();
    if let Some(ending) = ending {
        ending.drain().await;
    }
    answers.drain().await;
    stop.send_replace(true);
    inner
        .await
        .context("what follows the hub had ended by a fault of the program")
}

fn lock_state(config: &Config, seams: &Seams) -> Result<File> {
    let folder = &config.state_dir;
    seams
        .disk
        .create_folder(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let file =
        File::create(folder.join("lock")).with_context(|| format!("{} is not writable", folder.display()))?;
    if file.try_lock().is_err() {
        bail!("another gate runs on {}", folder.display());
    }
    Ok(file)
}

fn desk(config: &Config, seams: &Seams, list: InForce, attempts: AttemptQueue) -> Result<Desk> {
    Ok(Desk {
        list,
        always: ArcSwap::default(),
        classes: config.class_policy()?,
        area: config.area(),
        trunk: config.trunk.clone(),
        caller_header: config.caller_header.clone(),
        peers: config.peers.clone(),
        attempts,
        seams: seams.clone(),
        tag_key: (seams.random)(),
        counted: Counted::default(),
        seen: Seen::default(),
    })
}

/// Reads the always-allowed list; if that fails, again and again until it does not: mending the file needs no
/// restart.
fn read_always_allowed(config: &Config, desk: &Arc<Desk>, standing: &Arc<Standing>) -> JoinHandle<()> {
    let (config, desk, standing) = (config.clone(), Arc::clone(desk), Arc::clone(standing));
    let mut told = String::new();
    let mut read = move || match config.always_allowed() {
        Ok(always) => {
            // Said only once it is in the answers.
            let digest = always.digest();
            desk.always.store(Arc::new(always));
            standing.always_allowed_read(digest);
            true
        }
        Err(error) => {
            let error = error.to_string();
            if error != told {
                tracing::error!(
                    error,
                    "NO NUMBER IS ALWAYS ALLOWED: helplines are refused unless approved"
                );
                told = error;
            }
            false
        }
    };
    let mut is_read = read();
    tokio::spawn(async move {
        while !is_read {
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            is_read = read();
        }
    })
}

/// What ends calls that come to be refused.
struct Ending {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Ending {
    /// Hub or no hub, where a phone platform is configured that can end calls.
    fn start(config: &Config, desk: &Arc<Desk>, standing: &Arc<Standing>) -> Option<Self> {
        let live = config.live_calls.as_ref()?;
        standing.calls_listed(false);
        let platform = client().ok().and_then(|client| Platform::new(live, client));
        let Some(platform) = platform else {
            tracing::error!("the phone platform cannot be asked for its calls");
            return None;
        };
        let (stop, stopping) = watch::channel(false);
        let watching = live::watch(platform, Arc::clone(desk), Arc::clone(standing), stopping);
        let task = tokio::spawn(watching);
        Some(Self { task, stop })
    }

    /// Finishes what it has begun, so that its records are handed on.
    async fn drain(self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(DRAINED_WITHIN, self.task).await.is_err() {
            tracing::warn!("not every call that is up was asked for");
        }
    }
}

fn client() -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    builder.connect_timeout(CONNECTED_WITHIN).build()
}

/// The state of an enrolled gate.
struct Opened {
    identity: Identity,
    hold: Hold,
}

/// Opens identity and list; the list is in force when this returns. `None`: not enrolled, or no key; the
/// standing says which.
fn open(config: &Config, seams: &Seams, list: &InForce, standing: &Standing) -> Option<Opened> {
    let identity = if Identity::is_there(config, seams) {
        own(config, seams)
    } else {
        Err(NoIdentity::NotEnrolled)
    };
    let (identity, key) = match identity {
        Ok(known) => known,
        Err(error) => {
            if standing.without_list(trouble_of(&error)) {
                tracing::error!(%error, "everything but always-allowed numbers is refused");
            }
            return None;
        }
    };
    match Hold::open(seams.clone(), config.state_dir.clone(), config.mark_file(), key) {
        Ok((hold, held)) => {
            standing.marked_outside(hold.is_marked_outside());
            put_in_force(held, config, list, standing);
            Some(Opened { identity, hold })
        }
        Err(error) => {
            if standing.without_list(Trouble::Damaged) {
                tracing::error!(%error, "the state cannot be read: all but always-allowed numbers are refused");
            }
            None
        }
    }
}

/// Key and identity, if the gate is enrolled for the prison that it was configured for.
fn own(config: &Config, seams: &Seams) -> Result<(Identity, StateKey), NoIdentity> {
    let key = state_key(config, seams)?;
    let identity = Identity::load(config, seams, &key)?;
    if identity.prison == config.prison {
        Ok((identity, key))
    } else {
        Err(NoIdentity::NotEnrolled)
    }
}

fn put_in_force(
    held: Result<crate::list::BarList, NoList>,
    config: &Config,
    list: &InForce,
    standing: &Standing,
) {
    match held {
        Ok(held) if held.prison() == config.prison => {
            list.store(Some(Arc::new(held)));
        }
        Ok(_) => {
            standing.without_list(Trouble::Damaged);
            tracing::error!("the list on disk is another prison's: everything but always-allowed is refused");
        }
        Err(why) => {
            let trouble = if why == NoList::NeverHeld {
                Trouble::NoList
            } else {
                Trouble::Damaged
            };
            standing.without_list(trouble);
            tracing::error!(%why, "no list: everything but always-allowed numbers is refused");
        }
    }
}

fn trouble_of(error: &NoIdentity) -> Trouble {
    match error {
        NoIdentity::NotEnrolled => Trouble::NotEnrolled,
        NoIdentity::NoKey(_) => Trouble::NoKey,
        NoIdentity::Damaged | NoIdentity::Disk(_) => Trouble::Damaged,
    }
}

/// Everything that answers calls.
struct Answers {
    udp: UdpAnswers,
    streams: Vec<JoinHandle<()>>,
    http: JoinHandle<std::io::Result<()>>,
    stop: watch::Sender<bool>,
}

impl Answers {
    async fn start(
        config: &Config,
        desk: &Arc<Desk>,
        standing: &Arc<Standing>,
        ready: impl FnOnce(&Ready),
    ) -> Result<Self> {
        let wrong = |what: &str, at: SocketAddr| format!("{what} cannot be answered on {at}");
        let (socket, tcp) = bind_sip(config.sip_listen).with_context(|| wrong("SIP", config.sip_listen))?;
        let tls = match (config.sips_listen, &config.tls) {
            (Some(at), Some(files)) => {
                let listener = TcpListener::bind(at).await;
                Some((listener.with_context(|| wrong("SIP over TLS", at))?, files))
            }
            _ => None,
        };
        let listener = TcpListener::bind(config.http_listen)
            .await
            .with_context(|| wrong("HTTP", config.http_listen))?;
        let said = Ready {
            sip: socket.local_addr()?,
            sips: tls
                .as_ref()
                .map(|(listener, _)| listener.local_addr())
                .transpose()?,
            http: listener.local_addr()?,
            prison: config.prison,
        };
        let (stop, mut stopping) = watch::channel(false);
        let streams = start_streams(desk, TcpListener::from_std(tcp)?, tls, &stopping)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let udp = UdpAnswers::start(desk, &socket, threads.min(MAX_SIP_THREADS))?;
        let router = http::router(Arc::clone(desk), Arc::clone(standing));
        let peers = PeersOnly::new(listener, Arc::clone(desk));
        let stopped = async move { drop(stopping.wait_for(|stop| *stop).await) };
        let http =
            tokio::spawn(async move { axum::serve(peers, router).with_graceful_shutdown(stopped).await });
        tracing::info!(sip = %said.sip, http = %said.http, prison = %said.prison, "answering");
        ready(&said);
        Ok(Self {
            udp,
            streams,
            http,
            stop,
        })
    }

    async fn drain(self) {
        self.stop.send_replace(true);
        let drained = tokio::task::spawn_blocking(move || self.udp.drain());
        let others = async {
            for stream in self.streams {
                let _ = stream.await;
            }
            let _ = self.http.await;
        };
        if drained.await.is_err() || tokio::time::timeout(DRAINED_WITHIN, others).await.is_err() {
            tracing::warn!("not every answer was finished");
        }
    }
}

/// Binds one port for UDP and TCP. Where any port will do, another is looked for if a stranger has its TCP half.
fn bind_sip(at: SocketAddr) -> std::io::Result<(UdpSocket, std::net::TcpListener)> {
    let mut tried = 0;
    loop {
        let udp = UdpSocket::bind(at)?;
        match std::net::TcpListener::bind(udp.local_addr()?) {
            Ok(tcp) => {
                tcp.set_nonblocking(true)?;
                return Ok((udp, tcp));
            }
            Err(error) if at.port() != 0 || tried == PORTS_TRIED => return Err(error),
            Err(_) => tried += 1,
        }
    }
}

fn start_streams(
    desk: &Arc<Desk>,
    tcp: TcpListener,
    tls: Option<(TcpListener, &TlsFiles)>,
    stopping: &watch::Receiver<bool>,
) -> Result<Vec<JoinHandle<()>>> {
    let start = |listener, acceptor| {
        let streams = Streams::new(
            Arc::clone(desk),
            acceptor,
            StreamLimits::DEFAULT,
            stopping.clone(),
        );
        tokio::spawn(streams.serve(listener))
    };
    let mut started = vec![start(tcp, None)];
    if let Some((listener, files)) = tls {
        started.push(start(
            listener,
            Some(files.acceptor().map_err(anyhow::Error::msg)?),
        ));
    }
    Ok(started)
}

/// What goes on behind the answers.
struct Inner {
    config: Config,
    seams: Seams,
    list: InForce,
    spooled: Arc<Spooled>,
    standing: Arc<Standing>,
}

impl Inner {
    /// Follows and reports until told to stop, then seals the last attempts. A gate without key or identity
    /// looks for them again and again: enrolling it or installing its key needs no restart.
    async fn follow_and_report(
        self,
        mut opened: Option<Opened>,
        waiting: WaitingAttempts,
        mut stopping: watch::Receiver<bool>,
    ) {
        let opened = loop {
            if let Some(opened) = opened.take() {
                break opened;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN_AFTER) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
            opened = self.open_again().await;
        };
        let Opened { identity, hold } = opened;
        let sealing = self.seal(waiting, &identity);
        match client() {
            Ok(client) => self.with_hub(client, identity, hold, &mut stopping).await,
            Err(error) => {
                tracing::error!(%error, "the hub cannot be followed");
                drop(stopping.wait_for(|stop| *stop).await);
            }
        }
        if let Some(sealing) = sealing {
            drop(tokio::task::spawn_blocking(move || sealing.drain()).await);
        }
    }

    /// On a thread that may wait for a TPM.
    async fn open_again(&self) -> Option<Opened> {
        let (config, seams) = (self.config.clone(), self.seams.clone());
        let (list, standing) = (Arc::clone(&self.list), Arc::clone(&self.standing));
        let opened = tokio::task::spawn_blocking(move || open(&config, &seams, &list, &standing));
        // Ends otherwise only by a fault of the program; it is tried again.
        opened.await.ok().flatten()
    }

    fn seal(&self, waiting: WaitingAttempts, identity: &Identity) -> Option<Sealing> {
        let (spooled, folder) = (Arc::clone(&self.spooled), self.config.state_dir.join("spool"));
        let sealing = Sealing::start(waiting, spooled, &self.seams, folder, identity.hub_sealing_key);
        sealing
            .inspect_err(|error| tracing::error!(%error, "ATTEMPTS ARE LOST: the machine gives no thread"))
            .ok()
    }

    async fn with_hub(
        &self,
        client: reqwest::Client,
        identity: Identity,
        hold: Hold,
        stopping: &mut watch::Receiver<bool>,
    ) {
        let hub = self
            .config
            .hub
            .as_ref()
            .unwrap_or(&identity.hub)
            .trim_end_matches('/')
            .to_owned();
        let reports = post_reports(
            client.clone(),
            hub.clone(),
            identity.clone(),
            Arc::clone(&self.spooled),
        );
        let keeper = Keeper::new(hold, Arc::clone(&self.list), Arc::clone(&self.standing));
        let follower = Follower {
            client,
            hub,
            identity,
            seams: self.seams.clone(),
            config: self.config.clone(),
            keeper: Arc::new(Mutex::new(keeper)),
            standing: Arc::clone(&self.standing),
        };
        tokio::select! {
            () = follower.follow() => {}
            () = reports => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}
