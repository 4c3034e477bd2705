//! Requests and receipts over JSON.

use axum::http::StatusCode;
use casework::{OrganisationKind, Role};
use hub::api::REQUEST_BODY_BYTES;
use serde_json::json;

use crate::support::{TestHub, police_request, request_by};

const HERS: &str = "07700 900123";

#[tokio::test]
async fn a_number_that_resolves_is_barred_at_once_and_the_rest_comes_back() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let body = police_request(&[HERS, "123", "116 123"]);
    let answer = hub.post("/v1/requests", Some(&key), &body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let json = answer.json();
    let outcomes: Vec<_> = json["targets"].as_array().unwrap().iter().collect();
    assert_eq!(outcomes[0]["outcome"], "barred");
    assert!(outcomes[0]["bar"].is_string());
    assert_eq!(
        outcomes[1],
        &json!({"position": "people[0].numbers[1]", "outcome": "ask-referrer", "because": "number-not-resolved"})
    );
    assert_eq!(
        outcomes[2],
        &json!({"position": "people[0].numbers[2]", "outcome": "ask-referrer", "because": "always-allowed"})
    );
    let reference = json["reference"].as_str().unwrap();
    let again = hub.get(&format!("/v1/requests/{reference}"), Some(&key)).await;
    assert_eq!(again.json(), json);
}

#[tokio::test]
async fn emergency_numbers_come_back_and_a_short_code_that_is_not_on_the_list_is_barred() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let body = police_request(&["999", "112", "141 999", "116 123", "116 999"]);
    let answer = hub.post("/v1/requests", Some(&key), &body).await.json();
    let outcomes: Vec<_> = answer["targets"].as_array().unwrap().iter().collect();
    for emergency in &outcomes[..3] {
        assert_eq!(emergency["because"], "emergency-number", "{emergency}");
    }
    assert_eq!(outcomes[3]["because"], "always-allowed");
    // A number in its own right: what is not on the two people's list is open to no more than the regime allows.
    assert_eq!(outcomes[4]["outcome"], "barred");
}

#[tokio::test]
async fn a_receipt_is_the_same_whether_or_not_the_number_was_barred_before() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut json = hub
            .post("/v1/requests", Some(&key), &police_request(&[HERS]))
            .await
            .json();
        for varies in ["reference", "received_at"] {
            json[varies] = json!("x");
        }
        json["targets"][0]["bar"] = json!("x");
        answers.push(json);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_same_key_and_body_give_the_same_receipt_and_another_body_is_refused() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let first = hub
        .post_once("/v1/requests", &key, "one", &police_request(&[HERS]))
        .await;
    let again = hub
        .post_once("/v1/requests", &key, "one", &police_request(&[HERS]))
        .await;
    assert_eq!((first.status, first.json()), (again.status, again.json()));
    let other = hub
        .post_once("/v1/requests", &key, "one", &police_request(&["07700 900124"]))
        .await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let somebody = hub
        .key_of(
            "Wye Probation",
            Role::Referrer {
                organisation: OrganisationKind::Probation,
            },
        )
        .await
        .1;
    let theirs = hub
        .post_once(
            "/v1/requests",
            &somebody,
            "one",
            &request_by("probation", &[HERS]),
        )
        .await;
    assert_eq!(theirs.status, StatusCode::CREATED, "a key belongs to one caller");
}

