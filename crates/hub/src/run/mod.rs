//! The hub as a process: configuration checked, store opened, address bound, ready line printed, requests
//! served until told to stop, then what is under way finished.

mod host;
mod listen;
mod tend;

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use casework::Policy;
use feed::{CoSigned, VerifyingKey};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::always_allowed::AlwaysAllowedNumbers;
use crate::applications::AnswerTimes;
use crate::custody::RaiseAlerts;
use crate::keys::HubKeys;
use crate::publish::MachineInstants;
use crate::seams::Seams;
use crate::service::{Hub, HubParts};
use crate::store::{Store, StoreMark};
use listen::ListenLimits;

/// What is under way when the hub is told to stop may take this long to finish.
pub const DRAIN_WITHIN: Duration = Duration::from_secs(10);

/// Connections at the same time, unless the operator says otherwise.
pub const CONNECTIONS: u32 = 2_048;

/// How a hub is run.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Where the store is: `sqlite://PATH` or `postgres://...`.
    pub database: String,
    /// The folder of the keys; never the store's folder.
    pub keys: PathBuf,
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What the store and the keys must be marked as.
    pub mark: StoreMark,
    /// The policy file.
    pub policy: PathBuf,
    /// The always-allowed list: the file that every gate has.
    pub always_allowed: AlwaysAllowedFile,
    /// One address in so many is a decoy, whose letters go to the shelf; 0 for none.
    pub one_pass_in: u32,
    /// Connections at the same time.
    pub connections: u32,
    /// When contact applications are answered.
    pub answer_times: AnswerTimes,
    /// Whether a no-contact alert is asked for on the records of barred prisoners.
    pub raise_alerts: RaiseAlerts,
    /// Which pages are served.
    pub web: WebMode,
}

/// A co-signed always-allowed list and the root keys that may sign it.
#[derive(Clone, Debug)]
pub struct AlwaysAllowedFile {
    /// The file.
    pub file: PathBuf,
    /// The root keys.
    pub roots: Vec<VerifyingKey>,
}

/// Which pages the hub serves beside its JSON verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebMode {
    /// None.
    None,
    /// Those that need no sign-in: the public form.
    Public,
    /// All of them, with a role chooser in place of a sign-in: on this machine alone.
    Demo,
}

/// The hub is listening.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// Always `hub`.
    pub ready: &'static str,
    /// The address it listens on.
    pub address: SocketAddr,
}

/// Runs a hub until `shutdown` resolves. `ready` is called, and the ready line printed, once requests are
/// taken.
pub async fn run(
    config: HubConfig,
    seams: Seams,
    ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let hub = open(&config, seams).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener
        .local_addr()
        .context("cannot tell the address listened on")?;
    let mut app = listen::with_lively_bodies(router(&hub, config.web)?, listen::BODY_STALLS_AFTER);
    if config.mark == StoreMark::Demo {
        app = app.layer(axum::middleware::from_fn_with_state(
            address,
            host::only_this_machine,
        ));
    }
    let said = Ready {
        ready: "hub",
        address,
    };
    print_ready(&said)?;
    ready(&said);
    let limits = ListenLimits {
        connections: config.connections,
        ..ListenLimits::DEFAULT
    };
    let taking_over = tokio::spawn(crate::lists::carry_on(Arc::clone(&hub)));
    serve(&hub, listener, app, limits, shutdown).await;
    taking_over.abort();
    Ok(())
}

/// Checks the configuration and opens the hub, without binding a port.
pub async fn open(config: &HubConfig, seams: Seams) -> anyhow::Result<Arc<Hub>> {
    if config.mark == StoreMark::Demo && !config.listen.ip().is_loopback() {
        bail!("the demonstration listens on this machine alone; give it a loopback address, as 127.0.0.1:0");
    }
    if config.web == WebMode::Demo && config.mark != StoreMark::Demo {
        bail!("the demonstration's pages let anybody choose a role; they need a demonstration store");
    }
    let policy = read_policy(config)?;
    let always_allowed = read_always_allowed(config)?;
    let keys = Arc::new(HubKeys::load(&config.keys).context("cannot read the hub's keys")?);
    let store = Store::open(&config.database, Arc::clone(&keys), config.mark, seams.clone()).await;
    let store = store.context("cannot open the hub's store")?;
    let parts = HubParts {
        store: Arc::new(store),
        keys,
        seams,
        instants: Arc::new(MachineInstants::start()),
        policy,
        always_allowed,
        one_pass_in: config.one_pass_in,
        answer_times: config.answer_times,
        raise_alerts: config.raise_alerts,
    };
    Hub::start(parts).await.context("cannot start the hub")
}

fn read_policy(config: &HubConfig) -> anyhow::Result<Policy> {
    let path = &config.policy;
    let file = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the policy file {}", path.display()))?;
    Policy::parse(&file).context("the hub does not start without a valid policy")
}

fn read_always_allowed(config: &HubConfig) -> anyhow::Result<AlwaysAllowedNumbers> {
    let AlwaysAllowedFile { file, roots } = &config.always_allowed;
    let shown = file.display();
    let bytes =
        std::fs::read(file).with_context(|| format!("cannot read the always-allowed list {shown}"))?;
    let list = CoSigned::parse(&bytes).and_then(|signed| signed.verify(roots));
    let list = list.with_context(|| format!("the always-allowed list {shown} cannot be used"))?;
    Ok(AlwaysAllowedNumbers::of(&list))
}

/// Everything the hub answers.
pub fn router(hub: &Arc<Hub>, web: WebMode) -> anyhow::Result<Router> {
    let app = crate::api::router(Arc::clone(hub));
    let pages = match web {
        WebMode::None => return Ok(app),
        WebMode::Public => crate::web::router(Arc::clone(hub), false),
        WebMode::Demo => crate::web::router(Arc::clone(hub), true),
    };
    Ok(app.merge(pages.context("the pages cannot be made")?))
}

fn print_ready(ready: &Ready) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(ready)?)?;
    out.flush().context("cannot print the ready line")
}

/// Answers until `shutdown` resolves, and then for as long as what is under way may take.
async fn serve(
    hub: &Arc<Hub>,
    listener: TcpListener,
    app: Router,
    limits: ListenLimits,
    shutdown: impl Future<Output = ()>,
) {
    let (told, stopping) = tokio::sync::watch::channel(false);
    let answering = tokio::spawn(crate::applications::tend(Arc::clone(hub), stopping.clone()));
    let checking = tokio::spawn(tend::tend(
        Arc::clone(hub),
        stopping.clone(),
        "letters wait",
        |hub| async move { crate::mailroom::tend_once(&hub).await },
    ));
    let comparing = tokio::spawn(tend::tend(
        Arc::clone(hub),
        stopping.clone(),
        "ARRIVALS CANNOT BE COMPARED: cases that wait for them are not told",
        |hub| async move { crate::custody::arrivals::tend_once(&hub).await },
    ));
    let stop = async {
        shutdown.await;
        hub.stop();
        told.send_replace(true);
        tokio::time::sleep(DRAIN_WITHIN).await;
    };
    tokio::select! {
        () = listen::listen(listener, app, limits, stopping) => {}
        never = crate::proof::attest::attest_daily(hub) => match never {},
        () = stop => {}
    }
    answering.abort();
    checking.abort();
    comparing.abort();
}
