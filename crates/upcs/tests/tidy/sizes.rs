//! How long a file may be, what it opens with, and what may not be kept in the repository.

use std::fs;

use crate::source::{Source, root, workspace_files, workspace_sources};
use crate::{Finding, assert_none};

/// No file of source is longer than this, in lines.
const MOST_LINES: usize = 600;
/// What a file of source aims at, in lines.
const AIM_LINES: usize = 400;
/// A main reads its arguments and calls a library, in lines.
const MOST_LINES_OF_MAIN: usize = 100;
/// No kept file is larger than this, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// Where locked dependencies may come from.
const REGISTRIES: [&str; 2] = [
    "https://github.com/rust-lang/crates.io-index",
    "https://registry.npmjs.org/",
];

fn over_long(source: &Source) -> Option<Finding> {
    let lines = source.text.lines().count();
    let main = source.is_src() && source.path.ends_with("/main.rs");
    let most = if main { MOST_LINES_OF_MAIN } else { MOST_LINES };
    (lines > most).then(|| Finding::new(&source.path, lines, format!("{lines} lines, at most {most}")))
}

fn without_heading(source: &Source) -> Option<Finding> {
    let headed =
        source.text.starts_with("//! ") && source.text.lines().next().is_some_and(|line| line.len() > 10);
    (source.is_src() && !headed).then(|| {
        Finding::new(
            &source.path,
            1,
            "a module opens with `//!` and says what it is for",
        )
    })
}

fn over_large(path: &str, bytes: u64) -> Option<Finding> {
    (bytes > MOST_BYTES).then(|| Finding::new(path, 1, format!("{bytes} bytes, at most {MOST_BYTES}")))
}

/// Addresses in a lock file (or in the settings that decide them) that are no public registry.
fn private_hosts(path: &str, text: &str) -> Vec<Finding> {
    let names_source = |line: &str| {
        ["source =", "\"resolved\"", "registry", "replace-with", "index ="]
            .iter()
            .any(|key| line.contains(key))
    };
    let private = |line: &str| {
        let addresses = line.match_indices("://").count();
        let public: usize = REGISTRIES
            .iter()
            .map(|registry| line.matches(registry).count())
            .sum();
        addresses > public
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| names_source(line) && private(line))
        .map(|(at, line)| Finding::new(path, at + 1, format!("not a public registry: {}", line.trim())))
        .collect()
}

fn is_lock(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let lock = ["Cargo.lock", "package-lock.json", ".npmrc", "npm-shrinkwrap.json"].contains(&name);
    lock || path.ends_with(".cargo/config.toml") || path.ends_with(".cargo/config")
}

#[test]
fn no_file_of_source_is_too_long() {
    let sources = workspace_sources();
    let above_aim = sources
        .iter()
        .filter(|source| source.text.lines().count() > AIM_LINES)
        .count();
    println!(
        "{above_aim} of {} files have more than the {AIM_LINES} lines aimed at",
        sources.len()
    );
    let findings: Vec<Finding> = sources.iter().filter_map(over_long).collect();
    assert_none("Split the file where its subject changes.", &findings);
}

#[test]
fn every_module_says_what_it_is_for() {
    let findings: Vec<Finding> = workspace_sources().iter().filter_map(without_heading).collect();
    assert_none(
        "Open with `//!`: what it is for, its terms, what flows in and out.",
        &findings,
    );
}

#[test]
fn no_kept_file_is_larger_than_a_mebibyte() {
    let size = |path: &str| fs::metadata(root().join(path)).unwrap().len();
    let findings: Vec<Finding> = workspace_files()
        .iter()
        .filter_map(|path| over_large(path, size(path)))
        .collect();
    assert_none("Fetch or make large files; do not keep them.", &findings);
}

#[test]
fn lock_files_name_public_registries_only() {
    let locks: Vec<String> = workspace_files()
        .into_iter()
        .filter(|path| is_lock(path))
        .collect();
    assert!(
        locks.iter().any(|path| path == "Cargo.lock"),
        "Cargo.lock was not found: {locks:?}"
    );
    let read = |path: &String| private_hosts(path, &fs::read_to_string(root().join(path)).unwrap());
    assert_none(
        "A clean clone must build anywhere.",
        &locks.iter().flat_map(read).collect::<Vec<_>>(),
    );
}

#[test]
fn a_planted_long_file_is_found() {
    let lines = |count: usize| "//! Long enough a heading.\n".repeat(count);
    let found = |path: &str, count| over_long(&Source::new(path, &lines(count))).is_some();
    assert!(!found("crates/hub/src/x.rs", 600) && found("crates/hub/src/x.rs", 601));
    assert!(!found("crates/upcs/src/main.rs", 100) && found("crates/upcs/src/main.rs", 101));
}

#[test]
fn a_planted_module_without_a_heading_is_found() {
    for text in ["use std::fmt;", "//!\nuse std::fmt;", "// About this.\n", ""] {
        assert!(
            without_heading(&Source::new("crates/hub/src/x.rs", text)).is_some(),
            "{text:?}"
        );
    }
    assert!(without_heading(&Source::new("crates/hub/src/x.rs", "//! What it is for.\n")).is_none());
}

#[test]
fn a_planted_large_file_is_found() {
    assert!(
        over_large("docs/film.mp4", MOST_BYTES + 1).is_some()
            && over_large("docs/a.md", MOST_BYTES).is_none()
    );
}

#[test]
fn a_planted_private_registry_is_found() {
    let good = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
                \"resolved\": \"https://registry.npmjs.org/govuk-frontend/-/govuk-frontend-6.6.0.tgz\",";
    assert!(private_hosts("Cargo.lock", good).is_empty());
    for bad in [
        "source = \"registry+https://packages.example/index\"",
        "source = \"git+https://github.com/someone/fork#abc\"",
        "\"resolved\": \"http://10.0.0.1/npm/x.tgz\",",
        "registry=https://packages.example/npm/",
    ] {
        assert_eq!(private_hosts("package-lock.json", bad).len(), 1, "{bad}");
    }
}
