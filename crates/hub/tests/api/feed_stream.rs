//! The feed as a gate sees it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use casework::ProposedChange;
use feed::{Body, FollowRequest, ListHash, Regime, Serial, SigningKey};
use hub::seams::{Seams, SetClock};
use reqwest::StatusCode;

use crate::gate::TestGate;
use crate::support::{TestHub, police_request};

const HERS: &str = "07700 900123";

#[tokio::test]
async fn a_gate_gets_no_list_before_two_people_have_compared_its_key() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::enrol(&hub, &url, leeds, 1).await;
    assert_eq!(gate.follow().await.err(), Some(StatusCode::FORBIDDEN));
    hub.admit(gate.id, leeds).await;
    assert!(gate.follow().await.is_ok());
}

#[tokio::test]
async fn a_bar_reaches_a_gate_within_a_second_and_counts_once_it_is_acknowledged() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let mut lines = gate.follow().await.unwrap();
    let first = gate.apply(&lines.next().await.unwrap());
    assert!(matches!(first.body, Body::Snapshot(_)));
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);

    let key = hub.police_key().await;
    let receipt = hub
        .post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await
        .json();
    let barred = Instant::now();
    let bar = receipt["targets"][0]["bar"].as_str().unwrap().to_owned();
    let proof = format!("/v1/bars/{bar}/in-force");
    let before = hub.get(&proof, Some(&key)).await.json();
    assert_eq!((&before["prisons"], &before["covered"]), (&1.into(), &0.into()));
    assert_eq!(before["by_prison"][0]["why_not"], "not-acknowledged");

    gate.reach(&mut lines, Serial(first.serial.0 + 1)).await;
    assert!(
        barred.elapsed() < Duration::from_secs(1),
        "{:?}",
        barred.elapsed()
    );
    assert!(gate.bars(HERS));
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    let after = hub.get(&proof, Some(&key)).await.json();
    assert_eq!(after["covered"], 1);
    assert_eq!(after["by_prison"][0]["name"], "Leeds (HMP)");
    assert_eq!(after["at"], after["by_prison"][0]["gates"][0]["acknowledged_at"]);
    assert!(
        !after.to_string().contains(&gate.id.to_string()),
        "which gate it was is not said"
    );
}

#[tokio::test]
async fn an_acknowledgement_that_is_not_this_gates_true_word_is_never_counted() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let mut other = TestGate::admitted(&hub, &url, leeds, 2).await;
    let (mut lines, mut others) = (gate.follow().await.unwrap(), other.follow().await.unwrap());
    let start = gate.apply(&lines.next().await.unwrap()).serial;
    other.apply(&others.next().await.unwrap());
    let key = hub.police_key().await;
    let proof = hub.bar(&key, HERS).await;
    let barred = Serial(start.0 + 1);
    gate.reach(&mut lines, barred).await;
    other.reach(&mut others, barred).await;

    let word = gate.word();
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let future = feed::Acknowledgement {
        serial: Serial(barred.0 + 1),
        ..word.clone()
    };
    let session = feed::Session::from_bytes([5; 16]);
    let elsewhen = feed::Acknowledgement {
        session,
        ..word.clone()
    };
    let unknown = feed::Acknowledgement {
        gate: feed::GateId::from_bytes([4; 16]),
        ..word.clone()
    };
    assert_eq!(
        gate.say(&word, &stranger).await,
        StatusCode::UNAUTHORIZED,
        "wrong key"
    );
    assert_eq!(
        gate.say(&other.word(), &gate.signing).await,
        StatusCode::UNAUTHORIZED,
        "another gate's name"
    );
    assert_eq!(
        gate.say(&future, &gate.signing).await,
        StatusCode::CONFLICT,
        "a serial not sent yet"
    );
    assert_eq!(
        gate.say(&elsewhen, &gate.signing).await,
        StatusCode::CONFLICT,
        "another session"
    );
    assert_eq!(
        gate.say(&unknown, &gate.signing).await,
        StatusCode::CONFLICT,
        "a gate nobody knows"
    );
    let wrong = feed::Acknowledgement {
        hash: ListHash::EMPTY,
        ..word.clone()
    };
    assert_eq!(
        gate.say(&wrong, &gate.signing).await,
        StatusCode::CONFLICT,
        "another list"
    );
    let json = hub.get(&proof, Some(&key)).await.json();
    assert_eq!(json["covered"], 0);
    assert!(
        json["by_prison"][0]["gates"]
            .as_array()
            .unwrap()
            .iter()
            .all(|gate| gate["acknowledged_at"].is_null())
    );

    while lines.next().await.is_some() {}
    let mut lines = gate.follow().await.unwrap();
    let again = gate.apply(&lines.next().await.unwrap());
    assert!(
        matches!(again.body, Body::Snapshot(_)),
        "a gate that held another list gets a snapshot"
    );
}

