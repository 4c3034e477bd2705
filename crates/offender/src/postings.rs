//! For each distinct value of a fact, the records that bear it.

/// The records of each term, in order, each once a term.
#[derive(Clone, Default)]
pub(crate) struct Postings {
    starts: Vec<u32>,
    records: Vec<u32>,
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
        }
    }

    /// The records that bear a term.
    pub(crate) fn of(&self, term: u32) -> &[u32] {
        let term = term as usize;
        &self.records[self.starts[term] as usize..self.starts[term + 1] as usize]
    }

    pub(crate) fn count(&self, term: u32) -> usize {
        self.of(term).len()
    }

    /// How many pairs there are in all.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }
}
