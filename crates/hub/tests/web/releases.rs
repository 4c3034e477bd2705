//! A handler is told that a prisoner with bars goes out, and records who else was told.

use axum::http::StatusCode;

use crate::support::Site;

#[tokio::test]
async fn a_release_stands_on_the_page_until_it_is_recorded_who_was_told() {
    let site = Site::start().await;
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
    let case = format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    );
    let handler = site.browser("Hazel Handler").await;
    let unlocated = handler.post(&format!("{case}/going-out"), &[]).await;
    assert_eq!(unlocated.status, StatusCode::UNPROCESSABLE_ENTITY);
    handler
        .post(&format!("{case}/confirm-prisoner"), &[("prisoner", "A1234BC")])
        .await;
    assert!(
        handler
            .get("/releases")
            .await
            .text
            .contains("Nobody is still to be told.")
    );
    let out = "OUT".parse().unwrap();
    site.hub
        .store
        .record_transfer("A1234BC".parse().unwrap(), out)
        .await
        .unwrap();
    assert!(
        handler
            .get("/cases")
            .await
            .text
            .contains("1 prisoner with bars goes out.")
    );
    let page = handler.get("/releases").await;
    assert!(
        page.text.contains("Ivan Invented A1234BC") && page.text.contains(&case),
        "{}",
        page.text
    );
    let told = page.after("action=\"/releases/").to_owned();
    let path = format!("/releases/{told}");
    let silent = handler.post(&path, &[("office", "police"), ("who", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("Say who was told"));
    for (office, who) in [("police", "Sgt Ada Example"), ("victim-liaison", "Vera Liaison")] {
        assert!(handler.get("/releases").await.text.contains("A1234BC"));
        let answer = handler.post(&path, &[("office", office), ("who", who)]).await;
        assert_eq!(answer.leads_to(), "/releases?done=release-told");
    }
    assert!(!handler.get("/releases").await.text.contains("A1234BC"));
    let noted = handler.post(&format!("{case}/going-out"), &[]).await;
    assert_eq!(noted.leads_to(), format!("{case}?done=release-noted#prisoner"));
    assert!(handler.get("/releases").await.text.contains("A1234BC"));
}
