//! The tour's own ends of the wires: the police's JSON, a switch's INVITEs, and a clock for both.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How long one INVITE may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// How often proof is asked for while it grows.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// The JSON verbs, with the police's key.
pub(super) struct Police {
    http: reqwest::Client,
    url: String,
    key: String,
}

impl Police {
    /// Speaks to a hub.
    pub(super) fn new(url: String, key: String) -> Self {
        Self {
            http: reqwest::Client::new(),
            url,
            key,
        }
    }

    /// Files a request; gives the status and the answer.
    pub(super) async fn file(&self, idempotency_key: &str, body: &str) -> Result<(u16, Value)> {
        let sent = self
            .http
            .post(format!("{}/v1/requests", self.url))
            .bearer_auth(&self.key);
        let sent = sent
            .header("Idempotency-Key", idempotency_key)
            .header("Content-Type", "application/json");
        read(
            sent.body(body.to_owned())
                .send()
                .await
                .context("the hub did not answer")?,
        )
        .await
    }

    /// Files intelligence.
    pub(super) async fn tell(&self, body: &Value) -> Result<(u16, Value)> {
        let sent = self
            .http
            .post(format!("{}/v1/intelligence", self.url))
            .bearer_auth(&self.key);
        read(sent.json(body).send().await.context("the hub did not answer")?).await
    }

    /// How far a bar is in force.
    pub(super) async fn in_force(&self, bar: &str) -> Result<Value> {
        let sent = self
            .http
            .get(format!("{}/v1/bars/{bar}/in-force", self.url))
            .bearer_auth(&self.key);
        let (status, answer) = read(sent.send().await.context("the hub did not answer")?).await?;
        if status != 200 {
            bail!("proof was answered with {status}");
        }
        Ok(answer)
    }

    /// Waits until as many prisons are covered; gives the proof.
    pub(super) async fn wait_in_force(&self, bar: &str, covered: u64, within: Duration) -> Result<Value> {
        let began = Instant::now();
        loop {
            let proof = self.in_force(bar).await?;
            if proof["covered"].as_u64() == Some(covered) {
                return Ok(proof);
            }
            if began.elapsed() > within {
                bail!(
                    "after {within:?} the bar is in force at {} prisons and not {covered}",
                    proof["covered"]
                );
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }
}

async fn read(response: reqwest::Response) -> Result<(u16, Value)> {
    let status = response.status().as_u16();
    let text = response.text().await.context("the hub's answer broke off")?;
    let answer = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text)?
    };
    Ok((status, answer))
}

/// What a gate says to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// 302: the call goes through.
    Allowed,
    /// 403: it does not.
    Refused,
}

/// Asks a gate over SIP.
pub(super) fn ask(gate: SocketAddr, from: &str, dialled: &str) -> Result<Said> {
    let answer = gate::client::call(gate, from, dialled, ANSWER_WITHIN).context("the gate did not answer")?;
    match answer.status {
        302 => Ok(Said::Allowed),
        403 => Ok(Said::Refused),
        status => bail!("the gate answered with {status}"),
    }
}

/// Every ordinary way of writing a UK number that begins with 0, and some that are meant to get round a bar.
pub(super) fn forms(national: &str) -> Vec<String> {
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    let rest = &digits[1..];
    let spaced: Vec<String> = digits.chars().map(String::from).collect();
    vec![
        digits.clone(),
        national.to_owned(),
        format!("+44{rest}"),
        format!("+44 (0) {rest}"),
        format!("0044{rest}"),
        format!("141{digits}"),
        format!("1470 {digits}"),
        format!("18001{digits}"),
        format!("141 0044{rest}"),
        spaced.join(" "),
        spaced.join("-"),
    ]
}
