//! Calls that are up when their number comes to be refused.

use std::time::Duration;

use feed::{ContactKind, Reason, Regime, Scope, Serial, Verdict};
use gate::live::{ANSWERED_WITHIN, BEAT, LiveCalls, MAX_CALLS, NotListed, Platform, Spoken};
use gate::seams::Seams;
use serde_json::json;

use crate::hub::TestHub;
use crate::place::{Place, Running};
use crate::platform::{Call, Ends, TestPlatform};
use crate::source::Source;

/// Names are those that Kamailio gives; a platform that speaks HTTP may use any.
const TO_TWO: Call = ("2698:3483", "A0001BC", "+447700900002");
const TO_NINE: Call = ("2698:3484", "A0002BC", "+447700900009");
const TO_A_HELPLINE: Call = ("11:1", "generic", "+447700900007");

async fn run(place: &Place, platform: &TestPlatform) -> Running {
    let mut config = place.config.clone();
    config.live_calls = Some(platform.configured.clone());
    place.run_as(config, Seams::real()).await
}

async fn barring() -> (TestHub, Place) {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    (hub, place)
}

/// Bars number 2 for everyone.
async fn bar_two(hub: &TestHub) {
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    let serial = hub.change(&[bar], &[], &[]).await;
    hub.acknowledged(serial).await;
}

