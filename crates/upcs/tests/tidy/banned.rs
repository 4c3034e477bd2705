//! Calls and words that the source does not hold: hidden clocks and disks in the pure rooms, `unsafe`,
//! switched-off lints, forgotten marks, `unwrap` outside tests, names that say nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::arrows::{PURE, metadata};
use crate::source::{Source, Token, lines_naming, lines_with, tokens, workspace_sources};
use crate::{Finding, assert_none};

/// What a pure room's source may not name, as parent and child.
const OUTSIDE: [(&str, &str); 7] = [
    ("std", "fs"),
    ("std", "net"),
    ("std", "env"),
    ("std", "process"),
    ("std", "thread"),
    ("rand", "rng"),
    ("rand", "random"),
];

/// Clocks and sources of randomness that a pure room's source may not name.
const HIDDEN: [&str; 8] = [
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "ZonedDateTime::now",
    "OsRng",
    "Uuid::now_v7",
    "Uuid::new_v4",
];

/// Marks of unfinished or careless work.
const MARKS: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "unsafe"];

/// Words that no name of ours holds, and what to say instead.
const WORDS: [(&str, &str); 6] = [
    ("blacklist", "list of bars"),
    ("manager", "the verb that it does"),
    ("helper", "the verb that it does"),
    ("helpers", "the verb that they do"),
    ("util", "the thing that it is about"),
    ("utils", "the thing that they are about"),
];

fn outside_in_pure(source: &Source) -> Vec<Finding> {
    if !PURE.contains(&source.room()) || !source.is_src() {
        return Vec::new();
    }
    let at = |line, what: String| Finding::new(&source.path, line, format!("a pure room names {what}"));
    let paths = OUTSIDE.iter().flat_map(|(parent, child)| {
        lines_naming(&source.live, parent, child)
            .into_iter()
            .map(move |line| at(line, format!("{parent}::{child}")))
    });
    let hidden = HIDDEN.iter().flat_map(|name| {
        lines_with(&source.live, name)
            .into_iter()
            .map(move |line| at(line, (*name).to_owned()))
    });
    paths.chain(hidden).collect()
}

fn marks(source: &Source) -> Vec<Finding> {
    let found = |mark: &&'static str| {
        let mark = *mark;
        lines_with(&source.code, mark)
            .into_iter()
            .map(move |line| Finding::new(&source.path, line, mark))
    };
    MARKS.iter().flat_map(found).collect()
}

fn switched_off_lints(source: &Source) -> Vec<Finding> {
    let plain = ["#[allow(", "#![allow("]
        .iter()
        .flat_map(|form| lines_with(&source.code, form));
    let conditional = lines_with(&source.code, "cfg_attr").into_iter().filter(|line| {
        source
            .code
            .lines()
            .nth(line - 1)
            .is_some_and(|text| text.contains("allow("))
    });
    plain
        .chain(conditional)
        .map(|line| {
            Finding::new(
                &source.path,
                line,
                "write #[expect(.., reason = \"..\")] instead of allow",
            )
        })
        .collect()
}

fn unwraps(source: &Source) -> Vec<Finding> {
    if !source.is_src() {
        return Vec::new();
    }
    let lines = lines_with(&source.live, ".unwrap()");
    lines
        .into_iter()
        .map(|line| Finding::new(&source.path, line, "unwrap outside tests"))
        .collect()
}

/// Identifiers of ours that hold a word of [`WORDS`]; `foreign` are the names of other people's crates.
fn words(source: &Source, foreign: &BTreeSet<String>) -> Vec<Finding> {
    let tokens = tokens(&source.code);
    let imported = imported_from(&tokens, foreign);
    let mut findings = Vec::new();
    for token in tokens
        .iter()
        .filter(|token| !imported.contains(token.text) && !foreign.contains(token.text))
    {
        let parts = parts(token.text);
        for (word, instead) in WORDS
            .iter()
            .filter(|(word, _)| parts.iter().any(|part| part == word))
        {
            let what = format!("`{}` holds \"{word}\"; better: {instead}", token.text);
            findings.push(Finding::new(&source.path, token.line, what));
        }
    }
    findings
}

/// The names that a file takes over from other people's crates, by `use` or by path: theirs to choose.
fn imported_from<'a>(tokens: &[Token<'a>], foreign: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for (at, token) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| foreign.contains(token.text))
    {
        let used = at > 0 && tokens[at - 1].text == "use";
        let path = tokens[at..].iter().map(|token| token.text);
        if used {
            names.extend(path.take_while(|text| *text != ";"));
        } else if tokens.get(at + 1).is_some_and(|next| next.text == "::") {
            names.extend(tokens.get(at + 2).map(|named| named.text));
        }
        names.insert(token.text);
    }
    names
}

