//! The rules inside one tag: each is a small difference between Nunjucks and MiniJinja.

use super::scan::{Kind, Tag, Token};

/// Applies every rule to one tag.
pub(super) fn tag(tag: &mut Tag) {
    respell(tag);
    quote_keys(tag);
    length_is_a_filter(tag);
    plus_joins_text(tag);
    wrap_loop_source(tag);
    lists_are_true(tag);
}

fn respell(tag: &mut Tag) {
    for token in &mut tag.tokens {
        let spelling = match (token.kind, token.spelling.as_str()) {
            (Kind::Sign, "===") => "==",
            (Kind::Sign, "!==") => "!=",
            (Kind::Word, "elseif") => "elif",
            _ => continue,
        };
        token.spelling = spelling.to_string();
    }
}

/// `{ text: x }` -> `{ "text": x }`.
fn quote_keys(tag: &mut Tag) {
    let solid = tag.solid();
    let mut open: Vec<char> = Vec::new();
    for (nth, &at) in solid.iter().enumerate() {
        let token = &tag.tokens[at];
        match token.spelling.as_str() {
            "{" | "[" | "(" => open.extend(token.spelling.chars()),
            "}" | "]" | ")" => drop(open.pop()),
            _ => {}
        }
        let after = |sign: &str| nth > 0 && tag.tokens[solid[nth - 1]].is(sign);
        let is_key = token.kind == Kind::Word
            && open.last() == Some(&'{')
            && (after("{") || after(","))
            && solid.get(nth + 1).is_some_and(|&next| tag.tokens[next].is(":"));
        if is_key {
            tag.tokens[at] = Token::new(Kind::Text, format!("\"{}\"", tag.tokens[at].spelling));
        }
    }
}

/// `items.length` -> `items|length`, where our filter has JavaScript's meaning.
fn length_is_a_filter(tag: &mut Tag) {
    for at in 1..tag.tokens.len() {
        if tag.tokens[at].is("length") && tag.tokens[at - 1].is(".") {
            tag.tokens[at - 1].spelling = "|".to_string();
        }
    }
}

/// `a + "b"` -> `a ~ "b"|safe`, unless a number stands beside the sign.
///
/// In JavaScript a joined string is plain, in MiniJinja a safe side makes the other side escaped at once.
/// Literals of the libraries are markup already, so they are marked safe: each value is escaped once.
fn plus_joins_text(tag: &mut Tag) {
    let solid = tag.solid();
    let mut safe = Vec::new();
    for window in solid.windows(3) {
        let [left, sign, right] = [window[0], window[1], window[2]];
        let number = |at: usize| tag.tokens[at].kind == Kind::Number;
        if !tag.tokens[sign].is("+") || number(left) || number(right) {
            continue;
        }
        tag.tokens[sign].spelling = "~".to_string();
        safe.extend(
            [left, right]
                .into_iter()
                .filter(|&at| tag.tokens[at].kind == Kind::Text),
        );
    }
    safe.sort_unstable();
    safe.dedup();
    for at in safe {
        tag.tokens[at].spelling.push_str("|safe");
    }
}

/// `for k, v in x` -> `for k, v in (x)|pairs`; `for a in x` -> `for a in (x)|each`, which may be null.
fn wrap_loop_source(tag: &mut Tag) {
    if !tag.is_block("for") {
        return;
    }
    let solid = tag.solid();
    let Some(place) = solid.iter().position(|&at| tag.tokens[at].is("in")) else {
        return;
    };
    let (Some(&first), Some(&last)) = (solid.get(place + 1), solid.last()) else {
        return;
    };
    let two_names = solid[..place].iter().any(|&at| tag.tokens[at].is(","));
    let filter = if two_names { ")|pairs" } else { ")|each" };
    tag.tokens.insert(last + 1, Token::new(Kind::Sign, filter));
    tag.tokens.insert(first, Token::new(Kind::Sign, "("));
}

/// `if x.y` -> `if (x.y)|truthy`: in JavaScript an empty list or object is true.
fn lists_are_true(tag: &mut Tag) {
    if !tag.is_block("if") && !tag.is_block("elif") {
        return;
    }
    let solid = tag.solid();
    let part = |(nth, &at): (usize, &usize)| match nth % 2 {
        0 => tag.tokens[at].kind == Kind::Word,
        _ => tag.tokens[at].is("."),
    };
    let is_path = solid.len().is_multiple_of(2) && solid.iter().skip(1).enumerate().all(part);
    if is_path {
        tag.tokens
            .insert(solid[solid.len() - 1] + 1, Token::new(Kind::Sign, ")|truthy"));
        tag.tokens.insert(solid[1], Token::new(Kind::Sign, "("));
    }
}
