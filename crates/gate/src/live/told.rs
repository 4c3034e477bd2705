//! What the hub was told of each call that is up and refused: once that it was ended, once that it was not, however
//! often the platform is asked. A call that goes on is asked to end on every beat for as long as it is listed.

use std::collections::{HashMap, HashSet};

use feed::{Reason, Verdict};

use super::{Ending, LiveCall};

/// Beats for which a call may still be listed before the hub hears that it was not ended.
pub(super) const BEATS_TO_END: u32 = 3;

/// The refused calls that are up, by the platform's names of them.
#[derive(Default)]
pub(super) struct Told {
    calls: HashMap<String, Asked>,
}

#[derive(Default)]
struct Asked {
    beats: u32,
    told_ended: bool,
}

impl Told {
    /// Forgets the calls that are no longer up.
    pub(super) fn forget_others(&mut self, up: &[LiveCall]) {
        if !self.calls.is_empty() {
            let up: HashSet<&str> = up.iter().map(|call| call.id.as_str()).collect();
            self.calls.retain(|id, _| up.contains(id.as_str()));
        }
    }

    /// Takes what became of asking that a call end; what the hub is to hear of it.
    pub(super) fn take(&mut self, id: &str, ending: Ending, reason: Reason) -> Option<Verdict> {
        if ending == Ending::Gone {
            self.calls.remove(id);
            return None;
        }
        let asked = self.calls.entry(id.to_owned()).or_default();
        asked.beats = asked.beats.saturating_add(1);
        if ending == Ending::Ended && !asked.told_ended {
            asked.told_ended = true;
            return Some(Verdict::Ended(reason));
        }
        (asked.beats == BEATS_TO_END).then_some(Verdict::NotEnded(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(endings: &[Ending]) -> Vec<Verdict> {
        let mut told = Told::default();
        let each = endings
            .iter()
            .filter_map(|ending| told.take("1:2", *ending, Reason::Barred));
        each.collect()
    }

    #[test]
    fn the_hub_hears_once_of_each_thing() {
        use Ending::{Ended, Gone, NotEnded};
        let (ended, not) = (Verdict::Ended(Reason::Barred), Verdict::NotEnded(Reason::Barred));
        assert_eq!(after(&[Ended]), [ended]);
        assert_eq!(after(&[Gone]), [], "it was over by itself");
        assert_eq!(after(&[NotEnded, NotEnded]), [], "it is tried again first");
        assert_eq!(after(&[NotEnded; 20]), [not]);
        assert_eq!(after(&[NotEnded, Ended]), [ended], "once it had been answered");
        assert_eq!(
            after(&[Ended; 20]),
            [ended, not],
            "the platform said so, and it is still up"
        );
        assert_eq!(after(&[NotEnded, NotEnded, NotEnded, Ended]), [not, ended]);
    }
}
