//! `upcs hub no-contact ...`: a prison's no-contact list is taken over, and its report is shown.
//!
//! The rows are staged here and taken over by the hub that runs over the same store, by its policy, its always-allowed
//! list and its roster; the command waits until that is done. Progress and sentences go to standard error, one JSON
//! report to standard output. The report names rows by number and says what is wanting; it repeats nothing that stands
//! in them. It tells which numbers stood on approved lists: it is for case handlers, never for a wing.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use casework::{Actor, Role};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use prison::{PrisonId, Register};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Place;
use super::operate::{open, say};
use crate::lists::{ListOrigin, NoContactLimits, ReadRow, file_hash, read_no_contact};
use crate::seams::Seams;
use crate::store::{NoContactList, NoContactState, Store};

/// `hub no-contact ...`
#[derive(Debug, Subcommand)]
pub enum NoContactCommand {
    /// Take over a prison's no-contact list: what it names is barred within seconds, and gaps are reported
    Import(ImportArgs),
    /// Print the reports of lists that were taken over, the newest first
    Report(ReportArgs),
}

/// `hub no-contact import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    place: Place,
    /// The prison, as LEI
    #[arg(long)]
    prison: PrisonId,
    /// The office that kept the list, as "Public protection, HMP Leeds"
    #[arg(long)]
    kept_by: String,
    /// The day of which the list is, as 2026-11-01
    #[arg(long)]
    as_of: Date,
    /// The case handler who answers for it, by name
    #[arg(long)]
    by: String,
    /// How many seconds to wait for the hub to take rows over, counted anew whenever one goes through
    #[arg(long, default_value_t = 30)]
    wait: u64,
    /// The file: a table with the columns prison_number, prisoner, person, numbers, address, and postcode, reason, order,
    /// reference, expires where there are any
    file: PathBuf,
}

/// `hub no-contact report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    place: Place,
    /// The case handler who reads it, by name
    #[arg(long)]
    by: String,
    /// Lists of this prison alone
    #[arg(long)]
    prison: Option<PrisonId>,
}

pub(super) async fn execute(command: NoContactCommand) -> anyhow::Result<()> {
    match command {
        NoContactCommand::Import(args) => import(args).await,
        NoContactCommand::Report(args) => {
            let (store, _) = open(&args.place).await?;
            let by = handler(&store, &args.by).await?;
            for list in store.no_contact_lists(&by, args.prison).await? {
                say(&report(&list).to_string())?;
            }
            Ok(())
        }
    }
}

async fn import(args: ImportArgs) -> anyhow::Result<()> {
    if Register::built_in().get(args.prison).is_none() {
        bail!("there is no prison {} in the register", args.prison);
    }
    let today = jiff::tz::Offset::UTC
        .to_datetime(Seams::real().clock.now())
        .date();
    if args.as_of > today {
        bail!("a list cannot be of a day to come: --as-of {}", args.as_of);
    }
    let bytes = read(&args.file)?;
    let rows = read_no_contact(&bytes, args.prison)?;
    let (store, _) = open(&args.place).await?;
    let by = handler(&store, &args.by).await?;
    let origin = ListOrigin {
        prison: args.prison,
        kept_by: args.kept_by.as_str().into(),
        as_of: args.as_of,
        file: file_hash(&bytes),
    };
    let import = stage(&store, &by, &origin, &rows).await?;
    let list = wait(&store, &by, import, Duration::from_secs(args.wait)).await?;
    if list.origin != origin {
        aside("this file was begun before; what was said of it then stands");
    }
    say(&report(&list).to_string())?;
    match list.state {
        NoContactState::Done => Ok(()),
        _ => bail!(
            "{} rows wait and are not barred: a hub that runs over this store takes them over, and then `upcs hub \
             no-contact report` says what became of them",
            list.waiting
        ),
    }
}

