//! What this box can do after a restart of the program and after a reboot, found out without binding a port,
//! reaching the hub or changing a file: a gate may be running beside it.
//!
//! Everything that a start needs is looked at where the start would look: key, identity, list and marks, the
//! always-allowed list, room for attempts. What lies in memory (`/run`, a tmpfs) is gone after a reboot, and a
//! credential comes back only from a store on the disk. Out comes a [`Found`]: for a person two sentences and the
//! lines behind them, for a monitor JSON. Nothing in it says how many bars there are.

mod machine;
mod told;

use std::path::{Path, PathBuf};

use prison::PrisonId;
use serde::Serialize;

use crate::config::Config;
use crate::hold::{self, NoList};
use crate::identity::{Identity, NoIdentity, state_key};
use crate::live::Spoken;
use crate::seams::Seams;
use crate::state_key::{KeySource, StateKey};
use machine::{is_in_memory, nearest, seconds_old};

/// Folders from which systemd takes an encrypted credential that a unit names without a path, and that a reboot
/// leaves alone.
pub const CREDENTIAL_STORES: [&str; 2] = ["/etc/credstore.encrypted", "/usr/lib/credstore.encrypted"];

/// What was found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// The prison.
    pub prison: PrisonId,
    /// The key under which the state is sealed.
    pub key: KeyFound,
    /// The list of numbers.
    pub list: ListFound,
    /// The always-allowed list.
    pub always_allowed: Whether,
    /// Whether the second mark, outside the state folder, can be written.
    pub marked_outside: bool,
    /// Room for attempts.
    pub spool: Whether,
    /// The hub that will be followed. It was not asked.
    pub hub: Option<String>,
    /// The phone platform that will be asked for calls that are up. It was not asked.
    pub live_calls: Option<&'static str>,
    /// What becomes of calls after a restart of the program.
    pub after_process_restart: Outlook,
    /// What becomes of calls after a reboot of the box.
    pub after_reboot: Outlook,
}

