//! Keeps the demo's processes going: one that ends is started again after a while, and the others go on without
//! it. So a visitor can end the hub and see that the gates answer all the same.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::folder::Folder;
use super::people::{BARRING, ENABLING};
use super::stack::{Stack, start_gate_as_configured, start_hub_at};
use crate::say;

/// How long an ended process is left alone: time enough to try what goes on without it.
const AGAIN_AFTER: Duration = Duration::from_secs(15);

/// When each of the stack's processes was found to have ended.
#[derive(Default)]
pub(super) struct Tending {
    ended: [Option<Instant>; 3],
}

impl Tending {
    /// Looks at each process once.
    pub(super) fn look(&mut self, folder: &Folder, stack: &mut Stack) -> Result<()> {
        let states = stack.processes().map(|process| process.still_runs().err());
        for (place, state) in states.into_iter().enumerate() {
            match (state, self.ended[place]) {
                (None, _) => self.ended[place] = None,
                (Some(why), None) => {
                    say::line(&format!(
                        "{why}. Everything else goes on without it; it is started again in {} seconds.",
                        AGAIN_AFTER.as_secs()
                    ));
                    self.ended[place] = Some(Instant::now());
                }
                (Some(_), Some(since)) if since.elapsed() >= AGAIN_AFTER => {
                    start_again(folder, stack, place)?;
                    say::line("It runs again.");
                }
                (Some(_), Some(_)) => {}
            }
        }
        Ok(())
    }
}

/// At the same address: the others know it by that.
fn start_again(folder: &Folder, stack: &mut Stack, place: usize) -> Result<()> {
    match place {
        0 => stack.hub = start_hub_at(folder, stack.hub.address.port())?,
        1 => stack.barring = start_gate_as_configured(folder, BARRING)?,
        _ => stack.enabling = start_gate_as_configured(folder, ENABLING)?,
    }
    Ok(())
}
