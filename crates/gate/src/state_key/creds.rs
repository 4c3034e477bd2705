//! `systemd-creds`, which seals a few bytes to the machine's TPM and opens them again. A child process: the TPM's
//! libraries stay out of the program that answers calls, and one that hangs is ended.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use zeroize::Zeroizing;

/// How long the TPM may take.
pub(super) const OPENED_WITHIN: Duration = Duration::from_secs(10);
/// Bytes that are read of what the child says, on either way out.
const SAID_BYTES: u64 = 64 * 1024;
/// Characters of its complaint that are repeated.
const COMPLAINT_CHARS: usize = 200;
const PROGRAM: &str = "systemd-creds";

/// Why nothing was sealed or opened. The operator acts.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// The program is missing or cannot be started.
    #[error("systemd-creds cannot be started: {0}")]
    NotStarted(std::io::Error),
    /// It took too long, and was ended.
    #[error("the TPM did not answer within ten seconds")]
    TooSlow,
    /// It said no: another TPM, a changed boot, a changed file.
    #[error("the TPM does not open it: {0}")]
    Refused(String),
}

/// The TPM, by `systemd-creds`.
pub(super) struct Creds<'a> {
    device: Option<&'a str>,
}

impl<'a> Creds<'a> {
    /// On this TPM, or the machine's own.
    pub(super) fn on(device: Option<&'a str>) -> Self {
        Self { device }
    }

    /// Seals bytes under a name; what comes back is text.
    pub(super) fn seal(&self, name: &str, plain: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotDone> {
        let mut command = self.command("encrypt", name);
        command.args(["--with-key=tpm2", "-", "-"]);
        run(command, plain)
    }

    /// Opens what [`Creds::seal`] made under the same name.
    pub(super) fn open(&self, file: &Path, name: &str) -> Result<Zeroizing<Vec<u8>>, NotDone> {
        let mut command = self.command("decrypt", name);
        command.arg(file).arg("-");
        run(command, b"")
    }

    fn command(&self, verb: &str, name: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg(verb).arg(format!("--name={name}"));
        if let Some(device) = self.device {
            command.arg(format!("--tpm2-device={device}"));
        }
        command
    }
}

fn run(mut command: Command, input: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotDone> {
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(NotDone::NotStarted)?;
    // A child that reads nothing ends by its own account.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input));
    let said = match said_in_time(&mut child) {
        Some(said) => said,
        None => {
            let _ = child.kill();
            let _ = child.wait();
            return Err(NotDone::TooSlow);
        }
    };
    let (out, complaint) = said;
    match child.wait() {
        Ok(status) if status.success() => Ok(out),
        Ok(_) => Err(NotDone::Refused(shortened(&complaint))),
        Err(error) => Err(NotDone::NotStarted(error)),
    }
}

/// What the child said on both ways out until it closed them.
fn said_in_time(child: &mut Child) -> Option<(Zeroizing<Vec<u8>>, Vec<u8>)> {
    let (out, complaint) = (child.stdout.take()?, child.stderr.take()?);
    let (said, waiting) = sync_channel(2);
    let hear = |way: Box<dyn Read + Send>, number: usize| {
        let said = said.clone();
        let heard = move || {
            let mut bytes = Zeroizing::new(Vec::new());
            let _ = way.take(SAID_BYTES).read_to_end(&mut bytes);
            let _ = said.send((number, bytes));
        };
        std::thread::Builder::new().spawn(heard).ok()
    };
    hear(Box::new(out), 0)?;
    hear(Box::new(complaint), 1)?;
    let begun = std::time::Instant::now();
    let mut both = [Zeroizing::new(Vec::new()), Zeroizing::new(Vec::new())];
    for _ in 0..2 {
        let left = OPENED_WITHIN.saturating_sub(begun.elapsed());
        let (number, bytes) = waiting.recv_timeout(left).ok()?;
        both[number] = bytes;
    }
    let [out, complaint] = both;
    Some((out, complaint.to_vec()))
}

/// The last line of a complaint, without anything that is not text.
fn shortened(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    let last = text
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let text = last.chars().filter(|c| !c.is_control()).take(COMPLAINT_CHARS);
    text.collect()
}
