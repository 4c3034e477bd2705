//! A demonstration and the service never share a store, and a demo takes no folder that is not its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use upcs::children::this_program;
use upcs::say;

use crate::house::House;
use upcs::demo::stack::hub_arguments;

/// Every pair of hub and store (and keys) that must not come up.
pub(crate) fn hub_refuses_the_other_mark() -> Result<()> {
    let house = House::make()?;
    let demo = (house.folder.database(), shown(&house.folder.hub_keys()));
    let service = make_service(house.temp())?;
    let table = [
        (
            "the service, with a demo's store and keys",
            false,
            &demo.0,
            &demo.1,
        ),
        ("the service, with a demo's store", false, &demo.0, &service.1),
        ("the service, with a demo's keys", false, &service.0, &demo.1),
        (
            "a demo, with the service's store and keys",
            true,
            &service.0,
            &service.1,
        ),
        ("a demo, with the service's store", true, &service.0, &demo.1),
        ("a demo, with the service's keys", true, &demo.0, &service.1),
    ];
    for (what, as_demo, database, keys) in table {
        let mut of_the_demo = hub_arguments(&house.folder, "127.0.0.1:0")?;
        if !as_demo {
            // A hub in earnest answers applications once a day, and does not take this option.
            let at = of_the_demo.iter().position(|word| word == "--applications-every");
            let at = at.context("the demo's hub answers at its own times")?;
            of_the_demo.drain(at..at + 2);
        }
        let words: Vec<&str> = of_the_demo
            .iter()
            .map(|word| match word {
                word if *word == demo.0 => database.as_str(),
                word if *word == demo.1 => keys.as_str(),
                word => word.as_str(),
            })
            .filter(|word| as_demo || *word != "--demo")
            .collect();
        refused(what, &words)?;
    }
    say::line(&format!("  {} pairs of hub and store refused", table.len()));
    Ok(())
}

/// A store and keys of the service.
fn make_service(temp: &Path) -> Result<(String, String)> {
    let folder = temp.join("service");
    fs::create_dir(&folder)?;
    let (database, keys) = (
        format!("sqlite://{}", folder.join("store.sqlite").display()),
        shown(&folder.join("keys")),
    );
    let made = upcs(&[
        "hub",
        "init",
        "--database",
        &database,
        "--keys",
        &keys,
        "--operator",
        "Olwen Price",
    ])?;
    ensure!(
        made.status.success(),
        "no service store can be made: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    Ok((database, keys))
}

/// Folders that hold anything else, and what stands in them afterwards.
pub(crate) fn demo_refuses_an_unmarked_folder() -> Result<()> {
    let temp = tempfile::tempdir()?;
    let kept = temp.path().join("letters.txt");
    fs::write(&kept, "mine")?;
    for fresh in [false, true] {
        let dir = shown(temp.path());
        let mut words = vec!["demo", "--dir", &dir];
        words.extend(fresh.then_some("--fresh"));
        refused("a folder with a letter in it", &words)?;
        let names: Vec<_> = fs::read_dir(temp.path())?.collect::<Result<_, _>>()?;
        ensure!(
            fs::read_to_string(&kept)? == "mine" && names.len() == 1,
            "the folder was changed"
        );
    }
    say::line("  refused with and without --fresh; the folder is as it was");
    Ok(())
}

/// Ends by itself, not well, with one sentence that gives no password or key away.
fn refused(what: &str, words: &[&str]) -> Result<()> {
    let output = upcs(words)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "{what}: came up");
    let last = said.trim().lines().last().unwrap_or_default();
    ensure!(
        last.starts_with("upcs: "),
        "{what}: refused without a sentence: {said}"
    );
    say::line(&format!("  {what}: {last}"));
    Ok(())
}

fn upcs(words: &[&str]) -> Result<Output> {
    let seconds = "20";
    // A hub that comes up would run until it is stopped.
    let mut command = Command::new("timeout");
    let command = command.arg(seconds).arg(this_program()?).args(words);
    let output = command.output().context("upcs cannot be started")?;
    ensure!(
        output.status.code() != Some(124),
        "still ran after {seconds} seconds"
    );
    Ok(output)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
