//! `upcs conformance` and `upcs mock-gate`: whether a phone switch asks the gate, and dials what the gate said and
//! nothing else. Everything goes over the wire; the suite plays phone, gate and trunk around the switch.
//!
//! The terms: the *switch* is what is tested. The [`mock_gate`] answers by the number dialled, also as no gate should;
//! the [`trunk`] keeps whatever reaches it; the [`phone`] makes calls. [`numbers`] says what each number stands for.
//! `bench` holds them together; `cases`, `round` and `within` are the cases.

mod bench;
mod cases;
mod end;
pub mod message;
pub mod mock_gate;
pub mod numbers;
pub mod phone;
mod round;
pub mod trunk;
mod within;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use self::bench::{Bench, never_seen, wrong};
use self::cases::{Case, Run};
use self::mock_gate::{MockGate, Places};
use self::trunk::Trunk;
use crate::say;

/// `upcs conformance`
#[derive(Args)]
pub struct ConformanceArgs {
    /// Where the switch takes calls from phones (UDP, and TCP unless --no-tcp)
    #[arg(long)]
    switch: SocketAddr,
    /// Where the mock gate listens; the switch must be configured to ask there
    #[arg(long)]
    gate_listen: SocketAddr,
    /// Where the mock trunk listens (UDP); the switch must be configured to send calls there
    #[arg(long)]
    trunk_listen: SocketAddr,
    /// What stands behind the number in an allowed call's Contact; the mock trunk's address unless given
    #[arg(long)]
    trunk_name: Option<String>,
    /// The switch's socket that faces the trunk, to try whether it is a second way in
    #[arg(long)]
    switch_trunk_side: Option<SocketAddr>,
    /// An address of this machine from which the switch takes calls
    #[arg(long, default_value = "127.0.0.1")]
    phone_ip: IpAddr,
    /// An address of this machine from which it takes none
    #[arg(long)]
    stranger: Option<IpAddr>,
    /// How long the switch waits for the gate, in milliseconds
    #[arg(long, default_value_t = 1000)]
    gate_timer_ms: u64,
    /// The switch takes no calls over TCP
    #[arg(long)]
    no_tcp: bool,
    /// Only the cases whose name holds this
    #[arg(long)]
    only: Option<String>,
    /// A file for everything that reached the trunk
    #[arg(long)]
    record: Option<PathBuf>,
}

/// `upcs mock-gate`
#[derive(Args)]
pub struct MockGateArgs {
    /// Where SIP is answered, over UDP and TCP
    #[arg(long, default_value = "127.0.0.1:5060")]
    sip_listen: SocketAddr,
    /// Where HTTP is answered
    #[arg(long)]
    http_listen: Option<SocketAddr>,
    /// What stands behind the number in an allowed call's Contact
    #[arg(long, default_value = "127.0.0.1:5070")]
    trunk: String,
    /// How late the late answer comes, in milliseconds
    #[arg(long, default_value_t = 1500)]
    late_ms: u64,
}

/// Answers until it is ended.
pub fn run_mock_gate(args: &MockGateArgs) -> Result<()> {
    let _gate = MockGate::start(&Places {
        sip: args.sip_listen,
        http: args.http_listen,
        trunk: args.trunk.clone(),
        late: Duration::from_millis(args.late_ms),
    })?;
    let http = args.http_listen.map(|http| http.to_string());
    say::line(&serde_json::json!({"sip": args.sip_listen.to_string(), "http": http}).to_string());
    loop {
        std::thread::park();
    }
}

