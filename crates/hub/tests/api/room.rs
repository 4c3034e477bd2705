//! A gate announces how much it can hold. A bar is never refused for want of room: it is imposed, goes to the gates
//! that can hold it, and the one that cannot is red; the operators are told well before.

use feed::{Regime, Serial};
use hub::publish::Room;
use prison::PrisonId;
use reqwest::StatusCode;
use serde_json::json;

use crate::gate::{Lines, TestGate};
use crate::support::{TestHub, police_request};

/// What the small gate says that it can hold.
const CAPACITY: u64 = 5;

struct Place {
    hub: TestHub,
    key: String,
    leeds: PrisonId,
    small: TestGate,
    small_lines: Lines,
    large: TestGate,
    large_lines: Lines,
}

impl Place {
    async fn new() -> Self {
        let hub = TestHub::start().await;
        let url = hub.serve().await;
        let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
        let moorland = hub.switch_on("MDI", Regime::CallBarring).await;
        let mut small = TestGate::admitted(&hub, &url, leeds, 1).await;
        small.capacity = CAPACITY;
        let mut large = TestGate::admitted(&hub, &url, moorland, 2).await;
        let mut small_lines = small.follow().await.unwrap();
        let mut large_lines = large.follow().await.unwrap();
        small.apply(&small_lines.next().await.unwrap());
        large.apply(&large_lines.next().await.unwrap());
        assert_eq!(small.acknowledge().await, StatusCode::NO_CONTENT);
        let key = hub.police_key().await;
        Self {
            hub,
            key,
            leeds,
            small,
            small_lines,
            large,
            large_lines,
        }
    }

    /// Bars a number that was not barred; returns the bar.
    async fn bar(&mut self, n: usize) -> String {
        let body = police_request(&[&format!("07700 90010{n}")]);
        let receipt = self.hub.post("/v1/requests", Some(&self.key), &body).await.json();
        let head = self.hub.hub.store.head().await.unwrap();
        self.large.reach(&mut self.large_lines, head).await;
        assert_eq!(self.large.acknowledge().await, StatusCode::NO_CONTENT);
        receipt["targets"][0]["bar"].as_str().unwrap().to_owned()
    }

    /// What the hub says of the small gate's room and of its own health.
    async fn alarmed(&self) -> (Room, bool) {
        let standings = hub::proof::standings(&self.hub.hub, &self.hub.operator)
            .await
            .unwrap();
        let leeds = standings.iter().find(|row| row.prison == self.leeds).unwrap();
        let health = self.hub.get("/v1/health", None).await;
        assert_eq!(health.status, StatusCode::OK, "requests are taken and published");
        let alarm = health.json()["alarms"] == json!(["gate-short-of-room"]);
        (leeds.gates[0].room, alarm)
    }

    async fn why_not(&self, bar: &str) -> Vec<serde_json::Value> {
        let proof = self
            .hub
            .get(&format!("/v1/bars/{bar}/in-force"), Some(&self.key))
            .await
            .json();
        let rows = proof["by_prison"].as_array().unwrap();
        rows.iter().map(|row| row["why_not"].clone()).collect()
    }
}

#[tokio::test]
async fn a_bar_past_what_one_gate_can_hold_is_imposed_reaches_the_others_and_leaves_that_one_red() {
    let mut place = Place::new().await;
    let mut bars = Vec::new();
    for n in 0..5 {
        bars.push(place.bar(n).await);
        let head = place.hub.hub.store.head().await.unwrap();
        place.small.reach(&mut place.small_lines, head).await;
        assert_eq!(place.small.acknowledge().await, StatusCode::NO_CONTENT);
        let expected = if n + 1 < 4 {
            (Room::Enough, false)
        } else {
            (Room::Short, true)
        };
        assert_eq!(place.alarmed().await, expected, "{} of {CAPACITY}", n + 1);
    }
    let full = place.bar(5).await;
    assert!(
        place.large.bars("07700 900105"),
        "it reached the gate that can hold it"
    );
    place.small_lines.end().await;
    assert_eq!(place.alarmed().await, (Room::Full, true));
    assert_eq!(place.why_not(&full).await, [json!("gate-full"), json!(null)]);
    assert_eq!(place.small.follow().await.err(), Some(StatusCode::CONFLICT));
    assert!(
        (0..5).all(|n| place.small.bars(&format!("07700 90010{n}"))),
        "it keeps what it has"
    );
    // Two people lift one of them: there is room again, and the gate gets all of its list at once.
    place.hub.lift(&bars[0]).await;
    let mut lines = place.small.follow().await.unwrap();
    let head = place.hub.hub.store.head().await.unwrap();
    let taken = place.small.apply(&lines.next().await.unwrap());
    assert!(matches!(taken.body, feed::Body::Snapshot(_)) && taken.serial == head);
    assert_eq!(place.small.acknowledge().await, StatusCode::NO_CONTENT);
    assert!(place.small.bars("07700 900105"));
    assert_eq!(place.alarmed().await, (Room::Short, true));
}

#[tokio::test]
async fn a_gate_with_other_always_allowed_numbers_covers_nothing_until_they_are_the_hubs() {
    let mut place = Place::new().await;
    let bar = place.bar(0).await;
    place.small.reach(&mut place.small_lines, Serial(1)).await;
    let other = feed::AlwaysAllowed {
        version: 1,
        numbers: Vec::new(),
    };
    let hubs = place.hub.hub.always_allowed.digest();
    let said = [
        (Some(other.digest()), json!("other-always-allowed")),
        (Some(hubs), json!(null)),
        // A gate without any lets nothing ring that a bar refuses; its own health is red.
        (None, json!(null)),
    ];
    for (digest, expected) in said {
        place.small.always_allowed = digest;
        place.small.newest(&mut place.small_lines).await;
        assert_eq!(place.small.acknowledge().await, StatusCode::NO_CONTENT);
        assert_eq!(place.why_not(&bar).await[0], expected, "{digest:?}");
    }
}
