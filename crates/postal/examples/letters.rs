//! Checks a file of letters against a file of barred addresses.
//!
//! `letters [--reasons] --barred barred.csv [letters.csv|-]`, columns `id,address,postcode`; out:
//! `id,verdict,barred_id,score`, and with `--reasons` the evidence about the best one.
//!
//! `letters --pairs pairs.csv`, columns `id,address,postcode,barred address,its postcode`; out: `id,reasons`, the
//! evidence about each pair.

use postal::{AddressList, LetterRow, Reason, check_letters, compare};
use std::error::Error;
use std::io::Read;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (mut barred, mut letters, mut with_reasons) = (None, None, false);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--barred" => barred = args.next(),
            "--reasons" => with_reasons = true,
            "--pairs" => return pairs(&args.next().ok_or("--pairs FILE is missing")?),
            _ => letters = Some(arg),
        }
    }
    let barred = barred.ok_or("--barred FILE is missing")?;
    let list = AddressList::build(rows(std::fs::File::open(barred)?)?.into_iter().filter_map(|row| {
        let address = row.read().ok()?;
        Some((row.id, address))
    }));
    let rows = match letters.as_deref() {
        None | Some("-") => rows(std::io::stdin())?,
        Some(path) => rows(std::fs::File::open(path)?)?,
    };
    let mut out = csv::Writer::from_writer(std::io::stdout());
    let columns = ["id", "verdict", "barred_id", "score", "reasons"];
    out.write_record(&columns[..4 + usize::from(with_reasons)])?;
    for letter in check_letters(&list, rows) {
        let score = letter
            .found
            .score
            .map(|score| score.to_string())
            .unwrap_or_default();
        let best = letter.found.best.unwrap_or_default();
        let mut row = vec![letter.id, letter.found.verdict.as_str().to_owned(), best, score];
        if with_reasons {
            row.push(named(&letter.found.reasons));
        }
        out.write_record(row)?;
    }
    out.flush()?;
    Ok(())
}

fn named(reasons: &[Reason]) -> String {
    let reasons = reasons.iter().map(|reason| format!("{reason:?}"));
    reasons.collect::<Vec<_>>().join(" ")
}

/// The evidence about each pair that can be read.
fn pairs(path: &str) -> Result<(), Box<dyn Error>> {
    let mut out = csv::Writer::from_writer(std::io::stdout());
    out.write_record(["id", "reasons"])?;
    for record in csv::Reader::from_path(path)?.records() {
        let record = record?;
        let field = |i: usize| record.get(i).unwrap_or_default().to_owned();
        let row = |at: usize| LetterRow {
            id: field(0),
            address: field(at),
            postcode: field(at + 1),
        };
        if let (Ok(written), Ok(barred)) = (row(1).read(), row(3).read()) {
            out.write_record([field(0), named(&compare(&written, &barred).reasons)])?;
        }
    }
    out.flush()?;
    Ok(())
}

fn rows(source: impl Read) -> Result<Vec<LetterRow>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
    let row = |record: csv::StringRecord| {
        let field = |i: usize| record.get(i).unwrap_or_default().to_owned();
        LetterRow {
            id: field(0),
            address: field(1),
            postcode: field(2),
        }
    };
    reader.records().map(|record| record.map(row)).collect()
}
