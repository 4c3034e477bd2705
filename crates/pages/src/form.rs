//! What is wrong with a form, field by field: shown once in the summary above the page, which links to the
//! field, and once beside the field.

use crate::Sentence;

/// Sentences by field id, in the order in which the fields stand on the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldErrors {
    found: Vec<(String, Sentence)>,
}

impl FieldErrors {
    /// Nothing wrong yet.
    pub fn new() -> FieldErrors {
        FieldErrors::default()
    }

    /// Says what is wrong with the field whose id is `field`. A field keeps its first sentence.
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<Sentence>) -> &mut FieldErrors {
        let field = field.into();
        if !self.found.iter().any(|(known, _)| *known == field) {
            self.found.push((field, sentence.into()));
        }
        self
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Field ids and sentences, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Sentence)> {
        self.found
            .iter()
            .map(|(field, sentence)| (field.as_str(), sentence))
    }
}