async fn is_ended_by(spoken: Spoken) {
    let (hub, place) = barring().await;
    let platform = TestPlatform::start(spoken, Ends::Yes, &[TO_TWO, TO_NINE, TO_A_HELPLINE]).await;
    let gate = run(&place, &platform).await;
    hub.acknowledged(Serial(0)).await;
    platform.listed(2).await;
    assert_eq!(platform.asked_to_end(), [""; 0], "nothing is barred yet");
    bar_two(&hub).await;
    let told = hub.attempts(1).await;
    assert_eq!(told[0].verdict, Verdict::Ended(Reason::Barred));
    assert_eq!(
        (&*told[0].caller, told[0].number.as_deref()),
        ("A0001BC", Some("+447700900002"))
    );
    platform.listed(1).await;
    assert_eq!(platform.asked_to_end(), [TO_TWO.0]);
    assert_eq!(platform.up(), [TO_NINE.0, TO_A_HELPLINE.0]);
    assert_eq!(gate.get("/status").await.1["live_calls"], json!("listed"));
    let metrics = reqwest::get(format!("http://{}/metrics", gate.ready.http))
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("{verdict=\"refuse\"} 0\n"),
        "no counter moves: {metrics}"
    );
    hub.heartbeat_in_turn().await;
    assert!(hub.answered().await.ends_calls, "the hub knows that it can");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_up_is_ended_when_its_number_is_barred() {
    is_ended_by(Spoken::Http).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_up_is_ended_through_kamailios_dialogs() {
    is_ended_by(Spoken::Kamailio).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_rings_at_kamailio_is_ended_once_it_is_answered() {
    let (hub, place) = barring().await;
    let platform = TestPlatform::start(Spoken::Kamailio, Ends::Yes, &[TO_TWO]).await;
    platform.ring(true);
    let gate = run(&place, &platform).await;
    hub.acknowledged(Serial(0)).await;
    bar_two(&hub).await;
    platform.listed(2).await;
    assert_eq!(
        platform.asked_to_end(),
        [""; 0],
        "it would say yes and let it ring"
    );
    platform.ring(false);
    assert_eq!(hub.attempts(1).await[0].verdict, Verdict::Ended(Reason::Barred));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_ended_when_its_approved_entry_is_revoked() {
    let mut source = Source::new(Regime::CallEnabling);
    source.entries = vec![
        source.approved(1, 2, 1, ContactKind::Social),
        source.approved(2, 9, 2, ContactKind::Social),
    ];
    let hub = TestHub::start(source).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let platform = TestPlatform::start(Spoken::Http, Ends::Yes, &[TO_TWO, TO_NINE, TO_A_HELPLINE]).await;
    let gate = run(&place, &platform).await;
    hub.acknowledged(Serial(0)).await;
    hub.change(&[], &[], &[1]).await;
    let told = hub.attempts(1).await;
    assert_eq!(told[0].verdict, Verdict::Ended(Reason::NotApproved));
    assert_eq!(platform.up(), [TO_NINE.0, TO_A_HELPLINE.0]);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_platform_does_not_end_is_told_once_and_asked_for_again() {
    let (hub, place) = barring().await;
    let platform = TestPlatform::start(Spoken::Http, Ends::No, &[TO_TWO]).await;
    let gate = run(&place, &platform).await;
    hub.acknowledged(Serial(0)).await;
    bar_two(&hub).await;
    let told = hub.attempts(1).await;
    assert_eq!(told[0].verdict, Verdict::NotEnded(Reason::Barred));
    platform.listed(2).await;
    gate.stop().await;
    assert!(platform.asked_to_end().len() > 3, "on every beat");
    assert_eq!(hub.attempts(1).await.len(), 1, "and told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_goes_on_though_the_platform_says_it_ended_is_told() {
    let (hub, place) = barring().await;
    let platform = TestPlatform::start(Spoken::Kamailio, Ends::SaysSo, &[TO_TWO]).await;
    let gate = run(&place, &platform).await;
    hub.acknowledged(Serial(0)).await;
    bar_two(&hub).await;
    let told = hub.attempts(2).await;
    let verdicts: Vec<_> = told.iter().map(|attempt| attempt.verdict).collect();
    assert_eq!(
        verdicts,
        [Verdict::Ended(Reason::Barred), Verdict::NotEnded(Reason::Barred)]
    );
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platform_is_asked_on_the_same_beat_whatever_the_feed_brings() {
    let (hub, place) = barring().await;
    let platform = TestPlatform::start(Spoken::Http, Ends::Yes, &[TO_NINE]).await;
    let gate = run(&place, &platform).await;
    hub.acknowledged(Serial(0)).await;
    for _ in 0..3 {
        platform.listed(1).await;
        bar_two_again(&hub).await;
    }
    let asked = platform.listed(1).await;
    let gaps: Vec<Duration> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let least = BEAT - ANSWERED_WITHIN / 2;
    assert!(gaps.iter().all(|gap| *gap > least), "{gaps:?}");
    gate.stop().await;
}

/// One change more, which bars something.
async fn bar_two_again(hub: &TestHub) {
    let bar = hub.with_source(|source| {
        let id = u8::try_from(source.entries.len() + 10).unwrap();
        source.bar(id, 2, Scope::Everyone)
    });
    let serial = hub.change(&[bar], &[], &[]).await;
    hub.acknowledged(serial).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_list_or_the_always_allowed_numbers_nobody_is_cut_off() {
    let hub = TestHub::start(Source::new(Regime::CallEnabling)).await;
    let place = Place::enrolled(&hub).await;
    let always = place.folder.path().join("always");
    let whole = std::fs::read(&always).unwrap();
    std::fs::write(&always, "").unwrap();
    let platform = TestPlatform::start(Spoken::Http, Ends::Yes, &[TO_TWO, TO_A_HELPLINE]).await;
    let gate = run(&place, &platform).await;
    platform.listed(2).await;
    assert_eq!(platform.asked_to_end(), [""; 0], "no list");
    hub.admit();
    hub.acknowledged(Serial(0)).await;
    platform.listed(2).await;
    assert_eq!(platform.asked_to_end(), [""; 0], "no always-allowed numbers");
    std::fs::write(&always, whole).unwrap();
    hub.attempts(1).await;
    assert_eq!(platform.up(), [TO_A_HELPLINE.0], "now it can tell");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_does_not_answer_is_a_warning_and_holds_up_nothing() {
    let (hub, place) = barring().await;
    let nobody = LiveCalls {
        platform: Spoken::Http,
        hook: "http://127.0.0.1:1/calls".to_owned(),
    };
    let mut config = place.config.clone();
    config.live_calls = Some(nobody);
    let gate = place.run_as(config, Seams::real()).await;
    hub.acknowledged(Serial(0)).await;
    bar_two(&hub).await;
    assert!(!gate.allows("A0001BC", "07700900002").await);
    let (code, health) = gate.get("/health").await;
    assert_eq!((code, &health["warnings"]), (200, &json!(["calls-not-listed"])));
    hub.heartbeat_in_turn().await;
    assert!(!hub.answered().await.ends_calls);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_calls_as_the_limit_are_taken_and_one_more_is_not() {
    for (count, expected) in [(MAX_CALLS, None), (MAX_CALLS + 1, Some(NotListed::TooLong))] {
        let platform = TestPlatform::start(Spoken::Http, Ends::Yes, &vec![TO_NINE; count]).await;
        let asked = Platform::new(&platform.configured, reqwest::Client::new()).unwrap();
        assert_eq!(asked.calls().await.err(), expected, "{count}");
    }
}
