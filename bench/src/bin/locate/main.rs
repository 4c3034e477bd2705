//! Locating measured: `cargo run --release -p bench --bin locate -- --eval DIR`.
//!
//! A roster of a million invented prisoners is written to a file, read back as `upcs locate` reads it, and asked what
//! referrers write, class by class. In the same run the match ladder of the prisoner search, emulated, answers the same
//! queries; then the roster and queries of `DIR/locating` are run and scored alike. It exits with 1 where a goal is missed.

mod ask;
mod ladder;
mod people;
mod queries;
mod score;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;

use ask::{Asked, ask_ladder, ask_roster, load, queries_of, write_roster};
use ladder::Ladder;
use people::People;
use score::Score;

/// Measures locating on a generated roster, and on one from a folder
#[derive(Parser)]
struct Args {
    /// The folder that holds `locating/` with a roster, queries and their truth
    #[arg(long)]
    eval: Option<PathBuf>,
    /// Prisoners on the generated roster
    #[arg(long, default_value_t = 1_000_000)]
    prisoners: u64,
    /// Queries of each class; of mixed errors and of people who are not there, five times as many
    #[arg(long, default_value_t = 200)]
    queries: usize,
    /// Another seed, other people
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let met = generated(&args)?;
    let met = match &args.eval {
        Some(folder) => given(&folder.join("locating"))? && met,
        None => met,
    };
    anyhow::ensure!(met, "a goal was missed");
    Ok(())
}

fn generated(args: &Args) -> Result<bool> {
    let people = People::new(args.seed);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("roster.jsonl");
    say(&format!("writing {} prisoners", args.prisoners))?;
    write_roster(&people, args.prisoners, &path)?;
    let asked = queries_of(&people, args);
    let roster = load(&path)?;
    let mut ours = ask_roster(&roster, &asked)?;
    drop(roster);
    let mut ladder = Ladder::default();
    (0..args.prisoners).for_each(|place| ladder.add(&people.at(place)));
    let mut rungs = ask_ladder(&ladder, &asked)?;
    say("class               ours @1    @5              match ladder @1    @5")?;
    for (class, _) in queries::CLASSES {
        say(&format!(
            "{class:18} {}     {}",
            ours.line(class),
            rungs.line(class)
        ))?;
    }
    tell(&mut rungs, "match ladder")?;
    tell(&mut ours, "ours")
}

/// The roster, queries and truth of a folder.
fn given(folder: &Path) -> Result<bool> {
    say(&format!("\n{}", folder.display()))?;
    let truth = std::fs::read_to_string(folder.join("truth.tsv"))?;
    let truth = truth.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let lines = BufReader::new(File::open(folder.join("queries.jsonl"))?).lines();
    let asked = truth.zip(lines).map(|(truth, line)| {
        let [_, number, class] = truth[..] else {
            anyhow::bail!("truth.tsv has three columns")
        };
        let class = queries::CLASSES
            .iter()
            .find(|(name, _)| *name == class)
            .map_or("absent", |(name, _)| *name);
        Ok(Asked {
            class,
            known: serde_json::from_str(&line?)?,
            right: number.parse().ok(),
        })
    });
    let asked = asked.collect::<Result<Vec<_>>>()?;
    let roster = load(&folder.join("roster.jsonl"))?;
    let mut ours = ask_roster(&roster, &asked)?;
    for (class, _) in queries::CLASSES {
        say(&format!("{class:18} {}", ours.line(class)))?;
    }
    tell(&mut ours, "ours")
}

/// Says the figures, and whether they meet the goal.
fn tell(score: &mut Score, whose: &str) -> Result<bool> {
    let figures = score.figures(|class| {
        queries::CLASSES
            .iter()
            .any(|(name, strict)| *name == class && *strict)
    });
    say(&format!(
        "{whose}: mixed @1 {:.3} @5 {:.3}; least of the other classes @5 {:.3}; sure {:.3}, right {:.4}, of absent {:.4}; p50 {:.1} ms, p99 {:.1} ms (on the processor {:.1} and {:.1})",
        figures.mixed_first,
        figures.mixed_among_five,
        figures.least_among_five,
        figures.sure,
        figures.precision,
        figures.absent_sure,
        figures.p50_ms[0],
        figures.p99_ms[0],
        figures.p50_ms[1],
        figures.p99_ms[1]
    ))?;
    Ok(figures.mixed_first >= 0.88
        && figures.mixed_among_five >= 0.96
        && figures.least_among_five >= 0.98
        && figures.sure >= 0.6
        && figures.precision >= 0.995
        && figures.absent_sure <= 0.01
        && figures.p50_ms[0] < 10.0
        && figures.p99_ms[0] < 30.0)
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