#[tokio::test]
async fn a_gate_that_falls_silent_is_red_and_green_again_when_it_is_heard() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, start) = TestGate::following(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    let proof = hub.bar(&key, HERS).await;
    gate.reach(&mut lines, Serial(start.0 + 1)).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);

    hub.instants.advance(hub::publish::SILENT_AFTER);
    assert_eq!(
        hub.get(&proof, Some(&key)).await.json()["covered"],
        1,
        "at the limit"
    );
    hub.instants.advance(Duration::from_millis(1));
    let red = hub.get(&proof, Some(&key)).await.json();
    assert_eq!(
        (&red["covered"], &red["by_prison"][0]["why_not"]),
        (&0.into(), &"gate-silent".into())
    );
    assert!(
        !red["by_prison"][0]["gates"][0]["acknowledged_at"].is_null(),
        "what it said stays said"
    );
    gate.newest(&mut lines).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    assert_eq!(hub.get(&proof, Some(&key)).await.json()["covered"], 1);
}

#[tokio::test]
async fn a_gate_comes_back_where_it_stood_and_gets_only_what_it_missed() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, lines, start) = TestGate::following(&hub, &url, leeds, 1).await;
    drop(lines);
    let key = hub.police_key().await;
    for number in [HERS, "07700 900124", "07700 900125"] {
        hub.post("/v1/requests", Some(&key), &police_request(&[number]))
            .await;
    }
    let mut lines = gate.follow().await.unwrap();
    let next = gate.apply(&lines.next().await.unwrap());
    assert!(matches!(next.body, Body::Delta(_)));
    gate.reach(&mut lines, Serial(start.0 + 3)).await;
    assert!(gate.bars("07700 900125"));
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_gate_under_call_enabling_is_told_of_its_own_prisons_approved_numbers_and_no_bar() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallEnabling).await;
    let moorland = hub.switch_on("MDI", Regime::CallEnabling).await;
    let mut here = TestGate::admitted(&hub, &url, leeds, 1).await;
    let mut there = TestGate::admitted(&hub, &url, moorland, 2).await;
    hub.approve(leeds, "A1234BC", HERS).await;
    let (mut lines, mut theirs) = (here.follow().await.unwrap(), there.follow().await.unwrap());
    let start = here.apply(&lines.next().await.unwrap()).serial;
    there.apply(&theirs.next().await.unwrap());
    assert!(here.approves(HERS));
    assert!(there.entries.is_empty());

    let key = hub.police_key().await;
    hub.post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await;
    here.reach(&mut lines, Serial(start.0 + 1)).await;
    there.reach(&mut theirs, Serial(start.0 + 1)).await;
    assert!(here.entries.is_empty(), "a bar is a revocation");
    assert!(there.entries.is_empty());
    assert_eq!(here.acknowledge().await, StatusCode::NO_CONTENT);
    assert_eq!(
        there.acknowledge().await,
        StatusCode::NO_CONTENT,
        "an empty delta is acknowledged like any other"
    );
}

