//! A gate for tests, made of the feed's own types: it enrols, follows, verifies, applies, acknowledges.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use data_encoding::{BASE64, HEXLOWER};
use feed::{
    Acknowledgement, Attempt, AttemptReport, BarId, Body, EnrolmentAnswer, EnrolmentRequest, Entry,
    Excepting, Exception, Fingerprint, FingerprintKey, FollowRequest, GateId, ListHash, Message,
    ReportNotice, Scope, SealedBlock, SealingKey, Serial, Session, Signed, SigningKey, StreamId, Turn,
    VerifyingKey, public_key_to_hex,
};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use hub::seams::Seams;
use prison::PrisonId;
use reqwest::StatusCode;

use crate::support::TestHub;

/// Far above what the hub needs; a test that reaches it has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct TestGate {
    pub(crate) id: GateId,
    pub(crate) signing: SigningKey,
    pub(crate) sealing: SealingKey,
    hub_key: VerifyingKey,
    hub_sealing: feed::SealingPublicKey,
    pub(crate) url: String,
    client: reqwest::Client,
    pub(crate) key: Option<FingerprintKey>,
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) exceptions: BTreeMap<String, Exception>,
    pub(crate) at: Option<(Session, Serial)>,
    /// What the enrolment said of session and epoch.
    pub(crate) believed: (Session, u64),
    /// Entries that it says it can hold.
    pub(crate) capacity: u64,
    /// The always-allowed numbers that it says it has.
    pub(crate) always_allowed: Option<feed::AlwaysAllowedDigest>,
    /// The newest line read.
    pub(crate) turn: Cell<Turn>,
}

/// A stream's name that was never used.
pub(crate) fn new_stream() -> StreamId {
    StreamId::from_bytes(Seams::real().bytes())
}

/// An open feed.
pub(crate) struct Lines {
    stream: BoxStream<'static, Vec<u8>>,
    read: Vec<u8>,
}

impl Lines {
    /// The next line, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.read.drain(..=end).collect();
                line.pop();
                return Some(line);
            }
            let more = tokio::time::timeout(PATIENCE, self.stream.next())
                .await
                .unwrap()?;
            self.read.extend(more);
        }
    }
}

impl Lines {
    /// Reads and drops lines until the stream ends, which must be soon.
    pub(crate) async fn end(&mut self) {
        let ended = async { while self.next().await.is_some() {} };
        tokio::time::timeout(PATIENCE, ended)
            .await
            .expect("the stream ends");
    }
}

impl TestGate {
    /// Enrols a gate; nobody has compared its key yet.
    pub(crate) async fn enrol(hub: &TestHub, url: &str, prison: PrisonId, seed: u8) -> Self {
        let secret = hub
            .hub
            .store
            .issue_enrolment_code(&hub.operator, prison)
            .await
            .unwrap();
        let signing = SigningKey::from_bytes(&[seed; 32]);
        let sealing = SealingKey::from_secret(&[seed ^ 0xff; 32]);
        let request = EnrolmentRequest {
            prison,
            secret: HEXLOWER.encode(&secret),
            verifying_key: public_key_to_hex(&signing.verifying_key()),
            sealing_key: sealing.public(),
        };
        let client = reqwest::Client::new();
        let line = Signed::sign(&request, &signing).unwrap().to_line();
        let answer = client
            .post(format!("{url}/v1/gates/enrolments"))
            .body(line)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let hub_key = hub.hub.keys.feed_signing_key().verifying_key();
        let answer = Signed::<EnrolmentAnswer>::parse_line(&answer.bytes().await.unwrap(), 4096).unwrap();
        let answer = answer.verify(&hub_key).unwrap();
        Self {
            id: answer.gate,
            signing,
            sealing,
            hub_key,
            hub_sealing: answer.hub_sealing_key,
            url: url.to_owned(),
            client,
            key: None,
            entries: BTreeMap::new(),
            exceptions: BTreeMap::new(),
            at: None,
            believed: (answer.session, answer.epoch),
            capacity: 1_000_000,
            always_allowed: None,
            turn: Cell::new(Turn::before_first(new_stream())),
        }
    }

    /// One that follows the feed and has taken its first snapshot: the gate, its feed, and where it stands.
    pub(crate) async fn following(
        hub: &TestHub,
        url: &str,
        prison: PrisonId,
        seed: u8,
    ) -> (Self, Lines, Serial) {
        let mut gate = Self::admitted(hub, url, prison, seed).await;
        let mut lines = gate.follow().await.unwrap();
        let at = gate.apply(&lines.next().await.unwrap()).serial;
        (gate, lines, at)
    }

    /// Enrols a gate and lets two operators admit it.
    pub(crate) async fn admitted(hub: &TestHub, url: &str, prison: PrisonId, seed: u8) -> Self {
        let gate = Self::enrol(hub, url, prison, seed).await;
        hub.admit(gate.id, prison).await;
        gate
    }

