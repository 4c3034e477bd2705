//! The tour as a newcomer runs it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use upcs::children::this_program;
use upcs::say;

/// `upcs tour` walks every step and says so.
pub(crate) fn walks() -> Result<()> {
    let temp = tempfile::tempdir()?;
    let output = Command::new(this_program()?)
        .arg("tour")
        .env("TMPDIR", temp.path())
        .output()
        .context("the tour cannot be started")?;
    let said = String::from_utf8_lossy(&output.stdout);
    for line in said.lines() {
        say::line(&format!("  {line}"));
    }
    let complained = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the tour failed: {}", complained.trim());
    ensure!(
        said.contains("Every step was as it should be."),
        "the tour did not say that every step was walked"
    );
    Ok(())
}
