//! What a switch must do, case by case: put through what the gate allowed, fail whatever else, and go no way round.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::bench::Bench;
use super::numbers::{
    BUSY, DIVERTED, DIVERTED_TO, HELPLINE, MISBEHAVIOURS, RANGE, RINGING, international, national,
};
use super::phone::{Called, Dial};

/// How long something that must come may take.
const COMES_WITHIN: Duration = Duration::from_secs(4);

/// One case.
pub(super) struct Case {
    /// As the table shows it.
    pub(super) name: String,
    /// Numbers that stand for this case alone, by their last three digits, and that must not be seen at the trunk.
    pub(super) never: Vec<u16>,
    pub(super) run: Run,
}

/// How a case goes.
pub(super) enum Run {
    /// This number is dialled and must be refused.
    Refused(u16),
    /// As written.
    As(fn(&Bench) -> Result<()>),
}

/// All of them, in the order of the table.
pub(super) fn all() -> Vec<Case> {
    let written = |name: &str, never: &[u16], run| Case {
        name: name.to_owned(),
        never: never.to_vec(),
        run: Run::As(run),
    };
    let misbehaviours = MISBEHAVIOURS.iter().map(|(last, name, _)| Case {
        name: (*name).to_owned(),
        never: vec![*last],
        run: Run::Refused(*last),
    });
    let arriving = ARRIVING.iter().map(|(name, run)| written(name, &[], *run));
    let round = super::round::WAYS
        .iter()
        .chain(&super::within::WAYS)
        .map(|(name, never, run)| written(name, never, *run));
    arriving.chain(misbehaviours).chain(round).collect()
}

type Written = fn(&Bench) -> Result<()>;

/// What must arrive, and how calls end.
const ARRIVING: [(&str, Written); 12] = [
    ("an allowed call arrives as the gate wrote it, and ends", arrives),
    ("as does one over TCP", arrives_over_tcp),
    ("as does one with 141, marked to be withheld", arrives_withheld),
    ("as does one with 18001, marked for the relay", arrives_by_relay),
    ("as does a helpline's short code", short_code_arrives),
    ("as does one that is dialled as a tel URI", tel_arrives),
    ("an INVITE that is sent again is one call", sent_again_is_one),
    ("a call that rings is cancelled", is_cancelled),
    ("a busy number is busy", is_busy),
    ("the far end ends a call", far_end_ends),
    ("a re-INVITE within a call arrives", reinvite_arrives),
    ("OPTIONS is answered", options),
];

/// Dials, and must get through to exactly this URI.
pub(super) fn through(bench: &Bench, dialled: &str, uri: &str) -> Result<Called> {
    let mut phone = bench.phone()?;
    let mut called = phone.dial(dialled)?;
    let status = called.status();
    ensure!(status == Some(200), "the call got {}", shown(status));
    let from = called.answer.as_ref().map_or("", |answer| answer.field("From"));
    ensure!(
        from.contains(&called.dial.from),
        "the answer does not repeat the phone's From"
    );
    ensure!(
        bench.trunk_has("INVITE", uri, COMES_WITHIN).is_some(),
        "no INVITE to the number that the gate allowed"
    );
    ensure!(
        bench.trunk_has("ACK", "", COMES_WITHIN).is_some(),
        "the call's ACK did not reach the trunk"
    );
    let ended = phone.say_within(&mut called, "BYE", None, "")?;
    ensure!(
        ended.and_then(|answer| answer.status()) == Some(200),
        "the BYE was not taken"
    );
    Ok(called)
}

/// The last answer in words.
pub(super) fn shown(status: Option<u16>) -> String {
    status.map_or_else(|| "no answer".to_owned(), |status| status.to_string())
}

/// The Request-URI of an allowed number.
pub(super) fn at_the_trunk(bench: &Bench, last: u16) -> String {
    format!("sip:{}@{}", international(last), bench.trunk_name)
}

/// What was called must have been refused.
pub(super) fn refused(bench: &Bench, called: &Called) -> Result<()> {
    match called.status() {
        Some(status) if status >= 400 => bench.refusals.note(called),
        status => bail!("the call got {}", shown(status)),
    }
    Ok(())
}

fn arrives(bench: &Bench) -> Result<()> {
    through(bench, &national(1), &at_the_trunk(bench, 1)).map(drop)
}

fn arrives_over_tcp(bench: &Bench) -> Result<()> {
    if !bench.has_tcp {
        return bench.left_out("--no-tcp");
    }
    let mut phone = bench.tcp_phone()?;
    let mut called = phone.dial(&national(2))?;
    ensure!(
        called.status() == Some(200),
        "the call got {}",
        shown(called.status())
    );
    let uri = at_the_trunk(bench, 2);
    ensure!(
        bench.trunk_has("INVITE", &uri, COMES_WITHIN).is_some(),
        "no such INVITE"
    );
    let ended = phone.say_within(&mut called, "BYE", None, "")?;
    ensure!(
        ended.and_then(|answer| answer.status()) == Some(200),
        "the BYE was not taken"
    );
    Ok(())
}

fn arrives_withheld(bench: &Bench) -> Result<()> {
    let uri = format!("{};service=withhold", at_the_trunk(bench, 3));
    through(bench, &format!("141{}", national(3)), &uri).map(drop)
}

fn arrives_by_relay(bench: &Bench) -> Result<()> {
    let uri = format!("{};service=relay", at_the_trunk(bench, 4));
    through(bench, &format!("18001{}", national(4)), &uri).map(drop)
}

