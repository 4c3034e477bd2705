//! The shelf as case handlers see it: each letter beside the bar that keeps it there, by when it is to be decided, and
//! the decision.

use std::sync::Arc;

use casework::{Actor, Reference};
use jiff::Timestamp;
use postal::Reason;
use uuid::Uuid;

use super::{by_the_bars_in_force, due};
use crate::service::Hub;
use crate::store::{BarBehind, BarredAddresses, LetterFinding, LetterRuling, StoreError, WaitingLetter};

/// A letter on the shelf beside the bar that keeps it there.
pub struct ComparedLetter {
    /// The letter.
    pub waiting: WaitingLetter,
    /// What it deserves now: a bar may have come, gone or been narrowed since it was checked.
    pub now: LetterFinding,
    /// The bar that it agrees with now; if none does, the one that it agreed with when it was checked.
    pub behind: Option<BarBehind>,
    /// How its address agrees with that of the bar now in force, and what speaks against it.
    pub reasons: Vec<Reason>,
    /// The case of the protected person whose name is on the envelope, if that is why it was kept.
    pub named: Option<Reference>,
    /// By when it is to be decided, UTC.
    pub due: Timestamp,
}

/// The letters on the shelves of all prisons, oldest first.
pub async fn letters_waiting(hub: &Hub, by: &Actor) -> Result<Vec<ComparedLetter>, StoreError> {
    let barred = hub.mailroom.barred(hub).await?;
    let waiting = hub.store.letters_waiting(by).await?.into_iter();
    let judged = waiting.map(|waiting| {
        let now = barred.judge(waiting.letter.sender, &waiting.letter.written);
        let bar = now.bar().or(waiting.letter.finding.bar());
        (waiting, now, bar)
    });
    let judged: Vec<_> = judged.collect();
    let bars = judged.iter().filter_map(|(.., bar)| *bar).collect();
    let behind = hub.store.bars_behind(by, bars).await?;
    let named = judged
        .iter()
        .filter_map(|(waiting, ..)| waiting.letter.finding.named());
    let named = hub.store.references_of(by, &named.collect()).await?;
    let compared = judged.into_iter().map(|(waiting, now, bar)| ComparedLetter {
        behind: bar.and_then(|bar| behind.get(&bar)).cloned(),
        reasons: now
            .bar()
            .map_or_else(Vec::new, |bar| barred.reasons(bar, &waiting.letter.written)),
        named: waiting
            .letter
            .finding
            .named()
            .and_then(|case| named.get(&case))
            .cloned(),
        due: due(waiting.checked_at),
        waiting,
        now,
    });
    Ok(compared.collect())
}

/// Says what becomes of a letter on the shelf, as [`Store::decide_letter`](crate::store::Store::decide_letter).
pub async fn decide_letter(
    hub: &Hub,
    by: &Actor,
    letter: Uuid,
    ruling: &LetterRuling,
) -> Result<(), StoreError> {
    let decide = |barred: Arc<BarredAddresses>| async move {
        hub.store.decide_letter(by, letter, ruling, &barred).await
    };
    by_the_bars_in_force(hub, decide).await
}
