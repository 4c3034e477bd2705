//! Cuts a template into pieces (text, comment, tag) and a tag into tokens, losing no character.

/// A stretch of template source.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Text or a comment: copied as it is.
    Verbatim(String),
    /// `{% ... %}` or `{{ ... }}`.
    Tag(Tag),
}

/// One tag: its delimiters (with any `-`) and the tokens between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tag {
    pub(super) open: String,
    pub(super) tokens: Vec<Token>,
    pub(super) close: String,
}

/// The least that the rewriting rules need to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    Word,
    Number,
    Text,
    Sign,
}

/// A token and its spelling.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) spelling: String,
}

impl Piece {
    pub(super) fn source(&self) -> String {
        match self {
            Piece::Verbatim(text) => text.clone(),
            Piece::Tag(tag) => {
                let inside: String = tag.tokens.iter().map(|token| token.spelling.as_str()).collect();
                format!("{}{inside}{}", tag.open, tag.close)
            }
        }
    }
}

impl Tag {
    /// Words and signs only, with their places in `tokens`.
    pub(super) fn solid(&self) -> Vec<usize> {
        (0..self.tokens.len())
            .filter(|&at| self.tokens[at].kind != Kind::Space)
            .collect()
    }

    /// Is this `{% name ... %}`?
    pub(super) fn is_block(&self, name: &str) -> bool {
        self.open.starts_with("{%") && self.solid().first().is_some_and(|&at| self.tokens[at].is(name))
    }
}

impl Token {
    pub(super) fn new(kind: Kind, spelling: impl Into<String>) -> Token {
        Token {
            kind,
            spelling: spelling.into(),
        }
    }

    pub(super) fn is(&self, spelling: &str) -> bool {
        self.kind != Kind::Text && self.spelling == spelling
    }
}

/// Cuts a whole template. An unfinished tag is kept as text.
pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = next_opening(rest) {
        if start > 0 {
            found.push(Piece::Verbatim(rest[..start].to_string()));
        }
        rest = &rest[start..];
        let (piece, length) = match rest.as_bytes()[1] {
            b'#' => comment(rest),
            kind => tag(rest, kind),
        };
        found.push(piece);
        rest = &rest[length..];
    }
    if !rest.is_empty() {
        found.push(Piece::Verbatim(rest.to_string()));
    }
    found
}

fn next_opening(text: &str) -> Option<usize> {
    ["{{", "{%", "{#"].iter().filter_map(|mark| text.find(mark)).min()
}

fn comment(text: &str) -> (Piece, usize) {
    let length = text.find("#}").map_or(text.len(), |end| end + 2);
    (Piece::Verbatim(text[..length].to_string()), length)
}

fn tag(text: &str, kind: u8) -> (Piece, usize) {
    let closing = if kind == b'%' { "%}" } else { "}}" };
    let open = if text[2..].starts_with('-') { 3 } else { 2 };
    let Some(end) = end_of_tag(&text[open..], closing) else {
        return (Piece::Verbatim(text.to_string()), text.len());
    };
    let (inside, trimmed) = match text[open..open + end].strip_suffix('-') {
        Some(inside) => (inside, true),
        None => (&text[open..open + end], false),
    };
    let close = if trimmed {
        format!("-{closing}")
    } else {
        closing.to_string()
    };
    let tag = Tag {
        open: text[..open].to_string(),
        tokens: tokens(inside),
        close,
    };
    (Piece::Tag(tag), open + end + closing.len())
}

/// Where the closing mark stands: outside strings, and not where `}}` closes two object literals.
fn end_of_tag(text: &str, closing: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '{') => depth += 1,
            (None, '}') if depth > 0 => depth -= 1,
            (None, _) if text[at..].starts_with(closing) => return Some(at),
            (None, _) => {}
        }
    }
    None
}

fn tokens(inside: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = inside;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = measure(rest, first);
        found.push(Token::new(kind, &rest[..length]));
        rest = &rest[length..];
    }
    found
}

fn measure(text: &str, first: char) -> (Kind, usize) {
    let run = |part_of: fn(char) -> bool| text.find(|c: char| !part_of(c)).unwrap_or(text.len());
    match first {
        c if c.is_whitespace() => (Kind::Space, run(char::is_whitespace)),
        c if c.is_alphabetic() || c == '_' => (Kind::Word, run(|c| c.is_alphanumeric() || c == '_')),
        c if c.is_ascii_digit() => (Kind::Number, run(|c| c.is_ascii_digit())),
        '"' | '\'' => (
            Kind::Text,
            text[1..].find(first).map_or(text.len(), |end| end + 2),
        ),
        _ => (Kind::Sign, sign(text, first)),
    }
}

fn sign(text: &str, first: char) -> usize {
    let known = ["===", "!==", "==", "!=", "<=", ">=", "//", "**"];
    known
        .iter()
        .find(|sign| text.starts_with(**sign))
        .map_or(first.len_utf8(), |sign| sign.len())
}
