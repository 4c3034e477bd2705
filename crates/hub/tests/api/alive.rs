//! A sign of life is one word of the gate itself, of now, about the stream that it reads: not one that somebody
//! on the way repeats, keeps for later or takes from another connection. And what a gate said of a state that
//! it no longer has is no proof.

use std::time::Duration;

use feed::{Acknowledgement, Regime, Serial};
use hub::publish::SILENT_AFTER;
use reqwest::StatusCode;

use crate::gate::{Lines, TestGate};
use crate::support::{TestHub, police_request};

const HERS: &str = "07700 900123";
const A_MOMENT: Duration = Duration::from_millis(1);

/// A hub, a gate that follows it, and a bar that the gate holds and has not acknowledged.
struct Barred {
    hub: TestHub,
    gate: TestGate,
    lines: Lines,
    key: String,
    proof: String,
    serial: Serial,
}

impl Barred {
    async fn new() -> Self {
        let hub = TestHub::start().await;
        let url = hub.serve().await;
        let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
        let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
        let mut lines = gate.follow().await.unwrap();
        gate.apply(&lines.next().await.unwrap());
        let key = hub.police_key().await;
        let body = police_request(&[HERS]);
        let filed = hub.post("/v1/requests", Some(&key), &body).await.json();
        let bar = filed["targets"][0]["bar"].as_str().unwrap();
        let serial = hub.hub.store.head().await.unwrap();
        gate.reach(&mut lines, serial).await;
        Self {
            proof: format!("/v1/bars/{bar}/in-force"),
            hub,
            gate,
            lines,
            key,
            serial,
        }
    }

    async fn covered(&self) -> u64 {
        let proof = self.hub.get(&self.proof, Some(&self.key)).await.json();
        proof["covered"].as_u64().unwrap()
    }

    async fn say(&self, word: &Acknowledgement) -> StatusCode {
        self.gate.say(word, &self.gate.signing).await
    }
}

#[tokio::test]
async fn an_acknowledgement_that_is_said_again_is_no_sign_of_life() {
    let place = Barred::new().await;
    let sniffed = place.gate.word();
    assert_eq!(place.say(&sniffed).await, StatusCode::NO_CONTENT);
    for _ in 0..6 {
        place.hub.instants.advance(Duration::from_secs(1));
        assert_eq!(
            place.say(&sniffed).await,
            StatusCode::NO_CONTENT,
            "its answer was lost"
        );
    }
    assert_eq!(place.covered().await, 0, "the gate was stopped");
}

#[tokio::test]
async fn an_acknowledgement_that_was_kept_back_is_as_old_as_the_line_that_it_answers() {
    let mut place = Barred::new().await;
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    place.gate.newest(&mut place.lines).await;
    let kept = place.gate.word();
    place.hub.instants.advance(SILENT_AFTER);
    assert_eq!(place.covered().await, 1, "at the limit");
    place.hub.instants.advance(A_MOMENT);
    assert_eq!(place.say(&kept).await, StatusCode::NO_CONTENT);
    assert_eq!(place.covered().await, 0);
}

#[tokio::test]
async fn an_acknowledgement_of_an_overtaken_line_or_an_earlier_stream_does_not_count() {
    let mut place = Barred::new().await;
    let first = place.gate.word();
    place.gate.newest(&mut place.lines).await;
    let second = place.gate.word();
    assert_eq!(place.say(&second).await, StatusCode::NO_CONTENT);
    assert_eq!(place.say(&first).await, StatusCode::CONFLICT, "overtaken");
    place.lines = place.gate.follow().await.unwrap();
    assert_eq!(
        place.say(&second).await,
        StatusCode::CONFLICT,
        "an earlier stream's"
    );
    place.hub.instants.advance(SILENT_AFTER + A_MOMENT);
    let elsewhere = Acknowledgement {
        turn: feed::Turn {
            line: 1_000,
            ..place.gate.word().turn
        },
        ..second
    };
    assert_eq!(
        place.say(&elsewhere).await,
        StatusCode::CONFLICT,
        "a line not sent yet"
    );
    assert_eq!(place.covered().await, 0);
    place.gate.newest(&mut place.lines).await;
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    assert_eq!(place.covered().await, 1);
}

#[tokio::test]
async fn a_gate_is_told_how_far_its_acknowledgements_have_come() {
    let mut place = Barred::new().await;
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    let said = place.gate.turn.get().line;
    place.gate.newest(&mut place.lines).await;
    let line = place.lines.next().await.unwrap();
    assert_eq!(place.gate.apply(&line).answered, said);
}

#[tokio::test]
async fn a_gate_that_went_back_below_a_bar_is_not_covered_until_it_has_acknowledged_again() {
    let mut place = Barred::new().await;
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    assert_eq!(place.covered().await, 1);
    let (session, entries) = (place.gate.at.unwrap().0, place.gate.entries.clone());
    place.gate.entries.clear();
    place.gate.at = Some((session, Serial(place.serial.0 - 1)));
    place.lines = place.gate.follow().await.unwrap();
    assert_eq!(place.covered().await, 0, "its state is older than the bar");
    let standings = hub::proof::standings(&place.hub.hub, &place.hub.operator)
        .await
        .unwrap();
    assert_eq!(standings[0].why_not, Some(hub::proof::WhyNot::NotAcknowledged));
    let serial = place.serial;
    place.gate.reach(&mut place.lines, serial).await;
    assert_eq!(place.gate.entries, entries);
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    assert_eq!(place.covered().await, 1);
}

#[tokio::test]
async fn a_gate_that_lost_its_list_is_not_covered_until_it_has_acknowledged_again() {
    let mut place = Barred::new().await;
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    place.gate.at = None;
    place.lines = place.gate.follow().await.unwrap();
    assert_eq!(place.covered().await, 0);
    place.gate.apply(&place.lines.next().await.unwrap());
    assert_eq!(place.gate.acknowledge().await, StatusCode::NO_CONTENT);
    assert_eq!(place.covered().await, 1);
}
