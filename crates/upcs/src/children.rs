//! The child processes of the demo and of the stories: started from this same program, known by what they
//! print when they are ready, ended when their owner is dropped.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How long a child may take until it says that it is ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// Has `upcs` end when its standard input does, and so with the process that started it.
pub const WITH_PARENT: &str = "--with-parent";

/// One running child.
pub struct Running {
    child: Child,
    /// Open for as long as this process lives: its end is how the child learns of it.
    _stdin: Option<ChildStdin>,
    /// What it printed when it was ready: one JSON object.
    pub ready: Value,
    name: String,
}

impl Running {
    /// Starts `program` with `arguments`, its standard error appended to `log`, and waits for its ready line.
    pub fn start(name: &str, program: &Path, arguments: &[String], log: &Path) -> Result<Self> {
        let log_file = open_log(log)?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        let stdin = child.stdin.take();
        let ready = first_line(&mut child)
            .with_context(|| format!("{name} did not come up; what it said stands in {}", log.display()));
        match ready {
            Ok(ready) => Ok(Self {
                child,
                _stdin: stdin,
                ready,
                name: name.to_owned(),
            }),
            Err(error) => {
                end(&mut child);
                Err(error)
            }
        }
    }

    /// A text field of the ready line.
    pub fn said(&self, field: &str) -> Result<String> {
        let value = self.ready.get(field).and_then(Value::as_str);
        value
            .map(str::to_owned)
            .with_context(|| format!("{} did not say its {field}", self.name))
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails if the child has ended.
    pub fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} has ended: {status}", self.name),
        }
    }

    /// Ends the child as a power cut would.
    pub fn kill(mut self) {
        end(&mut self.child);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    // Both fail only when the child has ended already, which is what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

fn open_log(log: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(log);
    file.with_context(|| format!("the log {} cannot be opened", log.display()))
}

fn first_line(child: &mut Child) -> Result<Value> {
    let stdout = child.stdout.take().context("its output cannot be read")?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines();
        let _ = send.send(lines.next());
        // Keep reading, so that a child that goes on printing never blocks.
        for _ in lines.map_while(Result::ok) {}
    });
    match receive.recv_timeout(READY_WITHIN) {
        Ok(Some(Ok(line))) => serde_json::from_str(&line).context("its first line was not JSON"),
        Ok(_) => bail!("it ended before it was ready"),
        Err(_) => bail!("it was not ready within {} seconds", READY_WITHIN.as_secs()),
    }
}

/// Ends this process when its standard input ends: whoever started it is gone, however that happened. What it
/// acknowledged is on disk, so ending at once loses nothing.
pub fn end_with_parent() {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        std::process::exit(0);
    });
}

/// The program that children are started from where this process is not `upcs` itself.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that children are started from: a story is a test, and not `upcs` itself. The first one
/// named stays.
pub fn start_children_from(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// This same program, to be started as a child.
pub fn this_program() -> Result<PathBuf> {
    match PROGRAM.get() {
        Some(program) => Ok(program.clone()),
        None => std::env::current_exe().context("this program does not know where it stands"),
    }
}
