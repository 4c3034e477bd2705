//! Files of approved numbers: one person of the prison uploads a file, which is read in the background, and proposes
//! to take it over; a second agrees. What the page tells derives from the file, the roster and the list as the
//! prison sees it: which rows are barred shows nowhere.

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::extract::{Multipart, Path};
use axum::routing::{get, post};
use casework::{Actor, ProposedChange, Verb};
use jiff::Timestamp;
use pages::FieldErrors;
use prison::PrisonId;
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::done;
use super::fields::Fields;
use super::proposals::decided_on;
use crate::error::HubError;
use crate::lists::{FileLimits, FileProblem, ListFormat, ListRow, Numbered, file_hash, read_list};
use crate::service::Hub;
use crate::store::{ImportState, ListImport, ShownProposal};
use crate::web::site::{PageError, Site, view};

/// The files of one prison.
struct Lists;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(Lists::PATH, get(open::<Lists>))
        .route("/prison/lists/{id}/propose", post(propose))
        .merge(decided_on::<Lists>(Lists::PATH))
}

pub(super) fn upload_route() -> Router<Arc<Site>> {
    Router::new().route(Lists::PATH, post(upload))
}

/// One file as the page shows it.
#[derive(Serialize)]
struct Row {
    id: String,
    hash: String,
    short: String,
    state: &'static str,
    at: Timestamp,
    rows: u64,
    to_take: u64,
    legal: u64,
    already: u64,
    taken: u64,
    left_out: u64,
    came_off: u64,
    problems: Vec<(u64, &'static str)>,
    problem_count: u64,
    /// The proposal that waits for a second person.
    waiting: Option<Waiting>,
    can_propose: bool,
}

#[derive(Clone, Serialize)]
struct Waiting {
    proposal: String,
    by: String,
    at: Timestamp,
    mine: bool,
    takes_off: bool,
    reason: casework::Personal,
}

async fn upload(desk: Desk, form: Multipart) -> Answer {
    let prison = desk.prison()?;
    let (bytes, format) = read_form(form).await?;
    let (format, rows) = match read(&bytes, format, prison) {
        Ok(read) => read,
        Err((field, sentence)) => {
            let mut told = Told::default();
            told.errors.add(field, sentence);
            return Lists::show(&desk, told).await;
        }
    };
    let hash = file_hash(&bytes);
    let begun = desk
        .store()
        .begin_list_import(&desk.actor, prison, format.as_str(), &hash);
    let (import, staged) = begun.await?;
    tokio::spawn(stage(
        Arc::clone(&desk.site.hub),
        desk.actor,
        import,
        staged,
        rows,
    ));
    Ok(done(Lists::PATH, "uploaded"))
}

type Read = (ListFormat, Vec<Numbered<ListRow>>);

/// The rows of a file; else the field that is to be mended, and the sentence beside it.
fn read(
    bytes: &[u8],
    format: Option<ListFormat>,
    prison: PrisonId,
) -> Result<Read, (&'static str, &'static str)> {
    if bytes.is_empty() {
        return Err(("file", "lists-error-file"));
    }
    let format = format.ok_or(("format", "lists-error-format"))?;
    let rows = read_list(bytes, format, prison).map_err(|problem| match problem {
        FileProblem::Columns(_) => ("file", "lists-error-columns"),
        FileProblem::TooLarge => ("file", "lists-error-large"),
    })?;
    Ok((format, rows))
}

async fn read_form(mut form: Multipart) -> Result<(Vec<u8>, Option<ListFormat>), PageError> {
    let (mut bytes, mut format) = (Vec::new(), None);
    let invalid = |_| {
        PageError(HubError::TooLong {
            limit_bytes: crate::web::UPLOAD_BYTES,
        })
    };
    while let Some(field) = form.next_field().await.map_err(invalid)? {
        match field.name() {
            Some("file") => bytes = field.bytes().await.map_err(invalid)?.to_vec(),
            Some("format") => {
                format = match field.text().await.map_err(invalid)?.as_str() {
                    "csv" => Some(ListFormat::Csv),
                    "controlled-number" => Some(ListFormat::ControlledNumber),
                    _ => None,
                }
            }
            _ => {}
        }
    }
    Ok((bytes, format))
}

/// Stages every row, batch by batch; what an earlier try had staged is passed over. Broken off, it is gone on with
/// when the same file is uploaded again.
async fn stage(hub: Arc<Hub>, actor: Actor, import: Uuid, staged: u64, rows: Vec<Numbered<ListRow>>) {
    let from = usize::try_from(staged).unwrap_or(usize::MAX).min(rows.len());
    for batch in rows[from..].chunks(FileLimits::DEFAULT.batch_rows) {
        if let Err(error) = hub.store.stage_rows(&actor, import, batch).await {
            tracing::warn!(%error, %import, "a file of approved numbers is not read to its end");
            return;
        }
        tokio::task::yield_now().await;
    }
    if let Err(error) = hub.store.finish_staging(&actor, import).await {
        tracing::warn!(%error, %import, "a file of approved numbers is not read to its end");
    }
}

async fn propose(desk: Desk, Path(import): Path<Uuid>, Form(typed): Form<Fields>) -> Answer {
    let all = desk.store().list_imports(&desk.actor, desk.prison()?).await?;
    let import = all.into_iter().find(|other| other.id == import);
    let import = import.ok_or(HubError::NotFound)?;
    let field = format!("reason-{}", import.id);
    let mut errors = FieldErrors::new();
    let off = typed.text("left-out") == "take-off";
    if off && import.hides_entries {
        errors.add(field.clone(), "lists-error-hidden");
    }
    let reason = typed.words("reason", &field, Lists::SAY_WHY, &mut errors);
    let Some(reason) = reason.filter(|_| errors.is_empty()) else {
        return Lists::show(&desk, Told::mend(typed, errors)).await;
    };
    let store = desk.store();
    let proposed = store.propose_list_import(&desk.actor, &import, off, reason.expose());
    let proposed = proposed.await.map(drop);
    desk.answer::<Lists>(proposed, done(Lists::PATH, "proposed"))
        .await
}

impl Place for Lists {
    const PATH: &'static str = "/prison/lists";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let files = files(desk).await?;
        let may_approve = desk.actor.role.may(Verb::ApproveNumber);
        let page = desk
            .page(Self::PATH, "lists-title")
            .with_next(["lists-next-1", "lists-next-2"]);
        Ok(desk.render("staff/lists.html", page, told, view! { files, may_approve }))
    }
}

