//! The stories' own ends of the wires: a referrer's JSON, any HTTP, a prison's phone.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::tools::until;

/// How long an HTTP answer may take.
const HTTP_WITHIN: Duration = Duration::from_secs(10);
/// How long an answer to an INVITE may take.
const INVITE_WITHIN: Duration = Duration::from_secs(2);

/// An HTTP client for one thread.
pub(crate) struct Http {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

/// What is sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The header fields, a line each.
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("status {} without JSON", self.status))
    }
}

impl Http {
    pub(crate) fn new() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        // A connection of its own for each request: a killed hub leaves dead ones behind.
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .timeout(HTTP_WITHIN);
        let client = client.redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { runtime, client })
    }

    /// Sends and waits. An error means that there was no whole answer.
    pub(crate) fn send(&self, sent: Sent) -> Result<Answer> {
        let mut request = self.client.request(sent.method, sent.url);
        for (name, value) in sent.headers {
            request = request.header(name, value);
        }
        self.runtime.block_on(async {
            let response = request.body(sent.body).send().await?;
            let status = response.status().as_u16();
            let fields = response.headers().iter();
            let fields = fields
                .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
            let headers = fields.collect();
            let body = String::from_utf8_lossy(&response.bytes().await?).into_owned();
            Ok(Answer {
                status,
                headers,
                body,
            })
        })
    }

    pub(crate) fn get(&self, url: &str) -> Result<Answer> {
        self.send(Sent {
            method: Method::GET,
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        })
    }
}

/// A registered organisation with its key.
pub(crate) struct Referrer {
    pub(crate) http: Http,
    pub(crate) url: String,
    pub(crate) key: String,
}

/// One bar as a receipt names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bar(pub(crate) String);

impl Referrer {
    pub(crate) fn new(url: String, key: String) -> Result<Self> {
        Ok(Self {
            http: Http::new()?,
            url,
            key,
        })
    }

    /// Files a request under an idempotency key.
    pub(crate) fn file(&self, once: &str, request: &Value) -> Result<Answer> {
        let mut headers = self.authorised();
        headers.push(("Idempotency-Key".to_owned(), once.to_owned()));
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        let body = request.to_string().into_bytes();
        self.http.send(Sent {
            method: Method::POST,
            url: format!("{}/v1/requests", self.url),
            headers,
            body,
        })
    }

    /// Files a request that must be taken and must bar everything in it; gives the bars.
    pub(crate) fn bar(&self, once: &str, numbers: &[String]) -> Result<Vec<Bar>> {
        let answer = self.file(once, &request(numbers))?;
        ensure!(
            answer.status == 201,
            "a request was answered with {}: {}",
            answer.status,
            answer.body
        );
        let bars = bars(&answer.json()?);
        ensure!(
            bars.len() == numbers.len(),
            "{} numbers gave {} bars",
            numbers.len(),
            bars.len()
        );
        Ok(bars)
    }

    /// The receipt of a request.
    pub(crate) fn receipt(&self, reference: &str) -> Result<Answer> {
        self.read(&format!("/v1/requests/{reference}"))
    }

    /// The prisons where a bar is in force, by their identifiers.
    pub(crate) fn covered(&self, bar: &Bar) -> Result<Vec<String>> {
        let proof = self.proof(bar)?;
        let rows = proof["by_prison"].as_array().cloned().unwrap_or_default();
        let covered = rows.iter().filter(|row| row["covered"] == true);
        let covered: Vec<String> = covered
            .filter_map(|row| row["prison"].as_str().map(str::to_owned))
            .collect();
        ensure!(
            proof["covered"] == json!(covered.len()),
            "the proof's count is not that of its rows: {proof}"
        );
        Ok(covered)
    }

    fn proof(&self, bar: &Bar) -> Result<Value> {
        let answer = self.read(&format!("/v1/bars/{}/in-force", bar.0))?;
        ensure!(answer.status == 200, "proof was answered with {}", answer.status);
        answer.json()
    }

    /// Waits until a bar is in force at all of these prisons.
    pub(crate) fn wait_in_force(&self, bar: &Bar, prisons: &[&str], within: Duration) -> Result<()> {
        let waited = until("a bar to be in force", within, || {
            let covered = self.covered(bar)?;
            Ok(prisons
                .iter()
                .all(|prison| covered.iter().any(|c| c == prison))
                .then_some(()))
        });
        waited.with_context(|| {
            self.proof(bar)
                .map_or_else(|e| e.to_string(), |proof| proof["by_prison"].to_string())
        })
    }

    fn read(&self, path: &str) -> Result<Answer> {
        let (url, headers) = (format!("{}{path}", self.url), self.authorised());
        self.http.send(Sent {
            method: Method::GET,
            url,
            headers,
            body: Vec::new(),
        })
    }

    pub(crate) fn authorised(&self) -> Vec<(String, String)> {
        vec![("Authorization".to_owned(), format!("Bearer {}", self.key))]
    }
}

/// Most numbers of one person in a request.
const NUMBERS_PER_PERSON: usize = 20;

/// A complete referral by the police for these numbers, at most 400.
pub(crate) fn request(numbers: &[String]) -> Value {
    let people = numbers.chunks(NUMBERS_PER_PERSON);
    let people: Vec<Value> = people
        .map(|numbers| json!({"name": "Carys Bevan", "numbers": numbers}))
        .collect();
    json!({
        "referrer": {"kind": "police", "name": "PC Ellis Marsh"},
        "people": people,
        "consent": {"consent": "given"},
        "why": "Rung from a prison phone although a court forbade it.",
    })
}

/// The bars that a receipt names, in the order of the request.
pub(crate) fn bars(receipt: &Value) -> Vec<Bar> {
    let targets = receipt["targets"].as_array().cloned().unwrap_or_default();
    targets
        .iter()
        .filter_map(|target| Some(Bar(target["bar"].as_str()?.to_owned())))
        .collect()
}

/// What became of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// 302.
    Allowed,
    /// 403.
    Refused,
    /// Something else.
    Other(u16),
    /// Nothing came; the switch lets the call fail.
    Nothing,
}

/// Dials at a gate.
pub(crate) fn dial(gate: SocketAddr, from: &str, dialled: &str) -> Said {
    dial_within(gate, from, dialled, INVITE_WITHIN)
}

/// Dials at a gate and waits so long.
pub(crate) fn dial_within(gate: SocketAddr, from: &str, dialled: &str, within: Duration) -> Said {
    match gate::client::call(gate, from, dialled, within) {
        Ok(answer) if answer.status == 302 => Said::Allowed,
        Ok(answer) if answer.status == 403 => Said::Refused,
        Ok(answer) => Said::Other(answer.status),
        Err(_) => Said::Nothing,
    }
}
