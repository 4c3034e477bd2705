//! The letters of the walk: addresses are barred, letters shelved and decided. Two people lift and narrow bars in
//! between, so that a letter's bar goes while another stands or takes its place.

use casework::{BarScope, OfferedFor, ProposedChange, Role};
use hub::store::{
    AskedLetter, BarRecord, BatchRow, Beside, Exemption, LetterDecision, LetterVerdict, MailKind,
    NewBatchRow, NewOffer, OfferedDone, PrivilegedOffice, RowAnswer,
};
use prison::PrisonerNumber;
use proptest::prelude::*;

use super::{PRISONERS, Step, Walk, pick, prisoner_of};
use crate::support::{address, lei, letter, prisoner, ruled, written};

const ADDRESSES: [&str; 2] = [
    "14 Invented Lane, Nowhere, ZZ1 2CD",
    "9 Fabled Row, Nowhere, ZZ1 4EF",
];

/// Whom a case may name as a close relative.
const RELATIVE: &str = "Ivor Invented";

/// The same addresses as they are written on envelopes: to nobody by name, to the relative, in confidence.
const ENVELOPES: [&str; 4] = [
    ADDRESSES[0],
    ADDRESSES[1],
    "Ivor Invented\n14 Invented Lane, Nowhere, ZZ1 2CD",
    "RULE 39\n9 Fabled Row, Nowhere, ZZ1 4EF",
];

#[derive(Clone, Copy, Debug)]
pub(super) enum LetterStep {
    BarAddress {
        case: u8,
        address: u8,
    },
    Shelve {
        sender: Option<u8>,
        address: u8,
    },
    Decide {
        letter: u8,
        decision: LetterDecision,
    },
    /// Letters are counted; a file of one row comes in, is checked or left, and alerts are raised of all letters.
    File {
        sender: u8,
        address: u8,
        left: bool,
    },
    /// Somebody wants letters of a case to be exempt, or ends what is.
    Exempt {
        case: u8,
        registered: bool,
        end: bool,
    },
    /// Not one person's: two lift a bar, or narrow it.
    Agree {
        case: u8,
        bar: u8,
        narrow_to: Option<u8>,
    },
}

pub(super) fn step() -> impl Strategy<Value = LetterStep> {
    let n = any::<u8>;
    let decision = prop_oneof![
        3 => Just(LetterDecision::Post),
        1 => Just(LetterDecision::Return),
        1 => Just(LetterDecision::Evidence),
    ];
    prop_oneof![
        (n(), n()).prop_map(|(case, address)| LetterStep::BarAddress { case, address }),
        (proptest::option::of(n()), n()).prop_map(|(sender, address)| LetterStep::Shelve { sender, address }),
        (n(), decision).prop_map(|(letter, decision)| LetterStep::Decide { letter, decision }),
        (n(), any::<bool>(), any::<bool>()).prop_map(|(case, registered, end)| LetterStep::Exempt {
            case,
            registered,
            end
        }),
        (n(), n(), any::<bool>()).prop_map(|(sender, address, left)| LetterStep::File {
            sender,
            address,
            left
        }),
        (n(), n(), proptest::option::of(n())).prop_map(|(case, bar, narrow_to)| LetterStep::Agree {
            case,
            bar,
            narrow_to
        }),
    ]
}

fn address_of(n: u8) -> &'static str {
    ADDRESSES[usize::from(n) % ADDRESSES.len()]
}

impl Walk {
    /// Two cases bar one address, and everybody's letter to it is on the shelf.
    pub(super) async fn bar_and_shelve(&mut self) {
        for number in ["+447700900008", "+447700900009"] {
            let receipt = self.place.refer(&[number]).await;
            let case = self.place.case_of(&receipt).await;
            self.bar_address(case, ADDRESSES[0]).await;
            self.cases.push(case);
        }
        for sender in PRISONERS {
            self.place.shelve(Some(prisoner(sender)), ADDRESSES[0]).await;
        }
    }

