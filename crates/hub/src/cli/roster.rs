//! `upcs hub roster import`: the prison service's file of everybody, beside a hub that runs.
//!
//! The file is read twice, line by line: for its digest and its length, and for its rows. Progress and sentences go to
//! standard error, one JSON report to standard output. The report names rows by line and says why; it repeats nothing
//! that stands in them.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use casework::Actor;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Place;
use super::import::aside;
use super::operate::{open, operator, say};
use crate::lists::{
    RosterFormat, RosterLimits, RosterReader, RowProblem, TURN_OF_OTHERS, let_others_in, settle,
};
use crate::store::{RosterFile, RosterPiece, RosterStaging, Store};

/// `hub roster ...`
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Take over new and changed prisoners, all at one moment; whoever left a prison is screened again
    Import(RosterArgs),
}

/// `hub roster import`
#[derive(Debug, Args)]
pub struct RosterArgs {
    #[command(flatten)]
    place: Place,
    /// The operator who does it, by name
    #[arg(long)]
    operator: String,
    /// How the file is written
    #[arg(long, default_value = "json")]
    format: RosterFormat,
    /// When the prisoners stood so, as 2026-11-26T06:00:00Z, if not when the file was last written: an event that is
    /// newer is not undone
    #[arg(long)]
    as_of: Option<Timestamp>,
    /// The file
    file: PathBuf,
}

/// Problems that the report names; all are counted.
const PROBLEMS_TOLD: usize = 10_000;
/// How often progress is said where nobody watches a bar; first when the first rows are staged.
const SAY_EVERY: Duration = Duration::from_secs(2);
const BUFFER_BYTES: usize = 1024 * 1024;

pub(super) async fn execute(command: RosterCommand) -> anyhow::Result<()> {
    let RosterCommand::Import(args) = command;
    let (store, _) = open(&args.place).await?;
    let by = operator(&store, &args.operator).await?;
    let (file, lines) = known_by(&args)?;
    let staging = begin(&store, &by, &file).await?;
    let import = Import {
        store: &store,
        by: &by,
        args: &args,
        staging,
        lines,
    };
    let read = import.stage(&file).await?;
    let taken = store.show_roster(&by, staging.id, lines).await?;
    aside("all rows of the file are visible; they are being put away");
    let (mut put_away, mut said) = (0, Instant::now());
    let done = |rows| {
        put_away += rows;
        if said.elapsed() >= SAY_EVERY {
            aside(&format!("{put_away} rows are put away"));
            said = Instant::now();
        }
    };
    settle(&store, Duration::ZERO, done).await?;
    let problem = |(line, why): &(u64, RowProblem)| json!({"line": line, "why": why.code()});
    let problems: Vec<_> = read.bad.iter().take(PROBLEMS_TOLD).map(problem).collect();
    say(&json!({
        "rows": read.rows, "new": taken.new, "changed": taken.changed, "moved": taken.moved,
        "unchanged": taken.unchanged, "problemCount": read.bad.len(), "problems": problems,
    })
    .to_string())?;
    ensure!(
        read.bad.is_empty(),
        "{} of {} rows were not taken; the report names their lines",
        read.bad.len(),
        read.rows
    );
    Ok(())
}

/// The file by all that tells it from another, and its lines.
fn known_by(args: &RosterArgs) -> anyhow::Result<(RosterFile, u64)> {
    let shown = args.file.display();
    let mut reader = open_file(&args.file)?;
    let mut buffer = vec![0; BUFFER_BYTES];
    let (mut lines, mut last) = (0, b'\n');
    loop {
        let read = reader
            .read(&mut buffer)
            .with_context(|| format!("{shown} cannot be read"))?;
        let Some(end) = buffer[..read].last() else { break };
        lines += buffer[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
        last = *end;
    }
    lines += u64::from(last != b'\n');
    if lines > RosterLimits::DEFAULT.lines {
        bail!("{shown} is larger than one file may be; split it");
    }
    let as_of = match args.as_of {
        Some(as_of) => as_of,
        None => written_at(&args.file)?,
    };
    let file = RosterFile {
        hash: reader.hash(),
        format: args.format.as_str(),
        as_of,
    };
    Ok((file, lines))
}

/// Puts away what a file before has left, and begins this one or goes on with it.
async fn begin(store: &Store, by: &Actor, file: &RosterFile) -> anyhow::Result<RosterStaging> {
    settle(store, Duration::ZERO, |_| {}).await?;
    let mut discarded = None;
    let mut begun = Instant::now();
    while let Some(rows) = store.discard_other_roster(by, file).await? {
        discarded = Some(discarded.unwrap_or(0) + rows);
        let_others_in(begun).await;
        begun = Instant::now();
    }
    if let Some(rows) = discarded {
        aside(&format!(
            "another file was staged in part: its {rows} staged rows are discarded"
        ));
    }
    let staging = store.begin_roster(by, file).await?;
    if staging.staged_to > 0 {
        aside(&format!("going on behind line {}", staging.staged_to));
    }
    Ok(staging)
}

struct Import<'a> {
    store: &'a Store,
    by: &'a Actor,
    args: &'a RosterArgs,
    staging: RosterStaging,
    lines: u64,
}

