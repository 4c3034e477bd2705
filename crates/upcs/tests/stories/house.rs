//! One hub and two gates for one story: made in a temporary folder, at ports of its own, ended when dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use casework::Policy;
use hub::seams::Seams;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use upcs::children::{Running, WITH_PARENT, this_program};
use upcs::demo::{self, BARRING, ENABLING, Folder};

use crate::clients::{Http, Referrer};
use crate::store::head;
use crate::tools::{is_set, until};

/// How long gates may take to hold what a hub has that has just started.
const IN_STEP_WITHIN: Duration = Duration::from_secs(20);

const DIES_WITHIN: Duration = Duration::from_secs(10);

/// One of the two gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Bars.
    Barring,
    /// Enables.
    Enabling,
}

/// Both.
pub(crate) const GATES: [Gate; 2] = [Gate::Barring, Gate::Enabling];

impl Gate {
    pub(crate) fn prison(self) -> &'static str {
        match self {
            Self::Barring => BARRING,
            Self::Enabling => ENABLING,
        }
    }

    pub(crate) fn at(self) -> usize {
        match self {
            Self::Barring => 0,
            Self::Enabling => 1,
        }
    }
}

/// The processes and where they stand. Fields are dropped in this order: children first, folder last.
pub(crate) struct House {
    hub: Option<Running>,
    gates: [Option<Running>; 2],
    ports: Ports,
    /// Variables for every child.
    environment: Vec<String>,
    /// Where a gate's key comes from, in place of the demo's file: lines of its configuration.
    keys: [Option<String>; 2],
    /// Further lines of a gate's configuration.
    more: [String; 2],
    pub(crate) folder: Folder,
    temp: TempDir,
}

impl House {
    /// Makes a demo; nothing runs yet.
    pub(crate) fn make() -> Result<Self> {
        Self::make_on(None)
    }

    /// The same, with the hub's store in another database.
    pub(crate) fn make_on(database: Option<String>) -> Result<Self> {
        // `UPCS_KEEP=1` keeps the folder, for a look at its logs.
        let keep = is_set("UPCS_KEEP");
        let temp = tempfile::Builder::new()
            .prefix("upcs-story-")
            .disable_cleanup(keep)
            .tempdir()?;
        let folder = demo::make(&temp.path().join("demo"), true, database).context("no demo can be made")?;
        fs::write(folder.policy(), generous_policy())?;
        let ports = Ports::free()?;
        Ok(Self {
            hub: None,
            gates: [None, None],
            ports,
            environment: Vec::new(),
            keys: [None, None],
            more: Default::default(),
            folder,
            temp,
        })
    }

    /// Makes a demo and starts all of it.
    pub(crate) fn start() -> Result<Self> {
        let mut house = Self::make()?;
        house.start_all()?;
        Ok(house)
    }

    /// Sets a variable for every child that is started from here on.
    pub(crate) fn set(&mut self, variable: &str, value: &str) {
        self.environment.push(format!("{variable}={value}"));
    }

    /// Configures a gate further; counts when it is started next.
    pub(crate) fn configure(&mut self, gate: Gate, lines: &str) {
        self.more[gate.at()].push_str(lines);
    }

    /// Starts every child from here on in this folder, and lets it leave a core dump there if it wants to.
    pub(crate) fn start_in(&mut self, folder: &Path) {
        let (_, hard) = getrlimit(Resource::RLIMIT_CORE).unwrap_or_default();
        // Where the machine allows none, none can be left.
        let _ = setrlimit(Resource::RLIMIT_CORE, hard, hard);
        self.environment
            .insert(0, format!("--chdir={}", folder.display()));
    }

    /// Starts all of it and waits until both gates hold what the hub has.
    pub(crate) fn start_all(&mut self) -> Result<()> {
        self.start_hub()?;
        GATES.into_iter().try_for_each(|gate| self.start_gate(gate))?;
        let head = head(&self.folder)?;
        let http = Http::new()?;
        GATES.into_iter().try_for_each(|gate| {
            until("a gate to hold what the hub has", IN_STEP_WITHIN, || {
                let status = http.get(&format!("http://{}/status", self.http(gate)))?.json()?;
                Ok((status["serial"].as_u64() == Some(head)).then_some(()))
            })
        })
    }

