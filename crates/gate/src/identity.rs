//! Who the gate is: its own keys, the number that the hub gave it, and whom it believes.
//!
//! Made once, at enrolment, and sealed in the state folder under the key from outside. The keys are on disk
//! before the hub hears of them, so that no gate is enrolled whose keys a power cut took.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use data_encoding::HEXLOWER;
use feed::{
    Believed, EnrolmentAnswer, EnrolmentCode, EnrolmentRequest, GateId, KeyFingerprint, SealingKey,
    SealingPublicKey, Session, Signed, SigningKey, public_key_from_hex, public_key_to_hex,
};
use prison::PrisonId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::config::Config;
use crate::disk::replace_file;
use crate::seams::Seams;
use crate::state_key::{NoKey, StateKey};

const FILE: &str = "identity";
const PENDING: &str = "identity.pending";
const CONTEXT: &[u8] = b"upcs gate identity v1";
/// Bytes of the hub's answer to an enrolment.
const ANSWER_BYTES: usize = 4 * 1024;
/// How long the hub may take to answer an enrolment.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// An enrolled gate.
#[derive(Clone)]
pub struct Identity {
    /// The number that the hub gave it.
    pub gate: GateId,
    /// The prison it is enrolled for.
    pub prison: PrisonId,
    /// The hub it was enrolled at.
    pub hub: String,
    /// Whose words it takes.
    pub believed: Believed,
    /// The key to which attempts are sealed.
    pub hub_sealing_key: SealingPublicKey,
    /// Signs what the gate says.
    pub signing: SigningKey,
    /// Opens what is sealed to the gate.
    pub sealing: SealingKey,
}

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum NoIdentity {
    /// Never enrolled. The operator enrols it.
    #[error("this gate is not enrolled")]
    NotEnrolled,
    /// The key from outside is missing.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// The file does not open under this key.
    #[error("the identity is damaged, or sealed under another key than the one installed")]
    Damaged,
    /// The disk.
    #[error("the identity cannot be read: {0}")]
    Disk(#[from] io::Error),
}

/// Why an enrolment did not come about. The operator acts.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// Enrolled already.
    #[error(
        "this gate is enrolled already; say --replace to enrol it anew, which needs the hub's two people again"
    )]
    Already,
    /// The code is for another prison than the configuration.
    #[error("the code is for {code}, the configuration for {config}")]
    OtherPrison {
        /// The code's prison.
        code: PrisonId,
        /// The configuration's.
        config: PrisonId,
    },
    /// No hub is named.
    #[error("no hub is named, neither on the command line nor in the configuration")]
    NoHub,
    /// The hub said no.
    #[error("the hub did not enrol the gate: {0}")]
    Declined(String),
    /// The hub was not reached or its answer did not come.
    #[error("the hub was not reached: {0}")]
    Unreachable(String),
    /// The answer is not that hub's.
    #[error("the answer is not signed by the hub that the code names")]
    NotTheHub,
    /// The key from outside is missing.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// The disk.
    #[error("the identity cannot be stored: {0}")]
    Disk(#[from] io::Error),
}

/// The identity as it is sealed.
#[derive(Serialize, Deserialize)]
struct Written {
    gate: Option<GateId>,
    prison: PrisonId,
    hub: String,
    hub_key: String,
    session: Option<Session>,
    epoch: u64,
    hub_sealing_key: Option<SealingPublicKey>,
    signing: Zeroizing<String>,
    sealing: Zeroizing<String>,
    /// The code's secret, hashed: a repeated enrolment with the same code uses the same keys.
    code: String,
}

impl Identity {
    /// Whether there is one, whoever can read it.
    pub fn is_there(config: &Config, seams: &Seams) -> bool {
        seams
            .disk
            .read(&config.state_dir.join(FILE))
            .is_ok_and(|sealed| sealed.is_some())
    }

    /// Reads the identity.
    pub fn load(config: &Config, seams: &Seams, key: &StateKey) -> Result<Self, NoIdentity> {
        read(config, seams, key)?.identity().ok_or(NoIdentity::Damaged)
    }

    /// From now on, and after every restart, this gate takes the words of another session or key. Returns once
    /// that is stored; only then may anything of that session be taken.
    pub fn believe(config: &Config, seams: &Seams, believed: &Believed) -> Result<(), NoIdentity> {
        let key = state_key(config, seams)?;
        let mut written = read(config, seams, &key)?;
        written.hub_key = public_key_to_hex(&believed.hub_key);
        written.session = Some(believed.session);
        written.epoch = believed.epoch;
        Ok(store(&config.state_dir, seams, &key, FILE, &written)?)
    }

    /// What a person compares with what the hub shows.
    pub fn key_fingerprint(&self) -> KeyFingerprint {
        KeyFingerprint::of_gate(&self.signing.verifying_key(), &self.sealing.public())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.gate)
    }
}

fn read(config: &Config, seams: &Seams, key: &StateKey) -> Result<Written, NoIdentity> {
    let Some(sealed) = seams.disk.read(&config.state_dir.join(FILE))? else {
        return Err(NoIdentity::NotEnrolled);
    };
    let plain = key.open(CONTEXT, &sealed).ok_or(NoIdentity::Damaged)?;
    serde_json::from_slice(&plain).map_err(|_| NoIdentity::Damaged)
}

