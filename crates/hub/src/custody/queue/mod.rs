//! The queue in which the prison service's events stand (Amazon SQS), followed: asked, each message taken by the store,
//! and only then deleted.
//!
//! AWS's own client signs and speaks TLS, and finds its credentials where AWS's programs do. A message that is not
//! deleted comes again, and coming again changes nothing.

mod error;
mod place;
mod unread;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use jiff::Timestamp;

pub use error::QueueError;
pub use place::QueuePlace;
pub use unread::{UNREAD_AFTER, unread_since};

use super::take_message;
use crate::seams::Seams;
use crate::store::{CameBy, Store, StoreError};

/// Messages that are asked for at once: as many as the queue gives.
const AT_ONCE: i32 = 10;
/// How long the queue may wait for a message before it answers, in seconds: as long as it can.
const WAIT_SECONDS: i32 = 20;
/// How long a connection to it may take.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);
/// How long an answer may take, the wait for a message included.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
/// How long the queue is left alone after it could not be asked; twice as long each time.
const PAUSE: Duration = Duration::from_secs(1);
/// And never longer.
const PAUSE_AT_MOST: Duration = Duration::from_secs(60);

/// A queue in this region, as `eu-west-2`, asked with the credentials that AWS's programs would find here.
pub fn asked_in(region: String) -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::v2026_01_12()).region(Region::new(region))
}

/// How the queue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueStanding {
    /// About how many messages wait in it.
    pub waiting: u64,
    /// When the oldest of those that were just taken had been sent, UTC.
    pub oldest: Option<Timestamp>,
}

/// The queue, ready to be asked.
#[derive(Debug)]
pub struct Queue {
    url: String,
    client: Client,
    seams: Seams,
}

impl Queue {
    /// A queue at this place, asked as this says. Nothing is asked of it yet, nor for credentials.
    pub async fn at(place: QueuePlace, asked: ConfigLoader, seams: Seams) -> Self {
        // rustls with ring, as everywhere here; the certificates are the machine's.
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECTS_WITHIN)
            .operation_attempt_timeout(ANSWERS_WITHIN);
        let asked = asked
            .http_client(http.build_https())
            .timeout_config(timeouts.build())
            // `follow` tries again, for as long as it takes; an answer without an end is bounded by the time above.
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let config = aws_sdk_sqs::config::Builder::from(&asked.load().await).endpoint_url(place.origin);
        Self {
            url: place.url,
            client: Client::from_conf(config.build()),
            seams,
        }
    }

    /// Takes what the queue gives at once; how many messages that were.
    pub async fn take_some(&self, store: &Store) -> Result<usize, QueueError> {
        let messages = self.receive().await?;
        self.take(store, &messages).await?;
        Ok(messages.len())
    }

    /// Waits for messages, as long as the queue waits.
    async fn receive(&self) -> Result<Vec<Message>, QueueError> {
        let asked = self.client.receive_message().queue_url(&self.url);
        let asked = asked
            .max_number_of_messages(AT_ONCE)
            .wait_time_seconds(WAIT_SECONDS);
        let asked = asked.message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        Ok(asked.send().await?.messages.unwrap_or_default())
    }

    /// Has the store take them, and deletes each that it has. What it has no room for stays in the queue and holds up
    /// no other.
    async fn take(&self, store: &Store, messages: &[Message]) -> Result<(), QueueError> {
        let at = (store, &self.seams);
        for message in messages {
            let body = message.body().unwrap_or_default().as_bytes();
            match take_message(at, &store.itself(), CameBy::Queue, body).await {
                Ok(_) => self.delete(message).await?,
                Err(StoreError::Refused(refused)) => {
                    tracing::error!(%refused, "a message stays in the queue")
                }
                Err(error) => return Err(error.into()),
            }
        }
        let standing = QueueStanding {
            waiting: self.waiting().await?,
            oldest: messages.iter().filter_map(sent_at).min(),
        };
        Ok(store.note_custody_queue(&store.itself(), standing).await?)
    }

    async fn delete(&self, message: &Message) -> Result<(), QueueError> {
        let asked = self.client.delete_message().queue_url(&self.url);
        let asked = asked.set_receipt_handle(message.receipt_handle.clone());
        asked.send().await?;
        Ok(())
    }

    async fn waiting(&self) -> Result<u64, QueueError> {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = asked.attribute_names(count.clone()).send().await?;
        let counted = answer.attributes().and_then(|all| all.get(&count)?.parse().ok());
        counted.ok_or(QueueError::Unreadable)
    }
}

fn sent_at(message: &Message) -> Option<Timestamp> {
    let sent = message
        .attributes()?
        .get(&MessageSystemAttributeName::SentTimestamp)?;
    Timestamp::from_millisecond(sent.parse().ok()?).ok()
}

/// Follows the queue until told to stop; what it has given by then is taken first. While it does not answer, or the
/// store does not take a message, it is left alone for longer and longer; nothing is lost by that.
///
/// # Errors
/// What somebody has to mend, if it is so from the start. Later it is said and tried again: a queue that was read once
/// may be again.
pub async fn follow(
    queue: &Queue,
    store: &Store,
    told_to_stop: impl Future<Output = ()>,
) -> Result<(), QueueError> {
    let mut told_to_stop = pin!(told_to_stop);
    let (mut pause, mut was_read) = (PAUSE, false);
    loop {
        let received = tokio::select! {
            received = queue.receive() => received,
            () = &mut told_to_stop => return Ok(()),
        };
        let taken = match received {
            Ok(messages) => queue.take(store, &messages).await,
            Err(error) => Err(error),
        };
        let Err(error) = taken else {
            (pause, was_read) = (PAUSE, true);
            continue;
        };
        if !was_read && error.is_to_be_mended() {
            return Err(error);
        }
        tracing::error!(%error, seconds = pause.as_secs(), "THE PRISON SERVICE'S QUEUE IS NOT READ; trying again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = &mut told_to_stop => return Ok(()),
        }
        pause = (pause * 2).min(PAUSE_AT_MOST);
    }
}
