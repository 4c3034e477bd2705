//! Whatever single people do, in whatever order, nothing becomes dialable and no letter leaves that was refused
//! before: the set of refused (prison, caller, number) triples, computed from what the gates are given, and of
//! stopped (sender, address) pairs never shrinks, and no letter is posted that the bars in force stop.

mod applications;
mod custody;
mod exceptions;
mod files;
mod household;
mod letters;

use std::collections::BTreeSet;

use casework::{
    Actor, BarId, BarScope, BarTarget, CaseId, DeclineReason, Intelligence, IntelligenceKind, ProposalId,
    ProposedChange, RuleOutcome,
};
use feed::{ContactKind, Regime};
use hub::store::{ListEntry, Outcome, Receipt};
use offender::PrisonerRecord;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use proptest::prelude::*;

use crate::support::{PRISONERS, TestStore, assessment, filing_as, lei, mdi, number, prisoner, public};
use letters::LetterStep;

const NUMBERS: [&str; 4] = ["+447700900001", "+447700900002", "+447700900003", "+441632960001"];

/// One thing that one person tries. The numbers pick an actor, a number, a prisoner, a case, a proposal.
#[derive(Clone, Copy, Debug)]
enum Step {
    File {
        outcome: u8,
        numbers: (u8, u8),
        named: Option<u8>,
        by_public: bool,
    },
    AddNumber {
        case: u8,
        number: u8,
    },
    BarHeld {
        case: u8,
    },
    ProposeOnBar {
        case: u8,
        narrow_to: Option<u8>,
    },
    ProposeDecline {
        case: u8,
    },
    ProposeLegal {
        case: u8,
    },
    ProposeOff {
        prison: u8,
    },
    ProposeOnBarring {
        prison: u8,
    },
    /// The one thing here that two people do, so that there is a prison to be switched on again.
    OffByTwo {
        prison: u8,
    },
    Approve {
        proposal: u8,
        by: u8,
    },
    Withdraw {
        proposal: u8,
        by: u8,
    },
    Apply {
        holder: u8,
        number: u8,
        contact: u8,
    },
    Revoke {
        holder: u8,
        by: u8,
    },
    LeaveSuspended {
        case: u8,
    },
    Locate {
        case: u8,
        prisoner: u8,
    },
    Assess {
        case: u8,
    },
    Confirm {
        case: u8,
    },
    SwitchOn {
        prison: u8,
        barring: bool,
    },
    Transfer {
        prisoner: u8,
        away: bool,
    },
    Import {
        prisoner: u8,
    },
    Merge {
        prisoner: u8,
        into: u8,
    },
    Files(files::FileStep),
    Letter(LetterStep),
    Household(household::HouseholdStep),
    Application(applications::ApplicationStep),
    Exception(exceptions::ExceptionStep),
    Custody(custody::CustodyStep),
    Intelligence {
        number: u8,
    },
}

impl Step {
    /// Whether two people took it.
    fn is_two_peoples(&self) -> bool {
        matches!(
            self,
            Self::Letter(LetterStep::Agree { .. }) | Self::Exception(exceptions::ExceptionStep::ByTwo { .. })
        )
    }
}

