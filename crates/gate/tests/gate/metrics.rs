//! What a gate tells monitoring: the same whether it holds a thousand bars or none, and to its peers alone.

use std::net::IpAddr;

use feed::{Regime, Scope, Serial};
use gate::seams::Seams;

use crate::hub::TestHub;
use crate::place::{Place, Running};
use crate::source::Source;

/// A gate under call barring that holds so many bars, and the hub that it follows.
async fn gate_with(bars: u8) -> (TestHub, Place, Running) {
    let mut source = Source::new(Regime::CallBarring);
    source.entries = (0..bars)
        .map(|n| source.bar(n, u16::from(n) + 100, Scope::Everyone))
        .collect();
    let hub = TestHub::start(source).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    (hub, place, gate)
}

async fn metrics(gate: &Running) -> String {
    let answer = reqwest::get(format!("http://{}/metrics", gate.ready.http))
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    answer.text().await.unwrap()
}

/// The lines without their values where these count calls or measure time.
fn masked(metrics: &str) -> Vec<String> {
    let moves =
        |line: &str| line.contains("_calls_total{") || line.starts_with("upcs_gate_feed_age_seconds ");
    let line = |line: &str| match line.rsplit_once(' ') {
        Some((name, _)) if moves(line) => name.to_owned(),
        _ => line.to_owned(),
    };
    metrics.lines().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_with_bars_and_one_without_say_the_same() {
    let (_hub, _place, with) = gate_with(200).await;
    let (_other_hub, _other_place, without) = gate_with(0).await;
    // 07700 900100 is barred at the first, and rings at the second.
    for gate in [&with, &without] {
        gate.call("A0001BC", "07700900100").await;
        gate.call("A0001BC", "*21*07700900100#").await;
    }
    let (with, without) = (metrics(&with).await, metrics(&without).await);
    assert_eq!(masked(&with), masked(&without));
    assert!(
        with.contains("{verdict=\"refuse\"} 2\n"),
        "one count for all refusals: {with}"
    );
    assert_eq!(with.matches("verdict=\"refuse\"").count(), 1, "{with}");
    let names: Vec<&str> = with
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .collect();
    assert_eq!(
        names,
        [
            "upcs_gate_calls_total counter",
            "upcs_gate_in_sync gauge",
            "upcs_gate_attempts_lost_total counter",
            "upcs_gate_feed_age_seconds gauge",
        ],
        "a new metric is looked at here first: does it move with a bar?"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_a_peer_reads_them() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let place = Place::enrolled(&hub).await;
    let mut config = place.config.clone();
    config.peers = vec!["192.0.2.1".parse::<IpAddr>().unwrap()];
    let gate = place.run_as(config, Seams::real()).await;
    for path in ["metrics", "status", "health"] {
        let asked = reqwest::get(format!("http://{}/{path}", gate.ready.http)).await;
        assert!(asked.is_err(), "{path} is let go unanswered");
    }
    gate.stop().await;
}
