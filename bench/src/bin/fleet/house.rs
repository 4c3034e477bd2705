//! A hub with as many enrolled gates as are asked for, each admitted by two people, and a referrer at its door.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use casework::{Actor, Policy, ProposedChange, Role};
use feed::{EnrolmentCode, Regime};
use hub::keys::HubKeys;
use hub::store::{Store, StoreMark};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use prison::{PrisonId, Register};
use serde_json::json;
use upcs::children::{Running, WITH_PARENT, this_program};
use upcs::demo::{self, BARRING, ENABLING, Folder, WITHOUT_GATE};

/// Numbers that can be barred: Ofcom's mobile range for drama.
pub(crate) const NUMBERS: usize = 1_000;
/// Files that one process may want: two connections for each of 5,000 followers, and their files.
const FILES: u64 = 65_536;
/// Connections that the hub takes for each gate: its stream, what it acknowledges and what it reports.
const CONNECTIONS_A_GATE: usize = 3;
/// And for all else that is asked.
const CONNECTIONS: usize = 256;
/// How long the hub may take to answer a request.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// The running hub and its gates' places.
pub(crate) struct House {
    hub: Running,
    pub(crate) address: SocketAddr,
    pub(crate) folder: Folder,
    police_key: String,
    /// Each gate's prison and configuration.
    pub(crate) gates: Vec<(PrisonId, PathBuf)>,
}

impl House {
    /// Makes everything anew and starts the hub.
    pub(crate) fn make(root: &Path, count: usize) -> Result<Self> {
        let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
        setrlimit(Resource::RLIMIT_NOFILE, FILES, hard.max(FILES))
            .or_else(|_| setrlimit(Resource::RLIMIT_NOFILE, hard, hard))?;
        let folder = demo::make(root, true, None).context("no demo can be made")?;
        fs::write(folder.policy(), generous_policy())?;
        let mut arguments = vec![WITH_PARENT.to_owned()];
        arguments.extend(demo::stack::hub_arguments(&folder, "127.0.0.1:0")?);
        arguments.extend([
            "--connections".to_owned(),
            (CONNECTIONS_A_GATE * count + CONNECTIONS).to_string(),
        ]);
        let hub = Running::start("the hub", &this_program()?, &arguments, &folder.log("hub"))?;
        let address = hub.said("address")?.parse()?;
        let police_key = folder.remembered()?.police_key;
        let mut house = Self {
            hub,
            address,
            folder,
            police_key,
            gates: Vec::new(),
        };
        upcs::cli::runtime()?.block_on(house.enrol(count))?;
        Ok(house)
    }

    async fn enrol(&mut self, count: usize) -> Result<()> {
        let keys = Arc::new(HubKeys::load(&self.folder.hub_keys())?);
        let seams = hub::seams::Seams::real();
        let store = Store::open(&self.folder.database(), Arc::clone(&keys), StoreMark::Demo, seams).await?;
        let accounts = store.accounts().await?;
        let operators: Vec<&Actor> = accounts.iter().filter(|a| a.role == Role::Operator).collect();
        let [one, other, ..] = operators[..] else {
            anyhow::bail!("the demo has no two operators")
        };
        let prisons = prisons();
        for prison in prisons.iter().take(count) {
            let regime = Regime::CallBarring;
            let change = ProposedChange::SwitchOnCallBarring { prison: *prison };
            let proposal = store.propose(one, change, "measured").await;
            let proposal = proposal.with_context(|| format!("{prison} under {regime:?}"))?;
            store.approve(other, proposal).await?;
        }
        for at in 0..count {
            let prison = prisons[at % prisons.len()];
            let config = self.write_config(at, prison)?;
            let code = EnrolmentCode {
                prison,
                secret: store.issue_enrolment_code(one, prison).await?,
                hub: keys.feed_signing_key().verifying_key(),
            };
            let gate = enrol_one(&config, &code).await?;
            let change = ProposedChange::AdmitGate { gate, prison };
            let proposal = store.propose(one, change, "measured").await?;
            store.approve(other, proposal).await?;
            self.gates.push((prison, config));
        }
        Ok(())
    }

