//! A gate beside Kamailio: the same calls, the same generator, the same machine, one after another in one run.
//!
//! `cargo run --release -p bench --bin calls` needs `kamailio` with its `extra`, `sqlite` and `phonenum` modules,
//! `python3`, `taskset` and the folder of the generator (`--eval`). Each server has processor 0 to itself, the
//! generator processor 1. A gate is a real process of the release build over a real state folder: its list is
//! sealed on disk, and every call's attempt is recorded, sealed and fsynced while it is measured. The hub is away,
//! as it may be: what is recorded stays in the spool.
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

mod blast;
mod place;
mod process;
mod servers;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Parser;

use blast::{Blast, Run};
use servers::{Measured, Server};

/// Calls asked of a gate and of Kamailio: CPU per call, calls a second, waiting times, memory
#[derive(Parser)]
struct Arguments {
    /// The folder of the generator, Kamailio's configuration and the list maker
    #[arg(long)]
    eval: PathBuf,
    /// Numbers barred
    #[arg(long, value_delimiter = ',', default_value = "100000,1000000")]
    bars: Vec<usize>,
    /// Times that each server is measured; the best and the median are printed
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of one measurement. A gate without its hub has room for 190,000 attempts of those who call often
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Leave Kamailio out
    #[arg(long)]
    gate_alone: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if std::thread::available_parallelism()?.get() < 2 {
        bail!("two processors are needed, one for the server and one for the generator");
    }
    if cfg!(debug_assertions) {
        bail!("a debug build says nothing: cargo run --release -p bench --bin calls");
    }
    let temp = tempfile::tempdir()?;
    let blast = Blast::build(&arguments.eval, temp.path())?;
    for bars in &arguments.bars {
        measure(&arguments, *bars, &blast, temp.path())?;
    }
    Ok(())
}

fn measure(arguments: &Arguments, bars: usize, blast: &Blast, temp: &Path) -> Result<()> {
    let lists = blast::Lists::make(&arguments.eval, temp, bars)?;
    let gate = place::prepare(temp, &lists).context("the gate's state could not be made")?;
    let mut servers = vec![Server::gate(gate)];
    if !arguments.gate_alone {
        servers.extend(Server::kamailios(&arguments.eval, &lists));
    }
    println!(
        "\n{bars} numbers barred, half of the calls barred, {} runs of {} s; best / median",
        arguments.rounds, arguments.seconds
    );
    println!(
        "{:<24}{:>19}{:>19}{:>17}{:>17}{:>11}{:>7}{:>6}",
        "", "CPU us/call", "calls/s, 64 open", "one p50 us", "one p99 us", "MiB", "WRONG", "lost"
    );
    let mut all: Vec<Vec<Measured>> = servers.iter().map(|_| Vec::new()).collect();
    for _ in 0..arguments.rounds {
        for (server, measured) in servers.iter().zip(&mut all) {
            measured.push(server.measure(blast, &lists, arguments.seconds)?);
        }
    }
    for (server, measured) in servers.iter().zip(&all) {
        row(server.name(), measured);
    }
    let best = |measured: &[Measured]| least(measured, |one| one.cpu_us);
    let gate = best(&all[0]);
    for (server, measured) in servers.iter().zip(&all).skip(1) {
        let ratio = gate / best(measured);
        println!("gate / {}: {ratio:.2} of its CPU per call", server.name());
    }
    Ok(())
}

fn row(name: &str, all: &[Measured]) {
    let pair = |of: fn(&Measured) -> f64, digits: usize| {
        format!("{:.digits$} / {:.digits$}", least(all, of), median(all, of))
    };
    let most = |of: fn(&Run) -> u64| all.iter().map(|one| of(&one.full) + of(&one.single)).sum::<u64>();
    let rate = |one: &Measured| one.full.rate;
    let highest = all.iter().map(rate).fold(0.0, f64::max);
    println!(
        "{name:<24}{:>19}{:>19}{:>17}{:>17}{:>11}{:>7}{:>6}",
        pair(|one| one.cpu_us, 2),
        format!("{highest:.0} / {:.0}", median(all, rate)),
        pair(|one| one.single.p50_us, 1),
        pair(|one| one.single.p99_us, 1),
        format!("{:.1}", median(all, |one| one.memory_mib)),
        most(|run| run.wrong),
        most(|run| run.lost),
    );
    let unrecorded: u64 = all.iter().map(|one| one.attempts_lost).sum();
    if unrecorded > 0 {
        println!(
            "{:<24}{unrecorded} attempts were not recorded: the spool or the queue was full",
            ""
        );
    }
}

fn least(all: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    all.iter().map(of).fold(f64::INFINITY, f64::min)
}

fn median(all: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    let mut values: Vec<f64> = all.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
