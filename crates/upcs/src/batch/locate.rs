//! `upcs locate`: prisoners in a roster, found from what is known of them.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use offender::{Answer, Estimate, Estimated, Known, PrisonerRecord, Roster, Weights};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::say;

/// `upcs locate` alone answers queries.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct LocateArgs {
    #[command(subcommand)]
    command: Option<LocateCommand>,
    #[command(flatten)]
    queries: Option<QueryArgs>,
}

#[derive(Subcommand)]
enum LocateCommand {
    /// Learn the weights from data, by expectation-maximisation, and print them for `--weights`
    Weights(WeightsArgs),
}

/// `upcs locate`
#[derive(Args)]
struct QueryArgs {
    /// The prisoners, one JSON object a line
    #[arg(long)]
    roster: PathBuf,
    /// How many candidates an answer names at most
    #[arg(long, default_value_t = 5)]
    top: usize,
    /// Other weights than those of this program, as `upcs locate weights` prints them
    #[arg(long)]
    weights: Option<PathBuf>,
    /// The queries, one JSON object a line; standard input without it, or for `-`
    queries: Option<PathBuf>,
}

/// `upcs locate weights`
#[derive(Args)]
struct WeightsArgs {
    /// The prisoners, one JSON object a line
    #[arg(long)]
    roster: PathBuf,
    /// What was written of prisoners on the roster, one query a line; without it, the roster's own records are compared,
    /// which says how one person is recorded twice and not what people remember of him
    #[arg(long)]
    asked: Option<PathBuf>,
    /// How many descriptions to compare at most
    #[arg(long, default_value_t = 20_000)]
    sample: usize,
    /// Another seed, another sample
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Start from these weights instead of those of this program
    #[arg(long)]
    weights: Option<PathBuf>,
}

/// Descriptions compared between two lines of progress.
const PROGRESS: usize = 5_000;

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    id: Value,
    #[serde(flatten)]
    known: Known,
}

/// Answers queries, or learns weights.
pub fn run(args: &LocateArgs) -> Result<()> {
    match (&args.command, &args.queries) {
        (Some(LocateCommand::Weights(args)), _) => learn(args),
        (None, Some(args)) => answer_all(args),
        (None, None) => anyhow::bail!("say where the prisoners are: --roster"),
    }
}

/// Writes one JSON object for each query, in the same order. A query that cannot be read is answered with
/// `none`, so that no answer shifts.
fn answer_all(args: &QueryArgs) -> Result<()> {
    let roster = read_roster(&args.roster, args.weights.as_deref())?;
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

/// Prints the weights that were learned, in the form of the file that is compiled in, and says from how much.
fn learn(args: &WeightsArgs) -> Result<()> {
    let roster = read_roster(&args.roster, args.weights.as_deref())?;
    let estimate = match &args.asked {
        Some(path) => Estimate::of_asked(&roster, read_asked(path)?, args.sample, args.seed),
        None => Estimate::of_roster(&roster, args.sample, args.seed),
    };
    let learned = estimate.run(&mut |done, all| {
        if done % PROGRESS == 0 {
            say::aside(&format!("{done} of {all} descriptions compared"));
        }
    })?;
    tell(&learned);
    let mut out = stdout().lock();
    write!(out, "{}", learned.weights).context("the weights cannot be written")
}

fn tell(learned: &Estimated) {
    for (rule, pairs, matches) in &learned.rules {
        say::aside(&format!(
            "{rule}: {pairs} pairs, about {matches:.0} of one person"
        ));
    }
    say::aside(&format!(
        "{} pairs at random; {} blocks were too large and left out",
        learned.at_random, learned.left_out
    ));
}

fn read_asked(path: &Path) -> Result<Vec<Known>> {
    let mut asked = Vec::new();
    for (at, line) in (1..).zip(super::input(Some(path))?.lines()) {
        let line = line.with_context(|| format!("{} cannot be read", path.display()))?;
        match serde_json::from_str::<Query>(&line) {
            Ok(query) => asked.push(query.known),
            Err(_) if line.trim().is_empty() => {}
            Err(_) => say::aside(&format!(
                "line {at} of what was asked is left out: it is not a query"
            )),
        }
    }
    Ok(asked)
}

/// The weights of a file, or those of this program.
fn read_weights(path: Option<&Path>) -> Result<Arc<Weights>> {
    let Some(path) = path else {
        return Ok(Arc::default());
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(Arc::new(text.parse()?))
}

/// Lays the roster out line by line: a million prisoners are never in memory as values.
fn read_roster(path: &Path, weights: Option<&Path>) -> Result<Roster> {
    let weights = read_weights(weights)?;
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
    let roster = Roster::build_with(weights, records);
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
