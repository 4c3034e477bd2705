//! `upcs letters`: letters' addresses against barred addresses.

use std::fs::File;
use std::io::{BufWriter, Read, stdout};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use postal::{AddressList, LetterRow, check_letters};

use crate::say;

/// `upcs letters`
#[derive(Args)]
pub struct LettersArgs {
    /// The barred addresses: CSV with the columns id, address, postcode
    #[arg(long)]
    barred: PathBuf,
    /// The letters, with the same columns; standard input without it, or for `-`
    letters: Option<PathBuf>,
}

/// Writes `id,verdict,barred_id,score` for every letter, in the same order. A row that cannot be read is
/// held.
pub fn run(args: &LettersArgs) -> Result<()> {
    let barred =
        File::open(&args.barred).with_context(|| format!("{} cannot be read", args.barred.display()))?;
    let mut unread = 0_usize;
    let list = AddressList::build(rows(barred).filter_map(|row| match row.read() {
        Ok(address) => Some((row.id, address)),
        Err(_) => {
            unread += 1;
            None
        }
    }));
    if unread > 0 {
        say::aside(&format!(
            "{unread} barred addresses hold too little to be compared"
        ));
    }
    let mut out = csv::Writer::from_writer(BufWriter::new(stdout().lock()));
    out.write_record(["id", "verdict", "barred_id", "score"])?;
    for letter in check_letters(&list, rows(super::input(args.letters.as_deref())?)) {
        let score = letter
            .found
            .score
            .map(|score| score.to_string())
            .unwrap_or_default();
        let best = letter.found.best.unwrap_or_default();
        out.write_record([letter.id.as_str(), letter.found.verdict.as_str(), &best, &score])?;
    }
    out.flush().context("the answers cannot be written")
}

/// The rows of a file with a header line. A row that is not CSV keeps its place with what can be read of it.
fn rows(source: impl Read) -> impl Iterator<Item = LetterRow> {
    let reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
    reader.into_byte_records().map(|record| {
        let record = record.unwrap_or_default();
        let field = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default()).into_owned();
        LetterRow {
            id: field(0),
            address: field(1),
            postcode: field(2),
        }
    })
}
