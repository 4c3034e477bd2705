//! What hub and gates said that they have, and where in the log they said it.
//!
//! A hub's word is a receipt: for a request to its referrer, for attempts to the gate, which then forgets them. A
//! gate's is a signed acknowledgement of its list. Each stands in the bytes that a process sent,
//! and that place in the log counts: what the client marks when it has read a receipt comes later, by as long as
//! the answer was under way.

use std::collections::HashMap;
use std::fmt;

use anyhow::{Result, ensure};
use feed::{Acknowledgement, Limits, Serial, Signed};
use hub::store::GateRecord;
use serde_json::Value;
use upcs::demo::{BARRING, ENABLING};

use super::log::{Did, Record};
use crate::clients::Bar;
use crate::house::{GATES, Gate};

/// One request and the answer that its referrer read.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) key: String,
    pub(crate) request: Value,
    pub(crate) receipt: Value,
    pub(crate) reference: String,
    pub(crate) bars: Vec<Bar>,
    pub(crate) numbers: Vec<String>,
}

/// One acknowledgement, on the point of leaving the process: all before this place in the log was done by then.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) at: usize,
    pub(crate) process: u32,
    pub(crate) promise: Promise,
}

/// What was acknowledged.
#[derive(Clone, Debug)]
pub(crate) enum Promise {
    /// A request, by its place among those filed.
    Request(usize),
    /// The attempts of the barring gate, the only one that is dialled at, up to this sequence.
    Attempts(u64),
    /// A gate's list.
    List(Gate, Acknowledgement),
}

/// Finds every word once, where it was first said.
///
/// # Errors
/// If a receipt was read that was not recorded as sent before: then the log is not whole.
pub(crate) fn find(records: &[Record], filed: &[Filed], gates: &[GateRecord]) -> Result<Vec<Word>> {
    let mut words = receipts(records, filed)?;
    words.extend(acknowledgements(records, gates));
    words.extend(attempts(records));
    words.sort_by_key(|word| word.at);
    Ok(words)
}

fn receipts(records: &[Record], filed: &[Filed]) -> Result<Vec<Word>> {
    let mut waiting: HashMap<&str, usize> = (0..)
        .zip(filed)
        .map(|(at, one)| (one.reference.as_str(), at))
        .collect();
    let (mut words, mut marks) = (Vec::new(), 0);
    for (at, record) in records.iter().enumerate() {
        match &record.did {
            Did::Sent(bytes) => {
                let Some(reference) = reference_in(bytes) else {
                    continue;
                };
                let Some(request) = waiting.remove(reference.as_str()) else {
                    continue;
                };
                words.push(Word {
                    at,
                    process: record.process,
                    promise: Promise::Request(request),
                });
            }
            Did::Marked(reference) => {
                ensure!(
                    !waiting.contains_key(reference.as_str()),
                    "a receipt was read that was not sent"
                );
                marks += 1;
            }
            _ => {}
        }
    }
    ensure!(
        waiting.is_empty() && marks == filed.len(),
        "{} receipts, {marks} marks",
        words.len()
    );
    Ok(words)
}

/// The reference in an answer's JSON.
fn reference_in(bytes: &[u8]) -> Option<String> {
    Some(behind(bytes, "\"reference\":\"")?.split_once('"')?.0.to_owned())
}

/// What follows after a text.
fn behind(bytes: &[u8], text: &str) -> Option<String> {
    Some(String::from_utf8_lossy(bytes).split_once(text)?.1.to_owned())
}

fn attempts(records: &[Record]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut known = 0;
    for (at, record) in records.iter().enumerate() {
        let Did::Sent(bytes) = &record.did else { continue };
        let through =
            behind(bytes, "\"accepted_through\":").and_then(|text| text.trim_end_matches('}').parse().ok());
        if let Some(through) = through.filter(|through| *through > known) {
            known = through;
            words.push(Word {
                at,
                process: record.process,
                promise: Promise::Attempts(through),
            });
        }
    }
    words
}

fn acknowledgements(records: &[Record], gates: &[GateRecord]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut said = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let Did::Sent(bytes) = &record.did else { continue };
        for line in bytes.split(|byte| *byte == b'\n') {
            let Some((gate, acknowledgement)) = acknowledgement(line, gates) else {
                continue;
            };
            let this = (
                acknowledgement.gate,
                acknowledgement.session,
                acknowledgement.serial,
            );
            if !said.contains(&this) {
                said.push(this);
                words.push(Word {
                    at,
                    process: record.process,
                    promise: Promise::List(gate, acknowledgement),
                });
            }
        }
    }
    words
}

/// Reads a line that one of the gates signed.
fn acknowledgement(line: &[u8], gates: &[GateRecord]) -> Option<(Gate, Acknowledgement)> {
    // Most lines are the hub's; their signatures need no checking.
    line.windows(10).find(|part| part == b"\"capacity\"")?;
    let signed = Signed::<Acknowledgement>::parse_line(line, Limits::DEFAULT.line_bytes).ok()?;
    let by = |record: &GateRecord| Some((record.prison, signed.verify(&record.verifying_key).ok()?));
    let (prison, acknowledgement) = gates.iter().find_map(by)?;
    Some((
        GATES.into_iter().find(|gate| gate.prison() == prison.as_str())?,
        acknowledgement,
    ))
}

/// All that was acknowledged up to some place in the log.
#[derive(Default)]
pub(crate) struct Promised<'a> {
    /// The requests, by their places among those filed, the newest last.
    pub(crate) requests: Vec<usize>,
    /// The highest sequence of an attempt.
    pub(crate) attempts: u64,
    /// Each gate's newest list.
    pub(crate) lists: [Option<&'a Acknowledgement>; 2],
}

impl<'a> Promised<'a> {
    pub(crate) fn by(words: &'a [Word]) -> Self {
        let mut promised = Self::default();
        for word in words {
            match &word.promise {
                Promise::Request(request) => promised.requests.push(*request),
                Promise::Attempts(through) => promised.attempts = promised.attempts.max(*through),
                Promise::List(gate, said) => {
                    let newest = &mut promised.lists[gate.at()];
                    if newest.is_none_or(|known| known.serial < said.serial) {
                        *newest = Some(said);
                    }
                }
            }
        }
        promised
    }

    /// The highest serial that a gate has acknowledged.
    pub(crate) fn serial(&self) -> Serial {
        self.lists
            .iter()
            .flatten()
            .map(|list| list.serial)
            .max()
            .unwrap_or(Serial(0))
    }
}

/// Words by what they promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) requests: usize,
    pub(crate) reports: usize,
    pub(crate) lists: [usize; 2],
}

impl Count {
    pub(crate) fn of(words: &[Word]) -> Self {
        let mut count = Self::default();
        words.iter().for_each(|word| count.add(word));
        count
    }

    pub(crate) fn add(&mut self, word: &Word) {
        match &word.promise {
            Promise::Request(_) => self.requests += 1,
            Promise::Attempts(_) => self.reports += 1,
            Promise::List(gate, _) => self.lists[gate.at()] += 1,
        }
    }

    pub(crate) fn all(&self) -> usize {
        self.requests + self.reports + self.lists.iter().sum::<usize>()
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requests,
            reports,
            lists: [barring, enabling],
        } = self;
        write!(
            f,
            "{requests} requests, {reports} reports of attempts, {barring} lists at {BARRING}, {enabling} at {ENABLING}"
        )
    }
}
