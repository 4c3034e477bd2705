//! `upcs hub list import`: a file that a prison keeps.
//!
//! Progress and sentences go to standard error, one JSON report to standard output. The report names rows by number
//! and says why; it repeats nothing that stands in them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casework::{Actor, Verb};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use prison::PrisonId;
use serde_json::json;

use super::Place;
use super::operate::{open, say};
use crate::lists::{FileLimits, ListFormat, Numbered, TURN_OF_OTHERS, file_hash, read_list};
use crate::store::{Conflict, ImportState, ListImport, Store, StoreError};

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

/// A hub that runs beside this command over one SQLite file writes between two batches.
async fn let_others_in() {
    tokio::time::sleep(TURN_OF_OTHERS).await;
}

fn progress(rows: usize) -> ProgressBar {
    let bar = ProgressBar::new(rows as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} rows, {eta} left") {
        bar.set_style(style);
    }
    bar
}

pub(super) fn aside(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
