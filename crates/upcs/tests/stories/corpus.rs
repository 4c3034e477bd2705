//! A corpus of dialled strings, made by a program that shares no code with the resolver (`tests/corpus`), driven
//! through `upcs dial` and through a gate's socket: half to barred numbers by every way round, half to permitted
//! ones as people dial them. A smaller one goes through `upcs dial --prison`, with numbers of the prison's own area
//! dialled without their code. `UPCS_FULL=1` takes a million.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use upcs::children::this_program;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::house::{Gate, House};
use crate::numbers::several;
use crate::tools::{Tool, is_set};

/// Variants, long and short.
const VARIANTS: (usize, usize) = (1_000_000, 40_000);
/// Numbers of each kind.
const NUMBERS: usize = 200;
/// Numbers abroad and of six digits, barred and permitted; each is drawn as often as this many others.
const ELSEWHERE: ([&str; 2], [&str; 2]) = (["+1 202 555 0142", "116 555"], ["+1 202 555 0187", "116 123"]);
const AS_OFTEN_AS: usize = 20;
/// A prison whose area has numbers that nobody has, and its area code.
const WITH_AREA: (&str, &str) = ("LEI", "0113");
const IN_FORCE_WITHIN: Duration = Duration::from_secs(30);
/// Calls that wait for their answer at the same time.
const IN_FLIGHT: usize = 64;
/// After this a call has had no answer, and fails.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/variants.py");

/// One string and what may come of it.
pub(crate) struct Variant {
    pub(crate) barred: bool,
    pub(crate) number: String,
    is_uri: bool,
    pub(crate) dialled: String,
}

impl Variant {
    fn read(line: &str) -> Option<Self> {
        let mut cells = line.splitn(4, '\t');
        Some(Self {
            barred: cells.next()? == "barred",
            number: cells.next()?.to_owned(),
            is_uri: cells.next()? == "uri",
            dialled: cells.next()?.to_owned(),
        })
    }

    /// The Request-URI; digits are escaped where a URI cannot hold them.
    pub(crate) fn uri(&self) -> String {
        if self.is_uri {
            return self.dialled.clone();
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()+".contains(&byte);
        let user: String = self
            .dialled
            .bytes()
            .map(|byte| match plain(byte) {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            })
            .collect();
        format!("sip:{user}@gate.invalid")
    }
}

/// Drives the whole corpus through the command and through a gate.
pub(crate) fn is_seen_through() -> Result<()> {
    let mut house = House::start()?;
    let numbers = several(0, 2 * NUMBERS);
    let (barred, permitted) = numbers.split_at(NUMBERS);
    let (barred, permitted) = (with(barred, ELSEWHERE.0), with(permitted, ELSEWHERE.1));
    let bars = house.police()?.bar("corpus", &barred)?;
    let last = bars.last().context("nothing was barred")?;
    house
        .police()?
        .wait_in_force(last, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    let folder = house.temp();
    let count = if is_set("UPCS_FULL") {
        VARIANTS.0
    } else {
        VARIANTS.1
    };
    let (prison, area) = WITH_AREA;
    let local = make(folder, &barred, &permitted, count / 4, &["--area", area])?;
    let answers = dialled_in_batch(folder, &local, &["--prison", prison])?;
    Counted::through("upcs dial --prison", &local, answers, false)?;
    let variants = make(folder, &barred, &permitted, count, &[])?;
    let answers = dialled_in_batch(folder, &variants, &[])?;
    Counted::through("upcs dial", &variants, answers, false)?;
    let began = Instant::now();
    let answers = dialled_at(house.sip(Gate::Barring), &variants)?;
    Counted::through("a gate's socket", &variants, answers, true)?;
    let rate = variants.len() as f64 / began.elapsed().as_secs_f64();
    say::line(&format!(
        "  {rate:.0} calls a second, one caller, {IN_FLIGHT} in flight"
    ));
    house.still_runs()
}

fn with(numbers: &[String], elsewhere: [&str; 2]) -> Vec<String> {
    let elsewhere = elsewhere.map(str::to_owned);
    numbers.iter().cloned().chain(elsewhere).collect()
}

/// The numbers, those elsewhere repeated so that they are drawn more often.
fn weighted(numbers: &[String]) -> String {
    let (home, elsewhere) = numbers.split_at(NUMBERS.min(numbers.len()));
    let often = (0..AS_OFTEN_AS).flat_map(|_| elsewhere);
    home.iter()
        .chain(often)
        .map(|number| format!("{number}\n"))
        .collect()
}

/// Makes so many variants, half of them of barred numbers; `more` goes to the program.
pub(crate) fn make(
    folder: &Path,
    barred: &[String],
    permitted: &[String],
    count: usize,
    more: &[&str],
) -> Result<Vec<Variant>> {
    let seed = std::env::var("UPCS_SEED").unwrap_or_else(|_| "7".to_owned());
    let (barred_file, permitted_file) = (folder.join("barred.txt"), folder.join("permitted.txt"));
    fs::write(&barred_file, weighted(barred))?;
    fs::write(&permitted_file, weighted(permitted))?;
    let made = Command::new(Tool::Python.find().context("python has gone")?)
        .arg(PROGRAM)
        .args(["--count", &count.to_string(), "--seed", &seed])
        .arg("--barred")
        .arg(&barred_file)
        .arg("--permitted")
        .arg(&permitted_file)
        .args(more)
        .output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let text = String::from_utf8(made.stdout)?;
    let variants: Vec<Variant> = text.split('\n').filter_map(Variant::read).collect();
    ensure!(
        variants.len() == count,
        "{} of {count} variants were made",
        variants.len()
    );
    let of_barred = variants.iter().filter(|variant| variant.barred).count();
    ensure!(of_barred * 2 == count, "half of the corpus is to be barred");
    say::line(&format!(
        "  {count} variants, seed {seed}, half of them of barred numbers"
    ));
    Ok(variants)
}

/// What each string resolves to, if it does.
fn dialled_in_batch(folder: &Path, variants: &[Variant], more: &[&str]) -> Result<Vec<Option<String>>> {
    let file = folder.join("dialled.txt");
    let mut lines = File::create(&file)?;
    for variant in variants {
        writeln!(lines, "{}", variant.dialled)?;
    }
    let output = Command::new(this_program()?)
        .arg("dial")
        .args(more)
        .arg(&file)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "upcs dial failed");
    let read = |line: &str| -> Result<Option<String>> {
        let said: Value = serde_json::from_str(line)?;
        Ok(said["number"].as_str().map(str::to_owned))
    };
    String::from_utf8(output.stdout)?.lines().map(read).collect()
}

/// The number that each call was allowed to, if it was.
fn dialled_at(gate: SocketAddr, variants: &[Variant]) -> Result<Vec<Option<String>>> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(gate)?;
    socket.set_read_timeout(Some(ANSWER_WITHIN))?;
    let here = socket.local_addr()?;
    let mut answers = vec![None; variants.len()];
    let mut waiting = HashMap::new();
    let mut next = 0;
    while next < variants.len() || !waiting.is_empty() {
        while waiting.len() < IN_FLIGHT && next < variants.len() {
            socket.send(invite(here, next, &variants[next].uri()).as_bytes())?;
            waiting.insert(next, Instant::now());
            next += 1;
        }
        let mut datagram = [0; 4096];
        if let Ok(bytes) = socket.recv(&mut datagram) {
            let text = String::from_utf8_lossy(&datagram[..bytes]);
            let (at, allowed) = answer(&text).context("an answer that is none")?;
            waiting.remove(&at);
            answers[at] = allowed;
        }
        waiting.retain(|_, since| since.elapsed() < ANSWER_WITHIN);
    }
    Ok(answers)
}