/// Stages every row. What an earlier try had staged is passed over, so that a command that was stopped goes on.
async fn stage(store: &Store, by: &Actor, origin: &ListOrigin, rows: &[ReadRow]) -> anyhow::Result<Uuid> {
    let (import, staged) = store.begin_no_contact_list(by, origin).await?;
    let progress = progress(rows.len(), "read in");
    let new: Vec<ReadRow> = rows.iter().filter(|(row, _)| *row > staged).cloned().collect();
    progress.set_position((rows.len() - new.len()) as u64);
    for batch in new.chunks(NoContactLimits::DEFAULT.staged_at_once) {
        store.stage_no_contact_rows(by, import, batch).await?;
        progress.inc(batch.len() as u64);
        pause(LET_OTHERS_IN).await;
    }
    store.finish_no_contact_staging(by, import).await?;
    progress.finish_and_clear();
    Ok(import)
}

/// Waits until the hub has taken everything over, or until nothing has gone through for `most`.
async fn wait(store: &Store, by: &Actor, import: Uuid, most: Duration) -> anyhow::Result<NoContactList> {
    let mut list = store.no_contact_list(by, import).await?;
    let progress = progress(usize::try_from(list.rows)?, "taken over");
    let mut since = Instant::now();
    while list.waiting > 0 && since.elapsed() < most {
        pause(LOOK_EVERY).await;
        let left = store.no_contact_rows_waiting(import).await?;
        if left != list.waiting {
            since = Instant::now();
            list.waiting = left;
        }
        progress.set_position(list.rows.saturating_sub(left));
    }
    progress.finish_and_clear();
    Ok(store.no_contact_list(by, import).await?)
}

/// A list and what became of it, without anything that stands in its rows.
fn report(list: &NoContactList) -> Value {
    let counts: serde_json::Map<String, Value> = list
        .counts
        .iter()
        .map(|(gap, rows)| (gap.code().to_owned(), json!(rows)))
        .collect();
    let gaps = list
        .gaps
        .iter()
        .map(|(row, gap)| json!({"row": row, "gap": gap.code(), "unprotected": gap.leaves_unprotected()}));
    let gaps: Vec<Value> = gaps.collect();
    let all: u64 = list.counts.iter().map(|(_, rows)| rows).sum();
    json!({
        "import": list.id, "prison": list.origin.prison, "keptBy": list.origin.kept_by.expose(),
        "asOf": list.origin.as_of.to_string(), "file": list.origin.file, "stagedAt": list.staged_at,
        "state": list.state, "rows": list.rows, "waiting": list.waiting, "barred": list.barred,
        "already": list.already, "held": list.held, "unprotectedRows": list.unprotected, "gapCounts": counts,
        "moreGaps": all.saturating_sub(gaps.len() as u64), "gaps": gaps,
    })
}

/// The one case handler of this name.
async fn handler(store: &Store, name: &str) -> anyhow::Result<Actor> {
    let works = |actor: &Actor| actor.role == Role::CaseHandler;
    let accounts = store.accounts().await?.into_iter();
    let mut found = accounts.filter(|actor| actor.name == name && works(actor));
    match (found.next(), found.next()) {
        (Some(handler), None) => Ok(handler),
        (None, _) => bail!("there is no case handler of this name; see `upcs hub account add`"),
        (Some(_), Some(_)) => bail!("there are several case handlers of this name"),
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .with_context(|| format!("{shown} cannot be read"))?
        .len();
    if size > NoContactLimits::DEFAULT.bytes as u64 {
        bail!("{shown} is larger than one file may be; split it");
    }
    std::fs::read(path).with_context(|| format!("{shown} cannot be read"))
}

/// A hub that runs beside this command over one SQLite file writes between two batches.
const LET_OTHERS_IN: Duration = Duration::from_millis(5);
const LOOK_EVERY: Duration = Duration::from_millis(250);

async fn pause(how_long: Duration) {
    tokio::time::sleep(how_long).await;
}

fn progress(rows: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(rows as u64).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} rows {msg}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn aside(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
