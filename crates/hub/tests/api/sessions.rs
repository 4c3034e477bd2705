//! A new session of the feed: begun with a certificate of two root keys for this hub's key, under a higher epoch; gates
//! find it, and a hub that runs on in the session before stops.

use feed::{CoSigned, Regime, Session, SessionCertificate, SigningKey, VerifyingKey};
use hub::store::StoreError;
use reqwest::StatusCode;

use crate::gate::TestGate;
use crate::support::TestHub;

fn roots() -> [SigningKey; 2] {
    [1, 2].map(|n| SigningKey::from_bytes(&[n; 32]))
}

fn session(n: u8) -> Session {
    Session::from_bytes([n; 16])
}

async fn begin(
    hub: &TestHub,
    certificate: &SessionCertificate,
    keys: [&SigningKey; 2],
) -> Result<(), StoreError> {
    let signed = CoSigned::sign(certificate, keys).unwrap();
    let roots: Vec<VerifyingKey> = roots().iter().map(SigningKey::verifying_key).collect();
    let begun = hub.hub.store.begin_feed_session(&hub.operator, &signed, &roots);
    begun.await.map(drop)
}

#[tokio::test]
async fn a_session_is_begun_by_two_roots_for_this_hub_under_a_higher_epoch_and_not_otherwise() {
    let hub = TestHub::start().await;
    let key = hub.hub.keys.feed_signing_key().verifying_key();
    let [one, two] = roots();
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let good = SessionCertificate::new(3, session(7), &key);
    let for_another = SessionCertificate::new(3, session(7), &stranger.verifying_key());
    let first_again = SessionCertificate::new(0, session(7), &key);
    for (what, certificate, keys) in [
        ("one root twice", &good, [&one, &one]),
        ("a stranger", &good, [&one, &stranger]),
        ("another hub's key", &for_another, [&one, &two]),
        ("the first epoch", &first_again, [&one, &two]),
    ] {
        assert!(begin(&hub, certificate, keys).await.is_err(), "{what}");
    }
    let before = hub.hub.store.feed_session().await.unwrap();
    assert_eq!((before.epoch, before.certificate), (0, None));
    assert_eq!(begin(&hub, &good, [&one, &two]).await, Ok(()));
    let same_epoch = SessionCertificate::new(3, session(8), &key);
    assert!(begin(&hub, &same_epoch, [&one, &two]).await.is_err());
    let after = hub.hub.store.feed_session().await.unwrap();
    assert_eq!((after.session, after.epoch), (session(7), 3));
}

#[tokio::test]
async fn a_gate_finds_the_certificate_and_a_hub_in_the_session_before_stops() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let (mut gate, mut lines, _) = TestGate::following(&hub, &url, leeds, 1).await;
    assert_eq!(
        hub.get("/v1/gates/session", None).await.status,
        StatusCode::NOT_FOUND
    );

    let [one, two] = roots();
    let key = hub.hub.keys.feed_signing_key().verifying_key();
    let certificate = SessionCertificate::new(1, session(7), &key);
    begin(&hub, &certificate, [&one, &two]).await.unwrap();
    lines.end().await;
    assert_eq!(
        hub.get("/v1/health", None).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(gate.follow().await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));

    let hub = hub.restarted().await;
    gate.url = hub.serve().await;
    let shown = hub.get("/v1/gates/session", None).await.text;
    let signed = CoSigned::<SessionCertificate>::parse(shown.as_bytes()).unwrap();
    let roots: Vec<VerifyingKey> = roots().iter().map(SigningKey::verifying_key).collect();
    assert_eq!(signed.verify(&roots), Ok(certificate));
    let mut lines = gate.follow().await.unwrap();
    let taken = gate.apply(&lines.next().await.unwrap());
    assert_eq!(taken.session, session(7));
    assert!(
        matches!(taken.body, feed::Body::Snapshot(_)),
        "no session resumes another's serials"
    );
    let late = TestGate::enrol(&hub, &gate.url, leeds, 2).await;
    assert_eq!(late.believed, (session(7), 1), "who enrols now begins with it");
}
