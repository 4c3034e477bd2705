//! A phone platform that lists the calls that are up and ends them when asked: by plain HTTP, and as Kamailio 5.6
//! does it, in the very words that it was seen to say.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use gate::live::{LiveCalls, Spoken};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::hub::PATIENCE;

/// A call that is up: its name, who calls, what was dialled.
pub(crate) type Call = (&'static str, &'static str, &'static str);

/// What the platform does when it is asked to end a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    Yes,
    /// It says no.
    No,
    /// It says yes and does not.
    SaysSo,
}

#[derive(Clone)]
struct Shared {
    ends: Ends,
    /// Whether the calls ring, and nobody has answered yet.
    ring: Arc<AtomicBool>,
    calls: Arc<Mutex<Vec<Call>>>,
    ended: Arc<Mutex<Vec<String>>>,
    listed: watch::Sender<Vec<Instant>>,
}

pub(crate) struct TestPlatform {
    shared: Shared,
    pub(crate) configured: LiveCalls,
}

impl TestPlatform {
    pub(crate) async fn start(spoken: Spoken, ends: Ends, calls: &[Call]) -> Self {
        let shared = Shared {
            ends,
            ring: Arc::default(),
            calls: Arc::new(Mutex::new(calls.to_vec())),
            ended: Arc::default(),
            listed: watch::Sender::default(),
        };
        let router = Router::new()
            .route("/calls", get(list))
            .route("/calls/{id}/end", post(end))
            .route("/rpc", post(json_rpc))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let path = match spoken {
            Spoken::Http => "calls",
            Spoken::Kamailio => "rpc",
        };
        let configured = LiveCalls {
            platform: spoken,
            hook: format!("http://{address}/{path}"),
        };
        Self { shared, configured }
    }

    /// Waits until the calls were listed so many times more; says when, all of them.
    pub(crate) async fn listed(&self, more: usize) -> Vec<Instant> {
        let mut listed = self.shared.listed.subscribe();
        let before = listed.borrow().len();
        let found = tokio::time::timeout(PATIENCE, listed.wait_for(|at| at.len() >= before + more));
        found.await.expect("asked in time").unwrap().clone()
    }

    /// The calls that the platform was asked to end, in order.
    pub(crate) fn asked_to_end(&self) -> Vec<String> {
        self.shared.ended.lock().unwrap().clone()
    }

    /// The calls ring, or have been answered.
    pub(crate) fn ring(&self, ring: bool) {
        self.shared.ring.store(ring, Ordering::Relaxed);
    }

    /// The calls that are up.
    pub(crate) fn up(&self) -> Vec<&'static str> {
        self.shared
            .calls
            .lock()
            .unwrap()
            .iter()
            .map(|(id, ..)| *id)
            .collect()
    }
}

impl Shared {
    fn list(&self) -> Vec<Call> {
        self.listed.send_modify(|at| at.push(Instant::now()));
        self.calls.lock().unwrap().clone()
    }

    /// Whether the platform says that it ended the call; `None` if it has none of that name.
    fn end(&self, id: &str) -> Option<bool> {
        self.ended.lock().unwrap().push(id.to_owned());
        let mut calls = self.calls.lock().unwrap();
        let at = calls.iter().position(|(known, ..)| *known == id)?;
        if self.ends == Ends::Yes {
            calls.remove(at);
        }
        Some(self.ends != Ends::No)
    }
}

async fn list(State(shared): State<Shared>) -> Json<Value> {
    let calls = shared.list().into_iter().map(
        |(id, caller, dialled)| json!({ "id": id, "caller": caller, "dialled": dialled, "since": "12:00" }),
    );
    Json(json!({ "calls": calls.collect::<Vec<_>>() }))
}

async fn end(State(shared): State<Shared>, Path(id): Path<String>) -> StatusCode {
    match shared.end(&id) {
        Some(true) => StatusCode::NO_CONTENT,
        Some(false) => StatusCode::SERVICE_UNAVAILABLE,
        None => StatusCode::NOT_FOUND,
    }
}

async fn json_rpc(State(shared): State<Shared>, Json(asked): Json<Value>) -> (StatusCode, Json<Value>) {
    let failed = |code: u16, words: &str| {
        let error =
            json!({ "jsonrpc": "2.0", "error": { "code": code, "message": words }, "id": asked["id"] });
        (StatusCode::from_u16(code).unwrap(), Json(error))
    };
    let result = match asked["method"].as_str() {
        Some("dlg.list") => {
            let state = if shared.ring.load(Ordering::Relaxed) { 2 } else { 4 };
            let dialogs = shared.list().into_iter();
            dialogs.map(|call| dialog(call, state)).collect()
        }
        Some("dlg.end_dlg") => {
            let id = format!("{}:{}", asked["params"][0], asked["params"][1]);
            match shared.end(&id) {
                Some(true) => json!({}),
                Some(false) => return failed(500, "Operation failed"),
                None => return failed(404, "Dialog not found"),
            }
        }
        _ => return failed(405, "Method Not Found"),
    };
    (
        StatusCode::OK,
        Json(json!({ "jsonrpc": "2.0", "result": result, "id": asked["id"] })),
    )
}

/// As Kamailio 5.6.3 writes one.
fn dialog((id, caller, dialled): Call, state: u8) -> Value {
    let (entry, id) = id.split_once(':').unwrap();
    let numbers = [entry, id].map(|part| part.parse::<u32>().unwrap());
    let party = |tag| {
        json!({ "tag": tag, "contact": "sip:sipp@127.0.0.1:35080", "cseq": "1", "route_set": "",
            "socket": "udp:127.0.0.1:35060" })
    };
    json!({
        "h_entry": numbers[0], "h_id": numbers[1], "ref": 2, "call-id": "1-3508@127.0.0.1",
        "from_uri": "sip:sipp@127.0.0.1:35080", "to_uri": "sip:service@127.0.0.1:35060", "state": state,
        "start_ts": 1_795_656_141, "init_ts": 1_795_656_141, "end_ts": 0, "duration": 10,
        "timeout": 1_795_699_341, "lifetime": 43_200, "dflags": 641, "sflags": 0, "iflags": 0,
        "caller": party("3508SIPpTag001"), "callee": party("3443SIPpTag011"), "profiles": [],
        "variables": [{ "caller": caller }, { "number": dialled }]
    })
}
