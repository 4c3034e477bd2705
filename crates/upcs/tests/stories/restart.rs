//! A gate that starts again without a hub, on another day, or without its key; and what its state folder tells.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hub::seams::Seams;
use jiff::Timestamp;
use serde_json::Value;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::clients::{Http, Said, dial};
use crate::house::{GATES, Gate, House};
use crate::numbers::{forms, several};
use crate::search::{Needles, files_below, of_number};
use crate::store::{approve, social};
use crate::tools::{Tool, until};

const IN_FORCE_WITHIN: Duration = Duration::from_secs(20);
/// Within which a gate has told its disk what it knows.
const SETTLED_WITHIN: Duration = Duration::from_secs(10);

/// Numbers with a part.
pub(crate) struct Planted {
    pub(crate) barred: Vec<String>,
    pub(crate) approved: Vec<String>,
    /// Neither barred nor approved.
    others: Vec<String>,
}

/// A house in which some numbers are barred and some approved, all in force.
pub(crate) fn settled() -> Result<(House, Planted)> {
    let planted = Planted {
        barred: several(0, 15),
        approved: several(15, 15),
        others: several(30, 5),
    };
    let mut house = House::make()?;
    let taken = [planted.approved.clone(), planted.barred.clone()].concat();
    approve(&house.folder, &social(&taken))?;
    house.start_all()?;
    let police = house.police()?;
    for bar in police.bar("planted", &planted.barred)? {
        police.wait_in_force(&bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    }
    Ok((house, planted))
}

/// What was dialled and what came of it.
#[derive(Default)]
pub(crate) struct Dialled {
    refused: usize,
    allowed: usize,
}

impl Dialled {
    pub(crate) fn expect(
        &mut self,
        house: &House,
        gate: Gate,
        from: &str,
        dialled: &str,
        expected: &Said,
    ) -> Result<()> {
        let said = dial(house.sip(gate), from, dialled);
        ensure!(
            said == *expected,
            "{gate:?}: {from} dialled {dialled:?}: {said:?} and not {expected:?}"
        );
        match said {
            Said::Allowed => self.allowed += 1,
            _ => self.refused += 1,
        }
        Ok(())
    }

    /// Dials everything at both gates as it must be answered from a list.
    pub(crate) fn with_a_list(&mut self, house: &House, planted: &Planted) -> Result<()> {
        for entry in social(&planted.barred) {
            for dialled in forms(&entry.number) {
                for (gate, from) in [
                    (Gate::Barring, "A1234BC"),
                    (Gate::Barring, "generic"),
                    (Gate::Enabling, entry.holder),
                ] {
                    self.expect(house, gate, from, &dialled, &Said::Refused)?;
                }
            }
        }
        // `settled` deals the approved numbers out first.
        for entry in social(&planted.approved) {
            self.expect(house, Gate::Enabling, entry.holder, &entry.number, &Said::Allowed)?;
            self.expect(house, Gate::Barring, "A1234BC", &entry.number, &Said::Allowed)?;
            self.expect(house, Gate::Enabling, "generic", &entry.number, &Said::Refused)?;
        }
        for number in &planted.others {
            self.expect(house, Gate::Enabling, "A2345CD", number, &Said::Refused)?;
            self.expect(house, Gate::Barring, "A1234BC", number, &Said::Allowed)?;
        }
        self.helplines(house)
    }

    pub(crate) fn helplines(&mut self, house: &House) -> Result<()> {
        for gate in GATES {
            for from in ["A1234BC", "generic", "official-chapel", "nobody we know"] {
                self.expect(house, gate, from, "116 123", &Said::Allowed)?;
            }
        }
        Ok(())
    }

    pub(crate) fn tell(&self, when: &str) {
        say::line(&format!(
            "  {when}: {} calls refused, {} allowed",
            self.refused, self.allowed
        ));
    }
}

/// The hub is off for good; the gates are killed and started three days on.
pub(crate) fn three_days_on() -> Result<()> {
    let (mut house, planted) = settled()?;
    let mut before = Dialled::default();
    before.with_a_list(&house, &planted)?;
    before.tell("before");
    house.kill_hub();
    let library = Tool::Faketime.find().context("faketime was here")?;
    // The monotonic clock, by which programs wait, stays as it is.
    let preload = [
        format!("LD_PRELOAD={}", library.display()),
        "FAKETIME=+3d".to_owned(),
        "DONT_FAKE_MONOTONIC=1".to_owned(),
    ];
    for gate in GATES {
        house.kill_gate(gate);
        house.start_gate_with(gate, &preload)?;
    }
    let mut after = Dialled::default();
    after.with_a_list(&house, &planted)?;
    after.tell("without a hub, three days on");
    GATES
        .into_iter()
        .try_for_each(|gate| is_three_days_on(&house, gate))?;
    house.still_runs()
}

/// Shown by the time of the last line of its log.
fn is_three_days_on(house: &House, gate: Gate) -> Result<()> {
    let log = fs::read_to_string(house.folder.log(&format!("gate-{}", gate.prison())))?;
    let line: Value = serde_json::from_str(log.lines().last().context("the gate has logged nothing")?)?;
    let logged: Timestamp = line["timestamp"]
        .as_str()
        .context("a line without a time")?
        .parse()?;
    let ahead = logged.duration_since(Seams::real().clock.now()).as_hours();
    ensure!(
        (71..73).contains(&ahead),
        "the clock of the gate was {ahead} hours ahead"
    );
    Ok(())
}

/// The key file is gone: no list, and health says so.
pub(crate) fn without_its_key() -> Result<()> {
    let (mut house, planted) = settled()?;
    let http = Http::new()?;
    for gate in GATES {
        let healthy = http.get(&format!("http://{}/health", house.http(gate)))?;
        ensure!(
            healthy.status == 200,
            "with its key, health answers {}: {}",
            healthy.status,
            healthy.body
        );
    }
    house.kill_hub();
    for gate in GATES {
        house.kill_gate(gate);
        let key = house.folder.gate_key(gate.prison());
        fs::rename(&key, key.with_extension("away"))?;
        house.start_gate(gate)?;
    }
    let mut dialled = Dialled::default();
    for number in planted
        .barred
        .iter()
        .chain(&planted.approved)
        .chain(&planted.others)
    {
        for (gate, from) in [
            (Gate::Barring, "A1234BC"),
            (Gate::Enabling, "A2345CD"),
            (Gate::Enabling, "generic"),
        ] {
            dialled.expect(&house, gate, from, number, &Said::Refused)?;
        }
    }
    dialled.helplines(&house)?;
    dialled.tell("without their keys");
    for gate in GATES {
        let sick = http.get(&format!("http://{}/health", house.http(gate)))?;
        ensure!(
            sick.status == 503 && sick.body.contains("key"),
            "health says {}: {}",
            sick.status,
            sick.body
        );
        say::line(&format!(
            "  health of {}: {} {}",
            gate.prison(),
            sick.status,
            sick.body.trim()
        ));
    }
    house.still_runs()
}

/// Whoever takes the state folder, and nothing else, can confirm no number that he thinks of.
pub(crate) fn state_folder_alone() -> Result<()> {
    let (mut house, planted) = settled()?;
    // Attempts are in the folder too, for a while; without a hub they stay there.
    house.kill_hub();
    let mut dialled = Dialled::default();
    dialled.with_a_list(&house, &planted)?;
    let numbers = planted
        .barred
        .iter()
        .chain(&planted.approved)
        .chain(&planted.others);
    let needles: Vec<_> = numbers
        .enumerate()
        .flat_map(|(at, number)| of_number(&format!("number {at}"), number))
        .collect();
    let count = needles.len();
    let needles = Needles::new(needles);
    for gate in GATES {
        let folder = house.state(gate);
        let spooled = || {
            Ok(files_below(&folder)?
                .iter()
                .any(|heap| heap.place.contains("spool"))
                .then_some(()))
        };
        until("attempts to be spooled", SETTLED_WITHIN, spooled)?;
        // The search is shown to work in this folder first.
        let planted_here = folder.join("planted");
        fs::write(
            &planted_here,
            &needles.all().get(count / 2).context("there are needles")?.bytes,
        )?;
        let found = find(&needles, &folder)?;
        fs::remove_file(&planted_here)?;
        ensure!(
            !found.is_empty(),
            "what was planted in the state folder was not found"
        );
        let heaps = files_below(&folder)?;
        let bytes: usize = heaps.iter().map(|heap| heap.bytes.len()).sum();
        let found = find(&needles, &folder)?;
        ensure!(
            found.is_empty(),
            "the state folder of {} tells: {found:?}",
            gate.prison()
        );
        say::line(&format!(
            "  {}: {} files, {bytes} bytes, {count} needles: nothing",
            gate.prison(),
            heaps.len()
        ));
    }
    house.still_runs()
}

fn find(needles: &Needles, folder: &std::path::Path) -> Result<Vec<String>> {
    Ok(files_below(folder)?
        .iter()
        .flat_map(|heap| needles.find(heap))
        .collect())
}
