//! The audit: who did and saw what, and whether the record is whole.

use std::sync::Arc;

use crate::web::site::view;
use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use casework::{AccountId, Reference, Role};
use jiff::Timestamp;
use pages::{FieldErrors, Sentence};
use serde::{Deserialize, Serialize};

use super::desk::{Answer, Desk};
use super::{Item, frame};
use crate::store::{AuditCheck, AuditFilter, AuditRow, Page};
use crate::web::site::{PageError, Site};

/// Rows on one page.
const ROWS: u32 = 25;

/// What the audit calls each verb; the sentences begin `audit-verb-`. A verb that is not here is shown as
/// it is written.
pub(super) const VERBS: &[&str] = &[
    "note-release",
    "tell-of-release",
    "read-releases",
    "take-in-hand",
    "search-calls",
    "acknowledge",
    "add-account",
    "add-alias-number",
    "add-key",
    "add-target",
    "alert-letter",
    "alert-offered-address",
    "alert-raised",
    "answer-applications",
    "apply-list",
    "approve",
    "bar-application-match",
    "bar-held",
    "begin-feed-session",
    "check-letter",
    "clear-application-match",
    "close-session",
    "confirm-by-number",
    "confirm-case",
    "decide-alert-request",
    "decide-letter",
    "dismiss-message",
    "end-exception",
    "end-exemption",
    "enrol-gate",
    "file-applications",
    "file-intelligence",
    "count-letters",
    "file-letters",
    "file-request",
    "forget-custody-queue",
    "gate-went-back",
    "import-prisoners",
    "issue-enrolment-code",
    "locate-prisoner",
    "mark-alert-seen",
    "note-alert-requests",
    "note-custody-queue",
    "offer-address",
    "open-case",
    "open-session",
    "plant-canary",
    "propose",
    "propose-exemption",
    "read-alerted-prisoners",
    "read-alert-requests",
    "read-alerts",
    "read-alerts-to-raise",
    "read-application",
    "read-application-match",
    "read-application-matches",
    "read-applications",
    "read-approved-list",
    "read-attempts",
    "read-intelligence",
    "read-audit",
    "read-earlier-cases",
    "read-canaries",
    "read-exemptions",
    "read-holders",
    "read-imports",
    "read-letter-batches",
    "read-letters",
    "read-no-contact-lists",
    "read-offered-address",
    "read-offered-addresses",
    "read-proposals",
    "read-queue",
    "read-receipt",
    "record-assessment",
    "record-attestation",
    "record-attempts",
    "raise-arrival",
    "record-custody-event",
    "record-merge",
    "record-transfer",
    "renew-fingerprint-key",
    "refuse-application",
    "reject-prisoner",
    "revoke-gate",
    "revoke-keys",
    "revoke-number",
    "leave-letter-row",
    "leave-suspended",
    "stage-list",
    "stage-no-contact-list",
    "screen-applications",
    "set-message-aside",
    "settle-offered-address",
    "switch-prison-on",
    "take-no-contact-list",
    "withdraw-proposal",
];

/// A verb in words.
pub(super) fn verb_sentence(verb: &str) -> Option<Sentence> {
    VERBS.contains(&verb).then(|| format!("audit-verb-{verb}").into())
}

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/audit", get(read))
}

/// The filter, as it stands in the address: it names accounts, verbs and a reference, and nobody protected.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    person: String,
    verb: String,
    case: String,
    before: Option<u64>,
}

#[derive(Serialize)]
struct Row {
    seq: u64,
    at: Timestamp,
    name: String,
    role: String,
    verb: String,
    kind: String,
    subject: String,
    detail: String,
}

