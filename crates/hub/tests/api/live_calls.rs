//! Calls that were up when their number was barred: which prisons end them, as the proof says it.

use feed::Regime;
use reqwest::StatusCode;

use crate::gate::TestGate;
use crate::support::TestHub;

#[tokio::test]
async fn the_proof_says_prison_by_prison_whether_calls_that_are_up_are_ended() {
    let hub = TestHub::start().await;
    let url = hub.serve().await;
    let key = hub.police_key().await;
    let path = hub.bar(&key, "07700 900123").await;
    let mut gates = Vec::new();
    for (seed, prison) in ["LEI", "MDI", "CFI"].into_iter().enumerate() {
        let prison = hub.switch_on(prison, Regime::CallBarring).await;
        let seed = u8::try_from(seed).unwrap();
        gates.push(TestGate::admitted(&hub, &url, prison, seed + 1).await);
    }
    // Leeds says that it can, Moorland that it cannot, and Cardiff has not been heard.
    for (gate, ends_calls) in gates.iter_mut().zip([true, false]) {
        let mut lines = gate.follow().await.unwrap();
        gate.apply(&lines.next().await.unwrap());
        let word = feed::Acknowledgement {
            ends_calls,
            ..gate.word()
        };
        assert_eq!(gate.say(&word, &gate.signing).await, StatusCode::NO_CONTENT);
    }
    let proof = hub.get(&path, Some(&key)).await.json();
    let rows = proof["by_prison"].as_array().unwrap();
    let said: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["prison"].as_str().unwrap(),
                row["ends_calls"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(said, [("CFI", false), ("LEI", true), ("MDI", false)]);
}
