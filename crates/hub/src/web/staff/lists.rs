//! Files of approved numbers: one person of the prison uploads a file, which is read in the background, and proposes
//! to take it over; a second agrees. What the page tells derives from the file, the roster and the list as the
//! prison sees it: which rows are barred shows nowhere.

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use casework::{Actor, ProposalId, ProposedChange, Verb};
use jiff::Timestamp;
use pages::{FieldErrors, Visit};
use prison::PrisonId;
use serde::Serialize;
use uuid::Uuid;

use super::fields::Fields;
use super::{ToldBy, done, frame, refusal};
use crate::error::HubError;
use crate::lists::{FileLimits, FileProblem, ListFormat, ListRow, Numbered, file_hash, read_list};
use crate::service::Hub;
use crate::store::{ImportState, ListImport, StoreError};
use crate::web::session::SignedInActor;
use crate::web::site::{PageError, Site, view};

const PATH: &str = "/prison/lists";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(open))
        .route("/prison/lists/{id}/propose", post(propose))
        .route("/prison/lists/{id}/approve", post(approve))
        .route("/prison/lists/{id}/withdraw", post(withdraw))
}

pub(super) fn upload_route() -> Router<Arc<Site>> {
    Router::new().route(PATH, post(upload))
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

/// What the page shows besides the files.
#[derive(Default)]
struct Shown {
    typed: Fields,
    errors: FieldErrors,
    finished: Option<&'static str>,
    problem: Option<&'static str>,
}

async fn open(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Query(told): ToldBy,
) -> Result<Response, PageError> {
    let finished = told.finished();
    show(
        &site,
        &visit,
        &actor,
        Shown {
            finished,
            ..Shown::default()
        },
    )
    .await
}

async fn upload(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    form: Multipart,
) -> Result<Response, PageError> {
    let prison = own_prison(&actor)?;
    let (bytes, format) = read_form(form).await?;
    let mut errors = FieldErrors::new();
    let read = match format {
        _ if bytes.is_empty() => Err(("file", "lists-error-file")),
        None => Err(("format", "lists-error-format")),
        Some(format) => match read_list(&bytes, format, prison) {
            Ok(rows) => Ok((format, rows)),
            Err(FileProblem::Columns(_)) => Err(("file", "lists-error-columns")),
            Err(FileProblem::TooLarge) => Err(("file", "lists-error-large")),
        },
    };
    match read {
        Ok((format, rows)) => {
            let (hash, store) = (file_hash(&bytes), &site.hub.store);
            let begun = store.begin_list_import(&actor, prison, format.as_str(), &hash);
            let (import, staged) = begun.await?;
            tokio::spawn(stage(Arc::clone(&site.hub), actor, import, staged, rows));
            Ok(done(PATH, "uploaded"))
        }
        Err((field, sentence)) => {
            errors.add(field, sentence);
            show(
                &site,
                &visit,
                &actor,
                Shown {
                    errors,
                    ..Shown::default()
                },
            )
            .await
        }
    }
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

async fn propose(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(import): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let store = &site.hub.store;
    let all = store.list_imports(&actor, own_prison(&actor)?).await?;
    let import = all.into_iter().find(|other| other.id == import);
    let import = import.ok_or(HubError::NotFound)?;
    let field = format!("reason-{}", import.id);
    let mut errors = FieldErrors::new();
    let off = fields.text("left-out") == "take-off";
    if off && import.hides_entries {
        errors.add(field.clone(), "lists-error-hidden");
    }
    let reason = fields.words("reason", &field, "staff-error-reason", &mut errors);
    let Some(reason) = reason.filter(|_| errors.is_empty()) else {
        let shown = Shown {
            typed: fields,
            errors,
            ..Shown::default()
        };
        return show(&site, &visit, &actor, shown).await;
    };
    let proposed = store
        .propose_list_import(&actor, &import, off, reason.expose())
        .await;
    answer(&site, &visit, &actor, proposed.map(drop), "proposed").await
}

async fn approve(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
) -> Result<Response, PageError> {
    let approved = site.hub.store.approve(&actor, id).await;
    answer(&site, &visit, &actor, approved, "approved").await
}

async fn withdraw(
    State(site): State<Arc<Site>>,
    visit: Visit,
    SignedInActor(actor): SignedInActor,
    Path(id): Path<ProposalId>,
) -> Result<Response, PageError> {
    let withdrawn = site.hub.store.withdraw_proposal(&actor, id).await;
    answer(&site, &visit, &actor, withdrawn, "withdrawn").await
}

async fn answer(
    site: &Site,
    visit: &Visit,
    actor: &Actor,
    outcome: Result<(), StoreError>,
    code: &'static str,
) -> Result<Response, PageError> {
    let Err(error) = outcome else {
        return Ok(done(PATH, code));
    };
    let problem = refusal::sentence(&error).ok_or(error)?;
    let problem = Some(problem);
    show(
        site,
        visit,
        actor,
        Shown {
            problem,
            ..Shown::default()
        },
    )
    .await
}

fn own_prison(actor: &Actor) -> Result<PrisonId, PageError> {
    actor.role.prison().ok_or(PageError(HubError::NotFound))
}

async fn show(site: &Site, visit: &Visit, actor: &Actor, shown: Shown) -> Result<Response, PageError> {
    let Shown {
        typed,
        errors,
        finished,
        problem,
    } = shown;
    let files = files(site, actor).await?;
    let may_approve = actor.role.may(Verb::ApproveNumber);
    let status = if problem.is_some() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let page = frame::page(visit, PATH, "lists-title", actor)
        .with_status(status)
        .with_errors(errors)
        .with_next(["lists-next-1", "lists-next-2"]);
    let context = view! { files, may_approve, typed, finished, problem };
    Ok(site.pages.render("staff/lists.html", &page, context))
}

async fn files(site: &Site, actor: &Actor) -> Result<Vec<Row>, PageError> {
    let open = site.hub.store.open_proposals(actor).await?.rows;
    let waiting = open.iter().filter_map(|shown| match &shown.proposal.change {
        ProposedChange::ImportList { import, seen, .. } => Some((
            *import,
            Waiting {
                proposal: shown.proposal.id.to_string(),
                by: shown.proposer.clone(),
                at: shown.proposal.proposed_at,
                mine: shown.proposal.proposed_by == actor.account,
                takes_off: seen.take_left_out_off,
                reason: shown.proposal.reason.clone(),
            },
        )),
        _ => None,
    });
    let waiting: Vec<(Uuid, Waiting)> = waiting.collect();
    let imports = site.hub.store.list_imports(actor, own_prison(actor)?).await?;
    Ok(imports.into_iter().map(|import| row(import, &waiting)).collect())
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
