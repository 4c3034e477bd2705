//! A sentence by its key, with what is to be put in: the only way by which Rust code names a text that a
//! person reads. The words themselves stand in the locale files.

use std::borrow::Cow;
use std::fmt;

use fluent_bundle::{FluentArgs, FluentValue};

/// A key of the locale files (`request-phone` or, for an attribute, `request-phone.hint`) and its values.
///
/// Debug shows the key alone: what is put in may be a name or a number.
#[derive(Clone, PartialEq)]
pub struct Sentence {
    key: Cow<'static, str>,
    values: Vec<(Cow<'static, str>, Insert)>,
}

/// Something put into a sentence: text, or a count (which may choose a plural form).
#[derive(Clone, PartialEq)]
pub enum Insert {
    /// Escaped when the page is written.
    Text(String),
    /// A count.
    Count(i64),
}

impl Sentence {
    /// The sentence with this key and nothing to put in.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Sentence {
        Sentence {
            key: key.into(),
            values: Vec::new(),
        }
    }

    /// Puts `value` where the sentence says `{ $name }`.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Insert>) -> Sentence {
        self.values.push((name.into(), value.into()));
        self
    }

    /// The key in the locale files.
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn arguments(&self) -> FluentArgs<'_> {
        let pairs = self
            .values
            .iter()
            .map(|(name, value)| (name.as_ref(), FluentValue::from(value)));
        pairs.collect()
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sentence({})", self.key)
    }
}

impl From<&'static str> for Sentence {
    fn from(key: &'static str) -> Sentence {
        Sentence::new(key)
    }
}

impl From<String> for Insert {
    fn from(text: String) -> Insert {
        Insert::Text(text)
    }
}

impl From<&str> for Insert {
    fn from(text: &str) -> Insert {
        Insert::Text(text.to_string())
    }
}

impl From<i64> for Insert {
    fn from(count: i64) -> Insert {
        Insert::Count(count)
    }
}

impl From<usize> for Insert {
    fn from(count: usize) -> Insert {
        Insert::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Insert {
    fn from(count: u64) -> Insert {
        Insert::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a Insert> for FluentValue<'a> {
    fn from(insert: &'a Insert) -> FluentValue<'a> {
        match insert {
            Insert::Text(text) => FluentValue::from(text.as_str()),
            Insert::Count(count) => FluentValue::from(*count),
        }
    }
}

impl From<String> for Sentence {
    fn from(key: String) -> Sentence {
        Sentence::new(key)
    }
}
