//! A gate's place: a state folder as an enrolment and a snapshot leave it, and the real program over it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use data_encoding::BASE64;
use feed::{
    BarId, Body, EnrolmentAnswer, EnrolmentCode, EnrolmentRequest, Entry, FingerprintKey, GateId, ListHash,
    Message, Regime, Scope, SealingKey, Serial, Session, Signed, SigningKey, Snapshot, StreamId, Turn,
    public_key_from_hex,
};
use gate::config::Config;
use gate::hold::Hold;
use gate::identity::{Identity, enrol, state_key};
use gate::list::BarList;
use gate::seams::Seams;
use gate::state_key::StateKey;
use phone::PhoneNumber;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::blast::Lists;
use crate::process::Process;

/// How long the program may take to say where it answers.
const READY_WITHIN: Duration = Duration::from_secs(120);
const LINE_BYTES: usize = 64 * 1024;
const GATE: GateId = GateId::from_bytes([7; 16]);
/// The session of the hub that is not there.
const SESSION: Session = Session::from_bytes([1; 16]);

/// A gate that can be started.
pub(crate) struct Gate {
    program: PathBuf,
    folder: PathBuf,
    config: PathBuf,
    http: std::sync::Mutex<Option<SocketAddr>>,
}

/// Makes the state of a gate that holds these bars, and builds the program.
pub(crate) fn prepare(temp: &Path, lists: &Lists) -> Result<Gate> {
    let program = build()?;
    let folder = temp.join(format!("gate-{}", lists.bars));
    fs::create_dir_all(&folder)?;
    let file = folder.join("gate.toml");
    let text = "prison = \"LEI\"\nstate_dir = \"state\"\nkey_file = \"keys/state.key\"\n\
                hub = \"http://127.0.0.1:9\"\nsip_listen = \"127.0.0.1:0\"\nhttp_listen = \"127.0.0.1:0\"\n\
                trunk = \"127.0.0.1:5099\"\n";
    fs::write(&file, text)?;
    let config = Config::load(&file)?;
    let seams = Seams::real();
    StateKey::create(&config.key_source()?, &seams)?;
    enrol_here(&config, &seams)?;
    keep(&config, &seams, &entries(&lists.barred)?)?;
    Ok(Gate {
        program,
        folder,
        config: file,
        http: std::sync::Mutex::default(),
    })
}

/// The program of the release build.
fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "-p", "gate", "--bin", "upcs-gate"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !built.success() {
        bail!("upcs-gate does not build");
    }
    let here = std::env::current_exe()?;
    Ok(here.with_file_name("upcs-gate"))
}

/// Enrols at a hub that says yes and is gone again.
fn enrol_here(config: &Config, seams: &Seams) -> Result<()> {
    let hub = SigningKey::from_bytes(&[11; 32]);
    let code = EnrolmentCode {
        prison: config.prison,
        secret: [5; 16],
        hub: hub.verifying_key(),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new()
            .route("/v1/gates/enrolments", post(admit))
            .with_state(hub);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let enrolled = enrol(config, seams, Some(&url), &code, false).await;
        serving.abort();
        enrolled.map(drop).map_err(anyhow::Error::from)
    })
}

async fn admit(State(hub): State<SigningKey>, line: Bytes) -> Vec<u8> {
    let answer = || -> Option<Vec<u8>> {
        let claimed: EnrolmentRequest =
            serde_json::from_slice(line.splitn(2, |byte| *byte == b' ').nth(1)?).ok()?;
        let key = public_key_from_hex(&claimed.verifying_key)?;
        let request = Signed::<EnrolmentRequest>::parse_line(&line, LINE_BYTES).ok()?;
        let request = request.verify(&key).ok()?;
        let answer = EnrolmentAnswer {
            gate: GATE,
            prison: request.prison,
            hub_sealing_key: SealingKey::from_secret(&[12; 32]).public(),
            session: SESSION,
            epoch: 0,
        };
        Some(Signed::sign(&answer, &hub).ok()?.to_line())
    };
    answer().unwrap_or_default()
}

