//! Who tried a barred number, as handlers read it and nobody else; alarms and attestations as operators read them.

use axum::http::StatusCode;
use feed::{Attempt, GateId, Reason, Regime, SealingKey, SigningKey, Verdict};
use hub::proof::attest::attest_due;

use crate::support::Site;

async fn gate(site: &Site) -> GateId {
    let (store, operator) = (&site.hub.store, site.actor("Olwen Operator"));
    let leeds = "LEI".parse().unwrap();
    let code = store.issue_enrolment_code(operator, leeds).await.unwrap();
    let verifying = SigningKey::from_bytes(&[1; 32]).verifying_key();
    let sealing = SealingKey::from_secret(&[1; 32]).public();
    store.enrol_gate(leeds, code, verifying, sealing).await.unwrap()
}

fn tried(sequence: u64) -> Attempt {
    Attempt {
        sequence,
        at_ms: 1_795_424_400_000,
        caller: "A5678DE".to_owned(),
        dialled: "07700900123".to_owned(),
        number: Some("+447700900123".to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    }
}

#[tokio::test]
async fn a_handler_reads_an_alert_on_the_page_of_all_and_on_the_case_and_marks_it_as_seen() {
    let site = Site::start().await;
    let receipt = site.police_request("07700 900123", "").await;
    let gate = gate(&site).await;
    site.hub.store.record_attempts(gate, &[tried(1)]).await.unwrap();
    let handler = site.browser("Hazel Handler").await;
    assert!(
        handler
            .get("/cases")
            .await
            .text
            .contains("In 1 case somebody tried a barred number")
    );
    let all = handler.get("/alerts").await;
    for words in [
        "07700 900123",
        "A5678DE",
        "Refused once.",
        receipt.reference.as_str(),
    ] {
        assert!(all.text.contains(words), "{words}: {}", all.text);
    }
    let fields = [
        ("alert", all.after("name=\"alert\" value=\"").to_owned()),
        ("shown", all.after("name=\"shown\" value=\"").to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let path = format!("/cases/{}/alert-seen", receipt.reference);
    assert_eq!(
        handler.post(&path, &fields).await.leads_to(),
        "/alerts?done=alert-seen"
    );
    let seen = handler.get("/alerts?done=alert-seen").await;
    assert!(
        seen.text.contains("Marked as seen") && !seen.text.contains("900123"),
        "{}",
        seen.text
    );
    let case = handler.get(&format!("/cases/{}", receipt.reference)).await;
    assert!(case.text.contains("1 alert that was seen"), "{}", case.text);
    let stale = [fields[0], ("shown", "255")];
    assert_eq!(handler.post(&path, &stale).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn nobody_in_a_prison_and_no_referrer_reads_an_alert() {
    let site = Site::start().await;
    let receipt = site.police_request("07700 900123", "").await;
    for name in [
        "Gwyn Governor",
        "Sam Security",
        "Cai Clerk",
        "Mali Mailroom",
        "Anna Auditor",
        "Olwen Operator",
    ] {
        let browser = site.browser(name).await;
        assert_eq!(
            browser.get("/alerts").await.status,
            StatusCode::FORBIDDEN,
            "{name}"
        );
        let path = format!("/cases/{}/alert-seen", receipt.reference);
        assert_eq!(
            browser.post(&path, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{name}"
        );
    }
}

#[tokio::test]
async fn missing_attempts_are_told_to_the_prison_and_to_operators_with_no_number() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallEnabling).await;
    let gate = gate(&site).await;
    site.hub
        .store
        .record_attempts(gate, &[tried(1), tried(5)])
        .await
        .unwrap();
    let security = site.browser("Sam Security").await.get("/prison").await;
    assert!(
        security.text.contains("at most 3 attempts are missing"),
        "{}",
        security.text
    );
    let operator = site.browser("Olwen Operator").await.get("/operations").await;
    assert!(operator.text.contains("2 – 4"), "{}", operator.text);
    for page in [security, operator] {
        assert!(!page.text.contains("900123") && !page.text.contains("A5678DE"));
    }
}

#[tokio::test]
async fn a_prison_reads_its_own_attestations_and_a_day_that_has_none_yet_says_so() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallEnabling).await;
    site.switch_on("MDI", Regime::CallEnabling).await;
    assert_eq!(attest_due(&site.hub).await.unwrap(), [], "nothing is settled yet");
    let governor = site.browser("Gwyn Governor").await.get("/attestations").await;
    assert!(
        governor.text.contains("Not yet") && governor.text.contains("Leeds"),
        "{}",
        governor.text
    );
    assert!(!governor.text.contains("Moorland"));
    let auditor = site.browser("Anna Auditor").await.get("/attestations").await;
    assert!(auditor.text.contains("Moorland"));
    let handler = site.browser("Hazel Handler").await;
    assert_eq!(handler.get("/attestations").await.status, StatusCode::FORBIDDEN);
}
