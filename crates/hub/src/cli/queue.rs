//! `upcs hub follow-queue`: takes the prison service's events from the queue in which they stand, beside a hub that
//! runs. Its keys for the queue come from the environment, under the names that AWS gives them.

use std::net::SocketAddr;

use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use super::Place;
use super::operate::{open, say, told_to_stop};
use crate::custody::queue::{Credentials, Queue, QueuePlace, follow};
use crate::seams::Seams;

/// `hub follow-queue`
#[derive(Debug, Args)]
pub struct FollowQueueArgs {
    #[command(flatten)]
    place: Place,
    /// The queue's address, as https://sqs.eu-west-2.amazonaws.com/123456789012/upcs
    #[arg(long)]
    queue: String,
    /// The queue's region
    #[arg(long, default_value = "eu-west-2")]
    region: String,
    /// A forwarder on this machine that speaks TLS to the queue's host, as 127.0.0.1:8443
    #[arg(long)]
    through: SocketAddr,
    #[command(flatten)]
    keys: QueueKeys,
}

#[derive(Args)]
struct QueueKeys {
    /// The name of the access key
    #[arg(long, env = "AWS_ACCESS_KEY_ID", hide_env_values = true)]
    key_id: String,
    /// Its secret; give it in the environment
    #[arg(long, env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true)]
    secret: String,
    /// The token of a key that is good for a while
    #[arg(long, env = "AWS_SESSION_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

impl std::fmt::Debug for QueueKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QueueKeys(..)")
    }
}

pub(super) async fn follow_queue(args: FollowQueueArgs) -> anyhow::Result<()> {
    let QueueKeys {
        key_id,
        secret,
        token,
    } = args.keys;
    let credentials = Credentials {
        key_id,
        secret: Zeroizing::new(secret),
        token: token.map(Zeroizing::new),
    };
    let place = QueuePlace {
        url: args.queue,
        region: args.region,
        through: args.through,
        credentials,
    };
    let queue = Queue::at(place, Seams::real())?;
    let (store, _) = open(&args.place).await?;
    say(&json!({"ready": "queue"}).to_string())?;
    tokio::select! {
        never = follow(&queue, &store) => match never {},
        () = told_to_stop() => Ok(()),
    }
}