fn short_code_arrives(bench: &Bench) -> Result<()> {
    through(bench, HELPLINE, &format!("sip:{HELPLINE}@{}", bench.trunk_name)).map(drop)
}

fn tel_arrives(bench: &Bench) -> Result<()> {
    let called = bench
        .phone()?
        .make(Dial::new(format!("tel:{}", international(5))))?;
    ensure!(
        called.status() == Some(200),
        "the call got {}",
        shown(called.status())
    );
    let uri = at_the_trunk(bench, 5);
    ensure!(
        bench.trunk_has("INVITE", &uri, COMES_WITHIN).is_some(),
        "no such INVITE"
    );
    Ok(())
}

fn sent_again_is_one(bench: &Bench) -> Result<()> {
    let mut phone = bench.phone()?;
    let dial = Dial::new(format!("sip:{}@{}", national(6), bench.switch));
    phone.begin(&dial)?;
    phone.begin(&dial)?;
    let called = phone.make(dial)?;
    ensure!(
        called.status() == Some(200),
        "the call got {}",
        shown(called.status())
    );
    let uri = at_the_trunk(bench, 6);
    let mut calls: Vec<String> = bench
        .trunk
        .reached()
        .iter()
        .filter(|reached| reached.message.method() == Some("INVITE") && reached.message.uri() == uri)
        .map(|reached| {
            format!(
                "{} {}",
                reached.message.field("Call-ID"),
                reached.message.branch()
            )
        })
        .collect();
    calls.sort();
    calls.dedup();
    ensure!(calls.len() == 1, "{} calls reached the trunk", calls.len());
    Ok(())
}

fn is_cancelled(bench: &Bench) -> Result<()> {
    let mut phone = bench.phone()?;
    let dial = Dial::new(format!("sip:{}@{}", national(RINGING), bench.switch));
    phone.begin(&dial)?;
    let uri = at_the_trunk(bench, RINGING);
    ensure!(
        bench.trunk_has("INVITE", &uri, COMES_WITHIN).is_some(),
        "the call did not ring"
    );
    phone.cancel(&dial)?;
    let answer = phone.final_answer(&dial, "1 INVITE")?;
    ensure!(
        answer.and_then(|answer| answer.status()) == Some(487),
        "the INVITE did not end with 487"
    );
    ensure!(
        bench.trunk_has("CANCEL", &uri, COMES_WITHIN).is_some(),
        "no CANCEL at the trunk"
    );
    Ok(())
}

fn is_busy(bench: &Bench) -> Result<()> {
    let called = bench.phone()?.dial(&national(BUSY))?;
    ensure!(
        called.status() == Some(486),
        "the call got {}",
        shown(called.status())
    );
    Ok(())
}

fn far_end_ends(bench: &Bench) -> Result<()> {
    let mut phone = bench.phone()?;
    let called = phone.dial(&national(7))?;
    ensure!(
        called.status() == Some(200),
        "the call got {}",
        shown(called.status())
    );
    let invite = bench.trunk_has("INVITE", &at_the_trunk(bench, 7), COMES_WITHIN);
    let invite = invite.context("no such INVITE")?;
    let told = std::thread::scope(|scope| -> Result<_> {
        let told = scope.spawn(|| bench.trunk.say_within(&invite, "BYE", "", COMES_WITHIN));
        let heard = phone.wait_for("BYE", COMES_WITHIN)?;
        ensure!(heard.is_some(), "the phone heard no BYE");
        told.join()
            .map_err(|_| anyhow::anyhow!("the trunk's thread ended by a fault"))?
    })?;
    ensure!(
        told.and_then(|answer| answer.status()) == Some(200),
        "the BYE was not answered"
    );
    Ok(())
}

fn reinvite_arrives(bench: &Bench) -> Result<()> {
    let mut phone = bench.phone()?;
    let mut called = phone.dial(&national(8))?;
    let again = phone.say_within(&mut called, "INVITE", None, "")?;
    ensure!(
        again.and_then(|answer| answer.status()) == Some(200),
        "the re-INVITE was not taken"
    );
    let within = |reached: &super::message::Message| {
        reached.method() == Some("INVITE") && reached.is_within() && reached.field("To").contains(RANGE)
    };
    ensure!(
        bench.trunk.wait_for(COMES_WITHIN, within).is_some(),
        "no re-INVITE at the trunk"
    );
    let ended = phone.say_within(&mut called, "BYE", None, "")?;
    ensure!(
        ended.and_then(|answer| answer.status()) == Some(200),
        "the BYE was not taken"
    );
    Ok(())
}

fn options(bench: &Bench) -> Result<()> {
    let called = bench
        .phone()?
        .ask("OPTIONS", Dial::new(format!("sip:{}", bench.switch)))?;
    ensure!(called.status().is_some(), "no answer");
    Ok(())
}

/// A far end that diverts the call: the switch must not dial where it is sent.
pub(super) fn far_end_diverts(bench: &Bench) -> Result<()> {
    let called = bench.phone()?.dial(&national(DIVERTED))?;
    let answer = called.answer.context("no answer")?;
    ensure!(
        answer.status() >= Some(400),
        "the call got {}",
        shown(answer.status())
    );
    ensure!(
        !answer.raw.contains(&international(DIVERTED_TO)),
        "the phone was told where to"
    );
    Ok(())
}
