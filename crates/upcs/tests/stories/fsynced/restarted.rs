//! The same by the processes themselves: the whole house is put back to what a power cut would have left at some
//! of the words, and hub and gates are started on it.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use super::Story;
use super::cuts::at_each_word;
use super::disk::Disk;
use super::faults::Fault;
use super::words::{Promised, Word};
use crate::clients::{Said, dial};
use crate::house::{GATES, House};
use crate::store::HOLDERS;

/// Power cuts that hub and gates themselves come up from.
const CUTS: usize = 4;
/// From the hub's start until the gates have caught up with it.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(30);

/// Restarts everything at words that lie evenly apart; the last one among them.
pub(super) fn at_some_words(story: &Story, house: &mut House) -> Result<()> {
    let apart = story.words.len().div_ceil(CUTS);
    let mut counted = Counted::default();
    at_each_word(story, Fault::None, |disk, words| {
        let is_chosen = (story.words.len() - words.len()).is_multiple_of(apart);
        if is_chosen {
            at(story, house, disk, words, &mut counted)
        } else {
            Ok(())
        }
    })?;
    let Counted {
        cuts,
        receipts,
        refused,
        allowed,
    } = counted;
    say::line(&format!(
        "  hub and gates restarted after {cuts} power cuts: {receipts} receipts there, {refused} calls refused, \
         {allowed} allowed, none lost",
    ));
    Ok(())
}

#[derive(Default)]
struct Counted {
    cuts: usize,
    receipts: usize,
    refused: usize,
    allowed: usize,
}

fn at(story: &Story, house: &mut House, disk: &Disk, words: &[Word], counted: &mut Counted) -> Result<()> {
    put_back(house, disk)?;
    let Promised { requests, lists, .. } = Promised::by(words);
    // First without a hub: what a gate has acknowledged, it does not ask for again.
    for gate in GATES.into_iter().filter(|gate| lists[gate.at()].is_some()) {
        house.start_gate(gate)?;
        let serial = lists[gate.at()].context("it was filtered")?.serial;
        for (_, number) in story.known.barred.iter().filter(|(told, _)| *told <= serial) {
            let said = dial(house.sip(gate), HOLDERS[0], number);
            ensure!(
                said == Said::Refused,
                "after a power cut a barred number is answered with {said:?} at {gate:?}"
            );
            counted.refused += 1;
        }
        for entry in &story.known.permitted {
            let said = dial(house.sip(gate), entry.holder, &entry.number);
            ensure!(
                said == Said::Allowed,
                "after a power cut a permitted number is answered with {said:?}"
            );
            counted.allowed += 1;
        }
    }
    house.start_hub()?;
    for gate in GATES.into_iter().filter(|gate| lists[gate.at()].is_none()) {
        house.start_gate(gate)?;
    }
    ask_for_receipts(story, house, &requests, counted)?;
    GATES.into_iter().for_each(|gate| house.kill_gate(gate));
    house.kill_hub();
    counted.cuts += 1;
    Ok(())
}

fn ask_for_receipts(
    story: &Story,
    house: &mut House,
    requests: &[usize],
    counted: &mut Counted,
) -> Result<()> {
    let police = house.police()?;
    for request in requests {
        let one = &story.known.filed[*request];
        let kept = police.receipt(&one.reference)?;
        ensure!(
            kept.status == 200 && kept.json()? == one.receipt,
            "the receipt of request {request} is lost"
        );
        let again = police.file(&one.key, &one.request)?;
        ensure!(
            again.json()? == one.receipt,
            "request {request}, sent again, has another receipt"
        );
        counted.receipts += 1;
    }
    for bar in requests
        .iter()
        .flat_map(|request| &story.known.filed[*request].bars)
    {
        police.wait_in_force(bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    }
    house.still_runs()
}

/// Puts what is left in place of what is there.
fn put_back(house: &House, disk: &Disk) -> Result<()> {
    for there in super::recorded(house) {
        let left = house.temp().join("left");
        disk.leave(&there, &left)?;
        fs::remove_dir_all(&there)?;
        fs::rename(&left, &there)?;
    }
    Ok(())
}
