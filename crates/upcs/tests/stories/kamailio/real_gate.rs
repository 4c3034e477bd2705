//! Phones, real Kamailio, a real gate, and a trunk that keeps whatever reaches it: the whole corpus, a gate that is
//! stopped and killed, and sipp.

use std::collections::{HashMap, HashSet};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use upcs::conformance::message::{Message, address};
use upcs::conformance::phone::Phone;
use upcs::conformance::trunk::Trunk;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use super::proxy::{Kamailio, Site};
use crate::corpus::{self, Variant};
use crate::house::{Gate, House};
use crate::numbers::{digits, several};
use crate::tools::is_set;

/// Variants, long and short.
const VARIANTS: (usize, usize) = (1_000_000, 3_000);
/// Numbers of each kind.
const NUMBERS: usize = 200;
/// Calls of the corpus that are made before what reached the trunk is looked at.
const AT_A_TIME: usize = 20_000;
const IN_FLIGHT: usize = 32;
const IN_FORCE_WITHIN: Duration = Duration::from_secs(30);
/// After this a call has had no answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long something that must not come is waited for.
const SETTLES: Duration = Duration::from_millis(600);
/// How long the gate may take, in milliseconds: a machine that is busy with other things must not refuse a call.
const GATE_TIMER_MS: u64 = 2000;

