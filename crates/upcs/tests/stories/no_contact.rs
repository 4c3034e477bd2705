//! A prison's no-contact list is brought in by the command, while the hub and the command are killed: afterwards every
//! number of it is refused at every gate, each row was taken over once, and the report says what is wanting.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use upcs::children::this_program;
use upcs::demo::ENABLING;
use upcs::say;

use crate::clients::{Said, dial};
use crate::house::{GATES, Gate, House};
use crate::numbers::forms;
use crate::store::head;
use crate::tools::until;

/// On the demo's list of A2345CD, so that the enabling gate allows it until it is barred.
const NUMBER: &str = "07700 900123";
/// Rows before the one that names it: each one a number of its own.
const ROWS: usize = 300;
const BEGINS_WITHIN: Duration = Duration::from_secs(30);
const REFUSED_WITHIN: Duration = Duration::from_secs(20);

/// Brings a list in.
pub(crate) fn is_taken_over() -> Result<()> {
    let mut house = House::start()?;
    for (gate, from) in [(Gate::Barring, "A1234BC"), (Gate::Enabling, "A2345CD")] {
        ensure!(
            dial(house.sip(gate), from, NUMBER) == Said::Allowed,
            "{gate:?} refuses it already"
        );
    }
    let file = write(house.temp())?;
    kill_both_half_way(&mut house, &file)?;
    let waits = import(&house, &file, "0")?.wait_with_output()?;
    let said = String::from_utf8_lossy(&waits.stderr).into_owned();
    ensure!(
        !waits.status.success() && said.contains("wait and are not barred"),
        "no hub runs: {said}"
    );
    house.start_hub()?;
    let done = import(&house, &file, "30")?.wait_with_output()?;
    let report = told(&done)?;
    let expected = json!({"unreadable": 1, "was-approved": 1});
    ensure!(
        report["state"] == "done" && report["rows"] == json!(ROWS + 2) && report["barred"] == json!(ROWS + 1),
        "{report}"
    );
    ensure!(
        report["gapCounts"] == expected && report["unprotectedRows"] == 1,
        "{report}"
    );
    until("the number to be refused at both gates", REFUSED_WITHIN, || {
        let refused = |gate: Gate| dial(house.sip(gate), "A2345CD", NUMBER) == Said::Refused;
        Ok(GATES.into_iter().all(refused).then_some(()))
    })?;
    let mut dialled = 0;
    for form in forms(NUMBER) {
        for gate in GATES {
            ensure!(
                dial(house.sip(gate), "A1234BC", &form) == Said::Refused,
                "{gate:?} allows {form}"
            );
            dialled += 1;
        }
    }
    the_report_stays(&house, &file, &report)?;
    say::line(&format!(
        "  {} rows, hub and command killed half-way: {} barred, {dialled} calls refused",
        ROWS + 2,
        report["barred"]
    ));
    house.still_runs()
}

/// The same file again changes nothing, and `report` prints what was printed.
fn the_report_stays(house: &House, file: &Path, report: &Value) -> Result<()> {
    let before = head(&house.folder)?;
    let again = told(&import(house, file, "30")?.wait_with_output()?)?;
    ensure!(
        again == *report && head(&house.folder)? == before,
        "the same file again: {again}"
    );
    let read = hub(house, &["no-contact", "report"], &["--by", "Anwen Pugh"])?;
    let read = told(&read.wait_with_output()?)?;
    ensure!(read == *report, "another report: {read}");
    Ok(())
}

/// Kills the hub as soon as it has begun, and the command that waits for it.
fn kill_both_half_way(house: &mut House, file: &Path) -> Result<()> {
    let begun = head(&house.folder)?;
    let mut first = import(house, file, "30")?;
    let waited = until("the hub to begin with the list", BEGINS_WITHIN, || {
        Ok((head(&house.folder)? > begun).then_some(()))
    });
    house.kill_hub();
    first.kill()?;
    first.wait()?;
    waited
}

/// One row that cannot be read, many that name a number each, and last the one that rings today.
fn write(temp: &Path) -> Result<PathBuf> {
    let mut rows = vec!["prison_number,prisoner,person,numbers,address".to_owned()];
    rows.push("A2345CD,Callum Prior,Ann Invented,07700 900400,,a cell too many".to_owned());
    rows.extend((0..ROWS).map(|n| format!("A2345CD,Callum Prior,Person {n},020 7946 0{n:03},")));
    rows.push(format!("A2345CD,\"Prior, Callum\",Carys Bevan,{NUMBER},"));
    let file = temp.join("no-contact.csv");
    fs::write(&file, rows.join("\r\n"))?;
    Ok(file)
}

fn import(house: &House, file: &Path, wait: &str) -> Result<Child> {
    let file = file.display().to_string();
    let words = [
        "--prison",
        ENABLING,
        "--kept-by",
        "Public protection, HMP Leeds",
        "--as-of",
        "2025-11-01",
        "--by",
        "Anwen Pugh",
        "--wait",
        wait,
        &file,
    ];
    hub(house, &["no-contact", "import"], &words)
}

fn hub(house: &House, command: &[&str], words: &[&str]) -> Result<Child> {
    let child = Command::new(this_program()?)
        .arg("hub")
        .args(command)
        .args(["--demo", "--database", &house.folder.database()])
        .arg("--keys")
        .arg(house.folder.hub_keys())
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    child.context("the command cannot be started")
}

/// The one report that a command printed.
fn told(output: &Output) -> Result<Value> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {said}", output.status);
    serde_json::from_slice(&output.stdout).context("the command prints one report")
}