    pub(crate) fn start_hub(&mut self) -> Result<()> {
        let arguments = demo::stack::hub_arguments(&self.folder, &self.hub_address().to_string())?;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.hub = Some(self.child("hub", &[], &arguments)?);
        Ok(())
    }

    pub(crate) fn start_gate(&mut self, gate: Gate) -> Result<()> {
        self.start_gate_with(gate, &[])
    }

    /// Starts a gate with further variables.
    pub(crate) fn start_gate_with(&mut self, gate: Gate, variables: &[String]) -> Result<()> {
        let config = self.write_config(gate)?;
        let name = format!("gate-{}", gate.prison());
        self.gates[gate.at()] =
            Some(self.child(&name, variables, &["gate", "run", "--config", &shown(&config)])?);
        Ok(())
    }

    /// Has a gate's key come from elsewhere from its next start on.
    pub(crate) fn key_from(&mut self, gate: Gate, lines: String) {
        self.keys[gate.at()] = Some(lines);
    }

    /// The configuration that a gate was started with last.
    pub(crate) fn config(&self, gate: Gate) -> PathBuf {
        self.folder.gate(gate.prison()).join("story.toml")
    }

    /// The demo's configuration of a gate, with this story's addresses.
    fn write_config(&self, gate: Gate) -> Result<PathBuf> {
        let made = fs::read_to_string(self.folder.gate(gate.prison()).join("gate.toml"))?;
        let line = |line: &str| match line.split_once(" = ").map(|(field, _)| field) {
            Some("key_file") if self.keys[gate.at()].is_some() => {
                self.keys[gate.at()].clone().unwrap_or_default()
            }
            Some("hub") => format!("hub = {:?}\n", self.url()),
            Some("sip_listen") => format!("sip_listen = {:?}\n", self.sip(gate).to_string()),
            Some("http_listen") => format!("http_listen = {:?}\n", self.http(gate).to_string()),
            _ => format!("{line}\n"),
        };
        let config = self.config(gate);
        let own: String = made.lines().map(line).collect();
        fs::write(&config, own + &self.more[gate.at()])?;
        Ok(config)
    }

    /// `env` makes way for what it runs, so that the process that is known is the child.
    fn child(&self, name: &str, variables: &[String], arguments: &[&str]) -> Result<Running> {
        let program = [shown(&this_program()?), WITH_PARENT.to_owned()];
        let mut words = [self.environment.as_slice(), variables, &program].concat();
        words.extend(arguments.iter().map(|word| (*word).to_owned()));
        Running::start(name, Path::new("env"), &words, &self.folder.log(name))
    }

    /// kill -9.
    pub(crate) fn kill_hub(&mut self) {
        if let Some(hub) = self.hub.take() {
            hub.kill();
        }
    }

    /// kill -9.
    pub(crate) fn kill_gate(&mut self, gate: Gate) {
        if let Some(running) = self.gates[gate.at()].take() {
            running.kill();
        }
    }

