//! A hub for one test: its own folder, keys, store and router, and clients by identity.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::{Actor, OrganisationKind, Policy, ProposedChange, Role};
use feed::Regime;
use hub::always_allowed::AlwaysAllowedNumbers;
use hub::applications::short_day::apply_and_answer;
use hub::keys::HubKeys;
use hub::publish::Monotonic;
use hub::run::{WebMode, router};
use hub::seams::Seams;
use hub::service::{Hub, HubParts};
use hub::store::{Store, StoreMark};
use prison::PrisonId;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Moves only when a test says so.
#[derive(Default)]
pub(crate) struct TestInstants(AtomicU64);

impl TestInstants {
    pub(crate) fn advance(&self, by: Duration) {
        self.0
            .fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Monotonic for TestInstants {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// One hub and the people around it.
pub(crate) struct TestHub {
    pub(crate) hub: Arc<Hub>,
    pub(crate) instants: Arc<TestInstants>,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) operator: Actor,
    pub(crate) second_operator: Actor,
    pub(crate) handler: Actor,
    pub(crate) second_handler: Actor,
}

async fn open(
    folder: &tempfile::TempDir,
    instants: &Arc<TestInstants>,
    seams: Seams,
    one_pass_in: u32,
) -> Arc<Hub> {
    let keys = Arc::new(HubKeys::load(&folder.path().join("keys")).unwrap());
    let url = format!("sqlite://{}", folder.path().join("hub.db").display());
    let store = Store::open(&url, Arc::clone(&keys), StoreMark::Demo, seams.clone())
        .await
        .unwrap();
    let parts = HubParts {
        store: Arc::new(store),
        keys,
        seams,
        instants: Arc::clone(instants) as Arc<dyn Monotonic>,
        policy: Policy::parse(Policy::BUILT_IN).unwrap(),
        always_allowed: shipped_list(),
        one_pass_in,
        answer_times: hub::applications::AnswerTimes::default(),
        raise_alerts: hub::custody::RaiseAlerts::default(),
    };
    Hub::start(parts).await.unwrap()
}

/// The always-allowed list that the service ships with.
fn shipped_list() -> AlwaysAllowedNumbers {
    let numbers = hub::always_allowed::read_csv(hub::always_allowed::BUILT_IN.as_bytes()).unwrap();
    AlwaysAllowedNumbers::of(&feed::AlwaysAllowed { version: 1, numbers })
}

/// An answer: status, headers that matter, JSON or text.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl TestHub {
    pub(crate) async fn start() -> Self {
        Self::start_with(0).await
    }

    pub(crate) async fn start_with(one_pass_in: u32) -> Self {
        Self::start_at(one_pass_in, Seams::real()).await
    }

    /// A hub whose clock and randomness a test chooses.
    pub(crate) async fn start_at(one_pass_in: u32, seams: Seams) -> Self {
        let folder = tempfile::tempdir().unwrap();
        HubKeys::create(&folder.path().join("keys"), StoreMark::Demo, &*seams.random).unwrap();
        let instants = Arc::new(TestInstants::default());
        let hub = open(&folder, &instants, seams, one_pass_in).await;
        let operator = hub
            .store
            .add_account(None, "Olwen Operator", Role::Operator)
            .await
            .unwrap();
        let second_operator = hub
            .store
            .add_account(None, "Odd Operator", Role::Operator)
            .await
            .unwrap();
        let handler = hub
            .store
            .add_account(None, "Hazel Handler", Role::CaseHandler)
            .await
            .unwrap();
        let second_handler = hub
            .store
            .add_account(None, "Hari Handler", Role::CaseHandler)
            .await
            .unwrap();
        Self {
            hub,
            instants,
            folder,
            operator,
            second_operator,
            handler,
            second_handler,
        }
    }

    /// The hub after its process was stopped and started again, on the same folder.
    pub(crate) async fn restarted(self) -> Self {
        self.restarted_with(Seams::real()).await
    }

    /// As [`TestHub::restarted`], with another clock or randomness.
    pub(crate) async fn restarted_with(self, seams: Seams) -> Self {
        self.hub.stop();
        let hub = open(&self.folder, &self.instants, seams, 0).await;
        Self { hub, ..self }
    }

    /// A key for a new account of this role.
    pub(crate) async fn key_of(&self, name: &str, role: Role) -> (Actor, String) {
        let actor = self
            .hub
            .store
            .add_account(Some(&self.operator), name, role)
            .await
            .unwrap();
        let key = self
            .hub
            .store
            .add_key(&self.operator, actor.account)
            .await
            .unwrap();
        (actor, key.expose().to_owned())
    }

    pub(crate) async fn police_key(&self) -> String {
        let role = Role::Referrer {
            organisation: OrganisationKind::Police,
        };
        self.key_of("Mercia Police", role).await.1
    }

    pub(crate) async fn switch_on(&self, prison: &str, regime: Regime) -> PrisonId {
        let prison: PrisonId = prison.parse().unwrap();
        let store = &self.hub.store;
        if regime == Regime::CallEnabling {
            store
                .switch_prison_on(&self.operator, prison, regime)
                .await
                .unwrap();
            return prison;
        }
        let change = ProposedChange::SwitchOnCallBarring { prison };
        let proposal = store.propose(&self.operator, change, "new here").await.unwrap();
        store.approve(&self.second_operator, proposal).await.unwrap();
        prison
    }

    pub(crate) fn router(&self) -> Router {
        router(&self.hub, WebMode::None).unwrap()
    }

    /// Serves the hub on a free port of this machine.
    pub(crate) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.router();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        format!("http://{address}")
    }

