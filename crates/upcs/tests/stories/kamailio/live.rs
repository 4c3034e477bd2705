//! Live calls over Kamailio's JSON-RPC: an answered call is listed with its number and its caller, and ended, by a BYE
//! to both sides. A gate does so by itself when the number comes to be barred.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use feed::{Reason, Verdict};
use gate::live::BEAT;
use serde_json::{Value, json};
use upcs::conformance::mock_gate::{MockGate, Places};
use upcs::conformance::numbers::{international, national};
use upcs::conformance::phone::Phone;
use upcs::conformance::trunk::Trunk;
use upcs::say;

use super::proxy::{Kamailio, Site};
use crate::clients::request;
use crate::house::{Gate, House};
use crate::numbers::{digits, drama};
use crate::store::attempts_on;

const WITHIN: Duration = Duration::from_secs(5);
/// How long a call may go on once its number is barred: a beat of the gate, and what a busy machine adds.
const ENDED_WITHIN: Duration = Duration::from_secs(10);
/// How long the real gate may take, in milliseconds.
const GATE_TIMER_MS: u64 = 2_000;

/// Two calls; one is ended from outside, the other goes on.
pub(crate) fn listed_and_ended() -> Result<()> {
    let site = Site::free()?;
    let trunk = Trunk::start(site.trunk)?;
    let _gate = MockGate::start(&Places {
        sip: site.gate,
        http: None,
        trunk: site.trunk_name.clone(),
        late: WITHIN,
    })?;
    let mut kamailio = Kamailio::start(site)?;
    ensure!(
        listed(&kamailio)?.is_empty(),
        "a call is listed before there is one"
    );
    let mut phones = [phone(&kamailio)?, phone(&kamailio)?];
    let calls = [phones[0].dial(&national(40))?, phones[1].dial(&national(41))?];
    for call in &calls {
        ensure!(call.status() == Some(200), "a call got {:?}", call.status());
    }
    let live = listed(&kamailio)?;
    ensure!(live.len() == 2, "{} calls are listed: {live:?}", live.len());
    let barred = live
        .iter()
        .find(|dialog| variable(dialog, "number") == Some(&international(40)))
        .context("the call is not listed with its number")?;
    ensure!(
        variable(barred, "caller") == Some("A1234BC"),
        "its caller is not listed: {barred}"
    );
    let (status, said) = kamailio.rpc("dlg.end_dlg", json!([barred["h_entry"], barred["h_id"]]))?;
    ensure!(
        status == 200 && said["error"].is_null(),
        "end_dlg was answered with {status}: {said}"
    );
    let heard = phones[0]
        .wait_for("BYE", WITHIN)?
        .context("the phone heard no BYE")?;
    ensure!(
        heard.field("Call-ID") == calls[0].dial.name,
        "another call was ended"
    );
    let at_trunk = trunk.wait_for(WITHIN, |message| message.method() == Some("BYE"));
    let at_trunk = at_trunk.context("the trunk heard no BYE")?.message;
    ensure!(
        at_trunk.field("Call-ID") == calls[0].dial.name,
        "another call was ended at the trunk"
    );
    ensure!(
        at_trunk.field("To").contains(&international(40)) && !at_trunk.raw.contains("A1234BC"),
        "the BYE at the trunk does not speak as the INVITE did:\n{}",
        at_trunk.raw
    );
    let left = listed_without(&kamailio, &international(40))?;
    ensure!(left.len() == 1, "{} calls are left", left.len());
    say::line("  2 calls listed with number and caller; one ended on both sides, the other goes on");
    only_these_methods(&kamailio)?;
    kamailio.still_runs()
}

