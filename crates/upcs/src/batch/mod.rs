//! The engines over files: one line in, one line out, in the same order.

pub mod dial;
pub mod letters;
pub mod locate;

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::Path;

use anyhow::{Context, Result};

/// Opens a file, or standard input for `-` or nothing.
fn input(file: Option<&Path>) -> Result<Box<dyn BufRead>> {
    match file {
        Some(path) if path != Path::new("-") => {
            let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
            Ok(Box::new(BufReader::new(file)))
        }
        _ => Ok(Box::new(BufReader::new(stdin()))),
    }
}
