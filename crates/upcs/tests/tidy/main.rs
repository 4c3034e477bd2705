#![expect(clippy::unwrap_used, reason = "a test stops where its ground gives way")]
//! The house rules that a machine can read, as tests: which room may name which, what a pure room may not
//! touch, which calls are banned, how long a file may be.
//!
//! A *finding* is one breach, with the file and the line. Each check is a function from source text (or from
//! `cargo metadata`) to findings; the test above it runs it over the whole workspace, and the test below it
//! feeds it a planted breach, so that a check that has gone blind turns red.

mod arrows;
mod banned;
mod documents;
mod inside;
mod reserved;
mod sabotage;
mod sizes;
mod source;
mod verbs;

use std::fmt;

/// One breach of a rule: where it stands and what is wrong with it.
#[derive(Debug)]
struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Fails with one line for each finding.
#[track_caller]
fn assert_none(rule: &str, findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(findings.is_empty(), "{rule}\n  {}\n", lines.join("\n  "));
}
