//! A new session of the feed, as after a restore: certified off the hub by two people, begun at the hub.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use feed::{CoSigned, Session, SessionCertificate, VerifyingKey, public_key_from_hex, public_key_to_hex};

use super::Place;
use super::always::read_key;
use super::operate::{open, operator, say};
use crate::seams::Seams;

/// `hub session ...`
#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// Print the session, its epoch and the hub's public feed key
    Show {
        /// Where.
        #[command(flatten)]
        place: Place,
    },
    /// Sign a certificate for a new session with two root keys; off the hub
    Certify {
        /// Above every epoch that a gate has seen; today's date and a count, as 2026112601, is
        #[arg(long)]
        epoch: u64,
        /// The hub's public feed key, as `session show` prints it
        #[arg(long)]
        hub_key: String,
        /// The session; without it a new one is drawn
        #[arg(long)]
        session: Option<String>,
        /// The two secret key files
        #[arg(long, num_args = 2)]
        keys: Vec<PathBuf>,
        /// The file to write
        #[arg(long)]
        out: PathBuf,
    },
    /// Begin the session of a certificate; the hub must be stopped, and is started afterwards
    Begin {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// The operator who does it, by name
        #[arg(long)]
        operator: String,
        /// The certificate
        #[arg(long)]
        certificate: PathBuf,
        /// A root key that may sign it, 64 hexadecimal digits; give at least two
        #[arg(long)]
        root: Vec<String>,
    },
}

pub(super) async fn execute(command: SessionCommand) -> anyhow::Result<()> {
    match command {
        SessionCommand::Show { place } => show(&place).await,
        SessionCommand::Certify {
            epoch,
            hub_key,
            session,
            keys,
            out,
        } => certify(epoch, &hub_key, session.as_deref(), &keys, &out),
        SessionCommand::Begin {
            place,
            operator,
            certificate,
            root,
        } => begin(&place, &operator, &certificate, &root).await,
    }
}

async fn show(place: &Place) -> anyhow::Result<()> {
    let (store, keys) = open(place).await?;
    let session = store.feed_session().await?;
    let hub_key = public_key_to_hex(&keys.feed_signing_key().verifying_key());
    say(&serde_json::json!({
        "session": session.session,
        "epoch": session.epoch,
        "hub_key": hub_key,
    })
    .to_string())
}

fn certify(
    epoch: u64,
    hub_key: &str,
    session: Option<&str>,
    keys: &[PathBuf],
    out: &Path,
) -> anyhow::Result<()> {
    let [first, second] = keys else {
        bail!("give two key files: --keys ONE OTHER")
    };
    let [first, second] = [read_key(first)?, read_key(second)?];
    if first.verifying_key() == second.verifying_key() {
        bail!("the two key files hold the same key; a new session takes two people");
    }
    let session = match session {
        Some(text) => text.parse().context("--session takes 32 hexadecimal digits")?,
        None => Session::from_bytes(Seams::real().bytes()),
    };
    let certificate = SessionCertificate::new(epoch, session, &public_key(hub_key, "--hub-key")?);
    let signed = CoSigned::sign(&certificate, [&first, &second]).context("cannot sign the certificate")?;
    std::fs::write(out, signed.to_file()).with_context(|| format!("cannot write {}", out.display()))?;
    say(&format!("session {session}, epoch {epoch}, signed twice"))
}

async fn begin(place: &Place, by: &str, certificate: &Path, roots: &[String]) -> anyhow::Result<()> {
    let roots: Vec<VerifyingKey> = roots
        .iter()
        .map(|hex| public_key(hex, "--root"))
        .collect::<anyhow::Result<_>>()?;
    let file =
        std::fs::read(certificate).with_context(|| format!("cannot read {}", certificate.display()))?;
    let signed = CoSigned::parse(&file).context("this is not a certificate")?;
    let (store, _) = open(place).await?;
    let by = operator(&store, by).await?;
    let begun = store.begin_feed_session(&by, &signed, &roots).await?;
    say(&format!(
        "session {} begins under epoch {}; start the hub",
        begun.session, begun.epoch
    ))
}

fn public_key(hex: &str, argument: &str) -> anyhow::Result<VerifyingKey> {
    public_key_from_hex(hex)
        .with_context(|| format!("{argument} takes a public key of 64 hexadecimal digits"))
}
