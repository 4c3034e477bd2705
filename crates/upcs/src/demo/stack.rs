//! The demo's processes: one hub, two gates.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use feed::EnrolmentCode;

use super::folder::Folder;
use super::people::{BARRING, ENABLING};
use crate::children::{Running, this_program};

/// A running hub.
pub struct HubProcess {
    /// The process.
    pub process: Running,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A running gate.
pub struct GateProcess {
    /// The process.
    pub process: Running,
    /// Its prison.
    pub prison: &'static str,
    /// Where it answers SIP.
    pub sip: SocketAddr,
    /// Where it answers HTTP.
    pub http: SocketAddr,
}

/// All of them.
pub struct Stack {
    /// The hub.
    pub hub: HubProcess,
    /// The gate that bars.
    pub barring: GateProcess,
    /// The gate that enables.
    pub enabling: GateProcess,
}

/// Where the demo would like to listen; any free port when another program is there.
const HUB_PORT: u16 = 8470;
const BARRING_PORTS: (u16, u16) = (5070, 8471);
const ENABLING_PORTS: (u16, u16) = (5080, 8472);

impl Stack {
    /// Starts everything in a finished demo folder.
    pub fn start(folder: &Folder) -> Result<Self> {
        let hub = start_hub(folder)?;
        let barring = start_gate(folder, BARRING, BARRING_PORTS, &hub.address)?;
        let enabling = start_gate(folder, ENABLING, ENABLING_PORTS, &hub.address)?;
        Ok(Self { hub, barring, enabling })
    }

    /// Fails when one of the processes has ended.
    pub fn still_runs(&mut self) -> Result<()> {
        self.hub.process.still_runs()?;
        self.barring.process.still_runs()?;
        self.enabling.process.still_runs()
    }

    /// The hub's pages and verbs, as `http://127.0.0.1:8470`.
    pub fn url(&self) -> String {
        format!("http://{}", self.hub.address)
    }
}

/// Starts the hub at its usual port, or at any other that is free.
pub fn start_hub(folder: &Folder) -> Result<HubProcess> {
    start_hub_at(folder, free_or_any(HUB_PORT, Transport::Tcp))
}

/// Starts the hub at one port.
pub fn start_hub_at(folder: &Folder, port: u16) -> Result<HubProcess> {
    let arguments = [
        "hub", "run", "--demo", "--database", &folder.database(), "--keys", &path(folder.hub_keys()),
        "--listen", &format!("127.0.0.1:{port}"),
    ]
    .map(str::to_owned);
    let process = Running::start("the hub", &this_program()?, &arguments, &folder.log("hub"))?;
    let address = process.said("address")?.parse().context("the hub said an address that is none")?;
    Ok(HubProcess { process, address })
}

/// Starts a gate.
pub fn start_gate(
    folder: &Folder,
    prison: &'static str,
    ports: (u16, u16),
    hub: &SocketAddr,
) -> Result<GateProcess> {
    let arguments = [
        "gate", "run", "--config", &path(folder.gate(prison).join("gate.toml")),
        "--hub", &format!("http://{hub}"),
        "--sip-listen", &format!("127.0.0.1:{}", free_or_any(ports.0, Transport::Udp)),
        "--http-listen", &format!("127.0.0.1:{}", free_or_any(ports.1, Transport::Tcp)),
    ]
    .map(str::to_owned);
    let name = format!("the gate at {prison}");
    let process = Running::start(&name, &this_program()?, &arguments, &folder.log(&format!("gate-{prison}")))?;
    let sip = process.said("sip")?.parse().context("the gate said an address that is none")?;
    let http = process.said("http")?.parse().context("the gate said an address that is none")?;
    Ok(GateProcess { process, prison, sip, http })
}

/// Has a gate make its keys and enrol with a code; gives the key fingerprint that it shows.
pub fn enrol_gate(folder: &Folder, prison: &str, hub: &SocketAddr, code: &EnrolmentCode) -> Result<String> {
    let output = Command::new(this_program()?)
        .args(["gate", "enrol", "--config", &path(folder.gate(prison).join("gate.toml"))])
        .args(["--hub", &format!("http://{hub}"), "--code", &code.to_string()])
        .output()
        .context("the gate's enrolment cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the gate at {prison} could not enrol: {}", said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

enum Transport {
    Tcp,
    Udp,
}

fn free_or_any(port: u16, transport: Transport) -> u16 {
    let is_free = match transport {
        Transport::Tcp => std::net::TcpListener::bind(("127.0.0.1", port)).is_ok(),
        Transport::Udp => std::net::UdpSocket::bind(("127.0.0.1", port)).is_ok(),
    };
    if is_free { port } else { 0 }
}

fn path(path: std::path::PathBuf) -> String {
    path.display().to_string()
}
