//! Real Kamailio between phones, gate and trunk, with the configuration that is shipped: the suite for switches from
//! outside, then the whole corpus and a real gate, then live calls.

mod live;
mod proxy;
mod real_gate;
mod scenarios;

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use upcs::children::this_program;
use upcs::say;

use proxy::{GATE_TIMER_MS, Kamailio, Site};

pub(crate) use live::{ended_by_the_gate, listed_and_ended};
pub(crate) use real_gate::sees_what_was_allowed;
pub(crate) use scenarios::answered_alike;

const NEVER_ASKS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/stories/kamailio/never-asks.cfg"
);

/// The shipped configuration passes every case, and no case is left out.
pub(crate) fn conforms() -> Result<()> {
    let mut kamailio = Kamailio::start(Site::free()?)?;
    let (passed, table) = conformance(&kamailio.site, "")?;
    say::line(&table);
    ensure!(passed, "the shipped configuration does not conform");
    ensure!(!table.contains("left out"), "a case was left out");
    let log = kamailio.log()?;
    ensure!(!log.contains("7700900"), "kamailio's log names a number:\n{log}");
    ensure!(
        log.contains("the call fails"),
        "a gate that does not answer is not logged"
    );
    kamailio.still_runs()
}

/// A switch that never asks the gate fails, in the cases where it must.
pub(crate) fn wrong_switch_is_found() -> Result<()> {
    let kamailio = Kamailio::start_with(Site::free()?, &fs::read_to_string(NEVER_ASKS)?)?;
    let (passed, table) = conformance(&kamailio.site, "the gate ")?;
    ensure!(!passed, "a switch that never asks passes:\n{table}");
    for case in [
        "the gate refuses",
        "the gate does not answer",
        "nothing else reached the trunk",
    ] {
        let found = table
            .lines()
            .any(|line| line.starts_with(&format!("FAIL      {case}")));
        ensure!(found, "a switch that never asks passes {case:?}:\n{table}");
    }
    let failed = table.lines().filter(|line| line.starts_with("FAIL")).count();
    say::line(&format!("  {failed} cases find a switch that never asks"));
    Ok(())
}

/// Runs `upcs conformance` around a switch, as a vendor does. Whether it passed, and the table.
fn conformance(site: &Site, only: &str) -> Result<(bool, String)> {
    let output = Command::new(this_program()?)
        .args(["conformance", "--stranger", "127.0.0.9", "--only", only])
        .args(["--switch", &site.phones.to_string()])
        .args(["--gate-listen", &site.gate.to_string()])
        .args(["--trunk-listen", &site.trunk.to_string()])
        .args(["--switch-trunk-side", &site.trunk_side.to_string()])
        .args(["--gate-timer-ms", &GATE_TIMER_MS.to_string()])
        .stdin(Stdio::null())
        .output()
        .context("upcs conformance cannot be started")?;
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        table.contains(" cases, "),
        "no table: {table}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok((output.status.success(), table))
}
