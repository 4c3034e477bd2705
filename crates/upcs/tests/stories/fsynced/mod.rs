//! A power cut at each acknowledgement: only what was fsynced is left, directory entries too. `kill -9` cannot
//! show a missing fsync, because what was written stays in the machine's cache.
//!
//! ```text
//! recorder.c in hub and gates -> log -> replay (disk) up to each acknowledgement (words) -> what is left
//! ```
//! A real hub and two real gates run under the recorder while requests are filed; they are killed once on the
//! way. Then, for each receipt and each gate's acknowledgement, the folder is rebuilt from fsynced bytes, opened,
//! and asked for everything acknowledged up to there; at some of these places by a real hub and real gates. The
//! same log with a fault laid over it (`faults`) must show a loss, or the story fails: it would not see one.

mod cuts;
mod disk;
mod faults;
mod left;
mod log;
mod proven;
mod recorder;
mod restarted;
mod words;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hub::keys::HubKeys;
use hub::store::GateRecord;
use upcs::demo::{BARRING, ENABLING, Folder};
use upcs::say;

use crate::clients::{Said, bars, dial, request};
use crate::house::{GATES, Gate, House};
use crate::numbers::several;
use crate::store::{approve, open_store, social};
use crate::tools::{is_set, until};
use disk::Disk;
use faults::Fault;
use left::Known;
use log::Record;
use recorder::Recorder;
use words::{Count, Filed, Word};

/// Requests, long and short.
const REQUESTS: (usize, usize) = (150, 60);
/// Referrers who file at the same time.
const REFERRERS: usize = 2;
/// Numbers of one request.
const NUMBERS: usize = 2;
/// Approved numbers that are never barred; behind them come the numbers of requests, half of them approved too.
const PERMITTED: usize = 6;
/// After a request was filed and its hub and gates run.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(20);

/// The whole story.
pub(crate) fn nothing_acknowledged_is_lost() -> Result<()> {
    let mut house = House::make()?;
    let steps = proven::on_known_steps(house.temp())?;
    say::line(&format!("  recorder and replay: right at {steps} known steps"));
    let requests = if is_set("UPCS_FULL") {
        REQUESTS.0
    } else {
        REQUESTS.1
    };
    let barred = several(PERMITTED, requests * NUMBERS);
    let approved: Vec<String> = several(0, PERMITTED)
        .into_iter()
        .chain(barred.iter().step_by(2).cloned())
        .collect();
    approve(&house.folder, &social(&approved))?;
    let story = Story::record(&mut house, &barred)?;
    cuts::at_words(&story, Fault::None)?;
    cuts::anywhere(&story)?;
    Fault::ALL
        .into_iter()
        .try_for_each(|fault| cuts::at_words(&story, fault))?;
    restarted::at_some_words(&story, &mut house)
}

/// What was recorded, and what can be asked of it.
struct Story {
    folder: Folder,
    work: PathBuf,
    base: Disk,
    records: Vec<Record>,
    words: Vec<Word>,
    known: Known,
}

impl Story {
    /// Has hub and gates run under the recorder.
    fn record(house: &mut House, barred: &[String]) -> Result<Self> {
        let folder = house.folder.clone();
        // Or the store's log would count as stored from the start. Whoever used it last may still be leaving.
        let wal = folder.root().join("hub/store.sqlite-wal");
        until("the store to be put away", IN_FORCE_WITHIN, || {
            upcs::cli::runtime()?
                .block_on(async { anyhow::Ok(open_store(&folder).await?.close().await?) })?;
            Ok((!wal.exists()).then_some(()))
        })?;
        let recorder = Recorder::make(house.temp(), &recorded(house))?;
        let base = Disk::of(&recorder.folders)?;
        recorder
            .variables()
            .iter()
            .for_each(|(variable, value)| house.set(variable, value));
        let filed = file_all(house, &recorder, barred)?;
        house.set("UPCS_RECORD_LOG", "");
        let records = recorder.records()?;
        let mut end = base.clone();
        records.iter().try_for_each(|record| end.play(&record.did))?;
        let (files, bytes) = end.is_as_on_disk()?;
        say::line(&format!(
            "  {} operations recorded; they account for all {bytes} bytes of {files} files",
            records.len()
        ));
        let (known, gates) = known(house, filed)?;
        let words = words::find(&records, &known.filed, &gates)?;
        let count = Count::of(&words);
        say::line(&format!("  acknowledged: {count}"));
        let enough = count.reports > 1 && count.lists.iter().all(|lists| *lists > 1);
        ensure!(
            enough,
            "a gate has not acknowledged, or nothing was to it: the story shows nothing"
        );
        let work = house.temp().to_owned();
        Ok(Self {
            folder,
            work,
            base,
            records,
            words,
            known,
        })
    }
}