/// What was read of the whole file, also of what an earlier try had staged.
#[derive(Default)]
struct RowsRead {
    rows: u64,
    bad: Vec<(u64, RowProblem)>,
}

impl Import<'_> {
    /// Stages every row behind those that are staged already.
    async fn stage(&self, file: &RosterFile) -> anyhow::Result<RowsRead> {
        let source = BufReader::with_capacity(BUFFER_BYTES, open_file(&self.args.file)?);
        let mut reader = RosterReader::new(source, self.args.format, RosterLimits::DEFAULT)?;
        let (mut read, mut staged) = (RowsRead::default(), self.staging.staged_to);
        let mut progress = Progress::of(self.lines);
        let mut records = Vec::new();
        while let Some(row) = reader.next_row()? {
            read.rows += 1;
            match row.row {
                Err(why) => read.bad.push((row.line, why)),
                Ok(record) if row.line > staged => records.push(record),
                Ok(_) => {}
            }
            if records.len() == RosterLimits::DEFAULT.batch_rows {
                staged = self.stage_piece(staged, row.line, &mut records).await?;
                progress.at(row.line, &read);
            }
        }
        if reader.lines() > staged {
            self.stage_piece(staged, reader.lines(), &mut records).await?;
        }
        ensure!(
            reader.source().get_ref().hash() == file.hash && reader.lines() == self.lines,
            "{} has changed while it was read, and nothing of it is visible; give it again",
            self.args.file.display()
        );
        progress.finish();
        Ok(read)
    }

    async fn stage_piece(
        &self,
        after: u64,
        to: u64,
        records: &mut Vec<offender::PrisonerRecord>,
    ) -> anyhow::Result<u64> {
        let records = std::mem::take(records);
        let piece = RosterPiece { after, to, records };
        self.store.stage_roster(self.by, self.staging.id, piece).await?;
        // It holds the lock for the smaller part of its time only.
        tokio::time::sleep(TURN_OF_OTHERS).await;
        Ok(to)
    }
}

/// How far it is: a bar where somebody watches, else a line now and then.
struct Progress {
    bar: ProgressBar,
    begun: Instant,
    begun_at: Option<u64>,
    said: Option<Instant>,
    lines: u64,
}

impl Progress {
    fn of(lines: u64) -> Self {
        let bar = ProgressBar::new(lines);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} lines, {msg}") {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self {
            bar,
            begun: now,
            begun_at: None,
            said: None,
            lines,
        }
    }

    fn at(&mut self, line: u64, read: &RowsRead) {
        let Some(begun_at) = self.begun_at else {
            // How fast it is shows by the next piece.
            (self.begun, self.begun_at) = (Instant::now(), Some(line));
            return;
        };
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let rate = line.saturating_sub(begun_at) as f64 / seconds;
        let left = self.lines.saturating_sub(line) as f64 / rate.max(1.0);
        let bad = read.bad.len();
        let message = format!("{rate:.0} rows a second, {left:.0} s left, {bad} bad rows");
        let is_due = self.said.is_none_or(|said| said.elapsed() >= SAY_EVERY);
        if is_due && !io::stderr().is_terminal() {
            aside(&format!("{line} of {} lines, {message}", self.lines));
            self.said = Some(Instant::now());
        }
        self.bar.set_message(message);
        self.bar.set_position(line);
    }

    fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// A file whose digest is known once it is read.
struct Hashed {
    file: File,
    hasher: Sha256,
}

impl Hashed {
    /// SHA-256 of what was read by now, in hexadecimal.
    fn hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.hasher.clone().finalize())
    }
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

fn open_file(path: &Path) -> anyhow::Result<Hashed> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("{shown} cannot be read"))?;
    let is_file = file.metadata().is_ok_and(|about| about.is_file());
    ensure!(is_file, "{shown} is no file; a roster is read twice");
    let hasher = Sha256::new();
    Ok(Hashed { file, hasher })
}

fn written_at(path: &Path) -> anyhow::Result<Timestamp> {
    let shown = path.display();
    let written = std::fs::metadata(path).and_then(|file| file.modified());
    let written =
        written.with_context(|| format!("it cannot be told when {shown} was written; give --as-of"))?;
    Timestamp::try_from(written).with_context(|| format!("{shown} is from no time that can be; give --as-of"))
}