/// `BarManager` and `bar_manager` as `bar`, `manager`.
fn parts(identifier: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before_lower = false;
    for c in identifier.chars() {
        if c == '_' || (c.is_uppercase() && before_lower) {
            spaced.push(' ');
        }
        before_lower = c.is_lowercase();
        spaced.extend(c.to_lowercase().filter(|c| *c != '_'));
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// The names of the crates that the workspace depends on, as source names them.
fn foreign_crates(metadata: &Value) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().unwrap();
    let all = packages
        .iter()
        .flat_map(|package| package["dependencies"].as_array().unwrap());
    all.map(|dependency| dependency["name"].as_str().unwrap().replace('-', "_"))
        .collect()
}

fn over_the_workspace(check: impl Fn(&Source) -> Vec<Finding>) -> Vec<Finding> {
    workspace_sources().iter().flat_map(check).collect()
}

#[test]
fn a_pure_room_names_no_clock_disk_network_or_randomness() {
    assert_none(
        "Pass it in, so that a seed reproduces a failure.",
        &over_the_workspace(outside_in_pure),
    );
}

#[test]
fn no_source_holds_unsafe_code_or_a_mark_of_unfinished_work() {
    assert_none("Finish it or leave it out.", &over_the_workspace(marks));
}

#[test]
fn no_lint_is_switched_off_without_a_reason() {
    assert_none(
        "A lint that does not apply is expected, with its reason.",
        &over_the_workspace(switched_off_lints),
    );
}

#[test]
fn no_source_unwraps_outside_tests() {
    assert_none(
        "Return the error, or expect with the reason why it cannot fail.",
        &over_the_workspace(unwraps),
    );
}

#[test]
fn no_name_holds_a_word_that_says_nothing() {
    let foreign = foreign_crates(&metadata());
    assert_none(
        "Use the words of docs/glossary.md.",
        &over_the_workspace(|source| words(source, &foreign)),
    );
}

#[test]
fn a_planted_clock_or_file_in_a_pure_room_is_found() {
    let texts = [
        "use std::fs;",
        "use std::{fs, io};",
        "let n = std::net::TcpStream::connect(a);",
        "let t = SystemTime::UNIX_EPOCH;",
        "let t = Timestamp::now();",
        "let t = jiff::Zoned::now();",
        "let t = jiff::ZonedDateTime::now();",
        "let t = std::time::Instant::now();",
    ];
    for text in texts {
        assert_eq!(
            outside_in_pure(&Source::new("crates/phone/src/lib.rs", text)).len(),
            1,
            "{text}"
        );
        assert!(
            outside_in_pure(&Source::new("crates/gate/src/lib.rs", text)).is_empty(),
            "{text}"
        );
        assert!(
            outside_in_pure(&Source::new("crates/phone/tests/x.rs", text)).is_empty(),
            "{text}"
        );
    }
    assert!(
        outside_in_pure(&Source::new(
            "crates/phone/src/lib.rs",
            "// std::fs\nlet a = \"SystemTime\";"
        ))
        .is_empty()
    );
}

#[test]
fn a_planted_mark_is_found() {
    for text in ["todo!()", "unimplemented!()", "dbg!(x)", "unsafe { x }"] {
        assert_eq!(
            marks(&Source::new("crates/hub/tests/x.rs", text)).len(),
            1,
            "{text}"
        );
    }
    assert!(
        marks(&Source::new(
            "crates/hub/src/x.rs",
            "#![forbid(unsafe_code)] // todo!()"
        ))
        .is_empty()
    );
}

#[test]
fn a_planted_allow_is_found() {
    for text in [
        "#[allow(dead_code)]",
        "#![allow(unused)]",
        "#[cfg_attr(test, allow(dead_code))]",
    ] {
        assert_eq!(
            switched_off_lints(&Source::new("crates/hub/src/x.rs", text)).len(),
            1,
            "{text}"
        );
    }
    let expected = "#[expect(dead_code, reason = \"x\")] fn allow() {}";
    assert!(switched_off_lints(&Source::new("crates/hub/src/x.rs", expected)).is_empty());
}

#[test]
fn a_planted_unwrap_is_found_outside_tests_only() {
    let text =
        "fn a() { b\n  .unwrap(); c.unwrap_or(1); }\n#[cfg(test)]\nmod tests { fn d() { e.unwrap() } }";
    let lines: Vec<usize> = unwraps(&Source::new("crates/hub/src/x.rs", text))
        .iter()
        .map(|f| f.line)
        .collect();
    assert_eq!(lines, [2]);
}

#[test]
fn a_planted_empty_word_is_found() {
    let foreign = BTreeSet::from(["tower".to_owned(), "futures_util".to_owned()]);
    let found = |text| words(&Source::new("crates/hub/src/x.rs", text), &foreign).len();
    for text in [
        "struct BarManager;",
        "fn make_helper() {}",
        "mod util;",
        "let blacklist = 1;",
        "fn test_utils() {}",
    ] {
        assert_eq!(found(text), 1, "{text}");
    }
    assert_eq!(
        found("use tower::util::ServiceExt; use futures_util::StreamExt; let utility = 1;"),
        0
    );
}
