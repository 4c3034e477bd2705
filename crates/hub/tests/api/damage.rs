//! What the feed does when something stored cannot be read: it refuses whole and sends nothing.

use std::time::Duration;

use feed::Regime;
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, Database, TransactionTrait};

use crate::feed_stream::an_hour_later;
use crate::gate::TestGate;
use crate::support::{TestHub, police_request};

/// Writes to the hub's database behind its back.
async fn spoil(hub: &TestHub, statement: &str) {
    let url = format!("sqlite://{}", hub.folder.path().join("hub.db").display());
    let db = Database::connect(url).await.unwrap();
    let spoiled = db.execute_unprepared(statement).await.unwrap();
    assert_eq!(spoiled.rows_affected(), 1);
}

#[tokio::test]
async fn a_list_with_a_row_that_cannot_be_read_is_published_to_nobody() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let moorland = hub.switch_on("MDI", Regime::CallEnabling).await;
    let barring = TestGate::admitted(&hub, &url, leeds, 1).await;
    let enabling = TestGate::admitted(&hub, &url, moorland, 2).await;
    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&["07700 900123"]))
        .await;
    assert!(barring.follow().await.is_ok());
    spoil(&hub, "UPDATE bars SET target = x'00'").await;
    for gate in [&barring, &enabling] {
        assert_eq!(gate.follow().await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));
    }
}

#[tokio::test]
async fn history_that_cannot_be_read_ends_every_stream_and_shows_in_the_hubs_health() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, _) = TestGate::following(&hub, &url, leeds, 1).await;
    let head = hub.hub.store.head().await.unwrap().0;
    let next = head + 1;
    spoil(
        &hub,
        &format!("INSERT INTO history (serial, at, changes) VALUES ({next}, 0, 'nonsense')"),
    )
    .await;
    while let Some(line) = lines.next().await {
        gate.apply(&line);
    }
    assert_eq!(gate.at.unwrap().1.0, head, "nothing of it was sent");
    assert_eq!(gate.follow().await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));
    let health = hub.get("/v1/health", None).await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn history_whose_last_rows_are_missing_is_damage_and_not_waited_for() {
    let hub = TestHub::start().await;
    let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
    let hub = hub.restarted_with(an_hour_later()).await;
    let url = hub.serve().await;
    let (mut gate, lines, _) = TestGate::following(&hub, &url, leeds, 1).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    drop(lines);
    let key = hub.police_key().await;
    for _ in 0..2 {
        hub.post("/v1/requests", Some(&key), &police_request(&["07700 900123"]))
            .await;
    }
    let head = hub.hub.store.head().await.unwrap();
    let since = feed::Serial(head.0 - 2);
    spoil(&hub, &format!("DELETE FROM history WHERE serial = {head}")).await;
    let read = async |limit| hub.hub.store.history_since(since, limit).await;
    assert_eq!(read(1).await.unwrap().len(), 1, "the row before it is there");
    assert!(matches!(
        read(2).await,
        Err(hub::store::StoreError::Damaged { .. })
    ));

    let hub = hub.restarted_with(an_hour_later()).await;
    gate.url = hub.serve().await;
    let resumed = tokio::time::timeout(Duration::from_secs(10), gate.follow()).await;
    assert_eq!(resumed.unwrap().err(), Some(StatusCode::SERVICE_UNAVAILABLE));
}

#[tokio::test]
async fn a_wrong_enrolment_code_is_refused_while_somebody_else_writes() {
    let hub = TestHub::start().await;
    let prison = "LEI".parse().unwrap();
    let good = hub
        .hub
        .store
        .issue_enrolment_code(&hub.operator, prison)
        .await
        .unwrap();
    let url = format!("sqlite://{}", hub.folder.path().join("hub.db").display());
    let other = Database::connect(url).await.unwrap();
    let writing = other.begin().await.unwrap();
    writing
        .execute_unprepared("UPDATE counters SET value = value + 1 WHERE name = 'writer'")
        .await
        .unwrap();
    let enrol = |secret| {
        let verifying = feed::SigningKey::from_bytes(&[1; 32]).verifying_key();
        let sealing = feed::SealingKey::from_secret(&[1; 32]).public();
        hub.hub.store.enrol_gate(prison, secret, verifying, sealing)
    };
    let begun = std::time::Instant::now();
    assert_eq!(enrol([9; 16]).await, Err(hub::store::StoreError::NotFound));
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "it waited for its turn to write"
    );
    writing.commit().await.unwrap();
    assert!(enrol(good).await.is_ok());
}

#[tokio::test]
async fn a_letter_waits_while_a_barred_address_cannot_be_read() {
    use casework::{Role, WrittenAddress};
    let hub = TestHub::start().await;
    let prison = "LEI".parse().unwrap();
    let (clerk, _) = hub.key_of("Mo Mailroom", Role::Mailroom { prison }).await;
    let key = hub.police_key().await;
    let mut body = police_request(&[]);
    body["people"][0]["addresses"] =
        serde_json::json!([{ "lines": "4 Invented Row", "postcode": "ZZ9 9ZZ" }]);
    hub.post("/v1/requests", Some(&key), &body).await;
    spoil(&hub, "UPDATE bars SET target = x'00'").await;
    let elsewhere = WrittenAddress {
        lines: "17 Other Street".into(),
        postcode: Some("YY1 1YY".into()),
    };
    let envelope = hub::mailroom::Envelope {
        sender: None,
        written: elsewhere,
        kind: hub::store::MailKind::Letter,
        via: hub::store::Via::Page,
    };
    let beside = hub::store::Beside::default();
    let answer = hub::mailroom::check_letter(&hub.hub, &clerk, prison, &envelope, beside).await;
    assert!(matches!(answer, Err(hub::error::HubError::Damaged)));
}
