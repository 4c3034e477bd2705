//! Where the state key comes from: a file, a credential that systemd hands the service, or a file that only this
//! machine's TPM opens. Whichever it is, it lies outside the state folder.
//!
//! The TPM is spoken to by `systemd-creds`, a child process with a bounded time. What it seals is the same file that
//! `LoadCredentialEncrypted=` of a unit takes.

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::NoKey;
use super::creds::{Creds, NotDone};
use crate::disk::replace_file;
use crate::seams::Seams;

/// The name under which a sealed key is bound; a credential of another name does not open.
pub const SEALED_NAME: &str = "upcs-gate-key";

/// Where the key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file of 64 hexadecimal digits.
    File(PathBuf),
    /// A credential of the service, which holds the same.
    Credential {
        /// Its name.
        name: String,
        /// The folder that systemd made for this run of the service (`$CREDENTIALS_DIRECTORY`); none, if systemd did
        /// not start the program.
        folder: Option<PathBuf>,
    },
    /// A file that this machine's TPM opens.
    Sealed {
        /// The file.
        file: PathBuf,
        /// Which TPM; the machine's own unless said otherwise.
        device: Option<String>,
    },
}

impl KeySource {
    /// The word for it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Credential { .. } => "credential",
            Self::Sealed { .. } => "sealed",
        }
    }

    /// The secret. A TPM may take its time: up to [`super::creds::OPENED_WITHIN`].
    pub(super) fn secret(&self, seams: &Seams) -> Result<Zeroizing<[u8; 32]>, NoKey> {
        match self {
            Self::File(file) => read(file, seams, || NoKey::Unreadable(file.clone())),
            Self::Credential { name, folder } => {
                let missing = || NoKey::NoCredential(name.clone());
                let folder = folder.as_ref().ok_or_else(missing)?;
                read(&folder.join(name), seams, missing)
            }
            Self::Sealed { file, device } => {
                if seams.disk.read(file).ok().flatten().is_none() {
                    return Err(NoKey::Unreadable(file.clone()));
                }
                let opened = Creds::on(device.as_deref()).open(file, SEALED_NAME);
                let opened = opened.map_err(|why| NoKey::NotOpened(file.clone(), why))?;
                secret_in(&opened).ok_or_else(|| NoKey::Malformed(file.clone()))
            }
        }
    }

    /// Makes a new key; never overwrites one.
    pub(super) fn create(&self, seams: &Seams) -> Result<(), NoKey> {
        let (file, device) = match self {
            Self::Credential { name, .. } => return Err(NoKey::MadeBySystemd(name.clone())),
            Self::File(file) => (file, None),
            Self::Sealed { file, device } => (file, Some(device.as_deref())),
        };
        let unwritable = |error| NoKey::Unwritable(file.clone(), error);
        if seams.disk.read(file).map_err(unwritable)?.is_some() {
            return Err(NoKey::Exists(file.clone()));
        }
        let folder = file.parent().unwrap_or(Path::new("."));
        seams.disk.create_folder(folder).map_err(unwritable)?;
        let secret = Zeroizing::new((seams.random)());
        let text = Zeroizing::new(HEXLOWER.encode(&*secret) + "\n");
        let Some(device) = device else {
            return write_new(file, folder, text.as_bytes(), seams).map_err(unwritable);
        };
        let sealed = Creds::on(device).seal(SEALED_NAME, text.as_bytes());
        let sealed = sealed.map_err(|why: NotDone| NoKey::NotSealed(why))?;
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        replace_file(&*seams.disk, folder, &name, &sealed).map_err(unwritable)
    }
}

fn write_new(file: &Path, folder: &Path, text: &[u8], seams: &Seams) -> std::io::Result<()> {
    seams.disk.write(file, text)?;
    seams.disk.sync_file(file)?;
    seams.disk.sync_folder(folder)
}

fn read(file: &Path, seams: &Seams, missing: impl Fn() -> NoKey) -> Result<Zeroizing<[u8; 32]>, NoKey> {
    let text = seams.disk.read(file).ok().flatten();
    let text = Zeroizing::new(text.ok_or_else(missing)?);
    secret_in(&text).ok_or_else(|| NoKey::Malformed(file.to_owned()))
}

fn secret_in(text: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(HEXLOWER.decode(text.trim_ascii()).ok()?);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}
