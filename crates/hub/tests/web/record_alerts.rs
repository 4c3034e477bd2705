//! A handler decides whether an alert is asked for on the record of a prisoner whom a case bars.

use axum::http::StatusCode;
use casework::ProposedChange;

use crate::support::Site;

#[tokio::test]
async fn a_record_stands_on_the_page_from_the_first_bar_until_it_was_looked_at_after_the_last() {
    let site = Site::start().await;
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
    let receipt = site.police_request("07700 900123", "").await;
    let case = format!("/cases/{}", receipt.reference);
    let handler = site.browser("Hazel Handler").await;
    assert!(
        handler
            .get("/record-alerts")
            .await
            .text
            .contains("No record waits for you.")
    );
    handler
        .post(&format!("{case}/confirm-prisoner"), &[("prisoner", "A1234BC")])
        .await;
    assert!(
        handler
            .get("/cases")
            .await
            .text
            .contains("1 prison record waits for you")
    );
    let page = handler.get("/record-alerts").await;
    assert!(
        page.text.contains("Ivan Invented A1234BC") && page.text.contains(&case),
        "{}",
        page.text
    );
    assert!(
        !page.text.contains("Rhian") && !page.text.contains("900123"),
        "nobody else is named here either"
    );
    let path = format!("/record-alerts/{}", page.after("action=\"/record-alerts/"));
    let nothing = handler.post(&path, &[("decision", "whatever")]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let asked = handler.post(&path, &[("decision", "ask")]).await;
    assert_eq!(asked.leads_to(), "/record-alerts?done=record-alert-ask");
    let again = handler.post(&path, &[("decision", "ask")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(
        handler
            .get("/record-alerts")
            .await
            .text
            .contains("asked for and not yet raised")
    );
    handler.post(&path, &[("decision", "raised")]).await;
    assert!(
        handler
            .get("/record-alerts")
            .await
            .text
            .contains("No record waits for you.")
    );
    let file = site
        .hub
        .store
        .open_case(site.actor("Hazel Handler"), receipt.reference)
        .await
        .unwrap();
    let change = ProposedChange::LiftBar {
        bar: file.bars[0].bar.id,
    };
    let proposal = site
        .hub
        .store
        .propose(site.actor("Hazel Handler"), change, "Not hers.")
        .await
        .unwrap();
    site.hub
        .store
        .approve(site.actor("Hugh Handler"), proposal)
        .await
        .unwrap();
    let page = handler.get("/record-alerts").await;
    assert!(
        page.text.contains("Nothing about him is barred any more"),
        "{}",
        page.text
    );
    let looked = handler.post(&path, &[("decision", "reviewed")]).await;
    assert_eq!(looked.leads_to(), "/record-alerts?done=record-alert-reviewed");
    assert!(
        handler
            .get("/record-alerts")
            .await
            .text
            .contains("No record waits for you.")
    );
}
