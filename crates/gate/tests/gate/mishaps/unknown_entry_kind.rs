//! A newer hub sends what this gate does not know. Passed over, it could be a bar that nobody applies; so the line is
//! not taken, the gate is red, and what it holds stays.

use feed::Serial;
use serde_json::{Value, json};

use crate::attacks::{BARRED, CALLER, a_new_bar_reaches, bar_on_two};
use crate::hub::TestHub;
use crate::turns::{following, refused};

/// The next change, with an announcement that this version does not know.
fn newer_change(hub: &TestHub, announced: &Value) -> Value {
    let change = hub.with_source(|source| source.clone().change(&[], &[], &[]));
    let mut message = serde_json::to_value(hub.next_line(change)).unwrap();
    message["body"]["delta"]["announce"] = json!([announced]);
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_with_an_unknown_entry_kind_or_word_is_not_taken_and_drops_nothing() {
    let (hub, _place, gate) = following().await;
    let known = serde_json::to_value(bar_on_two(&hub)).unwrap();
    let mut with_a_word = known.clone();
    with_a_word["bar"]["from_hour"] = json!(22);
    let unknown = [json!({ "video-bar": { "room": "7" } }), with_a_word];
    for announced in &unknown {
        let change = newer_change(&hub, announced);
        let asked = refused(&hub, async || hub.say_payload(&change).await).await;
        assert_eq!(
            asked.from.map(|(_, serial)| serial),
            Some(Serial(5)),
            "{announced}"
        );
        assert!(!gate.allows(CALLER, BARRED).await);
    }
    // The same line in words that it knows is taken: it was the word, and not the way of saying it.
    let change = {
        let next = hub.with_source(|source| source.change(&[], &[], &[]));
        serde_json::to_value(hub.next_line(next)).unwrap()
    };
    hub.say_payload(&change).await;
    hub.acknowledged(Serial(6)).await;
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_list_with_an_unknown_entry_kind_is_not_taken_in_part() {
    let (hub, _place, gate) = following().await;
    let snapshot = hub.with_source(|source| {
        source.entries.clear();
        source.serial = Serial(6);
        source.snapshot()
    });
    let mut message = serde_json::to_value(hub.next_line(snapshot)).unwrap();
    message["body"]["snapshot"]["entries"] = json!([{ "video-bar": { "room": "7" } }]);
    hub.freeze(true);
    refused(&hub, async || hub.say_payload(&message).await).await;
    assert_eq!(hub.last_acknowledged(), Some(Serial(5)));
    assert!(!gate.allows(CALLER, BARRED).await);
    assert!(
        gate.allows(CALLER, "07700900003").await,
        "the list held is not dropped"
    );
    gate.stop().await;
}
