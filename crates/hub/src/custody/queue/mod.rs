//! The queue in which the prison service's events stand (Amazon SQS), followed: asked, each message taken by the store,
//! and only then deleted.
//!
//! The program speaks plain HTTP to a forwarder on this machine that speaks TLS to the queue; what is signed names the
//! queue's own host. A message that is not deleted comes again, and coming again changes nothing.

mod sign;

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

pub use sign::Credentials;
use sign::{Scope, amz_date, authorization};

use super::take_message;
use crate::seams::Seams;
use crate::store::{CameBy, Store, StoreError};

/// Messages that are asked for at once: as many as the queue gives.
const AT_ONCE: u32 = 10;
/// How long the queue may wait for a message before it answers, in seconds: as long as it can.
const WAIT_SECONDS: u32 = 20;
/// How long an answer may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
/// How long the queue is left alone after it could not be asked; twice as long each time.
const PAUSE: Duration = Duration::from_secs(1);
/// And never longer.
const PAUSE_AT_MOST: Duration = Duration::from_secs(60);

/// Where the queue is, and by whom it is read.
#[derive(Clone, Debug)]
pub struct QueuePlace {
    /// Its address, as `https://sqs.eu-west-2.amazonaws.com/123456789012/upcs`.
    pub url: String,
    /// Its region, as `eu-west-2`.
    pub region: String,
    /// The forwarder on this machine.
    pub through: SocketAddr,
    /// Who reads it.
    pub credentials: Credentials,
}

/// Why the queue, or the store behind it, was not served.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The place is none, or the forwarder is not on this machine.
    #[error("{0}")]
    Place(&'static str),
    /// The queue did not answer.
    #[error("the queue does not answer")]
    Silent,
    /// The queue answered with an error.
    #[error("the queue answers {0}")]
    Refused(u16),
    /// The queue answered something else than it does.
    #[error("the queue's answer cannot be read")]
    Unreadable,
    /// The store did not take a message: it stays in the queue.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How the queue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStanding {
    /// About how many messages wait in it.
    pub waiting: u64,
    /// When the oldest of those that were just taken had been sent, UTC.
    pub oldest: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Received {
    #[serde(rename = "Messages", default)]
    messages: Vec<ReceivedMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReceivedMessage {
    receipt_handle: String,
    body: String,
    #[serde(default)]
    attributes: SentAt,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SentAt {
    sent_timestamp: Option<String>,
}

/// The queue, ready to be asked.
#[derive(Debug)]
pub struct Queue {
    place: QueuePlace,
    host: String,
    http: reqwest::Client,
    seams: Seams,
}

impl Queue {
    /// A queue at this place. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`QueueError::Place`] if the address is none or the forwarder is on another machine.
    pub fn at(place: QueuePlace, seams: Seams) -> Result<Self, QueueError> {
        if !place.through.ip().is_loopback() {
            return Err(QueueError::Place(
                "the forwarder must be on this machine, as 127.0.0.1:8443",
            ));
        }
        let host = place
            .url
            .split_once("://")
            .and_then(|(_, rest)| rest.split_once('/'));
        let host = host
            .map(|(host, _)| host.to_owned())
            .filter(|host| !host.is_empty());
        let host = host.ok_or(QueueError::Place(
            "the queue is named by its address, as https://sqs.eu-west-2.amazonaws.com/123456789012/upcs",
        ))?;
        let http = reqwest::Client::builder()
            .timeout(ANSWERS_WITHIN)
            .no_proxy()
            .build();
        let http = http.map_err(|_| QueueError::Silent)?;
        Ok(Self {
            place,
            host,
            http,
            seams,
        })
    }

    /// Takes what the queue gives at once; how many messages that were. Each is deleted once the store has it.
    pub async fn take_some(&self, store: &Store) -> Result<usize, QueueError> {
        let asked = json!({
            "QueueUrl": self.place.url, "MaxNumberOfMessages": AT_ONCE, "WaitTimeSeconds": WAIT_SECONDS,
            "AttributeNames": ["SentTimestamp"],
        });
        let received: Received = self.ask("ReceiveMessage", &asked).await?;
        let mut oldest: Option<Timestamp> = None;
        for message in &received.messages {
            let at = (store, &self.seams);
            take_message(at, &store.itself(), CameBy::Queue, message.body.as_bytes()).await?;
            self.delete(&message.receipt_handle).await?;
            oldest = [oldest, message.sent_at()].into_iter().flatten().min();
        }
        let waiting = self.waiting().await?;
        store
            .note_custody_queue(&store.itself(), QueueStanding { waiting, oldest })
            .await?;
        Ok(received.messages.len())
    }

    async fn delete(&self, handle: &str) -> Result<(), QueueError> {
        let asked = json!({ "QueueUrl": self.place.url, "ReceiptHandle": handle });
        self.ask::<Value>("DeleteMessage", &asked).await.map(drop)
    }

    async fn waiting(&self) -> Result<u64, QueueError> {
        const NAME: &str = "ApproximateNumberOfMessages";
        let asked = json!({ "QueueUrl": self.place.url, "AttributeNames": [NAME] });
        let answer: Value = self.ask("GetQueueAttributes", &asked).await?;
        let count = answer["Attributes"][NAME]
            .as_str()
            .and_then(|text| text.parse().ok());
        count.ok_or(QueueError::Unreadable)
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        action: &str,
        asked: &Value,
    ) -> Result<T, QueueError> {
        let body = asked.to_string();
        let (target, date) = (format!("AmazonSQS.{action}"), amz_date(self.seams.clock.now()));
        let credentials = &self.place.credentials;
        let token = credentials.token.as_ref().map(|token| token.as_str());
        let mut headers = vec![
            ("content-type", "application/x-amz-json-1.0"),
            ("host", self.host.as_str()),
            ("x-amz-date", date.as_str()),
        ];
        headers.extend(token.map(|token| ("x-amz-security-token", token)));
        headers.push(("x-amz-target", target.as_str()));
        let scope = Scope {
            region: &self.place.region,
            service: "sqs",
        };
        let signed = authorization(credentials, scope, &date, (&headers, body.as_bytes()));
        let mut request = self.http.post(format!("http://{}/", self.place.through));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.header("authorization", signed).body(body).send().await;
        let answer = answer.map_err(|_| QueueError::Silent)?;
        if !answer.status().is_success() {
            return Err(QueueError::Refused(answer.status().as_u16()));
        }
        let text = answer.bytes().await.map_err(|_| QueueError::Silent)?;
        let text: &[u8] = if text.is_empty() { b"null" } else { &text };
        serde_json::from_slice(text).map_err(|_| QueueError::Unreadable)
    }
}

impl ReceivedMessage {
    fn sent_at(&self) -> Option<Timestamp> {
        let millis = self.attributes.sent_timestamp.as_deref()?.parse().ok()?;
        Timestamp::from_millisecond(millis).ok()
    }
}

/// Follows the queue until dropped. While it does not answer, or the store does not take a message, it is left alone
/// for longer and longer; nothing is lost by that.
pub async fn follow(queue: &Queue, store: &Store) -> std::convert::Infallible {
    let mut pause = PAUSE;
    loop {
        match queue.take_some(store).await {
            Ok(_) => pause = PAUSE,
            Err(error) => {
                tracing::error!(%error, seconds = pause.as_secs(), "THE PRISON SERVICE'S QUEUE IS NOT READ; trying again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_AT_MOST);
            }
        }
    }
}
