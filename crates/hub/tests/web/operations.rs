//! Operators run the service and see no case; auditors see who did what and change nothing.

use axum::http::StatusCode;
use casework::Role;
use feed::Regime;
use hub::custody::queue::QueueStanding;

use crate::support::Site;

#[tokio::test]
async fn an_enrolment_code_is_shown_once() {
    let site = Site::start().await;
    let operator = site.browser("Olwen Operator").await;
    let on = operator
        .post(
            "/operations/switch-on",
            &[("prison", "LEI"), ("regime", "call-enabling")],
        )
        .await;
    assert_eq!(on.leads_to(), "/operations?done=switched-on");
    let answer = operator
        .post("/operations/enrolment-code", &[("prison", "LEI")])
        .await;
    let code = answer
        .text
        .split("shell-code\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    assert!(code.parse::<feed::EnrolmentCode>().is_ok(), "{code}");
    assert!(!operator.get("/operations").await.text.contains(&code));
}

#[tokio::test]
async fn a_second_gate_that_waits_beside_one_that_counts_is_an_alarm() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallBarring).await;
    let operator = site.browser("Olwen Operator").await;
    let page = async || operator.get("/operations").await.text;
    let alarm = "A gate enrolled although Leeds (HMP) has one already.";
    let first = site.enrol_gate("LEI", 1).await;
    assert!(!page().await.contains(alarm), "the first");
    let second = site.enrol_gate("LEI", 2).await;
    assert!(page().await.contains(alarm), "two wait");
    site.admit(first, "LEI").await;
    assert!(page().await.contains(alarm), "one waits beside one that counts");
    site.admit(second, "LEI").await;
    assert!(!page().await.contains(alarm), "two people know of both");
}

#[tokio::test]
async fn switching_a_prison_on_under_call_barring_takes_a_second_operator() {
    let site = Site::start().await;
    let operator = site.browser("Olwen Operator").await;
    let asked = [("prison", "LEI"), ("regime", "call-barring")];
    let unsaid = operator.post("/operations/switch-on", &asked).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text.contains("on-reason-error"));
    let asked = [&asked[..], &[("reason", "Not on call enabling yet.")]].concat();
    let proposed = operator.post("/operations/switch-on", &asked).await;
    assert_eq!(proposed.leads_to(), "/operations?done=proposed");
    let second = site.browser("Odd Operator").await;
    let page = second.get("/operations").await;
    assert!(page.text.contains("No prison is switched on."));
    assert!(
        page.text
            .contains("every number that is not barred can be rung there")
    );
    let approve = page.after("action=\"/operations/proposals/").to_owned();
    let approved = second
        .post(&format!("/operations/proposals/{approve}"), &[])
        .await;
    assert_eq!(approved.leads_to(), "/operations?done=approved");
    let page = second.get("/operations").await;
    assert!(
        page.text
            .contains("Prisoners may ring any number that is not barred")
    );
    assert!(!page.text.contains("No prison is switched on."));
}

#[tokio::test]
async fn switching_a_prison_off_takes_a_second_operator() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallBarring).await;
    let operator = site.browser("Olwen Operator").await;
    let asked = [
        ("change", "switch-prison-off"),
        ("prison", "LEI"),
        ("reason", "The prison closes."),
    ];
    assert_eq!(
        operator.post("/operations/propose", &asked).await.leads_to(),
        "/operations?done=proposed"
    );
    let withdraw = operator
        .get("/operations")
        .await
        .after("action=\"/operations/proposals/")
        .to_owned();
    let approve = format!(
        "/operations/proposals/{}",
        withdraw.replace("withdraw", "approve")
    );
    let own = operator.post(&approve, &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    assert!(own.text.contains("A different person must approve this"));
    let second = site.browser("Odd Operator").await;
    assert_eq!(
        second.post(&approve, &[]).await.leads_to(),
        "/operations?done=approved"
    );
    assert!(
        second
            .get("/operations")
            .await
            .text
            .contains("No prison is switched on.")
    );
}

#[tokio::test]
async fn a_change_without_a_reason_is_told_beside_its_field() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallBarring).await;
    let operator = site.browser("Olwen Operator").await;
    let asked = [("change", "switch-prison-off"), ("prison", "LEI")];
    let answer = operator.post("/operations/propose", &asked).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("off-LEI-error"));
}