    async fn post(&self, path: &str, line: Vec<u8>) -> (StatusCode, String) {
        let answer = self
            .client
            .post(format!("{}{path}", self.url))
            .body(line)
            .send()
            .await
            .unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    pub(crate) async fn challenge(&self) -> feed::Challenge {
        let (status, text) = self
            .post(&format!("/v1/gates/{}/challenge", self.id), Vec::new())
            .await;
        assert_eq!(status, StatusCode::OK);
        text.parse().unwrap()
    }

    /// Asks for the feed from where the gate stands.
    pub(crate) async fn follow(&self) -> Result<Lines, StatusCode> {
        let challenge = self.challenge().await;
        self.follow_with(&self.request(challenge), &self.signing).await
    }

    /// A request for the feed, from where the gate stands.
    pub(crate) fn request(&self, challenge: feed::Challenge) -> FollowRequest {
        FollowRequest {
            gate: self.id,
            challenge,
            stream: new_stream(),
            from: self.at,
        }
    }

    /// The same, signed.
    pub(crate) fn follow_line(&self, challenge: feed::Challenge) -> Vec<u8> {
        Signed::sign(&self.request(challenge), &self.signing)
            .unwrap()
            .to_line()
    }

    pub(crate) async fn follow_with(
        &self,
        request: &FollowRequest,
        key: &SigningKey,
    ) -> Result<Lines, StatusCode> {
        let line = Signed::sign(request, key).unwrap().to_line();
        let answer = self
            .client
            .post(format!("{}/v1/gates/feed", self.url))
            .body(line)
            .send()
            .await
            .unwrap();
        if answer.status() != StatusCode::OK {
            return Err(answer.status());
        }
        self.turn.set(Turn::before_first(request.stream));
        let stream = answer
            .bytes_stream()
            .map(|bytes| bytes.map_or(Vec::new(), |bytes| bytes.to_vec()));
        Ok(Lines {
            stream: stream.boxed(),
            read: Vec::new(),
        })
    }

    /// Verifies a line and applies it; returns what it said.
    pub(crate) fn apply(&mut self, line: &[u8]) -> Message {
        let message = Signed::<Message>::parse_line(line, feed::Limits::DEFAULT.line_bytes).unwrap();
        let message = message.verify(&self.hub_key).unwrap();
        assert_eq!(message.gate, self.id);
        assert_eq!(Some(message.turn), self.turn.get().next(), "in turn");
        self.turn.set(message.turn);
        match &message.body {
            Body::Snapshot(snapshot) => {
                let sealed = BASE64.decode(snapshot.sealed_key.as_bytes()).unwrap();
                let key = self.sealing.open(FingerprintKey::SEAL_PURPOSE, &sealed).unwrap();
                self.key = Some(FingerprintKey::from_bytes(key.try_into().unwrap()));
                self.entries = snapshot
                    .entries
                    .iter()
                    .map(|entry| (id_of(entry), *entry))
                    .collect();
                self.exceptions.clear();
                self.except(&snapshot.exceptions);
                assert_eq!(self.hash(), snapshot.hash);
            }
            Body::Delta(delta) => {
                let (session, serial) = self.at.unwrap();
                assert_eq!(
                    (session, serial.next().unwrap()),
                    (message.session, message.serial),
                    "in turn"
                );
                self.entries
                    .extend(delta.announce.iter().map(|entry| (id_of(entry), *entry)));
                for withdrawal in &delta.withdraw {
                    assert!(withdrawal.authority.names_two_people());
                    self.entries.remove(&withdrawal.bar.to_string()).unwrap();
                }
                for entry in &delta.revoke {
                    let was_exception = self.exceptions.remove(&entry.to_string()).is_some();
                    assert!(was_exception || self.entries.remove(&entry.to_string()).is_some());
                }
                self.except(&delta.except);
                assert_eq!(self.hash(), delta.hash);
            }
            Body::Heartbeat => assert_eq!(self.at, Some((message.session, message.serial))),
        }
        self.at = Some((message.session, message.serial));
        message
    }

    pub(crate) fn hash(&self) -> ListHash {
        let mut hash = ListHash::of(self.entries.values());
        self.exceptions.values().for_each(|exception| hash.add(exception));
        hash
    }

    fn except(&mut self, exceptions: &[Excepting]) {
        for Excepting { exception, authority } in exceptions {
            assert!(authority.names_two_people());
            let known = self.exceptions.insert(exception.entry.to_string(), *exception);
            assert_eq!(known, None);
        }
        self.each_exception_has_its_bar();
    }

    fn each_exception_has_its_bar(&self) {
        let bars = &self.entries;
        let mut exceptions = self.exceptions.values();
        assert!(exceptions.all(|one| bars.contains_key(&one.bar.to_string())));
    }

    /// Reads and applies lines until the gate stands at this serial or beyond.
    pub(crate) async fn reach(&mut self, lines: &mut Lines, serial: Serial) {
        while self.at.is_none_or(|(_, at)| at < serial) {
            let line = lines.next().await.expect("the stream goes on");
            self.apply(&line);
        }
    }

    /// What the gate would say of where it stands.
    pub(crate) fn word(&self) -> Acknowledgement {
        let (session, serial) = self.at.unwrap();
        let hash = self.hash();
        Acknowledgement {
            gate: self.id,
            turn: self.turn.get(),
            session,
            serial,
            hash,
            held_without_record: 0,
            capacity: self.capacity,
            always_allowed: self.always_allowed,
            ends_calls: false,
        }
    }

    /// Reads and applies the lines that are there already, and one that the hub sends from now on.
    pub(crate) async fn newest(&mut self, lines: &mut Lines) {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < hub::publish::HEARTBEAT_EVERY {
            let line = lines.next().await.expect("the stream goes on");
            self.apply(&line);
        }
    }

    pub(crate) async fn acknowledge(&self) -> StatusCode {
        self.say(&self.word(), &self.signing).await
    }

    pub(crate) async fn say(&self, word: &Acknowledgement, key: &SigningKey) -> StatusCode {
        let line = Signed::sign(word, key).unwrap().to_line();
        self.post("/v1/gates/acknowledgements", line).await.0
    }

    /// Whether a bar names this number on the gate's list.
    pub(crate) fn bars(&self, number: &str) -> bool {
        let wanted = self.fingerprint(number);
        self.entries
            .values()
            .any(|entry| matches!(entry, Entry::Bar { number, .. } if *number == wanted))
    }

    /// Whether a bar meets this prisoner dialling this number, by the gate's list.
    pub(crate) fn meets(&self, prisoner: &str, number: &str) -> bool {
        let wanted = self.fingerprint(number);
        let excepted = |id: &BarId| {
            let mut exceptions = self.exceptions.values();
            exceptions.any(|one| one.bar == *id && one.prisoner.as_str() == prisoner)
        };
        let meets = |entry: &Entry| match entry {
            Entry::Bar { bar, number, scope } => {
                let applies = match scope {
                    Scope::Everyone => true,
                    Scope::Prisoner(only) => only.as_str() == prisoner,
                };
                *number == wanted && applies && !excepted(bar)
            }
            Entry::Approved { .. } => false,
        };
        self.entries.values().any(meets)
    }

    /// Whether the number is approved for anybody on the gate's list.
    pub(crate) fn approves(&self, number: &str) -> bool {
        let wanted = self.fingerprint(number);
        self.entries
            .values()
            .any(|entry| matches!(entry, Entry::Approved { number, .. } if *number == wanted))
    }

    fn fingerprint(&self, number: &str) -> Fingerprint {
        let number = phone::resolve(number, None).unwrap().number;
        self.key.as_ref().unwrap().fingerprint(&number)
    }

    /// Reports attempts in one sealed block.
    pub(crate) async fn report(&self, attempts: &[Attempt]) -> (StatusCode, String) {
        self.report_blocks(vec![self.block(attempts)], &self.signing)
            .await
    }

    pub(crate) fn block(&self, attempts: &[Attempt]) -> SealedBlock {
        let plain = serde_json::to_vec(attempts).unwrap();
        let seams = hub::seams::Seams::real();
        let mut random = seams.crypto_random();
        let sealed = feed::seal(&self.hub_sealing, Attempt::SEAL_PURPOSE, &plain, &mut random).unwrap();
        let first = attempts.first().unwrap().sequence;
        let last = attempts.last().unwrap().sequence;
        SealedBlock {
            first,
            last,
            sealed: BASE64.encode(&sealed),
        }
    }

    pub(crate) async fn report_blocks(
        &self,
        blocks: Vec<SealedBlock>,
        key: &SigningKey,
    ) -> (StatusCode, String) {
        let report = AttemptReport {
            gate: self.id,
            blocks,
        };
        let line = Signed::sign(&report, key).unwrap().to_line();
        let notice = self.notice(line.len(), &self.signing);
        let post = self.client.post(format!("{}/v1/gates/attempts", self.url));
        let answer = post
            .header(ReportNotice::HEADER, notice)
            .body(line)
            .send()
            .await
            .unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// The signed notice of a report of this length.
    pub(crate) fn notice(&self, bytes: usize, key: &SigningKey) -> Vec<u8> {
        let notice = ReportNotice {
            gate: self.id,
            bytes: bytes as u64,
        };
        Signed::sign(&notice, key).unwrap().to_line()
    }
}

fn id_of(entry: &Entry) -> String {
    match entry {
        Entry::Bar { bar, .. } => bar.to_string(),
        Entry::Approved { entry, .. } => entry.to_string(),
    }
}
