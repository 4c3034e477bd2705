//! A prison number in a request of an agency: the hub confirms who the prisoner is where it stands by itself, and
//! answers the same whether it did or not.

use casework::{OrganisationKind, Role};
use hub::intake::take_request;
use hub::store::CaseKey;
use offender::{BirthDate, PrisonerRecord};
use serde_json::{Value, json};

use crate::support::{TestHub, request_by};

const HIM: &str = "A7777QZ";

fn record(number: &str, first: &str, born: (u16, u8, u8)) -> PrisonerRecord {
    let mut record = PrisonerRecord::new(number.parse().unwrap(), first, "Quillfeather");
    record.date_of_birth = BirthDate::new(born.0, born.1, born.2).ok();
    record.prison_id = Some("LEI".parse().unwrap());
    record
}

/// A hub with him on record, and these others.
async fn hub(others: &[PrisonerRecord]) -> TestHub {
    let hub = TestHub::start().await;
    let mut records = vec![record(HIM, "Zebedee", (1985, 3, 27))];
    records.extend_from_slice(others);
    hub.hub.store.import_prisoners(records).await.unwrap();
    hub.hub.custody.refresh(&hub.hub.store).await.unwrap();
    hub
}

fn request(kind: &str, prisoner: Value) -> Value {
    let mut request = request_by(kind, &["07700 900123"]);
    request["prisoner"] = prisoner;
    request
}

fn in_full() -> Value {
    json!({ "prison_number": HIM, "first_name": "Zebedee", "last_name": "Quillfeather", "date_of_birth": "1985-03-27" })
}

/// Whether the case of this reference has a prisoner.
async fn is_confirmed(hub: &TestHub, reference: &str) -> bool {
    let key = CaseKey::Reference(reference.parse().unwrap());
    let file = hub.hub.store.open_case(&hub.handler, key).await.unwrap();
    let him = HIM.parse().unwrap();
    assert!(file.state.prisoner().is_none_or(|prisoner| prisoner == him));
    file.state.prisoner().is_some()
}

/// Asks over JSON with a key of this organisation; the answer, without what is another each time.
async fn asked(hub: &TestHub, organisation: OrganisationKind, kind: &str, prisoner: Value) -> (Value, bool) {
    let (_, key) = hub.key_of("Wye Agency", Role::Referrer { organisation }).await;
    let answer = hub
        .post("/v1/requests", Some(&key), &request(kind, prisoner))
        .await;
    let mut answer = answer.json();
    let confirmed = is_confirmed(hub, answer["reference"].as_str().unwrap()).await;
    answer["targets"][0]["bar"] = json!("x");
    for varies in ["reference", "received_at"] {
        answer[varies] = json!("x");
    }
    (answer, confirmed)
}

async fn by_police(hub: &TestHub, prisoner: Value) -> (Value, bool) {
    asked(hub, OrganisationKind::Police, "police", prisoner).await
}

#[tokio::test]
async fn an_agencys_number_that_agrees_in_name_or_date_of_birth_is_confirmed_and_the_answer_does_not_tell() {
    let hub = hub(&[]).await;
    let (unnamed, confirmed) = by_police(&hub, json!({})).await;
    assert!(!confirmed);
    for prisoner in [
        in_full(),
        json!({ "prison_number": HIM, "date_of_birth": "1985-03-27" }),
        json!({ "prison_number": HIM, "first_name": "Zebedee", "last_name": "Quillfeather" }),
    ] {
        assert_eq!(by_police(&hub, prisoner).await, (unnamed.clone(), true));
    }
    for (organisation, kind) in [
        (OrganisationKind::Probation, "probation"),
        (OrganisationKind::Prison, "prison"),
    ] {
        assert!(asked(&hub, organisation, kind, in_full()).await.1, "{kind}");
    }
    let refuge = asked(&hub, OrganisationKind::VictimService, "victim-service", in_full()).await;
    assert!(!refuge.1, "a victim service was told the number by somebody");
}

#[tokio::test]
async fn a_public_requests_number_is_never_enough() {
    let hub = hub(&[]).await;
    let public = hub::callers::public_caller();
    let (handler, caller) = (hub.handler.clone(), "on the telephone");
    for (by, kind) in [
        (&public, "protected-person"),
        (&public, "friend-or-relative"),
        (&handler, "police"),
    ] {
        let request = serde_json::from_value(request(kind, in_full())).unwrap();
        let receipt = take_request(&hub.hub, by, None, request, None).await.unwrap();
        assert!(
            !is_confirmed(&hub, receipt.reference.as_str()).await,
            "{kind}, {caller}"
        );
    }
}

#[tokio::test]
async fn a_fact_that_disagrees_leaves_it_to_a_person() {
    let hub = hub(&[]).await;
    for (field, other) in [
        ("date_of_birth", json!("1985-03-28")),
        ("date_of_birth", json!("1958-03-27")),
        ("age_years", json!(60)),
        ("first_name", json!("Ivan")),
        ("last_name", json!("Ovenden")),
        ("prison_number", json!("A7778QZ")),
        ("prison_number", json!("2012/394773H")),
    ] {
        let mut prisoner = in_full();
        prisoner[field] = other.clone();
        assert!(!by_police(&hub, prisoner).await.1, "{field} {other}");
    }
    assert!(
        !by_police(&hub, json!({ "prison_number": HIM })).await.1,
        "nothing agrees"
    );
}

#[tokio::test]
async fn one_of_two_who_look_alike_is_left_to_a_person() {
    let twin = record("B1111AA", "Ezekiel", (1985, 3, 27));
    assert!(!by_police(&hub(&[twin]).await, in_full()).await.1);
    let namesake = record("B1111AA", "Zebedee", (1970, 2, 3));
    assert!(by_police(&hub(&[namesake]).await, in_full()).await.1);
}

#[tokio::test]
async fn a_linked_request_confirms_a_case_that_nobody_was_named_in_before() {
    let hub = hub(&[]).await;
    let role = Role::Referrer {
        organisation: OrganisationKind::Police,
    };
    let (police, _) = hub.key_of("Mercia Police", role).await;
    let first = serde_json::from_value(request("police", json!({}))).unwrap();
    let first = take_request(&hub.hub, &police, None, first, None).await.unwrap();
    assert!(!is_confirmed(&hub, first.reference.as_str()).await);
    let linked = serde_json::from_value(request("police", in_full())).unwrap();
    let link = Some(first.reference.clone());
    take_request(&hub.hub, &police, None, linked, link).await.unwrap();
    assert!(
        is_confirmed(&hub, first.reference.as_str()).await,
        "of the same case"
    );
}
