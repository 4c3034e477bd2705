//! What is said beside a number or address on "Check your answers", before it is sent.

use axum::body::Body;
use axum::http::{Request, header};
use casework::ContactRequest;
use feed::ContactKind;
use hub::applications::short_day::apply_and_answer;

use super::{Fields, Form, PRISONER, WHO};
use crate::support::Site;

const UNREAD: &str = "We cannot read this as a phone number.";
const OPEN: &str = "This number stays open to everyone in prison";
const EMERGENCY: &str = "This is an emergency number.";
const NO_HOME: &str = "We cannot tell which home this is.";
const REMARKS: [&str; 4] = [UNREAD, OPEN, EMERGENCY, NO_HOME];

/// Numbers and the remark beside each.
const NUMBERS: [(&str, Option<&str>); 7] = [
    ("07700 900123", None),
    ("not a number", Some(UNREAD)),
    ("07700 900456 or 07700 900457", Some(UNREAD)),
    ("07700 90045", Some(UNREAD)),
    ("", None),
    ("116 123", Some(OPEN)),
    ("999", Some(EMERGENCY)),
];

const ADDRESSES: [(&str, Option<&str>); 3] = [
    ("Invented Street\nNorthmoor", Some(NO_HOME)),
    ("14 Invented Street\nNorthmoor", None),
    ("?", Some(NO_HOME)),
];

/// The form at its last page, with these numbers and addresses of one person.
async fn checked<'a>(site: &'a Site, numbers: &[&str], addresses: &[&str]) -> Form<'a> {
    let named = |kind: &str, texts: &[&str]| -> Vec<(String, String)> {
        let field = |(n, text): (usize, &&str)| (format!("people-0-{kind}-{n}"), (*text).to_owned());
        texts.iter().enumerate().map(field).collect()
    };
    let typed = [named("numbers", numbers), named("addresses", addresses)].concat();
    let mut people: Vec<(&str, &str)> = vec![("people-0-name", "Rhian Invented")];
    people.extend(typed.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let people: Fields<'_> = &people;
    let mut form = Form::begin(site).await;
    form.press("next", &[WHO]).await;
    for (kind, texts) in [("number", numbers), ("address", addresses)] {
        for _ in 1..texts.len() {
            form.press(&format!("add-{kind}:0"), &[people]).await;
        }
    }
    form.press("next", &[people]).await;
    form.press("next", &[PRISONER]).await;
    form.press("next", &[&[("life-at-risk", "no")]]).await;
    form
}

/// What is said in the row of each answer that was typed.
fn said<'a>(page: &'a str, typed: &str) -> Vec<&'a str> {
    let start = format!("<span class=\"shell-lines\">{typed}</span>");
    let (_, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("{typed} is not shown"));
    let (row, _) = rest.split_once("</dd>").unwrap();
    REMARKS
        .iter()
        .filter(|remark| row.contains(**remark))
        .copied()
        .collect()
}

#[tokio::test]
async fn what_cannot_be_read_or_stopped_is_said_beside_it_and_can_be_sent_all_the_same() {
    let site = Site::start().await;
    let form = checked(
        &site,
        &NUMBERS.map(|(text, _)| text),
        &ADDRESSES.map(|(text, _)| text),
    )
    .await;
    for (typed, remark) in NUMBERS
        .iter()
        .chain(&ADDRESSES)
        .filter(|(typed, _)| !typed.is_empty())
    {
        assert_eq!(said(&form.page.text, typed), Vec::from_iter(*remark), "{typed}");
    }
    let (stored, _): (ContactRequest, String) = form.stored().await;
    assert_eq!(
        (stored.people[0].numbers.len(), stored.people[0].addresses.len()),
        (6, 3)
    );
}

#[tokio::test]
async fn the_receipt_says_the_same_as_the_answers_did() {
    let site = Site::start().await;
    let mut form = checked(&site, &["999", "116 123", "0770"], &["Northmoor"]).await;
    let done = &form.press("submit", &[]).await.text;
    for line in [
        "Phone number 1: this is an emergency number",
        "Phone number 2: this number stays open to everyone in prison",
        "Phone number 3: we cannot read it as a phone number",
        "Address 1: we cannot read it",
    ] {
        assert!(done.contains(line), "{line}: {done}");
    }
}

#[tokio::test]
async fn a_remark_depends_on_nothing_that_the_hub_knows() {
    let site = Site::start().await;
    let numbers = ["07700 900123", "01632 960111", "0770"];
    let before = checked(&site, &numbers, &["14 Invented Street\nZZ9 9ZZ"]).await;
    let before = (
        before.page.after("name=\"sealed\" value=\"").to_owned(),
        before.page.text,
    );
    site.police_request(numbers[0], "14 Invented Street\nZZ9 9ZZ")
        .await;
    for (number, contact) in [
        (numbers[1], ContactKind::Legal),
        (numbers[0], ContactKind::Social),
    ] {
        let number = phone::resolve(number, None).unwrap().number;
        let (clerk, security) = (site.actor("Cai Clerk"), site.actor("Sam Security"));
        let (store, leeds) = (&site.hub.store, "LEI".parse().unwrap());
        let holder = "A1234BC".parse().unwrap();
        let at = (&**store, site.hub.seams.clock.now());
        let applied = apply_and_answer(at, clerk, leeds, holder, number, contact, "Somebody").await;
        let applied = applied.unwrap();
        assert_eq!(applied.is_some(), contact == ContactKind::Legal);
        if let Some(applied) = applied {
            store.approve(security, applied).await.unwrap();
        }
    }
    let after = checked(&site, &numbers, &["14 Invented Street\nZZ9 9ZZ"]).await;
    let after = (
        after.page.after("name=\"sealed\" value=\"").to_owned(),
        after.page.text,
    );
    assert_eq!(before.1.replace(&before.0, ""), after.1.replace(&after.0, ""));
}

#[tokio::test]
async fn a_remark_is_said_in_welsh_too() {
    let site = Site::start().await;
    let form = checked(&site, &["not a number"], &[]).await;
    let again = Request::get("/request?page=5&lang=cy")
        .header(header::HOST, "localhost")
        .header(header::COOKIE, form.cookie.unwrap());
    let welsh = site.send(again.body(Body::empty()).unwrap()).await;
    assert!(
        welsh.text.contains("Ni allwn ddarllen hwn fel rhif ffôn."),
        "{}",
        welsh.text
    );
}
