//! What a registered organisation does and sees: its own referrals by reference, and intelligence.

use axum::http::StatusCode;

use crate::support::Site;

#[tokio::test]
async fn a_referrer_finds_its_own_referral_and_no_one_elses() {
    let site = Site::start().await;
    let receipt = site.police_request("07700 900123", "").await;
    let asked = [("reference", receipt.reference.as_str())];
    let police = site
        .browser("Mercia Police")
        .await
        .post("/referrals", &asked)
        .await;
    assert_eq!(police.status, StatusCode::OK);
    assert!(police.text.contains("Number 1 of person 1") && police.text.contains("Barred"));
    assert!(
        !police.text.contains("900123") && !police.text.contains("900 123"),
        "a receipt repeats no number"
    );
    let other = site
        .browser("Severn Refuge")
        .await
        .post("/referrals", &asked)
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        other
            .text
            .contains("There is no referral of yours with this reference")
    );
}

#[tokio::test]
async fn a_reference_that_is_none_is_told_beside_the_field() {
    let site = Site::start().await;
    let answer = site
        .browser("Mercia Police")
        .await
        .post("/referrals", &[("reference", "hello")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("reference-error"), "{}", answer.text);
}

#[tokio::test]
async fn intelligence_is_filed_once_however_often_the_form_is_sent() {
    let site = Site::start().await;
    let receipt = site.police_request("07700 900123", "").await;
    let police = site.browser("Mercia Police").await;
    let form = police.get("/intelligence").await;
    let token = form.after("name=\"token\" value=\"").to_owned();
    let fields = [
        ("token", token.as_str()),
        ("kind", "number-that-rang"),
        ("account", "This number rang her twice."),
        ("number", "07700 900456"),
        ("reference", receipt.reference.as_str()),
    ];
    let first = police.post("/intelligence", &fields).await;
    assert!(
        first.text.contains("Your intelligence is filed"),
        "{}",
        first.text
    );
    let reference = |text: &str| text.split("<strong>").nth(1).unwrap()[..14].to_owned();
    let second = police.post("/intelligence", &fields).await;
    assert_eq!(reference(&first.text), reference(&second.text));
    let handler = site.browser("Hazel Handler").await;
    let case = handler.get(&format!("/cases/{}", receipt.reference)).await;
    assert_eq!(case.text.matches("This number rang her twice.").count(), 1);
}

#[tokio::test]
async fn intelligence_that_belongs_to_no_case_is_read_by_handlers_and_by_nobody_else() {
    let site = Site::start().await;
    let police = site.browser("Mercia Police").await;
    let fields = [
        ("kind", "illicit-phone"),
        ("account", "A phone in a cell on B wing."),
        ("number", "07700 900999"),
        ("reference", "K7QM-2VXD-94TR"),
    ];
    police.post("/intelligence", &fields).await;
    let shown = |page: &str| page.matches("A phone in a cell on B wing.").count();
    let handler = site.browser("Hazel Handler").await;
    assert_eq!(shown(&handler.get("/intelligence").await.text), 1);
    assert_eq!(shown(&police.get("/intelligence").await.text), 0);
    // Once a case has the number it stands there and waits no longer.
    let receipt = site.police_request("07700 900999", "").await;
    assert_eq!(shown(&handler.get("/intelligence").await.text), 0);
    let case = handler.get(&format!("/cases/{}", receipt.reference)).await;
    assert_eq!(shown(&case.text), 1);
}

#[tokio::test]
async fn what_is_missing_from_intelligence_is_told_beside_its_field() {
    let site = Site::start().await;
    let answer = site
        .browser("Mercia Police")
        .await
        .post("/intelligence", &[("reference", "x")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for error in ["kind-error", "account-error", "reference-error"] {
        assert!(answer.text.contains(error), "{error}");
    }
}
