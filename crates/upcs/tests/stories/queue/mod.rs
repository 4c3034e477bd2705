//! The prison service's events in a queue as AWS has them (moto's server): received, transferred, merged, repeated, out
//! of order, poison. The command that follows the queue is killed half-way and the queue goes away; nothing is lost.

mod asked;
mod moto;
mod relay;

use std::process::ExitStatus;

use anyhow::{Context, Result, ensure};
use casework::{Actor, Role};
use hub::store::CustodyMessages;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use upcs::say;

pub(crate) use asked::as_aws_programs_ask;
use moto::{At, AtPort, Ended, WITHIN, keyed};
use relay::Relay;

use crate::house::{House, free_port};
use crate::store::open_store;
use crate::tools::until;

/// Messages among which the command is killed.
const MANY: usize = 60;

fn received(number: &str, prison: &str, minute: u8) -> Value {
    json!({
        "eventType": "prisoner-offender-search.prisoner.received", "version": 1,
        "occurredAt": format!("2026-01-05T08:{minute:02}:00Z"),
        "additionalInformation": {"nomsNumber": number, "prisonId": prison, "reason": "TRANSFERRED"}
    })
}

/// What the store says: where he is, and what came.
fn seen(house: &House, number: &str) -> Result<(Option<String>, CustodyMessages)> {
    upcs::cli::runtime()?.block_on(async {
        let store = open_store(&house.folder).await?;
        let record = store.prisoner(number.parse()?).await?;
        let accounts: Vec<Actor> = store.accounts().await?;
        let operator = accounts.iter().find(|actor| actor.role == Role::Operator);
        let messages = store.custody_messages(operator.context("an operator")?).await?;
        let prison = record.and_then(|record| record.prison_id);
        Ok((prison.map(|prison| prison.to_string()), messages))
    })
}

fn counted(messages: &CustodyMessages, outcome: &str) -> u64 {
    let of = messages.counts.iter().filter(|count| count.outcome == outcome);
    of.map(|count| count.messages).sum()
}

/// Follows it.
pub(crate) fn is_followed() -> Result<()> {
    let house = House::make()?;
    let port = free_port()?;
    let queue = AtPort::start(port)?;
    let transferred = received("A7777ZZ", "MDI", 9).to_string();
    let wrapped = json!({"Type": "Notification", "MessageId": "1", "Message": received("A8888ZZ", "LEI", 3).to_string()});
    let merged = json!({
        "eventType": "prison-offender-events.prisoner.merged", "occurredAt": "2026-01-05T08:10:00Z",
        "additionalInformation": {"nomsNumber": "A7777ZZ", "removedNomsNumber": "A8888ZZ"}
    });
    let before = counted(&seen(&house, "A7777ZZ")?.1, "set-aside");
    for message in [
        &transferred,
        &received("A7777ZZ", "LEI", 5).to_string(),
        &transferred,
        &wrapped.to_string(),
        &merged.to_string(),
        &received("A12", "LEI", 1).to_string(),
        r#"{"eventType": "prison-offender-events.prisoner.cell-move"}"#,
    ] {
        queue.send(message)?;
    }
    let follower = queue.followed(&house)?;
    queue.until_empty()?;
    let (prison, messages) = seen(&house, "A7777ZZ")?;
    ensure!(prison.as_deref() == Some("MDI"), "he is at {prison:?}");
    let outcomes = ["repeated", "passed"].map(|outcome| counted(&messages, outcome));
    ensure!(outcomes == [1, 1], "{messages:?}");
    ensure!(counted(&messages, "set-aside") == before + 1, "{messages:?}");
    ensure!(messages.queue.is_some(), "nobody knows how the queue stands");

    for n in 0..MANY {
        queue.send(&received(&format!("B{n:04}ZZ"), "LEI", 20).to_string())?;
    }
    until("some to be taken", WITHIN, || {
        Ok((queue.holds()? < MANY).then_some(()))
    })?;
    drop(follower);
    let left = queue.holds()?;
    let _follower = queue.followed(&house)?;
    queue.until_empty()?;
    for n in 0..MANY {
        let (prison, _) = seen(&house, &format!("B{n:04}ZZ"))?;
        ensure!(prison.as_deref() == Some("LEI"), "B{n:04}ZZ is lost");
    }
    say::line(&format!(
        "{MANY} events taken, the command killed with {left} of them in the queue"
    ));
    let url = queue.url.clone();
    drop(queue);
    let queue = AtPort::start(port)?;
    ensure!(queue.url == url, "another address");
    queue.send(&received("A9999ZZ", "LEI", 30).to_string())?;
    queue.until_empty()?;
    ensure!(
        seen(&house, "A9999ZZ")?.0.as_deref() == Some("LEI"),
        "not taken after the queue had gone"
    );
    Ok(())
}

/// What was taken by a command that was killed before it could delete it, or is told to stop, is taken once.
pub(crate) fn is_deleted_after_it_was_taken() -> Result<()> {
    let house = House::make()?;
    let queue = AtPort::start(free_port()?)?;
    let relay = Relay::that_holds_deletes(queue.port)?;
    let counted_now = |outcome| Ok::<_, anyhow::Error>(counted(&seen(&house, "A7777ZZ")?.1, outcome));
    let before = [counted_now("taken")?, counted_now("repeated")?];
    queue.send(&received("A7777ZZ", "LEI", 5).to_string())?;
    let url = queue
        .url
        .replace(&queue.port.to_string(), &relay.port.to_string());
    let killed = Ended(keyed(At::of(&house).follows(&url)?).spawn()?);
    until("the message to be taken and about to be deleted", WITHIN, || {
        Ok((relay.held() == 1).then_some(()))
    })?;
    ensure!(
        counted_now("taken")? == before[0] + 1,
        "deleted before it is on disk"
    );
    drop(killed);
    ensure!(queue.holds()? == 1, "it is in the queue no more");

    let mut follower = queue.followed(&house)?;
    queue.until_empty()?;
    let after = [counted_now("taken")?, counted_now("repeated")?];
    ensure!(
        after == [before[0] + 1, before[1] + 1],
        "{before:?}, then {after:?}"
    );
    let ended = told_to_stop(&mut follower)?;
    ensure!(ended.success(), "told to stop, it {ended}");
    ensure!(seen(&house, "A7777ZZ")?.0.as_deref() == Some("LEI"), "not taken");
    Ok(())
}

fn told_to_stop(follower: &mut Ended) -> Result<ExitStatus> {
    kill(Pid::from_raw(i32::try_from(follower.0.id())?), Signal::SIGTERM)?;
    until("the command to stop", WITHIN, || Ok(follower.0.try_wait()?))
}
