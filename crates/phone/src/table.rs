//! The tables of `data/`, which hold the facts of the numbering plans: cells with a comma between, a heading, and
//! lines that begin with `#` and say where the facts come from. And the patterns that stand in them.

/// The rows below the heading, as cells.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.skip(1).map(|line| line.split(',').collect())
}

/// Digits, of which some may be any: `116xxx`, `118*`.
#[derive(Clone, Copy)]
pub(crate) struct Pattern(&'static [u8]);

/// How digits compare with a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// They begin otherwise.
    Not,
    /// They begin so and end before it does.
    Shorter,
    /// They are as it says.
    Whole,
    /// They begin so and go on.
    Longer,
}

impl Pattern {
    pub(crate) fn new(text: &'static str) -> Self {
        Self(text.as_bytes())
    }

    /// Whether some of its digits may be any.
    pub(crate) fn is_open(self) -> bool {
        self.0.contains(&b'x')
    }

    /// The least digits that fit.
    pub(crate) fn digits(self) -> usize {
        self.0.len() - usize::from(self.0.ends_with(b"*"))
    }

    /// Compares. Shorter digits must at least be those that the pattern names.
    pub(crate) fn fit(self, digits: &[u8]) -> Fit {
        let named = self.0.iter().zip(digits);
        let begins = named
            .take_while(|(wanted, _)| **wanted != b'*')
            .all(|(wanted, digit)| *wanted == b'x' || wanted == digit);
        let names = self.0.iter().take_while(|wanted| wanted.is_ascii_digit());
        match digits.len().cmp(&self.digits()) {
            _ if !begins || digits.len() < names.count() => Fit::Not,
            std::cmp::Ordering::Less => Fit::Shorter,
            std::cmp::Ordering::Greater if !self.0.ends_with(b"*") => Fit::Longer,
            _ => Fit::Whole,
        }
    }

    /// What follows digits that fit.
    pub(crate) fn rest_of(self, digits: &[u8]) -> Option<&[u8]> {
        matches!(self.fit(digits), Fit::Whole | Fit::Longer).then(|| &digits[self.digits()..])
    }
}
