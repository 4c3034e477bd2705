//! One prisoner's redials delay no other case's alert. By default a tenth of them; all with `UPCS_FULL=1`.

use std::time::{Duration, Instant};

use casework::CaseId;
use feed::{Attempt, Reason, Regime, Verdict};

use crate::gate::TestGate;
use crate::support::{TestHub, police_request};

/// Attempts of one report of the lane that waits, as a gate sends it.
const IN_A_REPORT: u64 = 1_000;
/// An alert of another case comes within this, while a flood is stored.
const WITHIN: Duration = Duration::from_secs(5);

fn redials() -> u64 {
    match std::env::var("UPCS_FULL") {
        Ok(_) => 100_000,
        Err(_) => 5_000,
    }
}

fn tried(sequence: u64, caller: &str, number: &str) -> Attempt {
    Attempt {
        sequence,
        at_ms: 1_795_424_400_000 + i64::try_from(sequence).unwrap(),
        caller: caller.to_owned(),
        dialled: number.to_owned(),
        number: Some(number.to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    }
}

async fn case_of(hub: &TestHub, key: &str, number: &str) -> CaseId {
    let filed = hub
        .post("/v1/requests", Some(key), &police_request(&[number]))
        .await
        .json();
    let reference: casework::Reference = filed["reference"].as_str().unwrap().parse().unwrap();
    hub.hub
        .store
        .open_case(&hub.handler, reference)
        .await
        .unwrap()
        .case
}

async fn open_alerts(hub: &TestHub, case: CaseId) -> u64 {
    let queue = hub.queue().await;
    queue
        .iter()
        .find(|row| row.case == case)
        .map_or(0, |row| row.alerts)
}

/// How long until an attempt that this gate reports now is an alert of its case.
async fn alerted_after(hub: &TestHub, gate: &TestGate, attempt: Attempt, case: CaseId) -> Duration {
    let begun = Instant::now();
    let before = open_alerts(hub, case).await;
    while gate.report(std::slice::from_ref(&attempt)).await.0 != 200 {}
    assert_eq!(open_alerts(hub, case).await, before + 1);
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_prisoners_redials_delay_no_other_cases_alert_at_another_gate_or_at_his_own() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let moorland = hub.switch_on("MDI", Regime::CallBarring).await;
    let flooded = TestGate::admitted(&hub, &url, leeds, 1).await;
    let other = TestGate::admitted(&hub, &url, moorland, 2).await;
    let key = hub.police_key().await;
    let his = case_of(&hub, &key, "07700 900123").await;
    let hers = case_of(&hub, &key, "07700 900124").await;
    let (redials, mut slowest) = (redials(), Duration::ZERO);
    let begun = Instant::now();
    for report in 0..redials / IN_A_REPORT {
        let first = 1 + report * (IN_A_REPORT + 1);
        let block: Vec<Attempt> = (first..first + IN_A_REPORT)
            .map(|n| tried(n, "A1234BC", "+447700900123"))
            .collect();
        // The same hour is another caller each time, so that each report must raise an alert of its own.
        let elsewhere = tried(report + 1, &format!("official-{report}"), "+447700900124");
        let here = tried(
            first + IN_A_REPORT,
            &format!("official-{report}"),
            "+447700900124",
        );
        let (flood, at_other) = tokio::join!(
            flooded.report(&block),
            alerted_after(&hub, &other, elsewhere, hers)
        );
        assert_eq!(flood.0, 200);
        let at_own = alerted_after(&hub, &flooded, here, hers).await;
        slowest = slowest.max(at_other).max(at_own);
    }
    let took = begun.elapsed();
    println!("{redials} redials in {took:?}; the slowest alert of another case after {slowest:?}");
    assert!(slowest < WITHIN, "{slowest:?}");
    let alerts = hub
        .hub
        .store
        .alerts_of_case(&hub.handler, his)
        .await
        .unwrap()
        .rows;
    let refused: u64 = alerts.iter().map(|alert| alert.times.0).sum();
    assert_eq!(
        (alerts.len(), refused),
        (1, redials),
        "one alert, every attempt kept"
    );
    let found = hub.hub.store.missing_attempts(flooded.id).await.unwrap();
    assert_eq!(found.missing, 0);
}