    pub(super) async fn letter(&mut self, step: LetterStep) {
        match step {
            LetterStep::BarAddress { case, address } => {
                if let Some(case) = pick(&self.cases, case).copied() {
                    self.bar_address(case, address_of(address)).await;
                }
            }
            LetterStep::Shelve { sender, address } => {
                // Refused for a sender who has moved, and past the hour's cap.
                let barred = self.place.store.barred_addresses(None).await.unwrap();
                let letter = letter(&barred, sender.map(prisoner_of), address_of(address));
                let _ = self.place.record(letter).await;
            }
            LetterStep::Decide { letter, decision } => self.decide_letter(letter, decision).await,
            LetterStep::Exempt {
                case,
                registered,
                end,
            } => self.exempt(case, registered, end).await,
            LetterStep::File {
                sender,
                address,
                left,
            } => self.file_letter(sender, address, left).await,
            LetterStep::Agree { case, bar, narrow_to } => self.agree_on(case, bar, narrow_to).await,
        }
    }

    async fn bar_address(&self, case: casework::CaseId, lines: &str) {
        let _ = self
            .place
            .store
            .add_target(&self.place.handler, case, &address(lines))
            .await;
    }

    /// One person's wish: the proposal stays for others to approve, or to try.
    async fn exempt(&mut self, case: u8, registered: bool, end: bool) {
        let (store, by) = (&self.place.store, &self.place.handler);
        if end {
            for one in store.letter_exemptions(by).await.unwrap() {
                let _ = store.end_exemption(by, one.id).await;
            }
            return;
        }
        let Some(case) = pick(&self.cases, case).copied() else {
            return;
        };
        let exemption = if registered {
            Exemption::Registered {
                office: PrivilegedOffice::Lawyer,
                name: "Fable and Partners".into(),
                written: written(ADDRESSES[1]),
            }
        } else {
            Exemption::Relative {
                case,
                prisoner: prisoner(PRISONERS[0]),
                name: RELATIVE.into(),
                relationship: "his son".into(),
            }
        };
        let proposed = store.propose_exemption(by, &exemption, "one person's wish").await;
        self.proposals.push(proposed.unwrap());
    }

    async fn file_letter(&self, sender: u8, address: u8, left: bool) {
        let (store, by) = (&self.place.store, &self.place.mailroom);
        let prisoner_index = sender;
        let (sender, lines) = (prisoner_of(sender), address_of(address));
        let asked = AskedLetter {
            sender,
            written: written(lines),
        };
        store
            .count_unchecked_letters(by, lei(), u32::from(address))
            .await
            .unwrap();
        let row = NewBatchRow {
            reference: "walked".into(),
            asked: Ok(asked),
        };
        let filed = store
            .file_letter_batch(by, lei(), MailKind::Photocopy, &[row])
            .await;
        let row = BatchRow {
            batch: filed.unwrap(),
            row: 1,
        };
        let barred = store.barred_addresses(None).await.unwrap();
        if left {
            store.leave_letter_row(row, RowAnswer::NotChecked).await.unwrap();
        } else {
            let beside = Beside {
                row: Some(row),
                ..Beside::default()
            };
            let _ = store
                .record_letter(by, letter(&barred, Some(sender), lines), beside)
                .await;
        }
        self.offer_and_settle(prisoner_index, address, left).await;
        for letter in store.letters_to_alert().await.unwrap() {
            store
                .alert_of_letter(&letter, &barred.met(&letter.letter.written))
                .await
                .unwrap();
        }
    }

