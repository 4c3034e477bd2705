//! What a process leaves of its memory when it dies by a fault of its own: hub and gates hold canaries in the clear
//! there, so they must leave nothing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use upcs::say;

use crate::house::House;
use crate::search::{Heap, Needle, Needles, files_below};

/// Has a process die that forbids nothing, finds what it left, then has hub and gates die in the same folder.
pub(super) fn search(house: &mut House, folder: &Path, needles: &Needles) -> Result<()> {
    let is_word =
        |needle: &&Needle| needle.bytes.len() > 12 && needle.bytes.is_ascii() && !needle.bytes.contains(&0);
    let leak = needles.all().iter().find(is_word).context("there are needles")?;
    Command::new("sh")
        .args(["-c", "kill -ABRT $$"])
        .arg(String::from_utf8_lossy(&leak.bytes).as_ref())
        .current_dir(folder)
        .status()?;
    let left = files_below(folder)?;
    if left.is_empty() {
        say::line("  core dumps: this machine leaves none in a folder, so there is nothing to be seen");
    } else {
        ensure!(is_in(&left, needles), "what the dying process held was not found");
    }
    for heap in &left {
        std::fs::remove_file(&heap.place)?;
    }
    house.abort_all()?;
    let dumps = files_below(folder)?;
    say::line(&format!(
        "  core dumps: {} of a process that forbids nothing, with what it held; {} of hub and gates",
        left.len(),
        dumps.len()
    ));
    ensure!(dumps.is_empty(), "hub or gates left their memory in a file");
    Ok(())
}

fn is_in(heaps: &[Heap], needles: &Needles) -> bool {
    heaps
        .iter()
        .any(|heap| needles.find(heap).into_iter().next().is_some())
}
