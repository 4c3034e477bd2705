//! Calls that were up when their number was barred, on the page of the case.

use feed::{Attempt, GateId, Reason, Regime, Verdict};

use crate::support::Site;

fn attempt(sequence: u64, verdict: Verdict) -> Attempt {
    Attempt {
        sequence,
        at_ms: 1_800_000_000_000,
        caller: "A1234BC".to_owned(),
        dialled: "+447700900123".to_owned(),
        number: Some("+447700900123".to_owned()),
        verdict,
    }
}

#[tokio::test]
async fn a_call_that_was_up_stands_on_the_case_as_ended_or_as_not_ended() {
    let site = Site::start().await;
    site.switch_on("LEI", Regime::CallBarring).await;
    let receipt = site.police_request("07700 900123", "").await;
    let gate: GateId = site.enrol_gate("LEI", 1).await;
    let handler = site.browser("Hazel Handler").await;
    let page = async || handler.get(&format!("/cases/{}", receipt.reference)).await.text;
    let before = page().await;
    assert!(!before.contains("Call ended") && !before.contains("Call not ended"));
    assert!(
        before.contains(
            "goes on, because the phone system cannot end it or has not said that it can, in: Leeds (HMP)."
        ),
        "no gate there says that it can"
    );
    let ended = [attempt(1, Verdict::Ended(Reason::Barred))];
    site.hub.store.record_attempts(gate, &ended).await.unwrap();
    let with_one = page().await;
    assert!(with_one.contains("Call ended") && !with_one.contains("Call not ended"));
    let not_ended = [attempt(2, Verdict::NotEnded(Reason::Barred))];
    site.hub.store.record_attempts(gate, &not_ended).await.unwrap();
    assert!(page().await.contains("Call not ended"));
}
