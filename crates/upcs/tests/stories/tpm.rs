//! A gate whose key is sealed to the machine's TPM, here one in software: it starts again after a reboot, and on
//! another machine it has no key.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gate::state_key::SEALED_NAME;
use serde_json::Value;
use upcs::children::this_program;
use upcs::say;

use crate::clients::{Http, Said};
use crate::house::{Gate, House, free_port};
use crate::restart::{Dialled, settled};
use crate::tools::until;

const STARTS_WITHIN: Duration = Duration::from_secs(10);
const GATE: Gate = Gate::Barring;

/// A TPM in software. What it has sealed stays in its folder, as in a chip, when it is switched off.
struct Tpm {
    folder: PathBuf,
    port: u16,
    running: Child,
}

impl Tpm {
    fn start(folder: PathBuf) -> Result<Self> {
        let port = port_with_the_next()?;
        let running = switched_on(&folder, port)?;
        Ok(Self {
            folder,
            port,
            running,
        })
    }

    /// Switches it off and on, as a reboot of its machine does; with another folder, it is another machine's.
    fn reboot(&mut self, folder: PathBuf) -> Result<()> {
        self.switch_off();
        self.folder = folder;
        self.running = switched_on(&self.folder, self.port)?;
        Ok(())
    }

    fn switch_off(&mut self) {
        // Gone already is as good.
        let _ = self.running.kill();
        let _ = self.running.wait();
    }

    /// In the words of `systemd-creds --tpm2-device=`.
    fn device(&self) -> String {
        format!("swtpm:host=127.0.0.1,port={}", self.port)
    }
}

impl Drop for Tpm {
    fn drop(&mut self) {
        self.switch_off();
    }
}

/// The second port is the one on which a TPM in software is controlled.
fn port_with_the_next() -> Result<u16> {
    let found = (0..50).find_map(|_| {
        let port = free_port().ok()?;
        TcpListener::bind(local(port + 1)).is_ok().then_some(port)
    });
    found.context("no two free ports beside each other were found")
}

fn switched_on(folder: &Path, port: u16) -> Result<Child> {
    fs::create_dir_all(folder)?;
    let mut command = Command::new("swtpm");
    command.args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"]);
    command.arg("--tpmstate").arg(format!("dir={}", folder.display()));
    for (way, port) in [("--server", port), ("--ctrl", port + 1)] {
        command
            .arg(way)
            .arg(format!("type=tcp,bindaddr=127.0.0.1,port={port}"));
    }
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let running = command.spawn().context("swtpm cannot be started")?;
    until("the TPM to answer", STARTS_WITHIN, || {
        Ok(TcpStream::connect(local(port + 1)).is_ok().then_some(()))
    })?;
    Ok(running)
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// A command of the gate; whether it went well, and what it said.
fn gate(arguments: &[&str]) -> Result<(bool, String)> {
    let output = Command::new(this_program()?)
        .arg("gate")
        .args(arguments)
        .output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

/// What `gate check --json` says of the key, and whether calls are answered after a restart.
fn check(house: &House) -> Result<(Value, bool)> {
    let config = house.config(GATE).display().to_string();
    let (_, said) = gate(&["check", "--json", "--config", &config])?;
    let line = said.lines().next().unwrap_or_default();
    let found: Value = serde_json::from_str(line).with_context(|| format!("not JSON: {said}"))?;
    let answers = found["after_process_restart"]["answers_from_list"] == true;
    Ok((found["key"].clone(), answers))
}

/// The key goes from its file into the TPM as an operator would move it, and the file is gone.
fn seal_the_key(house: &mut House, tpm: &Tpm) -> Result<()> {
    let plain = house.folder.gate_key(GATE.prison());
    let sealed = plain.with_extension("sealed");
    let mut command = Command::new("systemd-creds");
    command.args(["encrypt", "--with-key=tpm2", &format!("--name={SEALED_NAME}")]);
    command.arg(format!("--tpm2-device={}", tpm.device()));
    let output = command.arg(&plain).arg(&sealed).output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::remove_file(&plain)?;
    let lines = format!("key_sealed = {sealed:?}\ntpm_device = {:?}\n", tpm.device());
    house.key_from(GATE, lines);
    Ok(())
}

/// Moves a key into the TPM, reboots, and carries the disk to another machine.
pub(crate) fn opens_after_a_reboot() -> Result<()> {
    let (mut house, planted) = settled()?;
    house.kill_hub();
    let own = house.temp().join("tpm");
    let mut tpm = Tpm::start(own.clone())?;
    seal_the_key(&mut house, &tpm)?;
    for when in ["sealed", "after a reboot"] {
        house.kill_gate(GATE);
        // A real TPM forgets a client that is gone; one in software keeps its few sessions until it starts again.
        tpm.reboot(own.clone())?;
        house.start_gate(GATE)?;
        let mut dialled = Dialled::default();
        dialled.with_a_list(&house, &planted)?;
        dialled.tell(when);
        let (key, answers) = check(&house)?;
        ensure!(answers && key["source"] == "sealed", "{when}, check says {key}");
    }
    house.kill_gate(GATE);
    tpm.reboot(house.temp().join("another-tpm"))?;
    let (key, answers) = check(&house)?;
    ensure!(
        !answers && key["readable_now"] == false,
        "elsewhere, check says {key}"
    );
    say::line(&format!("  elsewhere: {}", key["why_not"]));
    house.start_gate(GATE)?;
    let mut dialled = Dialled::default();
    for number in planted.barred.iter().chain(&planted.approved) {
        dialled.expect(&house, GATE, "A1234BC", number, &Said::Refused)?;
    }
    dialled.helplines(&house)?;
    dialled.tell("on another machine");
    let health = Http::new()?.get(&format!("http://{}/health", house.http(GATE)))?;
    ensure!(
        health.status == 503 && health.body.contains("no-key"),
        "{}",
        health.body
    );
    makes_a_key(&house, &mut tpm)?;
    house.still_runs()
}

/// A new gate makes its key in the TPM at once: it is on no disk in the clear.
fn makes_a_key(house: &House, tpm: &mut Tpm) -> Result<()> {
    tpm.reboot(house.temp().join("a-third-tpm"))?;
    let folder = house.temp().join("new-gate");
    fs::create_dir(&folder)?;
    let config = folder.join("gate.toml");
    let text = format!(
        "prison = \"LEI\"\ntrunk = \"trunk.example\"\nstate_dir = \"state\"\nkey_sealed = \"gate.key\"\n\
         tpm_device = {:?}\n",
        tpm.device()
    );
    fs::write(&config, text)?;
    let config = config.display().to_string();
    let (made, said) = gate(&["key", "--config", &config])?;
    ensure!(made, "no key was made: {said}");
    let (again, said) = gate(&["key", "--config", &config])?;
    ensure!(!again && said.contains("is there already"), "overwritten: {said}");
    let sealed = fs::read(folder.join("gate.key"))?;
    ensure!(sealed.len() > 200, "{} bytes are no sealed key", sealed.len());
    let (_, said) = gate(&["check", "--json", "--config", &config])?;
    ensure!(said.contains("\"readable_now\":true"), "{said}");
    Ok(())
}
