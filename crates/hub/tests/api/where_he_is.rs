//! Whoever asked for a bar is never told where its prisoner is held: every answer to the public and to referrers, page
//! or JSON, is the same byte for byte wherever he is, and none carries his number, his name or his cell.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use casework::{Actor, OrganisationKind, Personal, ProposedChange, Reference, Role};
use feed::{Attempt, Reason, Regime, Verdict};
use hub::run::{WebMode, router};
use hub::seams::Seams;
use hub::web::{Audience, Methods, pages};
use offender::{PrisonerRecord, Status};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{TestHub, police_request};

const HIS_NUMBER: &str = "A7777QZ";
/// What nobody outside may read of him.
const HIS: [&str; 4] = [HIS_NUMBER, "Zebedee", "Quillfeather", "Q9-4-021"];
/// Switched on, switched on, not switched on, out.
const PLACES: [&str; 4] = ["LEI", "MDI", "WWI", "OUT"];

/// One answer: who asked for what, and all that he was told.
type Told = (String, String);

/// A hub with a bar on which three organisations asked, whose prisoner is located and held in this prison.
struct World {
    hub: TestHub,
    router: Router,
    reference: Reference,
    bar: String,
    referrers: Vec<(Actor, String)>,
}

impl World {
    async fn with_him_in(place: &str) -> Self {
        let (seams, _) = Seams::seeded(29, "2026-11-23T09:00:00Z".parse().unwrap());
        let hub = TestHub::start_at(0, seams).await;
        hub.switch_on("LEI", Regime::CallBarring).await;
        hub.switch_on("MDI", Regime::CallEnabling).await;
        let mut referrers = Vec::new();
        for (name, organisation) in [
            ("Mercia Police", OrganisationKind::Police),
            ("Severn Refuge", OrganisationKind::VictimService),
            ("Northern Probation", OrganisationKind::Probation),
        ] {
            referrers.push(hub.key_of(name, Role::Referrer { organisation }).await);
        }
        let key = Some(referrers[0].1.as_str());
        let filed = hub
            .post("/v1/requests", key, &police_request(&["07700 900123"]))
            .await
            .json();
        let mut world = Self {
            reference: filed["reference"].as_str().unwrap().parse().unwrap(),
            bar: filed["targets"][0]["bar"].as_str().unwrap().to_owned(),
            referrers,
            router: router(&hub.hub, WebMode::Demo).unwrap(),
            hub,
        };
        world.he_is_located_in(place).await;
        world
    }

    /// He is on record there, a handler says that the case is about him, and he tries the number.
    async fn he_is_located_in(&mut self, place: &str) {
        let store = &self.hub.hub.store;
        let mut record = PrisonerRecord::new(HIS_NUMBER.parse().unwrap(), "Zebedee", "Quillfeather");
        record.status = Status::new(if place == "OUT" {
            "INACTIVE OUT"
        } else {
            "ACTIVE IN"
        });
        record.prison_id = Some(place.parse().unwrap());
        record.cell_location = Some("Q9-4-021".to_owned());
        store.import_prisoners(vec![record]).await.unwrap();
        self.hub.hub.custody.refresh(store).await.unwrap();
        let handler = &self.hub.handler;
        let case = store
            .open_case(handler, self.reference.clone())
            .await
            .unwrap()
            .case;
        let him = HIS_NUMBER.parse().unwrap();
        let evidence = Personal::new("{}");
        store
            .locate_prisoner(handler, case, him, &evidence, "m1")
            .await
            .unwrap();
        let change = ProposedChange::ExceptPrisoner {
            bar: self.bar.parse().unwrap(),
            prison: "LEI".parse().unwrap(),
            prisoner: "A1234BC".parse().unwrap(),
        };
        // Refused or not, it is the same wherever he is.
        let _ = store.propose(handler, change, "her son").await;
        let leeds = self.hub.enrolled_in("LEI").await;
        let moorland = self.hub.enrolled_in("MDI").await;
        let gate = if place == "MDI" { moorland } else { leeds };
        let attempt = Attempt {
            sequence: 1,
            at_ms: 1_795_424_400_000,
            caller: HIS_NUMBER.to_owned(),
            dialled: "07700 900123".to_owned(),
            number: Some("+447700900123".to_owned()),
            verdict: Verdict::Refuse(Reason::Barred),
        };
        store.record_attempts(gate, &[attempt]).await.unwrap();
    }

    /// Everything that the public and each referrer can ask, and what each is told.
    async fn crawled(&self) -> Vec<Told> {
        let mut told = Vec::new();
        for (actor, key) in
            std::iter::once(None)
                .chain(self.referrers.iter().map(Some))
                .map(|one| match one {
                    Some((actor, key)) => (Some(actor), Some(key.as_str())),
                    None => (None, None),
                })
        {
            let who = actor.map_or("public", |actor| actor.name.as_str());
            let cookie = match actor {
                Some(actor) => Some(self.signs_in(actor).await),
                None => None,
            };
            for request in self.page_requests(actor, cookie.as_deref()) {
                told.push(self.ask(who, request).await);
            }
            for request in self.json_requests(key) {
                told.push(self.ask(who, request).await);
            }
        }
        told
    }

