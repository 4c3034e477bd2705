//! Source files as the checks see them: the text, the code without comments and literals, the literals
//! alone, and the code without its test modules. Lines keep their numbers in each of these views.

use std::fs;
use std::path::{Path, PathBuf};

/// One Rust file of the workspace.
pub(crate) struct Source {
    /// Relative to the root of the workspace, with `/`.
    pub(crate) path: String,
    /// As it stands on disk.
    pub(crate) text: String,
    /// Comments and literals blanked.
    pub(crate) code: String,
    /// Everything but the contents of string literals blanked.
    pub(crate) strings: String,
    /// `code` with `#[cfg(test)]` items blanked; empty for a file that holds tests only.
    pub(crate) live: String,
}

impl Source {
    /// Reads `text` as the file `path` of the workspace.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (code, strings) = split(text);
        let live = if is_test_file(path) {
            String::new()
        } else {
            without_test_items(&code)
        };
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
            strings,
            live,
        }
    }

    /// Whether the file belongs to the library or binary of a room, not to its tests, examples or build.
    pub(crate) fn is_src(&self) -> bool {
        self.path.split('/').nth(2) == Some("src")
    }

    /// The room that the file stands in: `gate` for `crates/gate/src/run.rs`.
    pub(crate) fn room(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default()
    }
}

/// Every Rust file under `crates/`, sorted by path.
pub(crate) fn workspace_sources() -> Vec<Source> {
    let sources: Vec<Source> = workspace_files()
        .into_iter()
        .filter(|path| path.starts_with("crates/") && path.ends_with(".rs"))
        .map(|path| Source::new(&path, &fs::read_to_string(root().join(&path)).unwrap()))
        .collect();
    assert!(
        sources.len() > 20,
        "found only {} source files: the walk is broken",
        sources.len()
    );
    sources
}

/// Every file of the workspace that is not built, fetched or a running demo's, sorted by path.
pub(crate) fn workspace_files() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match (path.is_dir(), skipped(&path)) {
                (_, true) => {}
                (true, _) => folders.push(path),
                (false, _) => found.push(relative(&path)),
            }
        }
    }
    found.sort();
    found
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

/// What `.gitignore` names, and the repository itself.
fn skipped(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let at_root = path.parent() == Some(&root());
    let built =
        at_root && (name.starts_with("target") || ["demo", "data-dir", "stories-out"].contains(&&*name));
    built || name == ".git" || name == "node_modules" || name.ends_with(".log")
}

/// A file named `tests.rs`, or one below a folder of tests, examples or benches.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || ["/tests/", "/examples/", "/benches/"]
            .iter()
            .any(|part| path.contains(part))
}

/// One word or one mark of the code, with its line (from 1).
#[derive(Debug, PartialEq)]
pub(crate) struct Token<'a> {
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

/// The code as words (`fn`, `now`, `r#type` as `r`, `#`, `type`) and marks (`::` is one mark).
pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (text, after) = rest.split_at(length);
            found.push(Token {
                line: number + 1,
                text,
            });
            rest = after.trim_start();
        }
    }
    found
}

/// The lines on which `code` holds the tokens of `pattern` one after the other.
pub(crate) fn lines_with(code: &str, pattern: &str) -> Vec<usize> {
    let (code, pattern) = (tokens(code), tokens(pattern));
    code.windows(pattern.len())
        .filter(|window| window.iter().zip(&pattern).all(|(a, b)| a.text == b.text))
        .map(|window| window[0].line)
        .collect()
}

