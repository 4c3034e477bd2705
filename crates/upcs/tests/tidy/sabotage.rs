//! The patches of `tests/sabotage`: one at least for each of the ten rules, each naming a test that there is.

use std::collections::BTreeSet;
use std::fs;

use crate::source::{root, workspace_files, workspace_sources};
use crate::{Finding, assert_none};

const FOLDER: &str = "tests/sabotage/";
/// The rules that keep people safe, numbered as in CONTRIBUTING.md.
const RULES: std::ops::RangeInclusive<u8> = 1..=10;

/// What the head of a patch says.
struct Head {
    rule: u8,
    /// The last part of the test's path.
    test: String,
}

/// `Rule N: why` and `Test: -p ROOM --test FILE path::of::the_test`.
fn head(patch: &str) -> Option<Head> {
    let mut lines = patch.lines();
    let rule = lines
        .next()?
        .strip_prefix("Rule ")?
        .split(':')
        .next()?
        .parse()
        .ok()?;
    let arguments = lines.next()?.strip_prefix("Test: -p ")?;
    let test = arguments
        .split_whitespace()
        .nth(3)?
        .rsplit("::")
        .next()?
        .to_owned();
    Some(Head { rule, test })
}

fn findings(patches: &[(String, String)], is_test: impl Fn(&str) -> bool) -> Vec<Finding> {
    let heads: Vec<_> = patches.iter().map(|(path, text)| (path, head(text))).collect();
    let broken = heads.iter().filter_map(|(path, head)| match head {
        None => Some(Finding::new(path, 1, "does not begin with its rule and its test")),
        Some(head) if !is_test(&head.test) => {
            Some(Finding::new(path, 2, format!("there is no test {}", head.test)))
        }
        Some(_) => None,
    });
    let ruled: BTreeSet<u8> = heads
        .iter()
        .filter_map(|(_, head)| Some(head.as_ref()?.rule))
        .collect();
    let bare = RULES
        .filter(|rule| !ruled.contains(rule))
        .map(|rule| Finding::new(FOLDER, 0, format!("no patch breaks rule {rule}")));
    broken.chain(bare).collect()
}

#[test]
fn each_rule_has_a_patch_that_names_the_test_which_must_turn_red() {
    let paths = workspace_files()
        .into_iter()
        .filter(|path| path.starts_with(FOLDER) && path.ends_with(".patch"));
    let patches: Vec<_> = paths
        .map(|path| (path.clone(), fs::read_to_string(root().join(&path)).unwrap()))
        .collect();
    let sources = workspace_sources();
    let is_test = |name: &str| {
        let (function, story) = (format!("fn {name}("), format!("\"{name}\""));
        let is_here = |text: &str| text.contains(&function) || text.contains(&story);
        sources.iter().any(|source| is_here(&source.text))
    };
    assert_none(
        "A rule without a patch counts as untested; a patch without its test shows nothing.",
        &findings(&patches, is_test),
    );
}

#[test]
fn a_planted_missing_patch_test_or_head_is_found() {
    let patch = |rule: u8| {
        (
            format!("{rule}.patch"),
            format!("Rule {rule}: x\nTest: -p a --test b c::d\n"),
        )
    };
    let all: Vec<_> = RULES.map(patch).collect();
    assert_eq!(findings(&all, |name| name == "d").len(), 0);
    assert_eq!(findings(&all[1..], |_| true).len(), 1);
    assert_eq!(findings(&all, |_| false).len(), 10);
    let headless = [("x".to_owned(), "diff".to_owned())];
    assert_eq!(findings(&headless, |_| true).len(), 11);
}
