//! The hub's store is put back from an older copy, and two hubs run on copies of one store: what the operators'
//! guide says is done here command by command, with real hubs and gates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use feed::ContactKind;
use serde_json::Value;
use upcs::children::this_program;
use upcs::demo::{BARRING, ENABLING};
use upcs::say;

use crate::clients::{Http, Referrer, Said, dial};
use crate::house::{GATES, Gate, House};
use crate::numbers::several;
use crate::store::{Entry, HOLDERS, approve};
use crate::tools::{is_set, until};

const IN_FORCE_WITHIN: Duration = Duration::from_secs(30);

/// Runs one command of the operator; what it prints.
fn operate(arguments: &[&str]) -> Result<String> {
    let output = Command::new(this_program()?).args(arguments).output()?;
    ensure!(
        output.status.success(),
        "upcs {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// `hub session begin` with a certificate of this epoch, made by the two root keys.
fn begin_session(house: &House, epoch: &str) -> Result<()> {
    let (database, keys) = (house.folder.database(), shown(&house.folder.hub_keys()));
    let place = ["--database", &database, "--keys", &keys, "--demo"];
    let said = operate(&[&["hub", "session", "show"], place.as_slice()].concat())?;
    let said: Value = serde_json::from_str(&said)?;
    let hub_key = said["hub_key"].as_str().context("the hub's key is shown")?;
    let [one, two] = house.folder.root_keys().map(|key| shown(&key));
    let out = shown(&house.temp().join("session.certificate"));
    let certify = [
        "hub",
        "session",
        "certify",
        "--epoch",
        epoch,
        "--hub-key",
        hub_key,
    ];
    operate(&[certify.as_slice(), &["--keys", &one, &two, "--out", &out]].concat())?;
    let roots = house.folder.roots()?;
    let signed = ["--certificate", &out, "--root", &roots[0], "--root", &roots[1]];
    let operator = &house.folder.remembered()?.operators[0];
    let by = ["hub", "session", "begin", "--operator", operator];
    operate(&[by.as_slice(), &place, &signed].concat()).map(drop)
}

/// The files of the store, copied while the hub is off.
fn copy_store(house: &House, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in store_files(house)? {
        fs::copy(&file, to.join(file.file_name().context("a file has a name")?))?;
    }
    Ok(())
}

fn put_back(house: &House, from: &Path) -> Result<()> {
    let files = store_files(house)?;
    let folder = files[0]
        .parent()
        .context("the store lies in a folder")?
        .to_owned();
    files.iter().try_for_each(fs::remove_file)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    Ok(())
}

/// The database and what SQLite keeps beside it.
fn store_files(house: &House) -> Result<Vec<PathBuf>> {
    let url = house.folder.database();
    let path = url
        .strip_prefix("sqlite://")
        .context("the demo's store is SQLite")?;
    let all = ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{path}{end}")));
    Ok(all.into_iter().filter(|file| file.exists()).collect())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Bars numbers and waits until both gates are counted.
fn bar(police: &Referrer, once: &str, numbers: &[String]) -> Result<()> {
    for bar in police.bar(once, numbers)? {
        police.wait_in_force(&bar, &[BARRING, ENABLING], IN_FORCE_WITHIN)?;
    }
    Ok(())
}

fn refused_everywhere(house: &House, numbers: &[String], when: &str) -> Result<usize> {
    let mut dialled = 0;
    for number in numbers {
        for gate in GATES {
            let said = dial(house.sip(gate), HOLDERS[0], number);
            ensure!(
                said == Said::Refused,
                "{when}: {gate:?} says {said:?} to a barred number"
            );
            dialled += 1;
        }
    }
    Ok(dialled)
}

fn on_one_list(numbers: &[String]) -> Vec<Entry> {
    let entry = |number: &String| Entry {
        holder: HOLDERS[0],
        number: number.clone(),
        contact: ContactKind::Social,
    };
    numbers.iter().map(entry).collect()
}

/// A gate's own status once it has taken the hub's session and is healthy.
fn in_session(house: &House, gate: Gate, session: &str) -> Result<()> {
    let http = Http::new()?;
    until("a gate to take the new session", IN_FORCE_WITHIN, || {
        let status = http.get(&format!("http://{}/status", house.http(gate)))?.json()?;
        let there = status["session"] == session && status["in_sync"] == true;
        Ok(there.then_some(()))
    })
}

fn session_of(house: &House) -> Result<String> {
    let (database, keys) = (house.folder.database(), shown(&house.folder.hub_keys()));
    let said = operate(&[
        "hub",
        "session",
        "show",
        "--database",
        &database,
        "--keys",
        &keys,
        "--demo",
    ])?;
    let said: Value = serde_json::from_str(&said)?;
    Ok(said["session"].as_str().context("a session is shown")?.to_owned())
}

/// Back up, bar, restore the older copy, begin a new session with a certificate, start.
pub(crate) fn goes_on_in_a_new_session() -> Result<()> {
    let numbers = several(0, 4);
    let (kept, lost, after) = (&numbers[..1], &numbers[1..3], &numbers[3..]);
    let mut house = House::make()?;
    approve(&house.folder, &on_one_list(&numbers))?;
    house.start_all()?;
    let police = house.police()?;
    bar(&police, "kept", kept)?;
    house.kill_hub();
    let backup = house.temp().join("backup");
    copy_store(&house, &backup)?;
    house.start_hub()?;
    bar(&police, "lost-one", &lost[..1])?;
    bar(&police, "lost-two", &lost[1..])?;

    house.kill_hub();
    put_back(&house, &backup)?;
    let before = session_of(&house)?;
    begin_session(&house, "2026112601")?;
    let session = session_of(&house)?;
    ensure!(before != session, "a new session was begun");
    house.start_hub()?;
    GATES
        .into_iter()
        .try_for_each(|gate| in_session(&house, gate, &session))?;
    let barred: Vec<String> = numbers[..3].to_vec();
    let mut dialled = refused_everywhere(&house, &barred, "after the restore")?;
    bar(&police, "after", after)?;
    dialled += refused_everywhere(&house, &numbers, "after a new bar")?;
    for gate in GATES {
        house.kill_gate(gate);
        house.start_gate(gate)?;
    }
    GATES
        .into_iter()
        .try_for_each(|gate| in_session(&house, gate, &session))?;
    dialled += refused_everywhere(&house, &numbers, "after the gates' restart")?;
    say::line(&format!(
        "restore: 1 bar of the backup, 2 that it did not hold and 1 filed afterwards; {dialled} calls, all refused"
    ));
    Ok(())
}

/// One store, copied while a second hub is made of it: gates hold what either barred, and once one of them has begun
/// a session of its own they take nothing from the other.
pub(crate) fn two_hubs_on_copies() -> Result<()> {
    let numbers = several(0, 4);
    let mut house = House::make()?;
    approve(&house.folder, &on_one_list(&numbers))?;
    house.start_all()?;
    let police = house.police()?;
    house.kill_hub();
    let copy = house.temp().join("copy");
    copy_store(&house, &copy)?;
    // The first hub bars; then the second, on the copy and at the same address, bars another.
    house.start_hub()?;
    bar(&police, "at-the-first", &numbers[..1])?;
    house.kill_hub();
    let first = house.temp().join("first");
    copy_store(&house, &first)?;
    put_back(&house, &copy)?;
    house.start_hub()?;
    bar(&police, "at-the-second", &numbers[1..2])?;
    bar(&police, "at-the-second-again", &numbers[2..3])?;
    let mut dialled = refused_everywhere(&house, &numbers[..3], "led to the second hub")?;
    // The second one is the service from now on.
    house.kill_hub();
    begin_session(&house, "2026112601")?;
    let session = session_of(&house)?;
    house.start_hub()?;
    GATES
        .into_iter()
        .try_for_each(|gate| in_session(&house, gate, &session))?;
    if is_set("UPCS_FULL") {
        dialled += the_first_by_mistake(&mut house, &police, &first, &numbers)?;
    }
    say::line(&format!(
        "two hubs: {dialled} calls to numbers barred by either, all refused"
    ));
    Ok(())
}

/// The first hub is started again by mistake, and then the second one, which is the service, again.
fn the_first_by_mistake(
    house: &mut House,
    police: &Referrer,
    first: &Path,
    numbers: &[String],
) -> Result<usize> {
    house.kill_hub();
    let second = house.temp().join("second");
    copy_store(house, &second)?;
    put_back(house, first)?;
    house.start_hub()?;
    let bars = police.bar("at-the-first-by-mistake", &numbers[3..])?;
    ensure!(
        police
            .wait_in_force(&bars[0], &[BARRING, ENABLING], Duration::from_secs(3))
            .is_err(),
        "the first hub's words still count"
    );
    let dialled = refused_everywhere(house, &numbers[..3], "the first hub is back")?;
    house.kill_hub();
    put_back(house, &second)?;
    house.start_hub()?;
    bar(police, "at-the-second-at-last", &numbers[3..])?;
    Ok(dialled + refused_everywhere(house, numbers, "the second hub is back")?)
}
