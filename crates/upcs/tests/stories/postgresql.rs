//! The same journey with the hub's store in PostgreSQL: request, interim bar, refused call, attempt, proof; then
//! a hub that is killed and started again.

mod server;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use upcs::demo::{BARRING, ENABLING, WITHOUT_GATE};
use upcs::say;

use crate::clients::{Bar, Referrer, Said, bars, dial, request};
use crate::house::{GATES, Gate, House};
use crate::numbers::forms;
use crate::store::wait_for_attempts;
use server::Server;

/// On the demo's list of A2345CD, so that the enabling gate allows it until it is barred.
const NUMBER: &str = "07700 900123";
const IN_FORCE_WITHIN: Duration = Duration::from_secs(10);

/// Walks the journey.
pub(crate) fn same_journey() -> Result<()> {
    let server = Server::start()?;
    let mut house = House::make_on(Some(server.url()))?;
    house.start_all()?;
    let police = house.police()?;
    let callers = [(Gate::Barring, "A1234BC"), (Gate::Enabling, "A2345CD")];
    for (gate, from) in callers {
        ensure!(
            dial(house.sip(gate), from, NUMBER) == Said::Allowed,
            "{gate:?} does not allow it before the bar"
        );
    }
    let (reference, bar) = file(&police)?;
    police.wait_in_force(&bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    ensure!(
        !police.covered(&bar)?.iter().any(|prison| prison == WITHOUT_GATE),
        "a prison without a gate is covered"
    );
    let dialled = refused_in_every_form(&house)?;
    say::line(&format!(
        "  PostgreSQL {}: barred, {dialled} calls refused",
        server.version()
    ));
    let seen = wait_for_attempts(&house.folder, &reference, dialled)?;
    say::line(&format!("  {seen} attempts stand on the case"));
    house.kill_hub();
    house.start_hub()?;
    ensure!(
        police.receipt(&reference)?.status == 200,
        "the receipt is gone after a kill"
    );
    police.wait_in_force(&bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    refused_in_every_form(&house)?;
    say::line("  hub killed and started again: receipt, bar and proof are there");
    house.still_runs()
}

fn file(police: &Referrer) -> Result<(String, Bar)> {
    let filed = police.file("first", &request(&[NUMBER.to_owned()]))?;
    ensure!(
        filed.status == 201,
        "the request was answered with {}: {}",
        filed.status,
        filed.body
    );
    let again = police.file("first", &request(&[NUMBER.to_owned()]))?;
    ensure!(
        again.json()? == filed.json()?,
        "the same key and body gave another receipt"
    );
    let other = police.file("first", &request(&["07700 900124".to_owned()]))?;
    ensure!(
        other.status == 409,
        "another body under the same key was answered with {}",
        other.status
    );
    let receipt = filed.json()?;
    ensure!(
        receipt["targets"][0]["outcome"] == json!("barred"),
        "not barred at once: {receipt}"
    );
    let reference = receipt["reference"]
        .as_str()
        .context("a receipt has a reference")?
        .to_owned();
    Ok((
        reference,
        bars(&receipt)
            .into_iter()
            .next()
            .context("a receipt names its bar")?,
    ))
}

fn refused_in_every_form(house: &House) -> Result<usize> {
    let mut refused = 0;
    for gate in GATES {
        for dialled in forms(NUMBER) {
            for from in ["A1234BC", "A2345CD", "generic", "official-chapel"] {
                let said = dial(house.sip(gate), from, &dialled);
                ensure!(
                    said == Said::Refused,
                    "{gate:?}: {from} dialled {dialled:?}: {said:?}"
                );
                refused += 1;
            }
        }
    }
    Ok(refused)
}
