//! What a gate holds, over any interleaving of what people do: the changes that it was sent, applied one by one, a
//! fresh list, and the definition computed naively by this test are one and the same.
//!
//! The definition. Under call barring a gate holds every bar in force on a number, whoever it is for, and every exception
//! from one that two people made for a prisoner there who has not left since. Under every regime it holds its prison's
//! entries that two people approved, that the prison has not revoked and that no bar in force forbids to their holder,
//! bars from which he is excepted there apart.

use std::collections::BTreeSet;

use casework::{Actor, BarId, BarScope, ProposedChange, Role};
use feed::{ContactKind, Entry, EntryId, FingerprintKey, Regime, Scope};
use hub::applications::short_day::apply_and_answer;
use phone::PhoneNumber;
use prison::{PrisonId, PrisonerNumber};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::gate::{Lines, TestGate};
use crate::support::{TestHub, police_request};

const NUMBERS: [&str; 3] = ["07700 900201", "07700 900202", "01632 960203"];
const HOLDERS: [&str; 3] = ["A1234BC", "A5678DE", "A9012FG"];
/// Leeds under call enabling, Moorland under call barring; Wandsworth is switched on by a step.
const PRISONS: [&str; 3] = ["LEI", "MDI", "WWI"];
/// Interleavings tried; `UPCS_FULL=1` tries more.
const CASES: u32 = 8;
const MANY_CASES: u32 = 256;

/// One thing that is done; the numbers pick a prison, a prisoner, a number, a bar or an entry. A verb that imports a
/// list of entries is one more step here.
#[derive(Clone, Copy, Debug)]
enum Step {
    Bar {
        number: usize,
    },
    Narrow {
        bar: usize,
        holder: usize,
    },
    Lift {
        bar: usize,
    },
    Approve {
        prison: usize,
        holder: usize,
        number: usize,
    },
    Revoke {
        entry: usize,
    },
    Except {
        bar: usize,
        holder: usize,
    },
    EndException {
        exception: usize,
    },
    Transfer {
        holder: usize,
        prison: usize,
    },
    SwitchOn,
    /// A gate is away for a while and comes back.
    Away {
        prison: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0..32_usize;
    prop_oneof![
        3 => n().prop_map(|number| Step::Bar { number }),
        1 => (n(), n()).prop_map(|(bar, holder)| Step::Narrow { bar, holder }),
        2 => n().prop_map(|bar| Step::Lift { bar }),
        4 => (n(), n(), n()).prop_map(|(prison, holder, number)| Step::Approve { prison, holder, number }),
        1 => n().prop_map(|entry| Step::Revoke { entry }),
        3 => (n(), n()).prop_map(|(bar, holder)| Step::Except { bar, holder }),
        1 => n().prop_map(|exception| Step::EndException { exception }),
        2 => (n(), n()).prop_map(|(holder, prison)| Step::Transfer { holder, prison }),
        1 => Just(Step::SwitchOn),
        1 => n().prop_map(|prison| Step::Away { prison }),
    ]
}

/// A bar as the test remembers it.
struct Barred {
    bar: BarId,
    number: PhoneNumber,
    scope: BarScope,
    lifted: bool,
}

/// An approval as the test remembers it.
struct Approved {
    prison: PrisonId,
    holder: PrisonerNumber,
    number: PhoneNumber,
    revoked: bool,
}

/// An exception as the test remembers it.
struct Excepted {
    bar: BarId,
    number: PhoneNumber,
    prison: PrisonId,
    holder: PrisonerNumber,
}

/// What a gate holds, as can be said of it without identifiers that change when an entry comes back.
#[derive(Debug, Default, PartialEq, Eq)]
struct Held {
    bars: BTreeSet<(String, [u8; 16], String)>,
    entries: BTreeSet<(PrisonerNumber, [u8; 16])>,
    exceptions: BTreeSet<(String, PrisonerNumber)>,
}

struct Following {
    prison: PrisonId,
    regime: Regime,
    gate: TestGate,
    lines: Lines,
}

struct World {
    hub: TestHub,
    url: String,
    police: String,
    staff: Vec<(PrisonId, Actor, Actor)>,
    bars: Vec<Barred>,
    entries: Vec<Approved>,
    exceptions: Vec<Excepted>,
    gates: Vec<Following>,
}

fn pick<T>(of: &[T], n: usize) -> Option<&T> {
    (!of.is_empty()).then(|| &of[n % of.len()])
}

fn number(text: &str) -> PhoneNumber {
    phone::resolve(text, None).unwrap().number
}

fn prison(n: usize) -> PrisonId {
    PRISONS[n % PRISONS.len()].parse().unwrap()
}

fn holder(n: usize) -> PrisonerNumber {
    HOLDERS[n % HOLDERS.len()].parse().unwrap()
}

impl World {
    async fn new() -> Self {
        let hub = TestHub::start().await;
        let url = hub.serve().await;
        let police = hub.police_key().await;
        let mut staff = Vec::new();
        for n in 0..PRISONS.len() {
            let prison = prison(n);
            let (clerk, _) = hub.key_of("Cai Clerk", Role::PinphoneClerk { prison }).await;
            let (security, _) = hub.key_of("Sam Security", Role::PrisonSecurity { prison }).await;
            staff.push((prison, clerk, security));
        }
        let received = (0..HOLDERS.len()).map(|n| {
            let mut record = offender::PrisonerRecord::new(holder(n), "Ivan", "Invented");
            record.prison_id = Some(prison(n));
            record
        });
        hub.hub.store.import_prisoners(received.collect()).await.unwrap();
        let mut world = Self {
            hub,
            url,
            police,
            staff,
            bars: Vec::new(),
            entries: Vec::new(),
            exceptions: Vec::new(),
            gates: Vec::new(),
        };
        world.switch_on("LEI", Regime::CallEnabling).await;
        world.switch_on("MDI", Regime::CallBarring).await;
        world
    }

