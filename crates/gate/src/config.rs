//! The gate's configuration: one TOML file, checked whole before anything starts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use feed::{CoSigned, VerifyingKey, public_key_from_hex};
use phone::AreaCode;
use prison::{PrisonId, Register};
use serde::Deserialize;

use crate::allocations;
use crate::answer::tls::TlsFiles;
use crate::authorise::{AlwaysAllowedSet, ClassPolicy, Classes};
use crate::check::CREDENTIAL_STORES;
use crate::live::LiveCalls;
use crate::state_key::KeySource;

/// Peers that may be configured.
pub const MAX_PEERS: usize = 64;

/// What the operator says. Paths that are not absolute count from the file's folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The prison whose calls this gate answers.
    pub prison: PrisonId,
    /// The folder of the gate's state, for this gate alone.
    pub state_dir: PathBuf,
    /// The key under which the state is sealed: 64 hexadecimal digits, never in `state_dir`. This, `key_credential`
    /// or `key_sealed`: one of them.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The name of the credential in which systemd hands over the key, as `upcs-gate-key`. Needs `mark_file`.
    #[serde(default)]
    pub key_credential: Option<String>,
    /// The file in which the key is sealed to this machine's TPM; `key` makes it. Never in `state_dir`.
    #[serde(default)]
    pub key_sealed: Option<PathBuf>,
    /// The TPM that opens `key_sealed`, in the words of `systemd-creds --tpm2-device=`; the machine's own unless said
    /// otherwise.
    #[serde(default)]
    pub tpm_device: Option<String>,
    /// Where systemd has put the credentials of this run: `$CREDENTIALS_DIRECTORY`.
    #[serde(skip)]
    pub credentials: Option<PathBuf>,
    /// Where systemd would look for the credential after a reboot; its own folders unless said otherwise.
    #[serde(default)]
    pub credential_stores: Option<Vec<PathBuf>>,
    /// The second high-water mark, never in `state_dir`; beside the key unless said otherwise.
    #[serde(default)]
    pub mark_file: Option<PathBuf>,
    /// The hub, as `http://hub.example:8470`; without it, the one that the gate was enrolled at.
    #[serde(default)]
    pub hub: Option<String>,
    /// Where SIP is answered, over UDP and TCP. Port 0 takes any.
    #[serde(default = "default_sip")]
    pub sip_listen: SocketAddr,
    /// Where SIP is answered over TLS; nowhere unless said. Needs `tls`. Port 0 takes any.
    #[serde(default)]
    pub sips_listen: Option<SocketAddr>,
    /// Certificate and key for SIP over TLS.
    #[serde(default)]
    pub tls: Option<TlsFiles>,
    /// Where HTTP is answered. Port 0 takes any.
    #[serde(default = "default_http")]
    pub http_listen: SocketAddr,
    /// The addresses that are answered, by SIP and HTTP; loopback unless said otherwise.
    #[serde(default = "default_peers")]
    pub peers: Vec<IpAddr>,
    /// Host, with a port or without, that stands in the Contact of an allowed call.
    pub trunk: String,
    /// The area code of the place; without it, the register of prisons knows it or local numbers are refused.
    #[serde(default)]
    pub area_code: Option<String>,
    /// The SIP header field that names the caller, if it is not From.
    #[serde(default)]
    pub caller_header: Option<String>,
    /// The always-allowed list with its two signatures. A gate answers calls without one, and is not healthy.
    #[serde(default)]
    pub always_allowed: Option<PathBuf>,
    /// The public root keys, two of which must have signed it; 64 hexadecimal digits each.
    #[serde(default)]
    pub roots: Vec<String>,
    /// What rings under call barring by its class, in place of the built-in policy, which `upcs gate classes` prints.
    #[serde(default)]
    pub classes: Option<Classes>,
    /// A folder of Ofcom's files of number blocks, or one such file; without it, every number of the plan may exist.
    #[serde(default)]
    pub allocations: Option<PathBuf>,
    /// The phone platform that lists the calls that are up and ends those that come to be refused, if it can.
    #[serde(default)]
    pub live_calls: Option<LiveCalls>,
}

