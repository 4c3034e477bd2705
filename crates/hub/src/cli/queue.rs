//! `upcs hub follow-queue`: takes the prison service's events from the queue in which they stand, beside a hub that
//! runs. Its credentials come from where AWS's programs look for them: environment, profile, the role of the machine, the
//! container or a web identity.

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::Place;
use super::operate::{open, say, told_to_stop};
use crate::custody::queue::{Queue, QueuePlace, follow};
use crate::seams::Seams;

/// `hub follow-queue`
#[derive(Debug, Args)]
pub struct FollowQueueArgs {
    #[command(flatten)]
    place: Place,
    /// The queue's address, as https://sqs.eu-west-2.amazonaws.com/123456789012/upcs
    #[arg(long)]
    queue: QueuePlace,
    /// The queue's region
    #[arg(long, default_value = "eu-west-2")]
    region: String,
}

pub(super) async fn follow_queue(args: FollowQueueArgs) -> anyhow::Result<()> {
    let (store, _) = open(&args.place).await?;
    let queue = Queue::at(args.queue, args.region, Seams::real()).await;
    say(&json!({"ready": "queue"}).to_string())?;
    follow(&queue, &store, told_to_stop()).await?;
    store.close().await.context("the store was not closed")
}