    /// A hub that listens, with Leeds switched on: where it listens, and Leeds.
    pub(crate) async fn with_leeds(regime: Regime) -> (Self, String, PrisonId) {
        let hub = Self::start().await;
        let url = hub.serve().await;
        let leeds = hub.switch_on("LEI", regime).await;
        (hub, url, leeds)
    }

    /// A request of the police about one number; where the proof of its bar is read.
    pub(crate) async fn bar(&self, key: &str, number: &str) -> String {
        let receipt = self
            .post("/v1/requests", Some(key), &police_request(&[number]))
            .await
            .json();
        let bar = receipt["targets"][0]["bar"].as_str().unwrap();
        format!("/v1/bars/{bar}/in-force")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE);
        let kind = kind.map_or(String::new(), |kind| kind.to_str().unwrap().to_owned());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        Answer {
            status,
            kind,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str, key: Option<&str>) -> Answer {
        self.send(with_key(Request::get(path), key).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Answer {
        self.send(json_request(path, key, None, body)).await
    }

    pub(crate) async fn post_once(&self, path: &str, key: &str, once: &str, body: &Value) -> Answer {
        self.send(json_request(path, Some(key), Some(once), body)).await
    }
}

fn with_key(builder: axum::http::request::Builder, key: Option<&str>) -> axum::http::request::Builder {
    match key {
        Some(key) => builder.header(header::AUTHORIZATION, format!("Bearer {key}")),
        None => builder,
    }
}

fn json_request(path: &str, key: Option<&str>, once: Option<&str>, body: &Value) -> Request<Body> {
    let mut builder = with_key(Request::post(path), key).header(header::CONTENT_TYPE, "application/json");
    if let Some(once) = once {
        builder = builder.header("Idempotency-Key", once);
    }
    builder.body(Body::from(body.to_string())).unwrap()
}

/// A request of the police for these numbers.
pub(crate) fn police_request(numbers: &[&str]) -> Value {
    request_by("police", numbers)
}

pub(crate) fn request_by(kind: &str, numbers: &[&str]) -> Value {
    json!({
        "referrer": { "kind": kind, "name": "PC Ada Example" },
        "people": [{ "name": "Rhian Invented", "numbers": numbers }],
        "consent": { "consent": "given" },
        "why": "He rings her from prison although a court forbade it."
    })
}

impl TestHub {
    /// Two operators agree to admit a gate whose key was compared.
    pub(crate) async fn admit(&self, gate: feed::GateId, prison: PrisonId) {
        let change = ProposedChange::AdmitGate {
            gate: gate.to_string(),
            prison,
        };
        let proposal = self
            .hub
            .store
            .propose(&self.operator, change, "compared")
            .await
            .unwrap();
        self.hub
            .store
            .approve(&self.second_operator, proposal)
            .await
            .unwrap();
    }

    /// A gate that has enrolled in this prison and that nobody has admitted.
    pub(crate) async fn enrolled_in(&self, prison: &str) -> feed::GateId {
        let (store, seed) = (&self.hub.store, prison.as_bytes()[0]);
        let prison = prison.parse().unwrap();
        let code = store.issue_enrolment_code(&self.operator, prison).await.unwrap();
        let verifying = feed::SigningKey::from_bytes(&[seed; 32]).verifying_key();
        let sealing = feed::SealingKey::from_secret(&[seed; 32]).public();
        store.enrol_gate(prison, code, verifying, sealing).await.unwrap()
    }

    /// Two case handlers agree that the first holder of a case's number keeps it.
    pub(crate) async fn keep_first(&self, reference: casework::Reference, bar: casework::BarId) {
        let store = &self.hub.store;
        let case = store.open_case(&self.handler, reference).await.unwrap().case;
        let holders = store.holders_of(&self.handler, case).await.unwrap().rows;
        let change = ProposedChange::ExceptPrisoner {
            bar,
            prison: holders[0].prison,
            prisoner: holders[0].holder,
        };
        let proposal = store.propose(&self.handler, change, "her son").await.unwrap();
        store.approve(&self.second_handler, proposal).await.unwrap();
    }

    /// The first page of the queue.
    pub(crate) async fn queue(&self) -> Vec<hub::store::CaseSummary> {
        let all = hub::store::QueueAsked::default();
        self.hub.store.queue(&self.handler, all).await.unwrap().cases
    }

    /// Two case handlers agree to lift a bar.
    pub(crate) async fn lift(&self, bar: &str) {
        let change = ProposedChange::LiftBar {
            bar: bar.parse().unwrap(),
        };
        let proposal = self
            .hub
            .store
            .propose(&self.handler, change, "mistaken")
            .await
            .unwrap();
        self.hub
            .store
            .approve(&self.second_handler, proposal)
            .await
            .unwrap();
    }

    /// Puts a number on a prisoner's list, by two people of his prison.
    pub(crate) async fn approve(&self, prison: PrisonId, holder: &str, number: &str) {
        let (clerk, _) = self.key_of("Cai Clerk", Role::PinphoneClerk { prison }).await;
        let (security, _) = self.key_of("Sam Security", Role::PrisonSecurity { prison }).await;
        let number = phone::resolve(number, None).unwrap().number;
        let (holder, kind) = (holder.parse().unwrap(), feed::ContactKind::Social);
        let store = &self.hub.store;
        let mut received = offender::PrisonerRecord::new(holder, "Ivan", "Invented");
        received.prison_id = Some(prison);
        store.import_prisoners(vec![received]).await.unwrap();
        let at = (&**store, self.hub.seams.clock.now());
        let application = apply_and_answer(at, &clerk, prison, holder, number, kind, "A Friend").await;
        store
            .approve(&security, application.unwrap().unwrap())
            .await
            .unwrap();
    }
}
