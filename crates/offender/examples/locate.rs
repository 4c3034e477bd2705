//! Ranks a file of queries against a roster: `locate --roster roster.jsonl [--top 5] [queries.jsonl|-]`.
//!
//! In: one JSON object a line. Out, in the same order: `{"id","outcome","candidates":[{"prisonerNumber","bits",
//! "evidence":[{"field","level","bits"}]}]}`; times go to standard error.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use offender::{Answer, Known, PrisonerRecord, Roster};
use serde::Deserialize;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Query {
    id: Value,
    #[serde(flatten)]
    known: Known,
}

fn main() -> Result<(), Failure> {
    let (roster, queries, top) = arguments()?;
    let began = Instant::now();
    let records: Vec<PrisonerRecord> = lines(Box::new(File::open(roster)?))?;
    let read = began.elapsed();
    let roster = Roster::build(records);
    eprintln!(
        "{} prisoners: read in {read:?}, laid out in {:?}",
        roster.len(),
        began.elapsed() - read
    );
    let queries: Vec<Query> = match queries.as_deref() {
        None | Some("-") => lines(Box::new(std::io::stdin()))?,
        Some(path) => lines(Box::new(File::open(path)?))?,
    };
    let mut times = Vec::with_capacity(queries.len());
    for query in queries {
        let began = Instant::now();
        let answer = roster.locate(&query.known, top);
        times.push(began.elapsed());
        println!("{}", line(&query.id, &answer));
    }
    times.sort_unstable();
    eprintln!("p50 {:?} p99 {:?}", quantile(&times, 0.5), quantile(&times, 0.99));
    Ok(())
}

fn arguments() -> Result<(String, Option<String>, usize), Failure> {
    let (mut roster, mut queries, mut top) = (None, None, 5);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--roster" => roster = words.next(),
            "--top" => top = words.next().ok_or("--top needs a number")?.parse()?,
            _ => queries = Some(word),
        }
    }
    Ok((
        roster.ok_or("usage: locate --roster roster.jsonl [--top 5] [queries.jsonl|-]")?,
        queries,
        top,
    ))
}

fn lines<T: for<'a> Deserialize<'a>>(from: Box<dyn std::io::Read>) -> Result<Vec<T>, Failure> {
    let mut found = Vec::new();
    for (at, line) in BufReader::new(from).lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            found.push(serde_json::from_str(&line).map_err(|error| format!("line {}: {error}", at + 1))?);
        }
    }
    Ok(found)
}

fn line(id: &Value, answer: &Answer) -> Value {
    let round = |bits: f64| (bits * 100.0).round() / 100.0;
    let candidates = answer.candidates.iter().map(|candidate| {
        let evidence = candidate.evidence.iter();
        let evidence = evidence.map(|e| json!({"field": e.field, "level": e.level, "bits": round(e.bits)}));
        json!({"prisonerNumber": candidate.prisoner_number, "bits": round(candidate.bits),
               "evidence": evidence.collect::<Vec<_>>()})
    });
    json!({"id": id, "outcome": answer.outcome, "candidates": candidates.collect::<Vec<_>>()})
}

fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let at = (sorted.len() as f64 * share) as usize;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}