    /// A prisoner offers an address, and one handler says what was done.
    async fn offer_and_settle(&self, sender: u8, address: u8, told: bool) {
        let (place, store) = (&self.place, &self.place.store);
        let (holder, written) = (prisoner_of(sender), written(address_of(address)));
        let role = Role::PrisonService;
        let by = store
            .add_account(Some(&place.operator), "Prison Service", role)
            .await;
        let by = by.unwrap();
        let barred = store.barred_addresses(None).await.unwrap();
        let finding = barred.judge_offered(holder, &written);
        let new = NewOffer {
            prisoner: holder,
            offered_for: OfferedFor::Leave,
            written,
            finding,
            decoy: true,
        };
        let receipt = store.offer_address(&by, None, &new).await.unwrap();
        for offered in store.offered_to_alert().await.unwrap() {
            let met = barred.met(&offered.written);
            store.alert_of_offered_address(&offered, &met).await.unwrap();
        }
        let open = store.open_offered_addresses(&place.handler).await.unwrap().rows;
        let done = if told {
            OfferedDone::Told
        } else {
            OfferedDone::Cleared
        };
        let deed = (done, &"looked at it".into());
        for task in open {
            let _ = store
                .settle_offered_address(&place.handler, task.offered.id, deed, &barred)
                .await;
        }
        let offered = store
            .answer_offered_address(&by, &receipt.reference, finding)
            .await;
        let offered = offered.unwrap();
        assert!(
            offered.is_kept() || finding.verdict() != LetterVerdict::Stop,
            "one person cleared it"
        );
    }

    async fn decide_letter(&self, letter: u8, decision: LetterDecision) {
        let place = &self.place;
        let waiting = place.store.letters_waiting(&place.handler).await.unwrap();
        let Some(waiting) = pick(&waiting, letter) else {
            return;
        };
        let barred = place.store.barred_addresses(None).await.unwrap();
        let decided = place
            .store
            .decide_letter(&place.handler, waiting.id, &ruled(decision), &barred)
            .await;
        let (sender, written) = (waiting.letter.sender, waiting.letter.written.lines.expose());
        if decided.is_ok() && decision == LetterDecision::Post {
            assert!(!self.is_barred(sender, written).await, "one person posted it");
        }
    }

    async fn agree_on(&self, case: u8, bar: u8, narrow_to: Option<u8>) {
        let bars: Vec<BarRecord> = match pick(&self.cases, case) {
            Some(case) => self.bars_in_force(*case).await,
            None => return,
        };
        let Some(bar) = pick(&bars, bar).map(|record| record.bar.id) else {
            return;
        };
        let (place, change) = (
            &self.place,
            match narrow_to.map(prisoner_of) {
                None => ProposedChange::LiftBar { bar },
                Some(prisoner) => {
                    let case = self.place.store.bar(bar).await.unwrap().bar.case;
                    self.place.locate(case, prisoner.as_str()).await;
                    ProposedChange::NarrowBar { bar, prisoner }
                }
            },
        );
        self.two_agree([&place.handler, &place.second_handler], change)
            .await;
    }

    async fn bars_in_force(&self, case: casework::CaseId) -> Vec<BarRecord> {
        let file = self
            .place
            .store
            .open_case(&self.place.handler, case)
            .await
            .unwrap();
        let in_force = |record: &BarRecord| record.bar.state.in_force();
        file.bars.into_iter().filter(in_force).collect()
    }

    /// Whether any case's bar is on this very address and applies to the sender.
    async fn is_barred(&self, sender: Option<PrisonerNumber>, lines: &str) -> bool {
        for case in &self.cases {
            let bars = self.bars_in_force(*case).await;
            if bars.iter().any(|record| {
                let scope = record.bar.scope;
                let applies = scope == BarScope::Estate || sender.map(BarScope::Prisoner) == Some(scope);
                applies && record.bar.target == address(lines)
            }) {
                return true;
            }
        }
        false
    }

    /// Every (sender, address) whose letter is stopped.
    pub(super) async fn stopped_letters(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let barred = self.place.store.barred_addresses(None).await.unwrap();
        let pairs = PRISONERS
            .iter()
            .flat_map(|sender| ENVELOPES.map(|lines| (*sender, lines)));
        let stopped = pairs.filter(|(sender, lines)| {
            let finding = barred.judge(Some(prisoner(sender)), &crate::support::written(lines));
            finding.verdict() == LetterVerdict::Stop
        });
        stopped.map(|(sender, lines)| ("letter", sender, lines)).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_single_person_posts_a_letter_that_a_bar_in_force_stops(
        steps in proptest::collection::vec(step().prop_map(Step::Letter), 20..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Walk::start().await.watch(steps).await });
    }
}
