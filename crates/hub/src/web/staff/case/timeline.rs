//! The history of a case, from the audit: who did and saw what, in words.

use jiff::Timestamp;
use pages::{Lang, Sentence};
use serde::Serialize;

use crate::store::AuditRow;
use crate::web::site::Site;
use crate::web::staff::audit::verb_sentence;

/// Reads that belong to the opening of a page and are not told apart from it. They stand in the audit.
const PARTS_OF_OPENING: [&str; 3] = ["read-attempts", "read-alerts", "read-holders"];

/// Readings, told once however often one person looks.
const READINGS: [&str; 3] = ["open-case", "read-proposals", "read-letters"];

/// One entry, in the shape that MoJ's timeline takes.
#[derive(Serialize)]
pub(super) struct Entry {
    label: Text,
    text: String,
    datetime: At,
    byline: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct At {
    timestamp: Timestamp,
    r#type: &'static str,
}

/// The entries, newest first. One step that wrote several rows is told once, and so are readings by one
/// person with nothing in between.
pub(super) fn entries(site: &Site, lang: Lang, rows: &[AuditRow]) -> Vec<Entry> {
    let mut told: Vec<&AuditRow> = Vec::new();
    for row in rows
        .iter()
        .rev()
        .filter(|row| !PARTS_OF_OPENING.contains(&row.verb.as_str()))
    {
        let again = told.last().is_some_and(|newer| {
            let same = newer.verb == row.verb && newer.account == row.account;
            same && (READINGS.contains(&row.verb.as_str()) || newer.at == row.at)
        });
        if !again {
            told.push(row);
        }
    }
    told.into_iter().map(|row| entry(site, lang, row)).collect()
}

fn entry(site: &Site, lang: Lang, row: &AuditRow) -> Entry {
    let say = |sentence: &Sentence| site.pages.say(lang, sentence).unwrap_or_default();
    let refused = row.detail == "refused";
    let label = verb_sentence(&row.verb).map_or_else(|| row.verb.clone(), |sentence| say(&sentence));
    Entry {
        label: Text { text: label },
        text: if refused {
            say(&"audit-refused".into())
        } else {
            String::new()
        },
        datetime: At {
            timestamp: row.at,
            r#type: "datetime",
        },
        byline: Text {
            text: row.name.clone(),
        },
    }
}