/// Runs every case and prints the table. An error if one failed.
pub fn run(args: &ConformanceArgs) -> Result<()> {
    let trunk = Trunk::start(args.trunk_listen)?;
    let trunk_name = match &args.trunk_name {
        Some(name) => name.clone(),
        None => trunk.address()?.to_string(),
    };
    let gate_timer = Duration::from_millis(args.gate_timer_ms);
    let _gate = MockGate::start(&Places {
        sip: args.gate_listen,
        http: None,
        trunk: trunk_name.clone(),
        late: gate_timer + Duration::from_millis(300),
    })?;
    let bench = Bench {
        trunk,
        switch: args.switch,
        trunk_name,
        trunk_side: args.switch_trunk_side,
        phone_ip: args.phone_ip,
        stranger_ip: args.stranger,
        has_tcp: !args.no_tcp,
        gate_timer,
        refusals: bench::Refusals::default(),
        left_out: std::sync::Mutex::default(),
    };
    let mut cases = cases::all();
    if let Some(only) = &args.only {
        cases.retain(|case| case.name.contains(only.as_str()));
    }
    let outcomes: Vec<Outcome> = cases.iter().map(|case| Outcome::of(case, &bench)).collect();
    bench.trunk.wait_for(bench.settles(), |_| false);
    if let Some(file) = &args.record {
        let reached = bench.trunk.reached();
        let texts: Vec<String> = reached
            .iter()
            .map(|reached| format!("from {}\n{}", reached.from, reached.message.raw))
            .collect();
        std::fs::write(file, texts.join("\n"))
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    table(&bench, &cases, outcomes)
}

/// What became of a case.
enum Outcome {
    Passed,
    LeftOut(&'static str),
    Failed(String),
}

impl Outcome {
    fn of(case: &Case, bench: &Bench) -> Self {
        let went = match case.run {
            Run::Refused(last) => dial_refused(bench, last),
            Run::As(run) => run(bench),
        };
        let left_out = bench
            .left_out
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match (went, left_out) {
            (Err(error), _) => Self::Failed(format!("{error:#}")),
            (Ok(()), Some(option)) => Self::LeftOut(option),
            (Ok(()), None) => Self::Passed,
        }
    }
}

fn dial_refused(bench: &Bench, last: u16) -> Result<()> {
    let called = bench.phone()?.dial(&numbers::national(last))?;
    cases::refused(bench, &called)
}

/// Prints a line for each case, then the three that hold for all; what the trunk saw belongs to the case whose number
/// it was.
fn table(bench: &Bench, cases: &[Case], outcomes: Vec<Outcome>) -> Result<()> {
    let reached = bench.trunk.reached();
    let mut wrongs: Vec<(Option<u16>, String)> = reached
        .iter()
        .filter_map(|reached| {
            Some((
                never_seen(&reached.message),
                wrong(&reached.message, &bench.trunk_name)?,
            ))
        })
        .collect();
    let mut failed = 0;
    for (case, outcome) in cases.iter().zip(outcomes) {
        let seen = wrongs
            .iter()
            .find(|(last, _)| last.is_some_and(|last| case.never.contains(&last)));
        let outcome = match (outcome, seen) {
            (Outcome::Failed(why), Some((_, seen))) => Outcome::Failed(format!("{why}; {seen} at the trunk")),
            (_, Some((_, seen))) => Outcome::Failed(format!("{seen} at the trunk")),
            (outcome, None) => outcome,
        };
        failed += usize::from(matches!(outcome, Outcome::Failed(_)));
        line(&case.name, &outcome);
    }
    wrongs.retain(|(last, _)| {
        !cases
            .iter()
            .any(|case| last.is_some_and(|last| case.never.contains(&last)))
    });
    let nothing_else = wrongs.first().map_or(Outcome::Passed, |(_, what)| {
        Outcome::Failed(format!("{what}, and {} more", wrongs.len() - 1))
    });
    let forms = bench.refusals.forms();
    let alike = match forms.len() {
        0 | 1 => Outcome::Passed,
        _ => Outcome::Failed(format!("{} forms: {}", forms.len(), forms.join(" | "))),
    };
    for (name, outcome) in [
        ("nothing else reached the trunk", nothing_else),
        ("all refusals are alike", alike),
    ] {
        failed += usize::from(matches!(outcome, Outcome::Failed(_)));
        line(name, &outcome);
    }
    let requests = reached
        .iter()
        .filter(|reached| reached.message.method().is_some())
        .count();
    say::line(&format!(
        "{} cases, {failed} failed; {requests} requests reached the trunk",
        cases.len() + 2
    ));
    if requests == 0 {
        bail!("nothing reached the trunk at all: the switch is not connected to this suite");
    }
    if failed > 0 {
        bail!("the switch does not conform: {failed} cases failed");
    }
    Ok(())
}

fn line(name: &str, outcome: &Outcome) {
    say::line(&match outcome {
        Outcome::Passed => format!("pass      {name}"),
        Outcome::LeftOut(option) => format!("left out  {name} ({option})"),
        Outcome::Failed(why) => format!("FAIL      {name}: {why}"),
    });
}
