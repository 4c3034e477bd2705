//! The demo's processes: one hub, two gates.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use feed::EnrolmentCode;

use super::folder::Folder;
use super::people::{BARRING, ENABLING};
use crate::children::{Running, WITH_PARENT, this_program};

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

/// How long a gate may take to hold its list and follow the hub.
const HEALTHY_WITHIN: Duration = Duration::from_secs(10);
/// How often it is asked.
const ASK_EVERY: Duration = Duration::from_millis(20);

impl GateProcess {
    /// Waits until the gate holds a list and follows the hub.
    pub fn wait_until_healthy(&self) -> Result<()> {
        let began = Instant::now();
        while self.health()?.0 != 200 {
            ensure!(
                began.elapsed() < HEALTHY_WITHIN,
                "the gate at {} is not healthy: {}",
                self.prison,
                self.health()?.1
            );
            #[expect(clippy::disallowed_methods, reason = "a person waits for the demo to start")]
            std::thread::sleep(ASK_EVERY);
        }
        Ok(())
    }

    /// What the gate says of its health: the status and the body.
    pub fn health(&self) -> Result<(u16, String)> {
        let mut connection = TcpStream::connect(self.http).context("the gate does not answer HTTP")?;
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.http
        );
        connection.write_all(request.as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer
            .split_once("\r\n\r\n")
            .map_or("", |(_, body)| body)
            .trim()
            .to_owned();
        Ok((status.context("the gate's health is no HTTP")?, body))
    }
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
        barring.wait_until_healthy()?;
        enabling.wait_until_healthy()?;
        Ok(Self {
            hub,
            barring,
            enabling,
        })
    }

    /// Fails when one of the processes has ended.
    pub fn still_runs(&mut self) -> Result<()> {
        self.processes().into_iter().try_for_each(Running::still_runs)
    }

    /// The processes: hub, barring gate, enabling gate.
    pub fn processes(&mut self) -> [&mut Running; 3] {
        [
            &mut self.hub.process,
            &mut self.barring.process,
            &mut self.enabling.process,
        ]
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
    let mut arguments = vec![WITH_PARENT.to_owned()];
    arguments.extend(hub_arguments(folder, &format!("127.0.0.1:{port}"))?);
    let process = Running::start("the hub", &this_program()?, &arguments, &folder.log("hub"))?;
    let address = process
        .said("address")?
        .parse()
        .context("the hub said an address that is none")?;
    Ok(HubProcess { process, address })
}

/// The command line of the demo's hub.
pub fn hub_arguments(folder: &Folder, listen: &str) -> Result<Vec<String>> {
    let given = [
        ("--database", folder.database()),
        ("--keys", path(folder.hub_keys())),
        ("--listen", listen.to_owned()),
        ("--policy", path(folder.policy())),
        ("--always-allowed", path(folder.always_allowed())),
        // The demo's days are short: whoever looks at it sees an application answered.
        ("--applications-every", "10".to_owned()),
    ];
    let roots = folder.roots()?.into_iter().map(|root| ("--root", root));
    let options = given.into_iter().chain(roots);
    let options = options.flat_map(|(option, value)| [option.to_owned(), value]);
    Ok(["hub", "run", "--demo"]
        .map(str::to_owned)
        .into_iter()
        .chain(options)
        .collect())
}

/// Starts an installed gate, at its usual ports or at any others that are free.
pub fn start_gate(
    folder: &Folder,
    prison: &'static str,
    ports: (u16, u16),
    hub: &SocketAddr,
) -> Result<GateProcess> {
    let ports = (
        free_or_any(ports.0, Transport::Udp),
        free_or_any(ports.1, Transport::Tcp),
    );
    write_gate_config(folder, prison, hub, ports)?;
    start_gate_as_configured(folder, prison)
}

/// Starts a gate with the configuration that it has.
pub fn start_gate_as_configured(folder: &Folder, prison: &'static str) -> Result<GateProcess> {
    let arguments = [
        WITH_PARENT,
        "gate",
        "run",
        "--config",
        &gate_config(folder, prison),
    ]
    .map(str::to_owned);
    let name = format!("the gate at {prison}");
    let process = Running::start(
        &name,
        &this_program()?,
        &arguments,
        &folder.log(&format!("gate-{prison}")),
    )?;
    let sip = process
        .said("sip")?
        .parse()
        .context("the gate said an address that is none")?;
    let http = process
        .said("http")?
        .parse()
        .context("the gate said an address that is none")?;
    Ok(GateProcess {
        process,
        prison,
        sip,
        http,
    })
}

/// Writes a new gate's configuration and has it make the key of its state.
pub fn install_gate(folder: &Folder, prison: &str, hub: &SocketAddr) -> Result<()> {
    write_gate_config(folder, prison, hub, (0, 0))?;
    gate_command(&["key", "--config", &gate_config(folder, prison)]).map(drop)
}

/// Has a gate make its keys and enrol with a code; gives the key fingerprint that it shows.
pub fn enrol_gate(folder: &Folder, prison: &str, code: &EnrolmentCode) -> Result<String> {
    let said = gate_command(&[
        "enrol",
        "--config",
        &gate_config(folder, prison),
        "--code",
        &code.to_string(),
    ])?;
    let said: serde_json::Value = serde_json::from_str(&said).context("the gate's answer is not JSON")?;
    Ok(said["key_fingerprint"]
        .as_str()
        .context("the gate shows no key fingerprint")?
        .to_owned())
}

fn gate_config(folder: &Folder, prison: &str) -> String {
    path(folder.gate(prison).join("gate.toml"))
}

/// The key stands apart from the state that it seals.
fn write_gate_config(folder: &Folder, prison: &str, hub: &SocketAddr, (sip, http): (u16, u16)) -> Result<()> {
    let state = path(folder.gate(prison).join("state"));
    let roots = folder.roots()?;
    let (key, always) = (path(folder.gate_key(prison)), path(folder.always_allowed()));
    let config = format!(
        "# The gate of one demo prison; written anew at each start.\n\
         prison = {prison:?}\nstate_dir = {state:?}\nkey_file = {key:?}\nhub = \"http://{hub}\"\n\
         always_allowed = {always:?}\nroots = {roots:?}\n\
         sip_listen = \"127.0.0.1:{sip}\"\nhttp_listen = \"127.0.0.1:{http}\"\ntrunk = \"127.0.0.1:5999\"\n",
    );
    std::fs::create_dir_all(folder.gate(prison))?;
    std::fs::write(folder.gate(prison).join("gate.toml"), config)
        .with_context(|| format!("the configuration of the gate at {prison} cannot be written"))
}

fn gate_command(arguments: &[&str]) -> Result<String> {
    let output = Command::new(this_program()?).arg("gate").args(arguments).output();
    let output = output.context("the gate's command cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "upcs gate {}: {}",
        arguments[0],
        said.trim()
    );
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
