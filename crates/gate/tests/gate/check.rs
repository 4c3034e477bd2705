//! What a box can do after a restart and after a reboot, case by case; and that looking leaves no trace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use feed::{AlwaysAllowed, CoSigned, ContactKind, Regime, Serial, SigningKey};
use gate::check::look_on;
use gate::config::Config;
use gate::seams::Seams;
use gate::state_key::SEALED_NAME;

use crate::hub::TestHub;
use crate::place::Place;
use crate::source::Source;

/// The folders of a gate that ran, held a list at serial 6, and was stopped; and as they were at serial 5.
struct Ran {
    place: Place,
    earlier: tempfile::TempDir,
}

async fn ran() -> Ran {
    let mut source = Source::new(Regime::CallEnabling);
    source.serial = Serial(5);
    source.entries = vec![source.approved(1, 3, 1, ContactKind::Social)];
    let hub = TestHub::start(source).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(5)).await;
    gate.stop().await;
    let earlier = tempfile::tempdir().unwrap();
    copy(place.folder.path(), earlier.path());
    let mut again = None;
    hub.asked_again(async || again = Some(place.run().await)).await;
    let gate = again.unwrap();
    let serial = hub.change(&[], &[], &[]).await;
    hub.acknowledged(serial).await;
    gate.stop().await;
    Ran { place, earlier }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
    all
}

