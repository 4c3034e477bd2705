//! What the template of the case page is given.

use casework::CaseState;
use jiff::Timestamp;
use minijinja::{Value, context};
use serde::Serialize;

use super::{
    Form, Shown, aliases, assess, attempts, calls, decide, exceptions, holders, locate, proofs, requests,
    targets, timeline,
};
use crate::proof::BEYOND_REACH;
use crate::store::{ATTEMPTS_SHOWN, CaseFile};
use crate::web::site::{PageError, view};
use crate::web::staff::desk::Desk;
use crate::web::staff::{Item, alerts, intelligence, matches, words};

/// Gathers the page.
pub(super) async fn context(desk: &Desk, file: &CaseFile, shown: &Shown) -> Result<Value, PageError> {
    let standing = standing(desk, file, shown).await?;
    let came = what_came(desk, file).await?;
    Ok(context! { ..standing, ..context! { ..forms(desk, file, shown), ..came } })
}

/// What is barred and whether it is in force, what was asked, and who the prisoner is.
async fn standing(desk: &Desk, file: &CaseFile, shown: &Shown) -> Result<Value, PageError> {
    let proofs = proofs::panels(&desk.site, &desk.actor, file).await?;
    let search = locate::for_page(desk, file, shown.search.as_ref()).await?;
    let located = locate::located(desk, file).await?;
    Ok(view! {
        case => head(file), now => desk.site.hub.seams.clock.now(), open => is_open(file), steps => steps(file),
        undecided => file.undecided_holders, beyond => BEYOND_REACH,
        calls => proofs.iter().any(|panel| !panel.letters),
        letters => proofs.iter().any(|panel| panel.letters),
        not_counted => proofs.iter().map(|panel| panel.not_counted).max(), proofs,
        targets => targets::all(file), requests => requests::all(file),
        listed => requests::listed(file), search, located, by_number => locate::by_number(file),
        by_call => calls::panel(desk, file), found_calls => shown.calls,
        elsewhere => locate::elsewhere(desk, file).await?,
    })
}

/// The forms of the assessment and the decision, and what waits for a second person.
fn forms(desk: &Desk, file: &CaseFile, shown: &Shown) -> Value {
    view! {
        can_assess => assess::can_assess(&file.state), assessment => assess::recorded(file),
        assessing => shown.form == Form::Assess, deciding => shown.form == Form::Decide,
        grounds => assess::GROUNDS, choices => decide::choices(file),
        relationships => items(desk, "relationship-", &assess::RELATIONSHIPS),
        declines => items(desk, "decline-", &decide::DECLINES), proposals => decide::waiting(desk, file),
    }
}

/// What came of it: who else has the number, who tried, what was heard, what was done.
async fn what_came(desk: &Desk, file: &CaseFile) -> Result<Value, PageError> {
    let (store, actor) = (desk.store(), &desk.actor);
    let attempts = store.attempts_of_case(actor, file.case, ATTEMPTS_SHOWN).await?;
    let tried = store.alerts_of_case(actor, file.case).await?;
    let holders = store.holders_of(actor, file.case).await?;
    let more_holders = holders.more;
    let holders = holders::rows(file, &holders.rows);
    Ok(view! {
        attempts => attempts::rows(&attempts), more_alerts => tried.more,
        alerts_seen => tried.rows.iter().filter(|alert| !alert.is_open()).count(),
        alerts => tried.rows.iter().map(alerts::row).collect::<Vec<_>>(),
        holders_count => holders::distinct(&holders), holders, more_holders,
        exceptions => exceptions::rows(file), more_exceptions => file.exceptions.more,
        excepting => exceptions::bars(file), more_intelligence => file.intelligence.more,
        intelligence => file.intelligence.rows.iter().map(intelligence::piece).collect::<Vec<_>>(),
        applications => file.applications.rows.iter().map(matches::shown).collect::<Vec<_>>(),
        more_applications => file.applications.more,
        aliases => file.aliases.iter().map(aliases::shown).collect::<Vec<_>>(),
        people => aliases::people(file),
        timeline => timeline::entries(&desk.site, desk.lang(), &file.timeline),
    })
}

/// The steps of "What happens next".
pub(super) fn next(file: &CaseFile) -> Vec<&'static str> {
    let mut steps = Vec::new();
    if !file.held.is_empty() {
        steps.push("case-next-held");
    }
    if file.undecided_holders > 0 {
        steps.push("case-next-holders");
    }
    match &file.state {
        CaseState::Waiting => steps.extend(["case-next-locate", "case-next-assess", "case-next-decide"]),
        CaseState::Located { .. } => steps.extend(["case-next-assess", "case-next-decide"]),
        CaseState::Assessed { .. } => steps.push("case-next-decide"),
        CaseState::Confirmed { .. } => steps.extend(["case-next-confirmed", "case-next-review"]),
        CaseState::Declined { .. } => steps.push("case-next-declined"),
    }
    steps
}

/// Whether anything is still to decide.
pub(super) fn is_open(file: &CaseFile) -> bool {
    !matches!(file.state, CaseState::Declined { .. })
}

#[derive(Serialize)]
struct Head {
    reference: String,
    version: u64,
    state: &'static str,
    priority: String,
    opened_at: Timestamp,
    prisoner: Option<String>,
    review_on: Option<jiff::civil::Date>,
    declined: Option<String>,
}

fn head(file: &CaseFile) -> Head {
    Head {
        reference: file.reference.to_string(),
        version: file.version,
        state: file.state.name(),
        priority: words::code(file.priority),
        opened_at: file.opened_at,
        prisoner: file.state.prisoner().map(|prisoner| prisoner.to_string()),
        review_on: file.state.assessment().map(|assessment| assessment.review_on),
        declined: match &file.state {
            CaseState::Declined { reason } => Some(words::code(reason)),
            _ => None,
        },
    }
}

#[derive(Serialize)]
struct Steps {
    prisoner: &'static str,
    assessment: &'static str,
    decision: &'static str,
}

fn steps(file: &CaseFile) -> Steps {
    let decided = matches!(
        file.state,
        CaseState::Confirmed { .. } | CaseState::Declined { .. }
    );
    let done_or_todo = |done| if done { "done" } else { "todo" };
    let declined = !is_open(file);
    Steps {
        prisoner: done_or_todo(declined || file.state.prisoner().is_some()),
        assessment: done_or_todo(declined || file.state.assessment().is_some()),
        decision: match (decided, file.proposals.is_empty(), file.state.assessment()) {
            (_, false, _) => "waiting",
            (true, ..) => "done",
            (false, true, Some(_)) => "todo",
            (false, true, None) => "later",
        },
    }
}

/// A select's entries: an empty one first, so that nothing is chosen unseen.
fn items(desk: &Desk, prefix: &str, codes: &[&str]) -> Vec<Item> {
    let item = |code: &&str| Item {
        value: (*code).to_owned(),
        text: desk.say(format!("{prefix}{code}")),
    };
    let mut items = vec![Item::none(String::new())];
    items.extend(codes.iter().map(item));
    items
}
