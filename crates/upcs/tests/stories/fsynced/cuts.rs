//! The power cuts: one at each acknowledgement, on what was recorded or with a fault laid over it; and some
//! anywhere, after which chance keeps part of what was not stored.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use upcs::say;

use super::Story;
use super::disk::Disk;
use super::faults::Fault;
use super::words::{Count, Promise, Promised, Word};
use crate::chance::Chance;
use crate::house::{GATES, Gate};

/// Lost words that are printed.
const SHOWN: usize = 3;
/// Power cuts after which chance keeps something.
const TORN: usize = 60;

/// Looks at what is left at every word.
///
/// # Errors
/// If something is lost without a fault, or with a fault nothing of those who have it.
pub(super) fn at_words(story: &Story, fault: Fault) -> Result<()> {
    let (began, mut images, mut lost, mut first) = (Instant::now(), 0, Count::default(), Vec::new());
    at_each_word(story, fault, |disk, words| {
        images += 1;
        let word = words.last().context("there is a word")?;
        if let Some(what) = look(story, disk, word, &Promised::by(words))? {
            lost.add(word);
            first.push(format!("    at record {}: {what}", word.at));
        }
        Ok(())
    })?;
    let seconds = began.elapsed().as_secs_f32();
    say::line(&format!(
        "  {}: {images} images; lost {lost} ({seconds:.1} s)",
        fault.name()
    ));
    first.iter().take(SHOWN).for_each(|what| say::line(what));
    if fault == Fault::None {
        ensure!(
            lost.all() == 0,
            "something acknowledged is lost in a power cut: {lost}"
        );
        return Ok(());
    }
    ensure!(
        lost.requests > 0,
        "{}: no request is lost; a real loss would be missed",
        fault.name()
    );
    let gates_too = !fault.is_a_gates() || lost.lists.iter().all(|lists| *lists > 0);
    ensure!(
        gates_too,
        "{}: no list is lost; a real loss would be missed",
        fault.name()
    );
    Ok(())
}

/// Plays the log, and stops at each word with what was said up to and with it.
pub(super) fn at_each_word(
    story: &Story,
    fault: Fault,
    mut stop: impl FnMut(&Disk, &[Word]) -> Result<()>,
) -> Result<()> {
    let Story {
        base, records, words, ..
    } = story;
    let (mut disk, mut words) = (base.clone(), words.clone());
    words
        .iter_mut()
        .for_each(|word| word.at = fault.said_at(records, word));
    words.sort_by_key(|word| word.at);
    let mut said = 0;
    for (at, record) in records.iter().enumerate() {
        while words.get(said).is_some_and(|word| word.at == at) {
            said += 1;
            stop(&disk, &words[..said])?;
        }
        if !fault.leaves_out(records, at) {
            disk.play(&record.did)?;
        }
    }
    Ok(())
}

/// Power cuts anywhere, after which chance keeps part of what was not stored: everything acknowledged is there.
pub(super) fn anywhere(story: &Story) -> Result<()> {
    let mut chance = Chance::seeded()?;
    let mut cuts: Vec<usize> = (0..TORN)
        .map(|_| chance.between(0, story.records.len()))
        .collect();
    cuts.sort_unstable();
    let (mut disk, mut played) = (story.base.clone(), 0);
    for cut in &cuts {
        story.records[played..*cut]
            .iter()
            .try_for_each(|record| disk.play(&record.did))?;
        played = *cut;
        let said = story.words.partition_point(|word| word.at < played);
        let (torn, promised) = (disk.torn(&mut chance), Promised::by(&story.words[..said]));
        store_left(story, &torn, &promised)?.with_context(|| format!("torn at record {cut}"))?;
        for gate in GATES {
            list_left(story, &torn, gate, &promised)?
                .with_context(|| format!("torn at record {cut}, {gate:?}"))?;
        }
    }
    say::line(&format!(
        "  torn anywhere, part of the unsynced kept: {} images; lost nothing",
        cuts.len()
    ));
    Ok(())
}

/// What is lost of all that was promised, where the last word says to look.
fn look(story: &Story, disk: &Disk, word: &Word, promised: &Promised<'_>) -> Result<Option<String>> {
    let found = match &word.promise {
        Promise::Request(_) => store_left(story, disk, promised)?,
        Promise::Attempts(_) => store_left(story, disk, promised)?.and(spool_left(story, disk, promised)?),
        Promise::List(gate, _) => list_left(story, disk, *gate, promised)?,
    };
    Ok(found.err().map(|error| format!("{error:#}")))
}

/// The inner error is what is lost; the outer one says that it could not be asked.
type Left = Result<Result<()>>;

fn store_left(story: &Story, disk: &Disk, promised: &Promised<'_>) -> Left {
    let image = image(story, disk, &story.folder.root().join("hub"))?;
    Ok(upcs::cli::runtime()?.block_on(story.known.in_store(image.path(), promised)))
}

fn list_left(story: &Story, disk: &Disk, gate: Gate, promised: &Promised<'_>) -> Left {
    let Some(said) = promised.lists[gate.at()] else {
        return Ok(Ok(()));
    };
    let image = image(story, disk, &story.folder.gate(gate.prison()).join("state"))?;
    let keys = image_of_keys(story, disk)?;
    let mark = keys.path().join(format!("gate-{}.key.mark", gate.prison()));
    Ok(story
        .known
        .in_state(image.path(), &mark, &story.folder, gate, said))
}

fn spool_left(story: &Story, disk: &Disk, promised: &Promised<'_>) -> Left {
    let image = image(
        story,
        disk,
        &story.folder.gate(Gate::Barring.prison()).join("state"),
    )?;
    Ok(story.known.in_spool(image.path(), promised))
}

fn image_of_keys(story: &Story, disk: &Disk) -> Result<TempDir> {
    image(story, disk, &story.folder.root().join("keys"))
}

/// Each image has a place of its own: SQLite closes what was opened before in its own time, and removes files by
/// their names.
fn image(story: &Story, disk: &Disk, of: &Path) -> Result<TempDir> {
    let image = tempfile::Builder::new()
        .prefix("image-")
        .tempdir_in(&story.work)?;
    disk.leave(of, image.path())?;
    Ok(image)
}
