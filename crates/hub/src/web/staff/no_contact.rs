//! No-contact lists of prisons: a case handler brings one in, and reads what of it is not certain to be protected. The
//! report tells which numbers stood on approved lists; no page of a prison shows it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Multipart;
use axum::routing::{get, post};
use casework::Actor;
use jiff::Timestamp;
use jiff::civil::Date;
use pages::{FieldErrors, Sentence};
use prison::{PrisonId, Register};
use serde::Serialize;
use uuid::Uuid;

use super::desk::{Answer, Desk, Place, Told, open};
use super::fields::Fields;
use super::{Item, done, frame};
use crate::error::HubError;
use crate::lists::{ListOrigin, NoContactFileProblem, NoContactLimits, ReadRow, file_hash, read_no_contact};
use crate::service::Hub;
use crate::store::{NoContactList, NoContactState};
use crate::web::site::{PageError, Site, view};

/// Gaps of one list that the page shows by row, those first that leave something unprotected; the command prints more.
const GAPS_SHOWN: usize = 200;

/// The no-contact lists of all prisons.
struct NoContact;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route(NoContact::PATH, get(open::<NoContact>))
}

pub(super) fn upload_route() -> Router<Arc<Site>> {
    Router::new().route(NoContact::PATH, post(upload))
}

/// One list as the page shows it.
#[derive(Serialize)]
struct Shown {
    id: String,
    prison: String,
    kept_by: casework::Personal,
    as_of: Date,
    hash: String,
    state: &'static str,
    at: Timestamp,
    rows: u64,
    waiting: u64,
    barred: u64,
    already: u64,
    held: u64,
    unprotected: u64,
    counts: Vec<Counted>,
    gaps: Vec<(u64, &'static str)>,
    gap_count: u64,
}

/// How many rows have a gap.
#[derive(Serialize)]
struct Counted {
    code: &'static str,
    rows: u64,
    unprotected: bool,
}

async fn upload(desk: Desk, form: Multipart) -> Answer {
    let (bytes, typed) = read_form(form).await?;
    let mut errors = FieldErrors::new();
    let Some((origin, rows)) = read(&desk.site.hub, &bytes, &typed, &mut errors) else {
        return NoContact::show(&desk, Told::mend(typed, errors)).await;
    };
    let (import, staged) = desk.store().begin_no_contact_list(&desk.actor, &origin).await?;
    tokio::spawn(stage(
        Arc::clone(&desk.site.hub),
        desk.actor,
        import,
        staged,
        rows,
    ));
    Ok(done(NoContact::PATH, "uploaded"))
}

async fn read_form(mut form: Multipart) -> Result<(Vec<u8>, Fields), PageError> {
    let (mut bytes, mut typed) = (Vec::new(), Fields::default());
    let invalid = |_| {
        PageError(HubError::TooLong {
            limit_bytes: crate::web::UPLOAD_BYTES,
        })
    };
    while let Some(field) = form.next_field().await.map_err(invalid)? {
        match field.name().map(str::to_owned).as_deref() {
            Some("file") => bytes = field.bytes().await.map_err(invalid)?.to_vec(),
            Some(name) => {
                let text = field.text().await.map_err(invalid)?;
                typed.put(name, &text);
            }
            None => {}
        }
    }
    Ok((bytes, typed))
}

/// The file and where it comes from; else says beside each field what to mend.
fn read(
    hub: &Hub,
    bytes: &[u8],
    typed: &Fields,
    errors: &mut FieldErrors,
) -> Option<(ListOrigin, Vec<ReadRow>)> {
    let prison = typed.parsed::<PrisonId>("prison", "no-contact-error-prison", errors);
    let kept_by = typed
        .given("kept-by")
        .filter(|kept_by| kept_by.expose().chars().count() <= NoContactLimits::DEFAULT.kept_by_chars);
    if kept_by.is_none() {
        errors.add("kept-by", "no-contact-error-kept-by");
    }
    let today = jiff::tz::Offset::UTC.to_datetime(hub.seams.clock.now()).date();
    let as_of = typed.date("as-of").ok().flatten().filter(|day| *day <= today);
    if as_of.is_none() {
        errors.add("as-of-day", "no-contact-error-as-of");
    }
    let origin = ListOrigin {
        prison: prison.filter(|prison| Register::built_in().get(*prison).is_some())?,
        kept_by: kept_by?,
        as_of: as_of?,
        file: file_hash(bytes),
    };
    match read_no_contact(bytes, origin.prison) {
        Ok(rows) => Some((origin, rows)),
        Err(problem) => {
            errors.add("file", sentence(problem));
            None
        }
    }
}

fn sentence(problem: NoContactFileProblem) -> Sentence {
    match problem {
        NoContactFileProblem::Empty => "no-contact-error-empty".into(),
        NoContactFileProblem::Columns => "no-contact-error-columns".into(),
        NoContactFileProblem::UnknownColumn(at) => {
            Sentence::new("no-contact-error-column").with("at", at.to_string())
        }
        NoContactFileProblem::OpenQuote(at) => {
            Sentence::new("no-contact-error-quote").with("at", at.to_string())
        }
        NoContactFileProblem::TooLarge => "lists-error-large".into(),
    }
}

/// Stages every row, batch by batch; the hub takes them over meanwhile. Broken off, it is gone on with when the same
/// file is uploaded again; until then the page says that it is being read.
async fn stage(hub: Arc<Hub>, actor: Actor, import: Uuid, staged: u64, rows: Vec<ReadRow>) {
    let new: Vec<ReadRow> = rows.into_iter().filter(|(row, _)| *row > staged).collect();
    for batch in new.chunks(NoContactLimits::DEFAULT.staged_at_once) {
        if let Err(error) = hub.store.stage_no_contact_rows(&actor, import, batch).await {
            tracing::error!(%error, %import, "a no-contact list is not read to its end: upload it again");
            return;
        }
        tokio::task::yield_now().await;
    }
    if let Err(error) = hub.store.finish_no_contact_staging(&actor, import).await {
        tracing::error!(%error, %import, "a no-contact list is not read to its end: upload it again");
    }
}

impl Place for NoContact {
    const PATH: &'static str = "/no-contact";

