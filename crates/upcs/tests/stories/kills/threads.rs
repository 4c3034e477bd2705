//! The referrer and the phones of the story in which processes are killed.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use upcs::demo::{BARRING, ENABLING};

use super::{Acknowledged, Shared, locked};
use crate::chance::Chance;
use crate::clients::{Bar, Referrer, Said, bars, dial_within, request};
use crate::house::{GATES, Gate};
use crate::numbers::{COUNT, drama, forms};
use crate::tools::pause;

/// Most numbers of one request.
const NUMBERS: usize = 4;
/// How long an unanswered request may be asked again.
const GIVE_UP: Duration = Duration::from_secs(60);
/// Between two tries, and between two requests.
const BETWEEN: Duration = Duration::from_millis(15);
/// Between two rounds of calls at a gate.
const BETWEEN_CALLS: Duration = Duration::from_millis(20);
/// How long a call waits; a gate that is dead does not answer at all.
const ANSWER_WITHIN: Duration = Duration::from_millis(1500);

/// Files and asks for proof.
pub(crate) struct Filer {
    police: Referrer,
    /// The next number that is still free.
    next: usize,
    chance: Chance,
    /// Bars that were not in force everywhere when last asked, with their numbers.
    waiting: Vec<(Bar, String, Vec<String>)>,
}

impl Filer {
    pub(crate) fn new(police: Referrer, first: usize, chance: Chance) -> Self {
        Self {
            police,
            next: first,
            chance,
            waiting: Vec::new(),
        }
    }

    pub(crate) fn run(mut self, shared: &Shared) {
        let mut at = 0;
        while !shared.stopped() && self.next + NUMBERS < COUNT {
            match self.file(at, shared) {
                Ok(Some(one)) => {
                    let numbers = one.bars.iter().cloned().zip(one.numbers.iter().cloned());
                    self.waiting
                        .extend(numbers.map(|(bar, number)| (bar, number, Vec::new())));
                    locked(&shared.acknowledged).push(one);
                }
                Ok(None) => {}
                Err(error) => return shared.complain(format!("request {at}: {error:#}")),
            }
            at += 1;
            self.ask_for_proof(shared);
            pause(BETWEEN);
        }
    }

    /// Files one request; again, under the same key, until there is an answer.
    fn file(&mut self, at: usize, shared: &Shared) -> Result<Option<Acknowledged>> {
        let count = self.chance.between(1, NUMBERS + 1);
        let numbers: Vec<String> = (self.next..self.next + count).map(drama).collect();
        self.next += count;
        let (key, request) = (format!("request-{at}"), request(&numbers));
        let began = Instant::now();
        loop {
            match self.police.file(&key, &request) {
                Ok(answer) if answer.status == 201 => {
                    let receipt = answer.json()?;
                    let bars = bars(&receipt);
                    anyhow::ensure!(
                        bars.len() == numbers.len(),
                        "{} numbers, {} bars",
                        numbers.len(),
                        bars.len()
                    );
                    let reference = receipt["reference"].as_str().context("no reference")?.to_owned();
                    return Ok(Some(Acknowledged {
                        key,
                        request,
                        receipt,
                        reference,
                        bars,
                        numbers,
                    }));
                }
                Ok(answer) if answer.status < 500 => {
                    anyhow::bail!("answered with {}: {}", answer.status, answer.body)
                }
                _ => {}
            }
            shared.counted.again.fetch_add(1, Ordering::SeqCst);
            if shared.stopped() {
                return Ok(None);
            }
            anyhow::ensure!(began.elapsed() < GIVE_UP, "no answer for {} s", GIVE_UP.as_secs());
            pause(BETWEEN);
        }
    }

    /// From when the API says that a bar is in force at a gate, a phone there dials its number.
    fn ask_for_proof(&mut self, shared: &Shared) {
        // A few a time; a hub that is dead answers none.
        for _ in 0..3.min(self.waiting.len()) {
            let (bar, number, mut known) = self.waiting.remove(0);
            let Ok(covered) = self.police.covered(&bar) else {
                self.waiting.push((bar, number, known));
                return;
            };
            for gate in GATES {
                let prison = gate.prison().to_owned();
                if covered.contains(&prison) && !known.contains(&prison) {
                    locked(&shared.in_force[gate.at()]).push(number.clone());
                    known.push(prison);
                }
            }
            if !known.contains(&BARRING.to_owned()) || !known.contains(&ENABLING.to_owned()) {
                self.waiting.push((bar, number, known));
            }
        }
    }
}

/// Dials at one gate, barred and permitted numbers in turn.
pub(crate) struct Phone {
    pub(crate) gate: Gate,
    pub(crate) sip: SocketAddr,
    /// Caller and number.
    pub(crate) permitted: Vec<(String, String)>,
    pub(crate) chance: Chance,
}

impl Phone {
    pub(crate) fn run(mut self, shared: &Shared) {
        while !shared.stopped() {
            self.dial_permitted(shared);
            self.dial_barred(shared);
            pause(BETWEEN_CALLS);
        }
    }

    fn dial_permitted(&mut self, shared: &Shared) {
        let (from, number) = self.chance.one_of(&self.permitted).clone();
        let dialled = self.chance.one_of(&forms(&number)).clone();
        let life = shared.life[self.gate.at()].load(Ordering::SeqCst);
        let said = dial_within(self.sip, &from, &dialled, ANSWER_WITHIN);
        // Even: the gate was dead when the call began. Changed: it was killed or started meanwhile.
        let lived = life % 2 == 1 && shared.life[self.gate.at()].load(Ordering::SeqCst) == life;
        match said {
            Said::Allowed => {
                shared.counted.permitted_allowed.fetch_add(1, Ordering::SeqCst);
            }
            Said::Nothing if !lived => {
                shared.counted.unanswered.fetch_add(1, Ordering::SeqCst);
            }
            said => {
                shared.complain(format!(
                    "{:?}: a permitted call was answered with {said:?}",
                    self.gate
                ));
            }
        }
    }

    fn dial_barred(&mut self, shared: &Shared) {
        let number = {
            let in_force = locked(&shared.in_force[self.gate.at()]);
            if in_force.is_empty() {
                return;
            }
            // The newest half of the time: those have had the least time to be stored.
            let newest = in_force.len() - 1;
            let at = if self.chance.percent(50) {
                newest
            } else {
                self.chance.between(0, in_force.len())
            };
            in_force[at].clone()
        };
        let dialled = self.chance.one_of(&forms(&number)).clone();
        let from = *self.chance.one_of(&[
            "A1234BC",
            "A2345CD",
            "A3456DE",
            "A6789GH",
            "generic",
            "official-chapel",
        ]);
        match dial_within(self.sip, from, &dialled, ANSWER_WITHIN) {
            Said::Refused => {
                shared.counted.barred_refused.fetch_add(1, Ordering::SeqCst);
            }
            Said::Nothing => {
                shared.counted.unanswered.fetch_add(1, Ordering::SeqCst);
            }
            said => {
                shared.complain(format!(
                    "{:?}: a call to a barred number was answered with {said:?}",
                    self.gate
                ));
            }
        }
    }
}