    async fn switch_on(&mut self, prison: &str, regime: Regime) {
        if self.gates.iter().any(|gate| gate.prison.as_str() == prison) {
            return;
        }
        let prison = self.hub.switch_on(prison, regime).await;
        let seed = u8::try_from(self.gates.len()).unwrap() + 1;
        let mut gate = TestGate::admitted(&self.hub, &self.url, prison, seed).await;
        let mut lines = gate.follow().await.unwrap();
        gate.apply(&lines.next().await.unwrap());
        self.gates.push(Following {
            prison,
            regime,
            gate,
            lines,
        });
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Bar { .. } | Step::Narrow { .. } | Step::Lift { .. } => self.bar_or_lift(step).await,
            Step::Approve { .. } | Step::Revoke { .. } => self.in_prison(step).await,
            Step::Transfer { holder: h, prison: p } => {
                let store = &self.hub.hub.store;
                let was = store.prisoner(holder(h)).await.unwrap().unwrap().prison_id;
                store.record_transfer(holder(h), prison(p)).await.unwrap();
                if was != Some(prison(p)) {
                    self.exceptions.retain(|one| one.holder != holder(h));
                }
            }
            Step::Except { bar, holder: h } => self.except(bar, holder(h)).await,
            Step::EndException { exception } => self.end_exception(exception).await,
            Step::SwitchOn => self.switch_on("WWI", Regime::CallEnabling).await,
            Step::Away { prison } => {
                let place = prison % self.gates.len();
                let following = &mut self.gates[place];
                following.lines = following.gate.follow().await.unwrap();
            }
        }
    }

    async fn bar_or_lift(&mut self, step: Step) {
        match step {
            Step::Bar { number: n } => {
                let text = NUMBERS[n % NUMBERS.len()];
                let body = police_request(&[text]);
                let receipt = self
                    .hub
                    .post("/v1/requests", Some(&self.police), &body)
                    .await
                    .json();
                // Over a cap a handler looks first, and nothing is barred yet.
                let Some(bar) = receipt["targets"][0]["bar"].as_str() else {
                    return;
                };
                let bar = bar.parse().unwrap();
                self.bars.push(Barred {
                    bar,
                    number: number(text),
                    scope: BarScope::Estate,
                    lifted: false,
                });
            }
            Step::Narrow { bar, holder: h } => {
                let in_force = self.in_force();
                let Some(place) = pick(&in_force, bar).copied() else {
                    return;
                };
                let (bar, number) = (self.bars[place].bar, self.bars[place].number);
                let prisoner = holder(h);
                if !self.agree(ProposedChange::NarrowBar { bar, prisoner }).await {
                    return;
                }
                self.lifted(place);
                let narrowed = self.newest_bar().await;
                self.bars.push(Barred {
                    bar: narrowed,
                    number,
                    scope: BarScope::Prisoner(prisoner),
                    lifted: false,
                });
            }
            Step::Lift { bar } => {
                let in_force = self.in_force();
                let Some(place) = pick(&in_force, bar).copied() else {
                    return;
                };
                let bar = self.bars[place].bar;
                if self.agree(ProposedChange::LiftBar { bar }).await {
                    self.lifted(place);
                }
            }
            _ => {}
        }
    }

