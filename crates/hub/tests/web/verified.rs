//! A handler reads by what a prisoner was confirmed, and says that it is the wrong man.

use axum::http::StatusCode;
use hub::intake::take_request;
use offender::{BirthDate, PrisonerRecord};
use serde_json::{Value, json};

use crate::support::Site;

/// The page of a case that the police opened with his number and these facts.
async fn case_of(site: &Site, mut prisoner: Value) -> String {
    let mut record = PrisonerRecord::new("A7777QZ".parse().unwrap(), "Zebedee", "Quillfeather");
    record.date_of_birth = BirthDate::new(1985, 3, 27).ok();
    site.hub.store.import_prisoners(vec![record]).await.unwrap();
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
    prisoner["prison_number"] = json!("A7777QZ");
    let request = json!({
        "referrer": { "kind": "police", "name": "PC Ada Example" },
        "people": [{ "name": "Rhian Invented", "numbers": ["07700 900123"] }],
        "prisoner": prisoner,
        "consent": { "consent": "given" },
        "why": "He rings her.",
    });
    let request = serde_json::from_value(request).unwrap();
    let police = site.actor("Mercia Police");
    let receipt = take_request(&site.hub, police, None, request, None)
        .await
        .unwrap();
    format!("/cases/{}", receipt.reference)
}

#[tokio::test]
async fn the_page_says_that_a_number_confirmed_him_and_in_what_his_record_agrees() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let (name, born) = (
        json!({ "first_name": "Zebedee", "last_name": "Quillfeather" }),
        json!({ "date_of_birth": "1985-03-27" }),
    );
    let both = json!({ "first_name": "Zebedee", "last_name": "Quillfeather", "date_of_birth": "1985-03-27" });
    for (prisoner, agrees) in [
        (both, "name and date of birth"),
        (name, "name"),
        (born, "date of birth"),
    ] {
        let page = handler.get(&case_of(&site, prisoner).await).await;
        let words = format!("confirmed by the number that the police gave; its record agrees in {agrees}.");
        assert!(page.text.contains(&words), "{}", page.text);
        assert!(page.text.contains("This is the wrong man"));
        assert!(
            page.text
                .contains("Confirmed the prisoner by the number that an agency gave"),
            "the history"
        );
    }
}

#[tokio::test]
async fn a_handler_says_that_it_is_the_wrong_man_and_may_confirm_another() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let case = case_of(&site, json!({ "date_of_birth": "1985-03-27" })).await;
    let wrong = format!("{case}/wrong-prisoner");
    let other = handler.post(&wrong, &[("prisoner", "A1234BC")]).await;
    assert_eq!(
        other.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it is about somebody else by now"
    );
    let rejected = handler.post(&wrong, &[("prisoner", "A7777QZ")]).await;
    assert_eq!(
        rejected.leads_to(),
        format!("{case}?done=prisoner-rejected#prisoner")
    );
    let page = handler.get(&format!("{case}?done=prisoner-rejected")).await;
    assert!(
        page.text
            .contains("The case waits again for whoever it is about."),
        "{}",
        page.text
    );
    assert!(!page.text.contains("id=\"by-number\"") && page.text.contains("Said that it is the wrong man"));
    assert!(page.text.contains("Search"), "he may be searched for");
    handler
        .post(&format!("{case}/confirm-prisoner"), &[("prisoner", "A1234BC")])
        .await;
    let page = handler.get(&case).await;
    assert!(
        page.text
            .contains("A1234BC is confirmed as the prisoner of this case")
    );
    assert!(!page.text.contains("id=\"by-number\""));
}
