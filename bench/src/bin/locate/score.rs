//! How often the right prisoner comes first, or among five, and how far "sure" may be relied on.

use std::collections::BTreeMap;
use std::time::Duration;

use prison::PrisonerNumber;

/// The answers of one way of locating.
#[derive(Default)]
pub(crate) struct Score {
    classes: BTreeMap<&'static str, Found>,
    sure: Sure,
    /// From question to answer, and of that, on the processor.
    times: [Vec<Duration>; 2],
}

#[derive(Default)]
struct Found {
    asked: u32,
    first: u32,
    among_five: u32,
    sure: u32,
}

#[derive(Default)]
struct Sure {
    present: u32,
    sure: u32,
    right: u32,
    absent: u32,
    absent_sure: u32,
}

/// What must come out, in the words of the goal.
pub(crate) struct Figures {
    pub(crate) mixed_first: f64,
    pub(crate) mixed_among_five: f64,
    /// The lowest share among five of the classes named.
    pub(crate) least_among_five: f64,
    pub(crate) sure: f64,
    pub(crate) precision: f64,
    pub(crate) absent_sure: f64,
    /// From question to answer, and of that, on the processor.
    pub(crate) p50_ms: [f64; 2],
    pub(crate) p99_ms: [f64; 2],
}

impl Score {
    /// Counts one answer. `right` is nobody where the one meant is not on the roster.
    pub(crate) fn count(
        &mut self,
        class: &'static str,
        right: Option<PrisonerNumber>,
        ranked: &[PrisonerNumber],
        sure: bool,
        took: [Duration; 2],
    ) {
        (0..2).for_each(|at| self.times[at].push(took[at]));
        let Some(right) = right else {
            self.sure.absent += 1;
            self.sure.absent_sure += u32::from(sure);
            return;
        };
        let found = self.classes.entry(class).or_default();
        let is_first = ranked.first() == Some(&right);
        found.asked += 1;
        found.first += u32::from(is_first);
        found.among_five += u32::from(ranked.iter().take(5).any(|number| *number == right));
        found.sure += u32::from(sure);
        self.sure.present += 1;
        self.sure.sure += u32::from(sure);
        self.sure.right += u32::from(sure && is_first);
    }

    /// One class in words: recall at 1 and 5, and how many were sure.
    pub(crate) fn line(&self, class: &str) -> String {
        let Some(found) = self.classes.get(class) else {
            return "-".to_owned();
        };
        format!(
            "{:.3} {:.3} sure {:.3}",
            share(found.first, found.asked),
            share(found.among_five, found.asked),
            share(found.sure, found.asked)
        )
    }

    /// The figures that the goal names; `strict` tells the classes that must be found nearly always.
    pub(crate) fn figures(&mut self, strict: impl Fn(&str) -> bool) -> Figures {
        self.times.iter_mut().for_each(|times| times.sort_unstable());
        let of = |class: &str| self.classes.get(class);
        let least = self.classes.iter().filter(|(class, _)| strict(class));
        let least = least.map(|(_, found)| share(found.among_five, found.asked));
        Figures {
            mixed_first: of("mixed").map_or(0.0, |found| share(found.first, found.asked)),
            mixed_among_five: of("mixed").map_or(0.0, |found| share(found.among_five, found.asked)),
            least_among_five: least.fold(1.0, f64::min),
            sure: share(self.sure.sure, self.sure.present),
            precision: share(self.sure.right, self.sure.sure),
            absent_sure: share(self.sure.absent_sure, self.sure.absent),
            p50_ms: self.quantile_ms(0.5),
            p99_ms: self.quantile_ms(0.99),
        }
    }

    fn quantile_ms(&self, share: f64) -> [f64; 2] {
        [0, 1].map(|at| {
            let times = &self.times[at];
            let at = (times.len() as f64 * share) as usize;
            let at = at.min(times.len().saturating_sub(1));
            times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        })
    }
}

fn share(part: u32, of: u32) -> f64 {
    f64::from(part) / f64::from(of.max(1))
}
