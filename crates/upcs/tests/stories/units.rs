//! The systemd units that are shipped, read by systemd's own checker. Nothing is started.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use upcs::say;

/// Tenths of systemd's own measure of what a service may do to its machine, from 0 (nothing) to 100.
const MOST_EXPOSED: u32 = 20;

/// Every unit is one that systemd understands, and leaves its service little to do harm with.
pub(crate) fn are_understood() -> Result<()> {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/systemd");
    let temp = tempfile::tempdir()?;
    let mut units = Vec::new();
    for entry in fs::read_dir(&shipped).with_context(|| format!("{}", shipped.display()))? {
        let unit = entry?.path();
        let name = unit.file_name().context("a unit has a name")?;
        // The checker looks for the programs where the unit says that they are installed.
        let words = |line: &str| match line.split_once("/usr/bin/upcs") {
            Some((before, _)) => format!("{before}/bin/true\n"),
            None => format!("{line}\n"),
        };
        let text: String = fs::read_to_string(&unit)?.lines().map(words).collect();
        fs::write(temp.path().join(name), text)?;
        units.push(temp.path().join(name).display().to_string());
    }
    ensure!(units.len() >= 3, "{units:?}");
    let names: Vec<&str> = units.iter().map(String::as_str).collect();
    told(&[&["verify", "--man=no"], names.as_slice()].concat())?;
    let threshold = format!("--threshold={MOST_EXPOSED}");
    for unit in names {
        let output = told(&["security", "--offline=true", "--no-pager", &threshold, unit])?;
        let text = String::from_utf8_lossy(&output.stdout);
        say::line(&format!("  {}", text.lines().last().unwrap_or_default()));
    }
    Ok(())
}

fn told(arguments: &[&str]) -> Result<Output> {
    let output = Command::new("systemd-analyze").args(arguments).output()?;
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(
        output.status.success() && complaint.is_empty(),
        "systemd-analyze {}: {complaint}",
        arguments[0]
    );
    Ok(output)
}
