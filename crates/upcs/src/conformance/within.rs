//! Ways round the gate from within a call, or from within one that there is not.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::bench::Bench;
use super::cases::{at_the_trunk, shown};
use super::numbers::{international, national};
use super::phone::{Called, Dial, Phone};
use super::round::{Way, dial, must_fail, refer_to};

/// Each with the numbers that it tries to reach; all of them stand for it alone.
pub(super) const WAYS: [Way; 9] = [
    ("REFER within a call, from the phone", &[207], refer_within),
    (
        "REFER within a call, from the far end",
        &[208],
        refer_from_the_far_end,
    ),
    ("INVITE with Replaces", &[209], replaces),
    (
        "re-INVITE to another number within a call",
        &[210],
        reinvite_elsewhere,
    ),
    (
        "an UPDATE and an ACK to another number within a call",
        &[211],
        update_elsewhere,
    ),
    (
        "re-INVITE within a call that there is not",
        &[213],
        within_no_call,
    ),
    (
        "BYE and INFO within a call that there is not",
        &[214],
        bye_within_no_call,
    ),
    (
        "a second INVITE under the Call-ID of a call",
        &[215],
        same_call_id,
    ),
    (
        "an INVITE that says it belongs to a call, with a Route",
        &[222],
        made_up_tag,
    ),
];

fn refer_within(bench: &Bench) -> Result<()> {
    let (mut phone, mut called) = allowed(bench, 25)?;
    let answer = phone.say_within(&mut called, "REFER", None, &refer_to(bench, 207))?;
    must_fail(answer, "the REFER")?;
    end(&mut phone, &mut called)?;
    no_refer(bench)
}

fn no_refer(bench: &Bench) -> Result<()> {
    let reached = bench.trunk.reached();
    let refers = reached
        .iter()
        .any(|reached| reached.message.method() == Some("REFER"));
    ensure!(!refers, "a REFER reached the trunk");
    Ok(())
}

fn refer_from_the_far_end(bench: &Bench) -> Result<()> {
    let (mut phone, mut called) = allowed(bench, 26)?;
    let invite = bench.trunk_has("INVITE", &at_the_trunk(bench, 26), bench.settles());
    let invite = invite.context("no such INVITE")?;
    let answer = bench
        .trunk
        .say_within(&invite, "REFER", &refer_to(bench, 208), bench.settles())?;
    must_fail(answer, "the REFER")?;
    let heard = phone.wait_for("REFER", Duration::from_millis(100))?;
    ensure!(heard.is_none(), "the phone heard the REFER");
    end(&mut phone, &mut called)
}

fn replaces(bench: &Bench) -> Result<()> {
    let (mut phone, mut called) = allowed(bench, 27)?;
    let more = format!(
        "Replaces: {};to-tag=far-end;from-tag={}\r\n",
        called.dial.name, called.dial.name
    );
    let to = Some(format!("<sip:{}@{}>", international(209), bench.trunk_name));
    let second = bench.phone()?.make(Dial {
        more,
        to,
        ..dial(bench, 28)
    })?;
    // A switch may also leave the header behind and make an ordinary call of it.
    ensure!(second.status().is_some(), "no answer");
    let reached = bench.trunk.reached();
    let replaces = reached
        .iter()
        .any(|reached| !reached.message.field("Replaces").is_empty());
    ensure!(!replaces, "a Replaces reached the trunk");
    end(&mut phone, &mut called)
}

fn reinvite_elsewhere(bench: &Bench) -> Result<()> {
    let (mut phone, mut called) = allowed(bench, 29)?;
    let other = format!("sip:{}@{}", international(210), bench.trunk_name);
    let more = format!("Route: <{other};lr>\r\n");
    phone.say_within(&mut called, "INVITE", Some(&other), "")?;
    phone.say_within(&mut called, "INVITE", Some(&other), &more)?;
    end(&mut phone, &mut called)
}

fn update_elsewhere(bench: &Bench) -> Result<()> {
    let (mut phone, mut called) = allowed(bench, 30)?;
    let other = format!("sip:{}@{}", international(211), bench.trunk_name);
    phone.acknowledge(&called, Some(&other))?;
    phone.say_within(&mut called, "UPDATE", Some(&other), "")?;
    phone.say_within(&mut called, "INFO", Some(&other), "")?;
    phone.acknowledge(&called, Some(&other))?;
    end(&mut phone, &mut called)
}

fn within_no_call(bench: &Bench) -> Result<()> {
    let to = Some(format!("<sip:{}@{}>;tag=far-end", national(213), bench.switch));
    let called = bench.phone()?.make(Dial {
        to,
        ..dial(bench, 213)
    })?;
    must_fail(called.answer, "the re-INVITE")
}

fn bye_within_no_call(bench: &Bench) -> Result<()> {
    for method in ["BYE", "INFO", "UPDATE"] {
        let to = Some(format!("<sip:{}@{}>;tag=far-end", national(214), bench.switch));
        let more = format!(
            "Route: <sip:{};lr>\r\nRoute: <sip:{};lr>\r\n",
            bench.switch, bench.trunk_name
        );
        let called = bench.phone()?.ask(
            method,
            Dial {
                to,
                more,
                ..dial(bench, 214)
            },
        )?;
        must_fail(called.answer, method)?;
    }
    Ok(())
}

fn same_call_id(bench: &Bench) -> Result<()> {
    let (mut phone, mut called) = allowed(bench, 31)?;
    let second = Dial {
        name: called.dial.name.clone(),
        cseq: 50,
        ..dial(bench, 215)
    };
    let second = phone.make(second)?;
    must_fail(second.answer, "the second INVITE")?;
    end(&mut phone, &mut called)
}

fn made_up_tag(bench: &Bench) -> Result<()> {
    let uri = format!("sip:{}@{}", international(222), bench.trunk_name);
    let to = Some(format!("<{uri}>;tag=made-up"));
    let more = format!(
        "Route: <sip:{};lr>\r\nRoute: <sip:{};lr>\r\n",
        bench.switch, bench.trunk_name
    );
    let called = bench.phone()?.make(Dial {
        to,
        more,
        ..Dial::new(uri)
    })?;
    must_fail(called.answer, "the INVITE")
}

/// Makes a call to an allowed number, which must be taken.
fn allowed(bench: &Bench, last: u16) -> Result<(Phone, Called)> {
    let mut phone = bench.phone()?;
    let called = phone.dial(&national(last))?;
    ensure!(
        called.status() == Some(200),
        "the allowed call got {}",
        shown(called.status())
    );
    Ok((phone, called))
}

fn end(phone: &mut Phone, called: &mut Called) -> Result<()> {
    let ended = phone.say_within(called, "BYE", None, "")?;
    ensure!(
        ended.and_then(|answer| answer.status()) == Some(200),
        "the call could not be ended"
    );
    Ok(())
}