fn fingerprints() -> FingerprintKey {
    FingerprintKey::from_bytes([9; 32])
}

/// One bar for everyone on each number of the list.
fn entries(barred: &Path) -> Result<Vec<Entry>> {
    let key = fingerprints();
    let mut random = StdRng::seed_from_u64(1);
    let entry = |line: &str| {
        let number = PhoneNumber::parse_canonical(&format!("+{line}"))?;
        Ok(Entry::Bar {
            bar: BarId::from_bytes(random.random()),
            number: key.fingerprint(&number),
            scope: Scope::Everyone,
        })
    };
    fs::read_to_string(barred)?.lines().map(entry).collect()
}

/// Takes a snapshot and keeps it, as a gate does that follows its hub.
fn keep(config: &Config, seams: &Seams, entries: &[Entry]) -> Result<()> {
    let key = state_key(config, seams)?;
    let identity = Identity::load(config, seams, &key)?;
    let mut random = StdRng::seed_from_u64(2);
    let sealed = feed::seal(
        &identity.sealing.public(),
        FingerprintKey::SEAL_PURPOSE,
        fingerprints().as_bytes(),
        &mut random,
    )?;
    let snapshot = Message {
        gate: GATE,
        turn: Turn::before_first(StreamId::from_bytes([0; 16])),
        answered: 0,
        session: SESSION,
        serial: Serial(1),
        body: Body::Snapshot(Snapshot {
            prison: config.prison,
            regime: Regime::CallBarring,
            sealed_key: BASE64.encode(&sealed),
            entries: entries.to_vec(),
            exceptions: Vec::new(),
            hash: ListHash::of(entries),
        }),
    };
    let list = BarList::apply(None, &snapshot, GATE, config.prison, &identity.sealing)?;
    let list = list.context("a snapshot makes a list")?;
    let (mut hold, _) = Hold::open(seams.clone(), config.state_dir.clone(), config.mark_file(), key)?;
    hold.keep(&list, &[])?;
    Ok(())
}

impl Gate {
    /// Starts the program over the list and an empty spool; says on which port it answers.
    pub(crate) fn start(&self) -> Result<(Process, u16)> {
        let spool = self.folder.join("state/spool");
        if spool.exists() {
            fs::remove_dir_all(&spool)?;
        }
        let arguments = ["run", "--config"].map(str::to_owned);
        let arguments = [arguments.as_slice(), &[self.config.display().to_string()]].concat();
        let log = self.folder.join("log");
        let process = Process::start(&self.program, &arguments, &log)?;
        let late = Instant::now() + READY_WITHIN;
        while Instant::now() < late {
            if let Some((sip, http)) = ready(&log)? {
                *self.http.lock().map_err(|_| anyhow::anyhow!("poisoned"))? = Some(http);
                return Ok((process, sip.port()));
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        bail!("the gate did not say where it answers; see {}", log.display())
    }

    /// Attempts that the running gate could not record.
    pub(crate) fn attempts_lost(&self) -> Result<u64> {
        let http = self.http.lock().map_err(|_| anyhow::anyhow!("poisoned"))?;
        let http = http.context("the gate runs")?;
        let mut stream = TcpStream::connect(http)?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("upcs_gate_attempts_lost_total "));
        Ok(line
            .context("the gate says how many attempts were lost")?
            .trim()
            .parse()?)
    }
}

/// What the gate said when it began to answer, once it has.
fn ready(log: &Path) -> Result<Option<(SocketAddr, SocketAddr)>> {
    for line in BufReader::new(fs::File::open(log)?).lines() {
        let said: serde_json::Value = serde_json::from_str(&line?).unwrap_or_default();
        let address = |name: &str| said[name].as_str()?.parse::<SocketAddr>().ok();
        if let (Some(sip), Some(http)) = (address("sip"), address("http")) {
            return Ok(Some((sip, http)));
        }
    }
    Ok(None)
}
