//! One caller's redials lie in a lane of their own and hold up no other attempt; what a full spool drops is a gap.

use std::path::PathBuf;
use std::sync::Arc;

use feed::{Attempt, Reason, Regime, SealingKey, Serial, Verdict};
use gate::report::{AttemptQueue, PROMPT_PER_HOUR, Sealing, SpoolState, Spooled};
use gate::seams::Seams;

use crate::disk::RecordingDisk;
use crate::hub::TestHub;
use crate::place::Place;
use crate::report::{sequences, until};
use crate::source::Source;

/// Attempts of one block, and so of one report of what is not prompt.
const IN_A_BLOCK: usize = 1_000;

fn attempt(caller: &str) -> Attempt {
    Attempt {
        sequence: 0,
        at_ms: 1,
        caller: caller.to_owned(),
        dialled: "07700900001".to_owned(),
        number: Some("+447700900001".to_owned()),
        verdict: Verdict::Refuse(Reason::Barred),
    }
}

/// Seals these callers' attempts, in this order, while no hub is reached.
fn spool(folder: PathBuf, callers: impl Iterator<Item = &'static str>) {
    let spooled = Arc::new(Spooled::default());
    let (queue, waiting) = AttemptQueue::new(&spooled);
    callers.for_each(|caller| queue.push(attempt(caller)));
    let to = SealingKey::from_secret(&[12; 32]).public();
    let sealing = Sealing::start(waiting, spooled.clone(), &Seams::real(), folder, to).unwrap();
    sealing.drain();
    assert_eq!(spooled.lost(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_callers_attempt_is_sent_before_thousands_of_redials_that_came_first() {
    const REDIALS: usize = 5_000;
    let hub = TestHub::start(Source::new(Regime::CallBarring)).await;
    let place = Place::enrolled(&hub).await;
    let callers = std::iter::repeat_n("A0001BC", REDIALS).chain(["A0002BC"]);
    spool(place.state("spool"), callers);
    hub.admit();
    let gate = place.run().await;
    hub.acknowledged(Serial(0)).await;
    let attempts = hub.attempts(REDIALS + 1).await;
    let at = attempts
        .iter()
        .position(|attempt| attempt.caller == "A0002BC")
        .unwrap();
    assert!(at <= PROMPT_PER_HOUR as usize, "sent as number {at}");
    assert_eq!(attempts.len(), REDIALS + 1, "and every redial is sent");
    gate.call("A0003BC", "07700900009").await;
    let last = hub.attempts(REDIALS + 2).await;
    assert_eq!(last[REDIALS + 1].sequence, REDIALS as u64 + 2, "no gap");
    const { assert!(REDIALS > 2 * IN_A_BLOCK, "more than one report's worth") };
    gate.stop().await;
}

#[test]
fn what_a_full_spool_drops_leaves_a_gap_of_just_as_many() {
    let disk = Arc::new(RecordingDisk::new());
    let seams = Seams {
        disk: disk.clone(),
        ..Seams::real()
    };
    let spooled = Arc::new(Spooled::default());
    let (queue, waiting) = AttemptQueue::new(&spooled);
    let to = SealingKey::from_secret(&[12; 32]).public();
    let folder = PathBuf::from("/state/spool");
    let sealing = Sealing::start(waiting, spooled.clone(), &seams, folder, to).unwrap();
    queue.push(attempt("A0001BC"));
    until("the first is kept", || sequences(&disk) == [1]);
    disk.leave_free(1 << 20);
    (0..3).for_each(|_| queue.push(attempt("A0001BC")));
    until("three are dropped", || spooled.lost() == 3);
    until("the spool says that it is full", || {
        spooled.state() == SpoolState::Full
    });
    disk.leave_free(1 << 40);
    queue.push(attempt("A0001BC"));
    sealing.drain();
    assert_eq!(sequences(&disk), [1, 5], "the hub sees that three are missing");
}
