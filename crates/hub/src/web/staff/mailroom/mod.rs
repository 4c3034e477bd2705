//! The mailroom's page: an envelope's address in, PASS or SHELF with a code out, ready for the next.
//!
//! Nothing on the page differs by why a letter goes to the shelf: barred, doubtful and decoy look alike. It is worked
//! by keyboard or scanner alone, with scripts or without: the next envelope's field has the focus when the answer comes.

mod files;
mod label;
mod pictures;
mod pile;
mod waits;

use std::sync::Arc;

use crate::web::site::view;
use axum::Form;
use axum::Router;
use axum::routing::get;
use casework::WrittenAddress;
use jiff::Timestamp;
use minijinja::Value;
use pages::FieldErrors;
use prison::PrisonerNumber;
use serde::Serialize;

use super::desk::{Answer, Desk};
use super::fields::Fields;
use crate::error::HubError;
use crate::mailroom::{ADDRESS_CHARS, Envelope, LetterAnswer, check_letter, late_letters};
use crate::store::{Beside, MailKind, Picture, Via};
use crate::web::site::Site;

/// What a clerk types when the envelope names no sender; Welsh too.
const UNKNOWN: [&str; 2] = ["unknown", "anhysbys"];

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/mailroom", get(begin).post(check))
        .merge(files::routes())
        .merge(label::routes())
        .merge(pictures::routes())
        .merge(pile::routes())
        .merge(waits::routes())
}

pub(super) fn upload_route() -> Router<Arc<Site>> {
    files::upload_route().merge(pictures::upload_route())
}

async fn begin(desk: Desk) -> Answer {
    show(&desk, FieldErrors::new(), view! {}).await
}

async fn check(desk: Desk, Form(fields): Form<Fields>) -> Answer {
    let mut errors = FieldErrors::new();
    let Some(envelope) = read(&fields, &mut errors) else {
        return show(&desk, errors, view! { typed => fields }).await;
    };
    let prison = desk.prison()?;
    let pictured = pictures::of(&desk, &fields);
    let beside = Beside {
        picture: pictured.as_ref().map(|(_, picture)| Picture::clone(picture)),
        ..Beside::default()
    };
    let hub = &desk.site.hub;
    let checked = check_letter(hub, &desk.actor, prison, &envelope, beside).await;
    if let (Ok(_), Some((id, _))) = (&checked, &pictured) {
        hub.mailroom.drop_picture(&desk.actor, *id);
    }
    let told = match checked {
        Ok(LetterAnswer::Pass) => view! { answer => "pass" },
        Ok(LetterAnswer::Shelf(code)) => view! { answer => "shelf", code => code.as_str() },
        Err(HubError::TooMany) => view! { calm => "mailroom-cap", typed => fields },
        Err(HubError::Unavailable | HubError::Damaged) => {
            view! { calm => "mailroom-wait", typed => fields }
        }
        Err(HubError::Invalid { field, .. }) if field == "prison_number" => {
            errors.add("sender", "mailroom-error-not-held");
            view! { typed => fields }
        }
        Err(HubError::Invalid { .. }) => {
            errors.add("address", "mailroom-error-address");
            view! { typed => fields }
        }
        Err(error) => return Err(error.into()),
    };
    show(&desk, errors, told).await
}

/// The envelope as it was typed: the sender in the field of his own or on a line of his own, where a scanner puts him.
fn read(fields: &Fields, errors: &mut FieldErrors) -> Option<Envelope> {
    let (on_a_line, lines) = sender_on_a_line(fields.text("address"));
    if lines.is_empty() {
        errors.add("address", "mailroom-error-address");
    } else if lines.chars().count() > ADDRESS_CHARS {
        errors.add("address", "mailroom-error-address-long");
    }
    let sender = match fields.text("sender") {
        "" => on_a_line,
        // What is typed beside another number is a guess.
        typed => sender(typed).filter(|typed| on_a_line.is_none_or(|line| line == *typed)),
    };
    if sender.is_none() {
        errors.add("sender", "mailroom-error-sender");
    }
    if !errors.is_empty() {
        return None;
    }
    Some(Envelope {
        sender: sender?,
        written: WrittenAddress {
            lines: lines.as_str().into(),
            postcode: None,
        },
        kind: MailKind::Letter,
        via: Via::Page,
    })
}

