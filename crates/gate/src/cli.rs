//! The gate's commands, for `upcs-gate` and for `upcs gate` alike.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use feed::EnrolmentCode;
use nix::sys::resource::{Resource, setrlimit};

use crate::check::look;
use crate::config::Config;
use crate::run::{Ready, run};
use crate::seams::Seams;
use crate::state_key::StateKey;

/// How long a gate may take to say how it stands.
const SAYS_WITHIN: Duration = Duration::from_secs(5);

/// What to do with a gate.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer calls and follow the hub. Prints one line of JSON when calls are answered; SIGTERM stops it
    Run {
        /// The gate's configuration
        #[arg(long)]
        config: PathBuf,
    },
    /// Say what this box can do after a restart of the program and after a reboot, without starting anything; fails if
    /// calls would be refused
    Check {
        /// The gate's configuration
        #[arg(long)]
        config: PathBuf,
        /// One line of JSON in place of sentences
        #[arg(long)]
        json: bool,
    },
    /// Make the key under which the state is sealed; never overwrites one
    Key {
        /// The gate's configuration
        #[arg(long)]
        config: PathBuf,
    },
    /// Enrol this gate with a code from the hub. Prints the key fingerprint that two people then compare
    Enrol {
        /// The gate's configuration
        #[arg(long)]
        config: PathBuf,
        /// The code that the hub printed: PRISON.CODE.KEY
        #[arg(long)]
        code: String,
        /// The hub, as http://hub.example:8470; without it, the one in the configuration
        #[arg(long)]
        hub: Option<String>,
        /// Take the place of an earlier enrolment; every bar that is held stays held
        #[arg(long)]
        replace: bool,
    },
    /// Print the built-in policy by class of number, commented: what rings under call barring
    Classes,
    /// Show how a running gate stands; fails unless it holds a list and follows the hub
    Status {
        /// Where the gate answers HTTP
        #[arg(long, default_value = "127.0.0.1:8480")]
        gate: SocketAddr,
    },
}

impl Command {
    /// Does it.
    pub fn execute(self) -> Result<()> {
        let seams = Seams::real();
        match self {
            Self::Run { config } => {
                let config = Config::load(&config)?;
                runtime()?.block_on(run(config, seams, print_ready, stop_signal()))
            }
            Self::Check { config, json } => check(&Config::load(&config)?, &seams, json),
            Self::Key { config } => Ok(StateKey::create(&Config::load(&config)?.key_source()?, &seams)?),
            Self::Enrol {
                config,
                code,
                hub,
                replace,
            } => {
                let config = Config::load(&config)?;
                let code: EnrolmentCode = code.parse().map_err(anyhow::Error::msg)?;
                let enrolled = crate::identity::enrol(&config, &seams, hub.as_deref(), &code, replace);
                let fingerprint = runtime()?.block_on(enrolled)?;
                print(&serde_json::json!({ "prison": config.prison, "key_fingerprint": fingerprint }))
            }
            Self::Classes => Ok(write!(std::io::stdout(), "{}", crate::classes::DEFAULT_CLASSES)?),
            Self::Status { gate } => runtime()?.block_on(status(gate)),
        }
    }
}

/// Keeps this program's memory from ever being written to a file: it holds what was dialled, and keys. A crash
/// leaves a line in the log and no core dump.
pub fn forbid_core_dumps() {
    if let Err(error) = setrlimit(Resource::RLIMIT_CORE, 0, 0) {
        tracing::warn!(%error, "core dumps cannot be forbidden; do so for this service");
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the machine gives no threads")
}

fn check(config: &Config, seams: &Seams, as_json: bool) -> Result<()> {
    config.check_settings().context("the gate would not start")?;
    let found = look(config, seams);
    if as_json {
        print(&serde_json::to_value(&found)?)?;
    } else {
        std::io::stdout().write_all(found.to_string().as_bytes())?;
    }
    match found.why_not() {
        None => Ok(()),
        Some(why) => bail!("calls would be refused: {why}"),
    }
}

async fn status(gate: SocketAddr) -> Result<()> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(SAYS_WITHIN)
        .build()?;
    let response = client.get(format!("http://{gate}/status")).send().await;
    let response = response
        .map_err(reqwest::Error::without_url)
        .context("the gate does not answer")?;
    let status: serde_json::Value = response.error_for_status()?.json().await?;
    print(&status)?;
    match status.get("trouble").and_then(serde_json::Value::as_str) {
        None => Ok(()),
        Some(why) => bail!("the gate is not healthy: {why}"),
    }
}

fn print_ready(ready: &Ready) {
    // Whoever started the gate and does not read what it says can still use it.
    let _ = print(&serde_json::json!(ready));
}

fn print(value: &serde_json::Value) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{value}")?;
    Ok(out.flush()?)
}

/// Comes with SIGTERM or SIGINT.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
