//! `upcs locate`: prisoners in a roster, found from what is known of them.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use offender::{Answer, Known, PrisonerRecord, Roster};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::say;

/// `upcs locate`
#[derive(Args)]
pub struct LocateArgs {
    /// The prisoners, one JSON object a line
    #[arg(long)]
    roster: PathBuf,
    /// How many candidates an answer names at most
    #[arg(long, default_value_t = 5)]
    top: usize,
    /// The queries, one JSON object a line; standard input without it, or for `-`
    queries: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    id: Value,
    #[serde(flatten)]
    known: Known,
}

/// Writes one JSON object for each query, in the same order. A query that cannot be read is answered with
/// `none`, so that no answer shifts.
pub fn run(args: &LocateArgs) -> Result<()> {
    let roster = read_roster(&args.roster)?;
    let mut out = BufWriter::new(stdout().lock());
    for line in super::input(args.queries.as_deref())?.lines() {
        let line = line.context("the queries cannot be read")?;
        let answer = match serde_json::from_str::<Query>(&line) {
            Ok(query) => answer(&query.id, &roster.locate(&query.known, args.top)),
            Err(_) if line.trim().is_empty() => continue,
            Err(error) => {
                json!({"id": null, "outcome": "none", "candidates": [], "error": error.to_string()})
            }
        };
        writeln!(out, "{answer}").context("the answers cannot be written")?;
    }
    out.flush().context("the answers cannot be written")
}

/// Lays the roster out line by line: a million prisoners are never in memory as values.
fn read_roster(path: &Path) -> Result<Roster> {
    let unreadable = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(unreadable)?;
    let (mut broken, mut bad) = (Ok(()), 0_usize);
    let lines = (1..).zip(BufReader::new(file).lines());
    let lines = lines.map_while(|(at, line)| {
        line.map_err(|error| broken = Err(error))
            .ok()
            .map(|line| (at, line))
    });
    let records = lines.filter_map(|(at, line)| match serde_json::from_str::<PrisonerRecord>(&line) {
        Ok(record) => Some(record),
        Err(_) if line.trim().is_empty() => None,
        Err(_) => {
            bad += 1;
            say::aside(&format!(
                "line {at} of the roster is left out: it is not a prisoner"
            ));
            None
        }
    });
    let roster = Roster::build(records);
    broken.with_context(unreadable)?;
    if bad > 0 {
        say::aside(&format!("{bad} lines left out, {} prisoners read", roster.len()));
    }
    Ok(roster)
}

fn answer(id: &Value, answer: &Answer) -> Value {
    let candidates = answer.candidates.iter().map(|candidate| {
        let evidence = candidate.evidence.iter();
        let evidence = evidence.map(|e| json!({"field": e.field, "level": e.level, "bits": rounded(e.bits)}));
        json!({
            "prisonerNumber": candidate.prisoner_number,
            "bits": rounded(candidate.bits),
            "evidence": evidence.collect::<Vec<_>>(),
        })
    });
    json!({"id": id, "outcome": answer.outcome, "candidates": candidates.collect::<Vec<_>>()})
}

fn rounded(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0
}
