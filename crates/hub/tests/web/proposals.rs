//! Second approvals: whoever agrees reads on the card what is lifted, of whom, and in which case.

use axum::http::StatusCode;
use casework::{BarId, ProposedChange};
use hub::store::Outcome;

use crate::support::Site;

const ADDRESS: &str = "14 Invented Street\nExampleton\nZZ9 9ZZ";

/// The police file a request; the case's reference and its bars.
async fn barred(site: &Site) -> (String, Vec<BarId>) {
    let receipt = site.police_request("07700 900123", ADDRESS).await;
    let bar = |outcome: &Outcome| match outcome {
        Outcome::Barred(bar) => *bar,
        _ => panic!("barred at once"),
    };
    let bars = receipt
        .targets
        .iter()
        .map(|target| bar(&target.outcome))
        .collect();
    (receipt.reference.to_string(), bars)
}

async fn propose(site: &Site, change: ProposedChange) {
    let handler = site.actor("Hazel Handler");
    site.hub
        .store
        .propose(handler, change, "wrong number")
        .await
        .unwrap();
}

#[tokio::test]
async fn whoever_approves_a_lift_reads_the_number_and_the_case_on_the_card() {
    let site = Site::start().await;
    let (reference, bars) = barred(&site).await;
    for bar in bars {
        propose(&site, ProposedChange::LiftBar { bar }).await;
    }
    let page = site.browser("Hugh Handler").await.get("/proposals").await.text;
    assert!(page.contains("Lift the bar on 07700 900123"), "{page}");
    assert!(
        page.contains("Lift the bar on 14 Invented Street, Exampleton, ZZ9 9ZZ"),
        "{page}"
    );
    let link = format!("href=\"/cases/{reference}#decision\">{reference}</a>");
    assert_eq!(page.matches(&link).count(), 2, "{page}");
    let welsh = site
        .browser("Hugh Handler")
        .await
        .get("/proposals?lang=cy")
        .await
        .text;
    assert!(welsh.contains("Codi’r gwaharddiad ar 07700 900123"), "{welsh}");
}

#[tokio::test]
async fn a_narrowing_names_the_prisoner_and_a_decline_says_how_many_bars_it_lifts() {
    let site = Site::start().await;
    let (reference, bars) = barred(&site).await;
    let (store, handler) = (&site.hub.store, site.actor("Hazel Handler"));
    let reference: casework::Reference = reference.parse().unwrap();
    let file = store.open_case(handler, reference).await.unwrap();
    let prisoner = "A1234BC".parse().unwrap();
    store
        .locate_prisoner(handler, file.case, prisoner, &"{}".into(), "v1")
        .await
        .unwrap();
    propose(
        &site,
        ProposedChange::NarrowBar {
            bar: bars[0],
            prisoner,
        },
    )
    .await;
    let (reason, seen) = (casework::DeclineReason::NotTrue, file.seen());
    propose(
        &site,
        ProposedChange::DeclineCase {
            case: file.case,
            reason,
            seen,
        },
    )
    .await;
    let page = site.browser("Hugh Handler").await.get("/proposals").await.text;
    assert!(
        page.contains("Narrow the bar on 07700 900123 to A1234BC"),
        "{page}"
    );
    assert!(page.contains("Its 2 bars are lifted"), "{page}");
}

#[tokio::test]
async fn a_lift_proposed_twice_is_told_in_a_plain_sentence() {
    let site = Site::start().await;
    let (reference, bars) = barred(&site).await;
    let fields = [("bar", bars[0].to_string()), ("reason", "Wrong.".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let form = format!("/cases/{reference}/propose-lift");
    let first = site.browser("Hazel Handler").await.post(&form, &fields).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = site.browser("Hugh Handler").await.post(&form, &fields).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        second.text.contains("Somebody has proposed this already"),
        "{}",
        second.text
    );
}