/// Enrols the gate at a hub with a code; returns what a person compares with what the hub shows.
pub async fn enrol(
    config: &Config,
    seams: &Seams,
    hub: Option<&str>,
    code: &EnrolmentCode,
    replace: bool,
) -> Result<KeyFingerprint, EnrolError> {
    if code.prison != config.prison {
        return Err(EnrolError::OtherPrison {
            code: code.prison,
            config: config.prison,
        });
    }
    let hub = hub
        .or(config.hub.as_deref())
        .ok_or(EnrolError::NoHub)?
        .trim_end_matches('/');
    let key = state_key(config, seams)?;
    seams.disk.create_folder(&config.state_dir)?;
    if seams.disk.read(&config.state_dir.join(FILE))?.is_some() && !replace {
        return Err(EnrolError::Already);
    }
    let mut written = pending(config, seams, &key, hub, code)?;
    let answer = ask(hub, code, &written).await?;
    if answer.prison != config.prison {
        return Err(EnrolError::OtherPrison {
            code: answer.prison,
            config: config.prison,
        });
    }
    written.gate = Some(answer.gate);
    written.hub_sealing_key = Some(answer.hub_sealing_key);
    written.session = Some(answer.session);
    written.epoch = answer.epoch;
    store(&config.state_dir, seams, &key, FILE, &written)?;
    seams.disk.remove(&config.state_dir.join(PENDING))?;
    let identity = written.identity().ok_or(EnrolError::NotTheHub)?;
    Ok(identity.key_fingerprint())
}

/// The key under which the gate's state is sealed.
pub fn state_key(config: &Config, seams: &Seams) -> Result<StateKey, NoKey> {
    StateKey::load(&config.key_source()?, seams)
}

/// The keys to enrol with, stored before the hub hears of them.
fn pending(
    config: &Config,
    seams: &Seams,
    key: &StateKey,
    hub: &str,
    code: &EnrolmentCode,
) -> Result<Written, EnrolError> {
    let hashed = HEXLOWER.encode(blake3::hash(&code.secret).as_bytes());
    let before = seams.disk.read(&config.state_dir.join(PENDING))?;
    let before = before.and_then(|sealed| key.open(CONTEXT, &sealed));
    let before = before.and_then(|plain| serde_json::from_slice::<Written>(&plain).ok());
    if let Some(written) = before.filter(|written| written.code == hashed) {
        return Ok(written);
    }
    let secret = || Zeroizing::new(HEXLOWER.encode(&*Zeroizing::new((seams.random)())));
    let written = Written {
        gate: None,
        prison: config.prison,
        hub: hub.to_owned(),
        hub_key: public_key_to_hex(&code.hub),
        session: None,
        epoch: 0,
        hub_sealing_key: None,
        signing: secret(),
        sealing: secret(),
        code: hashed,
    };
    store(&config.state_dir, seams, key, PENDING, &written)?;
    Ok(written)
}

fn store(folder: &Path, seams: &Seams, key: &StateKey, name: &str, written: &Written) -> io::Result<()> {
    let plain = serde_json::to_vec(written)
        .map(Zeroizing::new)
        .map_err(io::Error::other)?;
    replace_file(&*seams.disk, folder, name, &key.seal(CONTEXT, &plain))
}

async fn ask(hub: &str, code: &EnrolmentCode, written: &Written) -> Result<EnrolmentAnswer, EnrolError> {
    let broken = || EnrolError::Disk(io::Error::other("the new keys cannot be read back"));
    let (signing, sealing) = written.keys().ok_or_else(broken)?;
    let request = EnrolmentRequest {
        prison: code.prison,
        secret: HEXLOWER.encode(&code.secret),
        verifying_key: public_key_to_hex(&signing.verifying_key()),
        sealing_key: sealing.public(),
    };
    let line = Signed::sign(&request, &signing)
        .map_err(|e| EnrolError::Declined(e.to_string()))?
        .to_line();
    let unreachable = |error: reqwest::Error| EnrolError::Unreachable(error.without_url().to_string());
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(ANSWER_WITHIN)
        .build()
        .map_err(unreachable)?;
    let post = client
        .post(format!("{hub}/v1/gates/enrolments"))
        .header("content-type", "text/plain");
    let response = post.body(line).send().await.map_err(unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    if !status.is_success() {
        let said: String = String::from_utf8_lossy(&body)
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        return Err(EnrolError::Declined(said));
    }
    Signed::<EnrolmentAnswer>::parse_line(body.trim_ascii_end(), ANSWER_BYTES)
        .and_then(|signed| signed.verify(&code.hub))
        .map_err(|_| EnrolError::NotTheHub)
}

impl Written {
    fn keys(&self) -> Option<(SigningKey, SealingKey)> {
        let secret = |hex: &str| {
            let bytes = Zeroizing::new(HEXLOWER.decode(hex.as_bytes()).ok()?);
            <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
        };
        let signing = SigningKey::from_bytes(&*secret(&self.signing)?);
        Some((signing, SealingKey::from_secret(&*secret(&self.sealing)?)))
    }

    fn identity(self) -> Option<Identity> {
        let (signing, sealing) = self.keys()?;
        Some(Identity {
            gate: self.gate?,
            prison: self.prison,
            hub: self.hub.clone(),
            believed: Believed {
                hub_key: public_key_from_hex(&self.hub_key)?,
                session: self.session?,
                epoch: self.epoch,
            },
            hub_sealing_key: self.hub_sealing_key?,
            signing,
            sealing,
        })
    }
}