/// What is wrong with a configuration. The operator corrects it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// Not TOML, a field missing, unknown or of another form.
    #[error("{0} is not a gate's configuration: {1}")]
    Malformed(PathBuf, String),
    /// No key is named, or two.
    #[error("say where the key comes from: one of key_file, key_credential and key_sealed")]
    OneKey,
    /// The key would be stolen with the folder.
    #[error("the key lies inside state_dir; whoever takes the folder would have the key")]
    KeyInState,
    /// The mark would be put back with the folder.
    #[error(
        "mark_file lies inside state_dir; whoever puts the folder back from a copy would put back the mark"
    )]
    MarkInState,
    /// A value of another form.
    #[error("{field}: {problem}")]
    Value {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

fn default_sip() -> SocketAddr {
    SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 5060)
}

fn default_http() -> SocketAddr {
    SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8480)
}

fn default_peers() -> Vec<IpAddr> {
    vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
}

impl Config {
    /// Reads and checks a file.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|e| ConfigError::Unreadable(file.to_owned(), e))?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|e| ConfigError::Malformed(file.to_owned(), e.message().to_owned()))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        for path in [&mut config.state_dir]
            .into_iter()
            .chain(&mut config.key_file)
            .chain(&mut config.key_sealed)
            .chain(&mut config.always_allowed)
            .chain(&mut config.mark_file)
            .chain(&mut config.allocations)
            .chain(config.tls.iter_mut().flat_map(TlsFiles::paths_mut))
        {
            *path = folder.join(&*path);
        }
        config.credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        config.check()?;
        Ok(config)
    }

    /// Checks everything that can be checked without binding a port or reaching the hub.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |field, problem: &str| {
            Err(ConfigError::Value {
                field,
                problem: problem.to_owned(),
            })
        };
        self.key_source()?;
        if self
            .key_path()
            .is_some_and(|key| lies_inside(key, &self.state_dir))
        {
            return Err(ConfigError::KeyInState);
        }
        if self.key_path().is_none() && self.mark_file.is_none() {
            return wrong(
                "mark_file",
                "where the second mark lies has to be said: nothing can be written beside a credential",
            );
        }
        if lies_inside(&self.mark_file(), &self.state_dir) {
            return Err(ConfigError::MarkInState);
        }
        if self.peers.is_empty() || self.peers.len() > MAX_PEERS {
            return wrong("peers", "from 1 to 64 addresses");
        }
        let in_uri = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if self.trunk.is_empty() || !self.trunk.chars().all(in_uri) {
            return wrong("trunk", "a host, or a host and a port, as trunk.example:5060");
        }
        let token = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self
            .caller_header
            .as_ref()
            .is_some_and(|name| name.is_empty() || !name.chars().all(token))
        {
            return wrong(
                "caller_header",
                "the name of a header field, as P-Asserted-Identity",
            );
        }
        if self.hub.as_ref().is_some_and(|hub| !hub.starts_with("http://")) {
            return wrong(
                "hub",
                "an address that begins with http://; a proxy beside the gate does TLS",
            );
        }
        if self.live_calls.as_ref().is_some_and(|live| !live.is_sound()) {
            return wrong(
                "live_calls.hook",
                "an address that begins with http://, as http://127.0.0.1:8088/calls",
            );
        }
        if let Some(code) = &self.area_code
            && let Err(error) = code.parse::<AreaCode>()
        {
            return wrong("area_code", &error.to_string());
        }
        if self.sips_listen.is_some() != self.tls.is_some() {
            return wrong("tls", "sips_listen and tls belong together");
        }
        if let Some(Err(problem)) = self.tls.as_ref().map(TlsFiles::acceptor) {
            return wrong("tls", &problem);
        }
        self.root_keys().map(drop)
    }

    /// Where the key comes from.
    pub fn key_source(&self) -> Result<KeySource, ConfigError> {
        match (&self.key_file, &self.key_credential, &self.key_sealed) {
            (Some(file), None, None) => Ok(KeySource::File(file.clone())),
            (None, Some(name), None) if is_name(name) => Ok(KeySource::Credential {
                name: name.clone(),
                folder: self.credentials.clone(),
            }),
            (None, None, Some(file)) => Ok(KeySource::Sealed {
                file: file.clone(),
                device: self.tpm_device.clone(),
            }),
            (None, Some(_), None) => Err(ConfigError::Value {
                field: "key_credential",
                problem: "a name of letters, digits and hyphens, as upcs-gate-key".to_owned(),
            }),
            _ => Err(ConfigError::OneKey),
        }
    }

    /// The folders in which the credential outlives a reboot.
    pub fn credential_stores(&self) -> Vec<PathBuf> {
        let own = || CREDENTIAL_STORES.iter().map(PathBuf::from).collect();
        self.credential_stores.clone().unwrap_or_else(own)
    }

    /// The file that holds the key, sealed or not; none for a credential.
    fn key_path(&self) -> Option<&Path> {
        self.key_file.as_deref().or(self.key_sealed.as_deref())
    }

    /// The file of the second high-water mark.
    pub fn mark_file(&self) -> PathBuf {
        self.mark_file.clone().unwrap_or_else(|| {
            let mut beside = self.key_path().unwrap_or(&self.state_dir).as_os_str().to_owned();
            beside.push(".mark");
            beside.into()
        })
    }

    /// Whether this account may write the second high-water mark.
    pub fn can_mark_outside(&self) -> bool {
        let file = self.mark_file();
        let folder = file.parent().unwrap_or(Path::new("."));
        let place = if file.exists() { &file } else { folder };
        nix::unistd::access(place, nix::unistd::AccessFlags::W_OK).is_ok()
    }

    /// The public root keys.
    pub fn root_keys(&self) -> Result<Vec<VerifyingKey>, ConfigError> {
        let read = |hex: &String| {
            public_key_from_hex(hex).ok_or_else(|| ConfigError::Value {
                field: "roots",
                problem: "each is a public key of 64 hexadecimal digits".to_owned(),
            })
        };
        self.roots.iter().map(read).collect()
    }

    /// The always-allowed numbers; both signatures are checked.
    pub fn always_allowed(&self) -> Result<AlwaysAllowedSet, ConfigError> {
        let Some(file) = &self.always_allowed else {
            return Err(ConfigError::Value {
                field: "always_allowed",
                problem: "no list is named; without one helplines are refused".to_owned(),
            });
        };
        let bytes = std::fs::read(file).map_err(|e| ConfigError::Unreadable(file.clone(), e))?;
        let signed =
            CoSigned::parse(&bytes).and_then(|signed| signed.verify(&self.root_keys().unwrap_or_default()));
        let list = signed.map_err(|error| ConfigError::Value {
            field: "always_allowed",
            problem: format!(
                "{} is not a list that two of the roots signed: {error}",
                file.display()
            ),
        })?;
        Ok(AlwaysAllowedSet::new(&list))
    }

    /// The area code from which local numbers are dialled.
    pub fn area(&self) -> Option<AreaCode> {
        let known = || Register::built_in().get(self.prison)?.area_code.clone();
        self.area_code.clone().or_else(known)?.parse().ok()
    }

    /// Reads what a start would read besides keys and lists, and would not start without.
    pub fn check_settings(&self) -> Result<(), ConfigError> {
        self.class_policy()?;
        let tls = self.tls.as_ref().map_or(Ok(()), |tls| tls.acceptor().map(drop));
        tls.map_err(|problem| ConfigError::Value {
            field: "tls",
            problem,
        })
    }

    /// The policy by class, and Ofcom's blocks of numbers if they are configured. A file that cannot be used is an
    /// error, never passed over. What was read is said in the log.
    pub fn class_policy(&self) -> Result<ClassPolicy, ConfigError> {
        let loaded = self.allocations.as_deref().map(allocations::load).transpose();
        let loaded = loaded.map_err(|error| ConfigError::Value {
            field: "allocations",
            problem: error.to_string(),
        })?;
        if let Some(loaded) = &loaded {
            tracing::info!("{}", loaded.summary());
        }
        let classes = self.classes.clone().unwrap_or_default();
        Ok(ClassPolicy::new(classes, loaded.map(|loaded| loaded.allocations)))
    }
}

/// A name that is no path.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// Whether a file lies in a folder, links followed as far as the paths exist.
fn lies_inside(file: &Path, folder: &Path) -> bool {
    resolved(file).starts_with(resolved(folder))
}

fn resolved(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !parent.as_os_str().is_empty() => resolved(parent).join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}
