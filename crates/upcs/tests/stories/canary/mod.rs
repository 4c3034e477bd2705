//! Canaries: particulars that are random for each run and stand nowhere else. They go through every route of
//! the JSON interface, refusals and errors included, through the pages and through the gates' calls, with every
//! child logging all that it can log. Then they are searched for, in every way in which they could be written or
//! encoded, wherever they must not be in the clear.
//!
//! Each source is named with its size. First a leak is planted in it and found by the same search.

mod calls;
mod cores;
mod html;
mod pages;
mod plant;
mod records;
mod routes;
mod sources;

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use feed::ContactKind;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::chance::Chance;
use crate::clients::bars;
use crate::house::House;
use crate::search::Needles;
use crate::store::{Entry, HOLDERS, approve_as, wait_for_attempts};
use plant::Canaries;
use sources::Source;

const IN_FORCE_WITHIN: Duration = Duration::from_secs(20);

/// Sends the canaries through everything and searches for them.
pub(crate) fn none_is_found() -> Result<()> {
    let mut chance = Chance::seeded()?;
    let canaries = Canaries::random(&mut chance);
    let mut house = House::make()?;
    let solicitor = Entry {
        holder: HOLDERS[0],
        number: canaries.legal_number.clone(),
        contact: ContactKind::Legal,
    };
    approve_as(&house.folder, &[solicitor], &canaries.solicitor)?;
    let tmp = house.temp().join("tmp");
    fs::create_dir(&tmp)?;
    let cores = house.temp().join("cores");
    fs::create_dir(&cores)?;
    house.start_in(&cores);
    house.set("TMPDIR", &tmp.display().to_string());
    house.set("RUST_LOG", "trace");
    house.start_all()?;
    let answers = drive(&house, &canaries)?;
    let needles = Needles::new(canaries.needles());
    say::line(&format!(
        "  {} canaries, {} ways of writing them",
        canaries.count(),
        needles.all().len()
    ));
    let mut found = Vec::new();
    let live = [Source::Processes, Source::Standing, Source::Answers(answers)];
    for (at, source) in live.into_iter().enumerate() {
        found.extend(sources::search(&house, &source, &needles, at)?);
    }
    // From here on nothing more is reported: what is dialled stays in the spools.
    house.kill_hub();
    calls::dial(&house, &canaries)?;
    calls::wait_for_spools(&house)?;
    for (at, source) in sources::folders(&house, &tmp).into_iter().enumerate() {
        found.extend(sources::search(&house, &source, &needles, 10 + at)?);
    }
    house.start_hub()?;
    house.still_runs()?;
    cores::search(&mut house, &cores, &needles)?;
    ensure!(found.is_empty(), "{} canaries were found", found.len());
    Ok(())
}

/// Files, asks, dials, types. Gives what the JSON interface and the gates' HTTP answered.
fn drive(house: &House, canaries: &Canaries) -> Result<Vec<crate::search::Heap>> {
    let police = house.police()?;
    let filed = police.file("canary", &canaries.request())?;
    ensure!(
        filed.status == 201,
        "the canaries' request was answered with {}: {}",
        filed.status,
        filed.body
    );
    let receipt = filed.json()?;
    let reference = receipt["reference"]
        .as_str()
        .context("a receipt has a reference")?
        .to_owned();
    let bar = bars(&receipt)
        .into_iter()
        .next()
        .context("a receipt names its bar")?;
    police.wait_in_force(&bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    let mut answers = routes::drive(&police, canaries, &reference, &bar)?;
    answers.extend(calls::dial(house, canaries)?);
    wait_for_attempts(&house.folder, &reference, 10)?;
    answers.push(records::drive(house, &reference)?);
    answers.extend(pages::drive(house, canaries, &reference)?);
    Ok(answers)
}
