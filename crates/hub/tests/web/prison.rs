//! A prison's pages: is it up to date, what waits, and the numbers that two of its people approve.

use axum::http::StatusCode;
use feed::Regime;
use hub::applications::short_day::answer_all;

use crate::support::Site;

const NUMBER: [(&str, &str); 4] = [
    ("holder", "A1234BC"),
    ("number-1", "07700 900123"),
    ("last-name", "A Friend"),
    ("kind", "social"),
];

/// Somebody applies, and the daily batch answers.
async fn apply(site: &Site, who: &str, fields: &[(&str, &str)]) {
    let applied = site.browser(who).await.post("/prison/applications", fields).await;
    assert_eq!(
        applied.leads_to(),
        "/prison/applications?done=application-received"
    );
    answer_all(&site.hub.store, site.hub.seams.clock.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_prison_without_a_gate_is_told_that_it_is_not_up_to_date() {
    let site = Site::start().await;
    let governor = site.browser("Gwyn Governor").await;
    assert!(governor.get("/prison").await.text.contains("not switched on"));
    site.switch_on("LEI", Regime::CallEnabling).await;
    let answer = governor.get("/prison").await;
    assert!(
        answer.text.contains("No gate answers this prison"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_prisons_page_counts_what_waits_and_shows_no_number() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallEnabling).await;
    site.police_request("07700 900777", "14 Invented Street, ZZ9 9ZZ")
        .await;
    apply(&site, "Cai Clerk", &NUMBER).await;
    let letter = [("sender", "unknown"), ("address", "14 Invented Street, ZZ9 9ZZ")];
    site.browser("Mali Mailroom")
        .await
        .post("/mailroom", &letter)
        .await;
    let answer = site.browser("Sam Security").await.get("/prison").await;
    assert!(answer.text.contains("1 letter on the shelf"), "{}", answer.text);
    assert!(answer.text.contains("1 number waits for approval"));
    for secret in ["900123", "900777", "Invented", "Rhian", "A1234BC"] {
        assert!(!answer.text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_number_takes_two_people_of_the_prison() {
    let site = Site::start().await;
    let (clerk, security) = (
        site.browser("Cai Clerk").await,
        site.browser("Sam Security").await,
    );
    apply(&site, "Cai Clerk", &NUMBER).await;
    let listed = security.get("/prison/numbers").await;
    assert!(listed.text.contains("07700 900123") && listed.text.contains("A1234BC"));
    let approve = format!("/prison/numbers/{}", listed.after("action=\"/prison/numbers/"));
    assert_eq!(clerk.post(&approve, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        security.post(&approve, &[]).await.leads_to(),
        "/prison/numbers?done=approved"
    );
}

#[tokio::test]
async fn an_application_for_a_prisoner_who_is_not_here_says_so_beside_the_field_whatever_is_barred() {
    let site = Site::start().await;
    site.police_request("07700 900123", "").await;
    let clerk = site.browser("Cai Clerk").await;
    let mut answers = Vec::new();
    for number in ["07700 900123", "07700 900456"] {
        let fields = [NUMBER[2], NUMBER[3], ("holder", "Z9999ZZ"), ("number-1", number)];
        let answer = clerk.post("/prison/applications", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("id=\"holder-error\""), "{}", answer.text);
        assert!(
            answer
                .text
                .contains("No prisoner with this number is on record in your prison")
        );
        assert!(answer.text.contains("value=\"Z9999ZZ\""), "what was typed stays");
        answers.push(answer.text.replace(number, ""));
    }
    assert_eq!(answers[0], answers[1]);
    assert!(!clerk.get("/prison/applications").await.text.contains("Z9999ZZ"));
}

#[tokio::test]
async fn security_cannot_approve_for_a_prisoner_who_has_moved() {
    let site = Site::start().await;
    apply(&site, "Cai Clerk", &NUMBER).await;
    let (store, moorland) = (&site.hub.store, "MDI".parse().unwrap());
    store
        .record_transfer("A1234BC".parse().unwrap(), moorland)
        .await
        .unwrap();
    let security = site.browser("Sam Security").await;
    let listed = security.get("/prison/numbers").await;
    let approve = format!("/prison/numbers/{}", listed.after("action=\"/prison/numbers/"));
    let answer = security.post(&approve, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer
            .text
            .contains("No prisoner with this number is on record in your prison")
    );
}

#[tokio::test]
async fn security_cannot_approve_what_it_applied_for_itself() {
    let site = Site::start().await;
    let security = site.browser("Sam Security").await;
    apply(&site, "Sam Security", &NUMBER).await;
    let listed = security.get("/prison/numbers").await;
    assert!(!listed.text.contains("/approve\""), "there is no button to press");
    let withdraw = listed.after("action=\"/prison/numbers/");
    let approve = format!("/prison/numbers/{}", withdraw.replace("withdraw", "approve"));
    let answer = security.post(&approve, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("A different person must approve this"));
}

/// Two people put a number on the list of A1234BC.
async fn put_on_the_list(site: &Site, kind: &str) {
    let fields = [
        ("holder", "A1234BC"),
        ("number-1", "01632 960111"),
        ("last-name", "Somebody"),
        ("kind", kind),
    ];
    apply(site, "Cai Clerk", &fields).await;
    let security = site.browser("Sam Security").await;
    let listed = security.get("/prison/numbers").await;
    let approve = format!("/prison/numbers/{}", listed.after("action=\"/prison/numbers/"));
    security.post(&approve, &[]).await;
}

const OF: [(&str, &str); 1] = [("holder", "A1234BC")];

#[tokio::test]
async fn a_number_is_taken_off_a_prisoners_list_in_one_step() {
    let site = Site::start().await;
    put_on_the_list(&site, "social").await;
    let clerk = site.browser("Cai Clerk").await;
    let listed = clerk.post("/prison/numbers/list", &OF).await;
    assert!(listed.text.contains("On the list"), "{}", listed.text);
    let entry = listed.after("name=\"entry\" value=\"");
    let revoked = clerk.post("/prison/numbers/revoke", &[("entry", entry)]).await;
    assert_eq!(revoked.leads_to(), "/prison/numbers?done=revoked");
    let listed = clerk.post("/prison/numbers/list", &OF).await;
    assert!(listed.text.contains("Taken off") && !listed.text.contains("name=\"entry\""));
}

#[tokio::test]
async fn a_lawyers_number_is_taken_off_by_two_people_on_the_page() {
    let site = Site::start().await;
    put_on_the_list(&site, "legal").await;
    let (clerk, security) = (
        site.browser("Cai Clerk").await,
        site.browser("Sam Security").await,
    );
    let listed = clerk.post("/prison/numbers/list", &OF).await;
    let entry = listed.after("name=\"entry\" value=\"");
    let alone = clerk.post("/prison/numbers/revoke", &[("entry", entry)]).await;
    assert_eq!(
        alone.status,
        StatusCode::CONFLICT,
        "without a reason it is the one step"
    );
    let empty = [("entry", entry), ("holder", "A1234BC"), ("reason", " ")];
    let unsaid = clerk.post("/prison/numbers/revoke", &empty).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text.contains(&format!("id=\"reason-{entry}-error\"")));
    let said = [("entry", entry), ("reason", "He has another lawyer now.")];
    let proposed = clerk.post("/prison/numbers/revoke", &said).await;
    assert_eq!(proposed.leads_to(), "/prison/numbers?done=proposed");
    let waiting = security.get("/prison/numbers").await;
    assert!(waiting.text.contains("To be taken off") && waiting.text.contains("another lawyer now"));
    let approve = format!("/prison/numbers/{}", waiting.after("action=\"/prison/numbers/"));
    assert!(approve.ends_with("/approve"), "{approve}");
    assert_eq!(
        security.post(&approve, &[]).await.leads_to(),
        "/prison/numbers?done=approved"
    );
    let listed = clerk.post("/prison/numbers/list", &OF).await;
    assert!(listed.text.contains("Taken off"), "{}", listed.text);
}

#[tokio::test]
async fn a_list_is_asked_for_by_a_prison_number() {
    let site = Site::start().await;
    let clerk = site.browser("Cai Clerk").await;
    let wrong = clerk.post("/prison/numbers/list", &[("holder", "nobody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"list-holder-error\""));
    let none = clerk.post("/prison/numbers/list", &OF).await;
    assert!(none.text.contains("A1234BC has no numbers here"));
}
