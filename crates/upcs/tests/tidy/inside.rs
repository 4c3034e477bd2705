//! The arrows inside a room, which Cargo does not draw, so the source is read: only the hub's store speaks
//! SQL, the store does not look up to those who call it, and the gate's `authorise` neither waits nor fails.

use crate::source::{Source, lines_naming, lines_with, workspace_sources};
use crate::{Finding, assert_none};

/// How an SQL statement starts, as this project writes it.
const SQL_STARTS: [&str; 9] = [
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "UPDATE ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
];

/// What `authorise` may not name: whatever waits, blocks, or stops the process.
const BLOCKING: [&str; 18] = [
    "async",
    "await",
    "tokio",
    "fs",
    "net",
    "File",
    "TcpStream",
    "UdpSocket",
    "Mutex",
    "RwLock",
    "Condvar",
    "mpsc",
    "channel",
    "block_on",
    "sleep",
    "panic",
    "unreachable",
    "println",
];

fn is_store(source: &Source) -> bool {
    source.path.starts_with("crates/hub/src/store/") || source.path == "crates/hub/src/store.rs"
}

fn sql_outside_the_store(source: &Source) -> Vec<Finding> {
    if is_store(source) || !source.is_src() {
        return Vec::new();
    }
    let named = ["sea_orm", "sqlx", "rusqlite"].iter().flat_map(|name| {
        lines_with(&source.code, name)
            .into_iter()
            .map(|line| Finding::new(&source.path, line, *name))
    });
    let written = source.strings.lines().enumerate().filter_map(|(at, line)| {
        let literal = line.trim_start_matches([' ', 'r', '#', '"']);
        let start = SQL_STARTS.iter().find(|start| literal.starts_with(*start))?;
        Some(Finding::new(
            &source.path,
            at + 1,
            format!("SQL outside the store: {start}"),
        ))
    });
    named.chain(written).collect()
}

fn store_looking_up(source: &Source) -> Vec<Finding> {
    if !is_store(source) {
        return Vec::new();
    }
    let rooms = ["web", "api"].iter().flat_map(|name| {
        let parents = ["crate", "super"]
            .iter()
            .flat_map(|parent| lines_naming(&source.code, parent, name));
        parents
            .map(|line| Finding::new(&source.path, line, format!("the store names {name}")))
            .collect::<Vec<_>>()
    });
    let web = ["axum", "tower_http", "minijinja", "pages"]
        .iter()
        .flat_map(|name| {
            lines_with(&source.code, &format!("{name}::"))
                .into_iter()
                .map(move |line| Finding::new(&source.path, line, format!("the store names {name}")))
        });
    rooms.chain(web).collect()
}

fn is_authorise(source: &Source) -> bool {
    source.path == "crates/gate/src/authorise.rs" || source.path.starts_with("crates/gate/src/authorise/")
}

fn blocking_in_authorise(source: &Source) -> Vec<Finding> {
    if !is_authorise(source) {
        return Vec::new();
    }
    let names = BLOCKING.iter().flat_map(|name| {
        lines_with(&source.live, name)
            .into_iter()
            .map(|line| Finding::new(&source.path, line, *name))
    });
    let calls = [".lock(", ".read(", ".write(", ".unwrap(", ".expect("]
        .iter()
        .flat_map(|call| {
            lines_with(&source.live, call)
                .into_iter()
                .map(|line| Finding::new(&source.path, line, *call))
        });
    names.chain(calls).collect()
}

#[test]
fn only_the_store_speaks_sql() {
    let sources = workspace_sources();
    assert!(
        sources.iter().any(is_store),
        "no file of the store was found: has it moved?"
    );
    let findings: Vec<Finding> = sources.iter().flat_map(sql_outside_the_store).collect();
    assert_none("Call a verb of the store instead.", &findings);
}

#[test]
fn the_store_does_not_look_up_to_pages_or_api() {
    let findings: Vec<Finding> = workspace_sources().iter().flat_map(store_looking_up).collect();
    assert_none(
        "web and api call the store, never the other way round.",
        &findings,
    );
}

#[test]
fn authorise_names_nothing_that_can_wait_or_fail() {
    let sources = workspace_sources();
    assert!(
        sources.iter().any(is_authorise),
        "authorise was not found: has it moved?"
    );
    let findings: Vec<Finding> = sources.iter().flat_map(blocking_in_authorise).collect();
    assert_none("A verdict is look-ups in memory and nothing else.", &findings);
}

#[test]
fn planted_sql_outside_the_store_is_found() {
    let text = "fn f() {\n  run(\"SELECT 1\");\n  sea_orm::x();\n  say(\"Select a prison\");\n}";
    let found = |path| sql_outside_the_store(&Source::new(path, text)).len();
    assert_eq!(found("crates/hub/src/api/mod.rs"), 2);
    assert_eq!(found("crates/hub/src/store/open.rs"), 0);
}

#[test]
fn a_planted_arrow_out_of_the_store_is_found() {
    let text = "use crate::{\n  keys::HubKeys,\n  web,\n};\nuse axum::Json;\nuse crate::api::x;";
    let lines: Vec<usize> = store_looking_up(&Source::new("crates/hub/src/store/open.rs", text))
        .iter()
        .map(|f| f.line)
        .collect();
    assert_eq!(lines, [3, 6, 5]);
    assert!(store_looking_up(&Source::new("crates/hub/src/run.rs", text)).is_empty());
}

#[test]
fn a_planted_wait_in_authorise_is_found() {
    for text in [
        "use std::fs;",
        "async fn f() {}",
        "let l = list.lock();",
        "use std::sync::RwLock;",
    ] {
        assert_eq!(
            blocking_in_authorise(&Source::new("crates/gate/src/authorise.rs", text)).len(),
            1,
            "{text}"
        );
    }
    let tests_only = "#[cfg(test)]\nmod tests { fn f() { std::fs::read(); } }";
    assert!(blocking_in_authorise(&Source::new("crates/gate/src/authorise.rs", tests_only)).is_empty());
}
