//! What the template of the case page is given.

use crate::web::site::view;
use casework::{Actor, BarScope, CaseState, Personal};
use jiff::Timestamp;
use minijinja::{Value, context};
use pages::Lang;
use serde::Serialize;

use super::{
    Form, Shown, aliases, attempts, exceptions, holders, locate, proofs, requests, targets, timeline,
};
use crate::proof::BEYOND_REACH;
use crate::store::{ATTEMPTS_SHOWN, CaseFile};
use crate::web::site::{PageError, Site};
use crate::web::staff::{Item, alerts, intelligence, matches, proposals, words};

const GROUNDS: [&str; 5] = [
    "unwanted-contact",
    "court-order",
    "justice",
    "protection-of-others",
    "prevention-of-crime",
];
const RELATIONSHIPS: [&str; 8] = [
    "partner",
    "former-partner",
    "child",
    "relative",
    "witness",
    "victim-of-offence",
    "other",
    "not-known",
];
const DECLINES: [&str; 4] = ["contact-is-wanted", "not-true", "not-theirs", "not-proportionate"];

/// Gathers the page.
pub(super) async fn context(
    site: &Site,
    lang: Lang,
    actor: &Actor,
    file: &CaseFile,
    shown: &Shown,
) -> Result<Value, PageError> {
    let store = &site.hub.store;
    let proofs = proofs::panels(site, actor, file).await?;
    let attempts = store.attempts_of_case(actor, file.case, ATTEMPTS_SHOWN).await?;
    let tried = store.alerts_of_case(actor, file.case).await?;
    let holders = store.holders_of(actor, file.case).await?;
    let proposals = proposals_of(site, lang, actor, file);
    let search = locate::for_page(site, file, shown.search.as_ref()).await?;
    let located = file
        .state
        .prisoner()
        .map(|number| locate::on_record(site, number));
    let more_holders = holders.more;
    let holders = holders::rows(file, &holders.rows);
    let top = view! {
        case => head(file), finished => shown.finished, now => site.hub.seams.clock.now(),
        undecided => file.undecided_holders, steps => steps(file), open => is_open(file), beyond => BEYOND_REACH,
        calls => proofs.iter().any(|panel| !panel.letters),
        letters => proofs.iter().any(|panel| panel.letters),
        not_counted => proofs.iter().map(|panel| panel.not_counted).max(), proofs,
        targets => targets::all(file), requests => requests::all(file), search, located,
    };
    let forms = view! {
        typed => typed(file, shown), can_assess => can_assess(&file.state),
        assessing => shown.form == Form::Assess, deciding => shown.form == Form::Decide,
        assessment => assessment(file), grounds => GROUNDS, choices => choices(file),
        relationships => items(site, lang, "relationship-", &RELATIONSHIPS),
        declines => items(site, lang, "decline-", &DECLINES), proposals,
    };
    let below = view! {
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
        timeline => timeline::entries(site, lang, &file.timeline),
    };
    Ok(context! { ..top, ..context! { ..forms, ..below } })
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

fn is_open(file: &CaseFile) -> bool {
    !matches!(file.state, CaseState::Declined { .. })
}

fn can_assess(state: &CaseState) -> bool {
    matches!(
        state,
        CaseState::Waiting | CaseState::Located { .. } | CaseState::Assessed { .. }
    )
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

/// What the handler may decide now.
fn choices(file: &CaseFile) -> Vec<&'static str> {
    let standing = || file.bars.iter().filter(|record| record.bar.state.in_force());
    let interim = standing().any(|record| record.bar.state == casework::BarState::Interim);
    let estate = standing().any(|record| record.bar.scope == BarScope::Estate);
    let confirm = match &file.state {
        _ if file.undecided_holders > 0 => false,
        CaseState::Assessed { .. } => true,
        CaseState::Confirmed { .. } => interim,
        _ => false,
    };
    let narrow = estate && file.state.prisoner().is_some();
    let choices = [
        (confirm, "confirm"),
        (narrow, "narrow"),
        (is_open(file), "decline"),
    ];
    choices
        .into_iter()
        .filter(|(may, _)| *may)
        .map(|(_, choice)| choice)
        .collect()
}

/// The form as it was sent; else the assessment form with what is on record or in the request.
fn typed(file: &CaseFile, shown: &Shown) -> super::Fields {
    let mut typed = shown.typed.clone();
    if shown.form == Form::Assess {
        return typed;
    }
    if let Some(assessment) = file.state.assessment() {
        let (consent, reason) = requests::said(&assessment.consent);
        typed.put("ground", &words::code(assessment.ground));
        typed.put("necessity", assessment.necessity.expose());
        typed.put("proportionality", assessment.proportionality.expose());
        typed.put("consent", consent);
        typed.put(
            "consent-reason",
            reason.as_ref().map(Personal::expose).unwrap_or_default(),
        );
        typed.put("relationship", &words::code(assessment.relationship));
        typed.put_date("review", assessment.review_on);
    } else if let Some(first) = file.requests.first() {
        let (consent, reason) = requests::said(&first.request.consent);
        typed.put("consent", consent);
        typed.put(
            "consent-reason",
            reason.as_ref().map(Personal::expose).unwrap_or_default(),
        );
    }
    typed
}

#[derive(Serialize)]
struct ShownAssessment {
    ground: String,
    necessity: Personal,
    proportionality: Personal,
    consent: &'static str,
    consent_reason: Option<Personal>,
    relationship: String,
    review_on: jiff::civil::Date,
}

fn assessment(file: &CaseFile) -> Option<ShownAssessment> {
    let assessment = file.state.assessment()?;
    let (consent, consent_reason) = requests::said(&assessment.consent);
    Some(ShownAssessment {
        ground: words::code(assessment.ground),
        necessity: assessment.necessity.clone(),
        proportionality: assessment.proportionality.clone(),
        consent,
        consent_reason,
        relationship: words::code(assessment.relationship),
        review_on: assessment.review_on,
    })
}

/// A select's entries: an empty one first, so that nothing is chosen unseen.
fn items(site: &Site, lang: Lang, prefix: &str, codes: &[&str]) -> Vec<Item> {
    let mut items = vec![Item {
        value: String::new(),
        text: String::new(),
    }];
    items.extend(codes.iter().map(|code| {
        let text = site
            .pages
            .say(lang, &format!("{prefix}{code}").into())
            .unwrap_or_default();
        Item {
            value: (*code).to_owned(),
            text,
        }
    }));
    items
}

fn proposals_of(site: &Site, lang: Lang, actor: &Actor, file: &CaseFile) -> Vec<proposals::Shown> {
    let shown = file.proposals.iter().map(|open| {
        let mut shown = proposals::shown(site, lang, actor, open);
        shown.overtaken = file.has_overtaken(&open.proposal.change);
        shown
    });
    shown.collect()
}
