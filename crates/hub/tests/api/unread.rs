//! Long bodies from those who are no gate, and from gates that send half of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use feed::{Regime, ReportNotice, SigningKey};
use futures_util::StreamExt;
use hub::attempts::REPORTS_AT_ONCE;
use hub::publish::REPORT_LINE_BYTES;

use crate::gate::TestGate;
use crate::support::TestHub;

/// A body that notes when it is read, and never ends.
fn endless() -> (Body, Arc<AtomicBool>) {
    let was_read = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&was_read);
    let begins = futures_util::stream::once(async move {
        noted.store(true, Ordering::SeqCst);
        Ok::<_, std::convert::Infallible>(Bytes::from_static(b"half"))
    });
    (
        Body::from_stream(begins.chain(futures_util::stream::pending())),
        was_read,
    )
}

fn report(notice: Option<Vec<u8>>, body: Body) -> Request<Body> {
    let mut request = Request::post("/v1/gates/attempts");
    if let Some(notice) = notice {
        request = request.header(ReportNotice::HEADER, notice);
    }
    request.body(body).unwrap()
}

#[tokio::test]
async fn nothing_of_a_report_is_read_from_anybody_but_an_admitted_gate() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let waiting = TestGate::enrol(&hub, &url, leeds, 2).await;
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let table = [
        ("no notice", None, StatusCode::BAD_REQUEST),
        ("no line", Some(b"nonsense".to_vec()), StatusCode::BAD_REQUEST),
        (
            "a stranger's",
            Some(gate.notice(9, &stranger)),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "not admitted yet",
            Some(waiting.notice(9, &waiting.signing)),
            StatusCode::FORBIDDEN,
        ),
        (
            "one byte past the limit",
            Some(gate.notice(REPORT_LINE_BYTES + 1, &gate.signing)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ];
    for (what, notice, status) in table {
        let (body, was_read) = endless();
        let answer = tokio::time::timeout(Duration::from_secs(10), hub.send(report(notice, body)));
        assert_eq!(answer.await.expect(what).status, status, "{what}");
        assert!(!was_read.load(Ordering::SeqCst), "{what}");
    }
}

#[tokio::test]
async fn a_report_longer_than_its_notice_says_is_cut_off() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    for (bytes, status) in [(8, StatusCode::BAD_REQUEST), (9, StatusCode::PAYLOAD_TOO_LARGE)] {
        let notice = gate.notice(8, &gate.signing);
        let answer = hub
            .send(report(Some(notice), Body::from(vec![b'x'; bytes])))
            .await;
        assert_eq!(answer.status, status, "{bytes}");
    }
}

#[tokio::test]
async fn reports_are_read_one_for_each_gate_up_to_the_limit_and_one_more_waits_for_its_turn_unread() {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let mut gates = Vec::new();
    for seed in 0..=REPORTS_AT_ONCE {
        gates.push(TestGate::admitted(&hub, &url, leeds, seed as u8).await);
    }
    let full = |gate: &TestGate| gate.notice(REPORT_LINE_BYTES, &gate.signing);
    let last = gates.pop().unwrap();
    let mut half_sent: Vec<_> = Vec::new();
    for gate in &gates {
        let (body, was_read) = endless();
        let mut sending = Box::pin(hub.send(report(Some(full(gate)), body)));
        while !was_read.load(Ordering::SeqCst) {
            let unfinished = tokio::time::timeout(Duration::from_millis(10), sending.as_mut()).await;
            assert!(unfinished.is_err(), "at the limit");
        }
        half_sent.push(sending);
        if half_sent.len() == 1 {
            let again = hub.send(report(Some(full(gate)), endless().0)).await;
            assert_eq!(again.status, StatusCode::SERVICE_UNAVAILABLE, "its second");
        }
    }
    let mut waiting = Box::pin(hub.send(report(Some(full(&last)), Body::from("no report"))));
    let unfinished = tokio::time::timeout(Duration::from_millis(50), waiting.as_mut()).await;
    assert!(unfinished.is_err(), "one past the limit waits");
    half_sent.pop();
    assert_eq!(
        waiting.await.status,
        StatusCode::BAD_REQUEST,
        "its turn: it was read"
    );
}
