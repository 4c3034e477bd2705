//! What the documents promise and a machine can check: each relative link leads somewhere, and the example
//! of the README is a complete request.

use std::fs;
use std::path::Path;

use casework::ContactRequest;

use crate::source::{root, workspace_files};
use crate::{Finding, assert_none};

/// Links of a Markdown file that lead to no file; `exists` says of a path in the workspace whether it is there.
fn broken_links(path: &str, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<Finding> {
    let folder = Path::new(path).parent().unwrap();
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let elsewhere = file.is_empty() || file.contains("://") || file.starts_with("mailto:");
            if !elsewhere && !exists(&folder.join(file)) {
                findings.push(Finding::new(path, at + 1, format!("leads nowhere: {target}")));
            }
        }
    }
    findings
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let documents: Vec<String> = workspace_files()
        .into_iter()
        .filter(|path| path.ends_with(".md"))
        .collect();
    assert!(
        documents.iter().any(|path| path == "README.md"),
        "the README was not found"
    );
    let check = |path: &String| {
        let text = fs::read_to_string(root().join(path)).unwrap();
        broken_links(path, &text, |target| root().join(target).exists())
    };
    assert_none(
        "Write the page or mend the link.",
        &documents.iter().flat_map(check).collect::<Vec<_>>(),
    );
}

#[test]
fn a_planted_broken_link_is_found() {
    let text = "See [a](b.md), [c](../c.md#part) and [d](https://d.example/e) or [f](#here).";
    let found = |there: &str| broken_links("docs/x.md", text, |path| path == Path::new(there)).len();
    assert_eq!(
        (found("docs/b.md"), found("docs/../c.md"), found("README.md")),
        (1, 1, 2)
    );
}

#[test]
fn the_example_of_the_readme_is_a_complete_request() {
    let example = "docs/examples/request.json";
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(example), "the README no longer shows {example}");
    let text = fs::read_to_string(root().join(example)).unwrap();
    let request: ContactRequest = serde_json::from_str(&text).unwrap();
    assert!(request.problems().is_empty(), "{:?}", request.problems());
    assert!(request.lacks().is_empty());
    assert!(
        request.numbers(None).all(|(_, resolved)| resolved.is_ok()),
        "a number of the example is refused"
    );
}
