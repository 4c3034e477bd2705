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
    let roster = Roster::build(read_roster(&args.roster)?);
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

fn read_roster(path: &Path) -> Result<Vec<PrisonerRecord>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let (mut records, mut bad) = (Vec::new(), 0_usize);
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("{} cannot be read", path.display()))?;
        match serde_json::from_str(&line) {
            Ok(record) => records.push(record),
            Err(_) if line.trim().is_empty() => {}
            Err(_) => {
                bad += 1;
                say::aside(&format!(
                    "line {} of the roster is left out: it is not a prisoner",
                    at + 1
                ));
            }
        }
    }
    if bad > 0 {
        say::aside(&format!("{bad} lines left out, {} prisoners read", records.len()));
    }
    Ok(records)
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
