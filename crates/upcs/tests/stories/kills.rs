//! kill -9 of the hub and the gates at random moments, while a referrer files and prisoners dial.
//!
//! Three threads beside the one that kills: a **referrer** files, again under the same key until it has a
//! receipt, and asks for proof; at each gate a **phone** dials numbers that were said to be in force there, and
//! permitted ones. What is acknowledged must be there after every restart.

mod threads;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::chance::Chance;
use crate::clients::{Bar, Referrer, Said, dial};
use crate::house::{GATES, Gate, House};
use crate::numbers::{self, several};
use crate::store::{Entry, approve, social};
use crate::tools::pause;

/// Processes killed.
const KILLS: usize = 50;
/// Numbers that stay permitted.
const PERMITTED: usize = 60;
/// Numbers on lists that may be barred while the story runs.
const APPROVED: usize = 150;
/// After a restart, and at the end.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(20);
/// Between a restart and the next kill, in milliseconds.
const RUNS_MS: (usize, usize) = (50, 900);
/// Between a kill and the restart, in milliseconds.
const DEAD_MS: (usize, usize) = (0, 250);

/// One acknowledged request.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    pub(crate) key: String,
    pub(crate) request: Value,
    pub(crate) receipt: Value,
    pub(crate) reference: String,
    pub(crate) bars: Vec<Bar>,
    pub(crate) numbers: Vec<String>,
}

/// What the threads share.
pub(crate) struct Shared {
    pub(crate) stop: AtomicBool,
    pub(crate) acknowledged: Mutex<Vec<Acknowledged>>,
    /// For each gate, numbers whose bars were said to be in force there.
    pub(crate) in_force: [Mutex<Vec<String>>; 2],
    /// For each gate, odd while it runs; changes with every kill and start.
    pub(crate) life: [AtomicU64; 2],
    pub(crate) complaints: Mutex<Vec<String>>,
    pub(crate) counted: Counted,
}

#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) again: AtomicUsize,
    pub(crate) barred_refused: AtomicUsize,
    pub(crate) permitted_allowed: AtomicUsize,
    pub(crate) unanswered: AtomicUsize,
}

impl Shared {
    fn new() -> Self {
        Self {
            stop: AtomicBool::new(false),
            acknowledged: Mutex::default(),
            in_force: [Mutex::default(), Mutex::default()],
            life: [AtomicU64::new(1), AtomicU64::new(1)],
            complaints: Mutex::default(),
            counted: Counted::default(),
        }
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    pub(crate) fn complain(&self, complaint: String) {
        locked(&self.complaints).push(complaint);
    }
}

/// A lock that another thread's panic does not keep.
pub(crate) fn locked<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Who may dial what throughout, for each gate.
fn permitted(gate: Gate) -> Vec<(String, String)> {
    let entries = social(&several(0, PERMITTED));
    let caller = |entry: &Entry| match gate {
        Gate::Barring => "A1234BC".to_owned(),
        Gate::Enabling => entry.holder.to_owned(),
    };
    entries
        .iter()
        .map(|entry| (caller(entry), entry.number.clone()))
        .collect()
}

/// Kills, restarts and looks, then stops the threads and looks at everything.
pub(crate) fn nothing_is_lost() -> Result<()> {
    let mut chance = Chance::seeded()?;
    let mut house = House::make()?;
    approve(&house.folder, &social(&several(0, PERMITTED + APPROVED)))?;
    house.start_all()?;
    let shared = Shared::new();
    let filer = threads::Filer::new(house.police()?, PERMITTED, chance.split());
    let phones = GATES.map(|gate| threads::Phone {
        gate,
        sip: house.sip(gate),
        permitted: permitted(gate),
        chance: chance.split(),
    });
    let killed = std::thread::scope(|scope| {
        scope.spawn(|| filer.run(&shared));
        for phone in phones {
            let shared = &shared;
            scope.spawn(move || phone.run(shared));
        }
        let killed = kill_again_and_again(&mut house, &shared, &mut chance);
        shared.stop.store(true, Ordering::SeqCst);
        killed
    })?;
    look_at_everything(&mut house, &shared)?;
    tell(&shared, &killed);
    Ok(())
}

/// How often hub and gates were killed.
type Killed = [usize; 3];

fn kill_again_and_again(house: &mut House, shared: &Shared, chance: &mut Chance) -> Result<Killed> {
    let police = house.police()?;
    let (mut killed, mut looked_at) = ([0; 3], 0);
    for _ in 0..KILLS {
        pause(milliseconds(chance.between(RUNS_MS.0, RUNS_MS.1)));
        let dead = milliseconds(chance.between(DEAD_MS.0, DEAD_MS.1));
        // The hub twice as often as each gate.
        match chance.between(0, 4) {
            0 => kill_gate(house, shared, Gate::Barring, dead, &mut killed)?,
            1 => kill_gate(house, shared, Gate::Enabling, dead, &mut killed)?,
            _ => {
                house.kill_hub();
                pause(dead);
                house.start_hub()?;
                killed[0] += 1;
            }
        }
        let newly: Vec<Acknowledged> = locked(&shared.acknowledged)[looked_at..].to_vec();
        looked_at += newly.len();
        newly.iter().try_for_each(|one| is_there(&police, one))?;
        if let Some(bar) = newly.last().and_then(|one| one.bars.last()) {
            police.wait_in_force(bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
        }
        complaints(shared)?;
    }
    Ok(killed)
}

fn kill_gate(
    house: &mut House,
    shared: &Shared,
    gate: Gate,
    dead: Duration,
    killed: &mut Killed,
) -> Result<()> {
    let life = &shared.life[gate.at()];
    life.fetch_add(1, Ordering::SeqCst);
    house.kill_gate(gate);
    pause(dead);
    house.start_gate(gate)?;
    life.fetch_add(1, Ordering::SeqCst);
    killed[1 + gate.at()] += 1;
    Ok(())
}

fn milliseconds(count: usize) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or(u64::MAX))
}