#[tokio::test]
async fn a_request_for_the_feed_is_good_once_and_only_from_the_gate_itself() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let challenge = gate.challenge().await;
    let request = gate.request(challenge);
    let stranger = SigningKey::from_bytes(&[9; 32]);
    assert_eq!(
        gate.follow_with(&request, &stranger).await.err(),
        Some(StatusCode::UNAUTHORIZED)
    );
    assert!(gate.follow_with(&request, &gate.signing).await.is_ok());
    assert_eq!(
        gate.follow_with(&request, &gate.signing).await.err(),
        Some(StatusCode::UNAUTHORIZED),
        "replayed"
    );
    let unknown = FollowRequest {
        gate: feed::GateId::from_bytes([4; 16]),
        ..request
    };
    assert_eq!(
        gate.follow_with(&unknown, &gate.signing).await.err(),
        Some(StatusCode::NOT_FOUND)
    );
}

#[tokio::test]
async fn whoever_asks_for_challenges_in_a_gates_name_does_not_keep_it_off_the_feed() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let challenge = gate.challenge().await;
    for _ in 0..=hub::publish::CHALLENGES_USED_PER_GATE {
        gate.challenge().await;
    }
    assert!(
        gate.follow_with(&gate.request(challenge), &gate.signing)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_gate_ahead_of_the_hub_is_not_talked_back_to_an_older_list() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let mut lines = gate.follow().await.unwrap();
    let start = gate.apply(&lines.next().await.unwrap());
    drop(lines);
    gate.at = Some((start.session, Serial(start.serial.0 + 10)));
    assert_eq!(gate.follow().await.err(), Some(StatusCode::CONFLICT));
}

#[tokio::test]
async fn a_lift_reaches_the_gate_under_the_authority_of_two_people() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, start) = TestGate::following(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    let filed = hub
        .post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await
        .json();
    let bar = filed["targets"][0]["bar"].as_str().unwrap();
    gate.reach(&mut lines, Serial(start.0 + 1)).await;
    assert!(gate.bars(HERS));

    hub.lift(bar).await;
    gate.reach(&mut lines, Serial(start.0 + 2)).await;
    assert!(!gate.bars(HERS));
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    let path = format!("/v1/bars/{bar}/in-force");
    let proof = hub.get(&path, Some(&key)).await.json();
    assert_eq!(
        (&proof["in_force"], &proof["covered"]),
        (&false.into(), &0.into())
    );
}

#[tokio::test]
async fn a_revoked_gate_loses_its_stream_and_leaves_its_prison_red() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, start) = TestGate::following(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    let path = hub.bar(&key, HERS).await;
    gate.reach(&mut lines, Serial(start.0 + 1)).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    hub.hub.store.revoke_gate(&hub.operator, gate.id).await.unwrap();
    let red = hub.get(&path, Some(&key)).await.json();
    assert_eq!(red["by_prison"][0]["why_not"], "gate-revoked");
    while lines.next().await.is_some() {}
    assert_eq!(gate.follow().await.err(), Some(StatusCode::FORBIDDEN));

    let (other, _lines, _) = TestGate::following(&hub, &url, leeds, 2).await;
    assert_eq!(other.acknowledge().await, StatusCode::NO_CONTENT);
    let red = hub.get(&path, Some(&key)).await.json();
    assert_eq!(
        red["by_prison"][0]["why_not"], "gate-revoked",
        "another makes nothing good"
    );
    let (gate, prison) = (gate.id.to_string(), leeds);
    let retire = ProposedChange::RetireGate { gate, prison };
    let proposal = hub
        .hub
        .store
        .propose(&hub.operator, retire, "stolen")
        .await
        .unwrap();
    assert!(hub.hub.store.approve(&hub.operator, proposal).await.is_err());
    let red = hub.get(&path, Some(&key)).await.json();
    assert_eq!(red["covered"], 0, "nor does one person");
    hub.hub
        .store
        .approve(&hub.second_operator, proposal)
        .await
        .unwrap();
    assert_eq!(hub.get(&path, Some(&key)).await.json()["covered"], 1);
}

