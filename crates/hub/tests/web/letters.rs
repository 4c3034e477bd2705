//! The mailroom says PASS or SHELF and nothing more; what became of a letter is decided by a case handler.

use axum::http::StatusCode;

use crate::support::Site;

const BARRED: &str = "14 Invented Street\nExampleton\nZZ9 9ZZ";

#[tokio::test]
async fn a_letter_to_a_barred_address_goes_to_the_shelf_and_another_passes() {
    let site = Site::start().await;
    site.police_request("", BARRED).await;
    let mailroom = site.browser("Mali Mailroom").await;
    let answer = mailroom
        .post("/mailroom", &[("sender", "A1234BC"), ("address", BARRED)])
        .await;
    assert!(
        answer.text.contains("SHELF") && !answer.text.contains("PASS"),
        "{}",
        answer.text
    );
    let other = "3 Different Road\nElsewhere\nZZ1 1ZZ";
    let answer = mailroom
        .post("/mailroom", &[("sender", "unknown"), ("address", other)])
        .await;
    assert!(
        answer.text.contains("PASS") && !answer.text.contains("SHELF"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn the_mailroom_cannot_tell_a_barred_address_from_one_shelved_by_chance() {
    let barred = Site::start().await;
    barred.police_request("", BARRED).await;
    // Every pass becomes a decoy, and nothing is barred.
    let decoys = Site::start_with(1, true).await;
    let mut pages = Vec::new();
    for site in [&barred, &decoys] {
        let mailroom = site.browser("Mali Mailroom").await;
        let answer = mailroom
            .post("/mailroom", &[("sender", "A1234BC"), ("address", BARRED)])
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        let code = answer.text.split("shell-answer-code\">").nth(1).unwrap()[..6].to_owned();
        assert!(
            !answer.text.contains("Invented Street"),
            "the next envelope starts on an empty page"
        );
        pages.push((answer.text.replace(&code, "CODE"), answer.headers.len()));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn an_envelope_without_sender_or_address_is_told_beside_the_field() {
    let site = Site::start().await;
    let answer = site
        .browser("Mali Mailroom")
        .await
        .post("/mailroom", &[("sender", "nobody")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("address-error") && answer.text.contains("sender-error"));
}

#[tokio::test]
async fn an_account_over_its_cap_is_told_calmly_that_letters_wait() {
    let site = Site::start().await;
    let mailroom = site.browser("Mali Mailroom").await;
    let clerk = site.actor("Mali Mailroom");
    let written = casework::WrittenAddress {
        lines: "3 Different Road".into(),
        postcode: None,
    };
    for _ in 0..hub::mailroom::CHECKS_PER_ACCOUNT_AND_HOUR {
        let checked =
            hub::mailroom::check_letter(&site.hub, clerk, "LEI".parse().unwrap(), None, &written).await;
        assert!(checked.is_ok());
    }
    let answer = mailroom
        .post(
            "/mailroom",
            &[("sender", "unknown"), ("address", "3 Different Road")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("they wait safely until the next hour"));
    assert!(!answer.text.contains("SHELF"));
}

#[tokio::test]
async fn a_shelved_letter_is_decided_by_a_handler_and_a_barred_one_is_not_posted_by_one_person() {
    let site = Site::start().await;
    site.police_request("", BARRED).await;
    site.browser("Mali Mailroom")
        .await
        .post("/mailroom", &[("sender", "unknown"), ("address", BARRED)])
        .await;
    let handler = site.browser("Hazel Handler").await;
    let shelf = handler.get("/letters").await;
    assert!(shelf.text.contains("Barred address") && shelf.text.contains("14 Invented Street"));
    assert!(
        !shelf.text.contains("Post it"),
        "no button for what one person may not do"
    );
    let decide = format!("/letters/{}", shelf.after("action=\"/letters/"));
    let posted = handler.post(&decide, &[("decision", "post")]).await;
    assert_eq!(posted.status, StatusCode::CONFLICT);
    assert!(posted.text.contains("takes two people"));
    let kept = handler.post(&decide, &[("decision", "evidence")]).await;
    assert_eq!(kept.leads_to(), "/letters?done=letter-decided");
    assert!(handler.get("/letters").await.text.contains("No letter waits"));
    let told = site.browser("Mali Mailroom").await.get("/mailroom").await;
    assert!(
        told.text.contains("Keep it until it is collected"),
        "the mailroom learns it by the code"
    );
    assert!(!told.text.contains("Invented Street"));
}
