//! The request as a form, page by page, from what is typed to what is stored.

mod remarks;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::{ContactRequest, OrderKind, Personal, SafeChannel, SafeChannelKind};

use crate::support::{Answer, Site, post};

type Fields<'a> = &'a [(&'a str, &'a str)];

/// Asks for somebody who did not agree, so that every field of the page counts.
const WHO: Fields = &[
    ("asks", "not-agreed"),
    ("name", "Gwen Friend"),
    ("relationship", "Neighbour of hers"),
    ("no-consent-why", "She cannot be asked"),
    ("why", "He rings every night"),
    ("channel", "text"),
    ("channel-at-text", "07700 900111"),
    ("channel-note", "Before three & not later"),
];

const PEOPLE: Fields = &[
    ("people-0-name", "Rhian Invented"),
    ("people-0-other-names", "Rhi Old\nRhian Older"),
    ("people-0-numbers-0", "07700 900123"),
    ("people-0-addresses-0", "14 Invented Street\nNorthmoor"),
    ("people-0-postcodes-0", "ZZ9 9ZZ"),
    ("people-0-emails", "rhian@example.org"),
    ("people-0-channel", "advocate"),
    ("people-0-channel-at", "Ms Refuge & Co, 01632 960111"),
    ("people-0-channel-note", "Weekdays only"),
];

const PRISONER: Fields = &[
    ("first-name", "Dave"),
    ("last-name", "Smiht"),
    ("other-names", "Smithy\nDai"),
    ("prison-number", "A1234BC"),
    ("born-day", "27"),
    ("born-month", "3"),
    ("born-year", "1985"),
    ("age", "41"),
    ("prison", "Northmoor prison"),
    ("offence", "Assault"),
];

const SAFETY: Fields = &[
    ("life-at-risk", "no"),
    ("risks", "coercive-or-controlling"),
    ("risks", "stalking"),
    ("good-reason", "Her brother rings too"),
];

const FIRST_ORDER: Fields = &[
    ("orders-0-kind", "non-molestation"),
    ("orders-0-court", "Northmoor Family Court"),
    ("orders-0-number", "ZZ26F00001"),
    ("orders-0-until-day", "1"),
    ("orders-0-until-month", "6"),
    ("orders-0-until-year", "2031"),
    ("orders-0-terms", "No contact & no letters"),
];

const SECOND_ORDER: Fields = &[
    ("orders-1-kind", "bail-or-remand-condition"),
    ("orders-1-court", "Southmoor Court"),
    ("orders-1-number", "ZZ26B00002"),
    ("orders-1-until-day", "2"),
    ("orders-1-until-month", "7"),
    ("orders-1-until-year", "2032"),
    ("orders-1-terms", "Not within a mile"),
];

/// The form in one visitor's browser: the page that is shown.
struct Form<'a> {
    site: &'a Site,
    cookie: Option<String>,
    page: Answer,
}

impl<'a> Form<'a> {
    async fn begin(site: &'a Site) -> Self {
        let page = site.get("/request").await;
        let cookie = None;
        Self { site, cookie, page }
    }

    /// Fills in the page, presses a button and goes where the answer leads.
    async fn press(&mut self, go: &str, typed: &[Fields<'_>]) -> &Answer {
        let hidden = |name: &str| self.page.after(&format!("name=\"{name}\" value=\"")).to_owned();
        let (step, sealed) = (hidden("step"), hidden("sealed"));
        let mut fields = vec![("step", step.as_str()), ("sealed", &sealed), ("go", go)];
        fields.extend(typed.iter().copied().flatten());
        let answer = self
            .site
            .send(post("/request", &fields, self.cookie.as_deref()))
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let next = Request::get(answer.leads_to())
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &cookie);
        self.page = self.site.send(next.body(Body::empty()).unwrap()).await;
        self.cookie = Some(cookie);
        &self.page
    }

    /// Fills in all pages, the first two as given; the answers are shown.
    async fn filled_in(site: &'a Site, who: Fields<'_>, people: Fields<'_>) -> Self {
        let mut form = Self::begin(site).await;
        form.press("next", &[who]).await;
        form.press("next", &[people]).await;
        form.press("next", &[PRISONER]).await;
        form.press("add-order", &[SAFETY, FIRST_ORDER]).await;
        form.press("next", &[SAFETY, FIRST_ORDER, SECOND_ORDER]).await;
        assert!(
            form.page.text.contains("Check your answers"),
            "{}",
            form.page.text
        );
        form
    }

    /// Sends it; gives the request as it is stored and the case page that shows it.
    async fn stored(mut self) -> (ContactRequest, String) {
        let done = self.press("submit", &[]).await;
        let (_, rest) = done.text.split_once("id=\"reference\">").unwrap();
        let reference = rest.split('<').next().unwrap().to_owned();
        let by = self.site.actor("Hazel Handler");
        let reference: casework::Reference = reference.parse().unwrap();
        let shown = self.site.browser(&by.name).await;
        let shown = shown.get(&format!("/cases/{reference}")).await.text;
        let case = self.site.hub.store.open_case(by, reference).await.unwrap();
        (case.requests[0].request.clone(), shown)
    }
}

