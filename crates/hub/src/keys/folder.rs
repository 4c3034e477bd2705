//! The folder of keys on disk: four small text files, owner-only, fsynced, never overwritten.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::KeysError;
use crate::seams::RandomSource;
use crate::store::StoreMark;

const MASTER: &str = "master";
const SIGNING: &str = "feed-signing-key";
const SEALING: &str = "sealing-key";
const MARK: &str = "mark";

pub(super) struct Secrets {
    pub(super) mark: StoreMark,
    pub(super) master: Zeroizing<[u8; 32]>,
    pub(super) signing: Zeroizing<[u8; 32]>,
    pub(super) sealing: Zeroizing<[u8; 32]>,
}

pub(super) fn create(folder: &Path, mark: StoreMark, random: &dyn RandomSource) -> Result<(), KeysError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(at(folder))?;
    if [MASTER, SIGNING, SEALING, MARK]
        .iter()
        .any(|name| folder.join(name).exists())
    {
        return Err(KeysError::Exists(folder.display().to_string()));
    }
    for name in [MASTER, SIGNING, SEALING] {
        let mut secret = Zeroizing::new([0; 32]);
        random.fill(secret.as_mut());
        write(
            &folder.join(name),
            &Zeroizing::new(HEXLOWER.encode(secret.as_ref())),
        )?;
    }
    write(&folder.join(MARK), mark.as_str())?;
    File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(at(folder))
}

pub(super) fn read(folder: &Path) -> Result<Secrets, KeysError> {
    let file = folder.join(MARK);
    let mark = fs::read_to_string(&file).map_err(at(&file))?;
    let mark = mark
        .trim()
        .parse()
        .map_err(|_| KeysError::NoMark(file.display().to_string()))?;
    Ok(Secrets {
        mark,
        master: secret(&folder.join(MASTER))?,
        signing: secret(&folder.join(SIGNING))?,
        sealing: secret(&folder.join(SEALING))?,
    })
}

fn write(file: &Path, text: &str) -> Result<(), KeysError> {
    let mut open = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(at(file))?;
    open.write_all(text.as_bytes())
        .and_then(|()| open.sync_all())
        .map_err(at(file))
}

fn secret(file: &Path) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let text = Zeroizing::new(fs::read_to_string(file).map_err(at(file))?);
    let malformed = || KeysError::Malformed(file.display().to_string());
    let bytes = Zeroizing::new(HEXLOWER.decode(text.trim().as_bytes()).map_err(|_| malformed())?);
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return Err(malformed());
    }
    key.copy_from_slice(&bytes);
    Ok(key)
}

fn at(file: &Path) -> impl Fn(std::io::Error) -> KeysError {
    let file = file.display().to_string();
    move |source| KeysError::File {
        file: file.clone(),
        source,
    }
}
