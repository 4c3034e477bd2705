//! Locating measured: `cargo run --release -p bench --bin locate -- --eval DIR`.
//!
//! A roster of a million invented prisoners is written to a file, read back as `upcs locate` reads it, and asked what
//! referrers write, class by class. In the same run the match ladder of the prisoner search, emulated, answers the same
//! queries; then the roster and queries of `DIR/locating` are run and scored alike. It exits with 1 where a goal is missed.

mod ladder;
mod people;
mod queries;
mod score;

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use offender::{Known, Outcome, PrisonerRecord, Roster};
use prison::PrisonerNumber;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

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

/// One query, and who is meant.
struct Asked {
    class: &'static str,
    known: Known,
    right: Option<PrisonerNumber>,
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

fn write_roster(people: &People, prisoners: u64, path: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for place in 0..prisoners {
        serde_json::to_writer(&mut out, &people.at(place))?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn queries_of(people: &People, args: &Args) -> Vec<Asked> {
    let mut random = StdRng::seed_from_u64(args.seed + 1);
    let mut all = Vec::new();
    for (class, _) in queries::CLASSES {
        let wanted = all.len()
            + if class == "mixed" {
                5 * args.queries
            } else {
                args.queries
            };
        while all.len() < wanted {
            let record = people.at(random.random_range(0..args.prisoners));
            let known = queries::asked(class, &record, people, &mut random);
            all.extend(known.map(|known| Asked {
                class,
                known,
                right: Some(record.prisoner_number),
            }));
        }
    }
    for place in 0..5 * args.queries as u64 {
        let record = people.at(args.prisoners + place);
        let known = queries::asked("exact", &record, people, &mut random);
        all.extend(known.map(|known| Asked {
            class: "absent",
            known,
            right: None,
        }));
    }
    all
}

/// Reads the roster as it comes, so that it is in memory once, and says how long that took and what it holds.
fn load(path: &Path) -> Result<Roster> {
    let before = resident_mb()?;
    let began = Instant::now();
    let lines = BufReader::new(File::open(path)?).lines();
    let mut wrong = Ok(());
    let records = lines.map_while(|line| {
        let record = line
            .map_err(anyhow::Error::from)
            .and_then(|line| Ok(serde_json::from_str::<PrisonerRecord>(&line)?));
        record.map_err(|error| wrong = Err(error)).ok()
    });
    let roster = Roster::build(records);
    wrong.context("the roster cannot be read")?;
    let (took, after) = (began.elapsed().as_secs_f64(), resident_mb()?);
    say(&format!(
        "{} prisoners read and laid out in {took:.1} s, {:.0} MB",
        roster.len(),
        after - before
    ))?;
    Ok(roster)
}

fn ask_roster(roster: &Roster, asked: &[Asked]) -> Result<Score> {
    let mut score = Score::default();
    asked
        .iter()
        .take(20)
        .for_each(|one| drop(roster.locate(&one.known, 5)));
    for one in asked {
        let (answer, took) = timed(|| roster.locate(&one.known, 5))?;
        let ranked: Vec<_> = answer
            .candidates
            .iter()
            .map(|candidate| candidate.prisoner_number)
            .collect();
        score.count(
            one.class,
            one.right,
            &ranked,
            answer.outcome == Outcome::Sure,
            took,
        );
    }
    Ok(score)
}

/// The ladder has one word for how sure it is: everything was as supplied, and nobody else was.
fn ask_ladder(ladder: &Ladder, asked: &[Asked]) -> Result<Score> {
    let mut score = Score::default();
    for one in asked {
        let (ranked, took) = timed(|| ladder.locate(&one.known))?;
        score.count(one.class, one.right, &ranked, ranked.len() == 1, took);
    }
    Ok(score)
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

/// What something gives, how long it took, and of that, on the processor: the machine may do other things besides.
fn timed<T>(work: impl FnOnce() -> T) -> Result<(T, [Duration; 2])> {
    // The first figure is how many nanoseconds this thread was on a processor.
    let processor = || -> Result<Duration> {
        let status = std::fs::read_to_string("/proc/thread-self/schedstat")?;
        let nanos = status.split(' ').next().context("no schedstat")?;
        Ok(Duration::from_nanos(nanos.parse()?))
    };
    let worked = processor()?;
    let began = Instant::now();
    let given = work();
    let took = began.elapsed();
    Ok((given, [took, processor()? - worked]))
}

/// What the process holds in memory, in millions of bytes.
fn resident_mb() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .context("no VmRSS")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no VmRSS")?.parse()?;
    Ok(kib * 1024.0 / 1e6)
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
