//! `upcs demo`: the whole service on this machine, with fictional people and the real register of prisons.
//!
//! A first run makes the folder ([`seed`]); each run starts a hub and two gates as child processes
//! ([`stack`]), says where everything is ([`guide`]) and keeps them going ([`tend`]). Only this makes demo stores, and a hub in earnest
//! refuses them.

mod folder;
mod guide;
mod people;
mod seed;
pub mod stack;
mod tend;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

pub use folder::{Folder, Found, Remembered};
pub use guide::EXAMPLE;
pub use people::{BARRING, ENABLING, WITHOUT_GATE};
pub use stack::Stack;

use crate::{say, tour};

/// How often the demo looks whether its processes still run.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// `upcs demo`
#[derive(Args)]
pub struct DemoArgs {
    /// Start over: forget everything that was done in the demo
    #[arg(long)]
    fresh: bool,
    /// Walk the journey by itself once everything runs, and stop
    #[arg(long)]
    tour: bool,
    /// The demo's folder
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
}

/// Runs the demo until it is interrupted.
pub fn run(args: DemoArgs) -> Result<()> {
    if args.tour {
        return tour::in_folder(&args.dir, args.fresh);
    }
    let (folder, mut stack) = start(&args.dir, args.fresh)?;
    guide::print(&folder, &stack)?;
    let runtime = crate::cli::runtime()?;
    runtime.block_on(async {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        let mut tending = tend::Tending::default();
        let mut terminate = terminate.context("SIGTERM cannot be waited for")?;
        loop {
            tokio::select! {
                told = tokio::signal::ctrl_c() => return told.context("an interrupt cannot be waited for"),
                _ = terminate.recv() => return Ok(()),
                () = tokio::time::sleep(LOOK_EVERY) => tending.look(&folder, &mut stack)?,
            }
        }
    })?;
    say::line("Stopped. Everything is kept; the next run goes on from here.");
    Ok(())
}

/// Opens or makes the folder and starts everything in it.
pub fn start(dir: &std::path::Path, fresh: bool) -> Result<(Folder, Stack)> {
    let folder = make(dir, fresh, None)?;
    let stack = Stack::start(&folder)?;
    Ok((folder, stack))
}

/// Opens or makes the folder, on its own database or on another. Nothing is running afterwards.
pub fn make(dir: &std::path::Path, fresh: bool, database: Option<String>) -> Result<Folder> {
    let (folder, found) = Folder::open(dir, fresh)?;
    let folder = match database {
        Some(url) => folder.with_database(url),
        None => folder,
    };
    if found == Found::Nothing {
        crate::cli::runtime()?.block_on(seed::make(&folder))?;
    }
    Ok(folder)
}
