//! `upcs dial`: what dialled strings mean.

use std::io::{BufRead, BufWriter, Write, stdout};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use phone::AreaCode;
use prison::{PrisonId, Register};

use crate::say;

/// `upcs dial`
#[derive(Args)]
pub struct DialArgs {
    /// The prison from which is dialled, for numbers without their area code
    #[arg(long)]
    prison: Option<PrisonId>,
    /// Ofcom's files of number blocks (a folder, or one file): refuse numbers in blocks that are not in use
    #[arg(long)]
    allocations: Option<PathBuf>,
    /// One dialled string a line; standard input without it, or for `-`
    file: Option<PathBuf>,
}

/// Writes one JSON object a line, in the same order, an empty line too.
pub fn run(args: &DialArgs) -> Result<()> {
    let area = area_code(args.prison)?;
    let loaded = args
        .allocations
        .as_deref()
        .map(gate::allocations::load)
        .transpose()?;
    if let Some(loaded) = &loaded {
        say::aside(&loaded.summary());
    }
    let allocations = loaded.as_ref().map(|loaded| &loaded.allocations);
    let mut lines = super::input(args.file.as_deref())?;
    let mut out = BufWriter::new(stdout().lock());
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .context("the lines cannot be read")?
        > 0
    {
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let dialled = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line));
        serde_json::to_writer(&mut out, &phone::dial_line(&dialled, area, allocations))?;
        out.write_all(b"\n")?;
        line.clear();
    }
    out.flush().context("the answers cannot be written")
}

fn area_code(prison: Option<PrisonId>) -> Result<Option<AreaCode>> {
    let Some(id) = prison else { return Ok(None) };
    let prison = Register::built_in()
        .get(id)
        .with_context(|| format!("{id} is not in the register"))?;
    Ok(prison.area_code.as_deref().and_then(|code| code.parse().ok()))
}
