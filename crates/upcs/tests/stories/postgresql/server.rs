//! A throw-away PostgreSQL server in a temporary folder, on a port of this machine alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Gid, Pid, Uid, User, chown};
use tempfile::TempDir;

use crate::house::free_port;
use crate::tools::{Tool, until};

/// The server's account; it refuses to run as root.
const ACCOUNT: &str = "postgres";
const UP_WITHIN: Duration = Duration::from_secs(30);

/// A running server; ended and taken away when dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    programs: PathBuf,
    _folder: TempDir,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let programs = Tool::Postgresql.find().context("the server was here")?;
        let folder = tempfile::Builder::new().prefix("upcs-postgresql-").tempdir()?;
        give_away(folder.path())?;
        let (data, port) = (folder.path().join("data"), free_port()?);
        let made = as_account(&programs.join("initdb"), folder.path())?
            .args([
                "--username",
                ACCOUNT,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--no-locale",
                "--pgdata",
            ])
            .arg(&data)
            .output()
            .context("initdb cannot be started")?;
        ensure!(
            made.status.success(),
            "initdb failed: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let log = fs::File::create(folder.path().join("server.log"))?;
        let child = as_account(&programs.join("postgres"), folder.path())?
            .arg("-D")
            .arg(&data)
            .args([
                "-p",
                &port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("the server cannot be started")?;
        let mut server = Self {
            child,
            port,
            programs,
            _folder: folder,
        };
        server.wait()?;
        Ok(server)
    }

    fn wait(&mut self) -> Result<()> {
        until("PostgreSQL to answer", UP_WITHIN, || {
            ensure!(
                self.child.try_wait()?.is_none(),
                "the PostgreSQL server has ended"
            );
            let asked = Command::new(self.programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()?;
            Ok(asked.success().then_some(()))
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://{ACCOUNT}@127.0.0.1:{}/postgres", self.port)
    }

    /// As `15.8`.
    pub(crate) fn version(&self) -> String {
        let said = Command::new(self.programs.join("postgres"))
            .arg("--version")
            .output();
        let said = said
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
            .unwrap_or_default();
        said.split_whitespace()
            .nth(2)
            .unwrap_or("of unknown version")
            .to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // At once, its own children with it; what it holds is thrown away.
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(id), Signal::SIGQUIT);
        }
        let _ = self.child.wait();
    }
}

/// Whose account the server runs under, if not ours.
fn account() -> Result<Option<(Uid, Gid)>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let account = User::from_name(ACCOUNT)?.context("there is no account named postgres")?;
    Ok(Some((account.uid, account.gid)))
}

fn give_away(folder: &Path) -> Result<()> {
    if let Some((uid, gid)) = account()? {
        chown(folder, Some(uid), Some(gid))?;
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
        .context("the server's folder cannot be closed")
}

fn as_account(program: &Path, folder: &Path) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((uid, gid)) = account()? {
        command.uid(uid.as_raw()).gid(gid.as_raw());
    }
    Ok(command)
}