fn invite(here: SocketAddr, at: usize, uri: &str) -> String {
    format!(
        "INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{at};rport\r\nMax-Forwards: 70\r\n\
         From: <sip:A1234BC@switch.invalid>;tag={at}\r\nTo: <sip:called@gate.invalid>\r\nCall-ID: {at}\r\n\
         CSeq: 1 INVITE\r\nContact: <sip:switch@{here}>\r\nContent-Length: 0\r\n\r\n"
    )
}

/// Which call an answer is for, and the number that it may be put through to.
fn answer(text: &str) -> Option<(usize, Option<String>)> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let at = field("Call-ID: ")?.trim().parse().ok()?;
    let allowed = match text.split(' ').nth(1)? {
        "302" => Some(
            field("Contact: ")?
                .split(['@', ';'])
                .next()?
                .split_once("sip:")?
                .1
                .to_owned(),
        ),
        _ => None,
    };
    Some((at, allowed))
}

/// What came of the two halves.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    permitted: usize,
    permitted_refused: usize,
    barred_refused: usize,
    barred_seen: usize,
    to_another_number: usize,
}

impl Counted {
    /// A gate refuses barred numbers; the command bars nothing and must see that it is the barred one.
    fn through(way: &str, variants: &[Variant], answers: Vec<Option<String>>, is_gate: bool) -> Result<()> {
        ensure!(answers.len() == variants.len(), "{way}: an answer is missing");
        let mut counted = Self::default();
        for (variant, answer) in variants.iter().zip(answers) {
            let right = answer.as_deref() == Some(variant.number.as_str());
            match (variant.barred, answer) {
                (true, None) => counted.barred_refused += 1,
                (true, Some(_)) if right && !is_gate => counted.barred_seen += 1,
                (false, Some(_)) if right => counted.permitted += 1,
                (false, None) => counted.permitted_refused += 1,
                (_, Some(other)) => {
                    counted.to_another_number += 1;
                    say::line(&format!(
                        "  {way}: {} came through as {other}",
                        variant.dialled.escape_debug()
                    ));
                }
            }
        }
        let Self {
            permitted,
            permitted_refused,
            barred_refused,
            barred_seen,
            to_another_number,
        } = counted;
        say::line(&format!(
            "  {way}: permitted {permitted} allowed, {permitted_refused} refused; barred {barred_refused} refused, \
             {barred_seen} seen to be barred, {to_another_number} through"
        ));
        ensure!(
            to_another_number == 0,
            "{way}: {to_another_number} came through that must not"
        );
        ensure!(
            permitted_refused == 0,
            "{way}: {permitted_refused} permitted ones were refused"
        );
        Ok(())
    }
}
