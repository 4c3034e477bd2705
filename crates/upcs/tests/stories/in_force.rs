//! Whenever the API says "in force" at a gate, an INVITE there is refused; a gate that is stopped is not counted.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use nix::sys::signal::Signal;
use upcs::say;

use crate::chance::Chance;
use crate::clients::{Bar, Referrer, Said, dial, dial_within};
use crate::house::{GATES, Gate, House};
use crate::numbers::{drama, forms};
use crate::store::{HOLDERS, approve, social};
use crate::tools::is_set;

/// Bars, long and short.
const BARS: (usize, usize) = (1000, 200);
/// After which a bar must be in force at gates that run.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(20);
/// How long a bar is watched while a gate is stopped.
const WATCHED: Duration = Duration::from_millis(120);
/// How long a call waits at a gate that may be stopped.
const SHORT: Duration = Duration::from_millis(60);

/// What is done to a gate around one bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disturbed {
    Nothing,
    /// Stopped or killed before the bar is filed, let run afterwards.
    Before(Gate, How),
    /// The same a moment after it was filed.
    After(Gate, How),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Stopped,
    Killed,
}

#[derive(Default)]
struct Counted {
    polls: usize,
    said_in_force: usize,
    refused: usize,
    stopped: usize,
    killed: usize,
    never_counted: usize,
    allowed_before: usize,
    /// From before a request is sent until both gates are counted, where nothing was disturbed.
    took: Vec<Duration>,
}

struct Story {
    house: House,
    police: Referrer,
    chance: Chance,
    counted: Counted,
}

/// Files bar after bar, disturbs gates at random, and dials wherever the API says "in force".
pub(crate) fn is_refused() -> Result<()> {
    let bars = if is_set("UPCS_FULL") { BARS.0 } else { BARS.1 };
    let mut house = House::make()?;
    let numbers: Vec<String> = (0..bars).map(drama).collect();
    // Every other number is one that somebody may dial at the enabling prison, until it is barred.
    let approved: Vec<String> = numbers.iter().step_by(2).cloned().collect();
    approve(&house.folder, &social(&approved))?;
    house.start_all()?;
    let police = house.police()?;
    let mut story = Story {
        house,
        police,
        chance: Chance::seeded()?,
        counted: Counted::default(),
    };
    for (at, number) in numbers.iter().enumerate() {
        story.one_bar(at, number)?;
    }
    story.tell(bars)
}

impl Story {
    fn one_bar(&mut self, at: usize, number: &str) -> Result<()> {
        self.dial_before(at, number)?;
        let disturbed = self.choose();
        if let Disturbed::Before(gate, how) = disturbed {
            self.disturb(gate, how)?;
        }
        let filed = Instant::now();
        let bar = self
            .police
            .bar(&format!("bar-{at}"), &[number.to_owned()])?
            .remove(0);
        if let Disturbed::After(gate, how) = disturbed {
            self.disturb(gate, how)?;
        }
        if disturbed != Disturbed::Nothing {
            self.watch(&bar, at, number, disturbed)?;
        }
        match disturbed {
            Disturbed::Before(gate, how) | Disturbed::After(gate, how) => self.restore(gate, how)?,
            Disturbed::Nothing => {}
        }
        let began = Instant::now();
        while self.poll(&bar, at, number, Disturbed::Nothing)? < GATES.len() {
            ensure!(
                began.elapsed() < IN_FORCE_WITHIN,
                "bar {at} ({disturbed:?}) is not in force everywhere"
            );
        }
        if disturbed == Disturbed::Nothing {
            self.counted.took.push(filed.elapsed());
        }
        self.house.still_runs()
    }

    /// A number that is barred later is one that rings now; otherwise a refusal would show nothing.
    fn dial_before(&mut self, at: usize, number: &str) -> Result<()> {
        let mut rings = vec![Gate::Barring];
        rings.extend(at.is_multiple_of(2).then_some(Gate::Enabling));
        for gate in rings {
            let said = dial(self.house.sip(gate), holder(at), number);
            ensure!(
                said == Said::Allowed,
                "number {at} before its bar at {gate:?}: {said:?}"
            );
            self.counted.allowed_before += 1;
        }
        Ok(())
    }

