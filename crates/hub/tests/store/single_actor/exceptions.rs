//! What the walk does of exceptions: one person proposes them and ends them; two make some, so that there are any to be
//! ended and spoilt.

use casework::{BarId, ProposedChange};
use hub::store::{Holder, HolderStands};
use prison::PrisonerNumber;
use proptest::prelude::*;

use super::{Walk, pick, prisoner_of};

#[derive(Clone, Copy, Debug)]
pub(super) enum ExceptionStep {
    /// For a prisoner by his number, or for whoever lost the number.
    Propose {
        case: u8,
        prisoner: Option<u8>,
    },
    ByTwo {
        case: u8,
        prisoner: u8,
    },
    End {
        case: u8,
    },
}

pub(super) fn step() -> impl Strategy<Value = ExceptionStep> {
    use ExceptionStep as S;
    let n = any::<u8>;
    prop_oneof![
        (n(), proptest::option::of(n())).prop_map(|(case, prisoner)| S::Propose { case, prisoner }),
        (n(), n()).prop_map(|(case, prisoner)| S::ByTwo { case, prisoner }),
        n().prop_map(|case| S::End { case }),
    ]
}

impl Walk {
    pub(super) async fn except(&mut self, step: ExceptionStep) {
        let (ExceptionStep::Propose { case, .. }
        | ExceptionStep::ByTwo { case, .. }
        | ExceptionStep::End { case }) = step;
        let Some(case) = pick(&self.cases, case).copied() else {
            return;
        };
        let (store, by) = (&self.place.store, &self.place.handler);
        let file = store.open_case(by, case).await.unwrap();
        let bar = file.bars.last().map(|record| record.bar.id);
        match step {
            ExceptionStep::Propose { prisoner, .. } => {
                let change = match prisoner {
                    Some(n) => self.excepted(bar, prisoner_of(n)).await,
                    None => {
                        let holders = store.holders_of(by, case).await.unwrap().rows;
                        holders.iter().find_map(kept)
                    }
                };
                if let Some(change) = change
                    && let Ok(proposal) = store.propose(by, change, "one person's wish").await
                {
                    self.proposals.push(proposal);
                }
            }
            ExceptionStep::ByTwo { prisoner, .. } => {
                if let Some(change) = self.excepted(bar, prisoner_of(prisoner)).await {
                    self.two_agree([by, &self.place.second_handler], change).await;
                }
            }
            ExceptionStep::End { .. } => {
                if let Some(record) = file.exceptions.rows.first() {
                    store.end_exception(by, case, record.exception).await.unwrap();
                }
            }
        }
    }

    /// That a bar leaves a prisoner alone where he is held.
    async fn excepted(&self, bar: Option<BarId>, prisoner: PrisonerNumber) -> Option<ProposedChange> {
        let record = self.place.store.prisoner(prisoner).await.unwrap()?;
        Some(ProposedChange::ExceptPrisoner {
            bar: bar?,
            prison: record.prison_id?,
            prisoner,
        })
    }
}

/// That the bar leaves a prisoner alone of whom nobody has decided.
fn kept(holder: &Holder) -> Option<ProposedChange> {
    let HolderStands::Undecided(bar) = holder.stands else {
        return None;
    };
    Some(ProposedChange::ExceptPrisoner {
        bar,
        prison: holder.prison,
        prisoner: holder.holder,
    })
}
