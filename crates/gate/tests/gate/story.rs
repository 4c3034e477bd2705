//! Whole gates over real sockets: they enrol, follow, answer real INVITEs, are cut off, restarted, damaged and
//! lied to.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use feed::{ContactKind, Entry, Reason, Regime, Scope, Serial, Session, SigningKey, Verdict};
use gate::client::call;
use gate::identity::{EnrolError, enrol};
use gate::seams::Seams;
use serde_json::{Value, json};

use crate::hub::TestHub;
use crate::place::{HELPLINE, Place};
use crate::source::{Source, number};

/// A hub whose list has one approved number (3) of A0001BC, and serial 5.
fn enabling() -> Source {
    let mut source = Source::new(Regime::CallEnabling);
    source.serial = Serial(5);
    source.entries = vec![
        source.approved(1, 3, 1, ContactKind::Social),
        source.approved(2, 4, 1, ContactKind::Legal),
    ];
    source
}

/// A hub under call barring, with a bar on number 1.
fn barring() -> Source {
    let mut source = Source::new(Regime::CallBarring);
    source.serial = Serial(5);
    source.entries = vec![source.bar(1, 1, Scope::Everyone)];
    source
}

fn key_of(place: &Place) -> &std::path::Path {
    place.config.key_file.as_deref().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_enrols_waits_for_two_people_follows_and_answers() {
    let hub = TestHub::start(enabling()).await;
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    assert!(!gate.allows("A0001BC", "07700900003").await, "no list yet");
    assert!(gate.allows("A0001BC", HELPLINE).await, "always allowed");
    assert_eq!(gate.get("/health").await.0, 503);
    hub.admit();
    let word = hub.acknowledged(Serial(5)).await;
    assert_eq!(
        word.hash,
        hub.with_source(|source| feed::ListHash::of(&source.entries))
    );
    assert_eq!(gate.get("/health").await, (200, json!({ "healthy": true })));

    let answer = gate.call("A0001BC", "141 07700 900 003").await;
    assert_eq!(
        answer.contact.as_deref(),
        Some("sip:+447700900003@trunk.example;service=withhold")
    );
    assert_eq!(answer.number(), Some("+447700900003"));
    assert!(!gate.allows("A0002BC", "07700900003").await, "not on his list");
    let allowed = json!({ "verdict": "allow", "dial": "+447700900003" });
    assert_eq!(
        gate.post(json!({ "from": "A0001BC", "dialled": "07700 900003" }))
            .await,
        (200, allowed)
    );
    let refused = json!({ "verdict": "refuse" });
    for dialled in ["07700 900009", "nonsense", ""] {
        assert_eq!(
            gate.post(json!({ "from": "A0001BC", "dialled": dialled })).await,
            (200, refused.clone())
        );
    }

    let serial = hub.change(&[], &[], &[1]).await;
    hub.acknowledged(serial).await;
    assert!(
        !gate.allows("A0001BC", "07700900003").await,
        "revoked, and acknowledged only once it is refused"
    );
    let (_, status) = gate.get("/status").await;
    assert_eq!(status["serial"], 6);
    assert_eq!(status["in_sync"], true);
    assert_eq!(status["trouble"], Value::Null);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_to_a_lawyer_or_a_helpline_ever_reaches_the_hub() {
    let hub = TestHub::start(enabling()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    for private in ["07700900004", "141 07700 900004", HELPLINE] {
        assert!(gate.allows("A0001BC", private).await, "{private}");
    }
    assert!(gate.allows("A0001BC", "07700900003").await, "a friend of his");
    let attempts = hub.attempts(1).await;
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].number.as_deref(), Some("+447700900003"));
    assert_eq!(attempts[0].sequence, 1, "nothing was left out before it");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_gate_answers_from_its_disk_while_the_hub_is_gone() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    let serial = hub.change(&[bar], &[], &[]).await;
    hub.acknowledged(serial).await;
    gate.stop().await;
    hub.stop();
    let gate = place.run().await;
    for (dialled, allowed) in [
        ("07700900001", false),
        ("0044 7700 900002", false),
        ("07700900009", true),
        (HELPLINE, true),
    ] {
        assert_eq!(gate.allows("A0001BC", dialled).await, allowed, "{dialled}");
    }
    let (code, health) = gate.get("/health").await;
    assert_eq!((code, &health["why"]), (503, &json!("not-following")));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_was_away_resumes_where_it_stands() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    let asked = hub.asked_again(async || hub.cut()).await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
    let serial = hub.change(&[], &[], &[]).await;
    hub.acknowledged(serial).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_by_one_person_leads_to_a_snapshot_and_lifts_nothing() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    let mut message = hub.with_source(|source| source.change(&[], &[1], &[]));
    let feed::Body::Delta(delta) = &mut message.body else {
        unreachable!()
    };
    delta.withdraw[0].authority = crate::source::one_person();
    hub.say(message).await;
    let word = hub.acknowledged(Serial(6)).await;
    assert_eq!(word.held_without_record, 1);
    assert!(!gate.allows("A0001BC", "07700900001").await);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_rebuilt_from_nothing_lifts_no_bar() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    hub.with_source(|source| {
        source.session = Session::from_bytes([2; 16]);
        source.serial = Serial(1);
        source.entries.clear();
    });
    hub.certify(1);
    hub.cut();
    let word = hub.acknowledged(Serial(1)).await;
    assert_eq!(word.held_without_record, 1);
    assert!(!gate.allows("A0001BC", "07700900001").await);
    gate.stop().await;
    let gate = place.run().await;
    assert!(
        !gate.allows("A0001BC", "07700900001").await,
        "after a restart as well"
    );
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_list_refuses_until_the_hub_sends_another() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    gate.stop().await;
    let file = place.state("list");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    hub.with_source(|source| source.serial = Serial(6));
    let gate = place.run().await;
    hub.acknowledged(Serial(6)).await;
    assert!(gate.allows("A0001BC", "07700900009").await && !gate.allows("A0001BC", "07700900001").await);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_folder_put_back_from_a_copy_refuses_until_the_hub_sends_another_list() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    gate.stop().await;
    let copy: Vec<_> = ["list", "mark", "identity"]
        .map(|name| (place.state(name), std::fs::read(place.state(name)).unwrap()))
        .into();
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    hub.with_source(|source| source.change(&[bar], &[], &[]));
    let gate = place.run().await;
    hub.acknowledged(Serial(6)).await;
    gate.stop().await;
    hub.cut();
    copy.iter()
        .for_each(|(file, bytes)| std::fs::write(file, bytes).unwrap());
    let mut alone = place.config.clone();
    alone.hub = Some("http://127.0.0.1:9".to_owned());
    let gate = place.run_as(alone, Seams::real()).await;
    assert!(
        !gate.allows("A0001BC", "07700900002").await,
        "barred after the copy"
    );
    assert!(!gate.allows("A0001BC", "07700900009").await, "there is no list");
    assert!(gate.allows("A0001BC", HELPLINE).await);
    assert_eq!(gate.get("/health").await.1["why"], json!("damaged"));
    gate.stop().await;
    hub.with_source(|source| source.change(&[], &[], &[]));
    let gate = place.run().await;
    hub.acknowledged(Serial(7)).await;
    assert!(!gate.allows("A0001BC", "07700900002").await);
    assert!(gate.allows("A0001BC", "07700900009").await);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gate_says_of_itself_does_not_move_with_its_bars() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    let mut shown = Vec::new();
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    for announced in [vec![], vec![bar]] {
        let serial = hub.change(&announced, &[], &[]).await;
        hub.acknowledged(serial).await;
        let (_, mut status) = gate.get("/status").await;
        assert_eq!(status["serial"], serial.0);
        status["serial"] = Value::Null;
        status["heard_seconds_ago"] = Value::Null;
        shown.push(status);
    }
    hub.with_source(|source| {
        source.session = Session::from_bytes([2; 16]);
        source.entries.clear();
    });
    hub.certify(1);
    let session = shown[0]["session"].clone();
    hub.cut();
    hub.acknowledged_without_record().await;
    let (_, mut status) = gate.get("/status").await;
    status["serial"] = Value::Null;
    status["heard_seconds_ago"] = Value::Null;
    status["session"] = session;
    shown.push(status);
    assert!(shown.iter().all(|status| *status == shown[0]), "{shown:#?}");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_a_gate_refuses_loudly_and_goes_on_when_the_key_comes() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    gate.stop().await;
    let hidden = place.folder.path().join("hidden");
    std::fs::rename(key_of(&place), &hidden).unwrap();
    let gate = place.run().await;
    assert!(!gate.allows("A0001BC", "07700900009").await);
    assert!(gate.allows("A0001BC", HELPLINE).await);
    let (code, health) = gate.get("/health").await;
    assert_eq!((code, &health["why"]), (503, &json!("no-key")));
    let asked = hub
        .asked_again(async || std::fs::rename(&hidden, key_of(&place)).unwrap())
        .await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
    assert!(gate.allows("A0001BC", "07700900009").await);
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_reach_the_hub_in_order_and_leave_no_digits_behind() {
    let hub = TestHub::start(enabling()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    for (from, dialled) in [
        ("A0001BC", "141 07700 900003"),
        ("A0001BC", "07700900004"),
        ("A0001BC", HELPLINE),
        ("generic", "07700900008"),
        ("somebody", "*21*07700900008#"),
    ] {
        gate.call(from, dialled).await;
    }
    gate.stop().await;
    let gate = place.run().await;
    gate.post(json!({ "from": "official-office", "dialled": "0113 496 0000" }))
        .await;
    let attempts = hub.attempts(4).await;
    let seen: Vec<_> = attempts
        .iter()
        .map(|attempt| {
            (
                attempt.sequence,
                &*attempt.caller,
                &*attempt.dialled,
                attempt.number.as_deref(),
                attempt.verdict,
            )
        })
        .collect();
    let refused = |why| Verdict::Refuse(why);
    assert_eq!(
        seen,
        [
            (
                1,
                "A0001BC",
                "141 07700 900003",
                Some("+447700900003"),
                Verdict::Allow
            ),
            (
                2,
                "generic",
                "07700900008",
                Some("+447700900008"),
                refused(Reason::NotApproved)
            ),
            (
                3,
                "somebody",
                "*21*07700900008#",
                None,
                refused(Reason::Unresolvable)
            ),
            (
                4,
                "official-office",
                "0113 496 0000",
                Some("+441134960000"),
                refused(Reason::NotApproved)
            ),
        ],
        "neither the lawyer nor the helpline; no gap over a clean restart"
    );
    gate.stop().await;
    for digits in ["7700900003", "7700 900003", "7700900008", "1134960000", "A0001BC"] {
        assert_eq!(
            files_with(place.folder.path(), digits),
            Vec::<PathBuf>::new(),
            "{digits}"
        );
    }
}

/// The files below a folder that hold this text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| {
        if path.is_dir() {
            return files_with(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap();
        let has = bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if has { vec![path] } else { Vec::new() }
    });
    found.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_is_enrolled_once_for_its_prison_and_with_a_good_code() {
    let hub = TestHub::start(barring()).await;
    let place = Place::new(&hub);
    let seams = Seams::real();
    let mut other_prison = hub.code();
    other_prison.prison = "WWI".parse().unwrap();
    let said = enrol(&place.config, &seams, None, &other_prison, false).await;
    assert!(matches!(said, Err(EnrolError::OtherPrison { .. })), "{said:?}");
    let mut wrong = hub.code();
    wrong.secret = [0; 16];
    let said = enrol(&place.config, &seams, None, &wrong, false).await;
    assert!(matches!(said, Err(EnrolError::Declined(_))), "{said:?}");
    let mut impostor = hub.code();
    impostor.hub = SigningKey::from_bytes(&[77; 32]).verifying_key();
    let said = enrol(&place.config, &seams, None, &impostor, false).await;
    assert!(matches!(said, Err(EnrolError::NotTheHub)), "{said:?}");
    let first = enrol(&place.config, &seams, None, &hub.code(), false)
        .await
        .unwrap();
    let again = enrol(&place.config, &seams, None, &hub.code(), false).await;
    assert!(matches!(again, Err(EnrolError::Already)), "{again:?}");
    let replaced = enrol(&place.config, &seams, None, &hub.code(), true)
        .await
        .unwrap();
    assert_ne!(first, replaced, "a new enrolment makes new keys");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_is_enrolled_anew_keeps_what_it_refused() {
    let hub = TestHub::start(barring()).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    gate.stop().await;
    hub.with_source(|source| {
        source.gate = feed::GateId::from_bytes([8; 16]);
        source.key = feed::FingerprintKey::from_bytes([10; 32]);
        source.serial = Serial(6);
        source.entries.clear();
    });
    enrol(&place.config, &Seams::real(), None, &hub.code(), true)
        .await
        .unwrap();
    let gate = place.run().await;
    let word = hub.acknowledged(Serial(6)).await;
    assert_eq!(word.held_without_record, 1);
    assert!(
        !gate.allows("A0001BC", "07700900001").await,
        "under the earlier key"
    );
    let bar = hub.with_source(|source| source.bar(2, 2, Scope::Everyone));
    hub.acknowledged(hub.change(&[bar], &[], &[]).await).await;
    assert!(!gate.allows("A0001BC", "07700900002").await, "under the new one");
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_at_once_are_acknowledged_together_and_all_in_force() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    let mut last = Serial(0);
    for n in 1..=80 {
        let bar = hub.with_source(|source| Entry::Bar {
            bar: feed::BarId::from_bytes([n; 16]),
            number: source.key.fingerprint(&number(100 + u16::from(n))),
            scope: Scope::Everyone,
        });
        last = hub.change(&[bar], &[], &[]).await;
    }
    hub.acknowledged(last).await;
    for n in [101, 140, 180] {
        assert!(!gate.allows("A0001BC", &format!("07700900{n}")).await, "{n}");
    }
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gates_never_share_a_state_folder() {
    let hub = TestHub::start(barring()).await;
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    let second = gate::run(
        place.config.clone(),
        Seams::real(),
        |_| (),
        std::future::pending(),
    )
    .await;
    assert!(second.unwrap_err().to_string().contains("another gate runs on"));
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn http_answers_configured_peers_and_repeats_nothing() {
    let hub = TestHub::start(barring()).await;
    let mut place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    let client = reqwest::Client::new();
    let url = format!("http://{}/v1/calls", gate.ready.http);
    for body in [
        "{\"from\":\"A0001BC\"}",
        "07700900001",
        "{\"from\":\"A\",\"dialled\":\"1\",\"x\":1}",
        "",
    ] {
        let post = client
            .post(&url)
            .header("content-type", "application/json")
            .body(body);
        let response = post.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 400, "{body}");
        assert_eq!(
            response.text().await.unwrap(),
            "from and dialled are expected, as JSON\n"
        );
    }
    let metrics = client
        .get(format!("http://{}/metrics", gate.ready.http))
        .send()
        .await
        .unwrap();
    assert!(
        metrics
            .text()
            .await
            .unwrap()
            .contains("upcs_gate_calls_total{verdict=\"refuse\"} 0")
    );
    gate.stop().await;
    place.config.peers = vec!["192.0.2.1".parse().unwrap()];
    let gate = place.run().await;
    let mut stranger = std::net::TcpStream::connect(gate.ready.http).unwrap();
    let read = std::io::Read::read(&mut stranger, &mut [0; 1]);
    assert!(matches!(read, Ok(0) | Err(_)), "let go before a word");
    let gate_address: SocketAddr = gate.ready.sip;
    let asked = tokio::task::spawn_blocking(move || {
        call(gate_address, "A0001BC", HELPLINE, Duration::from_millis(300))
    });
    assert_eq!(
        asked.await.unwrap().unwrap_err().kind(),
        std::io::ErrorKind::TimedOut
    );
    gate.stop().await;
}
