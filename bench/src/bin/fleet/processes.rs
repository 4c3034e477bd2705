//! Gates that are processes: an INVITE to each of them, again and again, until all refuse.

use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use upcs::children::{Running, WITH_PARENT, this_program};

use crate::house::{House, number};
use crate::watch::Measured;

/// A gate is asked again after this, and after longer the more gates there are: asking must not be what is
/// measured.
const ASK_AFTER: Duration = Duration::from_millis(1);
const ASK_AFTER_MORE: Duration = Duration::from_micros(50);
/// How long a bar may take.
const REFUSED_WITHIN: Duration = Duration::from_secs(30);
/// How long an answer may take that needs nothing to happen.
const RINGS_WITHIN: Duration = Duration::from_secs(10);
/// How long gates may take to hold the list.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// Starts the gates, imposes the bars and measures.
pub(crate) fn measure(house: &mut House, bars: usize) -> Result<Measured> {
    let mut gates = Vec::new();
    for (at, (_, config)) in house.gates.iter().enumerate() {
        let words = [
            WITH_PARENT,
            "gate",
            "run",
            "--config",
            &config.display().to_string(),
        ];
        let log = house.folder.log(&format!("fleet-{at}"));
        gates.push(Running::start(
            &format!("gate {at}"),
            &this_program()?,
            &words.map(str::to_owned),
            &log,
        )?);
    }
    let sip = |gate: &Running| gate.said("sip")?.parse().context("not an address");
    let sip: Vec<SocketAddr> = gates.iter().map(sip).collect::<Result<_>>()?;
    let every = ASK_AFTER.max(ASK_AFTER_MORE * u32::try_from(sip.len())?);
    let asking = Asking::new(sip, every)?;
    // Every number rings everywhere before it is barred; a gate without a list would refuse.
    asking.until(&number(bars - 1), 302, READY_WITHIN)?;
    let mut measured = Measured::asking_every(every);
    let before = house.hub_cpu()?;
    for at in 0..bars {
        let rings = asking.until(&number(at), 302, RINGS_WITHIN);
        rings.with_context(|| format!("number {at} does not ring before it is barred"))?;
        let (told, heard) = mpsc::channel();
        let (filed, refused) = thread::scope(|scope| {
            let asking = &asking;
            scope.spawn(move || {
                let number = number(at);
                // Whoever asked has gone only after an error of his own.
                let _ = told.send(asking.until(&number, 403, REFUSED_WITHIN));
            });
            let filed = house.bar(at)?;
            Ok::<_, anyhow::Error>((filed, heard.recv()??))
        })?;
        let (began, receipt) = filed;
        let since = |at: &Instant| at.saturating_duration_since(began);
        measured.add(receipt, refused.iter().map(since).collect());
        gates.iter_mut().try_for_each(Running::still_runs)?;
    }
    measured.hub_took(house.hub_cpu()?.saturating_sub(before));
    Ok(measured)
}

/// One socket that asks every gate.
struct Asking {
    socket: UdpSocket,
    gates: Vec<SocketAddr>,
    every: Duration,
}

impl Asking {
    fn new(gates: Vec<SocketAddr>, every: Duration) -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_read_timeout(Some(Duration::from_micros(200)))?;
        Ok(Self { socket, gates, every })
    }

    /// Asks each gate until it gives this answer; says when each did.
    fn until(&self, number: &str, wanted: u16, within: Duration) -> Result<Vec<Instant>> {
        let began = Instant::now();
        let mut said = vec![None; self.gates.len()];
        let mut round = 0_u32;
        while said.contains(&None) {
            ensure!(
                began.elapsed() < within,
                "{} of {} gates do not answer {wanted} within {within:?}",
                said.iter().filter(|at| at.is_none()).count(),
                said.len()
            );
            let next = Instant::now() + self.every;
            round += 1;
            for (at, gate) in self
                .gates
                .iter()
                .enumerate()
                .filter(|(at, _)| said[*at].is_none())
            {
                self.socket
                    .send_to(self.invite(number, at, round).as_bytes(), gate)?;
            }
            while Instant::now() < next && said.contains(&None) {
                if let Some((at, code, when)) = self.answer()
                    && code == wanted
                    && let Some(first) = said.get_mut(at)
                {
                    first.get_or_insert(when);
                }
            }
        }
        // What is still on its way must not be taken for an answer to the next number.
        while self.answer().is_some() {}
        Ok(said.into_iter().flatten().collect())
    }

    /// A gate by its place, its answer, and when it came.
    fn answer(&self) -> Option<(usize, u16, Instant)> {
        let mut bytes = [0; 2048];
        let (length, from) = self.socket.recv_from(&mut bytes).ok()?;
        let when = Instant::now();
        let text = std::str::from_utf8(&bytes[..length]).ok()?;
        let code = text.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()?;
        Some((self.gates.iter().position(|gate| *gate == from)?, code, when))
    }

    fn invite(&self, number: &str, at: usize, round: u32) -> String {
        let gate = self.gates[at];
        let here = self
            .socket
            .local_addr()
            .map_or_else(|_| String::new(), |here| here.to_string());
        format!(
            "INVITE sip:{number}@{gate} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{number}-{at}-{round};rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:A1234BC@{here}>;tag={at}\r\nTo: <sip:{number}@{gate}>\r\n\
             Call-ID: {number}-{at}-{round}@{here}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
        )
    }
}
