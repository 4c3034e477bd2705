//! Which records could weigh more than a floor: found by the values that they bear, without a look at the others.
//!
//! Each fact has a cut. A record none of whose values weighs more than its fact's cut weighs no more than the cuts
//! together; where these do not exceed the floor, it suffices to look at the records that bear a value above a cut.
//! Nobody is lost by it. Of all such cuts, those are taken that leave the fewest records to look at.

use crate::postings::Postings;

/// One fact of a query: what each distinct value of the roster can weigh at most.
pub(crate) struct Column<'a> {
    postings: &'a Postings,
    /// The values that weigh something of their own.
    terms: Vec<(u32, f32)>,
    /// Each distinct weight, rising, with how many records bear a value that weighs more.
    steps: Vec<(f32, usize)>,
}

impl<'a> Column<'a> {
    /// `others` is what every value weighs that is not among the terms.
    pub(crate) fn new(postings: &'a Postings, terms: Vec<(u32, f32)>, others: Option<f32>) -> Self {
        let mut steps: Vec<(f32, usize)> = Vec::new();
        let mut count = |bits: f32, records: usize| match steps.iter_mut().find(|(step, _)| *step == bits) {
            Some((_, sum)) => *sum += records,
            None => steps.push((bits, records)),
        };
        let mut listed = 0;
        for (term, bits) in &terms {
            let records = postings.count(*term);
            listed += records;
            if records > 0 {
                count(*bits, records);
            }
        }
        if let Some(bits) = others {
            count(bits, postings.len().saturating_sub(listed));
        }
        steps.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut above = 0;
        for step in steps.iter_mut().rev() {
            (step.1, above) = (above, above + step.1);
        }
        Self {
            postings,
            terms,
            steps,
        }
    }

    /// The most that any value weighs.
    pub(crate) fn most_bits(&self) -> f32 {
        self.steps.last().map_or(0.0, |(bits, _)| *bits)
    }

    /// The highest cut that does not exceed `bits`, with the records above it; nothing where every value weighs more.
    fn cut(&self, bits: f32) -> Option<(f32, usize)> {
        if self.steps.is_empty() {
            return (bits >= 0.0).then_some((0.0, 0));
        }
        let above = self.steps.partition_point(|(step, _)| *step <= bits);
        Some(self.steps[above.checked_sub(1)?])
    }

    fn cuts(&self) -> Vec<(f32, usize)> {
        if self.steps.is_empty() {
            vec![(0.0, 0)]
        } else {
            self.steps.clone()
        }
    }
}

/// The records to look at, each once, in no order; nothing where that would be most of them.
pub(crate) fn within_reach(columns: &[Column<'_>; 4], floor: f32, records: usize) -> Option<Vec<u32>> {
    let (cuts, count) = cheapest(columns, floor)?;
    if count > records / 2 {
        return None;
    }
    let mut seen = vec![0_u64; records / 64 + 1];
    let mut found = Vec::with_capacity(count);
    for (column, cut) in columns.iter().zip(cuts) {
        for (term, _) in column.terms.iter().filter(|(_, bits)| *bits > cut) {
            for record in column.postings.of(*term).into_iter().flatten() {
                let (word, bit) = (*record as usize / 64, 1 << (record % 64));
                if seen[word] & bit == 0 {
                    seen[word] |= bit;
                    found.push(*record);
                }
            }
        }
    }
    Some(found)
}

/// A cut for each column, and how many records they leave: the last column's follows from the others'.
fn cheapest([a, b, c, last]: &[Column<'_>; 4], floor: f32) -> Option<([f32; 4], usize)> {
    let mut best: Option<([f32; 4], usize)> = None;
    let (a, b, c) = (a.cuts(), b.cuts(), c.cuts());
    for (a, of_a) in &a {
        for (b, of_b) in &b {
            for (c, of_c) in &c {
                let Some((cut, of_last)) = last.cut(floor - a - b - c) else {
                    continue;
                };
                let count = of_a + of_b + of_c + of_last;
                if best.is_none_or(|(_, least)| count < least) {
                    best = Some(([*a, *b, *c, cut], count));
                }
            }
        }
    }
    best
}
