//! Rosters written and read back, and queries put to them and to the ladder, timed.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::time::{ClockId, clock_gettime};
use offender::{Known, Outcome, PrisonerRecord, Roster};
use prison::PrisonerNumber;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::ladder::Ladder;
use crate::people::People;
use crate::score::Score;
use crate::{Args, queries, say};

/// One query, and who is meant.
pub(crate) struct Asked {
    pub(crate) class: &'static str,
    pub(crate) known: Known,
    pub(crate) right: Option<PrisonerNumber>,
}

pub(crate) fn write_roster(people: &People, prisoners: u64, path: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for place in 0..prisoners {
        serde_json::to_writer(&mut out, &people.at(place))?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

pub(crate) fn queries_of(people: &People, args: &Args) -> Vec<Asked> {
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
pub(crate) fn load(path: &Path) -> Result<Roster> {
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

pub(crate) fn ask_roster(roster: &Roster, asked: &[Asked]) -> Result<Score> {
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
pub(crate) fn ask_ladder(ladder: &Ladder, asked: &[Asked]) -> Result<Score> {
    let mut score = Score::default();
    for one in asked {
        let (ranked, took) = timed(|| ladder.locate(&one.known))?;
        score.count(one.class, one.right, &ranked, ranked.len() == 1, took);
    }
    Ok(score)
}

/// What something gives, how long it took, and of that, on the processor: the machine may do other things besides.
fn timed<T>(work: impl FnOnce() -> T) -> Result<(T, [Duration; 2])> {
    let processor = || clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from);
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
