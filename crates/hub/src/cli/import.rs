//! `upcs hub list import` and `upcs hub roster import`: files that a prison or the prison service keeps.
//!
//! Progress and sentences go to standard error, one JSON report to standard output. The report names rows by number
//! and says why; it repeats nothing that stands in them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casework::{Actor, Verb};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use prison::PrisonId;
use serde_json::json;

use super::Place;
use super::operate::{open, operator, say};
use crate::lists::{FileLimits, ListFormat, Numbered, RosterFormat, file_hash, read_list, read_roster};
use crate::store::{Conflict, ImportState, ListImport, RosterTaken, Store, StoreError};

/// `hub list ...`
#[derive(Debug, Subcommand)]
pub enum ListCommand {
    /// Stage a file of approved numbers and propose to take it over
    Import(ListArgs),
}

/// `hub list import`
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    place: Place,
    /// The prison, as LEI
    #[arg(long)]
    prison: PrisonId,
    /// The account of the prison's clerk or security who proposes it, by name
    #[arg(long)]
    by: String,
    /// How the file is written
    #[arg(long)]
    format: ListFormat,
    /// What becomes of entries that the file leaves out; a lawyer's number always stays
    #[arg(long, default_value = "keep")]
    left_out: LeftOut,
    /// Why, for the second person
    #[arg(long)]
    reason: String,
    /// The file
    file: PathBuf,
}

/// What becomes of entries that a file leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LeftOut {
    /// They stay
    Keep,
    /// They come off, once the second person agrees
    TakeOff,
}

/// `hub roster ...`
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Take over new and changed prisoners; whoever left a prison is screened again
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

pub(super) async fn list(command: ListCommand) -> anyhow::Result<()> {
    let ListCommand::Import(args) = command;
    let bytes = read(&args.file)?;
    let rows = read_list(&bytes, args.format, args.prison)?;
    let (store, _) = open(&args.place).await?;
    let by = keeper(&store, &args.by, args.prison).await?;
    let staged = stage(&store, &by, &args, &file_hash(&bytes), rows).await?;
    let proposal = match staged.state {
        ImportState::Staged => propose(&store, &by, &args, &staged).await?,
        _ => None,
    };
    let waiting = staged.state == ImportState::Staged;
    say(&json!({
        "import": staged.id, "prison": staged.prison, "file": staged.file, "rows": staged.rows,
        "toTake": staged.to_take, "legal": staged.legal, "already": staged.already, "leftOut": staged.left_out,
        "problemCount": staged.problem_count, "problems": problems(&staged), "proposal": proposal,
        "waitsForSecondPerson": waiting,
    })
    .to_string())
}

/// Stages every row. What an earlier try had staged is passed over, so that a command that was stopped goes on.
async fn stage(
    store: &Store,
    by: &Actor,
    args: &ListArgs,
    hash: &str,
    rows: Vec<Numbered<crate::lists::ListRow>>,
) -> anyhow::Result<ListImport> {
    let (import, staged) = store
        .begin_list_import(by, args.prison, args.format.as_str(), hash)
        .await?;
    let progress = progress(rows.len());
    let from = usize::try_from(staged).unwrap_or(usize::MAX).min(rows.len());
    progress.set_position(staged);
    for batch in rows[from..].chunks(FileLimits::DEFAULT.batch_rows) {
        store.stage_rows(by, import, batch).await?;
        progress.inc(batch.len() as u64);
        let_others_in().await;
    }
    progress.finish_and_clear();
    Ok(store.finish_staging(by, import).await?)
}

async fn propose(
    store: &Store,
    by: &Actor,
    args: &ListArgs,
    staged: &ListImport,
) -> anyhow::Result<Option<String>> {
    let off = args.left_out == LeftOut::TakeOff;
    if staged.to_take == 0 && !off {
        aside("nothing is to be taken over: all rows stand on the list already");
        return Ok(None);
    }
    match store.propose_list_import(by, staged, off, &args.reason).await {
        Ok(proposal) => Ok(Some(proposal.to_string())),
        Err(StoreError::Conflict(Conflict::AlreadyProposed)) => {
            aside("this file waits for a second person already");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn problems(staged: &ListImport) -> Vec<serde_json::Value> {
    let one = |(row, why): &(u64, crate::lists::RowProblem)| json!({"row": row, "why": why.code()});
    staged.problems.iter().map(one).collect()
}

pub(super) async fn roster(command: RosterCommand) -> anyhow::Result<()> {
    let RosterCommand::Import(args) = command;
    let rows = read_roster(&read(&args.file)?, args.format)?;
    let (store, _) = open(&args.place).await?;
    let by = operator(&store, &args.operator).await?;
    let as_of = match args.as_of {
        Some(as_of) => as_of,
        None => written_at(&args.file)?,
    };
    let progress = progress(rows.len());
    let (mut taken, mut bad) = (RosterTaken::default(), Vec::new());
    for batch in rows.chunks(FileLimits::DEFAULT.batch_rows) {
        let mut records = Vec::with_capacity(batch.len());
        for (number, row) in batch {
            match row {
                Ok(record) => records.push(record.clone()),
                Err(why) => bad.push(json!({"row": number, "why": why.code()})),
            }
        }
        taken.add(store.import_roster(&by, records, as_of).await?);
        progress.inc(batch.len() as u64);
        let_others_in().await;
    }
    progress.finish_and_clear();
    say(&json!({
        "rows": rows.len(), "new": taken.new, "changed": taken.changed, "moved": taken.moved,
        "unchanged": taken.unchanged, "problemCount": bad.len(), "problems": bad,
    })
    .to_string())
}

/// The one account of this name that keeps the prison's lists.
async fn keeper(store: &Store, name: &str, prison: PrisonId) -> anyhow::Result<Actor> {
    let keeps = |actor: &Actor| actor.role.may(Verb::ApplyForNumber) && actor.role.prison() == Some(prison);
    let mut found = store
        .accounts()
        .await?
        .into_iter()
        .filter(|actor| actor.name == name && keeps(actor));
    match (found.next(), found.next()) {
        (Some(actor), None) => Ok(actor),
        (None, _) => bail!("nobody of this name keeps the lists of {prison}; see `upcs hub account add`"),
        (Some(_), Some(_)) => bail!("there are several accounts of this name in {prison}"),
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .with_context(|| format!("{shown} cannot be read"))?
        .len();
    if size > FileLimits::DEFAULT.bytes as u64 {
        bail!("{shown} is larger than one file may be; split it");
    }
    std::fs::read(path).with_context(|| format!("{shown} cannot be read"))
}

fn written_at(path: &Path) -> anyhow::Result<Timestamp> {
    let shown = path.display();
    let written = std::fs::metadata(path).and_then(|file| file.modified());
    let written =
        written.with_context(|| format!("it cannot be told when {shown} was written; give --as-of"))?;
    Timestamp::try_from(written).with_context(|| format!("{shown} is from no time that can be; give --as-of"))
}

/// A hub that runs beside this command over one SQLite file writes between two batches.
async fn let_others_in() {
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);
    tokio::time::sleep(PAUSE).await;
}

fn progress(rows: usize) -> ProgressBar {
    let bar = ProgressBar::new(rows as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} rows, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn aside(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
