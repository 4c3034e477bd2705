//! Somebody on the way holds back the hub's words and keeps every connection open, so that a new bar does not come
//! and nothing looks broken. The gate knows within seconds, says so, and goes on refusing what it refused.

use std::time::Instant;

use gate::status::SILENT_AFTER;
use serde_json::json;

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::turns::following;

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_says_nothing_on_an_open_connection_is_noticed_in_bounded_time() {
    let (hub, _place, gate) = following().await;
    assert_eq!(gate.get("/health").await.0, 200);
    hub.freeze(true);
    let begun = Instant::now();
    let mut every = tokio::time::interval(SILENT_AFTER / 20);
    while gate.get("/health").await.0 == 200 {
        every.tick().await;
        assert!(begun.elapsed() < SILENT_AFTER * 2, "silence is taken for health");
    }
    assert_eq!(gate.get("/health").await.1["why"], json!("not-following"));
    assert_eq!(gate.get("/status").await.1["in_sync"], false);
    assert!(!gate.allows(CALLER, BARRED).await, "what is held is refused");
    assert!(
        gate.allows(CALLER, "07700900003").await,
        "and what was not barred rings"
    );
    hub.freeze(false);
    hub.asked_again(async || ()).await;
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}