    fn page_requests(&self, actor: Option<&Actor>, cookie: Option<&str>) -> Vec<Request<Body>> {
        let open = |audience: Audience| match audience {
            Audience::Public => true,
            Audience::SignedIn(verb) => actor.is_some_and(|actor| actor.role.may(verb)),
            // The demonstration's choice of accounts: it names prisons of accounts, and no prisoner.
            Audience::Demo => false,
        };
        let mut requests = Vec::new();
        for page in pages()
            .into_iter()
            .filter(|page| open(page.audience) && page.path != "/sign-out")
        {
            for lang in ["en", "cy"] {
                let path = format!("{}?lang={lang}", self.filled(page.path));
                if page.methods != Methods::Post {
                    requests.push(form(Request::get(&path), cookie, ""));
                }
                if page.methods != Methods::Get {
                    let fields = format!("reference={}&number=07700900123", self.reference);
                    for body in ["", &fields] {
                        requests.push(form(Request::post(&path), cookie, body));
                    }
                }
            }
        }
        requests
    }

    fn json_requests(&self, key: Option<&str>) -> Vec<Request<Body>> {
        let again = police_request(&["07700 900123", "07700 900456"]);
        let mut requests = Vec::new();
        for (method, path, _) in hub::api::routes() {
            for body in [Value::Null, again.clone()] {
                let mut request = Request::builder()
                    .method(method.to_uppercase().as_str())
                    .uri(self.filled(path))
                    .header(header::CONTENT_TYPE, "application/json");
                if let Some(key) = key {
                    request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
                }
                requests.push(request.body(Body::from(body.to_string())).unwrap());
            }
        }
        requests
    }

    fn filled(&self, path: &str) -> String {
        let nobody = "00000000-0000-4000-8000-000000000000";
        path.replace("{reference}", self.reference.as_str())
            .replace("{bar}", &self.bar)
            .replace("{prison}", "LEI")
            .replace("{date}", "2026-11-22")
            .replace("{gate}", nobody)
            .replace("{id}", nobody)
    }

    async fn signs_in(&self, actor: &Actor) -> String {
        let sent = form(
            Request::post("/sign-in"),
            None,
            &format!("account={}", actor.account),
        );
        let response = router(&self.hub.hub, WebMode::Demo)
            .unwrap()
            .oneshot(sent)
            .await
            .unwrap();
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn ask(&self, who: &str, request: Request<Body>) -> Told {
        let asked = format!("{who}: {} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        // The feed of a gate never ends; it is refused here before it begins.
        let body = to_bytes(body, 4 << 20).await.unwrap();
        (
            asked,
            format!(
                "{:?} {:?}\n{}",
                head.status,
                head.headers,
                String::from_utf8_lossy(&body)
            ),
        )
    }
}

fn form(builder: axum::http::request::Builder, cookie: Option<&str>, body: &str) -> Request<Body> {
    let builder = builder
        .header(header::HOST, "localhost")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let builder = match cookie {
        Some(cookie) => builder.header(header::COOKIE, cookie),
        None => builder,
    };
    builder.body(Body::from(body.to_owned())).unwrap()
}

#[tokio::test]
async fn no_answer_to_the_public_or_a_referrer_depends_on_where_he_is_held() {
    let mut first: Option<Vec<Told>> = None;
    for place in PLACES {
        let told = World::with_him_in(place).await.crawled().await;
        for (asked, answer) in &told {
            for his in HIS {
                assert!(!answer.contains(his), "{asked} tells {his}");
            }
            // Where he is alone in not being switched on, no list of prisons names it.
            assert!(
                place != "WWI" || !answer.contains("WWI") && !answer.contains("Wandsworth"),
                "{asked}"
            );
        }
        let asked = |who: &str| told.iter().filter(|(asked, _)| asked.starts_with(who)).count();
        assert!(
            asked("public") > 30 && asked("Severn Refuge") > 40,
            "the crawl reaches what there is"
        );
        let first = first.get_or_insert_with(|| told.clone());
        assert_eq!(first.len(), told.len());
        for (one, other) in first.iter().zip(&told) {
            assert_eq!(one, other, "with him in {place}");
        }
    }
}

#[tokio::test]
async fn the_crawl_reads_receipts_and_proofs_and_not_only_refusals() {
    let world = World::with_him_in("LEI").await;
    let told = world.crawled().await;
    for (asked, says) in [
        (
            format!("Mercia Police: GET /v1/requests/{}", world.reference),
            "\"barred\"",
        ),
        (
            format!("Mercia Police: GET /v1/bars/{}/in-force", world.bar),
            "\"by_prison\"",
        ),
        (
            "Mercia Police: POST /referrals?lang=en".to_owned(),
            "Number 1 of person 1",
        ),
        ("Mercia Police: POST /v1/requests".to_owned(), "\"outcome\""),
    ] {
        let answered = told
            .iter()
            .any(|(path, answer)| *path == asked && answer.contains(says));
        assert!(answered, "{asked}: {says}");
    }
}
