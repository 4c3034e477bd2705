//! What a page says of a case is true of that case, also where nothing is barred or something waits.

use crate::support::Site;

const NAMES_NONE: &str = "This case names no number or address";

#[tokio::test]
async fn a_case_whose_number_waits_for_a_handler_does_not_say_that_it_names_none() {
    let site = Site::start().await;
    let case = format!("/cases/{}", site.friends_request("07700 900456").await);
    let page = site.browser("Hazel Handler").await.get(&case).await.text;
    assert!(page.contains("Nothing of this case is barred yet"), "{page}");
    assert!(!page.contains(NAMES_NONE), "{page}");
    assert!(
        page.contains("The request says nothing of the prisoner"),
        "{page}"
    );
}

#[tokio::test]
async fn a_case_whose_bar_was_lifted_does_not_say_that_it_names_none() {
    let site = Site::start().await;
    let reference = site.police_request("07700 900123", "").await.reference;
    let case = format!("/cases/{reference}");
    let handler = site.browser("Hazel Handler").await;
    let bar = handler.get(&case).await.after("name=\"bar\" value=\"").to_owned();
    let asked = [("bar", bar.as_str()), ("reason", "Wrong.")];
    handler.post(&format!("{case}/propose-lift"), &asked).await;
    let second = site.browser("Hugh Handler").await;
    let waits = second.get("/proposals").await;
    let answer = format!("/proposals/{}", waits.after("action=\"/proposals/"));
    assert!(second.post(&answer, &[]).await.leads_to().contains("approved"));
    let page = handler.get(&case).await.text;
    assert!(page.contains("Nothing of this case is barred now"), "{page}");
    assert!(!page.contains(NAMES_NONE), "{page}");
}

#[tokio::test]
async fn a_bar_that_a_second_person_is_asked_to_narrow_is_not_said_to_be_lifted() {
    let site = Site::start().await;
    let reference = site.police_request("07700 900123", "").await.reference;
    let (store, handler) = (&site.hub.store, site.actor("Hazel Handler"));
    let file = store.open_case(handler, reference.clone()).await.unwrap();
    let prisoner = "A1234BC".parse().unwrap();
    let evidence = "{}".into();
    let located = store.locate_prisoner(handler, file.case, prisoner, &evidence, "v1");
    located.await.unwrap();
    let bar = file.bars[0].bar.id;
    let change = casework::ProposedChange::NarrowBar { bar, prisoner };
    store.propose(handler, change, "He alone.").await.unwrap();
    let page = site.browser("Hugh Handler").await;
    let page = page.get(&format!("/cases/{reference}")).await.text;
    assert!(page.contains("A second person is asked about this"), "{page}");
    assert!(!page.contains("asked to lift"), "{page}");
}
