//! An address that a prisoner offers for release or leave: whoever approves it is told the same at once whatever it is,
//! and later no more than whether to speak to the service.

use axum::http::StatusCode;
use casework::{OrganisationKind, Personal, Role};
use hub::mailroom::settle_offered_address;
use hub::seams::{Seams, SetClock};
use hub::store::OfferedDone;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::support::{Answer, TestHub, police_request};

const ASK: &str = "/v1/custody/offered-addresses";
const HERS: (&str, &str) = ("4 Invented Row\nNowhereby", "ZZ9 9ZZ");
const DAY: i64 = 24 * 3600;

/// A hub on a Monday at nine, a key of the prison service, and her address barred; one address in so many is a decoy.
async fn world(one_pass_in: u32) -> (TestHub, Arc<SetClock>, String) {
    let (seams, clock) = Seams::seeded(31, "2026-11-23T09:00:00Z".parse().unwrap());
    let hub = TestHub::start_at(one_pass_in, seams).await;
    let mut record = offender::PrisonerRecord::new("A1234BC".parse().unwrap(), "Ivan", "Invented");
    record.prison_id = Some("LEI".parse().unwrap());
    hub.hub.store.import_prisoners(vec![record]).await.unwrap();
    let police = hub.police_key().await;
    let mut body = police_request(&[]);
    body["people"][0]["addresses"] = json!([{ "lines": HERS.0, "postcode": HERS.1 }]);
    assert_eq!(hub.post("/v1/requests", Some(&police), &body).await.status, 201);
    let key = hub.key_of("Prison Service", Role::PrisonService).await.1;
    (hub, clock, key)
}

fn body((lines, postcode): (&str, &str)) -> Value {
    json!({ "prison_number": "A1234BC", "offered_for": "release", "address": { "lines": lines, "postcode": postcode } })
}

/// An answer without the reference, which is another each time.
fn without_reference(answer: &Answer) -> String {
    let reference = answer.json()["reference"].as_str().unwrap().to_owned();
    answer.text.replace(&reference, "REFERENCE")
}

