//! The commands of `upcs`, and what each needs.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use hub::cli::{HubCommand, Place, RunArgs, RunHow};
use tracing_subscriber::EnvFilter;

use crate::children::end_with_parent;
use crate::{attest, batch, call, conformance, demo, say, tour};

/// Unwanted Prisoner Contact Service: stops calls and letters from prison that must not reach somebody
#[derive(Parser)]
#[command(name = "upcs", version, propagate_version = true)]
struct Upcs {
    /// End when the standard input ends, as the demo's processes do
    #[arg(long, hide = true)]
    with_parent: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try the whole service on this machine, with fictional people
    Demo(demo::DemoArgs),
    /// Walk the whole journey by itself and fail if any step is not as it should be
    Tour(tour::TourArgs),
    /// Run the hub, or do what an operator does at its machine
    Hub(Box<HubArgs>),
    /// Run a prison's gate, enrol it, check it
    #[command(subcommand)]
    Gate(gate::cli::Command),
    /// Make keys for referring organisations (short for `hub key`)
    #[command(subcommand)]
    Key(hub::cli::KeyCommand),
    /// Check what the hub attested of a prison
    #[command(subcommand)]
    Attest(attest::AttestCommand),
    /// Ask a gate about one call, as a prison's switch does, and print its answer
    Call(call::CallArgs),
    /// Say what dialled strings mean, one a line
    Dial(batch::dial::DialArgs),
    /// Check letters' addresses against barred addresses
    Letters(batch::letters::LettersArgs),
    /// Find prisoners in a roster from what is known of them
    Locate(batch::locate::LocateArgs),
    /// Test a phone switch from outside: play phone, gate and trunk around it, and print what it does right
    Conformance(conformance::ConformanceArgs),
    /// Answer a switch under test as a gate does, by the number dialled; no keys, no list
    MockGate(conformance::MockGateArgs),
}

/// `upcs hub` alone runs the hub.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct HubArgs {
    #[command(subcommand)]
    command: Option<HubCommand>,
    #[command(flatten)]
    place: Option<Place>,
    #[command(flatten)]
    how: RunHow,
}

/// Parses the command line, runs the command, and says in one sentence what went wrong.
pub fn main() -> ExitCode {
    let upcs = Upcs::parse();
    log_to_stderr();
    gate::cli::forbid_core_dumps();
    if upcs.with_parent {
        end_with_parent();
    }
    match run(upcs.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::aside(&format!("upcs: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// What these say of a path, a form or a database's address that they refuse repeats the value; and what AWS's client
/// says at its most talkative repeats the queue's messages and what signs.
const SILENCED: [&str; 9] = [
    "axum::rejection=off",
    "sqlx_postgres::options=off",
    "aws_config=info",
    "aws_runtime=info",
    "aws_sdk_sqs=info",
    "aws_sdk_sts=info",
    "aws_sigv4=info",
    "aws_smithy_runtime=info",
    "aws_smithy_runtime_api=info",
];

/// What is logged names no number, address or person; the filter is `RUST_LOG`, by default `info`.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = SILENCED
        .iter()
        .fold(filter, |filter, silenced| match silenced.parse() {
            Ok(directive) => filter.add_directive(directive),
            // The directives are well formed.
            Err(_) => EnvFilter::new("info"),
        });
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Fails only when a subscriber is set already, and that one is as good.
    let _ = subscriber.json().try_init();
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Demo(args) => demo::run(args),
        Command::Tour(args) => tour::run(args),
        Command::Hub(args) => {
            let HubArgs { command, place, how } = *args;
            let run = place.map(|place| HubCommand::Run(RunArgs { place, how }));
            let command = command.or(run);
            let command = command.context("say where the store is: --database, and --keys")?;
            runtime()?.block_on(hub::cli::execute(command))
        }
        Command::Key(command) => runtime()?.block_on(hub::cli::execute(HubCommand::Key(command))),
        Command::Gate(command) => command.execute(),
        Command::Attest(command) => attest::run(&command),
        Command::Call(args) => call::run(&args),
        Command::Dial(args) => batch::dial::run(&args),
        Command::Letters(args) => batch::letters::run(&args),
        Command::Locate(args) => batch::locate::run(&args),
        Command::Conformance(args) => conformance::run(&args),
        Command::MockGate(args) => conformance::run_mock_gate(&args),
    }
}

/// The runtime on which the asynchronous commands run.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no runtime can be started")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_command_of_every_depth_is_well_formed() {
        super::Upcs::command().debug_assert();
    }
}
