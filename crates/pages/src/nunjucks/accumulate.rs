//! In Nunjucks, `set` inside a loop writes the variable outside it; in MiniJinja it is forgotten.
//!
//! A name that is set both outside and inside a loop of the same scope (the template, or one macro)
//! becomes an attribute of a namespace, which loops may write.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{Kind, Piece, Tag, Token};

const NAMESPACE: &str = "outer_";
const CAPTURE: &str = "captured_";

/// Which pieces make up one scope, and the names it sets outside and inside loops.
#[derive(Default)]
struct Scope {
    outside: BTreeSet<String>,
    inside: BTreeSet<String>,
    loops: u32,
}

/// Rewrites every scope that accumulates.
pub(super) fn use_namespaces(pieces: &mut Vec<Piece>) {
    let (membership, scopes) = survey(pieces);
    let names: BTreeMap<usize, BTreeSet<String>> = scopes
        .iter()
        .map(|(&start, scope)| (start, &scope.outside & &scope.inside))
        .filter(|(_, names)| !names.is_empty())
        .collect();
    let mut out = Vec::with_capacity(pieces.len());
    let mut captures = Vec::new();
    for (at, piece) in pieces.drain(..).enumerate() {
        let scope = membership[at];
        let Some(names) = names.get(&scope) else {
            out.push(piece);
            continue;
        };
        if at == scope {
            out.push(Piece::Verbatim(format!(
                "{{%- set {NAMESPACE} = namespace() -%}}"
            )));
        }
        rename(piece, names, &mut captures, &mut out);
    }
    *pieces = out;
}

/// The scope of each piece, named by the place where it starts (0, or just after a `macro` tag).
fn survey(pieces: &[Piece]) -> (Vec<usize>, BTreeMap<usize, Scope>) {
    let mut open = vec![0];
    let mut scopes = BTreeMap::from([(0, Scope::default())]);
    let mut membership = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        if let Piece::Tag(tag) = piece
            && tag.is_block("endmacro")
        {
            open.pop();
        }
        let current = open.last().copied().unwrap_or(0);
        membership.push(current);
        let Piece::Tag(tag) = piece else { continue };
        if tag.is_block("macro") {
            open.push(at + 1);
            scopes.insert(at + 1, Scope::default());
        } else if let Some(scope) = scopes.get_mut(&current) {
            note(tag, scope);
        }
    }
    (membership, scopes)
}

fn note(tag: &Tag, scope: &mut Scope) {
    if tag.is_block("for") {
        scope.loops += 1;
    } else if tag.is_block("endfor") {
        scope.loops = scope.loops.saturating_sub(1);
    } else if let Some(name) = set_name(tag) {
        let names = if scope.loops > 0 {
            &mut scope.inside
        } else {
            &mut scope.outside
        };
        names.insert(name);
    }
}

fn set_name(tag: &Tag) -> Option<String> {
    let name = *tag.solid().get(1)?;
    (tag.is_block("set") && tag.tokens[name].kind == Kind::Word).then(|| tag.tokens[name].spelling.clone())
}

/// `{% set x %}...{% endset %}`: has no value of its own.
fn opens_capture(tag: &Tag) -> bool {
    tag.is_block("set") && tag.solid().len() == 2
}

fn rename(piece: Piece, names: &BTreeSet<String>, captures: &mut Vec<Option<String>>, out: &mut Vec<Piece>) {
    let Piece::Tag(mut tag) = piece else {
        out.push(piece);
        return;
    };
    let mut after = None;
    if opens_capture(&tag) {
        let name = set_name(&tag).filter(|name| names.contains(name));
        if name.is_some() {
            let at = tag.solid()[1];
            tag.tokens[at].spelling = CAPTURE.to_string();
        }
        captures.push(name);
    } else if tag.is_block("endset") {
        after = captures.pop().flatten();
    } else if !tag.is_block("macro") {
        rename_words(&mut tag, names);
    }
    out.push(Piece::Tag(tag));
    if let Some(name) = after {
        out.push(Piece::Verbatim(format!(
            "{{%- set {NAMESPACE}.{name} = {CAPTURE} -%}}"
        )));
    }
}

/// Every use of the name: not an attribute, not a filter or test, not a named argument.
fn rename_words(tag: &mut Tag, names: &BTreeSet<String>) {
    let solid = tag.solid();
    let mut depth = 0_i32;
    for (nth, &at) in solid.iter().enumerate() {
        match tag.tokens[at].spelling.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        let before = nth
            .checked_sub(1)
            .map(|nth| tag.tokens[solid[nth]].spelling.as_str());
        let bound = matches!(before, Some("." | "|" | "is"));
        let argument = depth > 0 && solid.get(nth + 1).is_some_and(|&next| tag.tokens[next].is("="));
        let named = tag.tokens[at].kind == Kind::Word && names.contains(&tag.tokens[at].spelling);
        if named && !bound && !argument {
            tag.tokens[at] = Token::new(Kind::Word, format!("{NAMESPACE}.{}", tag.tokens[at].spelling));
        }
    }
}
