//! `upcs tour`: the journey, walked by itself over real HTTP and SIP, with its timings. It fails if a step is
//! not as it should be, or if a request takes too long to be in force.

mod browse;
mod steps;
mod wire;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use crate::demo::{self, Folder, Stack};
use crate::say;

/// From the request's first byte until every connected gate refuses.
pub const IN_FORCE_WITHIN: Duration = Duration::from_secs(2);

/// `upcs tour`
#[derive(Args)]
pub struct TourArgs {
    /// Keep the folder of the tour, for a look at its logs
    #[arg(long)]
    keep: bool,
}

/// Makes a demo of its own in a temporary folder, walks it and takes it away.
pub fn run(args: TourArgs) -> Result<()> {
    let name = format!("upcs-tour-{}", std::process::id());
    let dir = std::env::temp_dir().join(name);
    let walked = in_folder(&dir, true);
    if args.keep || walked.is_err() {
        say::line(&format!("The tour's folder is kept: {}", dir.display()));
    } else {
        std::fs::remove_dir_all(&dir).context("the tour's folder cannot be taken away")?;
    }
    walked
}

/// Walks the journey in a demo folder.
pub fn in_folder(dir: &Path, fresh: bool) -> Result<()> {
    say::line("Starting a hub and two gates.");
    let (folder, mut stack) = demo::start(dir, fresh)?;
    walk(&folder, &mut stack)
}

/// Walks the journey through a running demo.
pub fn walk(folder: &Folder, stack: &mut Stack) -> Result<()> {
    crate::cli::runtime()?.block_on(steps::all(folder, stack))?;
    stack.still_runs()?;
    say::line("Every step was as it should be.");
    Ok(())
}
