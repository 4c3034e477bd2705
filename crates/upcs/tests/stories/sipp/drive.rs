//! Running sipp: the injection file, the program, and the two counts of what came back.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::{Call, Counts, LogCounts};
use crate::chance::Chance;
use crate::house::{Gate, House, free_port};
use crate::tools::Tool;

const SCENARIO: &str = include_str!("calls.xml");
/// Calls begun in a second.
const RATE: &str = "1000";
/// Calls under way at a time.
const AT_A_TIME: &str = "200";
/// When sipp gives up, in seconds.
const GIVE_UP: &str = "180";

/// The calls of one run.
pub(crate) struct Calls {
    pub(crate) permitted: Vec<Call>,
    pub(crate) barred: Vec<Call>,
}

/// Makes all the calls, in any order.
pub(crate) fn drive(house: &House, gate: Gate, calls: Calls, chance: &mut Chance) -> Result<Counts> {
    let folder = house.temp().join("sipp");
    fs::create_dir(&folder)?;
    let permitted = calls.permitted.iter().map(|call| line("302", call));
    let mut lines: Vec<String> = permitted
        .chain(calls.barred.iter().map(|call| line("403", call)))
        .collect();
    chance.shuffle(&mut lines);
    fs::write(folder.join("calls.xml"), SCENARIO)?;
    fs::write(
        folder.join("calls.csv"),
        format!("SEQUENTIAL\n{}", lines.concat()),
    )?;
    run(&folder, &house.sip(gate).to_string(), lines.len())?;
    let statistics = last_row(&find(&folder, "statistics.csv")?)?;
    let messages = last_row(&find(&folder, "_counts.csv")?)?;
    Ok(Counts {
        answered: count(&statistics, |name| name == "SuccessfulCall(C)")?,
        failed: count(&statistics, |name| name == "FailedCall(C)")?,
        allowed: count(&messages, |name| name.ends_with("_302_Recv"))?,
        refused: count(&messages, |name| name.ends_with("_403_Recv"))?,
        log: read_log(&folder.join("answers.log"))?,
    })
}

fn line(must: &str, (caller, dialled): &Call) -> String {
    format!("{must};{caller};{}\n", in_uri(dialled))
}

/// What may not stand in the user part of a SIP URI as it is, is escaped (RFC 3261, section 25.1).
fn in_uri(dialled: &str) -> String {
    let mut escaped = String::new();
    for byte in dialled.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()+".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

fn run(folder: &Path, gate: &str, calls: usize) -> Result<()> {
    let program = Tool::Sipp.find().context("sipp was here")?;
    let (calls, port) = (calls.to_string(), free_port()?.to_string());
    let output = Command::new(program)
        .current_dir(folder)
        .args([
            gate,
            "-sf",
            "calls.xml",
            "-inf",
            "calls.csv",
            "-m",
            &calls,
            "-r",
            RATE,
            "-l",
            AT_A_TIME,
        ])
        .args(["-i", "127.0.0.1", "-p", &port, "-nostdin", "-deadcall_wait", "0"])
        .args([
            "-timeout",
            GIVE_UP,
            "-timeout_error",
            "-trace_stat",
            "-stf",
            "statistics.csv",
            "-fd",
            "1",
        ])
        .args([
            "-trace_counts",
            "-trace_logs",
            "-log_file",
            "answers.log",
            "-trace_err",
            "-error_file",
            "errors.log",
        ])
        .env("TERM", "dumb")
        .stdin(Stdio::null())
        .output()
        .context("sipp cannot be started")?;
    if !output.status.success() {
        let errors = fs::read_to_string(folder.join("errors.log")).unwrap_or_default();
        let errors: String = errors.chars().take(2000).collect();
        bail!("sipp ended with {}: {errors}", output.status);
    }
    Ok(())
}

fn find(folder: &Path, end: &str) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut files = files.filter(|file| file.to_string_lossy().ends_with(end));
    files.next().with_context(|| format!("sipp left no {end}"))
}

/// The last row of a file of sipp's, each value with its column's name.
fn last_row(file: &Path) -> Result<Vec<(String, String)>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_path(file)?;
    let names = reader.headers()?.clone();
    let last = reader.records().last().context("sipp's statistics are empty")??;
    Ok(names
        .iter()
        .zip(&last)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

fn count(row: &[(String, String)], wanted: impl Fn(&str) -> bool) -> Result<usize> {
    let found = row.iter().find(|(name, _)| wanted(name));
    let (name, value) = found.context("a column of sipp's statistics is missing")?;
    value.parse().with_context(|| format!("{name} is not a number"))
}

fn read_log(file: &Path) -> Result<LogCounts> {
    let mut counts = LogCounts::default();
    for line in fs::read_to_string(file).context("sipp left no log")?.lines() {
        let Some((_, said)) = line.split_once("must ") else {
            continue;
        };
        match said.trim() {
            "302 was 302" => counts.permitted_allowed += 1,
            "302 was 403" => counts.permitted_refused += 1,
            "403 was 403" => counts.barred_refused += 1,
            "403 was 302" => counts.barred_allowed += 1,
            other => bail!("sipp logged {other:?}"),
        }
    }
    let all =
        counts.permitted_allowed + counts.permitted_refused + counts.barred_refused + counts.barred_allowed;
    ensure!(all > 0, "sipp logged no answer");
    Ok(counts)
}