    /// Has every child die as by a fault of its own.
    pub(crate) fn abort_all(&mut self) -> Result<()> {
        let children = self.hub.iter_mut().chain(self.gates.iter_mut().flatten());
        for child in children {
            kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGABRT)?;
            until("a child to die", DIES_WITHIN, || Ok(child.still_runs().err()))?;
        }
        Ok(())
    }

    /// Stops a gate without ending it, or lets it run again.
    pub(crate) fn signal(&self, gate: Gate, signal: Signal) -> Result<()> {
        let running = self.gates[gate.at()].as_ref().context("the gate does not run")?;
        kill(Pid::from_raw(i32::try_from(running.id())?), signal).context("the gate cannot be signalled")?;
        match signal {
            Signal::SIGSTOP => until("a gate to stop", DIES_WITHIN, || has_stopped(running.id())),
            _ => Ok(()),
        }
    }

    /// Fails if a child has ended by itself.
    pub(crate) fn still_runs(&mut self) -> Result<()> {
        self.hub
            .iter_mut()
            .chain(self.gates.iter_mut().flatten())
            .try_for_each(Running::still_runs)
    }

    /// The children that run, by name, with process id and ready line.
    pub(crate) fn children(&self) -> Vec<(String, u32, String)> {
        let gates = GATES.map(|gate| (format!("gate-{}", gate.prison()), self.gates[gate.at()].as_ref()));
        let all = [("hub".to_owned(), self.hub.as_ref())].into_iter().chain(gates);
        all.filter_map(|(name, child)| Some((name, child?.id(), child?.ready.to_string())))
            .collect()
    }

    pub(crate) fn hub_address(&self) -> SocketAddr {
        local(self.ports.hub)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.hub_address())
    }

    pub(crate) fn sip(&self, gate: Gate) -> SocketAddr {
        local(self.ports.gates[gate.at()].0)
    }

    pub(crate) fn http(&self, gate: Gate) -> SocketAddr {
        local(self.ports.gates[gate.at()].1)
    }

    /// What stands in the Contact of a call that a gate allows.
    pub(crate) fn trunk(&self, gate: Gate) -> Result<String> {
        let made = fs::read_to_string(self.folder.gate(gate.prison()).join("gate.toml"))?;
        let mut lines = made.lines().filter_map(|line| line.strip_prefix("trunk = "));
        let trunk = lines.next().context("the gate has no trunk")?;
        Ok(trunk.trim_matches('"').to_owned())
    }

    /// The police, with their key.
    pub(crate) fn police(&self) -> Result<Referrer> {
        Referrer::new(self.url(), self.folder.remembered()?.police_key)
    }

    pub(crate) fn temp(&self) -> &Path {
        self.temp.path()
    }

    pub(crate) fn state(&self, gate: Gate) -> PathBuf {
        self.folder.gate(gate.prison()).join("state")
    }
}

/// Whether every thread of a process stands still: one that has not heard yet still answers.
fn has_stopped(id: u32) -> Result<Option<()>> {
    let mut threads = fs::read_dir(format!("/proc/{id}/task"))?.flatten();
    let stands = |stat: String| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'));
    let all = threads.all(|thread| fs::read_to_string(thread.path().join("stat")).is_ok_and(stands));
    Ok(all.then_some(()))
}

/// The policy that the service ships with, but for the caps: a story files in minutes what people file in months.
fn generous_policy() -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((cap, _)) if cap.ends_with("_hour") => format!("{cap} = 1000000\n"),
        _ => format!("{line}\n"),
    };
    Policy::BUILT_IN.lines().map(line).collect()
}

struct Ports {
    hub: u16,
    /// SIP and HTTP.
    gates: [(u16, u16); 2],
}

impl Ports {
    fn free() -> Result<Self> {
        let [hub, a, b, c, d] = free_ports()?;
        Ok(Self {
            hub,
            gates: [(a, b), (c, d)],
        })
    }
}

/// Below the range from which the machine takes the near ends of connections: after a kill, a client that keeps
/// trying must not be given the hub's own port.
fn is_free(port: u16) -> bool {
    TcpListener::bind(local(port)).is_ok() && UdpSocket::bind(local(port)).is_ok()
}

/// So many free ports.
pub(crate) fn free_ports<const COUNT: usize>() -> Result<[u16; COUNT]> {
    let mut found = Vec::new();
    for _ in 0..1000 {
        let port = 20_000 + u16::from_le_bytes(Seams::real().bytes()) % 12_000;
        if found.len() < COUNT && !found.contains(&port) && is_free(port) {
            found.push(port);
        }
    }
    <[u16; COUNT]>::try_from(found).map_err(|_| anyhow::anyhow!("no {COUNT} free ports were found"))
}

/// A free port for something else.
pub(crate) fn free_port() -> Result<u16> {
    Ok(Ports::free()?.hub)
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
