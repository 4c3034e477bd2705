//! What the walk does with contact applications: they are filed, refused, answered, doubted and cleared, and numbers that
//! ring a protected person are recorded.

use casework::{CaseId, Contact, Personal};
use hub::store::{AliasNumber, Application, Found, Lane, MatchKind, NewApplication, Screened};
use proptest::prelude::*;

use super::{Walk, number_of, pick, prisoner_of};
use crate::support::{lei, number};

#[derive(Clone, Copy, Debug)]
pub(super) enum ApplicationStep {
    File { holder: u8, number: u8, legal: bool },
    RefuseByPrison { by: u8 },
    Answer { doubt: Option<u8> },
    Clear { by: u8 },
    Bar { by: u8 },
    Alias { case: u8, number: u8 },
}

pub(super) fn step() -> impl Strategy<Value = ApplicationStep> {
    use ApplicationStep as S;
    let n = any::<u8>;
    prop_oneof![
        (n(), n(), any::<bool>()).prop_map(|(holder, number, legal)| S::File {
            holder,
            number,
            legal
        }),
        n().prop_map(|by| S::RefuseByPrison { by }),
        proptest::option::of(n()).prop_map(|doubt| S::Answer { doubt }),
        n().prop_map(|by| S::Clear { by }),
        n().prop_map(|by| S::Bar { by }),
        (n(), n()).prop_map(|(case, number)| S::Alias { case, number }),
    ]
}

impl Walk {
    pub(super) async fn apply_and_screen(&mut self, step: ApplicationStep) {
        let (store, handler) = (&self.place.store, &self.place.handler);
        match step {
            ApplicationStep::File {
                holder,
                number: n,
                legal,
            } => {
                let written = number_of(n);
                let lane = if legal {
                    Lane::Legal(vec![number(written)])
                } else {
                    Lane::Social
                };
                let contact = Contact {
                    first_name: "Ann".into(),
                    last_name: "Example".into(),
                    date_of_birth: None,
                    age_years: None,
                    relationship: None,
                    address: None,
                    numbers: vec![written.into()],
                };
                let application = NewApplication {
                    holder: prisoner_of(holder),
                    lane,
                    contact,
                };
                let _ = store
                    .file_applications(&self.place.clerk, lei(), None, vec![application])
                    .await;
            }
            ApplicationStep::RefuseByPrison { by } => {
                let all = store
                    .applications_of(&self.place.clerk, lei())
                    .await
                    .unwrap()
                    .rows;
                if let Some(one) = all.first() {
                    let _ = store.refuse_application(&self.somebody(by), one.id).await;
                }
            }
            ApplicationStep::Answer { doubt } => {
                let doubted = doubt.and_then(|doubt| pick(&self.cases, doubt).copied());
                self.answer(doubted).await;
            }
            ApplicationStep::Clear { by } | ApplicationStep::Bar { by } => {
                let open = store.open_matches(handler).await.unwrap().rows;
                let Some(one) = pick(&open, by) else { return };
                if matches!(step, ApplicationStep::Clear { .. }) {
                    let _ = store.clear_match(&self.somebody(by), one.id).await;
                } else {
                    let numbers = numbers(&one.application);
                    let _ = store.bar_match(&self.somebody(by), one.id, &numbers).await;
                }
            }
            ApplicationStep::Alias { case, number: n } => {
                let Some(case) = pick(&self.cases, case).copied() else {
                    return;
                };
                let alias = AliasNumber {
                    number: number(number_of(n)),
                    rings: "Rhian Invented".into(),
                    said_by: "She says so.".into(),
                };
                let _ = store.add_alias_number(handler, case, &alias).await;
            }
        }
    }

    /// The hub answers everything that waits, and doubts it in the name of a case.
    async fn answer(&self, doubted: Option<CaseId>) {
        let store = &self.place.store;
        let mark = store.protected_people(None).await.unwrap().mark;
        let long_after = "2030-01-01T00:00:00Z".parse().unwrap();
        let screened = |application: Application| Screened {
            numbers: Some(numbers(&application)),
            found: doubted.into_iter().map(doubt).collect(),
            application,
        };
        let waiting = store.applications_to_answer(lei(), long_after).await.unwrap();
        let waiting: Vec<_> = waiting.into_iter().map(screened).collect();
        store.answer_applications(mark, &waiting).await.unwrap();
        let new = store.applications_to_screen().await.unwrap();
        let new: Vec<_> = new.into_iter().map(screened).collect();
        let mark = store.protected_people(None).await.unwrap().mark;
        store.keep_screening(mark, &new).await.unwrap();
    }
}

fn numbers(application: &Application) -> Vec<phone::PhoneNumber> {
    let written = application.contact.written_numbers().map(Personal::expose);
    written.map(number).collect()
}

fn doubt(case: CaseId) -> Found {
    Found {
        case,
        kind: MatchKind::Person,
        evidence: "{}".into(),
    }
}
