//! The servers that are measured: the gate, and Kamailio in three configurations.

use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::blast::{Blast, Lists, Run};
use crate::place::Gate;
use crate::process::Process;

/// Where Kamailio's configuration has it answer.
const KAMAILIO_PORT: u16 = 5070;
/// How long a server may take to load its list.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// Calls asked at a time.
const OPEN: u32 = 64;

/// One server.
pub(crate) enum Server {
    Gate(Gate),
    Kamailio {
        name: &'static str,
        arguments: Vec<String>,
        log: PathBuf,
    },
}

/// One measurement.
pub(crate) struct Measured {
    /// With [`OPEN`] calls at a time.
    pub(crate) full: Run,
    /// One call at a time.
    pub(crate) single: Run,
    /// Microseconds of processor time for one call, with [`OPEN`] calls at a time.
    pub(crate) cpu_us: f64,
    /// After both.
    pub(crate) memory_mib: f64,
    /// Calls that were answered and not recorded.
    pub(crate) attempts_lost: u64,
}

impl Server {
    pub(crate) fn gate(gate: Gate) -> Self {
        Self::Gate(gate)
    }

    pub(crate) fn kamailios(eval: &Path, lists: &Lists) -> impl Iterator<Item = Self> {
        let kinds = [
            ("Kamailio, exact", None),
            ("Kamailio, by regex", Some("WITH_NORM")),
            ("Kamailio, libphonenumber", Some("WITH_PHONENUM")),
        ];
        let log = lists.sqlite.with_extension("kamailio.log");
        let config = eval.join("kamailio.cfg").display().to_string();
        let sqlite = lists.sqlite.display().to_string();
        kinds.into_iter().map(move |(name, define)| {
            let mut arguments = vec!["-DD".to_owned(), "-f".to_owned(), config.clone()];
            arguments.extend(["-m", "1536", "-M", "1500"].map(str::to_owned));
            arguments.extend(["-A".to_owned(), format!("DBURL=\"sqlite:///{sqlite}\"")]);
            arguments.extend(["-A".to_owned(), "HTDEF=\"b=>size=17;dbtable=htable;\"".to_owned()]);
            arguments.extend(
                define
                    .into_iter()
                    .flat_map(|define| ["-A".to_owned(), define.to_owned()]),
            );
            Self::Kamailio {
                name,
                arguments,
                log: log.clone(),
            }
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Gate(_) => "this gate",
            Self::Kamailio { name, .. } => name,
        }
    }

    /// Starts it, asks, and stops it.
    pub(crate) fn measure(&self, blast: &Blast, lists: &Lists, seconds: f64) -> Result<Measured> {
        let (process, port) = self.start()?;
        until_answered(port).with_context(|| format!("{} does not answer", self.name()))?;
        let before = process.cpu_ns();
        let full = blast.run(port, lists, OPEN, seconds)?;
        let cpu_ns = process.cpu_ns() - before;
        let single = blast.run(port, lists, 1, seconds)?;
        if full.answered == 0 {
            bail!("{} answered nothing", self.name());
        }
        Ok(Measured {
            full,
            single,
            cpu_us: cpu_ns as f64 / 1e3 / full.answered as f64,
            memory_mib: process.memory_mib(),
            attempts_lost: match self {
                Self::Gate(gate) => gate.attempts_lost()?,
                Self::Kamailio { .. } => 0,
            },
        })
    }

    fn start(&self) -> Result<(Process, u16)> {
        match self {
            Self::Gate(gate) => gate.start(),
            Self::Kamailio { arguments, log, .. } => {
                let process = Process::start(Path::new("kamailio"), arguments, log)?;
                Ok((process, KAMAILIO_PORT))
            }
        }
    }
}

/// Asks until there is an answer of any kind.
fn until_answered(port: u16) -> Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(("127.0.0.1", port))?;
    socket.set_read_timeout(Some(Duration::from_millis(200)))?;
    let here = socket.local_addr()?;
    let asked = format!(
        "INVITE sip:442079460000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKready\r\n\
         From: <sip:A1234BC@hmp.example>;tag=r\r\nTo: <sip:442079460000@127.0.0.1>\r\n\
         Call-ID: ready@127.0.0.1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    );
    let late = Instant::now() + READY_WITHIN;
    let mut answer = [0; 2048];
    while Instant::now() < late {
        // A port that nobody has bound yet says so at once.
        let _ = socket.send(asked.as_bytes());
        if socket.recv(&mut answer).is_ok() {
            return Ok(());
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    bail!("no answer in {} s", READY_WITHIN.as_secs())
}