    fn choose(&mut self) -> Disturbed {
        let gate = *self.chance.one_of(&GATES);
        let how = *self.chance.one_of(&[How::Stopped, How::Stopped, How::Killed]);
        match self.chance.between(0, 100) {
            0..60 => Disturbed::Nothing,
            60..80 => Disturbed::Before(gate, how),
            _ => Disturbed::After(gate, how),
        }
    }

    fn disturb(&mut self, gate: Gate, how: How) -> Result<()> {
        match how {
            How::Stopped => {
                self.counted.stopped += 1;
                self.house.signal(gate, Signal::SIGSTOP)
            }
            How::Killed => {
                self.counted.killed += 1;
                self.house.kill_gate(gate);
                Ok(())
            }
        }
    }

    fn restore(&mut self, gate: Gate, how: How) -> Result<()> {
        match how {
            How::Stopped => self.house.signal(gate, Signal::SIGCONT),
            How::Killed => self.house.start_gate(gate),
        }
    }

    fn watch(&mut self, bar: &Bar, at: usize, number: &str, disturbed: Disturbed) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < WATCHED {
            self.poll(bar, at, number, disturbed)?;
        }
        if matches!(disturbed, Disturbed::Before(..)) {
            self.counted.never_counted += 1;
        }
        Ok(())
    }

    /// Asks once, dials wherever the bar is said to be in force; gives the number of gates that are counted.
    fn poll(&mut self, bar: &Bar, at: usize, number: &str, disturbed: Disturbed) -> Result<usize> {
        let covered = self.police.covered(bar)?;
        self.counted.polls += 1;
        let gates: Vec<Gate> = GATES
            .into_iter()
            .filter(|gate| covered.iter().any(|p| p == gate.prison()))
            .collect();
        for gate in &gates {
            self.counted.said_in_force += 1;
            if let Disturbed::Before(stopped, how) = disturbed {
                ensure!(
                    stopped != *gate,
                    "bar {at}: a gate that was {how:?} before it was filed is counted"
                );
            }
            let dialled = self.chance.one_of(&forms(number)).clone();
            let from = *self
                .chance
                .one_of(&[holder(at), "A1234BC", "generic", "official-chapel"]);
            // A gate that is stopped after it acknowledged says nothing at all, and the switch lets the call fail.
            let may_be_silent = matches!(disturbed, Disturbed::After(stopped, _) if stopped == *gate);
            let sip = self.house.sip(*gate);
            let said = if may_be_silent {
                dial_within(sip, from, &dialled, SHORT)
            } else {
                dial(sip, from, &dialled)
            };
            let as_it_should = said == Said::Refused || (may_be_silent && said == Said::Nothing);
            ensure!(
                as_it_should,
                "bar {at} ({disturbed:?}) is said to be in force at {gate:?}, which said {said:?}"
            );
            self.counted.refused += usize::from(said == Said::Refused);
        }
        Ok(gates.len())
    }

    fn tell(mut self, bars: usize) -> Result<()> {
        self.counted.took.sort();
        let Counted {
            polls,
            said_in_force,
            refused,
            stopped,
            killed,
            never_counted,
            allowed_before,
            took,
        } = self.counted;
        say::line(&format!(
            "  {bars} bars; {allowed_before} calls allowed before their bar"
        ));
        say::line(&format!(
            "  {polls} answers of the API; \"in force\" at a gate {said_in_force} times, refused there {refused} times"
        ));
        say::line(&format!(
            "  gates stopped {stopped} times, killed {killed} times; before the bar {never_counted} times, then never counted"
        ));
        let at = |share: usize| took.get(took.len() * share / 100).map_or(0, Duration::as_millis);
        let worst = took.last().map_or(0, Duration::as_millis);
        say::line(&format!(
            "  in force at both gates, median {} ms, 99 of 100 {} ms, worst {worst} ms, where nothing was disturbed",
            at(50),
            at(99)
        ));
        ensure!(
            stopped > 0 && killed > 0 && never_counted > 0,
            "no gate was disturbed: the story shows nothing"
        );
        Ok(())
    }
}

/// Whose list number `at` stands on, if on any.
fn holder(at: usize) -> &'static str {
    HOLDERS[at / 2 % HOLDERS.len()]
}
