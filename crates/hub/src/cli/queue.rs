//! `upcs hub follow-queue`: takes the prison service's events from the queue in which they stand, beside a hub that
//! runs. Its credentials come from where AWS's programs look for them: environment, profile, the role of the machine, the
//! container or a web identity.

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::Place;
use super::operate::{open, operator, say, told_to_stop};
use crate::custody::queue::{Queue, QueuePlace, asked_in, follow};
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

/// `hub forget-queue`
#[derive(Debug, Args)]
pub struct ForgetQueueArgs {
    #[command(flatten)]
    place: Place,
    /// The operator who does it, by name
    #[arg(long)]
    operator: String,
}

/// A queue that is read again is known again.
pub(super) async fn forget_queue(args: ForgetQueueArgs) -> anyhow::Result<()> {
    let (store, _) = open(&args.place).await?;
    let by = operator(&store, &args.operator).await?;
    store.forget_custody_queue(&by).await?;
    say("the queue is followed no longer; while nothing reads it there is no alarm")
}

pub(super) async fn follow_queue(args: FollowQueueArgs) -> anyhow::Result<()> {
    let (store, _) = open(&args.place).await?;
    let queue = Queue::at(args.queue, asked_in(args.region), Seams::real()).await;
    say(&json!({"ready": "queue"}).to_string())?;
    follow(&queue, &store, told_to_stop()).await?;
    store.close().await.context("the store was not closed")
}