#[tokio::test]
async fn a_gate_that_does_not_read_holds_up_no_other() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let stuck = TestGate::admitted(&hub, &url, leeds, 1).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 2).await;
    let unread = hub
        .hub
        .publisher
        .follow(&stuck.follow_line(stuck.challenge().await))
        .await
        .unwrap();
    let mut lines = gate.follow().await.unwrap();
    let start = gate.apply(&lines.next().await.unwrap()).serial;
    let key = hub.police_key().await;
    let more_than_is_queued = hub::publish::LINES_QUEUED + 6;
    for _ in 0..more_than_is_queued {
        hub.post("/v1/requests", Some(&key), &police_request(&[HERS]))
            .await;
    }
    gate.reach(&mut lines, Serial(start.0 + more_than_is_queued as u64))
        .await;
    assert_eq!(unread.len(), hub::publish::LINES_QUEUED, "its queue is bounded");
}

#[tokio::test]
async fn a_hub_that_restarts_knows_where_a_gate_stood_and_sends_only_what_it_missed() {
    let hub = TestHub::start().await;
    let leeds = hub.switch_on("LEI", Regime::CallBarring).await;
    let hub = hub.restarted_with(an_hour_later()).await;
    let url = hub.serve().await;
    let (mut gate, mut lines, start) = TestGate::following(&hub, &url, leeds, 1).await;
    let key = hub.police_key().await;
    let filed = hub
        .post("/v1/requests", Some(&key), &police_request(&[HERS]))
        .await
        .json();
    gate.reach(&mut lines, Serial(start.0 + 1)).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    drop(lines);

    let hub = hub.restarted_with(an_hour_later()).await;
    gate.url = hub.serve().await;
    hub.lift(filed["targets"][0]["bar"].as_str().unwrap()).await;
    hub.post("/v1/requests", Some(&key), &police_request(&["07700 900124"]))
        .await;
    let mut lines = gate.follow().await.unwrap();
    let next = gate.apply(&lines.next().await.unwrap());
    assert!(matches!(next.body, Body::Delta(_)));
    gate.reach(&mut lines, Serial(start.0 + 3)).await;
    assert!(gate.bars("07700 900124") && !gate.bars(HERS));
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_gate_that_may_not_know_its_prisons_regime_does_not_resume() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, _) = TestGate::following(&hub, &url, leeds, 1).await;
    assert_eq!(gate.acknowledge().await, StatusCode::NO_CONTENT);
    let change = casework::ProposedChange::SwitchPrisonOff { prison: leeds };
    let proposal = hub
        .hub
        .store
        .propose(&hub.operator, change, "another regime")
        .await
        .unwrap();
    hub.hub
        .store
        .approve(&hub.second_operator, proposal)
        .await
        .unwrap();
    while lines.next().await.is_some() {}
    assert_eq!(
        gate.follow().await.err(),
        Some(StatusCode::FORBIDDEN),
        "switched off"
    );

    let hub = hub.restarted().await;
    gate.url = hub.serve().await;
    hub.switch_on("LEI", Regime::CallEnabling).await;
    let mut lines = gate.follow().await.unwrap();
    let next = gate.apply(&lines.next().await.unwrap());
    let Body::Snapshot(snapshot) = next.body else {
        panic!("not a snapshot")
    };
    assert_eq!(snapshot.regime, Regime::CallEnabling);
}

/// The machine's randomness and a clock that is an hour ahead of when the test began.
pub(crate) fn an_hour_later() -> Seams {
    let now = Seams::real().clock.now();
    let clock = SetClock::at(now.saturating_add(jiff::SignedDuration::from_hours(1)).unwrap());
    Seams {
        clock: Arc::new(clock),
        ..Seams::real()
    }
}
