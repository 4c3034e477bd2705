//! The prison service's events in a queue as AWS has them (moto's server): received, transferred, merged, repeated, out
//! of order, poison. The command that follows the queue is killed half-way and the queue goes away; nothing is lost.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use casework::{Actor, Role};
use hub::store::CustodyMessages;
use reqwest::Method;
use serde_json::{Value, json};
use upcs::children::this_program;
use upcs::say;

use crate::clients::{Http, Sent};
use crate::house::{House, free_port};
use crate::store::open_store;
use crate::tools::{Tool, until};

const WITHIN: Duration = Duration::from_secs(40);
/// Messages among which the command is killed.
const MANY: usize = 60;

/// Ends when dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A queue at a port of this machine.
struct AtPort {
    port: u16,
    url: String,
    http: Http,
    _server: Ended,
}

impl AtPort {
    fn start(port: u16) -> Result<Self> {
        let program = Tool::Moto.find().context("moto_server")?;
        let server = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut queue = Self {
            port,
            url: String::new(),
            http: Http::new()?,
            _server: Ended(server),
        };
        let made = until("the queue's server to come up", WITHIN, || {
            // What is taken out and not deleted comes again after three seconds.
            let asked = json!({"QueueName": "upcs", "Attributes": {"VisibilityTimeout": "3"}});
            Ok(queue.ask("CreateQueue", &asked).ok())
        })?;
        queue.url = made["QueueUrl"].as_str().context("a queue's address")?.to_owned();
        Ok(queue)
    }

    fn ask(&self, action: &str, asked: &Value) -> Result<Value> {
        const SCOPE: &str = "AWS4-HMAC-SHA256 Credential=story/20260101/eu-west-2/sqs/aws4_request, \
             SignedHeaders=host, Signature=none";
        let headers = [
            ("content-type", "application/x-amz-json-1.0".to_owned()),
            ("x-amz-target", format!("AmazonSQS.{action}")),
            ("authorization", SCOPE.to_owned()),
        ];
        let answer = self.http.send(Sent {
            method: Method::POST,
            url: format!("http://127.0.0.1:{}/", self.port),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            body: asked.to_string().into_bytes(),
        })?;
        ensure!(answer.status == 200, "{action}: {}", answer.body);
        answer.json()
    }

    fn send(&self, message: &str) -> Result<()> {
        let asked = json!({"QueueUrl": self.url, "MessageBody": message});
        self.ask("SendMessage", &asked).map(drop)
    }

    /// Messages that are in it, those that somebody holds among them.
    fn holds(&self) -> Result<usize> {
        const NAMES: [&str; 2] = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ];
        let asked = json!({"QueueUrl": self.url, "AttributeNames": NAMES});
        let answer = self.ask("GetQueueAttributes", &asked)?;
        let count = |name: &str| answer["Attributes"][name].as_str()?.parse::<usize>().ok();
        Ok(NAMES.into_iter().filter_map(count).sum())
    }

    fn until_empty(&self) -> Result<()> {
        until("the queue to be empty", WITHIN, || {
            Ok((self.holds()? == 0).then_some(()))
        })
    }

    /// The command that follows it.
    fn followed(&self, house: &House) -> Result<Ended> {
        let child = Command::new(this_program()?)
            .args([
                "hub",
                "follow-queue",
                "--demo",
                "--database",
                &house.folder.database(),
            ])
            .arg("--keys")
            .arg(house.folder.hub_keys())
            .args([
                "--queue",
                &self.url,
                "--through",
                &format!("127.0.0.1:{}", self.port),
            ])
            .env("AWS_ACCESS_KEY_ID", "story")
            .env("AWS_SECRET_ACCESS_KEY", "story")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Ended(child))
    }
}

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
