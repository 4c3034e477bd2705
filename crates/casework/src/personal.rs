//! Text that belongs to a person and is never printed.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A name, number, address or account of events. Its Debug shows nothing and it has no Display; the one
/// way to the text is [`Personal::expose`], which a reader can search for. It is wiped when dropped.
///
/// It serialises as its text, because requests are stored (encrypted) and read from forms and JSON.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Takes the text, trimmed of white space at both ends.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text. Never into a log, an error, a URL or a metric.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing, or only white space, was given.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl From<&str> for Personal {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(..)")
    }
}

impl Drop for Personal {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
