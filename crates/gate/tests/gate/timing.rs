//! Refusals cannot be told apart by how long they take: every kind, interleaved on the wire, against a real process.
//!
//! The short form runs with the other tests. The long one, 20,000 of each kind on a release build, is
//! `UPCS_FULL=1 cargo test --release -p gate --test gate timing -- --nocapture`, and holds the medians to 5 us.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use feed::{BarId, ContactKind, Entry, Fingerprint, Regime, Scope, Serial};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::hub::{PATIENCE, TestHub};
use crate::place::Place;
use crate::source::{Source, exception, prisoner};

/// Bars besides those that are asked for.
const OTHER_BARS: usize = 5_000;
/// Times that the whole is measured: the machine's noise may spoil some, a difference spoils all.
const ROUNDS: usize = 3;

/// How many refusals of each kind, and how far apart their medians may lie.
fn measure() -> (usize, Duration) {
    match std::env::var_os("UPCS_FULL") {
        Some(_) if cfg!(debug_assertions) => (20_000, Duration::from_micros(25)),
        Some(_) => (20_000, Duration::from_micros(5)),
        None => (600, Duration::from_micros(25)),
    }
}

/// A kind of refusal: what it is called, who calls, what is dialled.
type Kind = (&'static str, &'static str, &'static str);

/// Where only approved numbers ring.
const ENABLING: [Kind; 11] = [
    ("not approved", "A0001BC", "07700900009"),
    ("barred for everyone", "A0001BC", "07700900001"),
    ("barred for him", "A0001BC", "07700900002"),
    ("somebody else's", "A0002BC", "07700900003"),
    ("too short", "A0001BC", "0770090000"),
    ("too long", "A0001BC", "077009000012"),
    ("a service code", "A0001BC", "*21*07700900009%23"),
    ("other digits", "A0001BC", "%D9%A0%D9%A7%D9%A7"),
    ("an onward dialler", "A0001BC", "118118"),
    ("an unknown caller", "nobody", "07700900001"),
    (TWICE, "A0001BC", "07700900003"),
];

/// Where all but barred numbers ring.
const BARRING: [Kind; 6] = [
    ("barred for everyone", "A0001BC", "07700900001"),
    ("barred for him", "A0001BC", "07700900002"),
    ("barred, behind 141", "A0001BC", "14107700900001"),
    ("a class refused", "A0001BC", "09098790000"),
    ("too short", "A0001BC", "0770090000"),
    (TWICE, "A0001BC", "07700900009"),
];

/// An INVITE in which From stands twice.
const TWICE: &str = "malformed";

struct Gate {
    child: Child,
    at: SocketAddr,
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A real process over a list that it took from a hub, which is gone.
async fn start(regime: Regime) -> (Place, Gate) {
    let mut source = Source::new(regime);
    source.serial = Serial(5);
    source.entries = vec![
        source.bar(1, 1, Scope::Everyone),
        source.bar(2, 2, Scope::Prisoner(prisoner(1))),
        source.approved(1, 3, 1, ContactKind::Social),
    ];
    let mut random = StdRng::seed_from_u64(1);
    source.entries.extend((0..OTHER_BARS).map(|_| Entry::Bar {
        bar: BarId::from_bytes(random.random()),
        number: Fingerprint::from_bytes(random.random()),
        scope: Scope::Everyone,
    }));
    if regime == Regime::CallBarring {
        // Somebody else is excepted from the bar: who is refused must not learn of it.
        source.exceptions = vec![exception((9, 1, 2))];
    }
    let hub = TestHub::start(source).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let first = place.run().await;
    hub.acknowledged(Serial(5)).await;
    first.stop().await;
    hub.stop();
    let gate = spawn(&place);
    (place, gate)
}

fn spawn(place: &Place) -> Gate {
    let mut child = Command::new(env!("CARGO_BIN_EXE_upcs-gate"))
        .args(["run", "--config"])
        .arg(place.folder.path().join("gate.toml"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    let said = child.stdout.take().unwrap();
    BufReader::new(said).read_line(&mut ready).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    let at = ready["sip"].as_str().unwrap().parse().unwrap();
    Gate { child, at }
}

struct Switch {
    socket: UdpSocket,
    here: SocketAddr,
    calls: u64,
}

impl Switch {
    fn new(gate: &Gate) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(gate.at).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let here = socket.local_addr().unwrap();
        Self {
            socket,
            here,
            calls: 0,
        }
    }

    /// Asks for one call and says how long the refusal took.
    fn refusal(&mut self, (name, caller, dialled): Kind) -> Duration {
        self.calls += 1;
        let (here, call) = (self.here, self.calls);
        let from = format!("From: <sip:{caller}@lei.example>;tag=a{call:08}\r\n");
        // Every request is as long as every other.
        let (second, filler) = if name == TWICE {
            (from.as_str(), "")
        } else {
            ("", from.as_str())
        };
        let padding = "x".repeat(40 - dialled.len() - caller.len());
        let asked = format!(
            "INVITE sip:{dialled}@gate.example SIP/2.0\r\n\
             Via: SIP/2.0/UDP {here};branch=z9hG4bK{call:08};rport\r\n\
             {from}{second}X-Filler: {}{padding}\r\nTo: <sip:gate.example>\r\nCall-ID: {call:08}@lei.example\r\n\
             CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
            filler.trim_end()
        );
        let mut answer = [0; 2048];
        let begun = Instant::now();
        self.socket.send(asked.as_bytes()).unwrap();
        let bytes = self.socket.recv(&mut answer).unwrap();
        let took = begun.elapsed();
        assert!(
            answer[..bytes].starts_with(b"SIP/2.0 403 Forbidden\r\n"),
            "{name} was not refused"
        );
        took
    }
}

/// The median of each kind, asked in an order that changes with every turn.
fn medians(gate: &Gate, kinds: &[Kind], each: usize) -> Vec<Duration> {
    let mut switch = Switch::new(gate);
    let mut random = StdRng::seed_from_u64(2);
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    let mut took = vec![Vec::with_capacity(each); kinds.len()];
    for _ in 0..each {
        order.shuffle(&mut random);
        for kind in &order {
            took[*kind].push(switch.refusal(kinds[*kind]));
        }
    }
    took.iter_mut()
        .map(|all| *all.select_nth_unstable(each / 2).1)
        .collect()
}

async fn refusals_are_alike(regime: Regime, kinds: &[Kind]) {
    let (_place, gate) = start(regime).await;
    let (each, apart) = measure();
    let mut told = String::new();
    for _ in 0..ROUNDS {
        let medians = medians(&gate, kinds, each);
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        let named = kinds
            .iter()
            .zip(&medians)
            .map(|((name, ..), median)| format!("\n{median:>12.1?} {name}"));
        told = format!(
            "{each} of each, {:.1?} apart{}",
            *most - *least,
            named.collect::<String>()
        );
        if *most - *least <= apart {
            #[expect(clippy::print_stdout, reason = "what was measured, for --nocapture")]
            {
                println!("{told}");
            }
            return;
        }
    }
    panic!("in {ROUNDS} rounds the medians lay more than {apart:?} apart; in the last, {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_take_the_same_time_where_only_approved_numbers_ring() {
    refusals_are_alike(Regime::CallEnabling, &ENABLING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_take_the_same_time_where_all_but_barred_numbers_ring() {
    refusals_are_alike(Regime::CallBarring, &BARRING).await;
}