async fn read(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let mut errors = FieldErrors::new();
    let rows = rows(&desk, &asked, &mut errors).await?;
    let older = rows
        .last()
        .filter(|row| rows.len() == ROWS as usize && row.seq > 1);
    let older = older.map(|row| address(&asked, Some(row.seq)));
    let newest = asked.before.map(|_| address(&asked, None));
    let (whole, broken) = match desk.store().verify_audit().await? {
        AuditCheck::Whole { rows } => (Some(rows), None),
        AuditCheck::Broken { at } => (None, Some(at)),
    };
    let rows: Vec<Row> = rows.iter().map(|row| shown(&desk, row)).collect();
    let page = desk
        .page("/audit", "audit-title")
        .with_errors(errors)
        .with_next(["audit-next-1", "audit-next-2"]);
    let context = view! {
        rows, older, newest, whole, broken, people => people(&desk).await?, verbs => verbs(&desk), typed => asked,
    };
    Ok(desk.site.pages.render("staff/audit.html", &page, context))
}

/// The rows that are asked for; none when the reference names no case.
async fn rows(desk: &Desk, asked: &Asked, errors: &mut FieldErrors) -> Result<Vec<AuditRow>, PageError> {
    let Some(filter) = filter(desk, asked, errors).await? else {
        return Ok(Vec::new());
    };
    let page = Page {
        before: asked.before,
        rows: ROWS,
    };
    Ok(desk.store().audit(&desk.actor, &filter, page).await?)
}

/// What to look for; none when the reference names no case.
async fn filter(
    desk: &Desk,
    asked: &Asked,
    errors: &mut FieldErrors,
) -> Result<Option<AuditFilter>, PageError> {
    let account = asked.person.parse::<AccountId>().ok();
    let verb = VERBS.contains(&asked.verb.as_str()).then(|| asked.verb.clone());
    let mut case = None;
    if !asked.case.trim().is_empty() {
        case = match asked.case.parse::<Reference>() {
            Ok(reference) => desk.store().case_of(&desk.actor, &reference).await?,
            Err(_) => None,
        };
        if case.is_none() {
            errors.add("case", "audit-error-reference");
            return Ok(None);
        }
    }
    Ok(Some(AuditFilter { case, account, verb }))
}

fn address(asked: &Asked, before: Option<u64>) -> String {
    let pairs = [
        ("person", &asked.person),
        ("verb", &asked.verb),
        ("case", &asked.case),
    ];
    let mut query: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| {
            value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    query.extend(before.map(|before| format!("before={before}")));
    if query.is_empty() {
        "/audit".to_owned()
    } else {
        format!("/audit?{}", query.join("&"))
    }
}

fn shown(desk: &Desk, row: &AuditRow) -> Row {
    let role: Option<Role> = serde_json::from_str(&row.role).ok();
    let kind = format!("audit-kind-{}", row.kind).into();
    Row {
        seq: row.seq,
        at: row.at,
        name: row.name.clone(),
        role: role
            .map(|role| desk.say(frame::role_sentence(&role)))
            .unwrap_or_default(),
        verb: verb_sentence(&row.verb).map_or_else(|| row.verb.clone(), |verb| desk.say(verb)),
        kind: desk
            .site
            .pages
            .say(desk.lang(), &kind)
            .unwrap_or_else(|_| row.kind.clone()),
        subject: row.subject.clone(),
        detail: row.detail.clone(),
    }
}

async fn people(desk: &Desk) -> Result<Vec<Item>, PageError> {
    let mut people = vec![Item::none(desk.say("audit-everybody"))];
    people.extend(desk.store().accounts().await?.into_iter().map(|actor| Item {
        value: actor.account.to_string(),
        text: actor.name,
    }));
    Ok(people)
}

fn verbs(desk: &Desk) -> Vec<Item> {
    let item = |verb: &&str| {
        Some(Item {
            value: (*verb).to_owned(),
            text: desk.say(verb_sentence(verb)?),
        })
    };
    let mut named: Vec<Item> = VERBS.iter().filter_map(item).collect();
    named.sort_by(|one, other| one.text.cmp(&other.text));
    let mut items = vec![Item::none(desk.say("audit-everything"))];
    items.append(&mut named);
    items
}
