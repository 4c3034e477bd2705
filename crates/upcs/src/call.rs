//! `upcs call`: asks a gate about one call over SIP, as a prison's switch does.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::say;

/// How long an answer may take. A switch waits as long, and then the call fails.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// `upcs call`
#[derive(Args)]
pub struct CallArgs {
    /// The gate's SIP address, as 127.0.0.1:5070
    #[arg(long)]
    gate: String,
    /// The caller: a prison number, `generic`, or `official-NAME`
    #[arg(long)]
    from: String,
    /// What is dialled; spaces and all
    #[arg(required = true, allow_hyphen_values = true)]
    dialled: Vec<String>,
}

/// Sends the INVITE and prints what came back. A refusal is an answer, not an error; no answer is one.
pub fn run(args: &CallArgs) -> Result<()> {
    let dialled = args.dialled.join(" ");
    let gate = address(&args.gate)?;
    let answer = gate::client::call(gate, &args.from, &dialled, ANSWER_WITHIN)
        .with_context(|| format!("the gate at {gate} did not answer; the call fails"))?;
    match answer.contact {
        Some(contact) => say::line(&format!(
            "ALLOWED  {} {}  dial {contact}",
            answer.status, answer.reason
        )),
        None => say::line(&format!("REFUSED  {} {}", answer.status, answer.reason)),
    }
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr> {
    let found = text.to_socket_addrs().ok().and_then(|mut found| found.next());
    match found {
        Some(address) => Ok(address),
        None => bail!("--gate takes an address and a port, as 127.0.0.1:5070"),
    }
}
