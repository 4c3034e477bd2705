//! A case's own history: the prisoner of another case about the same protected person is offered, whatever number she has now.

use hub::intake::take_request;
use serde_json::json;

use crate::support::Site;

const HOME: &str = "14 Invented Road, Leeds, LS1 1AA";

/// A case about somebody of this name, date of birth and address, who has this number.
async fn case(site: &Site, name: &str, born: Option<&str>, home: Option<&str>, number: &str) -> String {
    let request = json!({
        "referrer": { "kind": "police", "name": "PC Ada Example" },
        "people": [{
            "name": name, "date_of_birth": born, "numbers": [number],
            "addresses": home.into_iter().map(|lines| json!({ "lines": lines })).collect::<Vec<_>>(),
        }],
        "consent": { "consent": "given" },
        "why": "He rings her from prison although a court forbade it.",
    });
    let by = site.actor("Mercia Police").clone();
    let request = serde_json::from_value(request).unwrap();
    let receipt = take_request(&site.hub, &by, None, request, None).await.unwrap();
    receipt.reference.to_string()
}

async fn earlier(site: &Site, name: &str, born: Option<&str>, home: Option<&str>) -> String {
    let handler = site.browser("Hazel Handler").await;
    let case = case(site, name, born, home, "07700 900001").await;
    let confirm = format!("/cases/{case}/confirm-prisoner");
    handler.post(&confirm, &[("prisoner", "A1234BC")]).await;
    case
}

/// What the case of the newer request shows of earlier ones.
async fn shown(site: &Site, newer: &str) -> String {
    let handler = site.browser("Hazel Handler").await;
    let page = handler.get(&format!("/cases/{newer}")).await.text;
    let shown = page
        .split("id=\"elsewhere\"")
        .nth(1)
        .map(|part| part.split("</ul>").next().unwrap());
    shown.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_prisoner_of_a_case_about_the_same_person_is_offered_though_her_number_is_another() {
    for (name, born, home, newer, by) in [
        (
            "Rhian Invented",
            Some("1987-03-14"),
            None,
            ("Rhian Invented", Some("1987-03-14"), None),
            "name and date of birth",
        ),
        (
            "Rhian Invented",
            Some("1987-03-14"),
            None,
            ("Rian Invented", Some("1987-03-14"), Some(HOME)),
            "name and date of birth",
        ),
        (
            "Rhian Invented",
            None,
            Some(HOME),
            ("Rhian Invented", None, Some("14 Invented Rd Leeds LS1 1AA")),
            "name and address",
        ),
    ] {
        let site = Site::start().await;
        site.hub.custody.refresh(&site.hub.store).await.unwrap();
        let earlier = earlier(&site, name, born, home).await;
        let newer = case(&site, newer.0, newer.1, newer.2, "07700 900002").await;
        let part = shown(&site, &newer).await;
        assert!(
            part.contains("A1234BC") && part.contains(&earlier),
            "{by}: {part}"
        );
        assert!(part.contains(&format!("somebody of the same {by}")), "{part}");
        assert!(
            !part.contains("07700 900001") && !part.contains("Rhian"),
            "and nothing else of it: {part}"
        );
    }
}

#[tokio::test]
async fn a_namesake_a_twin_and_somebody_of_the_same_household_are_other_people() {
    let site = Site::start().await;
    earlier(&site, "Rhian Invented", Some("1987-03-14"), Some(HOME)).await;
    for (name, born, home) in [
        ("Rhian Invented", Some("1961-08-02"), None),
        ("Rhian Invented", None, Some("3 Another Street, Leeds, LS2 2BB")),
        ("Rhian Invented", None, None),
        ("Zara Invented", Some("1987-03-14"), None),
        ("Zara Invented", None, Some(HOME)),
    ] {
        let newer = case(&site, name, born, home, "07700 900002").await;
        let part = shown(&site, &newer).await;
        // The later ones share a number with each other, and none of these has a prisoner.
        assert_eq!(part, "", "{name} {born:?} {home:?}");
    }
}

#[tokio::test]
async fn a_shared_number_is_said_as_before_and_the_look_is_audited() {
    let site = Site::start().await;
    let earlier = earlier(&site, "Rhian Invented", Some("1987-03-14"), None).await;
    let same = case(&site, "Rhian Invented", Some("1987-03-14"), None, "07700 900001").await;
    let part = shown(&site, &same).await;
    assert!(
        part.contains("Confirmed in case") && part.matches(&earlier).count() == 2,
        "{part}"
    );
    let newer = case(&site, "Rhian Invented", Some("1987-03-14"), None, "07700 900002").await;
    shown(&site, &newer).await;
    let filter = hub::store::AuditFilter {
        verb: Some("read-earlier-cases".to_owned()),
        ..hub::store::AuditFilter::default()
    };
    let rows = site
        .hub
        .store
        .audit(site.actor("Anna Auditor"), &filter, hub::store::Page::NEWEST)
        .await
        .unwrap();
    assert_eq!(rows[0].detail, "cases=2 prisoners=1");
}
