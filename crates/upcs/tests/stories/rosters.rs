//! A roster's file is brought in by the command while it and the hub are killed: until the command is through nobody sees
//! a row of it, given again it goes on, and bad rows are told by their lines. `UPCS_FULL=1` takes a million rows.

use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use upcs::children::this_program;
use upcs::say;

use crate::house::House;
use crate::store::open_store;
use crate::tools::is_set;

const ROWS: u64 = 8_000;
const ROWS_IN_FULL: u64 = 1_000_000;
/// A prisoner of the demo, whom the last line of the file renames.
const KNOWN: &str = "A2345CD";
const HIS_NAME: &str = "Otto";

/// Brings a roster in.
pub(crate) fn is_taken_over() -> Result<()> {
    let rows = if is_set("UPCS_FULL") { ROWS_IN_FULL } else { ROWS };
    let mut house = House::start()?;
    let before = stands(&house)?;
    let file = write(house.temp(), rows)?;

    let mut first = import(&house, &file)?;
    wait_for(&mut first, &format!(" of {} lines", rows + 2))?;
    first.kill()?;
    ensure!(
        !first.wait()?.success(),
        "the command was through before it was killed"
    );
    ensure!(stands(&house)? == before, "a file that is staged in part is seen");
    house.kill_hub();
    house.start_hub()?;
    ensure!(
        stands(&house)? == before,
        "a hub that starts again sees a file that is staged in part"
    );

    let again = import(&house, &file)?.wait_with_output()?;
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    ensure!(said.contains("going on behind line "), "it began anew: {said}");
    ensure!(
        !again.status.success() && said.contains(&format!("2 of {} rows were not taken", rows + 2)),
        "two rows are bad: {said}"
    );
    let report: Value = serde_json::from_slice(&again.stdout).context("the command prints one report")?;
    let problems = json!([{"line": 2, "why": "unreadable"}, {"line": 3, "why": "holder"}]);
    ensure!(
        report["rows"] == rows + 2 && report["problems"] == problems,
        "{report}"
    );
    ensure!(report["new"] == rows - 1 && report["changed"] == 1, "{report}");
    let (people, name) = stands(&house)?;
    ensure!(
        (people, name.as_str()) == (before.0 + rows - 1, HIS_NAME),
        "{people} people, {name}"
    );

    fs::write(&file, without_bad_rows(&file)?)?;
    let same = import(&house, &file)?.wait_with_output()?;
    let report: Value = serde_json::from_slice(&same.stdout).context("the command prints one report")?;
    ensure!(
        same.status.success() && report["unchanged"] == rows && report["problemCount"] == 0,
        "the same rows again: {report}"
    );
    say::line(&format!(
        "  {rows} rows, hub and command killed half-way: all of them at one moment"
    ));
    house.still_runs()
}

/// How many people are on record, and the known one's first name.
fn stands(house: &House) -> Result<(u64, String)> {
    upcs::cli::runtime()?.block_on(async {
        let prisoners = open_store(&house.folder).await?.prisoners().await?;
        let known = prisoners
            .iter()
            .find(|record| record.prisoner_number.as_str() == KNOWN);
        let known = known.context("the demo's prisoner is on record")?;
        Ok((prisoners.len() as u64, known.first_name.clone()))
    })
}

/// A good row, two bad ones, further good ones; the last renames somebody who is on record.
fn write(temp: &Path, rows: u64) -> Result<PathBuf> {
    let file = temp.join("roster.jsonl");
    let mut out = BufWriter::new(fs::File::create(&file)?);
    let row = |number: &str, first: &str| json!({"prisonerNumber": number, "firstName": first, "lastName": "Invented", "prisonId": "OUT"});
    writeln!(out, "{}", row("Z0000AA", "Ivan"))?;
    writeln!(out, "nonsense")?;
    writeln!(out, "{}", row("Z00", "Ivan"))?;
    for n in 1..rows - 1 {
        let (pair, number) = (char::from(b'A' + u8::try_from(n / 10_000 % 26)?), n % 10_000);
        let letter = char::from(b'A' + u8::try_from(n / 260_000)?);
        writeln!(out, "{}", row(&format!("Z{number:04}{letter}{pair}"), "Ivan"))?;
    }
    writeln!(out, "{}", row(KNOWN, HIS_NAME))?;
    out.flush()?;
    Ok(file)
}

fn without_bad_rows(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file)?;
    let good = text.lines().enumerate().filter(|(at, _)| !matches!(at, 1 | 2));
    Ok(good.map(|(_, line)| format!("{line}\n")).collect())
}

fn import(house: &House, file: &Path) -> Result<Child> {
    let child = Command::new(this_program()?)
        .args([
            "hub",
            "roster",
            "import",
            "--demo",
            "--database",
            &house.folder.database(),
        ])
        .arg("--keys")
        .arg(house.folder.hub_keys())
        .args(["--operator", &house.folder.remembered()?.operators[0]])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    child.context("the command cannot be started")
}

/// Waits until a command says this.
fn wait_for(child: &mut Child, words: &str) -> Result<()> {
    let said = child.stderr.take().context("the command speaks")?;
    let mut all = String::new();
    for line in BufReader::new(said).lines() {
        let line = line?;
        if line.contains(words) {
            return Ok(());
        }
        all.push_str(&line);
    }
    bail!("the command ended: {all}")
}
