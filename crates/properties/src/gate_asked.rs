//! What a phone switch sends to a gate.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use arc_swap::{ArcSwap, ArcSwapOption};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use data_encoding::BASE64;
use feed::{
    BarId, Entry, FingerprintKey, GateId, ListHash, Message, Regime, Scope, SealingKey, Serial, Session,
    Snapshot, StreamId, Turn,
};
use gate::answer::call::{Received, answer};
use gate::answer::http::{MAX_BODY_BYTES, router};
use gate::answer::seen::Seen;
use gate::answer::{Counted, Desk};
use gate::authorise::ClassPolicy;
use gate::list::BarList;
use gate::report::AttemptQueue;
use gate::seams::Seams;
use gate::status::Standing;
use phone::{PhoneNumber, resolve};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The number that the gate's list bars.
const BARRED: &str = "+447700900123";
/// Bytes of an answer that are read.
const ANSWER_BYTES: usize = 64 * 1024;

/// A datagram of SIP: no answer, or a whole one; the same again; and the barred number in none that allows.
pub(crate) fn sip(bytes: &[u8]) {
    let desk = desk();
    let said = [ask(desk, bytes), ask(desk, bytes)];
    assert_eq!(said[0], said[1], "a retransmission gets the same answer");
    let Some(said) = &said[0] else {
        return;
    };
    assert!(said.starts_with(b"SIP/2.0 ") && said.ends_with(b"\r\n\r\n"));
    let text = String::from_utf8_lossy(said);
    let contacts: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("Contact: <sip:"))
        .collect();
    if !text.starts_with("SIP/2.0 302 ") {
        assert!(contacts.is_empty(), "only an allowed call is sent on");
        return;
    }
    assert_eq!(contacts.len(), 1);
    may_ring(contacts[0].split('@').next().unwrap_or_default());
}

fn ask(desk: &Desk, bytes: &[u8]) -> Option<Vec<u8>> {
    let received = Received {
        bytes,
        is_whole: true,
        source: SocketAddr::from(([127, 0, 0, 1], 5060)),
    };
    let mut said = Vec::new();
    answer(desk, received, &mut said).map(|_| said)
}

/// A body of `POST /v1/calls`.
pub(crate) fn http_body(bytes: &[u8]) {
    let Some((runtime, router)) = http() else {
        panic!("no runtime for the gate's router");
    };
    let request = Request::post("/v1/calls").header("content-type", "application/json");
    let Ok(request) = request.body(Body::from(bytes.to_vec())) else {
        return;
    };
    let (status, body) = runtime.block_on(async {
        let Ok(response) = router.clone().oneshot(request).await;
        let (head, body) = response.into_parts();
        (
            head.status,
            to_bytes(body, ANSWER_BYTES).await.unwrap_or_default(),
        )
    });
    if bytes.len() > MAX_BODY_BYTES {
        assert_ne!(status, StatusCode::OK);
    }
    if status != StatusCode::OK {
        assert!(status.is_client_error(), "{status}");
        return;
    }
    let said: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    match said["verdict"].as_str() {
        Some("allow") => may_ring(said["dial"].as_str().unwrap_or_default()),
        verdict => assert_eq!((verdict, said.get("dial")), (Some("refuse"), None)),
    }
}

/// What the trunk is sent is a number in canonical form, and not the barred one.
fn may_ring(number: &str) {
    assert!(
        PhoneNumber::parse_canonical(number).is_ok(),
        "not a number in canonical form"
    );
    assert!(resolve(number, None).is_ok_and(|again| again.number.expose() == number));
    assert_ne!(number, BARRED, "the barred number rings");
}

fn http() -> &'static Option<(Runtime, Router)> {
    static HTTP: OnceLock<Option<(Runtime, Router)>> = OnceLock::new();
    HTTP.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        let desk = Arc::new(make_desk()?);
        let prison = "LEI".parse().ok()?;
        let standing = Arc::new(Standing::new(prison, Arc::clone(&desk.list), Arc::default()));
        Some((runtime, router(desk, standing)))
    })
}

fn desk() -> &'static Desk {
    static DESK: OnceLock<Option<Desk>> = OnceLock::new();
    let Some(desk) = DESK.get_or_init(make_desk) else {
        panic!("the list of one bar cannot be made");
    };
    desk
}

/// A gate under call barring whose list bars one number.
fn make_desk() -> Option<Desk> {
    Some(Desk {
        list: Arc::new(ArcSwapOption::from(Some(Arc::new(list()?)))),
        always: ArcSwap::default(),
        classes: ClassPolicy::default(),
        area: "0113".parse().ok(),
        trunk: "trunk.example:5060".to_owned(),
        caller_header: None,
        peers: vec![[127, 0, 0, 1].into()],
        attempts: AttemptQueue::new(&Arc::default()).0,
        seams: Seams {
            now_ms: Arc::new(|| 0),
            ..Seams::real()
        },
        tag_key: [6; 32],
        counted: Counted::default(),
        seen: Seen::default(),
    })
}

fn list() -> Option<BarList> {
    let (key, sealing) = (
        FingerprintKey::from_bytes([9; 32]),
        SealingKey::from_secret(&[3; 32]),
    );
    let random = &mut StdRng::seed_from_u64(5);
    let sealed = feed::seal(
        &sealing.public(),
        FingerprintKey::SEAL_PURPOSE,
        key.as_bytes(),
        random,
    )
    .ok()?;
    let entries = vec![Entry::Bar {
        bar: BarId::from_bytes([1; 16]),
        number: key.fingerprint(&PhoneNumber::parse_canonical(BARRED).ok()?),
        scope: Scope::Everyone,
    }];
    let (gate, prison) = (GateId::from_bytes([1; 16]), "LEI".parse().ok()?);
    let snapshot = Snapshot {
        prison,
        regime: Regime::CallBarring,
        sealed_key: BASE64.encode(&sealed),
        hash: ListHash::of(&entries),
        entries,
        exceptions: Vec::new(),
    };
    let message = Message {
        gate,
        turn: Turn::before_first(StreamId::from_bytes([0; 16])),
        answered: 0,
        session: Session::from_bytes([1; 16]),
        serial: Serial(0),
        body: feed::Body::Snapshot(snapshot),
    };
    BarList::apply(None, &message, gate, prison, &sealing).ok()?
}
