//! How long a bar takes: from the first byte of the request that asks for it to the call that is refused at
//! every gate.
//!
//! A real hub takes the requests over HTTP and keeps them on a real disk. Two kinds of gates follow it. With
//! `--gates N` they are N processes, each with its own state, and an INVITE over UDP is sent to each of them
//! until it is refused. With `--followers N` they are N of the same followers in one process, which verify every
//! line, keep their list on the same disk, fsynced, and acknowledge; their list is asked, since N sockets for SIP
//! would only measure the machine.
//!
//! `cargo run --release -p bench --bin fleet -- --gates 200 --bars 100`

mod disk;
mod followers;
mod house;
mod processes;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Parser;

use house::House;
use watch::Measured;

/// Time from a request's first byte to a refused call at every gate
#[derive(Parser)]
struct Fleet {
    /// So many gates, each a process of its own
    #[arg(long, default_value_t = 2, conflicts_with = "followers")]
    gates: usize,
    /// Instead of processes, so many followers that verify and store, in one process
    #[arg(long)]
    followers: Option<usize>,
    /// Bars to impose, one after the other
    #[arg(long, default_value_t = 200)]
    bars: usize,
    /// The folder for all state; on a real file system, or nothing is measured
    #[arg(long, default_value = "target/bench-fleet")]
    dir: PathBuf,
}

/// This program is also the hub and the gates that it starts.
fn main() -> ExitCode {
    let started_as = std::env::args().nth(1).unwrap_or_default();
    if [upcs::children::WITH_PARENT, "hub", "gate"].contains(&started_as.as_str()) {
        return upcs::cli::main();
    }
    match measure(&Fleet::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            upcs::say::aside(&format!("fleet: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn measure(asked: &Fleet) -> Result<()> {
    ensure!(
        (1..=house::NUMBERS).contains(&asked.bars),
        "--bars: from 1 to {}",
        house::NUMBERS
    );
    std::fs::create_dir_all(&asked.dir)?;
    let disk = disk::Disk::of(&asked.dir)?;
    upcs::say::line(&disk.to_string());
    ensure!(
        disk.is_real(),
        "{} keeps nothing over a power cut; name a folder on a disk with --dir",
        disk.kind
    );
    let count = asked.followers.unwrap_or(asked.gates);
    let mut house = House::make(&asked.dir.join("house"), count)?;
    let measured = match asked.followers {
        Some(_) => followers::measure(&mut house, asked.bars)?,
        None => processes::measure(&mut house, asked.bars)?,
    };
    tell(asked, count, &measured, &disk);
    Ok(())
}

/// The goals, by how many gates.
fn goal_ms(count: usize) -> f64 {
    match count {
        ..=2 => 100.0,
        3..=200 => 1_000.0,
        _ => 2_000.0,
    }
}

fn tell(asked: &Fleet, count: usize, measured: &Measured, disk: &disk::Disk) {
    let kind = if asked.followers.is_some() {
        "followers in one process"
    } else {
        "gates, a process each"
    };
    upcs::say::line(&format!("{count} {kind}; {} bars", measured.bars()));
    upcs::say::line(&measured.to_string());
    let goal = goal_ms(count);
    let p99 = measured.everywhere_p99_ms();
    upcs::say::line(&format!(
        "refused everywhere, p99: {p99:.1} ms; goal {goal:.0} ms; {}; {:.1} times one fsync",
        if p99 < goal { "met" } else { "MISSED" },
        p99 / disk.fsync_ms,
    ));
}
