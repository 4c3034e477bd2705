//! A real Kamailio with the configuration of `deploy/kamailio`, in a folder and at ports of its own.

use std::fs::{self, File};
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clients::{Http, Sent};
use crate::house::free_ports;
use crate::tools::{Tool, until};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/kamailio");
const UP_WITHIN: Duration = Duration::from_secs(10);
const DOWN_WITHIN: Duration = Duration::from_secs(5);
/// How long the mock gate may take, in milliseconds.
pub(crate) const GATE_TIMER_MS: u64 = 300;

/// Where everything is.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) phones: SocketAddr,
    pub(crate) gate: SocketAddr,
    pub(super) gate_side: SocketAddr,
    pub(crate) trunk: SocketAddr,
    pub(crate) trunk_side: SocketAddr,
    pub(super) rpc: SocketAddr,
    /// `trunk` of the gate's configuration.
    pub(crate) trunk_name: String,
    /// How long the gate may take, in milliseconds.
    pub(crate) gate_timer_ms: u64,
}

impl Site {
    /// Free ports for all of it.
    pub(crate) fn free() -> Result<Self> {
        let [phones, gate, gate_side, trunk, trunk_side, rpc] =
            free_ports::<6>()?.map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        Ok(Self {
            phones,
            gate,
            gate_side,
            trunk,
            trunk_side,
            rpc,
            trunk_name: trunk.to_string(),
            gate_timer_ms: GATE_TIMER_MS,
        })
    }

    /// The shipped `site.cfg` with these addresses in place of its own.
    fn written(&self) -> Result<String> {
        let mut text = fs::read_to_string(Path::new(SHIPPED).join("site.cfg"))?;
        let mut set = |name: &str, value: &str| -> Result<()> {
            let start = format!("\"!SITE_{name}!");
            let from = text
                .find(&start)
                .with_context(|| format!("site.cfg has no SITE_{name}"))?
                + start.len();
            let bytes = text[from..].find('!').context("site.cfg is cut off")?;
            text.replace_range(from..from + bytes, value);
            Ok(())
        };
        for (name, address) in [
            ("PHONES", self.phones),
            ("GATE", self.gate),
            ("GATESIDE", self.gate_side),
            ("TRUNK", self.trunk),
            ("TRUNKSIDE", self.trunk_side),
        ] {
            set(&format!("{name}_IP"), &address.ip().to_string())?;
            set(&format!("{name}_PORT"), &address.port().to_string())?;
        }
        set("RPC_PORT", &self.rpc.port().to_string())?;
        set("TRUNK_NAME", &self.trunk_name)?;
        let timer = "SITE_GATE_TIMER_MS 1000";
        ensure!(text.contains(timer), "site.cfg has another timer");
        Ok(text.replace(timer, &format!("SITE_GATE_TIMER_MS {}", self.gate_timer_ms)))
    }
}

/// A running Kamailio; ends when dropped.
pub(crate) struct Kamailio {
    child: Child,
    pub(crate) site: Site,
    folder: TempDir,
}

impl Kamailio {
    /// Starts one with the shipped configuration.
    pub(crate) fn start(site: Site) -> Result<Self> {
        let shipped = fs::read_to_string(Path::new(SHIPPED).join("kamailio.cfg"))?;
        Self::start_with(site, &shipped)
    }

    /// Starts one with another configuration beside the same `site.cfg`.
    pub(crate) fn start_with(site: Site, configuration: &str) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("upcs-kamailio-").tempdir()?;
        let run = folder.path().join("run");
        fs::create_dir(&run)?;
        fs::write(folder.path().join("site.cfg"), site.written()?)?;
        fs::write(folder.path().join("kamailio.cfg"), configuration)?;
        let log = File::create(folder.path().join("log"))?;
        // Whatever ends this test ends Kamailio too.
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "TERM"])
            .arg(Tool::Kamailio.find().context("kamailio has gone")?)
            .args(["-DD", "-E", "-m", "768", "-M", "16", "-f"])
            .arg(folder.path().join("kamailio.cfg"))
            .arg("-Y")
            .arg(&run)
            .arg("-P")
            .arg(run.join("pid"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("kamailio cannot be started")?;
        let mut kamailio = Self { child, site, folder };
        kamailio.wait_until_up()?;
        Ok(kamailio)
    }

    fn wait_until_up(&mut self) -> Result<()> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.connect(self.site.phones)?;
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
        let here = socket.local_addr()?;
        let options = format!(
            "OPTIONS sip:{} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKup;rport\r\nMax-Forwards: 70\r\n\
             From: <sip:up@{here}>;tag=up\r\nTo: <sip:up@{here}>\r\nCall-ID: up\r\nCSeq: 1 OPTIONS\r\n\
             Content-Length: 0\r\n\r\n",
            self.site.phones
        );
        let up = until("kamailio to come up", UP_WITHIN, || {
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("kamailio ended: {status}");
            }
            let _ = socket.send(options.as_bytes());
            Ok(socket.recv(&mut [0; 2048]).ok())
        });
        up.map(drop).with_context(|| self.log().unwrap_or_default())
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(self.log_file())?).into_owned())
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Fails if it has ended.
    pub(crate) fn still_runs(&mut self) -> Result<()> {
        ensure!(
            self.child.try_wait()?.is_none(),
            "kamailio has ended: {}",
            self.log()?
        );
        Ok(())
    }

    /// One JSON-RPC call; the status, and the answer.
    pub(crate) fn rpc(&self, method: &str, params: Value) -> Result<(u16, Value)> {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let answer = Http::new()?.send(Sent {
            method: reqwest::Method::POST,
            url: format!("http://{}/RPC", self.site.rpc),
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        })?;
        Ok((
            answer.status,
            serde_json::from_str(&answer.body).unwrap_or_default(),
        ))
    }
}

impl Drop for Kamailio {
    fn drop(&mut self) {
        // SIGTERM: it ends its own children. Both fail only when it has ended already.
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
        }
        let ended = until("kamailio to end", DOWN_WITHIN, || Ok(self.child.try_wait()?));
        if ended.is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