    async fn show(desk: &Desk, told: Told) -> Answer {
        let lists = desk.store().no_contact_lists(&desk.actor, None).await?;
        let lists: Vec<Shown> = lists.into_iter().map(shown).collect();
        let page = desk
            .page(Self::PATH, "no-contact-title")
            .with_next(["no-contact-next-1", "no-contact-next-2"]);
        let prisons = prisons(desk.say("operations-choose-prison"));
        Ok(desk.render("staff/no_contact.html", page, told, view! { lists, prisons }))
    }
}

fn shown(list: NoContactList) -> Shown {
    let counted = |(gap, rows): &(crate::lists::Gap, u64)| Counted {
        code: gap.code(),
        rows: *rows,
        unprotected: gap.leaves_unprotected(),
    };
    let gaps = list.gaps.iter().take(GAPS_SHOWN);
    Shown {
        id: list.id.to_string(),
        prison: frame::prison_name(list.origin.prison),
        kept_by: list.origin.kept_by,
        as_of: list.origin.as_of,
        hash: list.origin.file,
        state: match list.state {
            NoContactState::Staging => "staging",
            NoContactState::TakingOver => "taking-over",
            NoContactState::Done => "done",
        },
        at: list.staged_at,
        rows: list.rows,
        waiting: list.waiting,
        barred: list.barred,
        already: list.already,
        held: list.held,
        unprotected: list.unprotected,
        counts: list.counts.iter().map(counted).collect(),
        gap_count: list.counts.iter().map(|(_, rows)| rows).sum(),
        gaps: gaps.map(|(row, gap)| (*row, gap.code())).collect(),
    }
}

/// The prisons of the register, by name; an empty entry first, so that nothing is chosen unseen.
fn prisons(choose: String) -> Vec<Item> {
    let item = |known: &prison::Prison| Item {
        value: known.id.to_string(),
        text: known.name.clone(),
    };
    let mut items: Vec<Item> = Register::built_in().active().map(item).collect();
    items.sort_by(|one, other| one.text.cmp(&other.text));
    items.insert(
        0,
        Item {
            value: String::new(),
            text: choose,
        },
    );
    items
}