fn step() -> impl Strategy<Value = Step> {
    let n = any::<u8>;
    let often = prop_oneof![
        (0..3_u8, (n(), n()), proptest::option::of(n()), any::<bool>()).prop_map(
            |(outcome, numbers, named, by_public)| Step::File {
                outcome,
                numbers,
                named,
                by_public
            }
        ),
        (n(), n()).prop_map(|(case, number)| Step::AddNumber { case, number }),
        n().prop_map(|case| Step::BarHeld { case }),
        (n(), proptest::option::of(n())).prop_map(|(case, narrow_to)| Step::ProposeOnBar { case, narrow_to }),
        (n(), n()).prop_map(|(proposal, by)| Step::Approve { proposal, by }),
        (n(), n(), n()).prop_map(|(holder, number, contact)| Step::Apply {
            holder,
            number,
            contact
        }),
        (n(), n()).prop_map(|(case, prisoner)| Step::Locate { case, prisoner }),
        (n(), any::<bool>()).prop_map(|(prison, barring)| Step::SwitchOn { prison, barring }),
    ];
    let seldom = prop_oneof![
        n().prop_map(|case| Step::ProposeDecline { case }),
        n().prop_map(|case| Step::ProposeLegal { case }),
        n().prop_map(|prison| Step::ProposeOff { prison }),
        n().prop_map(|prison| Step::ProposeOnBarring { prison }),
        n().prop_map(|prison| Step::OffByTwo { prison }),
        (n(), n()).prop_map(|(proposal, by)| Step::Withdraw { proposal, by }),
        (n(), n()).prop_map(|(holder, by)| Step::Revoke { holder, by }),
        n().prop_map(|case| Step::LeaveSuspended { case }),
        n().prop_map(|case| Step::Assess { case }),
        n().prop_map(|case| Step::Confirm { case }),
        (n(), any::<bool>()).prop_map(|(prisoner, away)| Step::Transfer { prisoner, away }),
        n().prop_map(|prisoner| Step::Import { prisoner }),
        (n(), n()).prop_map(|(prisoner, into)| Step::Merge { prisoner, into }),
        files::step().prop_map(Step::Files),
        letters::step().prop_map(Step::Letter),
        household::step().prop_map(Step::Household),
        applications::step().prop_map(Step::Application),
        exceptions::step().prop_map(Step::Exception),
        custody::step().prop_map(Step::Custody),
        n().prop_map(|number| Step::Intelligence { number }),
    ];
    prop_oneof![often, seldom]
}

fn pick<T>(of: &[T], n: u8) -> Option<&T> {
    if of.is_empty() {
        None
    } else {
        of.get(usize::from(n) % of.len())
    }
}

fn number_of(n: u8) -> &'static str {
    NUMBERS[usize::from(n) % NUMBERS.len()]
}

fn prisoner_of(n: u8) -> PrisonerNumber {
    prisoner(PRISONERS[usize::from(n) % PRISONERS.len()])
}

/// Leeds begins under call enabling, Moorland under call barring, the last one off.
const PRISONS: [&str; 3] = ["LEI", "MDI", "WWI"];

fn prison_of(n: u8) -> PrisonId {
    PRISONS[usize::from(n) % PRISONS.len()].parse().unwrap()
}

/// What has come about so far, to pick from.
struct Walk {
    place: TestStore,
    cases: Vec<CaseId>,
    proposals: Vec<ProposalId>,
    /// Accounts that the operator made for himself.
    seconds: household::Seconds,
}

impl Walk {
    async fn start() -> Self {
        let place = TestStore::sqlite().await;
        place
            .store
            .switch_prison_on(&place.operator, lei(), Regime::CallEnabling)
            .await
            .unwrap();
        place
            .operators_agree(ProposedChange::SwitchOnCallBarring { prison: mdi() })
            .await;
        for (holder, number) in [(0, 0), (0, 1), (1, 0), (2, 2)] {
            place
                .approve_number(PRISONERS[holder], NUMBERS[number], ContactKind::Social)
                .await;
        }
        place
            .approve_number(PRISONERS[1], NUMBERS[3], ContactKind::Legal)
            .await;
        let mut walk = Self {
            place,
            cases: Vec::new(),
            proposals: Vec::new(),
            seconds: Vec::new(),
        };
        walk.bar_and_shelve().await;
        walk
    }