/// What the trunk saw is what the gate allowed, byte for byte.
pub(crate) fn sees_what_was_allowed() -> Result<()> {
    let mut house = House::start()?;
    let numbers = several(0, 2 * NUMBERS);
    let (barred, permitted) = numbers.split_at(NUMBERS);
    let police = house.police()?;
    let bars = police.bar("corpus", barred)?;
    let last = bars.last().context("nothing was barred")?;
    police.wait_in_force(last, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    let site = Site {
        gate: house.sip(Gate::Barring),
        trunk_name: house.trunk(Gate::Barring)?,
        gate_timer_ms: GATE_TIMER_MS,
        ..Site::free()?
    };
    let trunk = Trunk::start(site.trunk)?;
    let mut kamailio = Kamailio::start(site)?;
    let count = if is_set("UPCS_FULL") {
        VARIANTS.0
    } else {
        VARIANTS.1
    };
    let variants = corpus::make(house.temp(), barred, permitted, count, &[])?;
    let began = Instant::now();
    let mut counted = Counted::default();
    for variants in variants.chunks(AT_A_TIME) {
        counted.drive(&kamailio.site, &trunk, variants, barred)?;
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    say::line(&format!("  {counted:?}, {rate:.0} calls a second"));
    ensure!(
        counted.permitted == count / 2 && counted.barred == count / 2,
        "not every call counts"
    );
    super::scenarios::through_kamailio(kamailio.site.phones, &permitted[0], &barred[0])?;
    without_a_gate(&mut house, &kamailio, &trunk, &permitted[0])?;
    let log = kamailio.log()?;
    let told = numbers.iter().find(|number| log.contains(&digits(number)[1..]));
    ensure!(told.is_none(), "kamailio's log names a number");
    kamailio.still_runs()?;
    house.still_runs()
}

/// The gate stopped, running again, killed, and back: a permitted number rings only with a gate.
fn without_a_gate(house: &mut House, kamailio: &Kamailio, trunk: &Trunk, permitted: &str) -> Result<()> {
    let dialled = digits(permitted);
    let mut taken: HashSet<String> = HashSet::new();
    let mut dial = |must: u16, what: &str| -> Result<()> {
        trunk.forget();
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let called = Phone::udp(here, kamailio.site.phones, ANSWER_WITHIN)?.dial(&dialled)?;
        ensure!(
            called.status() == Some(must),
            "{what}: the call got {:?}",
            called.status()
        );
        // The ACK of a call that was taken comes to the trunk when the phone has long gone on.
        let is_new = |message: &Message| !taken.contains(message.field("Call-ID"));
        let rang = trunk.wait_for(SETTLES, is_new);
        ensure!(
            rang.is_some() == (must == 200),
            "{what}: what reached the trunk: {rang:?}"
        );
        taken.extend((must == 200).then_some(called.dial.name));
        Ok(())
    };
    dial(200, "with its gate")?;
    house.signal(Gate::Barring, Signal::SIGSTOP)?;
    let stopped = dial(403, "gate stopped");
    house.signal(Gate::Barring, Signal::SIGCONT)?;
    stopped?;
    dial(200, "gate running again")?;
    house.kill_gate(Gate::Barring);
    dial(403, "gate killed")?;
    house.start_gate(Gate::Barring)?;
    dial(200, "gate back")?;
    say::line("  gate stopped and killed: refused, and nothing at the trunk; with a gate again: rings");
    Ok(())
}

/// What came of the corpus.
#[derive(Debug, Default)]
struct Counted {
    /// Permitted, and at the trunk as the gate wrote it.
    permitted: usize,
    /// Barred, and not at the trunk.
    barred: usize,
}

impl Counted {
    fn drive(&mut self, site: &Site, trunk: &Trunk, variants: &[Variant], barred: &[String]) -> Result<()> {
        trunk.forget();
        let statuses = dialled_at(site.phones, variants)?;
        trunk.wait_for(SETTLES, |_| false);
        let barred: HashSet<String> = barred
            .iter()
            .map(|number| digits(number)[1..].to_owned())
            .collect();
        let mut calls: HashMap<usize, Vec<Message>> = HashMap::new();
        for reached in trunk.reached() {
            let is_barred = holds_any(&reached.message.raw, &barred);
            ensure!(
                !is_barred,
                "a barred number at the trunk:\n{}",
                reached.message.raw
            );
            if reached.message.method() == Some("INVITE") {
                let at = called(&reached.message)?;
                calls.entry(at).or_default().push(reached.message);
            }
        }
        for (at, variant) in variants.iter().enumerate() {
            self.count(
                site,
                variant,
                statuses[at],
                calls.get(&at).map_or(&[][..], Vec::as_slice),
            )?;
        }
        Ok(())
    }

    fn count(
        &mut self,
        site: &Site,
        variant: &Variant,
        status: Option<u16>,
        invites: &[Message],
    ) -> Result<()> {
        let dialled = variant.dialled.escape_debug();
        if variant.barred {
            ensure!(
                invites.is_empty() && status != Some(200),
                "{dialled} came through: {invites:?}"
            );
            self.barred += 1;
            return Ok(());
        }
        let [invite, again @ ..] = invites else {
            anyhow::bail!("{dialled}, permitted, did not reach the trunk: {status:?}");
        };
        let to = format!("sip:{}@{}", variant.number, site.trunk_name);
        let uris = [
            to.clone(),
            format!("{to};service=withhold"),
            format!("{to};service=relay"),
        ];
        ensure!(
            uris.iter().any(|uri| uri == invite.uri()),
            "{dialled} is {} at the trunk",
            invite.uri()
        );
        ensure!(
            address(invite.field("To")) == to,
            "{dialled} has a To of {}",
            invite.field("To")
        );
        ensure!(
            again.iter().all(|again| again.branch() == invite.branch()),
            "{dialled} rang twice"
        );
        ensure!(status == Some(200), "{dialled} got {status:?}");
        self.permitted += 1;
        Ok(())
    }
}

/// Whether a text holds one of these numbers, each of ten digits, in whatever stands around it.
fn holds_any(text: &str, numbers: &HashSet<String>) -> bool {
    let runs = text.split(|sign: char| !sign.is_ascii_digit());
    let mut runs = runs.filter(|run| run.len() >= 10);
    runs.any(|run| (0..=run.len() - 10).any(|at| numbers.contains(&run[at..at + 10])))
}

/// Which of the calls a message belongs to.
fn called(message: &Message) -> Result<usize> {
    let at = message.field("Call-ID").split('-').next().unwrap_or_default();
    at.parse().context("a message of a call that was not made")
}

/// Makes every call, and ends each that is taken; the final statuses.
fn dialled_at(switch: SocketAddr, variants: &[Variant]) -> Result<Vec<Option<u16>>> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(switch)?;
    socket.set_read_timeout(Some(Duration::from_millis(100)))?;
    let here = socket.local_addr()?;
    let mut statuses = vec![None; variants.len()];
    let mut waiting = HashMap::new();
    let mut next = 0;
    let mut datagram = vec![0; 65_535];
    while next < variants.len() || !waiting.is_empty() {
        while waiting.len() < IN_FLIGHT && next < variants.len() {
            socket.send(request("INVITE", here, next, &variants[next].uri(), None).as_bytes())?;
            waiting.insert(next, Instant::now());
            next += 1;
        }
        if let Ok(bytes) = socket.recv(&mut datagram) {
            let answer = Message::read(&datagram[..bytes]);
            let is_final = answer.status().is_some_and(|status| status >= 200);
            let at = called(&answer)?;
            if is_final && answer.cseq_method() == "INVITE" {
                let uri = variants[at].uri();
                socket.send(request("ACK", here, at, &uri, Some(&answer)).as_bytes())?;
                if answer.status() == Some(200) {
                    socket.send(request("BYE", here, at, &uri, Some(&answer)).as_bytes())?;
                }
                waiting.remove(&at);
                statuses[at] = answer.status();
            }
        }
        waiting.retain(|_, since: &mut Instant| since.elapsed() < ANSWER_WITHIN);
    }
    Ok(statuses)
}

fn request(method: &str, here: SocketAddr, at: usize, uri: &str, answer: Option<&Message>) -> String {
    let status = answer.and_then(Message::status).unwrap_or_default();
    let branch = match (method, status) {
        ("INVITE", _) | ("ACK", 300..) => String::new(),
        _ => method.to_owned(),
    };
    let uri = if status == 200 {
        answer.map_or(uri, Message::contact)
    } else {
        uri
    };
    let to = answer.map_or("<sip:called@gate.invalid>", |answer| answer.field("To"));
    let cseq = if method == "BYE" { 2 } else { 1 };
    // The port makes it another call than one of the same place in an earlier part of the corpus.
    let name = format!("{at}-{}", here.port());
    format!(
        "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{name}{branch};rport\r\nMax-Forwards: 70\r\n\
         From: <sip:A1234BC@switch.invalid>;tag={name}\r\nTo: {to}\r\nCall-ID: {name}\r\nCSeq: {cseq} {method}\r\n\
         Contact: <sip:switch@{here}>\r\nContent-Length: 0\r\n\r\n"
    )
}