#[tokio::test]
async fn the_auditor_sees_who_opened_a_case_and_that_the_record_is_whole() {
    let site = Site::start().await;
    let receipt = site
        .police_request("07700 900123", "14 Invented Street, ZZ9 9ZZ")
        .await;
    site.browser("Hazel Handler")
        .await
        .get(&format!("/cases/{}", receipt.reference))
        .await;
    let auditor = site.browser("Anna Auditor").await;
    let answer = auditor
        .get(&format!("/audit?case={}&verb=open-case", receipt.reference))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.text.contains("Nothing has been changed"),
        "{}",
        answer.text
    );
    let rows = answer.text.split("<tbody").nth(1).unwrap();
    assert!(rows.contains("Hazel Handler") && rows.contains("Opened the case"));
    for secret in ["900123", "Rhian", "Invented Street", "Ada Example"] {
        assert!(!answer.text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_audit_is_paged_and_filtered_by_person() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    for _ in 0..60 {
        handler.get("/cases").await;
    }
    let auditor = site.browser("Anna Auditor").await;
    let first = auditor
        .get(&format!("/audit?person={}", site.actor("Hazel Handler").account))
        .await;
    assert!(
        !first
            .text
            .split("<tbody")
            .nth(1)
            .unwrap()
            .contains("Anna Auditor")
    );
    let older = first
        .text
        .split("href=\"/audit?")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let older = older.replace("&amp;", "&");
    let second = auditor.get(&format!("/audit?{older}")).await;
    assert!(second.text.contains("Newest entries"), "{}", second.text);
    let bad = auditor.get("/audit?case=nonsense").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_message_that_cannot_be_acted_upon_is_shown_tried_again_and_dismissed() {
    let site = Site::start().await;
    let operator = site.browser("Olwen Operator").await;
    let (hub, poison) = (
        &site.hub,
        br#"{"eventType":"person.alert.created","occurredAt":"2026-01-05T08:00:00Z",
            "additionalInformation":{"alertCode":"ONCR"}}"#,
    );
    let at = (&*hub.store, &hub.seams);
    hub::custody::take_message(at, &hub.store.itself(), hub::store::CameBy::Queue, poison)
        .await
        .unwrap();
    let page = operator.get("/operations").await;
    assert!(page.text.contains("One message could not be acted upon"));
    assert!(page.text.contains("It names no prison number"));
    assert!(!page.text.contains("2026-01-05"), "what it says is not shown");
    let message = format!(
        "/operations/messages/{}",
        page.after("action=\"/operations/messages/")
    );
    let again = operator.post(&message, &[("what", "again")]).await;
    assert_eq!(again.leads_to(), "/operations?done=message-unreadable#messages");
    let dismissed = operator.post(&message, &[("what", "dismiss")]).await;
    assert_eq!(
        dismissed.leads_to(),
        "/operations?done=message-dismissed#messages"
    );
    assert!(
        !operator
            .get("/operations")
            .await
            .text
            .contains("could not be acted upon")
    );
    let handler = site.browser("Hazel Handler").await;
    assert_ne!(
        handler.post(&message, &[("what", "dismiss")]).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_queue_that_was_followed_and_is_not_read_any_more_is_an_alarm_until_it_is_or_an_operator_gave_it_up()
 {
    let (site, clock) = Site::start_with_clock("2026-11-26T09:00:00Z").await;
    let store = &site.hub.store;
    let alarmed = async || {
        let operator = site.browser("Olwen Operator").await;
        let page = operator.get("/operations").await.text;
        page.contains("The prison service\u{2019}s queue is not read")
    };
    clock.advance(3_600);
    assert!(!alarmed().await, "nothing was ever followed");
    let standing = QueueStanding {
        waiting: 0,
        oldest: None,
    };
    store.note_custody_queue(&store.itself(), standing).await.unwrap();
    for (seconds, expected) in [(300, false), (1, true), (86_400, true)] {
        clock.advance(seconds);
        assert_eq!(alarmed().await, expected, "{seconds} s later");
    }
    store.note_custody_queue(&store.itself(), standing).await.unwrap();
    assert!(!alarmed().await, "it is read again");
    clock.advance(301);
    let accounts = store.accounts().await.unwrap();
    let by = |role: Role| accounts.iter().find(|actor| actor.role == role).unwrap();
    let refused = store.forget_custody_queue(by(Role::CaseHandler)).await;
    assert!(refused.is_err() && alarmed().await);
    store.forget_custody_queue(by(Role::Operator)).await.unwrap();
    assert!(!alarmed().await, "it is followed no longer");
}