    /// People of whom no two together could approve anything.
    fn somebody(&self, n: u8) -> Actor {
        let place = &self.place;
        let people = [
            &place.handler,
            &place.clerk,
            &place.operator,
            &place.police,
            &place.auditor,
            &place.mailroom,
        ];
        people[usize::from(n) % people.len()].clone()
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::File { .. } | Step::Intelligence { .. } => self.refer(step).await,
            Step::ProposeOnBar { .. } | Step::ProposeDecline { .. } => self.propose(step).await,
            Step::ProposeLegal { .. } => self.propose(step).await,
            Step::Approve { .. } | Step::Withdraw { .. } => self.decide(step).await,
            Step::ProposeOff { .. } | Step::ProposeOnBarring { .. } => self.operate(step).await,
            Step::OffByTwo { .. } | Step::SwitchOn { .. } => self.operate(step).await,
            Step::Apply { .. } | Step::Revoke { .. } => self.in_prison(step).await,
            Step::Transfer { .. } | Step::Import { .. } | Step::Merge { .. } => self.keep_up(step).await,
            Step::Files(step) => self.take_file(step).await,
            Step::Letter(step) => self.letter(step).await,
            Step::Household(step) => self.keep_house(step).await,
            Step::Application(step) => self.apply_and_screen(step).await,
            Step::Exception(step) => self.except(step).await,
            Step::Custody(step) => self.hear(step).await,
            _ => self.work(step).await,
        }
    }

    async fn refer(&mut self, step: Step) {
        let store = &self.place.store;
        match step {
            Step::File {
                outcome,
                numbers,
                named,
                by_public,
            } => {
                let outcome = [
                    RuleOutcome::AtOnce,
                    RuleOutcome::AtOnce,
                    RuleOutcome::HandlerFirst,
                ][usize::from(outcome)];
                let mut filing = filing_as(outcome, &[number_of(numbers.0), number_of(numbers.1)]);
                filing.named.numbers = named.map(prisoner_of).into_iter().collect();
                let by = if by_public {
                    public()
                } else {
                    self.place.police.clone()
                };
                let receipt: Receipt = store.file_request(&by, None, filing).await.unwrap();
                assert!(
                    receipt
                        .targets
                        .iter()
                        .all(|t| !matches!(t.outcome, Outcome::AskReferrer(_)))
                );
                let case = self.place.case_of(&receipt).await;
                self.cases.push(case);
            }
            Step::Intelligence { number } => {
                let intelligence = Intelligence {
                    kind: IntelligenceKind::Proxy,
                    reference: None,
                    number: Some(number_of(number).into()),
                    account: "told".into(),
                };
                store
                    .file_intelligence(&self.place.police, None, intelligence, crate::support::caps())
                    .await
                    .unwrap();
            }
            _ => {}
        }
    }

    async fn work(&mut self, step: Step) {
        let (store, by) = (&self.place.store, &self.place.handler);
        let case = match step {
            Step::AddNumber { case, .. } | Step::BarHeld { case } | Step::LeaveSuspended { case } => case,
            Step::Locate { case, .. } | Step::Assess { case } | Step::Confirm { case } => case,
            _ => return,
        };
        let Some(case) = pick(&self.cases, case).copied() else {
            return;
        };
        let file = store.open_case(by, case).await.unwrap();
        match step {
            Step::AddNumber { number: n, .. } => {
                let target = BarTarget::Number(number(number_of(n)));
                let _ = store.add_target(by, case, &target).await;
            }
            Step::BarHeld { .. } => {
                if let Some(held) = file.held.first() {
                    let _ = store.bar_held(by, held.id).await;
                }
            }
            Step::LeaveSuspended { .. } => {
                for holder in store.holders_of(by, case).await.unwrap().rows {
                    let _ = store.leave_suspended(by, case, Some(holder.entry)).await;
                }
            }
            Step::Locate { prisoner, .. } => {
                let _ = store
                    .locate_prisoner(by, case, prisoner_of(prisoner), &"{}".into(), "v1")
                    .await;
            }
            Step::Assess { .. } => drop(store.record_assessment(by, case, assessment()).await),
            _ => drop(store.confirm_case(by, case).await),
        }
    }

    async fn propose(&mut self, step: Step) {
        let (store, by) = (&self.place.store, &self.place.handler);
        let case = match step {
            Step::ProposeOnBar { case, .. } | Step::ProposeDecline { case } => case,
            Step::ProposeLegal { case } => case,
            _ => return,
        };
        let Some(case) = pick(&self.cases, case).copied() else {
            return;
        };
        let file = store.open_case(by, case).await.unwrap();
        let bar = file.bars.first().map(|record| record.bar.id);
        let held = file.held.first().map(|held| held.id);
        let change = match step {
            Step::ProposeOnBar { narrow_to: None, .. } => bar.map(|bar| ProposedChange::LiftBar { bar }),
            Step::ProposeOnBar {
                narrow_to: Some(n), ..
            } => bar.map(|bar| ProposedChange::NarrowBar {
                bar,
                prisoner: prisoner_of(n),
            }),
            Step::ProposeLegal { .. } => held.map(|held| ProposedChange::BarLegalNumber { case, held }),
            _ => Some(ProposedChange::DeclineCase {
                case,
                reason: DeclineReason::NotTrue,
                seen: file.seen(),
            }),
        };
        if let Some(change) = change
            && let Ok(proposal) = store.propose(by, change, "one person's wish").await
        {
            self.proposals.push(proposal);
        }
    }

    async fn decide(&mut self, step: Step) {
        let store = &self.place.store;
        match step {
            Step::Approve { proposal, by } => {
                if let Some(proposal) = pick(&self.proposals, proposal) {
                    let approved = store.approve(&self.somebody(by), *proposal).await;
                    assert!(approved.is_err(), "one person approved");
                }
            }
            Step::Withdraw { proposal, by } => {
                if let Some(proposal) = pick(&self.proposals, proposal) {
                    let _ = store.withdraw_proposal(&self.somebody(by), *proposal).await;
                }
            }
            _ => {}
        }
    }

    async fn operate(&mut self, step: Step) {
        let (store, operator) = (&self.place.store, &self.place.operator);
        let change = match step {
            Step::ProposeOff { prison } => ProposedChange::SwitchPrisonOff {
                prison: prison_of(prison),
            },
            Step::ProposeOnBarring { prison } => ProposedChange::SwitchOnCallBarring {
                prison: prison_of(prison),
            },
            Step::SwitchOn { prison, barring } => {
                let regime = if barring {
                    Regime::CallBarring
                } else {
                    Regime::CallEnabling
                };
                let _ = store.switch_prison_on(operator, prison_of(prison), regime).await;
                return;
            }
            Step::OffByTwo { prison } => {
                let prison = prison_of(prison);
                let change = ProposedChange::SwitchPrisonOff { prison };
                self.two_agree([operator, &self.place.second_operator], change)
                    .await;
                return;
            }
            _ => return,
        };
        if let Ok(proposal) = store.propose(operator, change, "one person's wish").await {
            self.proposals.push(proposal);
        }
    }

    /// What two people agree on, unless it cannot be proposed now.
    async fn two_agree(&self, [first, second]: [&Actor; 2], change: ProposedChange) {
        let store = &self.place.store;
        if let Ok(proposal) = store.propose(first, change, "both of us").await {
            store.approve(second, proposal).await.unwrap();
        }
    }

    async fn in_prison(&mut self, step: Step) {
        let (store, clerk) = (&self.place.store, &self.place.clerk);
        match step {
            Step::Apply {
                holder,
                number: n,
                contact,
            } => {
                let kinds = [ContactKind::Social, ContactKind::Official, ContactKind::Legal];
                let contact = kinds[usize::from(contact) % kinds.len()];
                // Refused for one who has moved, and answered with no by the batch.
                let applied = self
                    .place
                    .try_apply(prisoner_of(holder).as_str(), number_of(n), contact)
                    .await;
                self.proposals.extend(applied.ok().flatten());
            }
            Step::Revoke { holder, by } => {
                let entries = store.entries_of(clerk, lei(), prisoner_of(holder)).await.unwrap();
                if let Some(entry) = entries.first() {
                    let _ = store.revoke_number(&self.somebody(by), entry.entry).await;
                }
            }
            _ => {}
        }
    }

    async fn keep_up(&mut self, step: Step) {
        let store = &self.place.store;
        match step {
            Step::Transfer { prisoner, away } => {
                let to = if away { mdi() } else { "OUT".parse().unwrap() };
                let _ = store.record_transfer(prisoner_of(prisoner), to).await;
                let mut record = PrisonerRecord::new(prisoner_of(prisoner), "Ivan", "Invented");
                record.prison_id = Some(if away { mdi() } else { lei() });
                self.place
                    .bring_file(vec![record], self.place.seams.clock.now())
                    .await;
            }
            Step::Merge { prisoner, into } => {
                let (gone, survives) = (prisoner_of(prisoner), prisoner_of(into));
                let _ = store.record_merge(&self.place.operator, gone, survives).await;
            }
            Step::Import { prisoner } => {
                self.place.receive(prisoner_of(prisoner).as_str(), lei()).await;
            }
            _ => {}
        }
    }

    /// Every (prison, caller, number) that a gate with the hub's list would refuse. Of a prison that is off only
    /// what two people approved may ring once one person switches it on.
    async fn refused(&self) -> BTreeSet<(&'static str, &'static str, &'static str)> {
        let mut refused = BTreeSet::new();
        let on = self.place.store.prisons_on().await.unwrap();
        for (name, prison) in PRISONS.map(|name| (name, name.parse().unwrap())) {
            let on = on.iter().find(|on| on.prison == prison);
            let regime = on.map_or(Regime::CallEnabling, |on| on.regime);
            let (_, list) = self.place.store.list_of(prison, regime).await.unwrap();
            for caller in PRISONERS {
                for dialled in NUMBERS {
                    if refuses(&list, regime, prisoner(caller), &number(dialled)) {
                        refused.insert((name, caller, dialled));
                    }
                }
            }
        }
        refused.extend(self.stopped_letters().await);
        refused
    }

    /// Takes the steps one by one; what two people agree on is where the watch begins anew.
    async fn watch(mut self, steps: Vec<Step>) {
        let mut before = self.refused().await;
        for step in steps {
            self.take(step).await;
            let after = self.refused().await;
            let shrank = before.difference(&after).next();
            assert!(
                shrank.is_none() || step.is_two_peoples(),
                "{step:?} let through {shrank:?}"
            );
            before = after;
        }
    }
}