fn is_there(police: &Referrer, one: &Acknowledged) -> Result<()> {
    let answer = police.receipt(&one.reference)?;
    ensure!(
        answer.status == 200,
        "an acknowledged receipt is answered with {}",
        answer.status
    );
    ensure!(
        answer.json()? == one.receipt,
        "an acknowledged receipt has changed"
    );
    Ok(())
}

fn complaints(shared: &Shared) -> Result<()> {
    let complaints = locked(&shared.complaints);
    match complaints.first() {
        Some(first) => bail!("{} complaints; the first: {first}", complaints.len()),
        None => Ok(()),
    }
}

fn look_at_everything(house: &mut House, shared: &Shared) -> Result<()> {
    house.still_runs()?;
    complaints(shared)?;
    let police = house.police()?;
    let acknowledged = locked(&shared.acknowledged);
    for one in acknowledged.iter() {
        is_there(&police, one)?;
        let again = police.file(&one.key, &one.request)?;
        ensure!(
            again.json()? == one.receipt,
            "the same key and body give another receipt"
        );
        for (bar, number) in one.bars.iter().zip(&one.numbers) {
            police.wait_in_force(bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
            for gate in GATES {
                let said = dial(house.sip(gate), "A2345CD", number);
                ensure!(
                    said == Said::Refused,
                    "at the end a barred number is answered with {said:?} at {gate:?}"
                );
            }
        }
    }
    for gate in GATES {
        for (from, number) in permitted(gate) {
            let said = dial(house.sip(gate), &from, &number);
            ensure!(
                said == Said::Allowed,
                "at the end a permitted number is answered with {said:?} at {gate:?}"
            );
        }
    }
    let least = acknowledged.len().min(numbers::COUNT);
    ensure!(
        least >= KILLS,
        "only {least} requests were filed: the story shows too little"
    );
    acknowledged.first().context("nothing was filed").map(drop)
}

fn tell(shared: &Shared, [hub, barring, enabling]: &Killed) {
    let acknowledged = locked(&shared.acknowledged);
    let bars: usize = acknowledged.iter().map(|one| one.bars.len()).sum();
    let Counted {
        again,
        barred_refused,
        permitted_allowed,
        unanswered,
    } = &shared.counted;
    let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
    say::line(&format!(
        "  killed: hub {hub} times, barring gate {barring}, enabling gate {enabling}"
    ));
    say::line(&format!(
        "  {} requests acknowledged ({} after asking again), {bars} bars: all there, all in force",
        acknowledged.len(),
        count(again)
    ));
    say::line(&format!(
        "  calls meanwhile: barred refused {}, permitted allowed {}; {} without an answer while a gate was dead",
        count(barred_refused),
        count(permitted_allowed),
        count(unanswered),
    ));
}
