//! The scenarios for sipp in `conformance/sipp`: at the mock gate, at a real one, and through Kamailio.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use upcs::conformance::mock_gate::{MockGate, Places};
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::house::{Gate, House, free_port, free_ports};
use crate::numbers::digits;
use crate::tools::Tool;

const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/sipp");
const IN_FORCE_WITHIN: Duration = Duration::from_secs(30);
/// Each scenario for gates, and which number it needs.
const AT_A_GATE: [(&str, Needs); 5] = [
    ("gate-allow.xml", Needs::Permitted),
    ("gate-refuse.xml", Needs::Barred),
    ("gate-retransmission.xml", Needs::Permitted),
    ("gate-cancel.xml", Needs::Permitted),
    ("gate-options.xml", Needs::Permitted),
];
/// Calls of each scenario.
const CALLS: u32 = 20;

#[derive(Clone, Copy)]
enum Needs {
    Permitted,
    Barred,
}

/// What the mock gate allows, and what it refuses; the real gate bars the second.
const NUMBERS: [&str; 2] = ["07700 900001", "07700 900100"];

/// Every scenario passes at the mock gate, over UDP and TCP, and at a real gate over UDP; and finds a wrong answer.
pub(crate) fn answered_alike() -> Result<()> {
    let [sip, trunk] = free_ports::<2>()?.map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    let late = Duration::from_secs(1);
    let mock = MockGate::start(&Places {
        sip,
        http: None,
        trunk: trunk.to_string(),
        late,
    })?;
    at_a_gate(sip, "u1")?;
    at_a_gate(sip, "t1")?;
    let wrong = sipp("gate-allow.xml", sip, "u1", &digits(NUMBERS[1]), 1)?;
    ensure!(!wrong, "a scenario passes although its call was refused");
    drop(mock);
    let mut house = House::start()?;
    let police = house.police()?;
    let bars = police.bar("scenarios", &[NUMBERS[1].to_owned()])?;
    let bar = bars.first().context("nothing was barred")?;
    police.wait_in_force(bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    at_a_gate(house.sip(Gate::Barring), "u1")?;
    say::line(&format!(
        "  {} scenarios: mock gate over UDP and TCP, real gate over UDP",
        AT_A_GATE.len()
    ));
    house.still_runs()
}

fn at_a_gate(gate: SocketAddr, transport: &str) -> Result<()> {
    for (scenario, needs) in AT_A_GATE {
        let number = match needs {
            Needs::Permitted => NUMBERS[0],
            Needs::Barred => NUMBERS[1],
        };
        let passed = sipp(scenario, gate, transport, &digits(number), CALLS)?;
        ensure!(passed, "{scenario} fails at {gate} over {transport}");
    }
    Ok(())
}

/// sipp calls through Kamailio: a permitted number rings and is hung up, a barred one is refused.
pub(super) fn through_kamailio(switch: SocketAddr, permitted: &str, barred: &str) -> Result<()> {
    for transport in ["u1", "t1"] {
        let rang = sipp("switch-call.xml", switch, transport, &digits(permitted), CALLS)?;
        ensure!(
            rang,
            "a permitted number does not ring through kamailio over {transport}"
        );
        let refused = sipp("switch-refuse.xml", switch, transport, &digits(barred), CALLS)?;
        ensure!(
            refused,
            "a barred number is not refused through kamailio over {transport}"
        );
    }
    say::line(&format!(
        "  sipp, UDP and TCP: {CALLS} calls to a permitted number, {CALLS} to a barred one, each"
    ));
    Ok(())
}

/// Whether every call of a scenario went as it says.
fn sipp(scenario: &str, to: SocketAddr, transport: &str, number: &str, calls: u32) -> Result<bool> {
    let file: PathBuf = Path::new(SCENARIOS).join(scenario);
    let folder = tempfile::tempdir()?;
    // sipp takes the same answer twice for a retransmission, and passes it over, unless it is told not to.
    let again = scenario.contains("retransmission").then_some("-nr");
    let status = Command::new(Tool::Sipp.find().context("sipp was here")?)
        .current_dir(folder.path())
        .arg(to.to_string())
        .arg("-sf")
        .arg(file)
        .args([
            "-s",
            number,
            "-t",
            transport,
            "-m",
            &calls.to_string(),
            "-r",
            "200",
            "-l",
            "10",
        ])
        .args([
            "-i",
            "127.0.0.1",
            "-p",
            &free_port()?.to_string(),
            "-nostdin",
            "-deadcall_wait",
            "0",
        ])
        .args(again)
        .args(["-timeout", "20", "-timeout_error", "-recv_timeout", "5000"])
        .env("TERM", "dumb")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("sipp cannot be started")?;
    Ok(status.success())
}
