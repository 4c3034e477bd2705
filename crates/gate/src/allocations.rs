//! Ofcom's files of number blocks, read from the operator's disk: a folder of them, or one file.
//!
//! In a folder the files are known by their names, as Ofcom publishes them; others are left alone and named. A file
//! that is damaged is an error: the gate does not start without it, and does not pass it over.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use phone::{Allocations, AllocationsError};

/// Bytes that one file may have. Ofcom's largest has some six million.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Files that a folder may hold.
pub const MAX_FILES: usize = 64;

/// What was read, and what lay beside it.
#[derive(Debug)]
pub struct Loaded {
    /// The blocks.
    pub allocations: Allocations,
    /// Names of the files that were read.
    pub read: Vec<String>,
    /// Names of the files in the folder that are no files of number blocks.
    pub left_alone: Vec<String>,
}

/// The files cannot be used. The operator gets them anew.
#[derive(Debug, thiserror::Error)]
pub enum NotLoaded {
    /// The disk says no.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// There is none.
    #[error(
        "{0} holds none of Ofcom's files of number blocks (s1.csv, s3.csv, s5.csv, s7.csv, s8.csv, s9.csv)"
    )]
    Nothing(PathBuf),
    /// Above a limit.
    #[error("{0} is larger than 64 MiB, or one of more than 64 files")]
    TooLarge(PathBuf),
    /// One of them is not what it should be.
    #[error(transparent)]
    Malformed(#[from] AllocationsError),
}

/// Reads a folder, or one file of any name.
pub fn load(path: &Path) -> Result<Loaded, NotLoaded> {
    let (mut named, mut left_alone) = (Vec::new(), Vec::new());
    if path.is_dir() {
        let unreadable = |error| NotLoaded::Unreadable(path.to_owned(), error);
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            let name = name_of(&file);
            if is_of_blocks(&name) {
                named.push((name, file));
            } else {
                left_alone.push(name);
            }
            if named.len() + left_alone.len() > MAX_FILES {
                return Err(NotLoaded::TooLarge(path.to_owned()));
            }
        }
    } else {
        named.push((name_of(path), path.to_owned()));
    }
    if named.is_empty() {
        return Err(NotLoaded::Nothing(path.to_owned()));
    }
    named.sort();
    left_alone.sort();
    let files = named
        .into_iter()
        .map(|(name, file)| Ok((name, read_bounded(&file)?)));
    let files = files.collect::<Result<Vec<_>, NotLoaded>>()?;
    let allocations = Allocations::read(
        files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
    )?;
    let read = files.into_iter().map(|(name, _)| name).collect();
    Ok(Loaded {
        allocations,
        read,
        left_alone,
    })
}

impl Loaded {
    /// What was read, in one sentence, for the operator to compare with what he expects.
    pub fn summary(&self) -> String {
        let counts = self
            .allocations
            .counts()
            .map(|(digit, count)| format!("0{digit}: {} in use, {} not", count.in_use, count.not_in_use));
        let mut text = format!(
            "blocks of numbers from {}: {}",
            self.read.join(", "),
            counts.collect::<Vec<_>>().join("; ")
        );
        if !self.left_alone.is_empty() {
            text.push_str(&format!("; left alone: {}", self.left_alone.join(", ")));
        }
        text
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `s1.csv`, `S7.CSV`, and the parts of `s1.csv` that are published beside it (`sabc...csv`). Not `s10...csv`: those
/// are short codes.
fn is_of_blocks(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.strip_suffix(".csv").unwrap_or_default();
    ["s1", "s3", "s5", "s7", "s8", "s9"].contains(&stem) || stem.starts_with("sabc")
}

fn read_bounded(file: &Path) -> Result<Vec<u8>, NotLoaded> {
    let unreadable = |error| NotLoaded::Unreadable(file.to_owned(), error);
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(unreadable)?;
    opened
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(NotLoaded::TooLarge(file.to_owned()));
    }
    Ok(bytes)
}