/// What is done to the box before it is looked at.
#[derive(Clone, Copy)]
enum Done {
    Nothing,
    /// This part of its folder lies where a reboot takes it away.
    InMemory(&'static str),
    Gone(&'static str),
    Half(&'static str),
    AnotherKey,
    NeverHadAList,
    PutBackFromACopy,
    OtherPrison,
    StrangersList,
    /// The key comes as a credential: given to this run or not, kept on the disk or not.
    Credential {
        given: bool,
        kept: bool,
    },
}

/// Whether calls are answered from the list, and whether helplines ring.
type Outlook = (bool, bool);

const WELL: Outlook = (true, true);
const REFUSED: Outlook = (false, true);
const NO_HELPLINES: Outlook = (true, false);

/// What is done; what then becomes of calls after a restart, and after a reboot; a word of the reason.
#[rustfmt::skip]
const CASES: [(Done, Outlook, Outlook, &str); 19] = [
    (Done::Nothing,                  WELL,         WELL,         "answered from the list"),
    (Done::InMemory("keys"),         WELL,         REFUSED,      "lies in memory"),
    (Done::InMemory("state"),        WELL,         REFUSED,      "lies in memory"),
    (Done::InMemory("always"),       WELL,         NO_HELPLINES, "helplines do not ring"),
    (Done::Gone("keys/state.key"),   REFUSED,      REFUSED,      "cannot be read"),
    (Done::Half("keys/state.key"),   REFUSED,      REFUSED,      "64 hexadecimal"),
    (Done::AnotherKey,               REFUSED,      REFUSED,      "sealed under another key"),
    (Done::Gone("state/identity"),   REFUSED,      REFUSED,      "not enrolled"),
    (Done::NeverHadAList,            REFUSED,      REFUSED,      "no list was ever received"),
    (Done::Gone("state/list"),       REFUSED,      REFUSED,      "damaged"),
    (Done::Half("state/list"),       REFUSED,      REFUSED,      "damaged"),
    (Done::Gone("state/mark"),       REFUSED,      REFUSED,      "damaged"),
    (Done::PutBackFromACopy,         REFUSED,      REFUSED,      "older than the one"),
    (Done::OtherPrison,              REFUSED,      REFUSED,      "another prison"),
    (Done::Gone("always"),           NO_HELPLINES, NO_HELPLINES, "helplines do not ring"),
    (Done::StrangersList,            NO_HELPLINES, NO_HELPLINES, "two of the roots"),
    (Done::Credential { given: true,  kept: true  }, WELL,    WELL,    "answered from the list"),
    (Done::Credential { given: false, kept: true  }, REFUSED, REFUSED, "no credential upcs-gate-key"),
    (Done::Credential { given: true,  kept: false }, WELL,    REFUSED, "nothing to give"),
];

impl Done {
    /// Does it to a copy of the gate's folder; the configuration, and what a reboot takes away.
    fn to(self, ran: &Ran, folder: &Path) -> (Config, Option<&'static str>) {
        let (state, key) = (folder.join("state"), folder.join("keys/state.key"));
        let mut config = Config::load(&folder.join("gate.toml")).unwrap();
        match self {
            Self::Nothing => {}
            Self::InMemory(part) => return (config, Some(part)),
            Self::Gone(file) => std::fs::remove_file(folder.join(file)).unwrap(),
            Self::Half(file) => {
                let whole = std::fs::read(folder.join(file)).unwrap();
                std::fs::write(folder.join(file), &whole[..whole.len() / 2]).unwrap();
            }
            Self::AnotherKey => std::fs::write(key, "0f".repeat(32)).unwrap(),
            Self::NeverHadAList => {
                for name in ["list", "mark"] {
                    std::fs::remove_file(state.join(name)).unwrap();
                }
            }
            Self::PutBackFromACopy => {
                std::fs::remove_dir_all(&state).unwrap();
                copy(&ran.earlier.path().join("state"), &state);
            }
            Self::OtherPrison => config.prison = "MDI".parse().unwrap(),
            Self::StrangersList => {
                let stranger = SigningKey::from_bytes(&[77; 32]);
                let list = AlwaysAllowed {
                    version: 2,
                    numbers: Vec::new(),
                };
                let signed = CoSigned::sign(&list, [&stranger, &SigningKey::from_bytes(&[78; 32])]).unwrap();
                std::fs::write(folder.join("always"), signed.to_file()).unwrap();
            }
            Self::Credential { given, kept } => {
                let [run, store] = ["run", "store"].map(|name| folder.join(name));
                for (folder, is_there) in [(&run, given), (&store, kept)] {
                    std::fs::create_dir(folder).unwrap();
                    if is_there {
                        std::fs::copy(&key, folder.join(SEALED_NAME)).unwrap();
                    }
                }
                config.key_file = None;
                config.key_credential = Some(SEALED_NAME.to_owned());
                config.credentials = Some(run);
                config.credential_stores = Some(vec![store]);
                config.mark_file = Some(folder.join("keys/state.key.mark"));
            }
        }
        (config, None)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_box_can_do_after_a_restart_and_after_a_reboot() {
    let ran = ran().await;
    for (number, (done, restart, reboot, because)) in CASES.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        copy(ran.place.folder.path(), folder.path());
        let (config, lost) = done.to(&ran, folder.path());
        let in_memory = |file: &Path| lost.is_some_and(|lost| file.starts_with(folder.path().join(lost)));
        let before = files(folder.path());
        let found = look_on(&config, &Seams::real(), &in_memory);
        let [now, later] = [&found.after_process_restart, &found.after_reboot]
            .map(|outlook| (outlook.answers_from_list, outlook.helplines_ring));
        assert_eq!((now, later), (restart, reboot), "case {number}: {found}");
        assert!(found.to_string().contains(because), "case {number}: {found}");
        assert_eq!(
            found.why_not().is_none(),
            (now, later) == (WELL, WELL),
            "case {number}"
        );
        assert_eq!(files(folder.path()), before, "case {number} left a trace");
    }
}

/// What the program says and how it ends.
fn check(config: &Path, more: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_upcs-gate"));
    let output = command
        .arg("check")
        .arg("--config")
        .arg(config)
        .args(more)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_it_in_two_sentences_or_in_json_and_fails_if_calls_would_be_refused() {
    let ran = ran().await;
    let config = ran.place.folder.path().join("gate.toml");
    // Whether the folder for temporary files outlives a reboot is the machine's own affair.
    let (_, json) = check(&config, &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(said["after_process_restart"]["answers_from_list"], true);
    assert_eq!(
        (&said["key"]["source"], &said["list"]["serial"]),
        (&"file".into(), &6.into())
    );
    assert!(said["list"]["age_seconds"].as_u64().unwrap() < 600);
    std::fs::remove_file(ran.place.folder.path().join("keys/state.key")).unwrap();
    let (well, text) = check(&config, &[]);
    assert!(!well);
    let [now, later] = ["After a restart of the program: ", "After a reboot: "]
        .map(|start| text.lines().find_map(|line| line.strip_prefix(start)).unwrap());
    for sentence in [now, later] {
        assert!(
            sentence.starts_with("every call is refused but those to always-allowed numbers"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_runs_is_not_disturbed_and_its_ports_are_not_needed() {
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    hub.admit();
    let place = Place::enrolled(&hub).await;
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    let text = std::fs::read_to_string(place.folder.path().join("gate.toml")).unwrap();
    let taken = text.replace(
        "sip_listen = \"127.0.0.1:0\"",
        &format!("sip_listen = \"{}\"", gate.ready.sip),
    );
    let config = place.folder.path().join("taken.toml");
    std::fs::write(&config, taken).unwrap();
    let (_, json) = check(&config, &["--json"]);
    assert!(json.contains("\"readable\":true"), "{json}");
    assert!(gate.allows("A0001BC", "07700900009").await);
    gate.stop().await;
}