/// The gate's order: bar, then approved entry, then the regime's default.
fn refuses(list: &[ListEntry], regime: Regime, caller: PrisonerNumber, dialled: &PhoneNumber) -> bool {
    let excepted = |bar: &BarId| {
        let mut lines = list.iter();
        lines.any(
            |line| matches!(line, ListEntry::Exception(one) if (one.bar, one.prisoner) == (*bar, caller)),
        )
    };
    let barred = list.iter().any(|entry| match entry {
        ListEntry::Bar { bar, number, scope } => {
            let applies = *scope == BarScope::Estate || *scope == BarScope::Prisoner(caller);
            number == dialled && applies && !excepted(bar)
        }
        ListEntry::Approved { .. } | ListEntry::Exception(_) => false,
    });
    let approved = list.iter().any(|entry| match entry {
        ListEntry::Approved { number, holder, .. } => number == dialled && *holder == caller,
        ListEntry::Bar { .. } | ListEntry::Exception(_) => false,
    });
    barred || (regime == Regime::CallEnabling && !approved)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_single_people_do_lets_a_refused_call_through(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Walk::start().await.watch(steps).await });
    }
}

/// The set that the walk watches does shrink when two people agree: the walk could see it.
#[tokio::test]
async fn two_people_do_let_a_call_through_and_the_walk_would_see_it() {
    let walk = Walk::start().await;
    let receipt = walk.place.refer(&[NUMBERS[0]]).await;
    let barred = walk.refused().await;
    assert!(barred.contains(&("LEI", PRISONERS[0], NUMBERS[0])));
    let Outcome::Barred(bar) = receipt.targets[0].outcome else {
        panic!("barred")
    };
    walk.place.agree(ProposedChange::LiftBar { bar }).await;
    let lifted = walk.refused().await;
    assert!(lifted.len() < barred.len());
    let prison = prison_of(2);
    walk.place
        .operators_agree(ProposedChange::SwitchOnCallBarring { prison })
        .await;
    assert!(
        walk.refused().await.len() < lifted.len(),
        "unlisted numbers ring there now"
    );
}
