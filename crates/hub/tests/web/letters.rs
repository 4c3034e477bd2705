//! The mailroom says PASS or SHELF and nothing more; what became of a letter is decided by a case handler.

use axum::http::StatusCode;
use casework::{BarId, ProposedChange};
use hub::store::{AuditFilter, Outcome, Page};

use crate::support::{Answer, Browser, Site};

pub(crate) const BARRED: &str = "14 Invented Street\nExampleton\nZZ9 9ZZ";
pub(crate) const NEIGHBOURS_FLAT: &str = "Flat 3\n14 Invented Street\nExampleton\nZZ9 9ZZ";

/// The police file a request for the address; it is barred at once.
pub(crate) async fn bar(site: &Site, address: &str) -> BarId {
    let receipt = site.police_request("", address).await;
    let Outcome::Barred(bar) = receipt.targets[0].outcome else {
        panic!("barred at once")
    };
    bar
}

/// Two handlers agree.
async fn agree(site: &Site, change: ProposedChange) {
    let store = &site.hub.store;
    let (first, second) = (site.actor("Hazel Handler"), site.actor("Hugh Handler"));
    let proposal = store.propose(first, change, "heard in safety").await.unwrap();
    store.approve(second, proposal).await.unwrap();
}

async fn narrow(site: &Site, bar: BarId, prisoner: &str) {
    let prisoner = prisoner.parse().unwrap();
    let (store, handler) = (&site.hub.store, site.actor("Hazel Handler"));
    let case = store.bar(bar).await.unwrap().bar.case;
    store
        .locate_prisoner(handler, case, prisoner, &"{}".into(), "v1")
        .await
        .unwrap();
    agree(site, ProposedChange::NarrowBar { bar, prisoner }).await;
}

/// The mailroom puts a letter on the shelf.
pub(crate) async fn shelve(site: &Site, sender: &str, address: &str) {
    let mailroom = site.browser("Mali Mailroom").await;
    let answer = mailroom
        .post("/mailroom", &[("sender", sender), ("address", address)])
        .await;
    assert!(answer.text.contains("SHELF"), "{}", answer.text);
}

/// A handler presses "post" for the first letter on the shelf, whether or not there is a button.
pub(crate) async fn post_first(handler: &Browser<'_>) -> Answer {
    let shelf = handler.get("/letters").await;
    let decide = format!("/letters/{}", shelf.after("action=\"/letters/"));
    handler.post(&decide, &[("decision", "post")]).await
}