/// The lines on which `code` names `parent::child`, also as `parent::{.., child, ..}`.
pub(crate) fn lines_naming(code: &str, parent: &str, child: &str) -> Vec<usize> {
    let mut found = lines_with(code, &format!("{parent}::{child}"));
    let tokens = tokens(code);
    for start in tokens
        .windows(3)
        .enumerate()
        .filter(|(_, w)| is_group_of(w, parent))
        .map(|(at, _)| at)
    {
        let mut depth = 0;
        for pair in tokens[start + 2..].windows(2) {
            match pair[0].text {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && ["{", ","].contains(&pair[0].text) && pair[1].text == child {
                found.push(pair[1].line);
            }
        }
    }
    found
}

fn is_group_of(window: &[Token<'_>], parent: &str) -> bool {
    window[0].text == parent && window[1].text == "::" && window[2].text == "{"
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The code without comments and literals, and the string literals without the code.
fn split(text: &str) -> (String, String) {
    let all: Vec<char> = text.chars().collect();
    let (mut code, mut strings) = (String::new(), String::new());
    let mut at = 0;
    while at < all.len() {
        let (length, kind) = piece(&all, at);
        for &c in &all[at..at + length] {
            let blank = if c == '\n' { '\n' } else { ' ' };
            code.push(if kind == Piece::Code { c } else { blank });
            strings.push(if kind == Piece::Literal { c } else { blank });
        }
        at += length;
    }
    (code, strings)
}

#[derive(PartialEq)]
enum Piece {
    Code,
    Comment,
    Literal,
}

/// How many characters the piece that starts at `at` has, and what it is.
fn piece(all: &[char], at: usize) -> (usize, Piece) {
    let next = all.get(at + 1).copied().unwrap_or('\0');
    let word_before = at > 0 && is_word(all[at - 1]);
    match (all[at], next) {
        ('/', '/') => (
            all[at..].iter().take_while(|c| **c != '\n').count(),
            Piece::Comment,
        ),
        ('/', '*') => (block_comment(&all[at..]), Piece::Comment),
        ('"', _) => (quoted(&all[at..], '"'), Piece::Literal),
        ('\'', '\\') => (quoted(&all[at..], '\''), Piece::Literal),
        ('\'', _) if all.get(at + 2) == Some(&'\'') => (3, Piece::Literal),
        ('r', '"' | '#') if !word_before || matches!(all[at - 1], 'b' | 'c') => {
            raw_string(&all[at..]).map_or((1, Piece::Code), |length| (length, Piece::Literal))
        }
        _ => (1, Piece::Code),
    }
}

fn block_comment(all: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at + 1 < all.len() {
        match (all[at], all[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    all.len()
}

fn quoted(all: &[char], mark: char) -> usize {
    let mut at = 1;
    while at < all.len() && all[at] != mark {
        at += if all[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(all.len())
}

/// The length of `r"..."` or `r#"..."#`; none for a raw identifier such as `r#type`.
fn raw_string(all: &[char]) -> Option<usize> {
    let hashes = all[1..].iter().take_while(|c| **c == '#').count();
    if all.get(1 + hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    let body = 2 + hashes;
    let found = all[body..].windows(end.len()).position(|window| window == end);
    Some(found.map_or(all.len(), |position| body + position + end.len()))
}

/// Blanks each item under `#[cfg(test)]`.
fn without_test_items(code: &str) -> String {
    let mut live = code.to_owned();
    while let Some(start) = ["#[cfg(test)]", "#[cfg(any(test"]
        .iter()
        .filter_map(|mark| live.find(mark))
        .min()
    {
        let length = item_length(&live[start..]);
        let blank: String = live[start..start + length]
            .chars()
            .map(|c| if c == '\n' { c } else { ' ' })
            .collect();
        live.replace_range(start..start + length, &blank);
    }
    live
}

/// From an attribute to the end of the item below it: a `;` or the brace that closes its first one.
fn item_length(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == '}' || c == ';') {
            return at + 1;
        }
    }
    code.len()
}

#[test]
fn comments_and_literals_are_not_code() {
    let cases = [
        ("a // unsafe\nb", "a b"),
        ("a /* unsafe /* unsafe */ unsafe */ b", "a b"),
        (r#"a "unsafe \" unsafe" b"#, "a b"),
        ("a r#\"unsafe \" unsafe\"# b", "a b"),
        ("a (br\"unsafe\\\", b)", "a ( b , b )"),
        ("a '\"' b '\\'' c", "a b c"),
        ("a::<'static> b", "a :: < ' static > b"),
        ("r#type \"unsafe\"", "r # type"),
    ];
    for (text, expected) in cases {
        let source = Source::new("crates/x/src/lib.rs", text);
        let found: Vec<&str> = tokens(&source.code).iter().map(|token| token.text).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }
}

#[test]
fn a_test_module_is_not_live_code_and_what_follows_it_is() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { c() }\n}\nfn d() {}\n";
    let live = Source::new("crates/x/src/lib.rs", text).live;
    assert_eq!(lines_with(&live, "fn"), [1, 6]);
    assert!(Source::new("crates/x/tests/y.rs", text).live.is_empty());
}

#[test]
fn a_name_inside_a_group_of_imports_is_found() {
    let code = "use std::{\n  collections::{fs2, HashMap},\n  fs,\n};\nlet x = std :: fs :: read;";
    assert_eq!(lines_naming(code, "std", "fs"), [5, 3]);
    assert!(lines_naming("use std::{collections::fs};", "std", "fs").is_empty());
}