    async fn except(&mut self, bar: usize, holder: PrisonerNumber) {
        let in_force = self.in_force();
        let Some(place) = pick(&in_force, bar).copied() else {
            return;
        };
        let (bar, number) = (self.bars[place].bar, self.bars[place].number);
        let record = self.hub.hub.store.prisoner(holder).await.unwrap().unwrap();
        let prison = record.prison_id.unwrap();
        let change = ProposedChange::ExceptPrisoner {
            bar,
            prison,
            prisoner: holder,
        };
        if self.agree(change).await {
            self.exceptions.push(Excepted {
                bar,
                number,
                prison,
                holder,
            });
        }
    }

    /// One handler ends it.
    async fn end_exception(&mut self, exception: usize) {
        let (store, by) = (&self.hub.hub.store, &self.hub.handler);
        if self.exceptions.is_empty() {
            return;
        }
        let ended = self.exceptions.remove(exception % self.exceptions.len());
        let case = store.bar(ended.bar).await.unwrap().bar.case;
        let shown = store.open_case(by, case).await.unwrap().exceptions.rows;
        let same = |one: &&hub::store::ExceptionRecord| (one.bar, one.prisoner) == (ended.bar, ended.holder);
        let id = shown.iter().find(same).unwrap().exception;
        store.end_exception(by, case, id).await.unwrap();
    }

    fn in_force(&self) -> Vec<usize> {
        (0..self.bars.len()).filter(|n| !self.bars[*n].lifted).collect()
    }

    /// Its exceptions go with a bar.
    fn lifted(&mut self, place: usize) {
        self.bars[place].lifted = true;
        let bar = self.bars[place].bar;
        self.exceptions.retain(|one| one.bar != bar);
    }

    /// Two case handlers agree; says whether it came about.
    async fn agree(&self, change: ProposedChange) -> bool {
        let store = &self.hub.hub.store;
        let Ok(proposal) = store.propose(&self.hub.handler, change, "heard in safety").await else {
            return false;
        };
        store.approve(&self.hub.second_handler, proposal).await.is_ok()
    }

    /// The bar that was announced last.
    async fn newest_bar(&self) -> BarId {
        let store = &self.hub.hub.store;
        let head = store.head().await.unwrap();
        let newest = store.history_since(feed::Serial(head.0 - 1), 1).await.unwrap();
        let announced = newest[0].1.iter().find_map(|change| match change {
            hub::store::ResolvedChange::Announce { bar, .. } => Some(*bar),
            _ => None,
        });
        announced.unwrap()
    }

    async fn in_prison(&mut self, step: Step) {
        let store = &self.hub.hub.store;
        match step {
            Step::Approve {
                prison: p,
                holder: h,
                number: n,
            } => {
                let (prison, clerk, security) = &self.staff[p % self.staff.len()];
                let (holder, number) = (holder(h), number(NUMBERS[n % NUMBERS.len()]));
                let kind = ContactKind::Social;
                let at = (&**store, self.hub.hub.seams.clock.now());
                let applied = apply_and_answer(at, clerk, *prison, holder, number, kind, "A Friend").await;
                let Ok(Some(proposal)) = applied else { return };
                if store.approve(security, proposal).await.is_ok() {
                    self.entries.push(Approved {
                        prison: *prison,
                        holder,
                        number,
                        revoked: false,
                    });
                }
            }
            Step::Revoke { entry } => {
                let standing: Vec<usize> = (0..self.entries.len())
                    .filter(|n| !self.entries[*n].revoked)
                    .collect();
                let Some(place) = pick(&standing, entry).copied() else {
                    return;
                };
                let wanted = &self.entries[place];
                let (_, clerk, _) = self.staff.iter().find(|(at, ..)| *at == wanted.prison).unwrap();
                let rows = store
                    .entries_of(clerk, wanted.prison, wanted.holder)
                    .await
                    .unwrap();
                let ours = |row: &&hub::store::ApprovedEntry| row.number == wanted.number;
                let ids: Vec<EntryId> = rows.iter().filter(ours).map(|row| row.entry).collect();
                for id in ids {
                    store.revoke_number(clerk, id).await.unwrap();
                }
                let (prison, holder, number) = (wanted.prison, wanted.holder, wanted.number);
                let same = |entry: &&mut Approved| {
                    (entry.prison, entry.holder, entry.number) == (prison, holder, number)
                };
                self.entries
                    .iter_mut()
                    .filter(same)
                    .for_each(|entry| entry.revoked = true);
                let same = |one: &Excepted| (one.prison, one.holder, one.number) == (prison, holder, number);
                self.exceptions.retain(|one| !same(one));
            }
            _ => {}
        }
    }