/// Two calls are up at a prison whose gate has Kamailio end calls; the number of one is barred.
pub(crate) fn ended_by_the_gate() -> Result<()> {
    let mut house = House::make()?;
    let site = Site {
        gate: house.sip(Gate::Barring),
        trunk_name: house.trunk(Gate::Barring)?,
        gate_timer_ms: GATE_TIMER_MS,
        ..Site::free()?
    };
    let hook = format!(
        "[live_calls]\nplatform = \"kamailio\"\nhook = \"http://{}/RPC\"\n",
        site.rpc
    );
    house.configure(Gate::Barring, &hook);
    house.start_all()?;
    let trunk = Trunk::start(site.trunk)?;
    let mut kamailio = Kamailio::start(site)?;
    let (barred, permitted) = (drama(0), drama(1));
    let mut phones = [phone(&kamailio)?, phone(&kamailio)?];
    let calls = [
        phones[0].dial(&digits(&barred))?,
        phones[1].dial(&digits(&permitted))?,
    ];
    for call in &calls {
        ensure!(call.status() == Some(200), "a call got {:?}", call.status());
    }
    let police = house.police()?;
    let filed = Instant::now();
    let receipt = police
        .file("live", &request(std::slice::from_ref(&barred)))?
        .json()?;
    let heard = phones[0].wait_for("BYE", ENDED_WITHIN)?;
    let heard = heard.context("a call to a barred number goes on")?;
    let took = filed.elapsed();
    ensure!(
        heard.field("Call-ID") == calls[0].dial.name,
        "another call was ended"
    );
    let at_trunk = trunk.wait_for(WITHIN, |message| message.method() == Some("BYE"));
    ensure!(at_trunk.is_some(), "the trunk heard no BYE");
    let reference = receipt["reference"].as_str().context("no reference")?;
    // The call that rang before the bar, and its end.
    let seen = attempts_on(&house.folder, reference, 2)?;
    let ended = Verdict::Ended(Reason::Barred);
    ensure!(
        seen.iter().filter(|shown| shown.attempt.verdict == ended).count() == 1,
        "the case does not say once that the call was ended: {seen:?}"
    );
    // Another beat has come and gone: the other call is asked about with every one.
    ensure!(
        phones[1].wait_for("BYE", 2 * BEAT)?.is_none(),
        "a call to a number that is not barred was ended"
    );
    say::line(&format!(
        "  the call to the barred number ended after {} ms, the other goes on",
        took.as_millis()
    ));
    kamailio.still_runs()?;
    house.still_runs()
}

fn phone(kamailio: &Kamailio) -> Result<Phone> {
    Phone::udp(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        kamailio.site.phones,
        WITHIN,
    )
}

/// The dialogs that `dlg.list` shows.
fn listed(kamailio: &Kamailio) -> Result<Vec<Value>> {
    let (status, said) = kamailio.rpc("dlg.list", json!([]))?;
    ensure!(status == 200, "dlg.list was answered with {status}: {said}");
    Ok(match &said["result"] {
        Value::Array(dialogs) => dialogs.clone(),
        _ => Vec::new(),
    })
}

/// The dialogs once that of a number is gone.
fn listed_without(kamailio: &Kamailio, number: &str) -> Result<Vec<Value>> {
    crate::tools::until("the ended call to leave the list", 3 * WITHIN, || {
        let live = listed(kamailio)?;
        let is_live = |dialog: &&Value| dialog["state"] != 5;
        let live: Vec<Value> = live.iter().filter(is_live).cloned().collect();
        let gone = !live
            .iter()
            .any(|dialog| variable(dialog, "number") == Some(number));
        Ok(gone.then_some(live))
    })
}

/// A variable of a dialog: `variables` is a list of objects with one field each.
fn variable<'a>(dialog: &'a Value, name: &str) -> Option<&'a str> {
    let variables = dialog["variables"].as_array()?;
    variables.iter().find_map(|variable| variable[name].as_str())
}

/// Nothing else can be asked for, and no SIP comes in by that port.
fn only_these_methods(kamailio: &Kamailio) -> Result<()> {
    for method in [
        "core.shmmem",
        "cfg.list",
        "tm.stats",
        "core.kill",
        "dlg.terminate_dlg",
    ] {
        let (status, said) = kamailio.rpc(method, json!([]))?;
        ensure!(
            status == 404 && said.is_null(),
            "{method} was answered with {status}: {said}"
        );
    }
    Ok(())
}
