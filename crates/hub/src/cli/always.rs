//! The always-allowed list goes out under two signatures.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use data_encoding::HEXLOWER;
use feed::{AlwaysAllowed, CoSigned, SigningKey, public_key_to_hex};

use crate::always_allowed::{BUILT_IN, read_csv};
use crate::seams::Seams;

/// `hub always-allowed ...`
#[derive(Debug, Subcommand)]
pub enum AlwaysAllowedCommand {
    /// Make a root key; prints its public half
    RootKey {
        /// The file for the secret half
        file: PathBuf,
    },
    /// Sign a list with two root keys, kept by two people
    // `--version` is the list's here, not the program's.
    #[command(disable_version_flag = true)]
    Sign {
        /// The list, as number,name lines under a header; without one the list that the service ships with
        #[arg(long)]
        list: Option<PathBuf>,
        /// Rises with every change of the list
        #[arg(long)]
        version: u32,
        /// The two secret key files
        #[arg(long, num_args = 2)]
        keys: Vec<PathBuf>,
        /// The file to write
        #[arg(long)]
        out: PathBuf,
    },
}

pub(super) fn execute(command: AlwaysAllowedCommand) -> anyhow::Result<()> {
    match command {
        AlwaysAllowedCommand::RootKey { file } => root_key(&file),
        AlwaysAllowedCommand::Sign {
            list,
            version,
            keys,
            out,
        } => {
            let [first, second] = keys.as_slice() else {
                bail!("give two key files: --keys ONE OTHER")
            };
            sign(list.as_deref(), version, [first, second], &out)
        }
    }
}

fn root_key(file: &Path) -> anyhow::Result<()> {
    let mut secret = [0; 32];
    Seams::real().random.fill(&mut secret);
    let key = SigningKey::from_bytes(&secret);
    write_new(file, HEXLOWER.encode(&secret).as_bytes())?;
    super::operate::say(&public_key_to_hex(&key.verifying_key()))
}

fn sign(list: Option<&Path>, version: u32, keys: [&Path; 2], out: &Path) -> anyhow::Result<()> {
    let csv = match list {
        Some(path) => std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => BUILT_IN.as_bytes().to_vec(),
    };
    let list = AlwaysAllowed {
        version,
        numbers: read_csv(&csv)?,
    };
    let [first, second] = [read_key(keys[0])?, read_key(keys[1])?];
    if first.verifying_key() == second.verifying_key() {
        bail!("the two key files hold the same key; the list takes two people");
    }
    let signed = CoSigned::sign(&list, [&first, &second]).context("cannot sign the list")?;
    std::fs::write(out, signed.to_file()).with_context(|| format!("cannot write {}", out.display()))?;
    super::operate::say(&format!(
        "{} numbers, version {version}, signed twice",
        list.numbers.len()
    ))
}

pub(super) fn read_key(file: &Path) -> anyhow::Result<SigningKey> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let secret = HEXLOWER
        .decode(text.trim().as_bytes())
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let secret = secret.with_context(|| format!("{} does not hold a root key", file.display()))?;
    Ok(SigningKey::from_bytes(&secret))
}

/// Writes a secret to a file that only its owner reads and that was not there before.
fn write_new(file: &Path, secret: &[u8]) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(file);
    let mut opened = opened.with_context(|| format!("cannot make {}", file.display()))?;
    opened
        .write_all(secret)
        .and_then(|()| opened.sync_all())
        .context("cannot write the key")
}
