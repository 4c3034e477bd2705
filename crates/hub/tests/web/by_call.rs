//! A handler searches the calls to a number of the case that he has in hand, and confirms whom he finds.

use axum::http::StatusCode;
use feed::{Attempt, GateId, Verdict};

use crate::support::{Answer, Browser, Site};

const ASKED: [(&str, &str); 7] = [
    ("call-number", "+447700900123"),
    ("call-day", "22"),
    ("call-month", "11"),
    ("call-year", "2026"),
    ("call-time", "9.10 pm"),
    ("call-within", "10"),
    ("call-reason", "Her telephone rang at about ten past nine."),
];

fn allowed(sequence: u64, at: &str, caller: &str) -> Attempt {
    let at: jiff::Timestamp = at.parse().unwrap();
    Attempt {
        sequence,
        at_ms: at.as_millisecond(),
        caller: caller.to_owned(),
        dialled: "07700900123".to_owned(),
        number: Some("+447700900123".to_owned()),
        verdict: Verdict::Allow,
    }
}

async fn calls_came_in(site: &Site) -> GateId {
    let gate = site.enrol_gate("LEI", 1).await;
    let calls = [
        allowed(1, "2026-11-22T21:04:00Z", "A1234BC"),
        allowed(2, "2026-11-22T21:05:00Z", "A1234BC"),
        allowed(3, "2026-11-22T21:06:00Z", "A9999ZZ"),
        allowed(4, "2026-11-22T22:00:00Z", "A5678DE"),
    ];
    site.hub.store.record_attempts(gate, &calls).await.unwrap();
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
    gate
}

/// The part of the page that searches.
fn part(page: &Answer) -> &str {
    let (_, part) = page
        .text
        .split_once("<section class=\"shell-part\" id=\"calls\"")
        .unwrap();
    part.split("</section>").next().unwrap()
}

async fn takes(handler: &Browser<'_>, case: &str) {
    let answer = handler.post(&format!("{case}/in-hand"), &[]).await;
    assert_eq!(
        answer.leads_to(),
        format!("{case}?done=taken-in-hand#calls"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_handler_finds_who_rang_and_confirms_him() {
    let site = Site::start().await;
    calls_came_in(&site).await;
    let case = format!("/cases/{}", site.friends_request("07700 900123").await);
    let handler = site.browser("Hazel Handler").await;
    takes(&handler, &case).await;
    assert!(handler.get(&case).await.text.contains("07700 900123"));
    let found = handler.post(&format!("{case}/calls"), &ASKED).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    for words in [
        "Calls to 07700 900123 from 22 November 2026 at 9:00pm to 22 November 2026 at 9:20pm",
        "2 times until",
        "Leeds",
        "Ivan Invented",
        "Allowed",
        "Nobody on record has this number",
        "Hazel Handler",
        "Her telephone rang at about ten past nine.",
    ] {
        assert!(found.text.contains(words), "{words}: {}", found.text);
    }
    assert!(!part(&found).contains("A5678DE"), "he rang an hour later");
    let search = found.after("name=\"call-search\" value=\"").to_owned();
    let fields = [("prisoner", "A1234BC"), ("call-search", search.as_str())];
    let confirmed = handler.post(&format!("{case}/confirm-prisoner"), &fields).await;
    assert_eq!(confirmed.leads_to(), format!("{case}?done=located#prisoner"));
    let reference = case
        .trim_start_matches("/cases/")
        .parse::<casework::Reference>()
        .unwrap();
    let file = site
        .hub
        .store
        .open_case(site.actor("Hazel Handler"), reference)
        .await
        .unwrap();
    assert!(
        file.locations[0].evidence.expose().contains(&search),
        "the search is kept as evidence"
    );
    assert!(handler.get(&case).await.text.contains("Searched the calls"));
}

#[tokio::test]
async fn a_handler_who_does_not_have_the_case_in_hand_is_shown_no_form_and_no_call() {
    let site = Site::start().await;
    calls_came_in(&site).await;
    let case = format!("/cases/{}", site.friends_request("07700 900123").await);
    takes(&site.browser("Hazel Handler").await, &case).await;
    let other = site.browser("Hugh Handler").await;
    let page = other.get(&case).await;
    assert!(
        page.text
            .contains("Hazel Handler has had this case in hand since")
    );
    assert!(!page.text.contains("name=\"call-number\""));
    let forged = other.post(&format!("{case}/calls"), &ASKED).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forged.text.contains("Take the case in hand first"));
    assert!(!part(&forged).contains("A1234BC"), "{}", forged.text);
}

#[tokio::test]
async fn what_cannot_be_searched_is_told_beside_its_field() {
    let site = Site::start().await;
    let case = format!("/cases/{}", site.friends_request("07700 900123").await);
    let handler = site.browser("Hazel Handler").await;
    takes(&handler, &case).await;
    for (field, value, said) in [
        (
            "call-number",
            "07700 900123",
            "Choose a number of a protected person",
        ),
        (
            "call-number",
            "+447700900999",
            "Choose a number of a protected person",
        ),
        ("call-month", "13", "Enter the day it rang"),
        ("call-time", "ten past nine", "Enter the time it rang"),
        ("call-within", "240", "Choose how far to look"),
        ("call-reason", " ", "Say why you search"),
    ] {
        let fields = ASKED.map(|(name, usual)| (name, if name == field { value } else { usual }));
        let answer = handler.post(&format!("{case}/calls"), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(answer.text.contains(said), "{field}={value}: {}", answer.text);
    }
}

#[tokio::test]
async fn whom_another_case_about_the_same_number_was_about_is_shown_as_such() {
    let site = Site::start().await;
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
    let handler = site.browser("Hazel Handler").await;
    let earlier = site.police_request("07700 900123", "").await.reference;
    let fields = [("prisoner", "A5678DE")];
    handler
        .post(&format!("/cases/{earlier}/confirm-prisoner"), &fields)
        .await;
    let unrelated = site.police_request("07700 900456", "").await.reference;
    let later = format!("/cases/{}", site.friends_request("07700 900123").await);
    let shown = |page: &str| page.contains("From other cases about the same numbers");
    assert!(!shown(&handler.get(&format!("/cases/{unrelated}")).await.text));
    assert!(
        !shown(&handler.get(&format!("/cases/{earlier}")).await.text),
        "he is its prisoner"
    );
    let page = handler.get(&later).await;
    assert!(shown(&page.text) && page.text.contains("A5678DE") && page.text.contains(earlier.as_str()));
    let confirmed = handler.post(&format!("{later}/confirm-prisoner"), &fields).await;
    assert_eq!(confirmed.leads_to(), format!("{later}?done=located#prisoner"));
}
