//! A hub with its pages for one test, one account of each role, and browsers that are signed in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use casework::{Actor, OrganisationKind, Policy, ProposedChange, Reference, Role};
use feed::{GateId, Regime, SealingKey, SigningKey};
use hub::always_allowed::AlwaysAllowedNumbers;
use hub::intake::take_request;
use hub::keys::HubKeys;
use hub::publish::Monotonic;
use hub::seams::{Seams, SetClock};
use hub::service::{Hub, HubParts};
use hub::store::{Receipt, Store, StoreMark};
use offender::PrisonerRecord;
use prison::PrisonId;
use serde_json::json;
use tower::ServiceExt;

/// Stands still: gates fall silent only when a test moves it.
#[derive(Default)]
struct Still(AtomicU64);

impl Monotonic for Still {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A hub, its pages, and one account of each role.
pub(crate) struct Site {
    pub(crate) hub: Arc<Hub>,
    router: Router,
    _folder: tempfile::TempDir,
    pub(crate) people: Vec<Actor>,
}

/// An answer of a page.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn leads_to(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |place| place.to_str().unwrap())
    }

    /// The first value of an attribute that follows `before`.
    pub(crate) fn after(&self, before: &str) -> &str {
        let (_, rest) = self
            .text
            .split_once(before)
            .unwrap_or_else(|| panic!("{before} is not on the page"));
        rest.split('"').next().unwrap()
    }
}

/// The always-allowed list that the service ships with.
fn shipped_list() -> AlwaysAllowedNumbers {
    let numbers = hub::always_allowed::read_csv(hub::always_allowed::BUILT_IN.as_bytes()).unwrap();
    AlwaysAllowedNumbers::of(&feed::AlwaysAllowed { version: 1, numbers })
}

/// A browser with a session.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    cookie: String,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::start_with(0, true).await
    }

    pub(crate) async fn start_with(one_pass_in: u32, demo: bool) -> Self {
        Self::start_at(one_pass_in, demo, Seams::real()).await
    }

    /// A clock that stands still, and randomness that a seed reproduces.
    pub(crate) async fn start_seeded(seed: u64) -> Self {
        let (seams, _) = Seams::seeded(seed, "2026-11-23T09:00:00Z".parse().unwrap());
        Self::start_at(0, true, seams).await
    }

    /// A clock that a test moves.
    pub(crate) async fn start_with_clock(now: &str) -> (Self, Arc<SetClock>) {
        let (seams, clock) = Seams::seeded(7, now.parse().unwrap());
        (Self::start_at(0, true, seams).await, clock)
    }

    async fn start_at(one_pass_in: u32, demo: bool, seams: Seams) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("keys");
        HubKeys::create(&place, StoreMark::Demo, &*seams.random).unwrap();
        let keys = Arc::new(HubKeys::load(&place).unwrap());
        let url = format!("sqlite://{}", folder.path().join("hub.db").display());
        let store = Store::open(&url, Arc::clone(&keys), StoreMark::Demo, seams.clone())
            .await
            .unwrap();
        let parts = HubParts {
            store: Arc::new(store),
            keys,
            seams,
            instants: Arc::new(Still::default()),
            policy: Policy::parse(Policy::BUILT_IN).unwrap(),
            always_allowed: shipped_list(),
            one_pass_in,
            answer_times: hub::applications::AnswerTimes::default(),
            raise_alerts: hub::custody::RaiseAlerts::default(),
        };
        let hub = Hub::start(parts).await.unwrap();
        let people = people(&hub).await;
        receive(&hub).await;
        let router = hub::web::router(Arc::clone(&hub), demo).unwrap();
        Self {
            hub,
            router,
            _folder: folder,
            people,
        }
    }

    /// The account of this name.
    pub(crate) fn actor(&self, name: &str) -> &Actor {
        self.people.iter().find(|actor| actor.name == name).unwrap()
    }

    /// Signs in through the page, as a person does.
    pub(crate) async fn browser(&self, name: &str) -> Browser<'_> {
        let account = self.actor(name).account.to_string();
        let answer = self.send(post("/sign-in", &[("account", &account)], None)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}");
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        Browser {
            site: self,
            cookie: cookie.split(';').next().unwrap().to_owned(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        Answer {
            status,
            headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(get(path, None)).await
    }

    /// A request of the police, filed as the JSON verb and the form file it.
    pub(crate) async fn police_request(&self, number: &str, address: &str) -> Receipt {
        let request = json!({
            "referrer": { "kind": "police", "name": "PC Ada Example" },
            "people": [{
                "name": "Rhian Invented",
                "numbers": if number.is_empty() { vec![] } else { vec![number] },
                "addresses": if address.is_empty() { vec![] } else { vec![json!({ "lines": address })] },
            }],
            "prisoner": { "first_name": "Dave", "last_name": "Smiht", "age_years": 40 },
            "consent": { "consent": "given" },
            "why": "He rings her from prison although a court forbade it.",
            "risk": { "stalking": true },
        });
        let by = self.actor("Mercia Police").clone();
        take_request(
            &self.hub,
            &by,
            None,
            serde_json::from_value(request).unwrap(),
            None,
        )
        .await
        .unwrap()
    }

    /// A request that a handler decides first.
    pub(crate) async fn friends_request(&self, number: &str) -> Reference {
        let request = json!({
            "referrer": { "kind": "friend-or-relative", "name": "Gwen Friend" },
            "people": [{ "name": "Rhian Invented", "numbers": [number] }],
            "consent": { "consent": "absent", "reason": "She is afraid to ask." },
            "why": "He rings her every night.",
        });
        let by = hub::callers::public_caller();
        let request = serde_json::from_value(request).unwrap();
        take_request(&self.hub, &by, None, request, None)
            .await
            .unwrap()
            .reference
    }

    pub(crate) async fn switch_on(&self, prison: &str, regime: Regime) {
        let (first, second) = (self.actor("Olwen Operator"), self.actor("Odd Operator"));
        let (store, prison) = (&self.hub.store, prison.parse().unwrap());
        if regime == Regime::CallEnabling {
            store.switch_prison_on(first, prison, regime).await.unwrap();
            return;
        }
        let change = ProposedChange::SwitchOnCallBarring { prison };
        let proposal = store.propose(first, change, "new here").await.unwrap();
        store.approve(second, proposal).await.unwrap();
    }
}

impl Site {
    /// A gate that has enrolled and that nobody has admitted.
    pub(crate) async fn enrol_gate(&self, prison: &str, seed: u8) -> GateId {
        let (store, prison) = (&self.hub.store, prison.parse().unwrap());
        let operator = self.actor("Olwen Operator");
        let code = store.issue_enrolment_code(operator, prison).await.unwrap();
        let verifying = SigningKey::from_bytes(&[seed; 32]).verifying_key();
        let sealing = SealingKey::from_secret(&[seed; 32]).public();
        store.enrol_gate(prison, code, verifying, sealing).await.unwrap()
    }

    /// Two operators admit it.
    pub(crate) async fn admit(&self, gate: GateId, prison: &str) {
        let (first, second) = (self.actor("Olwen Operator"), self.actor("Odd Operator"));
        let (gate, prison) = (gate.to_string(), prison.parse().unwrap());
        let change = ProposedChange::AdmitGate { gate, prison };
        let proposal = self.hub.store.propose(first, change, "compared").await.unwrap();
        self.hub.store.approve(second, proposal).await.unwrap();
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.site.send(get(path, Some(&self.cookie))).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.site.send(post(path, fields, Some(&self.cookie))).await
    }

    /// A request with this browser's session.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookie = self.cookie.parse().unwrap();
        request.headers_mut().insert(header::COOKIE, cookie);
        self.site.send(request).await
    }

    /// The same form, sent from another site.
    pub(crate) async fn post_from_elsewhere(&self, path: &str) -> Answer {
        let mut request = post(path, &[], Some(&self.cookie));
        request
            .headers_mut()
            .insert("sec-fetch-site", "cross-site".parse().unwrap());
        self.site.send(request).await
    }
}

