//! Which room may name which: Cargo draws these arrows, so the manifests are read, through `cargo metadata`.
//!
//! The table is `docs/adr/0001-rooms-and-arrows.md` in a form that a machine reads. A room may also name
//! whatever lies below a room that it names (the gate names `prison`, which it reaches through `feed`).

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::source::root;
use crate::{Finding, assert_none};

/// Each room and the rooms that it may name.
const ARROWS: [(&str, &[&str]); 12] = [
    ("prison", &[]),
    ("phone", &[]),
    ("postal", &[]),
    ("pages", &[]),
    ("offender", &["prison"]),
    ("feed", &["prison", "phone"]),
    ("casework", &["prison", "phone", "postal", "offender"]),
    ("gate", &["phone", "feed"]),
    ("hub", &["feed", "casework", "pages"]),
    ("upcs", &["gate", "hub"]),
    // Beside the service: measurements, and the bodies of the fuzz targets.
    ("bench", &["upcs"]),
    ("properties", &["gate", "postal", "offender"]),
];

/// Rooms without sockets, files, clock or randomness.
pub(crate) const PURE: [&str; 6] = ["prison", "phone", "postal", "offender", "casework", "feed"];

/// What a pure room's library may not depend on. Tests of a pure room may.
const IMPURE_CRATES: [&str; 9] = [
    "tokio",
    "axum",
    "sea-orm",
    "sqlx",
    "reqwest",
    "rand",
    "getrandom",
    "hyper",
    "tempfile",
];

/// Crates that speak SQL, for the hub alone.
const SQL_CRATES: [&str; 4] = ["sea-orm", "sqlx", "rusqlite", "tokio-postgres"];

/// One dependency of a room, as its manifest states it.
struct Dependency {
    room: String,
    on: String,
    /// `dev` for one that tests alone use.
    kind: String,
}

/// Every room below `room`, through any number of arrows.
fn below(room: &str) -> BTreeSet<&'static str> {
    let direct = ARROWS
        .iter()
        .find(|(name, _)| *name == room)
        .map_or(&[][..], |(_, rooms)| *rooms);
    direct
        .iter()
        .flat_map(|next| below(next).into_iter().chain([*next]))
        .collect()
}

fn is_room(name: &str) -> bool {
    ARROWS.iter().any(|(room, _)| *room == name)
}

fn dependencies(metadata: &Value) -> Vec<Dependency> {
    let packages = metadata["packages"].as_array().unwrap();
    let of = |package: &Value| {
        let room = package["name"].as_str().unwrap().to_owned();
        let list = package["dependencies"].as_array().unwrap().clone();
        list.into_iter().map(move |dependency| Dependency {
            room: room.clone(),
            on: dependency["name"].as_str().unwrap().to_owned(),
            kind: dependency["kind"].as_str().unwrap_or("normal").to_owned(),
        })
    };
    packages.iter().flat_map(of).collect()
}

/// What Cargo reads in the manifests of the workspace.
pub(crate) fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn manifest(room: &str) -> String {
    format!("crates/{room}/Cargo.toml")
}

fn rooms_without_arrows(metadata: &Value) -> Vec<Finding> {
    let names = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["name"].as_str().unwrap());
    names
        .filter(|name| !is_room(name))
        .map(|name| {
            Finding::new(
                &manifest(name),
                1,
                "this room has no arrows in tests/tidy/arrows.rs",
            )
        })
        .collect()
}

fn arrows_against_the_flow(metadata: &Value) -> Vec<Finding> {
    dependencies(metadata)
        .iter()
        .filter(|found| {
            is_room(&found.on) && found.on != found.room && !below(&found.room).contains(&*found.on)
        })
        .map(|found| {
            Finding::new(
                &manifest(&found.room),
                1,
                format!("{} -> {}", found.room, found.on),
            )
        })
        .collect()
}

fn impure_dependencies(metadata: &Value) -> Vec<Finding> {
    dependencies(metadata)
        .iter()
        .filter(|found| PURE.contains(&&*found.room) && found.kind != "dev")
        .filter(|found| IMPURE_CRATES.contains(&&*found.on))
        .map(|found| {
            Finding::new(
                &manifest(&found.room),
                1,
                format!("a pure room depends on {}", found.on),
            )
        })
        .collect()
}

fn sql_dependencies(metadata: &Value) -> Vec<Finding> {
    dependencies(metadata)
        .iter()
        .filter(|found| SQL_CRATES.contains(&&*found.on) && found.room != "hub" && found.kind != "dev")
        .map(|found| {
            Finding::new(
                &manifest(&found.room),
                1,
                format!("{} knows {}", found.room, found.on),
            )
        })
        .collect()
}

#[test]
fn every_room_has_its_arrows_written_down() {
    assert_none(
        "A room appears together with its arrows.",
        &rooms_without_arrows(&metadata()),
    );
}

#[test]
fn no_room_names_one_that_does_not_lie_below_it() {
    assert_none("The flow runs one way.", &arrows_against_the_flow(&metadata()));
}

#[test]
fn the_gate_reaches_no_room_that_knows_of_victims() {
    let reached = below("gate");
    for room in ["casework", "postal", "offender", "hub"] {
        assert!(
            !reached.contains(room),
            "gate -> .. -> {room}: a prison's box must not be able to name a victim"
        );
    }
}

#[test]
fn a_pure_room_depends_on_no_crate_that_reaches_outside() {
    assert_none(
        "Pass time, randomness, disk and network in.",
        &impure_dependencies(&metadata()),
    );
}

#[test]
fn only_the_hub_depends_on_a_database() {
    assert_none("SQL belongs to the hub's store.", &sql_dependencies(&metadata()));
}

/// What Cargo would print for one room with one dependency.
fn planted(room: &str, on: &str, kind: Value) -> Value {
    serde_json::json!({ "packages": [{ "name": room, "dependencies": [{ "name": on, "kind": kind }] }] })
}

#[test]
fn a_planted_arrow_against_the_flow_is_found() {
    for (room, on) in [
        ("gate", "casework"),
        ("prison", "phone"),
        ("pages", "hub"),
        ("feed", "casework"),
    ] {
        assert_eq!(
            arrows_against_the_flow(&planted(room, on, Value::Null)).len(),
            1,
            "{room} -> {on}"
        );
        assert_eq!(
            arrows_against_the_flow(&planted(room, on, "dev".into())).len(),
            1,
            "{room} -> {on} (dev)"
        );
    }
    assert!(arrows_against_the_flow(&planted("gate", "prison", Value::Null)).is_empty());
    assert!(arrows_against_the_flow(&planted("upcs", "gate", "dev".into())).is_empty());
    assert_eq!(
        rooms_without_arrows(&planted("helpdesk", "serde", Value::Null)).len(),
        1
    );
}

#[test]
fn a_planted_impure_dependency_is_found() {
    assert_eq!(
        impure_dependencies(&planted("feed", "tokio", Value::Null)).len(),
        1
    );
    assert_eq!(
        impure_dependencies(&planted("phone", "rand", "build".into())).len(),
        1
    );
    assert!(impure_dependencies(&planted("gate", "tokio", Value::Null)).is_empty());
    assert_eq!(
        sql_dependencies(&planted("upcs", "sea-orm", Value::Null)).len(),
        1
    );
    assert!(sql_dependencies(&planted("hub", "sea-orm", Value::Null)).is_empty());
}
