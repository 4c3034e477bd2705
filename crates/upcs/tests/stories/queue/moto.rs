//! A queue as AWS has them (moto's server), at a port of this machine, and the command that follows it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use upcs::children::this_program;

use crate::clients::{Http, Sent};
use crate::house::House;
use crate::tools::{Tool, until};

pub(super) const WITHIN: Duration = Duration::from_secs(40);

/// Ends when dropped.
pub(super) struct Ended(pub(super) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A hub's store and its keys.
pub(super) struct At {
    pub(super) database: String,
    pub(super) keys: PathBuf,
}

impl At {
    pub(super) fn of(house: &House) -> Self {
        Self {
            database: house.folder.database(),
            keys: house.folder.hub_keys(),
        }
    }

    /// The command that follows a queue, with no credentials but those that a story gives it.
    pub(super) fn follows(&self, url: &str) -> Result<Command> {
        let mut command = Command::new(this_program()?);
        command.args(["hub", "follow-queue", "--demo", "--queue", url]);
        command
            .args(["--database", &self.database])
            .arg("--keys")
            .arg(&self.keys);
        let inherited = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_"));
        for (name, _) in inherited {
            command.env_remove(name);
        }
        command
            .envs([("HOME", "/nonexistent"), ("AWS_EC2_METADATA_DISABLED", "true")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(command)
    }
}

/// With the keys of a story, in the environment.
pub(super) fn keyed(mut command: Command) -> Command {
    command.envs([("AWS_ACCESS_KEY_ID", "story"), ("AWS_SECRET_ACCESS_KEY", "story")]);
    command
}

/// A queue at a port of this machine.
pub(super) struct AtPort {
    pub(super) port: u16,
    pub(super) url: String,
    http: Http,
    _server: Ended,
}

impl AtPort {
    pub(super) fn start(port: u16) -> Result<Self> {
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

    /// From now on only keys that it gave out count.
    pub(super) fn checks_keys(&self) -> Result<()> {
        let answer = self.http.send(Sent {
            method: Method::POST,
            url: format!("http://127.0.0.1:{}/moto-api/reset-auth", self.port),
            headers: Vec::new(),
            body: b"0".to_vec(),
        })?;
        ensure!(answer.status == 200, "{}", answer.body);
        Ok(())
    }

    pub(super) fn send(&self, message: &str) -> Result<()> {
        let asked = json!({"QueueUrl": self.url, "MessageBody": message});
        self.ask("SendMessage", &asked).map(drop)
    }

    /// Messages that are in it, those that somebody holds among them.
    pub(super) fn holds(&self) -> Result<usize> {
        const NAMES: [&str; 2] = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ];
        let asked = json!({"QueueUrl": self.url, "AttributeNames": NAMES});
        let answer = self.ask("GetQueueAttributes", &asked)?;
        let count = |name: &str| answer["Attributes"][name].as_str()?.parse::<usize>().ok();
        Ok(NAMES.into_iter().filter_map(count).sum())
    }

    pub(super) fn until_empty(&self) -> Result<()> {
        until("the queue to be empty", WITHIN, || {
            Ok((self.holds()? == 0).then_some(()))
        })
    }

    /// The command that follows it.
    pub(super) fn followed(&self, house: &House) -> Result<Ended> {
        let mut command = keyed(At::of(house).follows(&self.url)?);
        Ok(Ended(command.spawn()?))
    }
}
