//! A prison's gate as a program of its own: what it does stands in [`gate::run`].
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// A prison's gate: answers the phone switch, for every call, allow or refuse
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: gate::cli::Command,
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    gate::cli::forbid_core_dumps();
    match Arguments::parse().command.execute() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if nobody hears of it.
            let _ = writeln!(std::io::stderr(), "upcs-gate: {error:#}");
            ExitCode::FAILURE
        }
    }
}