/// The key, as it was found.
#[derive(Debug, Serialize)]
pub struct KeyFound {
    /// `file`, `credential` or `sealed`.
    pub source: &'static str,
    /// Whether it can be had now.
    pub readable_now: bool,
    /// Whether it will be there after a reboot, as far as this can be seen.
    pub there_after_reboot: bool,
    /// Why it cannot be had now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// The list, as it was found.
#[derive(Debug, Serialize)]
pub struct ListFound {
    /// Whether it can be read, and is as far as was acknowledged.
    pub readable: bool,
    /// The serial at which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u64>,
    /// Seconds since its file was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<u64>,
    /// Whether it lies on a disk that a reboot leaves alone.
    pub on_disk: bool,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// Yes, or why not.
#[derive(Debug, Serialize)]
pub struct Whether {
    /// Yes.
    pub ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// What becomes of calls.
#[derive(Debug, Serialize)]
pub struct Outlook {
    /// Whether calls are answered from a list; else all but those to always-allowed numbers are refused.
    pub answers_from_list: bool,
    /// Whether always-allowed numbers can be dialled.
    pub helplines_ring: bool,
    /// The same for a person.
    pub sentence: String,
}

/// Says of a file whether it lies, or would lie, where a reboot takes it away.
pub type InMemory<'a> = &'a dyn Fn(&Path) -> bool;

/// Looks at everything that a start would.
pub fn look(config: &Config, seams: &Seams) -> Found {
    look_on(config, seams, &is_in_memory)
}

/// The same on a machine of which something else than itself says what a reboot takes away.
pub fn look_on(config: &Config, seams: &Seams, in_memory: InMemory<'_>) -> Found {
    let key = state_key(config, seams);
    let identity = key.as_ref().map(|key| Identity::load(config, seams, key));
    let hub = config.hub.clone();
    let hub = hub.or_else(|| {
        identity
            .as_ref()
            .ok()?
            .as_ref()
            .ok()
            .map(|known| known.hub.clone())
    });
    let list = list_found(config, seams, in_memory, key.as_ref().ok(), identity.ok());
    let key = KeyFound {
        source: config.key_source().map_or("none", |source| source.kind()),
        readable_now: key.is_ok(),
        there_after_reboot: key_outlives_a_reboot(config, in_memory),
        why_not: key.err().map(|why| why.to_string()),
    };
    let always_allowed = Whether::of(config.always_allowed().map(drop));
    let after_process_restart = told::outlook(told::now(&key, &list), told::helplines_now(&always_allowed));
    let after_reboot = told::outlook(
        told::after_reboot(config, &key, &list),
        told::helplines_after_reboot(config, in_memory, &always_allowed),
    );
    Found {
        prison: config.prison,
        key,
        list,
        always_allowed,
        marked_outside: config.can_mark_outside(),
        spool: spool_found(config, seams),
        hub,
        live_calls: config.live_calls.as_ref().map(|live| match live.platform {
            Spoken::Http => "http",
            Spoken::Kamailio => "kamailio",
        }),
        after_process_restart,
        after_reboot,
    }
}

impl Found {
    /// Why calls would be refused that should not be, if they would.
    pub fn why_not(&self) -> Option<&str> {
        let outlooks = [&self.after_process_restart, &self.after_reboot];
        let bad = outlooks
            .into_iter()
            .find(|outlook| !(outlook.answers_from_list && outlook.helplines_ring));
        bad.map(|outlook| outlook.sentence.as_str())
    }
}

impl Whether {
    fn of<E: ToString>(result: Result<(), E>) -> Self {
        Self {
            ok: result.is_ok(),
            why_not: result.err().map(|error| error.to_string()),
        }
    }
}

fn list_found(
    config: &Config,
    seams: &Seams,
    in_memory: InMemory<'_>,
    key: Option<&StateKey>,
    identity: Option<Result<Identity, NoIdentity>>,
) -> ListFound {
    let (serial, why_not) = match read_list(config, seams, key, identity) {
        Ok(serial) => (Some(serial), None),
        Err(why) => (None, Some(why)),
    };
    ListFound {
        readable: serial.is_some(),
        serial,
        age_seconds: seconds_old(&config.state_dir.join("list"), (seams.now_ms)()),
        on_disk: !in_memory(&config.state_dir),
        why_not,
    }
}

/// The serial of the list that a start would answer from.
fn read_list(
    config: &Config,
    seams: &Seams,
    key: Option<&StateKey>,
    identity: Option<Result<Identity, NoIdentity>>,
) -> Result<u64, String> {
    if !Identity::is_there(config, seams) {
        return Err(NoIdentity::NotEnrolled.to_string());
    }
    let key = key.ok_or("it cannot be read without its key")?;
    let identity = identity
        .unwrap_or(Err(NoIdentity::NotEnrolled))
        .map_err(|why| why.to_string())?;
    if identity.prison != config.prison {
        return Err("this gate was enrolled for another prison".to_owned());
    }
    let looked = hold::look(&*seams.disk, &config.state_dir, config.mark_file(), key);
    let list = looked.map_err(|error| error.to_string())?;
    let list = list.map_err(|why: NoList| why.to_string())?;
    if list.prison() == config.prison {
        Ok(list.standing().serial.0)
    } else {
        Err("the list on disk is another prison's".to_owned())
    }
}

fn spool_found(config: &Config, seams: &Seams) -> Whether {
    let folder = nearest(&config.state_dir.join("spool"));
    match seams.disk.room(&folder) {
        Ok(room) if room.spares_records() => Whether::of(Ok::<(), String>(())),
        Ok(_) => Whether::of(Err("the disk has no room to spare: attempts would be lost")),
        Err(error) => Whether::of(Err(error)),
    }
}

fn key_outlives_a_reboot(config: &Config, in_memory: InMemory<'_>) -> bool {
    match config.key_source() {
        Ok(KeySource::File(file) | KeySource::Sealed { file, .. }) => !in_memory(&file),
        Ok(KeySource::Credential { name, .. }) => {
            let kept = |store: &PathBuf| Path::new(store).join(&name).is_file();
            config.credential_stores().iter().any(kept)
        }
        Err(_) => false,
    }
}
