//! What a referrer sees once the request is in: the reference, and what became of each number and address.

use axum::response::Response;
use pages::{Lang, Page, Sentence};
use serde::Serialize;

use crate::intake::{ReceiptAnswer, TargetAnswer};
use crate::store::Receipt;
use crate::web::site::Site;

#[derive(Serialize)]
struct Shown<'a> {
    reference: &'a str,
    linked: bool,
    lines: Vec<String>,
}

/// The receipt as a page. It derives from this one request: nothing else that the hub knows shows in it.
pub(super) fn show(site: &Site, lang: Lang, page: Page, receipt: Receipt, linked: bool) -> Response {
    let answer = ReceiptAnswer::from(receipt);
    let several = answer
        .targets
        .iter()
        .any(|target| person_of(&target.position) > 0);
    let lines = answer.targets.iter().filter_map(|target| {
        let line = said(site, lang, &sentence(target)?)?;
        if !several {
            return Some(line);
        }
        let person = Sentence::new("request-line-person").with("n", person_of(&target.position) + 1);
        said(site, lang, &person.with("line", line))
    });
    let shown = Shown {
        reference: answer.reference.as_str(),
        linked,
        lines: lines.collect(),
    };
    let next = [
        "request-next-prisons",
        "request-next-handler",
        "request-next-contact",
        "request-next-got-through",
    ];
    site.pages
        .render("request/done.html", &page.with_next(next), shown)
}

fn said(site: &Site, lang: Lang, sentence: &Sentence) -> Option<String> {
    site.pages.say(lang, sentence).ok()
}

/// `people[2].numbers[0]`: the person's place.
fn person_of(position: &str) -> usize {
    places(position).0
}

fn places(position: &str) -> (usize, usize) {
    let mut numbers = position.split(['[', ']']).filter_map(|part| part.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn sentence(target: &TargetAnswer) -> Option<Sentence> {
    let position = &target.position;
    let kind = match position {
        _ if position.contains(".numbers") => "number",
        _ if position.contains(".addresses") => "address",
        _ if position.contains(".emails") => "email",
        _ => return None,
    };
    let outcome = match (target.outcome, target.because.as_deref()) {
        ("barred", _) => "barred",
        ("handler", _) => "handler",
        (_, Some("always-allowed")) => "always",
        (_, Some("emergency-number")) => "emergency",
        _ => "ask",
    };
    Some(Sentence::new(format!("request-line-{kind}-{outcome}")).with("n", places(position).1 + 1))
}