async fn files(desk: &Desk) -> Result<Vec<Row>, PageError> {
    let open = desk.store().open_proposals(&desk.actor).await?.rows;
    let waiting: Vec<(Uuid, Waiting)> = open.iter().filter_map(|open| waits(desk, open)).collect();
    let imports = desk.store().list_imports(&desk.actor, desk.prison()?).await?;
    Ok(imports.into_iter().map(|import| row(import, &waiting)).collect())
}

/// The file that a proposal is about, and how it waits; none for a proposal about something else.
fn waits(desk: &Desk, open: &ShownProposal) -> Option<(Uuid, Waiting)> {
    let ProposedChange::ImportList { import, seen, .. } = &open.proposal.change else {
        return None;
    };
    let waiting = Waiting {
        proposal: open.proposal.id.to_string(),
        by: open.proposer.clone(),
        at: open.proposal.proposed_at,
        mine: open.proposal.proposed_by == desk.actor.account,
        takes_off: seen.take_left_out_off,
        reason: open.proposal.reason.clone(),
    };
    Some((*import, waiting))
}

fn row(import: ListImport, waiting: &[(Uuid, Waiting)]) -> Row {
    let waiting = waiting.iter().find(|(of, _)| *of == import.id);
    let waiting = waiting.map(|(_, waiting)| waiting.clone());
    Row {
        id: import.id.to_string(),
        short: import.file.chars().take(8).collect(),
        hash: import.file,
        state: import.state.as_str(),
        at: import.staged_at,
        rows: import.rows,
        to_take: import.to_take,
        legal: import.legal,
        already: import.already,
        taken: import.taken,
        left_out: import.left_out,
        came_off: import.came_off,
        problems: import
            .problems
            .iter()
            .map(|(row, why)| (*row, why.code()))
            .collect(),
        problem_count: import.problem_count,
        can_propose: import.state == ImportState::Staged && waiting.is_none(),
        waiting,
    }
}