/// Asks about each, and reads the answers a working day later.
async fn answers(one_pass_in: u32, offered: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let (hub, clock, key) = world(one_pass_in).await;
    let (mut at_once, mut references) = (Vec::new(), Vec::new());
    for one in offered {
        let answer = hub.post(ASK, Some(&key), &body(*one)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        at_once.push(without_reference(&answer));
        references.push(answer.json()["reference"].as_str().unwrap().to_owned());
    }
    for reference in &references {
        let early = hub.get(&format!("{ASK}/{reference}"), Some(&key)).await;
        at_once.push(without_reference(&early));
    }
    clock.advance(DAY);
    let mut later = Vec::new();
    for reference in &references {
        let answer = hub.get(&format!("{ASK}/{reference}"), Some(&key)).await;
        assert_eq!(answer.status, StatusCode::OK);
        later.push(without_reference(&answer));
    }
    (at_once, later)
}

const OFFERED: [(&str, &str); 4] = [
    HERS,
    ("Flat 2, 4 Invented Row\nNowhereby", "ZZ9 9ZZ"),
    ("PO Box 12\nElsewhere", "YY1 1YY"),
    ("17 Other Street\nElsewhere", "YY1 1YY"),
];

#[tokio::test]
async fn a_barred_a_doubtful_and_a_clear_address_are_answered_alike_for_one_working_day() {
    let (at_once, later) = answers(0, &OFFERED).await;
    assert_eq!(at_once.len(), 8);
    let waiting =
        json!({ "reference": "REFERENCE", "answer": "waiting", "answered_from": "2026-11-24T09:00:00Z" });
    for answer in &at_once {
        assert_eq!(answer, &at_once[0]);
        assert_eq!(serde_json::from_str::<Value>(answer).unwrap(), waiting);
    }
    assert_eq!(later[0], later[2], "a barred one and a post office box");
    assert!(later[0].contains("speak-to-the-service") && later[3].contains("nothing-known"));
    for answer in at_once.iter().chain(&later) {
        for hers in ["Invented", "Nowhereby", "ZZ9", "Rhian"] {
            assert!(!answer.contains(hers), "{answer}");
        }
    }
}

#[tokio::test]
async fn one_drawn_by_lot_is_answered_as_a_barred_one_until_a_handler_clears_it() {
    let (_, later) = answers(1, &OFFERED).await;
    assert!(later.iter().all(|answer| *answer == later[0]), "{later:?}");
    let (hub, clock, key) = world(1).await;
    let answer = hub.post(ASK, Some(&key), &body(OFFERED[3])).await.json();
    let path = format!("{ASK}/{}", answer["reference"].as_str().unwrap());
    let task = hub
        .hub
        .store
        .open_offered_addresses(&hub.handler)
        .await
        .unwrap()
        .rows
        .remove(0);
    let said = Personal::new("Nobody lives there.");
    let deed = (OfferedDone::Cleared, &said);
    settle_offered_address(&hub.hub, &hub.handler, task.offered.id, deed)
        .await
        .unwrap();
    assert_eq!(
        hub.get(&path, Some(&key)).await.json()["answer"],
        "waiting",
        "not a moment sooner than another"
    );
    clock.advance(DAY);
    assert_eq!(hub.get(&path, Some(&key)).await.json()["answer"], "nothing-known");
}

#[tokio::test]
async fn only_those_who_approve_addresses_ask_and_each_reads_his_own() {
    let (hub, _, key) = world(0).await;
    let referrer = |organisation| Role::Referrer { organisation };
    let prison = "LEI".parse().unwrap();
    for (role, status) in [
        (referrer(OrganisationKind::Probation), StatusCode::CREATED),
        (referrer(OrganisationKind::Prison), StatusCode::CREATED),
        (referrer(OrganisationKind::Police), StatusCode::FORBIDDEN),
        (referrer(OrganisationKind::VictimService), StatusCode::FORBIDDEN),
        (Role::Mailroom { prison }, StatusCode::FORBIDDEN),
        (Role::CaseHandler, StatusCode::FORBIDDEN),
    ] {
        let (_, theirs) = hub.key_of("Somebody", role.clone()).await;
        assert_eq!(
            hub.post(ASK, Some(&theirs), &body(HERS)).await.status,
            status,
            "{role:?}"
        );
    }
    assert_eq!(
        hub.post(ASK, None, &body(HERS)).await.status,
        StatusCode::UNAUTHORIZED
    );
    let answer = hub.post(ASK, Some(&key), &body(HERS)).await.json();
    let path = format!("{ASK}/{}", answer["reference"].as_str().unwrap());
    let (_, probation) = hub
        .key_of("Wye Probation", referrer(OrganisationKind::Probation))
        .await;
    assert_eq!(
        hub.get(&path, Some(&probation)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(hub.get(&path, Some(&key)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_must_be_mended_is_named_and_the_same_for_a_barred_address() {
    let (hub, _, key) = world(0).await;
    let ask = async |body: Value| hub.post(ASK, Some(&key), &body).await;
    for (field, value) in [
        ("prison_number", json!("A1234")),
        ("prison_number", json!("Z9999ZZ")),
        ("address", json!({ "lines": " " })),
        ("address", json!({ "lines": "x".repeat(501) })),
    ] {
        let mut asked = body(HERS);
        asked[field] = value;
        let answer = ask(asked).await;
        assert_eq!(
            (answer.status, answer.json()["field"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(field))
        );
    }
    let longest = "x".repeat(500);
    assert_eq!(ask(body((&longest, ""))).await.status, StatusCode::CREATED);
    let first = hub.post_once(ASK, &key, "one", &body(HERS)).await;
    let again = hub.post_once(ASK, &key, "one", &body(HERS)).await;
    assert_eq!((first.status, first.text), (again.status, again.text));
    let other = hub.post_once(ASK, &key, "one", &body(OFFERED[3])).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
}
