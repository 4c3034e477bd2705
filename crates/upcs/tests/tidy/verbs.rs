//! Every verb of the store that writes is in the walk of single people (`hub/tests/store/single_actor`), which shows
//! that no sequence of them lets a refused call through. A verb that is neither there nor listed here fails.

use std::collections::BTreeSet;

use crate::source::{Source, root, workspace_sources};
use crate::{Finding, assert_none};

/// Verbs that only read; what they write is their own audit entry.
const READS: &[&str] = &[
    "account",
    "accounts",
    "alert_requests",
    "alerted_in",
    "alerts_of_case",
    "alerts_on",
    "alerts_to_raise",
    "application",
    "application_match",
    "applications_of",
    "arrivals_waiting",
    "applications_to_answer",
    "applications_to_screen",
    "attempts_of_case",
    "attestations_since",
    "audit",
    "bar",
    "barred_addresses",
    "bars_behind",
    "canaries",
    "close",
    "custody_messages",
    "custody_queue_read_at",
    "decided_letters",
    "entries_of",
    "feed_session",
    "filed_under",
    "find_key",
    "first_acknowledged",
    "admitted_gates",
    "gate_if_any",
    "gates",
    "head",
    "history_since",
    "intelligence_without_case",
    "kept_under",
    "late_letters",
    "letter_batch_answers",
    "letter_batches",
    "letter_exemptions",
    "letter_picture",
    "letter_rows_waiting",
    "letters_on_shelf",
    "letters_to_alert",
    "letters_to_decide",
    "list_imports",
    "matches_waiting",
    "message_set_aside",
    "missing_attempts",
    "named_about_the_same",
    "newest_bar_before",
    "no_contact_list",
    "no_contact_lists",
    "no_contact_rows_waiting",
    "offered_address",
    "offered_addresses_waiting",
    "open",
    "open_alerts",
    "open_matches",
    "open_proposals",
    "open_releases",
    "prisoner",
    "prisoners",
    "prisoners_in",
    "prisons_to_answer",
    "protected_people",
    "queue",
    "receipt",
    "references_of",
    "releases_waiting",
    "prisoners_since",
    "roster_revision",
    "send_prisoners",
    "shelved_at",
    "verify_audit",
    "waiting_no_contact_rows",
];

/// A verb and its body.
struct Verb<'a> {
    name: &'a str,
    line: usize,
    body: &'a str,
}

fn verbs(text: &str) -> Vec<Verb<'_>> {
    const START: &str = "pub async fn ";
    let verb = |(start, _): (usize, &str)| {
        let rest = &text[start + START.len()..];
        // Methods stand one step in, and so does the bracket that ends them.
        let end = rest.find("\n    }").unwrap_or(rest.len());
        Verb {
            name: &rest[..rest.find(['(', '<']).unwrap_or(end)],
            line: text[..start].lines().count() + 1,
            body: &rest[..end],
        }
    };
    text.match_indices(START).map(verb).collect()
}

fn findings(store: &[Source], walk: &str) -> Vec<Finding> {
    let walked = |name: &str| walk.contains(&format!(".{name}(")) || walk.contains(&format!("{name}_of("));
    let writes = |body: &str| {
        ["INSERT INTO", "UPDATE ", "DELETE FROM"]
            .iter()
            .any(|word| body.contains(word))
    };
    let mut findings = Vec::new();
    for source in store {
        for verb in verbs(&source.text) {
            let reads = READS.contains(&verb.name);
            let what = match (reads, walked(verb.name)) {
                (true, _) if writes(verb.body) => "is listed as a reading verb and writes",
                (false, false) => "is neither in the walk of single people nor listed as a reading verb",
                _ => continue,
            };
            findings.push(Finding::new(
                &source.path,
                verb.line,
                format!("{} {what}", verb.name),
            ));
        }
    }
    findings
}

/// What the audit calls each transaction that the store begins, and where: the last name before its `.await`.
fn begun(text: &str) -> impl Iterator<Item = &str> {
    let calls = text.split(".begin").skip(1);
    calls.filter_map(|call| name_in(call.get(..call.find(".await")?)?))
}

/// The kinds of things on which the audit's entries are: the first name of each.
fn audited(text: &str) -> impl Iterator<Item = &str> {
    let entries = text.split("audit(").skip(1);
    entries.filter_map(|entry| {
        let entry = entry.trim_start().strip_prefix("(\"")?;
        entry.split('"').next()
    })
}

fn name_in(call: &str) -> Option<&str> {
    let name = call.rsplit('"').nth(1)?;
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}

/// Noted in the sessions and not in the audit.
const NOT_AUDITED: &[&str] = &["use-session"];

#[test]
fn the_audit_page_has_words_for_whatever_the_store_writes_into_the_audit() {
    let sources = workspace_sources();
    let page = sources
        .iter()
        .find(|source| source.path.ends_with("web/staff/audit.rs"));
    let page = &page.expect("the audit page has moved").text;
    let words = std::fs::read_to_string(root().join("crates/hub/locales/en/staff.ftl")).unwrap();
    let (mut verbs, mut findings) = (0, Vec::new());
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with("crates/hub/src/store/"))
    {
        for verb in begun(&source.text).filter(|verb| !NOT_AUDITED.contains(verb)) {
            verbs += 1;
            if !page.contains(&format!("\"{verb}\",")) {
                findings.push(Finding::new(
                    &source.path,
                    0,
                    format!("the audit page lacks {verb}"),
                ));
            }
        }
        for kind in audited(&source.text) {
            if !words.contains(&format!("\naudit-kind-{kind} =")) {
                findings.push(Finding::new(
                    &source.path,
                    0,
                    format!("there is no audit-kind-{kind}"),
                ));
            }
        }
    }
    assert!(verbs > 40, "found only {verbs} verbs");
    assert_none("Auditors read words, and choose by them.", &findings);
}

#[test]
fn every_verb_that_writes_is_in_the_walk_of_single_people() {
    let sources = workspace_sources();
    let walk: String = sources
        .iter()
        .filter(|source| {
            let path = source
                .path
                .strip_prefix("crates/hub/tests/store/")
                .unwrap_or_default();
            path.starts_with("single_actor") || path == "support.rs"
        })
        .map(|source| source.code.as_str())
        .collect();
    let store: Vec<Source> = sources
        .into_iter()
        .filter(|source| source.path.starts_with("crates/hub/src/store/"))
        .collect();
    let names: BTreeSet<&str> = store
        .iter()
        .flat_map(|source| verbs(&source.text))
        .map(|verb| verb.name)
        .collect();
    assert!(names.len() > 50, "found only {} verbs", names.len());
    let gone: Vec<_> = READS.iter().filter(|name| !names.contains(*name)).collect();
    assert!(gone.is_empty(), "listed, and not there any more: {gone:?}");
    assert_none("Add the verb to the walk.", &findings(&store, &walk));
}

#[test]
fn a_planted_verb_is_found() {
    let store = |text: &str| [Source::new("crates/hub/src/store/x.rs", text)];
    let lifts = "pub async fn lift_quietly(&self) { run(\"DELETE FROM bars\") }";
    assert_eq!(findings(&store(lifts), "").len(), 1);
    assert_eq!(findings(&store(lifts), "store.lift_quietly()").len(), 0);
    let gates = "pub async fn gates(&self) { run(\"UPDATE gates SET\") }";
    assert_eq!(findings(&store(gates), "").len(), 1, "it only says that it reads");
}