#[tokio::test]
async fn every_caller_without_a_good_key_gets_one_and_the_same_answer() {
    let hub = TestHub::start().await;
    let mut answers = Vec::new();
    for key in [None, Some("upcs_AAAA"), Some(""), Some("nonsense nonsense")] {
        for path in ["/v1/requests", "/v1/intelligence"] {
            let answer = hub.post(path, key, &police_request(&[HERS])).await;
            answers.push((answer.status, answer.kind, answer.text));
        }
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert_eq!(answers[0].1, "application/problem+json");
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn an_organisation_files_as_what_it_is_registered_as_and_nothing_else() {
    let hub = TestHub::start().await;
    let table = [
        (OrganisationKind::Police, "police"),
        (OrganisationKind::Probation, "probation"),
        (OrganisationKind::Prison, "prison"),
        (OrganisationKind::VictimService, "victim-service"),
    ];
    let capacities = [
        "police",
        "probation",
        "prison",
        "victim-service",
        "protected-person",
        "friend-or-relative",
    ];
    for (organisation, own) in table {
        let (_, key) = hub.key_of(own, Role::Referrer { organisation }).await;
        for capacity in capacities {
            let answer = hub
                .post("/v1/requests", Some(&key), &request_by(capacity, &[HERS]))
                .await;
            let expected = if capacity == own {
                StatusCode::CREATED
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(answer.status, expected, "{own} as {capacity}");
        }
    }
}

#[tokio::test]
async fn roles_that_do_not_file_requests_are_refused() {
    let hub = TestHub::start().await;
    for role in [
        Role::Auditor,
        Role::Operator,
        Role::Mailroom {
            prison: "LEI".parse().unwrap(),
        },
    ] {
        let (_, key) = hub.key_of("somebody", role).await;
        let answer = hub
            .post("/v1/requests", Some(&key), &police_request(&[HERS]))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn another_callers_receipt_is_not_found_like_one_that_never_was() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let filed = hub
        .post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await
        .json();
    let path = format!("/v1/requests/{}", filed["reference"].as_str().unwrap());
    let (_, other) = hub
        .key_of(
            "Severn Police",
            Role::Referrer {
                organisation: OrganisationKind::Police,
            },
        )
        .await;
    let theirs = hub.get(&path, Some(&other)).await;
    let nobodys = hub.get("/v1/requests/2222-2222-2222", Some(&other)).await;
    let nonsense = hub.get("/v1/requests/nonsense", Some(&other)).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(theirs.text, nobodys.text);
    assert_eq!(theirs.text, nonsense.text);
}

#[tokio::test]
async fn what_is_wrong_is_said_by_field_and_never_by_value() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let canary = "07700900999";
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut body = police_request(&[HERS]);
        change(&mut body);
        body
    };
    let table = [
        (with(&|body| body["people"] = json!([])), Some("people")),
        (
            with(&|body| body["people"][0]["name"] = json!("")),
            Some("people[0].name"),
        ),
        (
            with(&|body| body["people"][0]["name"] = json!(canary.repeat(20))),
            Some("people[0].name"),
        ),
        (
            with(&|body| body["people"][0]["numbers"][0] = json!({ "number": canary })),
            Some("people[0].numbers[0]"),
        ),
        (
            with(&|body| body["people"][0]["numbers"] = json!(canary)),
            Some("people[0].numbers"),
        ),
        (
            with(&|body| body["referrer"]["kind"] = json!(canary)),
            Some("referrer.kind"),
        ),
        (
            with(&|body| body["people"][0]["date_of_birth"] = json!(canary)),
            Some("people[0].date_of_birth"),
        ),
        (
            with(&|body| body["consent"] = json!({ "consent": canary })),
            Some("consent.consent"),
        ),
    ];
    for (body, field) in table {
        let answer = hub.post("/v1/requests", Some(&key), &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field:?}");
        assert_eq!(answer.kind, "application/problem+json");
        assert_eq!(answer.json()["field"].as_str(), field);
        assert!(!answer.text.contains(canary), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_body_at_the_limit_is_read_and_one_byte_past_it_is_not() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let body = police_request(&[HERS]).to_string();
    let padded = |length: usize| {
        axum::http::Request::post("/v1/requests")
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(axum::body::Body::from(format!(
                "{body}{}",
                " ".repeat(length - body.len())
            )))
            .unwrap()
    };
    assert_eq!(
        hub.send(padded(REQUEST_BODY_BYTES)).await.status,
        StatusCode::CREATED
    );
    assert_eq!(
        hub.send(padded(REQUEST_BODY_BYTES + 1)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn an_idempotency_key_at_the_limit_is_taken_and_one_past_it_is_not() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let limit = hub::api::IDEMPOTENCY_KEY_CHARS;
    let at = hub
        .post_once("/v1/requests", &key, &"k".repeat(limit), &police_request(&[HERS]))
        .await;
    assert_eq!(at.status, StatusCode::CREATED);
    let past = hub
        .post_once(
            "/v1/requests",
            &key,
            &"k".repeat(limit + 1),
            &police_request(&[HERS]),
        )
        .await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_request_without_why_is_kept_for_a_handler_and_bars_nothing() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let mut body = police_request(&[HERS]);
    body["why"] = json!(" ");
    let answer = hub.post("/v1/requests", Some(&key), &body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(
        answer.json()["targets"][0],
        json!({"position": "people[0].numbers[0]", "outcome": "handler", "because": "incomplete: why"})
    );
    let path = format!("/v1/requests/{}", answer.json()["reference"].as_str().unwrap());
    assert_eq!(
        hub.get(&path, Some(&key)).await.json(),
        answer.json(),
        "and is told again"
    );
    body["consent"] = json!({ "consent": "absent", "reason": "" });
    let json = hub.post("/v1/requests", Some(&key), &body).await.json();
    assert_eq!(json["targets"][0]["because"], "incomplete: why, consent.reason");
}

#[tokio::test]
async fn a_field_that_there_is_not_is_named_and_nothing_is_stored() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let canary = "07700900999";
    let mut full = police_request(&[HERS]);
    full["people"][0]["addresses"] = json!([{ "lines": "4 Invented Row" }]);
    full["people"][0]["channels"] = json!([{ "kind": "phone", "at": "07700 900124" }]);
    for empty in ["prisoner", "risk"] {
        full[empty] = json!({});
    }
    full["orders"] = json!([{ "kind": "restraining" }]);
    full["referrer"]["channel"] = json!({ "kind": "phone", "at": "07700 900125" });
    let table = [
        ("", "adresses", "adresses"),
        ("/referrer", "channels", "referrer.channels"),
        ("/referrer/channel", "notes", "referrer.channel.notes"),
        ("/people/0", "adresses", "people[0].adresses"),
        (
            "/people/0/addresses/0",
            "post_code",
            "people[0].addresses[0].post_code",
        ),
        ("/people/0/channels/0", "number", "people[0].channels[0].number"),
        ("/prisoner", "name", "prisoner.name"),
        ("/risk", "sexual", "risk.sexual"),
        ("/orders/0", "judge", "orders[0].judge"),
        ("/consent", "why", "consent.why"),
        // What looks like a value is not repeated, although it stands where a name should.
        ("/people/0", canary, "people[0]"),
        ("", canary, "body"),
    ];
    for (place, name, field) in table {
        let mut body = full.clone();
        body.pointer_mut(place).unwrap()[name] = json!([canary]);
        let answer = hub.post("/v1/requests", Some(&key), &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(answer.json()["field"], field);
        assert!(!answer.text.contains(canary), "{}", answer.text);
    }
    assert!(hub.queue().await.is_empty(), "nothing was stored");
    let whole = hub.post("/v1/requests", Some(&key), &full).await;
    assert_eq!(whole.status, StatusCode::CREATED, "{}", whole.text);
}

#[tokio::test]
async fn an_address_is_barred_and_one_that_names_no_house_comes_back() {
    let hub = TestHub::start().await;
    let key = hub.police_key().await;
    let mut body = police_request(&[]);
    body["people"][0]["addresses"] = json!([{ "lines": "4 Invented Row\nNowhereby", "postcode": "ZZ9 9ZZ" }, { "lines": "12" },
            { "lines": "Nowhereby" }, { "lines": "Rose Cottage, Nowhereby" }]);
    let json = hub.post("/v1/requests", Some(&key), &body).await.json();
    assert_eq!(json["targets"][0]["outcome"], "barred");
    for not_read in 1..4 {
        assert_eq!(
            json["targets"][not_read]["because"], "address-not-read",
            "{not_read}"
        );
    }
}