#[tokio::test]
async fn a_barred_mans_letter_is_not_posted_by_one_person_after_the_bar_is_narrowed_to_him() {
    let site = Site::start().await;
    let bar = bar(&site, BARRED).await;
    shelve(&site, "A1234BC", BARRED).await;
    narrow(&site, bar, "A1234BC").await;
    let handler = site.browser("Hazel Handler").await;
    let shelf = handler.get("/letters").await;
    assert!(!shelf.text.contains("Post it") && shelf.text.contains("Barred address"));
    assert_eq!(post_first(&handler).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_letter_stays_stopped_while_another_case_bars_the_address() {
    for lifted in [0, 1] {
        let site = Site::start().await;
        let bars = [bar(&site, BARRED).await, bar(&site, BARRED).await];
        shelve(&site, "A1234BC", BARRED).await;
        agree(&site, ProposedChange::LiftBar { bar: bars[lifted] }).await;
        let handler = site.browser("Hazel Handler").await;
        assert_eq!(post_first(&handler).await.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn a_letter_is_posted_by_one_person_once_no_bar_stands() {
    let site = Site::start().await;
    let bar = bar(&site, BARRED).await;
    shelve(&site, "A1234BC", BARRED).await;
    agree(&site, ProposedChange::LiftBar { bar }).await;
    let handler = site.browser("Hazel Handler").await;
    assert!(
        handler
            .get("/letters")
            .await
            .text
            .contains("The bar has been lifted since")
    );
    assert_eq!(
        post_first(&handler).await.leads_to(),
        "/letters?done=letter-decided"
    );
}

#[tokio::test]
async fn a_doubtful_letter_is_not_posted_by_one_person_after_its_very_address_is_barred() {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    shelve(&site, "A1234BC", NEIGHBOURS_FLAT).await;
    bar(&site, NEIGHBOURS_FLAT).await;
    let handler = site.browser("Hazel Handler").await;
    assert_eq!(post_first(&handler).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_senders_own_bar_stops_his_letter_whoever_else_is_barred_from_the_address() {
    for (first, second) in [("A1234BC", "A5678DE"), ("A5678DE", "A1234BC")] {
        let site = Site::start().await;
        for prisoner in [first, second] {
            let bar = bar(&site, BARRED).await;
            narrow(&site, bar, prisoner).await;
        }
        for sender in [first, second] {
            shelve(&site, sender, BARRED).await;
        }
        let handler = site.browser("Hazel Handler").await;
        let shelf = handler.get("/letters").await;
        assert_eq!(
            shelf.text.matches("Barred address").count(),
            2,
            "both are stopped"
        );
        assert_eq!(post_first(&handler).await.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn a_letter_marked_as_legal_mail_is_released_on_the_governors_authority() {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    for marking in ["", "RULE 39\n"] {
        shelve(&site, "A1234BC", &format!("{marking}{NEIGHBOURS_FLAT}")).await;
        let handler = site.browser("Hazel Handler").await;
        let shelf = handler.get("/letters").await.text;
        assert_eq!(shelf.contains("Marked confidential"), !marking.is_empty());
        assert!(shelf.contains("Doubtful") && shelf.contains("Post it"));
        let posted = post_first(&handler).await;
        if marking.is_empty() {
            assert_eq!(posted.leads_to(), "/letters?done=letter-decided");
            continue;
        }
        assert_eq!(posted.status, StatusCode::CONFLICT);
        assert!(posted.text.contains("Record on whose authority it is decided"));
        let decide = format!("/letters/{}", posted.after("action=\"/letters/"));
        let nobodys = [("decision", "post"), ("authority", ""), ("office", "")];
        let answer = handler.post(&decide, &nobodys).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.text.contains("Give the name of the governor")
                && answer.text.contains("governor or the director")
        );
        let governors = [
            ("decision", "post"),
            ("office", "governor"),
            ("authority", "Gwyn Governor"),
        ];
        assert_eq!(
            handler.post(&decide, &governors).await.leads_to(),
            "/letters?done=letter-decided"
        );
    }
}

#[tokio::test]
async fn a_letter_marked_as_legal_mail_to_a_barred_address_is_not_posted_by_one_person() {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    shelve(&site, "A1234BC", &format!("RULE 39\n{BARRED}")).await;
    let handler = site.browser("Hazel Handler").await;
    assert!(handler.get("/letters").await.text.contains("Marked confidential"));
    assert_eq!(post_first(&handler).await.status, StatusCode::CONFLICT);
}

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
async fn a_prison_over_its_cap_is_told_calmly_that_letters_wait_whichever_way_they_were_checked() {
    let site = Site::start().await;
    let mailroom = site.browser("Mali Mailroom").await;
    let clerk = site.actor("Mali Mailroom");
    let written = casework::WrittenAddress {
        lines: "3 Different Road".into(),
        postcode: None,
    };
    let envelope = hub::mailroom::Envelope {
        sender: None,
        written,
        kind: hub::store::MailKind::Letter,
        via: hub::store::Via::Json,
    };
    for _ in 0..hub::store::CHECKS_PER_PRISON_AND_HOUR {
        let (prison, beside) = ("LEI".parse().unwrap(), hub::store::Beside::default());
        let checked = hub::mailroom::check_letter(&site.hub, clerk, prison, &envelope, beside).await;
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
    let kept = handler
        .post(&decide, &[("decision", "evidence"), ("told", "yes")])
        .await;
    assert_eq!(kept.leads_to(), "/letters?done=letter-decided");
    assert!(handler.get("/letters").await.text.contains("No letter waits"));
    let told = site.browser("Mali Mailroom").await.get("/mailroom").await;
    assert!(
        told.text.contains("Keep it until it is collected"),
        "the mailroom learns it by the code"
    );
    assert!(!told.text.contains("Invented Street"));
}

#[tokio::test]
async fn a_doubtful_letter_stands_beside_the_barred_address_with_the_reasons_and_the_reading_is_audited() {
    let site = Site::start().await;
    let receipt = site.police_request("", BARRED).await;
    let case = site
        .hub
        .store
        .case_of(site.actor("Hazel Handler"), &receipt.reference)
        .await
        .unwrap();
    shelve(&site, "A1234BC", NEIGHBOURS_FLAT).await;
    let shelf = site.browser("Hazel Handler").await.get("/letters").await.text;
    for shown in ["Doubtful", "Written on the envelope", "How they compare"] {
        assert!(shelf.contains(shown), "{shown}: {shelf}");
    }
    assert!(
        shelf.contains(&format!(">{NEIGHBOURS_FLAT}<")) && shelf.contains(&format!(">{BARRED}<")),
        "{shelf}"
    );
    assert!(shelf.contains("The postcode is the same"), "{shelf}");
    assert!(shelf.contains("A flat is named on one side only"), "{shelf}");
    let link = format!("href=\"/cases/{0}\">{0}</a>", receipt.reference);
    assert!(shelf.contains(&link), "{shelf}");
    let filter = AuditFilter {
        case,
        account: Some(site.actor("Hazel Handler").account),
        verb: Some("read-letters".to_owned()),
    };
    let page = Page {
        before: None,
        rows: 50,
    };
    let read = site
        .hub
        .store
        .audit(site.actor("Anna Auditor"), &filter, page)
        .await;
    assert_eq!(read.unwrap().len(), 1);
}

#[tokio::test]
async fn a_letter_that_is_held_without_a_barred_address_names_none() {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    shelve(&site, "A1234BC", "PO Box 17\nExampleton").await;
    let shelf = site.browser("Hazel Handler").await.get("/letters").await.text;
    assert!(shelf.contains("could not be read or is a PO box"), "{shelf}");
    assert!(
        !shelf.contains("Invented Street") && !shelf.contains("How they compare"),
        "{shelf}"
    );
}

#[tokio::test]
async fn a_bar_for_another_prisoner_says_for_whom_it_stands() {
    let site = Site::start().await;
    let bar = bar(&site, BARRED).await;
    narrow(&site, bar, "A5678DE").await;
    shelve(&site, "A1234BC", BARRED).await;
    let shelf = site.browser("Hazel Handler").await.get("/letters").await.text;
    assert!(shelf.contains("Barred for A5678DE only"), "{shelf}");
}
