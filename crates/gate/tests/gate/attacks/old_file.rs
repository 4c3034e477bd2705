//! Somebody with the gate's disk puts an older copy of its list under the running gate, so that what was barred since
//! is forgotten. Under a stopped gate: `hold` and `story`.

use feed::{Scope, Serial};
use gate::seams::Seams;

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::place::HELPLINE;
use crate::turns::following;

#[tokio::test(flavor = "multi_thread")]
async fn an_older_file_under_a_running_gate_changes_no_answer_and_counts_as_no_list_after_a_restart() {
    let (hub, place, gate) = following().await;
    let copy = std::fs::read(place.state("list")).unwrap();
    a_new_bar_reaches(&hub, &gate).await;
    std::fs::write(place.state("list"), &copy).unwrap();
    for dialled in [BARRED, "07700900002"] {
        assert!(!gate.allows(CALLER, dialled).await, "{dialled}, from memory");
    }
    let third = hub.with_source(|source| source.bar(3, 3, Scope::Everyone));
    let serial = hub.change(&[third], &[], &[]).await;
    hub.acknowledged(serial).await;
    gate.stop().await;
    let mut alone = place.config.clone();
    alone.hub = Some("http://127.0.0.1:9".to_owned());
    let gate = place.run_as(alone, Seams::real()).await;
    for dialled in [BARRED, "07700900002", "07700900003"] {
        assert!(!gate.allows(CALLER, dialled).await, "{dialled}, after a restart");
    }
    assert!(gate.allows(CALLER, HELPLINE).await);
    assert_eq!(gate.get("/health").await.1["why"], "damaged");
    gate.stop().await;
    hub.with_source(|source| source.change(&[], &[], &[]));
    let gate = place.run().await;
    hub.acknowledged(Serial(serial.0 + 1)).await;
    for (dialled, allowed) in [(BARRED, false), ("07700900003", false), ("07700900009", true)] {
        assert_eq!(
            gate.allows(CALLER, dialled).await,
            allowed,
            "{dialled}, of the new list"
        );
    }
    gate.stop().await;
}
