//! The generator and its lists: built and made outside the project, in a folder that is thrown away.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use phone::Class;

/// The processor of the generator.
const PROCESSOR: &str = "1";

/// The generator, built.
pub(crate) struct Blast {
    program: PathBuf,
}

/// The barred numbers, the calls, and Kamailio's table.
pub(crate) struct Lists {
    /// Barred numbers, one a line: digits of E.164 without the plus sign.
    pub(crate) barred: PathBuf,
    /// Calls, one a line: number, expected status.
    calls: PathBuf,
    /// Kamailio's database.
    pub(crate) sqlite: PathBuf,
    /// Numbers barred.
    pub(crate) bars: usize,
}

/// What the generator says of one run.
#[derive(Clone, Copy, Default)]
pub(crate) struct Run {
    pub(crate) answered: u64,
    pub(crate) wrong: u64,
    pub(crate) lost: u64,
    pub(crate) rate: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

impl Blast {
    pub(crate) fn build(eval: &Path, temp: &Path) -> Result<Self> {
        let folder = temp.join("sipblast");
        fs::create_dir_all(folder.join("src"))?;
        let source = eval.join("sipblast.rs");
        fs::copy(&source, folder.join("src/main.rs"))
            .with_context(|| format!("{} cannot be read; name its folder with --eval", source.display()))?;
        let manifest = "[package]\nname = \"sipblast\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
                        [dependencies]\nlibc = \"0.2\"\n[workspace]\n";
        fs::write(folder.join("Cargo.toml"), manifest)?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--release", "--quiet", "--target-dir"])
            .arg(folder.join("target"))
            .current_dir(&folder)
            .status()?;
        if !built.success() {
            bail!("the generator does not build");
        }
        Ok(Self {
            program: folder.join("target/release/sipblast"),
        })
    }

    /// Runs it with `open` calls at a time.
    pub(crate) fn run(&self, port: u16, lists: &Lists, open: u32, seconds: f64) -> Result<Run> {
        let output = Command::new(&self.program)
            .arg(format!("127.0.0.1:{port}"))
            .arg(&lists.calls)
            .args(["closed", &open.to_string(), &seconds.to_string(), PROCESSOR])
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let value = |name: &str| {
            let word = said.split_whitespace().find_map(|word| word.strip_prefix(name));
            let word = word.map(|word| word.trim_end_matches(|c: char| !c.is_ascii_digit()));
            word.and_then(|word| word.parse::<f64>().ok())
                .with_context(|| format!("the generator did not say {name}: {said}"))
        };
        Ok(Run {
            answered: (value("ok=")? + value("WRONG=")?) as u64,
            wrong: value("WRONG=")? as u64,
            lost: value("lost=")? as u64,
            rate: value("rate=")?,
            p50_us: value("p50=")?,
            p99_us: value("p99=")?,
        })
    }
}

impl Lists {
    pub(crate) fn make(eval: &Path, temp: &Path, bars: usize) -> Result<Self> {
        let prefix = temp.join(format!("list-{bars}"));
        let made = Command::new("python3")
            .arg(eval.join("make_lists.py"))
            .arg(bars.to_string())
            .arg(&prefix)
            .status()?;
        if !made.success() {
            bail!("make_lists.py failed");
        }
        let calls = prefix.with_extension("calls");
        keep_what_may_ring(&calls)?;
        Ok(Self {
            barred: prefix.with_extension("txt"),
            calls,
            sqlite: prefix.with_extension("sqlite"),
            bars,
        })
    }
}

/// Leaves out, for every server alike, calls to numbers that are not barred and that a gate refuses by their class:
/// personal numbers and pagers, which the lists draw among the mobiles.
fn keep_what_may_ring(file: &Path) -> Result<()> {
    let all = fs::read_to_string(file)?;
    let mut kept = fs::File::create(file)?;
    for line in all.lines() {
        let (number, status) = line.split_once(' ').context("a call is a number and a status")?;
        let rings = phone::resolve(number, None)
            .is_ok_and(|resolved| matches!(resolved.class, Class::Mobile | Class::Geographic));
        if status == "403" || rings {
            writeln!(kept, "{line}")?;
        }
    }
    Ok(())
}
