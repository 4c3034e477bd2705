//! Checks a file of letters against a file of barred addresses.
//!
//! `letters [--reasons] --barred barred.csv [letters.csv|-]`, columns `id,address,postcode`; out:
//! `id,verdict,barred_id,score`, and with `--reasons` the evidence about the best one.

use postal::{AddressList, LetterRow, check_letters};
use std::error::Error;
use std::io::Read;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (mut barred, mut letters, mut with_reasons) = (None, None, false);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--barred" => barred = args.next(),
            "--reasons" => with_reasons = true,
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
            let reasons = letter.found.reasons.iter().map(|reason| format!("{reason:?}"));
            row.push(reasons.collect::<Vec<_>>().join(" "));
        }
        out.write_record(row)?;
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
