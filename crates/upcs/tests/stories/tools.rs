//! What a story finds on the machine, and how it waits.

use std::env;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// A program that is not ours and that a story needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Drives calls.
    Sipp,
    /// Moves a process's clock.
    Faketime,
    /// The database server.
    Postgresql,
    /// Runs what drives the browser.
    Node,
    /// The browser.
    Chromium,
    /// Makes the corpus of dialled strings.
    Python,
    /// A TPM in software.
    Swtpm,
    /// Seals to a TPM.
    SystemdCreds,
    /// Reads systemd units.
    SystemdAnalyze,
    /// The phone switch.
    Kamailio,
    /// Reads pictures of envelopes.
    Tesseract,
    /// A queue as AWS has them, on this machine.
    Moto,
}

impl Tool {
    /// What to install.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sipp => "sipp",
            Self::Faketime => "faketime",
            Self::Postgresql => "the PostgreSQL server",
            Self::Node => "node and npm",
            Self::Chromium => "chromium",
            Self::Python => "python3",
            Self::Swtpm => "swtpm",
            Self::SystemdAnalyze => "systemd-analyze",
            Self::SystemdCreds => "systemd-creds with the TPM's library (libtss2-tcti-swtpm)",
            Self::Tesseract => "tesseract-ocr",
            Self::Moto => {
                "moto_server (python3 -m venv target/moto; target/moto/bin/pip install 'moto[server]==5.1.4')"
            }
            Self::Kamailio => "kamailio with its extra modules",
        }
    }

    /// Where it is. PostgreSQL's is the folder of its programs, faketime's its library.
    pub(crate) fn find(self) -> Option<PathBuf> {
        match self {
            Self::Sipp => on_path("sipp"),
            Self::Faketime => faketime_library(),
            Self::Postgresql => postgresql_programs(),
            Self::Node => on_path("npm").and_then(|_| on_path("node")),
            Self::Chromium => on_path("chromium"),
            Self::Python => on_path("python3"),
            Self::Swtpm => on_path("swtpm"),
            Self::SystemdAnalyze => on_path("systemd-analyze"),
            Self::SystemdCreds => on_path("systemd-creds").filter(|_| has_tpm_library()),
            Self::Kamailio => kamailio(),
            Self::Tesseract => on_path("tesseract"),
            Self::Moto => moto(),
        }
    }
}

/// The library and not its program, which stays between us and the gate: killing it would not kill the gate.
fn faketime_library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    let mut found = found.filter(|library| library.is_file());
    found.next()
}

/// systemd opens its way to a software TPM only when it is asked for.
fn has_tpm_library() -> bool {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut found = folders.map(|folder| folder.path().join("libtss2-tcti-swtpm.so.0"));
    found.any(|library| library.exists())
}

/// With the modules that Debian packs apart.
fn kamailio() -> Option<PathBuf> {
    let has_modules = |folder: &PathBuf| {
        let has = |module: &str| folder.join("kamailio/modules").join(module).is_file();
        ["dialog.so", "xhttp.so", "jsonrpcs.so", "jansson.so"]
            .into_iter()
            .all(has)
    };
    let mut folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    folders.find(|folder| has_modules(&folder.path()))?;
    on_path("kamailio").or_else(|| Some(PathBuf::from("/usr/sbin/kamailio")).filter(|file| file.is_file()))
}

/// In the folder of what is built, or on the path.
fn moto() -> Option<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/moto/bin/moto_server");
    Some(built)
        .filter(|file| file.is_file())
        .or_else(|| on_path("moto_server"))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Debian keeps the server's programs off the path, in a folder for each version; the newest is taken.
fn postgresql_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let newest = folders.filter(|folder| has_server(folder)).max();
    newest.or_else(|| Some(on_path("initdb")?.parent()?.to_owned()).filter(|folder| has_server(folder)))
}

fn has_server(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

/// Whether a switch of the environment is on.
pub(crate) fn is_set(variable: &str) -> bool {
    env::var(variable).is_ok_and(|value| !value.is_empty() && value != "0")
}

/// How often something that is waited for is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks until there is something, or fails after `within`.
pub(crate) fn until<T>(
    what: &str,
    within: Duration,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let began = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if began.elapsed() > within {
            bail!("after {} s still waiting for {what}", within.as_secs_f32());
        }
        pause(LOOK_EVERY);
    }
}

/// Lets other processes run for a while.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a story waits for other processes"
)]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}
