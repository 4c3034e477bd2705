//! The demo's folder: what stands where, and the mark that says it is a demo's.
//!
//! ```text
//! demo/UPCS-DEMO          the mark
//! demo/hub/               the store
//! demo/keys/              the hub's keys, the root keys, each gate's key: never beside what they open
//! demo/gates/LEI/         a gate's state and its configuration
//! demo/logs/              what the processes said
//! demo/policy.toml        when a bar comes at once
//! demo/always-allowed.*   the list that hub and gates have, and the root keys that signed it
//! demo/demo.json          who may sign in, and the key of the police
//! ```

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

const MARK: &str = "UPCS-DEMO";

/// A demo's folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    database: Option<String>,
    /// The mark, locked for as long as anything here uses the folder.
    _lock: Arc<File>,
}

/// What the demo remembers of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remembered {
    /// The police's key for the JSON API.
    pub police_key: String,
    /// The two operators, by name.
    pub operators: [String; 2],
}

/// What was found where the demo is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing: the demo is to be made.
    Nothing,
    /// A demo that was made before.
    Demo,
}

impl Folder {
    /// Takes a folder for a demo. One that holds anything else is refused, so that nothing real is ever
    /// taken for a demo; a demo that was not finished being made is begun anew.
    pub fn open(root: &Path, fresh: bool) -> Result<(Self, Found)> {
        let absolute = absolute(root)?;
        let occupied = fs::read_dir(&absolute).is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !absolute.join(MARK).exists() {
            bail!(
                "{} holds something that is not a demo; name another folder with --dir",
                root.display()
            );
        }
        let folder = Self {
            _lock: Arc::new(take(&absolute).with_context(|| format!("{} cannot be used", root.display()))?),
            root: absolute,
            database: None,
        };
        if folder.root.join("demo.json").exists() && !fresh {
            return Ok((folder, Found::Demo));
        }
        folder
            .make_anew()
            .with_context(|| format!("{} cannot be made anew", root.display()))?;
        Ok((folder, Found::Nothing))
    }

    /// Empties the folder but for its locked mark.
    fn make_anew(&self) -> Result<()> {
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else if entry.file_name() != MARK {
                fs::remove_file(entry.path())?;
            }
        }
        for made in ["hub", "keys", "gates", "logs"] {
            fs::create_dir(self.root.join(made))?;
        }
        Ok(())
    }

    /// Where it stands.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The same folder with the hub's store elsewhere, as `postgres://...`. It is not remembered.
    pub fn with_database(self, url: String) -> Self {
        Self {
            database: Some(url),
            ..self
        }
    }

    /// The hub's store, as a database URL.
    pub fn database(&self) -> String {
        let own = || format!("sqlite://{}", self.root.join("hub/store.sqlite").display());
        self.database.clone().unwrap_or_else(own)
    }

    /// The hub's keys.
    pub fn hub_keys(&self) -> PathBuf {
        self.root.join("keys/hub")
    }

    /// The always-allowed list, signed by two.
    pub fn always_allowed(&self) -> PathBuf {
        self.root.join("always-allowed.signed")
    }

    /// The public root keys under which it is signed, one a line.
    pub fn roots_file(&self) -> PathBuf {
        self.root.join("always-allowed.roots")
    }

    /// The secret root keys of the demo's two invented people; outside a demo they are never on one machine.
    pub fn root_keys(&self) -> [PathBuf; 2] {
        ["root-one.key", "root-two.key"].map(|name| self.root.join(name))
    }

    /// The public root keys.
    pub fn roots(&self) -> Result<Vec<String>> {
        let text = fs::read_to_string(self.roots_file()).context("the demo's root keys are missing")?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// When a bar comes at once.
    pub fn policy(&self) -> PathBuf {
        self.root.join("policy.toml")
    }

    /// A gate's folder.
    pub fn gate(&self, prison: &str) -> PathBuf {
        self.root.join("gates").join(prison)
    }

    /// The key that seals a gate's state.
    pub fn gate_key(&self, prison: &str) -> PathBuf {
        self.root.join("keys").join(format!("gate-{prison}.key"))
    }

    /// A process's log.
    pub fn log(&self, name: &str) -> PathBuf {
        self.root.join("logs").join(format!("{name}.log"))
    }

    /// Writes what is remembered; with this the demo is finished being made.
    pub fn remember(&self, remembered: &Remembered) -> Result<()> {
        let text = serde_json::to_string_pretty(remembered)?;
        fs::write(self.root.join("demo.json"), text).context("the demo's notes cannot be written")
    }

    /// Reads what is remembered.
    pub fn remembered(&self) -> Result<Remembered> {
        let text = fs::read_to_string(self.root.join("demo.json")).context("the demo's notes are missing")?;
        serde_json::from_str(&text).context("the demo's notes cannot be read; start over with --fresh")
    }
}

/// Marks a folder as a demo's and locks the mark: a store that is in use is never emptied, nor used by two.
fn take(root: &Path) -> Result<File> {
    fs::create_dir_all(root)?;
    let mut options = File::options();
    let mark = options.create(true).append(true).open(root.join(MARK))?;
    if mark.try_lock().is_err() {
        bail!("a demo is running on it; stop that one first, or name another folder with --dir");
    }
    if mark.metadata()?.len() == 0 {
        (&mark).write_all(b"Fictional people only. Delete this folder when you like.\n")?;
    }
    Ok(mark)
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} is not a path", path.display()))
}