fn safe(kind: SafeChannelKind, at: &str, note: &str) -> SafeChannel {
    SafeChannel {
        kind,
        at: Personal::new(at),
        note: Some(Personal::new(note)),
    }
}

/// As a page shows it: escaped, and once only.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
}

/// The fields without those whose name begins so.
fn without<'a>(fields: Fields<'a>, start: &str) -> Vec<(&'a str, &'a str)> {
    let others = fields.iter().filter(|(name, _)| !name.starts_with(start));
    others.copied().collect()
}

#[tokio::test]
async fn nobody_is_reached_who_gave_no_safe_channel() {
    let site = Site::start().await;
    let mut who = without(WHO, "channel");
    let typed = ["text", "phone", "none"].map(|way| format!("channel-at-{way}"));
    who.extend(typed.iter().map(|field| (field.as_str(), "07700 900111")));
    who.extend([("channel", "none"), ("channel-note", "Before three & not later")]);
    for chosen in [Some("none"), Some(""), Some("pigeon"), None] {
        let mut people = without(PEOPLE, "people-0-channel");
        people.extend([
            ("people-0-channel-at", "07700 900123"),
            ("people-0-channel-note", "Always"),
        ]);
        people.extend(chosen.map(|kind| ("people-0-channel", kind)));
        let form = Form::filled_in(&site, &who, &people).await;
        assert!(form.page.text.contains("Do not contact me"), "{chosen:?}");
        assert!(
            form.page.text.contains("Do not contact this person"),
            "{chosen:?}"
        );
        let (stored, shown) = form.stored().await;
        assert_eq!(stored.referrer.channel, None, "{chosen:?}");
        assert_eq!(stored.people[0].channels, Vec::new(), "{chosen:?}");
        assert_eq!(stored.people[0].numbers, [Personal::new("07700 900123")]);
        assert!(!shown.contains("Safe ways to reach this person"), "{chosen:?}");
    }
}

#[tokio::test]
async fn a_safe_channel_is_stored_as_it_was_given() {
    let site = Site::start().await;
    let (stored, shown) = Form::filled_in(&site, WHO, PEOPLE).await.stored().await;
    let hers = safe(SafeChannelKind::Text, "07700 900111", "Before three & not later");
    let theirs = safe(
        SafeChannelKind::Advocate,
        "Ms Refuge & Co, 01632 960111",
        "Weekdays only",
    );
    assert_eq!(stored.referrer.channel, Some(hers));
    assert_eq!(stored.people[0].channels, [theirs]);
    for part in [
        "Safe ways to reach this person",
        "Ms Refuge & Co, 01632 960111",
        "Weekdays only",
    ] {
        assert!(shown.contains(&escaped(part)), "{part} is not on the case page");
    }
}

#[tokio::test]
async fn a_way_without_a_number_or_address_is_told_beside_its_field() {
    let site = Site::start().await;
    let mut form = Form::begin(&site).await;
    form.press("next", &[WHO]).await;
    let mut people = without(PEOPLE, "people-0-channel-at");
    let page = form.press("next", &[&people]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("id=\"people-0-channel-at-error\""));
    let long = "0".repeat(201);
    people.push(("people-0-channel-at", &long));
    let page = form.press("next", &[&people]).await;
    assert!(page.text.contains("id=\"people-0-channel-at-error\""));
}

#[tokio::test]
async fn what_is_too_long_is_told_beside_its_field() {
    let site = Site::start().await;
    let mut form = Form::begin(&site).await;
    let long = "x".repeat(5_001);
    for (page, fields) in [WHO, PEOPLE, PRISONER].into_iter().enumerate() {
        for (field, _) in fields {
            if ["asks", "channel", "people-0-channel", "age", "prison-number"].contains(field)
                || field.starts_with("born")
            {
                continue;
            }
            let mut typed = without(fields, field);
            typed.push((field, &long));
            let shown = form.press("next", &[&typed]).await;
            assert_eq!(
                shown.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "page {page}, {field}"
            );
            assert!(
                shown.text.contains(&format!("id=\"{field}-error\"")),
                "page {page}, {field}"
            );
        }
        form.press("next", &[fields]).await;
    }
}

#[tokio::test]
async fn a_postcode_without_its_street_is_told_beside_its_address() {
    let site = Site::start().await;
    let mut form = Form::begin(&site).await;
    form.press("next", &[WHO]).await;
    let people = without(PEOPLE, "people-0-addresses");
    let page = form.press("next", &[&people]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("id=\"people-0-addresses-0-error\""));
}

