//! What becomes of attempts that a hub takes, cannot open, or has already.

use feed::{Regime, SealedBlock, Serial};
use serde_json::json;

use crate::hub::{PATIENCE, TestHub};
use crate::place::{Place, Running};
use crate::source::Source;

async fn following(hub: &TestHub, place: &Place) -> Running {
    hub.admit();
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    gate
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_the_hub_cannot_open_is_set_aside_and_holds_up_no_other() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let place = Place::enrolled(&hub).await;
    let damaged = SealedBlock {
        first: 1,
        last: 3,
        sealed: "AAAA".to_owned(),
    };
    let line = serde_json::to_string(&damaged).unwrap() + "\n";
    std::fs::create_dir(place.state("spool")).unwrap();
    std::fs::write(place.state("spool/00000000000000000001.blocks"), &line).unwrap();
    let gate = following(&hub, &place).await;
    gate.call("A0001BC", "07700900009").await;
    let attempts = hub.attempts(1).await;
    assert_eq!(attempts[0].sequence, 4, "behind the gap");
    let told = async {
        while gate.get("/health").await.1["why"] != json!("blocks-set-aside") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("told in time");
    assert_eq!(gate.get("/status").await.1["blocks_set_aside"], 1);
    gate.stop().await;
    let aside = place.state("spool/aside/00000000000000000001-3.blocks");
    assert_eq!(std::fs::read_to_string(&aside).unwrap(), line, "kept as it was");
    let gate = following(&hub, &place).await;
    let told = async {
        while gate.get("/status").await.1["blocks_set_aside"] != 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, told)
        .await
        .expect("after a restart as well");
    std::fs::remove_file(aside).unwrap();
    let healthy = async {
        while gate.get("/health").await.0 != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, healthy)
        .await
        .expect("an operator has looked");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_gives_out_no_number_that_the_hub_has_already() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let place = Place::enrolled(&hub).await;
    hub.has_already(5_000);
    let gate = following(&hub, &place).await;
    // The first answer tells the gate, at the latest before it seals the call after the next.
    for count in 1..=3 {
        gate.call("A0001BC", "07700900009").await;
        hub.attempts(count).await;
    }
    gate.stop().await;
    let gate = following(&hub, &place).await;
    gate.call("A0001BC", "07700900009").await;
    let sequences: Vec<u64> = hub
        .attempts(4)
        .await
        .iter()
        .map(|attempt| attempt.sequence)
        .collect();
    assert_eq!(
        (sequences[0], sequences[3]),
        (1, sequences[2] + 1),
        "{sequences:?}"
    );
    assert!(sequences[2] > 5_000, "{sequences:?}");
    gate.stop().await;
}