/// Takes the lines that are a prison number, or say that it is unknown, out of what was typed. Two different ones are
/// none: a sender is never guessed.
fn sender_on_a_line(typed: &str) -> (Option<Option<PrisonerNumber>>, String) {
    let (mut senders, mut lines) = (Vec::new(), Vec::new());
    for line in typed.lines() {
        match sender(line.trim()) {
            Some(sender) => senders.push(sender),
            None => lines.push(line),
        }
    }
    senders.dedup();
    let only = match senders.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    (only, lines.join("\n").trim().to_owned())
}

/// A prison number, or that it is unknown; none for anything else, for a sender is never guessed.
fn sender(typed: &str) -> Option<Option<PrisonerNumber>> {
    let lower = typed.to_lowercase();
    if UNKNOWN.contains(&lower.as_str()) {
        return Some(None);
    }
    typed.to_uppercase().parse().ok().map(Some)
}

/// A letter on the shelf, by its code, and what is to be done with it.
#[derive(Serialize)]
struct Decided {
    code: String,
    decision: &'static str,
    at: Timestamp,
}

async fn show(desk: &Desk, errors: FieldErrors, told: Value) -> Answer {
    let decided = desk.store().decided_letters(&desk.actor, desk.prison()?).await?;
    let decided = decided.into_iter().map(|letter| Decided {
        code: letter.code,
        decision: letter.decision.as_str(),
        at: letter.decided_at,
    });
    let decided: Vec<Decided> = decided.collect();
    let late = late_letters(&desk.site.hub).await?;
    let late = late
        .into_iter()
        .find(|late| Some(late.prison) == desk.actor.role.prison());
    let (undecided, unchecked) = late.map_or((0, 0), |late| (late.undecided, late.unchecked));
    let page = desk
        .page("/mailroom", "mailroom-title")
        .with_errors(errors)
        .with_next(["mailroom-next-1", "mailroom-next-2"]);
    let reads = desk.site.hub.mailroom.reads_pictures();
    let context = minijinja::context! { ..told, ..view! { decided, undecided, unchecked, reads } };
    Ok(desk.site.pages.render("staff/mailroom.html", &page, context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_prison_number_or_unknown_and_never_a_guess() {
        assert_eq!(sender("a1234bc").flatten(), Some("A1234BC".parse().unwrap()));
        assert_eq!(sender("Unknown"), Some(None));
        assert_eq!(sender("Anhysbys"), Some(None));
        assert_eq!(sender(""), None);
        assert_eq!(sender("A1234"), None);
    }

    #[test]
    fn a_number_that_is_typed_beside_another_that_was_scanned_is_none() {
        let read_as = |typed: &str, scanned: &str| {
            let mut fields = Fields::default();
            fields.put("sender", typed);
            fields.put("address", &format!("{scanned}\n1 Invented Row"));
            read(&fields, &mut FieldErrors::new()).map(|envelope| envelope.sender)
        };
        let number = "A1234BC".parse().unwrap();
        assert_eq!(read_as("A1234BC", "a1234bc"), Some(Some(number)));
        assert_eq!(read_as("A1234BC", ""), Some(Some(number)));
        assert_eq!(read_as("A1234BC", "A5678DE"), None);
        assert_eq!(read_as("unknown", "A5678DE"), None);
    }

    #[test]
    fn a_scanned_number_stands_on_a_line_of_its_own_and_two_different_ones_are_none() {
        let number = "A1234BC".parse().unwrap();
        let address = "1 Invented Row\nNowhereby";
        for (typed, expected) in [
            (format!("A1234BC\n{address}"), Some(Some(number))),
            (format!("{address}\n a1234bc \n"), Some(Some(number))),
            (format!("unknown\n{address}"), Some(None)),
            (address.to_owned(), None),
            (format!("A1234BC\n{address}\nA5678DE"), None),
            (format!("A1234BC\n{address}\nA1234BC"), Some(Some(number))),
        ] {
            assert_eq!(
                sender_on_a_line(&typed),
                (expected, address.to_owned()),
                "{typed}"
            );
        }
    }
}