/// The folders that must outlive a power cut: the hub's store and each gate's state.
fn recorded(house: &House) -> Vec<PathBuf> {
    let states = GATES.map(|gate| house.state(gate));
    // Each gate's second high-water mark lies beside its key.
    ["hub", "keys"]
        .map(|folder| house.folder.root().join(folder))
        .into_iter()
        .chain(states)
        .collect()
}

/// Files everything, some at a time, and dials; half-way hub and gates are killed, and at the end again.
fn file_all(house: &mut House, recorder: &Recorder, barred: &[String]) -> Result<Vec<Filed>> {
    let all: Vec<(usize, &[String])> = barred.chunks(NUMBERS).enumerate().collect();
    let mut filed = Vec::new();
    for half in all.chunks(all.len().div_ceil(2)) {
        house.start_all()?;
        let shares: Vec<_> = (0..REFERRERS)
            .map(|first| half.iter().skip(first).step_by(REFERRERS))
            .collect();
        let shared = &*house;
        filed.extend(
            std::thread::scope(|scope| {
                let threads: Vec<_> = shares
                    .into_iter()
                    .map(|share| scope.spawn(|| file(shared, recorder, share)))
                    .collect();
                let joined = threads
                    .into_iter()
                    .map(|thread| thread.join().ok().context("a referrer has panicked")?);
                joined.collect::<Result<Vec<_>>>()
            })?
            .into_iter()
            .flatten(),
        );
        let last = filed
            .last()
            .and_then(|one| one.bars.last())
            .context("nothing was filed")?;
        house
            .police()?
            .wait_in_force(last, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
        house.still_runs()?;
        GATES.into_iter().for_each(|gate| house.kill_gate(gate));
        house.kill_hub();
    }
    Ok(filed)
}

/// One referrer; a prisoner dials in between, so that the gates store attempts beside their lists.
fn file<'a>(
    house: &House,
    recorder: &Recorder,
    share: impl Iterator<Item = &'a (usize, &'a [String])>,
) -> Result<Vec<Filed>> {
    let police = house.police()?;
    let mut filed = Vec::new();
    for (at, numbers) in share {
        let (key, request) = (format!("fsynced-{at}"), request(numbers));
        let answer = police.file(&key, &request)?;
        let receipt = answer.json()?;
        let reference = receipt["reference"].as_str().unwrap_or_default().to_owned();
        recorder.mark(&reference)?;
        ensure!(
            answer.status == 201,
            "request {at} was answered with {}",
            answer.status
        );
        let bars = bars(&receipt);
        ensure!(
            bars.len() == numbers.len(),
            "{} numbers gave {} bars",
            numbers.len(),
            bars.len()
        );
        let rings = dial(house.sip(Gate::Barring), "A1234BC", &several(0, 1)[0]);
        ensure!(
            rings == Said::Allowed,
            "a permitted number is answered with {rings:?}"
        );
        filed.push(Filed {
            key,
            request,
            receipt,
            reference,
            bars,
            numbers: numbers.to_vec(),
        });
    }
    Ok(filed)
}

/// What the store knows when all is over, and the gates' keys.
fn known(house: &House, filed: Vec<Filed>) -> Result<(Known, Vec<GateRecord>)> {
    let keys = Arc::new(HubKeys::load(&house.folder.hub_keys())?);
    let police_key = house.folder.remembered()?.police_key;
    upcs::cli::runtime()?.block_on(async {
        let store = open_store(&house.folder).await?;
        let mut barred = Vec::new();
        for (bar, number) in filed.iter().flat_map(|one| one.bars.iter().zip(&one.numbers)) {
            barred.push((store.bar(bar.0.parse()?).await?.serial, number.clone()));
        }
        let (permitted, gates) = (social(&several(0, PERMITTED)), store.gates().await?);
        let barring = gates
            .iter()
            .find(|gate| gate.prison.as_str() == BARRING)
            .context("the barring gate is lost")?
            .id;
        Ok((
            Known {
                filed,
                barred,
                permitted,
                police_key,
                barring,
                keys,
            },
            gates,
        ))
    })
}
