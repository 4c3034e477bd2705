//! The configuration: what stops a gate before it starts, and what does not.

use std::path::Path;

use feed::{AlwaysAllowed, AlwaysAllowedNumber, CoSigned, SigningKey, public_key_to_hex};
use gate::authorise::{ClassPolicy, Classes};
use gate::classes::DEFAULT_CLASSES;
use gate::config::Config;
use gate::seams::Seams;
use gate::state_key::{KeySource, StateKey};

use crate::source::number;

fn load(folder: &Path, more: &str) -> Result<Config, String> {
    let text = format!("prison = \"LEI\"\ntrunk = \"trunk.example:5060\"\n{more}");
    let file = folder.join("gate.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(&file).map_err(|error| error.to_string())
}

const PLACES: &str = "state_dir = \"state\"\nkey_file = \"keys/state.key\"\n";

#[test]
fn paths_count_from_the_file_and_the_register_knows_the_area() {
    let folder = tempfile::tempdir().unwrap();
    let config = load(folder.path(), PLACES).unwrap();
    assert_eq!(config.state_dir, folder.path().join("state"));
    assert!(config.area().is_some(), "Leeds has an area code");
    assert!(config.peers.iter().all(|peer| peer.is_loopback()));
}

#[test]
fn a_key_inside_the_state_folder_is_refused_however_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("state")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("state"), folder.path().join("elsewhere")).unwrap();
    for key in [
        "state/key",
        "state/deep/er/key",
        "elsewhere/key",
        "x/../state/key",
    ] {
        std::fs::create_dir_all(folder.path().join("x")).unwrap();
        let said = load(
            folder.path(),
            &format!("state_dir = \"state\"\nkey_file = \"{key}\"\n"),
        );
        assert!(
            said.unwrap_err().contains("the key lies inside state_dir"),
            "{key}"
        );
    }
}

#[test]
fn a_wrong_value_is_named_by_its_field() {
    let folder = tempfile::tempdir().unwrap();
    for (line, named) in [
        ("area_code = \"113\"", "area_code"),
        ("trunk2 = \"x\"", "trunk2"),
        ("hub = \"https://hub.example\"", "hub"),
        ("peers = []", "peers"),
        ("caller_header = \"a b\"", "caller_header"),
        ("roots = [\"00\"]", "roots"),
    ] {
        let said = load(folder.path(), &format!("{PLACES}{line}\n")).unwrap_err();
        assert!(said.contains(named), "{line}: {said}");
    }
    let twice = load(folder.path(), &format!("{PLACES}trunk = \"a b\"\n")).unwrap_err();
    assert!(twice.contains("duplicate"), "{twice}");
}

#[test]
fn an_always_allowed_list_needs_two_of_the_roots() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, stranger] = [1, 2, 3].map(|n| SigningKey::from_bytes(&[n; 32]));
    let numbers = vec![AlwaysAllowedNumber {
        number: number(7),
        name: "A helpline".to_owned(),
    }];
    let list = AlwaysAllowed { version: 1, numbers };
    let roots = [&one, &two]
        .map(|key| format!("\"{}\"", public_key_to_hex(&key.verifying_key())))
        .join(",");
    let text = format!("{PLACES}always_allowed = \"always\"\nroots = [{roots}]\n");
    let file = folder.path().join("always");
    let signed = |keys| CoSigned::sign(&list, keys).unwrap().to_file();
    let config = load(folder.path(), &text).unwrap();
    assert!(config.always_allowed().is_err(), "the file is missing");
    for keys in [[&one, &one], [&one, &stranger]] {
        std::fs::write(&file, signed(keys)).unwrap();
        assert!(config.always_allowed().is_err());
    }
    std::fs::write(&file, signed([&two, &one])).unwrap();
    assert!(config.always_allowed().unwrap().contains(&number(7)));
}

#[test]
fn a_key_is_made_once_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys/state.key");
    let source = KeySource::File(file.clone());
    let seams = Seams::real();
    assert!(StateKey::load(&source, &seams).is_err());
    StateKey::create(&source, &seams).unwrap();
    let first = std::fs::read(&file).unwrap();
    assert!(StateKey::load(&source, &seams).is_ok());
    assert!(StateKey::create(&source, &seams).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), first);
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn the_policy_by_class_that_is_shown_is_the_one_that_is_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let config = load(folder.path(), &format!("{PLACES}\n{DEFAULT_CLASSES}")).unwrap();
    assert_eq!(config.class_policy().unwrap(), ClassPolicy::default());
    assert_ne!(ClassPolicy::default(), ClassPolicy::new(all_rings(), None));
}

fn all_rings() -> Classes {
    #[derive(serde::Deserialize)]
    struct File {
        classes: Classes,
    }
    let rings = DEFAULT_CLASSES.replace("\"refused\"", "\"rings\"");
    toml::from_str::<File>(&rings).unwrap().classes
}

#[test]
fn a_policy_by_class_names_every_class() {
    let folder = tempfile::tempdir().unwrap();
    let without = |line: &str| {
        let kept = DEFAULT_CLASSES.lines().filter(|kept| !kept.starts_with(line));
        format!("{PLACES}{}", kept.collect::<Vec<_>>().join("\n"))
    };
    for class in [
        "mobile",
        "geographic",
        "freephone",
        "personal",
        "corporate",
        "non-geographic",
        "premium",
        "short",
        "emergency",
        "international-premium",
        "international =",
    ] {
        let said = load(folder.path(), &without(class)).unwrap_err();
        assert!(said.contains("missing field"), "{class}: {said}");
    }
    for (wrong, said) in [
        ("\"+979\" = \"refused\"", "\"979\" = \"refused\""),
        ("\"+979\" = \"refused\"", "\"+9x9\" = \"refused\""),
        ("premium = \"refused\"", "premium = \"forbidden\""),
        (
            "premium = \"refused\"",
            "premium = \"refused\"\nsatellite = \"refused\"",
        ),
    ] {
        let text = format!("{PLACES}{}", DEFAULT_CLASSES.replacen(wrong, said, 1));
        assert!(load(folder.path(), &text).is_err(), "{said}");
    }
}

#[test]
fn allocations_that_cannot_be_read_stop_the_gate_before_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let ofcom = folder.path().join("ofcom");
    let config = load(folder.path(), &format!("{PLACES}allocations = \"ofcom\"\n")).unwrap();
    let said = || config.class_policy().map(drop).map_err(|error| error.to_string());
    assert!(said().unwrap_err().contains("cannot be read"));
    std::fs::create_dir(&ofcom).unwrap();
    assert!(said().unwrap_err().contains("holds none of Ofcom's files"));
    std::fs::write(ofcom.join("s10_type_a.csv"), "another table").unwrap();
    assert!(said().unwrap_err().contains("holds none of Ofcom's files"));
    let file = "NMS Number Block: Number Block,Block Status,CP Name,Non Geo Number Length,Allocation Date\n\
                7700 90,Allocated,Example Mobile Ltd,10 digit numbers,06/11/1995\n\
                7700 91,Free,,10 digit numbers,\n";
    std::fs::write(ofcom.join("S7.csv"), file).unwrap();
    assert_eq!(said(), Ok(()));
    let loaded = gate::allocations::load(&ofcom).unwrap();
    assert_eq!(
        loaded.summary(),
        "blocks of numbers from S7.csv: 07: 1 in use, 1 not; left alone: s10_type_a.csv"
    );
    std::fs::write(ofcom.join("s8.csv"), &file[..file.len() - 10]).unwrap();
    assert!(
        said().unwrap_err().contains("s8.csv, line 3"),
        "a damaged file beside a good one"
    );
}
