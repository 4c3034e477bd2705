//! A prison's gate as a program of its own: what it does stands in [`gate::run`].
use clap::Parser;

/// A prison's gate: answers the phone switch, for every call, allow or refuse
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: gate::cli::Command,
}

fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    Arguments::parse().command.execute()
}
