//! The recorder and the replay, shown on a small program (`steps.c`) whose every step is known: what must be
//! left of its folder at each word that it says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::disk::Disk;
use super::log::Did;
use super::recorder::{Recorder, compile};

/// What is left, as name and bytes.
type Left = &'static [(&'static str, &'static str)];

/// At each word, what a power cut leaves. A file whose bytes were not stored is there and empty.
const LEFT: [(&str, Left); 14] = [
    ("written and not stored", &[("written", "")]),
    ("stored without its name", &[("written", "")]),
    ("stored with its name", &[("kept", "one"), ("written", "")]),
    ("appended", &[("kept", "one"), ("written", "")]),
    ("appended and stored", &[("kept", "one two"), ("written", "")]),
    (
        "written at places and cut",
        &[
            ("kept", "one two"),
            ("places", "01ab45xyz9\0\0xyz"),
            ("written", ""),
        ],
    ),
    (
        "the cut is stored",
        &[("kept", "one two"), ("places", "01ab"), ("written", "")],
    ),
    (
        "renamed",
        &[("kept", "one two"), ("places", "01ab"), ("written", "")],
    ),
    (
        "the new name is stored",
        &[("kept", "three"), ("places", "01ab"), ("written", "")],
    ),
    (
        "removed",
        &[("kept", "three"), ("places", "01ab"), ("written", "")],
    ),
    ("the removal is stored", &[("places", "01ab"), ("written", "")]),
    (
        "in a folder without a name",
        &[("places", "01ab"), ("written", "")],
    ),
    (
        "in a folder",
        &[("inner/file", "four"), ("places", "01ab"), ("written", "")],
    ),
    (
        "made empty and written anew",
        &[("inner/file", "four"), ("places", "01ab"), ("written", "")],
    ),
];

/// Runs the program under the recorder and compares; gives the number of words.
pub(crate) fn on_known_steps(temp: &Path) -> Result<usize> {
    let (work, folder) = (temp.join("steps"), temp.join("steps/folder"));
    fs::create_dir_all(&folder)?;
    let steps = compile(&work, "steps", include_str!("steps.c"), &[])?;
    let recorder = Recorder::make(&work, &[folder])?;
    let folder = &recorder.folders[0];
    let mut disk = Disk::of(&recorder.folders)?;
    let ended = Command::new(steps)
        .arg(folder)
        .envs(recorder.variables())
        .status()?;
    ensure!(ended.success(), "the known steps were not done: {ended}");
    let mut expected = LEFT.iter();
    for record in recorder.records()? {
        disk.play(&record.did)?;
        let Did::Sent(word) = record.did else { continue };
        let (known, left) = expected.next().context("more words than expected")?;
        ensure!(word == known.as_bytes(), "expected the word {known:?}");
        let image = work.join(known);
        disk.leave(folder, &image)?;
        let wanted = left
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), (*bytes).to_owned()));
        let (found, wanted) = (files_of(&image, "")?, wanted.collect::<BTreeMap<_, _>>());
        ensure!(found == wanted, "{known}: left {found:?}, expected {wanted:?}");
    }
    ensure!(expected.next().is_none(), "a word was not recorded");
    disk.is_as_on_disk()?;
    Ok(LEFT.len())
}

fn files_of(folder: &Path, before: &str) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = format!(
            "{before}{}",
            path.file_name().context("a name")?.to_string_lossy()
        );
        if path.is_dir() {
            files.extend(files_of(&path, &format!("{name}/"))?);
        } else {
            files.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(files)
}