    /// The definition.
    fn defined(&self, prison: PrisonId, regime: Regime, key: &FingerprintKey) -> Held {
        let in_force = || self.bars.iter().filter(|bar| !bar.lifted);
        let fingerprint = |number: &PhoneNumber| *key.fingerprint(number).as_bytes();
        let forbidden = |entry: &Approved| {
            in_force().any(|bar| {
                let applies = match bar.scope {
                    BarScope::Estate => true,
                    BarScope::Prisoner(prisoner) => prisoner == entry.holder,
                };
                let excepted = self
                    .exceptions
                    .iter()
                    .any(|one| (one.bar, one.prison, one.holder) == (bar.bar, entry.prison, entry.holder));
                bar.number == entry.number && applies && !excepted
            })
        };
        let excepted = self
            .exceptions
            .iter()
            .filter(|one| regime == Regime::CallBarring && one.prison == prison);
        let bars = in_force().filter(|_| regime == Regime::CallBarring).map(|bar| {
            let scope = match bar.scope {
                BarScope::Estate => String::new(),
                BarScope::Prisoner(prisoner) => prisoner.to_string(),
            };
            (bar.bar.0.simple().to_string(), fingerprint(&bar.number), scope)
        });
        let here = |entry: &&Approved| entry.prison == prison && !entry.revoked && !forbidden(entry);
        Held {
            exceptions: excepted
                .map(|one| (one.bar.0.simple().to_string(), one.holder))
                .collect(),
            bars: bars.collect(),
            entries: self
                .entries
                .iter()
                .filter(here)
                .map(|entry| (entry.holder, fingerprint(&entry.number)))
                .collect(),
        }
    }

    /// Every gate has applied every change: it holds what is defined, and what a fresh list says.
    async fn compare(&mut self) {
        let head = self.hub.hub.store.head().await.unwrap();
        for place in 0..self.gates.len() {
            let Following { gate, lines, .. } = &mut self.gates[place];
            gate.reach(lines, head).await;
            let by_changes = (gate.entries.clone(), gate.exceptions.clone());
            gate.at = None;
            let mut fresh = gate.follow().await.unwrap();
            let said = gate.apply(&fresh.next().await.unwrap());
            assert!(matches!(said.body, feed::Body::Snapshot(_)));
            let whole = (gate.entries.clone(), gate.exceptions.clone());
            assert_eq!(whole, by_changes, "merged changes equal the list");
            *lines = fresh;
            let Following {
                prison, regime, gate, ..
            } = &self.gates[place];
            let defined = self.defined(*prison, *regime, gate.key.as_ref().unwrap());
            assert_eq!(held(gate), defined, "{prison} holds what is defined");
        }
    }
}

fn held(gate: &TestGate) -> Held {
    let mut held = Held::default();
    let exceptions = gate.exceptions.values();
    held.exceptions = exceptions
        .map(|one| (one.bar.to_string(), one.prisoner))
        .collect();
    for entry in gate.entries.values() {
        match entry {
            Entry::Bar { bar, number, scope } => {
                let scope = match scope {
                    Scope::Everyone => String::new(),
                    Scope::Prisoner(prisoner) => prisoner.to_string(),
                };
                held.bars.insert((bar.to_string(), *number.as_bytes(), scope));
            }
            Entry::Approved { number, holder, .. } => {
                held.entries.insert((*holder, *number.as_bytes()));
            }
        }
    }
    held
}

#[test]
fn a_gate_holds_what_is_approved_minus_what_is_barred_whatever_people_do() {
    let full = std::env::var_os("UPCS_FULL").is_some();
    let cases = if full { MANY_CASES } else { CASES };
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let walks = proptest::collection::vec(step(), 1..40);
    let walked = runner.run(&walks, |steps| {
        runtime.block_on(async {
            let mut world = World::new().await;
            for step in steps {
                world.take(step).await;
            }
            world.compare().await;
            world.hub.hub.stop();
        });
        Ok(())
    });
    walked.unwrap();
}
