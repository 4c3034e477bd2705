//! Checks a file of letters against a file of barred addresses.
//!
//! `letters --barred barred.csv [letters.csv|-]`, columns `id,address,postcode`; out: `id,verdict,barred_id,score`.

use postal::{AddressList, LetterRow, check_letters};
use std::error::Error;
use std::io::Read;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (mut barred, mut letters) = (None, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--barred" => barred = args.next(),
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
    out.write_record(["id", "verdict", "barred_id", "score"])?;
    for letter in check_letters(&list, rows) {
        let score = letter
            .found
            .score
            .map(|score| score.to_string())
            .unwrap_or_default();
        let best = letter.found.best.unwrap_or_default();
        out.write_record([letter.id.as_str(), letter.found.verdict.as_str(), &best, &score])?;
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
