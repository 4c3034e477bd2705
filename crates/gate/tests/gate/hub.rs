//! The other end of the wire: a small server that speaks the feed with the real types and real signatures, so
//! that a gate can be tried without a hub.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::{BASE64, HEXLOWER};
use feed::{
    Acknowledgement, Attempt, AttemptReport, Challenge, CoSigned, EnrolmentAnswer, EnrolmentCode,
    EnrolmentRequest, Entry, FollowRequest, KeyFingerprint, Message, ReportReceipt, SealingKey, Serial,
    SessionCertificate, Signed, SigningKey, StreamId, Turn, VerifyingKey, public_key_from_hex,
};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::place::roots;
use crate::source::{Source, leeds};

const LINE_BYTES: usize = 64 * 1024 * 1024;
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const SECRET: [u8; 16] = [5; 16];
const CHALLENGE: Challenge = Challenge::from_bytes([4; 16]);

pub(crate) struct TestHub {
    state: Arc<Hub>,
    pub(crate) address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

struct Hub {
    signing: Mutex<SigningKey>,
    /// What the hub shows whoever asks for its certificate.
    certificate: Mutex<Option<Vec<u8>>>,
    sealing: SealingKey,
    source: Mutex<Source>,
    gate: Mutex<Option<VerifyingKey>>,
    fingerprint: Mutex<Option<KeyFingerprint>>,
    admitted: AtomicBool,
    /// What the hub says was sent before it heard the gate.
    deaf: AtomicBool,
    /// Connections are taken and nothing is said on them.
    frozen: AtomicBool,
    stream: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
    /// The newest line of the newest stream, and the newest acknowledgement of it.
    turn: Mutex<(Turn, u64)>,
    follows: watch::Sender<Option<FollowRequest>>,
    acknowledged: watch::Sender<Option<Acknowledgement>>,
    attempts: watch::Sender<Vec<Attempt>>,
    /// The highest sequence that this hub says it has.
    highest: AtomicU64,
}

impl TestHub {
    pub(crate) async fn start(source: Source) -> Self {
        let state = Arc::new(Hub {
            signing: Mutex::new(SigningKey::from_bytes(&[11; 32])),
            certificate: Mutex::default(),
            sealing: SealingKey::from_secret(&[12; 32]),
            source: Mutex::new(source),
            gate: Mutex::default(),
            fingerprint: Mutex::default(),
            admitted: AtomicBool::new(false),
            deaf: AtomicBool::new(false),
            frozen: AtomicBool::new(false),
            stream: Mutex::default(),
            turn: Mutex::new((Turn::before_first(StreamId::from_bytes([0; 16])), 0)),
            follows: watch::Sender::new(None),
            acknowledged: watch::Sender::new(None),
            attempts: watch::Sender::default(),
            highest: AtomicU64::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/v1/gates/enrolments", post(enrol))
            .route("/v1/gates/{gate}/challenge", post(challenge))
            .route("/v1/gates/feed", post(follow))
            .route("/v1/gates/acknowledgements", post(acknowledge))
            .route("/v1/gates/attempts", post(attempts))
            .route("/v1/gates/session", get(session))
            .with_state(Arc::clone(&state));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { state, address, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn code(&self) -> EnrolmentCode {
        EnrolmentCode {
            prison: leeds(),
            secret: SECRET,
            hub: self.state.signing.lock().unwrap().verifying_key(),
        }
    }

    /// The fingerprint that the hub shows to a person.
    pub(crate) fn shown_fingerprint(&self) -> KeyFingerprint {
        self.state.fingerprint.lock().unwrap().clone().unwrap()
    }

    pub(crate) fn admit(&self) {
        self.state.admitted.store(true, Ordering::Relaxed);
    }

    /// From now on this hub says that it has this sequence already.
    pub(crate) fn has_already(&self, sequence: u64) {
        self.state.highest.store(sequence, Ordering::Relaxed);
    }

    /// Shows a certificate for the session and key that the hub has now, signed by the two roots.
    pub(crate) fn certify(&self, epoch: u64) {
        let [one, two] = roots();
        self.certify_with(epoch, [&one, &two]);
    }

    /// The same, signed with these keys.
    pub(crate) fn certify_with(&self, epoch: u64, keys: [&SigningKey; 2]) {
        let key = self.state.signing.lock().unwrap().verifying_key();
        let session = self.with_source(|source| source.session);
        let signed = CoSigned::sign(&SessionCertificate::new(epoch, session, &key), keys).unwrap();
        self.show(Some(signed.to_file()));
    }

    /// Shows this as the hub's certificate.
    pub(crate) fn show(&self, certificate: Option<Vec<u8>>) {
        *self.state.certificate.lock().unwrap() = certificate;
    }

    /// From now on the hub signs with another key.
    pub(crate) fn sign_with(&self, key: SigningKey) {
        *self.state.signing.lock().unwrap() = key;
    }

    /// Sends these bytes, signed as a message of this hub, whatever they say.
    pub(crate) async fn say_payload(&self, payload: &serde_json::Value) {
        let line = Signed::sign(&AnyMessage(payload.clone()), &self.state.signing.lock().unwrap());
        self.send(line.unwrap().to_line()).await;
    }

    /// A message as the next line of the stream, to be tampered with.
    pub(crate) fn next_line(&self, message: Message) -> Message {
        self.state.in_turn(message)
    }

    /// The line of a message, signed and not sent.
    pub(crate) fn line_of(&self, message: Message) -> Vec<u8> {
        self.state.signed(&self.state.in_turn(message))
    }

    /// Ends the server and every connection to it.
    pub(crate) fn stop(self) {
        self.task.abort();
        *self.state.stream.lock().unwrap() = None;
    }

    /// Ends the gate's stream; the gate comes back.
    pub(crate) fn cut(&self) {
        *self.state.stream.lock().unwrap() = None;
    }

    pub(crate) fn with_source<T>(&self, change: impl FnOnce(&mut Source) -> T) -> T {
        change(&mut self.state.source.lock().unwrap())
    }

    /// Sends the next change.
    pub(crate) async fn change(&self, announce: &[Entry], withdraw: &[u8], revoke: &[u8]) -> Serial {
        let message = self.with_source(|source| source.change(announce, withdraw, revoke));
        let serial = message.serial;
        self.say(message).await;
        serial
    }

    /// Sends a message as the next line; returns that line.
    pub(crate) async fn say(&self, message: Message) -> Vec<u8> {
        let line = self.state.signed(&self.state.in_turn(message));
        self.send(line.clone()).await;
        line
    }

    /// Sends a message signed by somebody else.
    pub(crate) async fn send_forged(&self, message: Message) {
        let other = SigningKey::from_bytes(&[99; 32]);
        let message = self.state.in_turn(message);
        self.send(Signed::sign(&message, &other).unwrap().to_line()).await;
    }

    /// From now on the gate gets lines that were sent before the hub heard it again.
    pub(crate) fn send_late(&self) {
        self.state.deaf.store(true, Ordering::Relaxed);
    }

    /// From now on the hub takes connections, keeps them open and says nothing.
    pub(crate) fn freeze(&self, frozen: bool) {
        self.state.frozen.store(frozen, Ordering::Relaxed);
    }

    /// Leaves one line out.
    pub(crate) fn skip_a_line(&self) {
        let mut turn = self.state.turn.lock().unwrap();
        turn.0 = turn.0.next().unwrap();
    }

    /// Waits until the gate acknowledges the newest line.
    pub(crate) async fn answered(&self) -> Acknowledgement {
        let (newest, _) = *self.state.turn.lock().unwrap();
        let mut all = self.state.acknowledged.subscribe();
        let found = all.wait_for(|word| word.as_ref().is_some_and(|word| word.turn == newest));
        let word = timeout(PATIENCE, found).await.expect("answered in time").unwrap();
        word.clone().unwrap()
    }

    pub(crate) async fn send(&self, mut line: Vec<u8>) {
        line.push(b'\n');
        self.send_bytes(line).await;
    }

    /// Sends bytes that need not be a line.
    pub(crate) async fn send_bytes(&self, line: Vec<u8>) {
        let stream = self.state.stream.lock().unwrap().clone();
        stream.expect("the gate follows").send(line).await.unwrap();
    }

    /// Waits until the gate acknowledges a serial.
    pub(crate) async fn acknowledged(&self, serial: Serial) -> Acknowledgement {
        let mut all = self.state.acknowledged.subscribe();
        let found = timeout(
            PATIENCE,
            all.wait_for(|word| word.as_ref().is_some_and(|word| word.serial == serial)),
        );
        match found.await {
            Ok(word) => word.unwrap().clone().unwrap(),
            Err(_) => panic!(
                "{serial} was not acknowledged; last was {:?}",
                self.state.acknowledged.borrow()
            ),
        }
    }

    /// Waits until the gate holds bars that the hub does not name.
    pub(crate) async fn acknowledged_without_record(&self) {
        let mut all = self.state.acknowledged.subscribe();
        let found = all.wait_for(|word| word.as_ref().is_some_and(|word| word.held_without_record > 0));
        timeout(PATIENCE, found).await.expect("in time").unwrap();
    }

    /// The serial that the gate acknowledged last.
    pub(crate) fn last_acknowledged(&self) -> Option<Serial> {
        self.state.acknowledged.borrow().as_ref().map(|word| word.serial)
    }

    /// Says that nothing has changed.
    pub(crate) async fn heartbeat(&self) {
        let message = self.with_source(|source| source.heartbeat());
        self.send(self.state.signed(&message)).await;
    }

    /// Says that nothing has changed, as the next line.
    pub(crate) async fn heartbeat_in_turn(&self) {
        let message = self.with_source(|source| source.heartbeat());
        self.say(message).await;
    }

    /// Waits until the gate asks for its feed anew.
    pub(crate) async fn asked_again(&self, asked: impl AsyncFnOnce()) -> FollowRequest {
        let mut follows = self.state.follows.subscribe();
        follows.mark_unchanged();
        asked().await;
        timeout(PATIENCE, follows.changed())
            .await
            .expect("asked in time")
            .unwrap();
        follows.borrow().clone().unwrap()
    }

    /// Waits until this many attempts have come.
    pub(crate) async fn attempts(&self, count: usize) -> Vec<Attempt> {
        let mut attempts = self.state.attempts.subscribe();
        let found = attempts.wait_for(|all| all.len() >= count);
        timeout(PATIENCE, found)
            .await
            .expect("reported in time")
            .unwrap()
            .clone()
    }
}

/// What a newer hub might say.
#[derive(serde::Serialize)]
struct AnyMessage(serde_json::Value);

impl feed::Purpose for AnyMessage {
    const CONTEXT: &'static str = <Message as feed::Purpose>::CONTEXT;
}

impl Hub {
    fn signed(&self, message: &Message) -> Vec<u8> {
        Signed::sign(message, &self.signing.lock().unwrap())
            .unwrap()
            .to_line()
    }

    /// The message as the next line of the stream.
    fn in_turn(&self, message: Message) -> Message {
        let mut newest = self.turn.lock().unwrap();
        newest.0 = newest.0.next().unwrap();
        let (turn, answered) = *newest;
        Message {
            turn,
            answered,
            ..message
        }
    }

    fn verify<T: feed::Purpose + serde::de::DeserializeOwned>(&self, line: &[u8]) -> T {
        let key = self.gate.lock().unwrap().expect("the gate is enrolled");
        Signed::<T>::parse_line(line, LINE_BYTES)
            .unwrap()
            .verify(&key)
            .unwrap()
    }
}

async fn enrol(State(hub): State<Arc<Hub>>, line: Bytes) -> Response {
    let claimed: EnrolmentRequest =
        serde_json::from_slice(line.splitn(2, |byte| *byte == b' ').nth(1).unwrap()).unwrap();
    let key = public_key_from_hex(&claimed.verifying_key).unwrap();
    let request = Signed::<EnrolmentRequest>::parse_line(&line, LINE_BYTES)
        .unwrap()
        .verify(&key)
        .unwrap();
    if request.secret != HEXLOWER.encode(&SECRET) {
        return (StatusCode::FORBIDDEN, "the enrolment code is not good").into_response();
    }
    *hub.gate.lock().unwrap() = Some(key);
    *hub.fingerprint.lock().unwrap() = Some(KeyFingerprint::of_gate(&key, &request.sealing_key));
    let mut source = hub.source.lock().unwrap();
    source.seal_to = request.sealing_key;
    let answer = EnrolmentAnswer {
        gate: source.gate,
        prison: request.prison,
        hub_sealing_key: hub.sealing.public(),
        session: source.session,
        epoch: 0,
    };
    Signed::sign(&answer, &hub.signing.lock().unwrap())
        .unwrap()
        .to_line()
        .into_response()
}

async fn challenge(State(_): State<Arc<Hub>>, Path(_): Path<String>) -> String {
    CHALLENGE.to_string()
}

async fn session(State(hub): State<Arc<Hub>>) -> Response {
    match hub.certificate.lock().unwrap().clone() {
        Some(file) => file.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn follow(State(hub): State<Arc<Hub>>, line: Bytes) -> Response {
    let request: FollowRequest = hub.verify(&line);
    assert_eq!(request.challenge, CHALLENGE);
    if !hub.admitted.load(Ordering::Relaxed) {
        return (
            StatusCode::FORBIDDEN,
            "waiting for two people to compare the key fingerprint",
        )
            .into_response();
    }
    let (sender, lines) = mpsc::channel(64);
    let opening = {
        let source = hub.source.lock().unwrap();
        let resumes = request.from == Some((source.session, source.serial));
        if resumes {
            source.heartbeat()
        } else {
            source.snapshot()
        }
    };
    *hub.turn.lock().unwrap() = (Turn::before_first(request.stream), 0);
    let mut line = hub.signed(&hub.in_turn(opening));
    line.push(b'\n');
    if !hub.frozen.load(Ordering::Relaxed) {
        sender.send(line).await.unwrap();
    }
    *hub.stream.lock().unwrap() = Some(sender);
    hub.follows.send_replace(Some(request));
    HttpBody::from_stream(ReceiverStream::new(lines).map(Ok::<_, std::convert::Infallible>)).into_response()
}

async fn acknowledge(State(hub): State<Arc<Hub>>, line: Bytes) -> StatusCode {
    let word: Acknowledgement = hub.verify(&line);
    {
        let mut newest = hub.turn.lock().unwrap();
        if newest.0.stream == word.turn.stream && !hub.deaf.load(Ordering::Relaxed) {
            assert!(
                word.turn.line <= newest.0.line,
                "only what was sent is acknowledged"
            );
            newest.1 = newest.1.max(word.turn.line);
        }
    }
    hub.acknowledged.send_replace(Some(word));
    StatusCode::NO_CONTENT
}

async fn attempts(State(hub): State<Arc<Hub>>, line: Bytes) -> Json<ReportReceipt> {
    let report: AttemptReport = hub.verify(&line);
    let mut accepted_through = 0;
    let mut not_opened = Vec::new();
    for block in report.blocks {
        accepted_through = block.last;
        let sealed = BASE64.decode(block.sealed.as_bytes()).unwrap();
        let Ok(plain) = hub.sealing.open(Attempt::SEAL_PURPOSE, &sealed) else {
            not_opened.push(block.name());
            continue;
        };
        let attempts: Vec<Attempt> = serde_json::from_slice(&plain).unwrap();
        assert_eq!(attempts.first().unwrap().sequence, block.first);
        assert_eq!(attempts.last().unwrap().sequence, block.last);
        // A report whose receipt was lost comes again: every attempt is stored once.
        hub.attempts.send_modify(|all| {
            let stored: HashSet<u64> = all.iter().map(|attempt| attempt.sequence).collect();
            let is_new = |attempt: &Attempt| !stored.contains(&attempt.sequence);
            all.extend(attempts.into_iter().filter(is_new));
        });
    }
    let stored = hub.attempts.borrow().iter().map(|attempt| attempt.sequence).max();
    let stored = stored.unwrap_or(0);
    Json(ReportReceipt {
        not_opened,
        highest: stored.max(hub.highest.load(Ordering::Relaxed)),
        accepted_through,
    })
}
