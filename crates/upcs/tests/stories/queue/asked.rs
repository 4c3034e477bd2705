//! How the queue is asked: over TLS, with credentials from wherever AWS's programs find them; and what is said when it
//! cannot be.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use tempfile::TempDir;
use upcs::children::this_program;

use super::moto::{At, AtPort, Ended, WITHIN, keyed};
use super::received;
use super::relay::{CERTIFICATES, Relay, container_role};
use crate::house::free_port;
use crate::tools::until;

/// A hub's store and keys, without a hub.
fn made_in(folder: &Path) -> Result<At> {
    let at = At {
        database: format!("sqlite://{}", folder.join("hub.sqlite").display()),
        keys: folder.join("keys"),
    };
    let mut init = Command::new(this_program()?);
    init.args(["hub", "init", "--demo", "--operator", "Olwen Operator"]);
    init.args(["--database", &at.database])
        .arg("--keys")
        .arg(&at.keys);
    ensure!(init.stdout(Stdio::null()).status()?.success(), "no hub was made");
    Ok(at)
}

/// What the command says when it ends by itself.
fn said(mut command: Command) -> Result<String> {
    let mut child = Ended(command.stderr(Stdio::piped()).spawn()?);
    let status = until("the command to end by itself", WITHIN, || {
        Ok(child.0.try_wait()?)
    })?;
    ensure!(!status.success(), "it ended as if all were well");
    let mut text = String::new();
    if let Some(mut said) = child.0.stderr.take() {
        std::io::Read::read_to_string(&mut said, &mut text)?;
    }
    Ok(text)
}

fn says(command: Command, expected: &str) -> Result<()> {
    let said = said(command)?;
    ensure!(said.contains(expected), "it said: {said}");
    Ok(())
}

/// Whether the command takes an event out of the queue.
fn takes(queue: &AtPort, mut command: Command) -> Result<()> {
    queue.send(&received("A7777ZZ", "LEI", 5).to_string())?;
    let _follower = Ended(command.spawn()?);
    queue.until_empty()
}

/// With the credentials of a profile, of a container's role, none, and some that are nobody's.
pub(crate) fn as_aws_programs_ask() -> Result<()> {
    let folder = TempDir::new()?;
    let at = made_in(folder.path())?;
    let queue = AtPort::start(free_port()?)?;
    says(at.follows(&queue.url)?, "there are no credentials for the queue")?;
    let elsewhere = queue.url.replace("/upcs", "/another");
    says(
        keyed(at.follows(&elsewhere)?),
        "there is no queue at this address",
    )?;
    let without_tls = "http://sqs.eu-west-2.amazonaws.com/1/upcs";
    says(keyed(at.follows(without_tls)?), "give its address as https://")?;

    let relay = Relay::with_tls(queue.port)?;
    let url = format!("https://127.0.0.1:{}/123456789012/upcs", relay.port);
    let profile = folder.path().join("credentials");
    fs::write(
        &profile,
        "[queue]\naws_access_key_id = story\naws_secret_access_key = story\n",
    )?;
    let mut of_profile = at.follows(&url)?;
    of_profile.env("SSL_CERT_FILE", format!("{CERTIFICATES}/authority.pem"));
    of_profile
        .env("AWS_SHARED_CREDENTIALS_FILE", &profile)
        .env("AWS_PROFILE", "queue");
    let talkative = folder.path().join("talkative");
    of_profile
        .env("RUST_LOG", "trace")
        .stderr(fs::File::create(&talkative)?);
    takes(&queue, of_profile)?;
    let said = fs::read_to_string(&talkative)?;
    ensure!(said.contains("TRACE"), "nothing was logged");
    ensure!(!said.contains("A7777ZZ"), "what the queue gives is logged");

    let log = folder.path().join("log");
    let mut of_a_stranger = keyed(at.follows(&url)?);
    of_a_stranger.env("SSL_CERT_FILE", format!("{CERTIFICATES}/stranger-authority.pem"));
    let _follower = Ended(of_a_stranger.stderr(fs::File::create(&log)?).spawn()?);
    until("the stranger's certificate to be refused", WITHIN, || {
        let said = fs::read_to_string(&log)?;
        Ok((said.contains("the queue cannot be reached") && said.contains("certificate")).then_some(()))
    })?;

    let mut of_a_role = at.follows(&queue.url)?;
    of_a_role.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", container_role()?);
    takes(&queue, of_a_role)?;

    queue.checks_keys()?;
    says(
        keyed(at.follows(&queue.url)?),
        "AWS does not accept the credentials",
    )
}
