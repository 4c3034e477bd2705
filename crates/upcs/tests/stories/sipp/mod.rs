//! sipp drives 10,000 calls at a gate: half to permitted numbers, half to barred ones, each in the ways in which
//! numbers are written, in any order, from prisoners, the generic PIN and official phones.
//!
//! The answers are counted twice: by sipp's own statistics, which know what came back, and from its log, which
//! has for each call what had to come back beside what did.

mod drive;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use feed::ContactKind;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::chance::Chance;
use crate::house::{Gate, House};
use crate::numbers::{forms, several};
use crate::store::{Entry, HOLDERS, approve, social};
use drive::{Calls, drive};

/// Calls of each half.
const HALF: usize = 5000;
/// Barred numbers.
const BARRED: usize = 250;
/// How long all the bars may take.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(30);
/// Who else calls.
const OFFICES: [&str; 3] = ["generic", "official-chapel", "official-healthcare"];
/// Prisoners of the barring prison; one of them nobody knows.
const AT_THE_BARRING_GATE: [&str; 3] = ["A1234BC", "A4567EF", "A9999ZZ"];
/// Numbers that everyone may dial, at both gates.
const HELPLINES: [&str; 5] = ["116 123", "116123", "0800 1111", "08001111", "0800 555 111"];

/// One call: who calls, what is dialled.
pub(crate) type Call = (String, String);

/// Under call barring, everything that is not barred rings.
pub(crate) fn at_the_barring_gate() -> Result<()> {
    let mut chance = Chance::seeded()?;
    let mut house = House::start()?;
    bar(&mut house, &several(0, BARRED))?;
    let callers: Vec<&str> = AT_THE_BARRING_GATE.into_iter().chain(OFFICES).collect();
    let permitted = helplines(&callers).chain(each_form(&several(BARRED, BARRED), &callers, &mut chance));
    let permitted = repeated(permitted.collect(), &mut chance);
    let barred = repeated(
        each_form(&several(0, BARRED), &callers, &mut chance).collect(),
        &mut chance,
    );
    let counts = drive(&house, Gate::Barring, Calls { permitted, barred }, &mut chance)?;
    counts.check(HALF)?;
    house.still_runs()
}

/// Under call enabling only the caller's approved numbers ring, lawyers for offices too; a bar takes one away.
pub(crate) fn at_the_enabling_gate() -> Result<()> {
    let mut chance = Chance::seeded()?;
    let mut house = House::make()?;
    let kept = social(&several(BARRED, BARRED));
    let lawyers = social(&several(2 * BARRED, 10));
    let lawyers: Vec<Entry> = lawyers
        .into_iter()
        .map(|e| Entry {
            contact: ContactKind::Legal,
            ..e
        })
        .collect();
    // Half of the barred numbers stood on a list before.
    let taken = social(&several(0, BARRED / 2));
    approve(
        &house.folder,
        &[kept.clone(), lawyers.clone(), taken.clone()].concat(),
    )?;
    house.start_all()?;
    bar(&mut house, &several(0, BARRED))?;
    let own = kept
        .iter()
        .chain(&lawyers)
        .flat_map(|entry| all_forms(entry.holder, &entry.number));
    let lawful = lawyers
        .iter()
        .flat_map(|entry| OFFICES.iter().flat_map(|office| all_forms(office, &entry.number)));
    let callers: Vec<&str> = HOLDERS.into_iter().chain(OFFICES).collect();
    let permitted = repeated(
        helplines(&callers).chain(own).chain(lawful).collect(),
        &mut chance,
    );
    let was_own = taken
        .iter()
        .flat_map(|entry| all_forms(entry.holder, &entry.number));
    let others = each_form(&several(0, BARRED), &callers, &mut chance).collect::<Vec<_>>();
    let barred = repeated(was_own.chain(others).collect(), &mut chance);
    let counts = drive(&house, Gate::Enabling, Calls { permitted, barred }, &mut chance)?;
    counts.check(HALF)?;
    house.still_runs()
}

/// Files one request for all the numbers and waits until both gates refuse them.
fn bar(house: &mut House, numbers: &[String]) -> Result<()> {
    let police = house.police()?;
    let bars = police.bar("all-of-them", numbers)?;
    for bar in [bars.first(), bars.last()] {
        police.wait_in_force(
            bar.context("there are bars")?,
            &[BARRING, ENABLING],
            IN_FORCE_WITHIN,
        )?;
    }
    say::line(&format!("  {} numbers barred", bars.len()));
    Ok(())
}

fn helplines<'a>(callers: &'a [&'a str]) -> impl Iterator<Item = Call> + 'a {
    let calls = callers
        .iter()
        .flat_map(|caller| HELPLINES.map(|number| (*caller, number)));
    calls.map(|(caller, number)| (caller.to_owned(), number.to_owned()))
}

fn all_forms(caller: &str, number: &str) -> Vec<Call> {
    forms(number)
        .into_iter()
        .map(|form| (caller.to_owned(), form))
        .collect()
}

/// Every form of every number, each from somebody.
fn each_form(
    numbers: &[String],
    callers: &[&str],
    chance: &mut Chance,
) -> impl Iterator<Item = Call> + use<> {
    let dialled = numbers.iter().flat_map(|number| forms(number));
    let calls: Vec<Call> = dialled
        .map(|form| ((*chance.one_of(callers)).to_owned(), form))
        .collect();
    calls.into_iter()
}

/// As many calls as a half has: each of these, as often as it takes, in any order.
fn repeated(mut calls: Vec<Call>, chance: &mut Chance) -> Vec<Call> {
    chance.shuffle(&mut calls);
    calls.into_iter().cycle().take(HALF).collect()
}

/// What was counted, twice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    /// From sipp's statistics: calls that were answered, calls that failed, 302s, 403s.
    pub(crate) answered: usize,
    pub(crate) failed: usize,
    pub(crate) allowed: usize,
    pub(crate) refused: usize,
    /// From its log, call by call.
    pub(crate) log: LogCounts,
}

/// What had to be answered, and what was.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LogCounts {
    pub(crate) permitted_allowed: usize,
    pub(crate) permitted_refused: usize,
    pub(crate) barred_refused: usize,
    pub(crate) barred_allowed: usize,
}

impl Counts {
    fn check(&self, half: usize) -> Result<()> {
        let Self {
            answered,
            failed,
            allowed,
            refused,
            log,
        } = self;
        say::line(&format!(
            "  sipp's statistics: {answered} answered, {failed} failed; {allowed} allowed, {refused} refused"
        ));
        let LogCounts {
            permitted_allowed,
            permitted_refused,
            barred_refused,
            barred_allowed,
        } = log;
        say::line(&format!(
            "  call by call: permitted {permitted_allowed} allowed, {permitted_refused} refused; barred {barred_refused} refused, {barred_allowed} allowed"
        ));
        ensure!(
            (*barred_allowed, *permitted_refused) == (0, 0),
            "a call was answered as it must not be"
        );
        ensure!(
            (*permitted_allowed, *barred_refused) == (half, half),
            "not every call is in the log"
        );
        ensure!(
            (*answered, *failed) == (2 * half, 0),
            "not every call was answered"
        );
        ensure!((*allowed, *refused) == (half, half), "the two counts differ");
        Ok(())
    }
}