/// Every role, with names that say so; `Leeds` and `Cardiff` are prisons of the register.
async fn people(hub: &Hub) -> Vec<Actor> {
    let operator = hub
        .store
        .add_account(None, "Olwen Operator", Role::Operator)
        .await
        .unwrap();
    let second = hub
        .store
        .add_account(None, "Odd Operator", Role::Operator)
        .await
        .unwrap();
    let prison: PrisonId = "LEI".parse().unwrap();
    let roles = [
        ("Hazel Handler", Role::CaseHandler),
        ("Hugh Handler", Role::CaseHandler),
        (
            "Mercia Police",
            Role::Referrer {
                organisation: OrganisationKind::Police,
            },
        ),
        (
            "Severn Refuge",
            Role::Referrer {
                organisation: OrganisationKind::VictimService,
            },
        ),
        (
            "Wye Probation",
            Role::Referrer {
                organisation: OrganisationKind::Probation,
            },
        ),
        ("Mali Mailroom", Role::Mailroom { prison }),
        ("Mostyn Mailroom", Role::Mailroom { prison }),
        ("Cai Clerk", Role::PinphoneClerk { prison }),
        ("Sam Security", Role::PrisonSecurity { prison }),
        ("Gwyn Governor", Role::Governor { prison }),
        ("Anna Auditor", Role::Auditor),
    ];
    let mut people = vec![operator.clone(), second];
    for (name, role) in roles {
        people.push(hub.store.add_account(Some(&operator), name, role).await.unwrap());
    }
    people
}

/// Two prisoners on record in Leeds; the roster in memory is empty until it is read again.
async fn receive(hub: &Hub) {
    let prisoners = ["A1234BC", "A5678DE"].map(|number| {
        let mut record = PrisonerRecord::new(number.parse().unwrap(), "Ivan", "Invented");
        record.prison_id = Some("LEI".parse().unwrap());
        record
    });
    hub.store.import_prisoners(prisoners.into()).await.unwrap();
}

fn get(path: &str, cookie: Option<&str>) -> Request<Body> {
    let mut request = Request::get(path).header(header::HOST, "localhost");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::empty()).unwrap()
}

pub(crate) fn post(path: &str, fields: &[(&str, &str)], cookie: Option<&str>) -> Request<Body> {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
        .collect();
    let mut request = Request::post(path)
        .header(header::HOST, "localhost")
        .header(header::ORIGIN, "null")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(body.join("&"))).unwrap()
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The path with something in the place of each parameter.
pub(crate) fn filled(path: &str) -> String {
    path.replace("{reference}", "K7QM-2VXD-94TR")
        .replace("{id}", "00000000-0000-4000-8000-000000000000")
}