#[tokio::test]
async fn the_answers_show_everything_that_was_typed() {
    let site = Site::start().await;
    let form = Form::filled_in(&site, WHO, PEOPLE).await;
    let shown = form.page.text.split("<main").nth(1).unwrap();
    let typed = [WHO, PEOPLE, PRISONER, SAFETY, FIRST_ORDER, SECOND_ORDER].concat();
    let is_said_otherwise = |name: &str| {
        let dates = ["-day", "-month", "-year"]
            .iter()
            .any(|part| name.ends_with(part));
        dates || name.ends_with("-kind") || name.ends_with("channel")
    };
    let in_words = ["asks", "risks", "life-at-risk"];
    let as_typed = typed
        .iter()
        .filter(|(name, _)| !in_words.contains(name) && !is_said_otherwise(name));
    for line in as_typed.flat_map(|(_, value)| value.lines()) {
        assert!(shown.contains(&escaped(line)), "{line} is not shown");
    }
    for words in [
        "Somebody else, who has not agreed",
        "Send me a text message",
        "Through somebody who supports them",
        "27 March 1985",
        "Being controlled or coerced",
        "Stalking",
        "Non-molestation order",
        "Until 1 June 2031",
        "Condition of bail or remand",
        "Until 2 July 2032",
    ] {
        assert!(shown.contains(words), "{words} is not shown");
    }
    assert!(!shown.contains("Not answered"));
}

#[tokio::test]
async fn what_was_not_answered_is_said_to_be_so() {
    let site = Site::start().await;
    let mut form = Form::begin(&site).await;
    form.press(
        "next",
        &[&[("asks", "self"), ("name", "A"), ("why", "B"), ("channel", "none")]],
    )
    .await;
    form.press(
        "next",
        &[&[("people-0-name", "A"), ("people-0-numbers-0", "07700 900123")]],
    )
    .await;
    form.press("next", &[]).await;
    let page = form.press("next", &[&[("life-at-risk", "no")]]).await;
    let values = page.text.matches("Not answered").count();
    // Her other names and email; his names, number and prison; risks, orders, good reason.
    assert_eq!(values, 9, "{}", page.text);
}

#[tokio::test]
async fn an_order_without_a_kind_is_told_beside_its_field() {
    let site = Site::start().await;
    let mut form = Form::begin(&site).await;
    form.press("next", &[WHO]).await;
    form.press("next", &[PEOPLE]).await;
    form.press("next", &[PRISONER]).await;
    form.press("add-order", &[SAFETY, FIRST_ORDER]).await;
    for (name, value) in without(SECOND_ORDER, "orders-1-kind") {
        let second = [("orders-1-kind", ""), (name, value)];
        let page = form.press("next", &[SAFETY, FIRST_ORDER, &second]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.text.contains("id=\"orders-1-kind-error\""), "{name}");
        assert!(page.text.contains("href=\"#orders-1-kind\""), "{name}");
        assert!(!page.text.contains("id=\"orders-0-kind-error\""), "{name}");
    }
    let page = form.press("next", &[SAFETY, FIRST_ORDER]).await;
    assert!(
        page.text.contains("Check your answers"),
        "an empty order asks for nothing"
    );
}

#[tokio::test]
async fn two_orders_arrive_as_two() {
    let site = Site::start().await;
    let (stored, _) = Form::filled_in(&site, WHO, PEOPLE).await.stored().await;
    let [first, second] = &stored.orders[..] else {
        panic!("{} orders were stored", stored.orders.len());
    };
    assert_eq!(
        (first.kind, second.kind),
        (OrderKind::NonMolestation, OrderKind::BailOrRemandCondition)
    );
    assert_eq!(first.court, Some(Personal::new("Northmoor Family Court")));
    assert_eq!(first.number, Some(Personal::new("ZZ26F00001")));
    assert_eq!(second.until, "2032-07-02".parse().ok());
    assert_eq!(second.terms, Some(Personal::new("Not within a mile")));
}

#[tokio::test]
async fn an_order_that_was_taken_out_is_not_sent() {
    let site = Site::start().await;
    let mut form = Form::filled_in(&site, WHO, PEOPLE).await;
    form.press("change:3", &[]).await;
    let all = [SAFETY, FIRST_ORDER, SECOND_ORDER];
    let page = form.press("remove-order:0", &all).await;
    assert!(page.text.contains("Southmoor Court") && !page.text.contains("Northmoor Family Court"));
    assert!(!page.text.contains("Remove order"), "the last one stays");
    let second: Vec<(String, &str)> = SECOND_ORDER
        .iter()
        .map(|(name, value)| (name.replace("orders-1", "orders-0"), *value))
        .collect();
    let second: Vec<(&str, &str)> = second
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    form.press("next", &[SAFETY, &second]).await;
    let (stored, _) = form.stored().await;
    assert_eq!(stored.orders.len(), 1);
    assert_eq!(stored.orders[0].kind, OrderKind::BailOrRemandCondition);
}

#[tokio::test]
async fn the_receipt_says_what_cannot_be_stopped_and_promises_no_more_than_was_done() {
    let site = Site::start().await;
    let mut people = without(PEOPLE, "people-0-numbers");
    people.push(("people-0-numbers-0", "116 123"));
    let mut form = Form::filled_in(&site, WHO, &people).await;
    let done = &form.press("submit", &[]).await.text;
    assert!(
        done.contains("Phone number 1: this number stays open to everyone in prison"),
        "{done}"
    );
    assert!(
        done.contains("Email address 1: we cannot stop email yet"),
        "{done}"
    );
    assert!(
        !done.contains(": stopped") && !done.contains("every prison"),
        "{done}"
    );
}
