//! From dialled digits to a verdict, in process: `cargo run --release -p bench --bin digits`.
//!
//! A gate's list of a million bars is made as the feed makes it. Numbers are then dialled in random order, half of
//! them barred, so that each look-up misses the caches. In the same run: what rlibphonenumber takes to parse the same
//! strings, and the floor, which is one keyed hash and one read of memory that no cache holds.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result};
use data_encoding::BASE64;
use feed::{
    AlwaysAllowed, AlwaysAllowedNumber, BarId, Body, Entry, FingerprintKey, GateId, ListHash, Message,
    Regime, Scope, SealingKey, Serial, Session, Snapshot, StreamId, Turn,
};
use gate::authorise::{AlwaysAllowedSet, Caller, ClassPolicy, Verdict, authorise};
use gate::list::BarList;
use phone::PhoneNumber;
use prison::PrisonId;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rlibphonenumber::{PhoneNumber as PeerNumber, Region};

/// Entries of the list: the most that a gate takes.
const BARS: usize = 1_000_000;
/// Strings that are dialled in one round.
const DIALLED: usize = 400_000;
/// Rounds of which the middle one counts.
const ROUNDS: usize = 7;
/// 64-bit words of the memory that the floor reads from: 256 MiB, more than a cache holds.
const WORDS: usize = 1 << 25;

/// What is measured with.
struct Set {
    list: BarList,
    key: FingerprintKey,
    always: AlwaysAllowedSet,
    policy: ClassPolicy,
    caller: Caller,
    /// As dialled: `07...` and `01...`, every second one barred.
    dialled: Vec<String>,
}

fn main() -> Result<()> {
    let mut random = StdRng::seed_from_u64(1);
    say("making a list of 1,000,000 bars")?;
    let set = Set::make(&mut random)?;
    let memory: Vec<u64> = (0..WORDS).map(|_| random.random()).collect();
    let barred = set.verdicts();
    anyhow::ensure!(barred * 2 == set.dialled.len(), "{barred} were refused");

    let verdict = set.each(|set, dialled| u64::from(set.refuses(dialled)));
    let resolve =
        set.each(|_, dialled| phone::resolve(dialled, None).map_or(0, |r| r.number.expose().len() as u64));
    let parse = set.each(|_, dialled| {
        PeerNumber::parse(dialled, Some(Region::GB)).map_or(0, |number| number.national_number)
    });
    let hash = set.each(|set, dialled| {
        let digest = blake3::keyed_hash(set.key.as_bytes(), dialled.as_bytes());
        u64::from(digest.as_bytes()[0])
    });
    let floor = set.each(|set, dialled| {
        let digest = blake3::keyed_hash(set.key.as_bytes(), dialled.as_bytes());
        let first = u64::from_le_bytes(digest.as_bytes()[..8].try_into().unwrap_or_default());
        memory[first as usize % WORDS]
    });
    say(&format!("digits to verdict             {verdict:7.1} ns"))?;
    say(&format!("  of that, to the number      {resolve:7.1} ns"))?;
    say(&format!(
        "rlibphonenumber, parse alone  {parse:7.1} ns   {:.2} of ours",
        parse / verdict
    ))?;
    say(&format!(
        "floor: hash and cache miss    {floor:7.1} ns   {:.2} of ours",
        floor / verdict
    ))?;
    say(&format!("  of that, the keyed hash     {hash:7.1} ns"))
}

impl Set {
    fn make(random: &mut StdRng) -> Result<Self> {
        let key = FingerprintKey::from_bytes(random.random());
        let mut numbers = std::collections::HashSet::new();
        while numbers.len() < BARS + DIALLED / 2 {
            numbers.insert(national(random));
        }
        let numbers: Vec<String> = numbers.into_iter().collect();
        let (barred, others) = numbers.split_at(BARS);
        let list = list_of(barred, &key, random)?;
        let pairs = (0..DIALLED / 2).flat_map(|at| {
            let picked = random.random_range(0..BARS);
            [format!("0{}", barred[picked]), format!("0{}", others[at])]
        });
        let dialled = pairs.collect();
        Ok(Self {
            list,
            key,
            always: always_allowed()?,
            policy: ClassPolicy::default(),
            caller: Caller::parse("A1234BC"),
            dialled,
        })
    }

    fn refuses(&self, dialled: &str) -> bool {
        let resolved = phone::resolve(dialled, None);
        let verdict = authorise(
            Some(&self.list),
            &self.always,
            &self.policy,
            &self.caller,
            &resolved,
        );
        matches!(verdict, Verdict::Refuse(_))
    }

    fn verdicts(&self) -> usize {
        self.dialled
            .iter()
            .filter(|dialled| self.refuses(dialled))
            .count()
    }

    /// Nanoseconds for each string, the middle of the rounds.
    fn each(&self, ask: impl Fn(&Self, &str) -> u64) -> f64 {
        let round = || {
            let began = Instant::now();
            let sum = self
                .dialled
                .iter()
                .fold(0_u64, |sum, dialled| sum.wrapping_add(ask(self, dialled)));
            black_box(sum);
            began.elapsed().as_secs_f64() * 1e9 / self.dialled.len() as f64
        };
        let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round()).collect();
        rounds.sort_by(f64::total_cmp);
        rounds[ROUNDS / 2]
    }
}

/// A national number, without its 0: a mobile one or one of an area with six local digits.
fn national(random: &mut StdRng) -> String {
    let rest = random.random_range(0..10_000_000);
    match random.random_range(0..4) {
        0 => format!("1423{:06}", 200_000 + rest % 700_000),
        1 => format!("74{:08}", rest),
        2 => format!("77{:08}", rest),
        _ => format!("78{:08}", rest),
    }
}

fn always_allowed() -> Result<AlwaysAllowedSet> {
    let numbers = (0..30).map(|at| {
        Ok(AlwaysAllowedNumber {
            number: PhoneNumber::parse_canonical(&format!("+4480815701{at:02}"))?,
            name: format!("Helpline {at}"),
        })
    });
    let numbers = numbers.collect::<Result<_>>()?;
    Ok(AlwaysAllowedSet::new(&AlwaysAllowed { version: 1, numbers }))
}

/// The list that a hub's snapshot of these bars becomes.
fn list_of(barred: &[String], key: &FingerprintKey, random: &mut StdRng) -> Result<BarList> {
    let sealing = SealingKey::from_secret(&random.random());
    let sealed = feed::seal(
        &sealing.public(),
        FingerprintKey::SEAL_PURPOSE,
        key.as_bytes(),
        random,
    )?;
    let entry = |national: &String| {
        let number = PhoneNumber::parse_canonical(&format!("+44{national}"))?;
        Ok(Entry::Bar {
            bar: BarId::from_bytes(random.random()),
            number: key.fingerprint(&number),
            scope: Scope::Everyone,
        })
    };
    let entries = barred.iter().map(entry).collect::<Result<Vec<_>>>()?;
    let (gate, prison) = (GateId::from_bytes([1; 16]), "LEI".parse::<PrisonId>()?);
    let snapshot = Snapshot {
        prison,
        regime: Regime::CallBarring,
        sealed_key: BASE64.encode(&sealed),
        hash: ListHash::of(&entries),
        entries,
        exceptions: Vec::new(),
    };
    let message = Message {
        gate,
        turn: Turn::before_first(StreamId::from_bytes([0; 16])),
        answered: 0,
        session: Session::from_bytes([1; 16]),
        serial: Serial(0),
        body: Body::Snapshot(snapshot),
    };
    BarList::apply(None, &message, gate, prison, &sealing)?.context("the snapshot makes no list")
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
