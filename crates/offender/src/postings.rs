//! For each distinct value of a fact, the records that bear it.

use std::collections::HashMap;

/// The records of each term, in order, each once a term.
#[derive(Clone, Default)]
pub(crate) struct Postings {
    starts: Vec<u32>,
    records: Vec<u32>,
    /// Those that came after the others were laid out.
    later: HashMap<u32, Vec<u32>>,
    later_pairs: usize,
}

impl Postings {
    /// Sorts pairs of (term, record) by term. `terms` is how many there are.
    pub(crate) fn new(terms: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0; terms + 1];
        for (term, _) in &pairs {
            starts[*term as usize + 1] += 1;
        }
        for at in 0..terms {
            starts[at + 1] += starts[at];
        }
        Self {
            starts,
            records: pairs.into_iter().map(|(_, record)| record).collect(),
            later: HashMap::new(),
            later_pairs: 0,
        }
    }

    /// Adds a record behind those that bear a term; a term may be new.
    pub(crate) fn add(&mut self, term: u32, record: u32) {
        let records = self.later.entry(term).or_default();
        if !records.contains(&record) {
            records.push(record);
            self.later_pairs += 1;
        }
    }

    /// The records that bear a term: those that were laid out, and those that came later.
    pub(crate) fn of(&self, term: u32) -> [&[u32]; 2] {
        let at = term as usize;
        let laid_out = match self.starts.get(at..at + 2) {
            Some([from, to]) => &self.records[*from as usize..*to as usize],
            _ => &[],
        };
        [laid_out, self.later.get(&term).map_or(&[], Vec::as_slice)]
    }

    pub(crate) fn count(&self, term: u32) -> usize {
        let [laid_out, later] = self.of(term);
        laid_out.len() + later.len()
    }

    /// How many pairs there are in all.
    pub(crate) fn len(&self) -> usize {
        self.records.len() + self.later_pairs
    }
}
