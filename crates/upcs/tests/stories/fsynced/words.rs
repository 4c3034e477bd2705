//! What hub and gates said that they have, and where in the log they said it.
//!
//! A hub's word is a receipt; a gate's is a signed acknowledgement. Each stands in the bytes that a process sent,
//! and that place in the log counts: what the client marks when it has read a receipt comes later, by as long as
//! the answer was under way.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use feed::{Acknowledgement, Limits, Signed};
use hub::store::GateRecord;
use serde_json::Value;

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
    words.sort_by_key(|word| word.at);
    Ok(words)
}

fn receipts(records: &[Record], filed: &[Filed]) -> Result<Vec<Word>> {
    let mut waiting: HashMap<&str, usize> = (0..).zip(filed).map(|(at, one)| (one.reference.as_str(), at)).collect();
    let (mut words, mut marks) = (Vec::new(), 0);
    for (at, record) in records.iter().enumerate() {
        match &record.did {
            Did::Sent(bytes) => {
                let Some(reference) = reference_in(bytes) else { continue };
                let Some(request) = waiting.remove(reference.as_str()) else { continue };
                words.push(Word { at, process: record.process, promise: Promise::Request(request) });
            }
            Did::Marked(reference) => {
                ensure!(!waiting.contains_key(reference.as_str()), "a receipt was read that was not sent");
                marks += 1;
            }
            _ => {}
        }
    }
    ensure!(waiting.is_empty() && marks == filed.len(), "{} receipts, {marks} marks", words.len());
    Ok(words)
}

/// The reference in an answer's JSON.
fn reference_in(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let (_, behind) = text.split_once("\"reference\":\"")?;
    Some(behind.split_once('"')?.0.to_owned())
}

fn acknowledgements(records: &[Record], gates: &[GateRecord]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut said = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let Did::Sent(bytes) = &record.did else { continue };
        for line in bytes.split(|byte| *byte == b'\n') {
            let Some((gate, acknowledgement)) = acknowledgement(line, gates) else { continue };
            let this = (acknowledgement.gate, acknowledgement.session, acknowledgement.serial);
            if !said.contains(&this) {
                said.push(this);
                words.push(Word { at, process: record.process, promise: Promise::List(gate, acknowledgement) });
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
    Some((GATES.into_iter().find(|gate| gate.prison() == prison.as_str())?, acknowledgement))
}

/// Splits the words into a hub's and a gate's, for those who count.
pub(crate) fn counts(words: &[Word]) -> (usize, [usize; 2]) {
    let of = |gate| words.iter().filter(|word| matches!(&word.promise, Promise::List(by, _) if *by == gate)).count();
    let receipts = words.iter().filter(|word| matches!(word.promise, Promise::Request(_))).count();
    (receipts, GATES.map(of))
}

/// The requests and the newest list of each gate that were acknowledged up to and with a word.
pub(crate) fn promised(words: &[Word]) -> Result<(Vec<usize>, [Option<&Acknowledgement>; 2])> {
    let (mut requests, mut lists) = (Vec::new(), [None, None]);
    for word in words {
        match &word.promise {
            Promise::Request(request) => requests.push(*request),
            Promise::List(gate, acknowledgement) => {
                let newest: &mut Option<&Acknowledgement> = lists.get_mut(gate.at()).context("one of two gates")?;
                if newest.is_none_or(|known| known.serial < acknowledgement.serial) {
                    *newest = Some(acknowledgement);
                }
            }
        }
    }
    Ok((requests, lists))
}
