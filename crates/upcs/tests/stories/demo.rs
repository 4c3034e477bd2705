//! `upcs demo` itself: one at a time in a folder, all of it gone with its first process, and each of its
//! processes missed and started again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use upcs::children::this_program;
use upcs::say;

use crate::tools::until;

/// The last line of the guide.
const READY: &str = "--fresh starts over.";
const ENDED_WITHIN: Duration = Duration::from_secs(10);
const AGAIN_WITHIN: Duration = Duration::from_secs(40);

/// A demo as a visitor runs it.
struct Demo {
    child: Child,
    hub: SocketAddr,
}

impl Demo {
    fn start(dir: &Path) -> Result<Self> {
        let mut child = demo(dir, &[]).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().context("its output cannot be read")?;
        let mut hub = None;
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line?;
            if line.trim_start().starts_with("Sign in") {
                let url = line.rsplit_once("http://").context("no address to sign in at")?.1;
                hub = Some(url.trim_end_matches("/sign-in").parse()?);
            }
            if line.ends_with(READY) {
                break;
            }
        }
        // What it says later is of no interest, and must not stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let hub = hub.context("the demo did not come up")?;
        Ok(Self { child, hub })
    }

    /// The process ids of hub and gates.
    fn children(&self) -> Result<Vec<i32>> {
        let mut children = Vec::new();
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let listed = fs::read_to_string(task?.path().join("children"))?;
            children.extend(listed.split_whitespace().flat_map(str::parse::<i32>));
        }
        Ok(children)
    }

    fn hub_process(&self) -> Result<i32> {
        let is_hub = |id: &i32| {
            fs::read_to_string(format!("/proc/{id}/cmdline")).is_ok_and(|line| line.contains("\0hub\0"))
        };
        self.children()?.into_iter().find(is_hub).context("no hub runs")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Fails only when it has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn demo(dir: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(this_program().unwrap_or_default());
    command.arg("demo").arg("--dir").arg(dir).args(more);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

fn answers(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_ok()
}

/// A second demo on the folder is refused and touches nothing.
pub(crate) fn is_left_alone() -> Result<()> {
    let temp = tempfile::tempdir()?;
    let dir = temp.path().join("demo");
    let running = Demo::start(&dir)?;
    let store = fs::metadata(dir.join("hub/store.sqlite"))?.len();
    for more in [&[][..], &["--fresh"]] {
        let second = demo(&dir, more).output()?;
        let said = String::from_utf8_lossy(&second.stderr).trim().to_owned();
        ensure!(
            !second.status.success(),
            "a second demo came up on the same folder"
        );
        ensure!(
            said.contains("a demo is running on it; stop that one first"),
            "refused without saying why: {said}"
        );
        say::line(&format!("  {said}"));
    }
    ensure!(answers(running.hub), "the first demo no longer answers");
    ensure!(
        fs::metadata(dir.join("hub/store.sqlite"))?.len() >= store,
        "its store was emptied"
    );
    Ok(())
}

/// kill -9 of the demo leaves no process behind, and the next run goes on from there.
pub(crate) fn takes_its_processes_with_it() -> Result<()> {
    let temp = tempfile::tempdir()?;
    let dir = temp.path().join("demo");
    let running = Demo::start(&dir)?;
    let (hub, children) = (running.hub, running.children()?);
    ensure!(
        children.len() == 3,
        "hub and two gates, and not {} processes",
        children.len()
    );
    drop(running);
    until("hub and gates to end with the demo", ENDED_WITHIN, || {
        let left = children
            .iter()
            .any(|id| Path::new(&format!("/proc/{id}")).exists());
        Ok((!left && !answers(hub)).then_some(()))
    })?;
    let again = Demo::start(&dir)?;
    ensure!(answers(again.hub), "it does not come up again");
    say::line("  3 processes ended with the demo; it came up again on what it held");
    Ok(())
}

/// kill -9 of the hub alone: the gates go on, and the hub comes back where it was.
pub(crate) fn starts_its_hub_again() -> Result<()> {
    let temp = tempfile::tempdir()?;
    let running = Demo::start(&temp.path().join("demo"))?;
    let (first, all) = (running.hub_process()?, running.children()?);
    kill(Pid::from_raw(first), Signal::SIGKILL)?;
    let second = until("the hub to be started again", AGAIN_WITHIN, || {
        Ok(running
            .hub_process()
            .ok()
            .filter(|id| *id != first && answers(running.hub)))
    })?;
    let gates: Vec<i32> = all.into_iter().filter(|id| *id != first).collect();
    let now = running.children()?;
    ensure!(
        gates.iter().all(|gate| now.contains(gate)),
        "a gate ended with the hub"
    );
    say::line(&format!(
        "  the hub ({first}) was killed and runs again ({second}); both gates went on"
    ));
    Ok(())
}