    fn write_config(&self, at: usize, prison: PrisonId) -> Result<PathBuf> {
        let place = self.folder.root().join(format!("fleet/{at}"));
        fs::create_dir_all(&place)?;
        let (hub, roots) = (self.address, self.folder.roots()?);
        let always = self.folder.always_allowed().display().to_string();
        let config = format!(
            "prison = \"{prison}\"\nstate_dir = \"state\"\nkey_file = \"key\"\nhub = \"http://{hub}\"\n\
             always_allowed = {always:?}\nroots = {roots:?}\nsip_listen = \"127.0.0.1:0\"\n\
             http_listen = \"127.0.0.1:0\"\ntrunk = \"127.0.0.1:5999\"\n"
        );
        let file = place.join("gate.toml");
        fs::write(&file, config)?;
        Ok(file)
    }

    /// The processor time that the hub has taken so far.
    pub(crate) fn hub_cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.hub.id()))?;
        // Behind the name, which may hold anything: the twelfth and thirteenth fields are hundredths of a second in the
        // program and in the system for it.
        let (_, fields) = stat.rsplit_once(')').context("no statistics of the hub")?;
        let fields = fields.split_whitespace().skip(11).take(2);
        let hundredths = fields.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(10 * hundredths))
    }

    /// Files a complete request for number `at`; says when its first byte went out and how long the receipt took.
    pub(crate) fn bar(&mut self, at: usize) -> Result<(Instant, Duration)> {
        self.hub.still_runs()?;
        let body = request(&number(at)).to_string();
        let request = format!(
            "POST /v1/requests HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: fleet-{at}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            self.police_key,
            body.len()
        );
        let mut connection = TcpStream::connect(self.address)?;
        connection.set_nodelay(true)?;
        connection.set_read_timeout(Some(ANSWERED_WITHIN))?;
        let began = Instant::now();
        connection.write_all(request.as_bytes())?;
        let mut answer = [0; 512];
        let bytes = connection.read(&mut answer)?;
        let receipt = began.elapsed();
        let answer = String::from_utf8_lossy(&answer[..bytes]);
        ensure!(
            answer.starts_with("HTTP/1.1 201"),
            "a request was not taken: {}",
            answer.lines().next().unwrap_or_default()
        );
        Ok((began, receipt))
    }
}

/// Number `at` of those that can be barred.
pub(crate) fn number(at: usize) -> String {
    format!("07700900{at:03}")
}

/// Enrols one gate; says which it is.
async fn enrol_one(config: &Path, code: &EnrolmentCode) -> Result<String> {
    let config = gate::config::Config::load(config)?;
    let seams = gate::seams::Seams::real();
    gate::state_key::StateKey::create(&config.key_source()?, &seams)?;
    gate::identity::enrol(&config, &seams, None, code, false).await?;
    let key = gate::identity::state_key(&config, &seams)?;
    Ok(gate::identity::Identity::load(&config, &seams, &key)?
        .gate
        .to_string())
}

/// The register's prisons, without those that the demo has switched on.
fn prisons() -> Vec<PrisonId> {
    let all = Register::built_in().iter().map(|prison| prison.id);
    all.filter(|id| ![BARRING, ENABLING, WITHOUT_GATE].contains(&id.as_str()))
        .collect()
}

/// The policy that the service ships with, but for the caps.
fn generous_policy() -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((cap, _)) if cap.ends_with("_hour") => format!("{cap} = 1000000\n"),
        _ => format!("{line}\n"),
    };
    Policy::BUILT_IN.lines().map(line).collect()
}

fn request(number: &str) -> serde_json::Value {
    json!({
        "referrer": {"kind": "police", "name": "PC Ellis Marsh"},
        "people": [{"name": "Carys Bevan", "numbers": [number]}],
        "consent": {"consent": "given"},
        "why": "Rung from a prison phone although a court forbade it.",
    })
}
